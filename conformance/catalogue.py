"""``s3sse clauses`` and ``s3sse targets``: what there is, as a list or as one page."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from conformance.clause_entries import (
    LEVELS,
    Entry,
    Filters,
    allowance_entries,
    by_topic,
    clause_entries,
    find_entry,
    near,
    topic_title,
)
from conformance.clause_examples import brief
from conformance.settings import UsageError
from targets.faulty.fault import every_fault
from targets.options import TargetOptions
from targets.registry import find_targets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Console

    from conformance.clause_examples import ToldExample


_NARROWEST = 40
"""The columns that a text gets at least, however narrow the terminal is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What ``s3sse clauses`` was asked: one clause, a list with filters, or the page."""

    clause_id: str | None = None
    profiles: tuple[str, ...] = ()
    level: str | None = None
    search: str | None = None
    allowances: bool = False
    html: Path | None = None
    as_json: bool = False

    @property
    def filters(self) -> tuple[str, ...]:
        """The options that limit a list, as far as they were given."""
        given = {
            "--profile": bool(self.profiles),
            "--level": self.level is not None,
            "--search": self.search is not None,
            "--allowances": self.allowances,
        }
        return tuple(name for name, is_given in given.items() if is_given)


def answer(question: Question, console: Console) -> None:
    """Print or write what was asked for. Raises UsageError where it cannot be had."""
    if question.html is not None:
        from conformance.catalogue_page import write_page  # noqa: PLC0415 - it loads templates
        from conformance.traceability.coverage import rows  # noqa: PLC0415

        beside = (question.clause_id, *question.filters, "--json" if question.as_json else None)
        _refuse_beside("--html writes the whole catalogue", beside)
        typer.echo(str(write_page(question.html, rows())))
    elif question.clause_id is not None:
        _refuse_beside(f"{question.clause_id} is one clause", question.filters)
        entry = find_entry(question.clause_id)
        if question.as_json:
            typer.echo(json.dumps(as_page(entry), indent=2))
        else:
            print_entry(entry, console)
    else:
        entries = listed(question)
        if question.as_json:
            typer.echo(json.dumps([as_row(entry) for entry in entries]))
        else:
            print_list(entries, console, allowances=question.allowances)


def _refuse_beside(what: str, others: Iterable[str | None]) -> None:
    for other in filter(None, others):
        raise UsageError(f"{what}: leave {other} out")


def listed(question: Question) -> tuple[Entry, ...]:
    """Return the clauses (or allowances) that fit. Raises UsageError for a filter that cannot."""
    if question.allowances and (question.profiles or question.level is not None):
        option = "--profile" if question.profiles else "--level"
        raise UsageError(f"{option}: allowances have neither profile nor level, leave it out")
    filters = Filters(
        profiles=question.profiles, level=question.level, search=question.search or ""
    )
    entries = allowance_entries() if question.allowances else clause_entries()
    return tuple(entry for entry in entries if filters.fits(entry))


def as_row(entry: Entry) -> dict[str, Any]:
    """Return a clause or an allowance as JSON values."""
    return {
        "id": entry.id,
        "topic": entry.topic,
        "title": entry.sentence,
        "reason": entry.reason,
        "level": entry.level or None,
        "profile": entry.profile or None,
        "rules": list(entry.rules),
        "source": entry.url or entry.page or None,
        "section": entry.section,
        "read": entry.read or None,
        "needs": entry.needs or None,
        "operations": list(entry.operations),
        "buckets": list(entry.buckets),
        "since": entry.since.isoformat() if entry.since is not None else None,
        "until": entry.until.isoformat() if entry.until is not None else None,
        "allowance": not entry.binding,
    }


def as_page(entry: Entry) -> dict[str, Any]:
    """Return all that is shown of a clause or an allowance as JSON values."""
    nearby = near(entry)
    return {
        **as_row(entry),
        "examples": entry.examples.model_dump(mode="json"),
        "near": {"same_rules": nearby.same_rules, "same_topic": nearby.same_topic},
    }


def print_list(entries: tuple[Entry, ...], console: Console, *, allowances: bool) -> None:
    """Print clauses by topic, or allowances: id, level, profile, sentence and source."""
    total = len(allowance_entries() if allowances else clause_entries())
    width = max((len(entry.id) for entry in entries), default=0)
    for topic, members in by_topic(entries).items():
        about = "left open by AWS" if allowances else topic_title(topic)
        _print(f"{topic}: {about}", console, style="bold")
        for entry in members:
            facts = f"{entry.id:{width}}  {entry.level:10}  {entry.profile}".rstrip()
            _print(facts, console, style="cyan")
            _print(entry.sentence, console, lead="  ")
            if entry.source:
                _print(entry.source, console, lead="  ", style="dim")
        _print("", console)
    count = f"{len(entries)} of {total}" if len(entries) < total else str(total)
    _print(f"{count} {'allowances' if allowances else 'clauses'}", console)


def print_entry(entry: Entry, console: Console) -> None:
    """Print one clause or allowance: what it says, why, where from, its examples, what is near."""
    _print(entry.id, console, style="bold")
    if not entry.binding:
        _print("AWS is silent; the model allows:", console)
    _print(entry.sentence, console)
    if entry.reason:
        _print(entry.reason, console)
    _print("", console)
    _print_pairs(_facts(entry), console)
    _print_example("It speaks" if entry.binding else "It allows", entry.examples.fires, console)
    _print_example("It is silent", entry.examples.silent, console)
    nearby = near(entry)
    _print("", console)
    others = {"same rules": nearby.same_rules}
    if entry.binding:
        others["same topic"] = nearby.same_topic
    _print_pairs({name: ", ".join(ids) or "no other" for name, ids in others.items()}, console)


def _facts(entry: Entry) -> dict[str, str]:
    facts = {
        "level": f"{entry.level}: {LEVELS[entry.level]}" if entry.level else "",
        "profile": entry.profile,
        "era": entry.era,
        "buckets": ", ".join(entry.buckets),
        "needs": entry.needs or "nothing beyond S3",
        "about": entry.about,
        "source": entry.source,
        "page": entry.url,
        "rules": ", ".join(entry.rules),
    }
    return {name: text for name, text in facts.items() if text}


def _print_pairs(pairs: dict[str, str], console: Console) -> None:
    width = max(len(name) for name in pairs)
    for name, text in pairs.items():
        _print(text, console, lead=f"  {name:{width}}  ")


def _print_example(heading: str, example: ToldExample | None, console: Console) -> None:
    _print("", console)
    if example is None:
        _print(f"{heading}: no example is written down", console, style="bold")
        return
    _print(f"{heading}: {example.sentence}", console, style="bold")
    for there in example.start:
        _print(brief(there), console, lead="     ", style="dim")
    for number, step in enumerate((*example.steps, example.request), 1):
        _print(step.call, console, lead=f"  {number}  ")
    style = "green" if example.demands else "yellow"
    for line in example.told:
        _print(line, console, lead="  -> ", style=style)


def _print(text: str, console: Console, *, lead: str = "", style: str = "") -> None:
    """Print a text behind a lead, with its further lines below the text; words stay whole."""
    lines = textwrap.wrap(
        text,
        max(console.width, len(lead) + _NARROWEST),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines or [lead.rstrip()]:
        console.print(Text(line, style), soft_wrap=True)


def print_targets(console: Console) -> None:
    """Print the targets, what each needs, and whether it can run here."""
    table = Table(box=None, pad_edge=False)
    for name in ("target", "what", "needs", "here"):
        table.add_column(name, overflow="fold")
    for name, factory in find_targets().items():
        target = factory(TargetOptions())
        problem = target.available()
        here = (
            "[green]can run[/green]" if problem is None else f"[yellow]{escape(problem)}[/yellow]"
        )
        table.add_row(name, escape(target.summary), escape(target.needs), here)
    console.print(table)


def print_faults(console: Console) -> None:
    """Print the defects of the fault bank, with the server that had each and its thread."""
    table = Table(box=None, pad_edge=False)
    for name in ("fault", "what the server does wrong", "origin"):
        table.add_column(name, overflow="fold")
    found = every_fault()
    for fault_id, fault in found.items():
        table.add_row(fault_id, escape(fault.title()), fault.origin)
    console.print(table)
    console.print(f"\n{len(found)} faults: s3sse run --target faulty:FAULT", highlight=False)
