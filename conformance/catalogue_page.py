"""The whole catalogue as a page: ``CLAUSES.md`` of the repository, and one HTML file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from conformance.clause_entries import (
    LEVELS,
    Entry,
    allowance_entries,
    by_topic,
    clause_entries,
    topic_title,
)
from conformance.clause_examples import brief
from conformance.settings import UsageError
from reports.errors import ReportError
from reports.files import write_atomically
from reports.html_report import asset, environment, script_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from conformance.clause_examples import ToldExample

COMMAND = "python -m conformance.write_catalogue"
_MARKUP = re.compile(r"([\\`*_\[\]<>|])")

INTRODUCTION = (
    "Each clause is one statement of AWS's documentation, or of what AWS was seen to answer, in "
    "our own words, with its source and two examples from the tests: one where it speaks, and the "
    "nearest where it says nothing. Where an example begins, nothing exists but what it says. Of "
    "ids of KMS keys only the first digits are shown. A rule, such as GP-ETAG-01, is a requirement "
    "that the clause covers."
)
ALLOWANCES = (
    "Questions on which AWS is silent. An allowance is no demand: it widens what is accepted, "
    "and nobody can break it."
)
TRACEABILITY = "Each requirement that was found, and where it stands in the model."


class TraceRow(Protocol):
    """One requirement: how sure it is, what it says, what covers it, or why nothing does."""

    @property
    def rule(self) -> str:
        """The id of the requirement."""

    @property
    def confidence(self) -> str:
        """How sure it is that AWS does so."""

    @property
    def says(self) -> str:
        """The requirement in a sentence."""

    @property
    def clauses(self) -> Sequence[str]:
        """The ids of the clauses that cover it."""

    @property
    def allowances(self) -> Sequence[str]:
        """The ids of the allowances that leave it open."""

    @property
    def reason(self) -> str:
        """Why nothing covers it, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that a page shows, and how it is counted."""

    clauses: tuple[Entry, ...]
    allowances: tuple[Entry, ...]
    traceability: tuple[TraceRow, ...] = ()

    @property
    def topics(self) -> dict[str, tuple[Entry, ...]]:
        """The clauses by topic."""
        return by_topic(self.clauses)

    @property
    def levels(self) -> dict[str, int]:
        """How many clauses there are of each level."""
        return {level: sum(e.level == level for e in self.clauses) for level in LEVELS}

    @property
    def profiles(self) -> dict[str, int]:
        """How many clauses there are of each profile."""
        return dict(sorted(Counter(entry.profile for entry in self.clauses).items()))

    @property
    def buckets(self) -> tuple[str, ...]:
        """The kinds of bucket that clauses speak of."""
        return tuple(sorted({kind for entry in self.clauses for kind in entry.buckets}))


def whole_catalogue(traceability: Iterable[TraceRow] = ()) -> Catalogue:
    """Return the catalogue of all clauses and allowances, with rows of traceability if any."""
    return Catalogue(
        clauses=clause_entries(),
        allowances=allowance_entries(),
        traceability=tuple(traceability),
    )


def html(catalogue: Catalogue) -> str:
    """Return the catalogue as one HTML page that needs no network."""
    script = asset("catalogue.js")
    return (
        environment()
        .get_template("catalogue.html")
        .render(
            catalogue=catalogue,
            levels=LEVELS,
            about=topic_title,
            brief=brief,
            introduction=INTRODUCTION,
            allowances_text=ALLOWANCES,
            traceability_text=TRACEABILITY,
            style=asset("report.css") + asset("catalogue.css"),
            script=script,
            script_hash=script_hash(script),
        )
    )


def write_page(path: Path, traceability: Iterable[TraceRow] = ()) -> Path:
    """Write the HTML page, and return its path. Raises UsageError where it cannot be written."""
    text = html(whole_catalogue(traceability))
    try:
        return write_atomically(path, text)
    except ReportError as error:
        raise UsageError(f"--html {path}: cannot be written: {error.problem.cause}") from error


def markdown(catalogue: Catalogue) -> str:
    """Return the catalogue as Markdown."""
    lines = [*_head(catalogue)]
    for topic, entries in catalogue.topics.items():
        lines += ["", f"## {topic}", "", _plain(topic_title(topic))]
        for entry in entries:
            lines += _entry(entry)
    lines += ["", "## allowances", "", ALLOWANCES]
    for entry in catalogue.allowances:
        lines += _entry(entry)
    if catalogue.traceability:
        lines += ["", "## traceability", "", TRACEABILITY, "", *_trace(catalogue)]
    return "\n".join(lines) + "\n"


def _head(catalogue: Catalogue) -> Iterator[str]:
    yield f"""\
# The clauses

<!-- Generated by `{COMMAND}`: change the clauses and their examples, not this file. -->

What s3sse holds a server to. {INTRODUCTION}

`s3sse clauses ID` explains one clause at length. `s3sse clauses --html FILE` writes this page with
a filter.

{len(catalogue.clauses)} clauses in {len(catalogue.topics)} topics, and \
{len(catalogue.allowances)} [allowances](#allowances).
"""
    yield from _table(
        ("level", "clauses", "meaning"),
        ((level, str(count), LEVELS[level]) for level, count in catalogue.levels.items()),
    )
    yield ""
    yield from _table(
        ("profile", "clauses"),
        ((name, str(count)) for name, count in catalogue.profiles.items()),
    )
    yield ""
    yield from _table(
        ("topic", "clauses", "about"),
        (
            (f"[{topic}](#{topic})", str(len(entries)), _plain(topic_title(topic)))
            for topic, entries in catalogue.topics.items()
        ),
    )


def _entry(entry: Entry) -> Iterator[str]:
    source = _plain(entry.source)
    if entry.url:
        name, _, read = source.rpartition(", read ")
        source = f"[{name}]({entry.url}), read {read}"
    facts = (
        entry.level,
        f"profile {entry.profile}" if entry.profile else "",
        f"needs {entry.needs}" if entry.needs else "",
        entry.era,
        ", ".join(entry.buckets),
        source,
        f"rules {', '.join(entry.rules)}",
    )
    yield from ("", f'### <a id="{entry.id}"></a>{entry.id}', "", _plain(entry.sentence))
    if entry.reason:
        yield from ("", _plain(entry.reason))
    yield from ("", " · ".join(filter(None, facts)), "")
    for example in (entry.examples.fires, entry.examples.silent):
        if example is not None:
            yield _example(example)


def _example(example: ToldExample) -> str:
    before = [_plain(brief(there)) for there in example.start]
    before += [_code(step.call) for step in example.steps]
    after = f"{'; '.join(before)}; then " if before else ""
    return f"- {after}{_code(example.request.call)}: **{_plain('; '.join(example.told))}**"


def _trace(catalogue: Catalogue) -> Iterator[str]:
    return _table(
        ("rule", "confidence", "says", "clauses", "allowances", "reason"),
        (
            (
                _plain(row.rule),
                _plain(row.confidence),
                _plain(row.says),
                ", ".join(f"[{one}](#{one})" for one in row.clauses),
                ", ".join(f"[{one}](#{one})" for one in row.allowances),
                _plain(row.reason),
            )
            for row in catalogue.traceability
        ),
    )


def _table(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _plain(text: str) -> str:
    """Return text in which Markdown sees no markup."""
    return _MARKUP.sub(r"\\\1", text)


def _code(text: str) -> str:
    """Return text as inline code, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{text}{space}{fence}"
