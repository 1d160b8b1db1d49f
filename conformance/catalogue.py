"""``s3sse clauses`` and ``s3sse targets``: what there is, as a table or as one page."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from conformance.settings import UsageError
from model.clause import Clause, every_clause, find_clause
from targets.options import TargetOptions
from targets.registry import find_targets

if TYPE_CHECKING:
    from rich.console import Console


def as_rows() -> list[dict[str, object]]:
    """Return the catalogue as JSON values."""
    return [_row(clause) for clause in every_clause()]


def _row(clause: Clause) -> dict[str, object]:
    return {
        "id": clause.id,
        "title": clause.title,
        "level": clause.basis.value,
        "profile": clause.profile,
        "rules": list(clause.rules),
        "source": clause.source.url or clause.source.page,
        "section": clause.source.section,
        "read": clause.source.read.isoformat(),
        "needs": clause.needs.value if clause.needs is not None else None,
    }


def print_catalogue(console: Console) -> None:
    """Print all clauses: id, level, profile and sentence."""
    table = Table(box=None, pad_edge=False)
    for name in ("clause", "level", "profile", "says"):
        table.add_column(name, overflow="fold")
    for clause in every_clause():
        table.add_row(clause.id, clause.basis.value, clause.profile, escape(clause.title))
    console.print(table)
    console.print(f"{len(every_clause())} clauses", highlight=False)


def explain(clause_id: str, console: Console, *, as_json: bool) -> None:
    """Print one clause. Raises UsageError when there is none of that id."""
    try:
        clause = find_clause(clause_id)
    except KeyError:
        known = [c.id for c in every_clause()]
        near = difflib.get_close_matches(clause_id, known, n=1)
        guess = f"; did you mean {near[0]}?" if near else ": see s3sse clauses"
        raise UsageError(f"{clause_id}: there is no such clause{guess}") from None
    if as_json:
        console.print_json(json.dumps(_row(clause)))
        return
    console.print(f"[bold]{escape(clause.id)}[/bold]", highlight=False)
    console.print(escape(clause.title), highlight=False)
    rest = (clause.rule.__doc__ or "").strip().partition("\n")[2].strip()
    if rest:
        console.print(escape(" ".join(rest.split())), highlight=False)
    section = f", {clause.source.section}" if clause.source.section else ""
    facts = {
        "level": clause.basis.value,
        "profile": clause.profile,
        "needs": clause.needs.value if clause.needs is not None else "nothing beyond S3",
        "rules": ", ".join(clause.rules),
        "source": f"{clause.source.url or clause.source.page}{section}, read {clause.source.read}",
    }
    for name, value in facts.items():
        console.print(f"  {name:8} {escape(value)}", highlight=False, soft_wrap=True)


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
