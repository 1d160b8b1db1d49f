"""Several runs side by side: targets, versions or nights.

Runs are compared clause by clause, and divergence by divergence through their stable ids. The first
run is the base: what only later runs have is new, what only the base has is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from reports import facts
from reports.files import write_atomically
from reports.html_report import asset, environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from reports.record import DivergenceRecord, RunRecord

ABSENT = "absent"
_STATUS_STYLE = {"passed": "green", "failed": "bold red", "waived": "yellow"}
_CHANGE_STYLE = {"new": "bold red", "fixed": "green", "not seen": "yellow"}


class Change(StrEnum):
    """What became of a divergence between the first run and the last."""

    NEW = "new"
    STILL = "still"
    FIXED = "fixed"  # gone, and the last run exercised its clause and found it kept
    NOT_SEEN = "not seen"  # gone, but the last run cannot say so
    PASSING = "in between"  # only in runs between the first and the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One column: the run's label and its verdict."""

    label: str
    verdict: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """One clause: its status in each run (``absent`` where a run does not know it)."""

    id: str
    title: str
    statuses: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs disagree."""
        return len(set(self.statuses)) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DivergenceRow:
    """One divergence: the runs that have it, and what became of it from the first to the last."""

    id: str
    title: str
    severity: str
    clause: str
    seen: tuple[bool, ...]
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All runs side by side. Rows that differ come first."""

    runs: tuple[Run, ...]
    clauses: tuple[ClauseRow, ...]
    divergences: tuple[DivergenceRow, ...]

    @property
    def differing(self) -> int:
        """How many clauses differ between the runs."""
        return sum(1 for row in self.clauses if row.differs)


def compare(records: Sequence[RunRecord]) -> Comparison:
    """Put runs side by side, in the order given. Raises ValueError when there is none."""
    if not records:
        message = "there is nothing to compare"
        raise ValueError(message)
    clauses = _clauses(records)
    return Comparison(
        runs=_runs(records),
        clauses=tuple(sorted(clauses, key=lambda row: (not row.differs, row.id))),
        divergences=_divergences(records),
    )


def render_html(comparison: Comparison) -> str:
    """Return the comparison as one HTML page without network or script. Raises nothing."""
    template = environment().get_template("compare.html")
    return template.render(
        comparison=comparison,
        css=asset("report.css"),
        rows=(("Clauses that differ", True), ("Clauses that agree", False)),
    )


def write_html(comparison: Comparison, path: Path) -> Path:
    """Write the page to a file, atomically; return the path. Raises ReportError."""
    return write_atomically(path, render_html(comparison))


def print_comparison(comparison: Comparison, console: Console, *, everything: bool = False) -> None:
    """Print the comparison to a terminal: what differs, or with ``everything`` each clause."""
    for number, run in enumerate(comparison.runs, 1):
        line = f"[{number}] {run.label}: {run.verdict}, {run.detail}"
        console.print(Text(facts.one_line(line)))
    console.print()
    if comparison.divergences:
        console.print(_divergence_table(comparison))
        console.print()
    rows = [row for row in comparison.clauses if everything or row.differs]
    if rows:
        table = _table(comparison, "clause")
        for row in rows:
            cells = [Text(status, _STATUS_STYLE.get(status, "dim")) for status in row.statuses]
            table.add_row(Text(facts.one_line(row.id)), *cells)
        console.print(table)
    agreeing = len(comparison.clauses) - comparison.differing
    differing = facts.plural(comparison.differing, "clause")
    console.print(Text(f"{differing} differing, {agreeing} the same in every run"))


def _runs(records: Sequence[RunRecord]) -> tuple[Run, ...]:
    names = [record.target.name for record in records]
    return tuple(
        Run(
            label=record.target.name
            if names.count(record.target.name) == 1
            else f"{record.target.name} {record.started[:16].replace('T', ' ')}",
            verdict=facts.outcome(record).verdict,
            detail=", ".join(
                part
                for part in (
                    record.target.server,
                    f"as of {record.target.as_of}",
                    f"s3sse {record.suite_version}",
                    f"seed {record.seed}",
                )
                if part
            ),
        )
        for record in records
    )


def _clauses(records: Sequence[RunRecord]) -> list[ClauseRow]:
    known = [{clause.id: clause for clause in record.clauses} for record in records]
    titles = {clause_id: clause.title for run in known for clause_id, clause in run.items()}
    return [
        ClauseRow(
            id=clause_id,
            title=title,
            statuses=tuple(run[clause_id].status if clause_id in run else ABSENT for run in known),
        )
        for clause_id, title in titles.items()
    ]


def _divergences(records: Sequence[RunRecord]) -> tuple[DivergenceRow, ...]:
    ordered = facts.by_severity(found for record in records for found in record.divergences)
    latest: dict[str, DivergenceRecord] = {found.id: found for found in ordered}
    ids = [{one for found in record.divergences for one in found.ids} for record in records]
    rows = [
        DivergenceRow(
            id=found.id,
            title=found.title,
            severity=found.severity,
            clause=found.clause,
            seen=tuple(found.id in run for run in ids),
            change=_change(found, [found.id in run for run in ids], records[-1]),
        )
        for found in latest.values()
    ]
    order = list(Change)
    return tuple(sorted(rows, key=lambda row: order.index(row.change)))


def _change(found: DivergenceRecord, seen: Sequence[bool], last: RunRecord) -> Change:
    if seen[-1]:
        return Change.STILL if seen[0] else Change.NEW
    if not seen[0]:
        return Change.PASSING
    kept = any(clause.id == found.clause and clause.status == "passed" for clause in last.clauses)
    sound = facts.outcome(last).verdict != "invalid"
    return Change.FIXED if kept and sound else Change.NOT_SEEN


def _table(comparison: Comparison, *names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for number in range(1, len(comparison.runs) + 1):
        table.add_column(Text(f"[{number}]"), no_wrap=True)
    return table


def _divergence_table(comparison: Comparison) -> Table:
    table = _table(comparison, "change", "severity", "divergence")
    for row in comparison.divergences:
        table.add_row(
            Text(row.change, _CHANGE_STYLE.get(row.change, "")),
            Text(row.severity),
            Text(f"{facts.one_line(row.title)} [{facts.one_line(row.id)}]"),
            *(Text("yes" if seen else "no") for seen in row.seen),
        )
    return table
