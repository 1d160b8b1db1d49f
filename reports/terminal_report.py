"""The end of a run in a terminal: the verdict, what diverged, what was not judged, what is next."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from reports.facts import (
    SEVERITIES,
    by_severity,
    duration,
    one_line,
    outcome,
    plural,
    replay_command,
)

if TYPE_CHECKING:
    from rich.console import Console

    from reports.record import DivergenceRecord, RunRecord

_VERDICT_STYLE = {"conforms": "bold green", "diverges": "bold red", "invalid": "bold yellow"}
_SEVERITY_STYLE = {"critical": "bold red", "major": "red", "minor": "yellow", "cosmetic": "dim"}
_SHOWN = 20
_REASONS = 8


def print_summary(record: RunRecord, console: Console, out_dir: str | Path) -> None:
    """Print the end summary of a run.

    ``out_dir`` is the result folder, as the user would type it. Colours are the console's business
    (none without a terminal or with NO_COLOR). What a server sent is shown as plain text, never
    read as markup. Raises nothing.
    """
    shown = outcome(record)
    console.print()
    line = Text.assemble(
        (f" {shown.headline.upper()} ", f"{_VERDICT_STYLE[shown.verdict]} reverse"),
        "  ",
        (one_line(record.target.name), "bold"),
        f"  {one_line(record.target.endpoint)}",
    )
    _print(console, line)
    _print(console, Text(one_line(shown.reason)))
    era = f" ({one_line(record.target.era)})" if record.target.era else ""
    _print(console, Text(f"Judged as of {one_line(record.target.as_of)}{era}"))
    for note in record.notes:
        _print(console, Text(one_line(note), "yellow"))
    console.print()
    _print(console, _numbers(record))
    _print_capabilities(record, console)
    if record.divergences:
        console.print()
        console.print(_divergences(record))
        hidden = len(record.divergences) - _SHOWN
        if hidden > 0:
            _print(console, Text(f"and {plural(hidden, 'divergence')} more, see the report"))
    _print_not_judged(record, console)
    for leftover in record.leftovers:
        _print(console, Text(f"left behind: {one_line(leftover)}", "yellow"))
    console.print()
    _print(console, Text(f"Report  {Path(out_dir) / 'report.html'}"))
    first = next((found for found in by_severity(record.divergences)), None)
    if first is not None:
        _print(console, Text(f"Again   {replay_command(str(out_dir), one_line(first.id))}"))


def _numbers(record: RunRecord) -> Text:
    summary, clauses = record.summary, record.summary.clauses
    cost = (
        f"{plural(summary.requests, 'request')} in {plural(summary.sequences, 'sequence')}, "
        f"{duration(summary.seconds)}, seed {record.seed}"
    )
    parts = [
        (f"{clauses.passed} passed", "green" if clauses.passed else ""),
        (f"{clauses.failed} failed", "red" if clauses.failed else ""),
        (f"{clauses.waived} waived", ""),
        (f"{clauses.unsupported} unsupported", ""),
        (f"{clauses.not_exercised} not exercised", "yellow" if clauses.not_exercised else ""),
    ]
    text = Text(f"{cost}\n{plural(clauses.total, 'clause')}: ")
    for number, part in enumerate(parts):
        text.append(", " if number else "").append(*part)
    counts = [(name, getattr(summary.severities, name)) for name in SEVERITIES]
    if any(count for _, count in counts):
        text.append(f"\n{plural(summary.divergences, 'divergence')}: ")
        for number, (name, count) in enumerate(counts):
            text.append(", " if number else "")
            text.append(f"{count} {name}", _SEVERITY_STYLE[name] if count else "")
        text.append(f", {summary.waived} waived")
    return text


def _print_capabilities(record: RunRecord, console: Console) -> None:
    for name, capability in sorted(record.target.capabilities.items()):
        if capability.status == "ignored-silently":
            detail = f": {one_line(capability.detail)}" if capability.detail else ""
            _print(console, Text(f"IGNORED SILENTLY  {one_line(name)}{detail}", "bold red"))


def _divergences(record: RunRecord) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
    table.add_column("severity", no_wrap=True)
    table.add_column("clause", overflow="fold")
    table.add_column("operation", overflow="fold")
    table.add_column("what", overflow="fold")
    for found in by_severity(record.divergences)[:_SHOWN]:
        severity = f"{found.severity} (waived)" if found.waived else found.severity
        table.add_row(
            Text(severity, "dim" if found.waived else _SEVERITY_STYLE[found.severity]),
            Text(one_line(found.clause) + (f" +{len(found.also)}" if found.also else "")),
            Text(one_line(_operations(found))),
            Text(f"{one_line(found.title)} [{one_line(found.id)}]"),
        )
    return table


def _print_not_judged(record: RunRecord, console: Console) -> None:
    reasons = Counter(
        (clause.status, one_line(clause.reason) or "no reason recorded")
        for clause in record.clauses
        if clause.status in {"unsupported", "not-exercised"}
    )
    if reasons or record.not_run:
        console.print()
        _print(console, Text("Not judged", "bold"))
    for (status, reason), count in reasons.most_common(_REASONS):
        _print(console, Text(f"  {plural(count, 'clause')} {status}: {reason}"))
    if len(reasons) > _REASONS:
        more = plural(len(reasons) - _REASONS, "reason")
        _print(console, Text(f"  and {more} more, see the report"))
    for left_out in record.not_run:
        _print(console, Text(f"  {one_line(left_out.what)}: {one_line(left_out.why)}"))


def _print(console: Console, text: Text) -> None:
    """Print without wrapping, so that paths and commands can be copied whole."""
    console.print(text, soft_wrap=True)


def _operations(found: DivergenceRecord) -> str:
    """Return the operation of the minimal sequence, and how many others show the divergence."""
    others = len(found.operations) - 1
    return f"{found.operation} +{others}" if others else found.operation
