"""What every report says in the same way: the verdict's meaning, severities, order, commands."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.record import (
        ClauseRecord,
        DivergenceRecord,
        RunRecord,
        RunVerdict,
        Severity,
        StepRecord,
    )

SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "cosmetic")

SEVERITY_MEANING: dict[Severity, str] = {
    "critical": "Data may be lost, stored or returned without the protection asked for.",
    "major": "A request does what it must not, or fails, or the wrong encryption is recorded.",
    "minor": "The protection holds, but an answer leaves out or misstates a detail of it.",
    "cosmetic": "The refusal is right, but its status or error code is another.",
}

STATUS_ORDER = ("failed", "waived", "passed", "unsupported", "not-exercised")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A run's verdict as readers see it: one word, a headline, and the reason for it."""

    verdict: RunVerdict
    headline: str
    reason: str


def outcome(record: RunRecord) -> Outcome:
    """Return the verdict to show. A run that exercised nothing is never shown as conforming."""
    summary = record.summary
    clauses = summary.clauses
    uncovered = sum(1 for found in record.divergences if found.waived is None)
    if summary.verdict == "invalid":
        reason = summary.reason or "The run did not gather valid evidence."
        return Outcome(verdict="invalid", headline="No valid verdict", reason=reason)
    if summary.verdict == "diverges" or uncovered or clauses.failed:
        count = plural(uncovered or clauses.failed, "divergence" if uncovered else "failed clause")
        reason = summary.reason or f"{count}, beyond what is waived."
        return Outcome(verdict="diverges", headline="Diverges", reason=reason)
    if summary.requests == 0 or clauses.exercised == 0:
        reason = "Nothing was exercised, so nothing can be said about the target."
        return Outcome(verdict="invalid", headline="No valid verdict", reason=reason)
    reason = summary.reason or (
        f"All {plural(clauses.exercised, 'exercised clause')} held"
        + (f"; {plural(summary.waived, 'known divergence')} waived." if summary.waived else ".")
    )
    return Outcome(verdict="conforms", headline="Conforms", reason=reason)


def by_severity(divergences: Iterable[DivergenceRecord]) -> tuple[DivergenceRecord, ...]:
    """Order divergences for reading: open before waived, then by severity, clause and id."""
    return tuple(
        sorted(
            divergences,
            key=lambda found: (
                found.waived is not None,
                SEVERITIES.index(found.severity),
                found.clause,
                found.id,
            ),
        ),
    )


def topic(clause_id: str) -> str:
    """Return a clause's topic: what stands before the slash."""
    return clause_id.partition("/")[0]


def by_topic(clauses: Iterable[ClauseRecord]) -> dict[str, tuple[ClauseRecord, ...]]:
    """Group clauses by topic, both in alphabetical order."""
    groups: dict[str, list[ClauseRecord]] = {}
    for clause in sorted(clauses, key=lambda clause: clause.id):
        groups.setdefault(topic(clause.id), []).append(clause)
    return {name: tuple(groups[name]) for name in sorted(groups)}


def divergences_of(record: RunRecord, clause_id: str) -> tuple[DivergenceRecord, ...]:
    """Return the divergences that contradict a clause, alone or together with others."""
    return by_severity(
        found
        for found in record.divergences
        if any(clause_id in (one.clause, *one.clauses) for one in (found, *found.also))
    )


def replay_command(folder: str, divergence_id: str) -> str:
    """Return the command that sends a divergence's steps again, quoted for a shell."""
    return f"s3sse replay {shlex.quote(folder)} {shlex.quote(divergence_id)}"


def request_line(step: StepRecord) -> str:
    """Return ``METHOD URL`` of a step."""
    return f"{step.request.method} {step.request.url}"


def duration(seconds: float) -> str:
    """Return a time span as people say it: ``0.4 s``, ``12 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds < 10:  # noqa: PLR2004 - tenths matter only below
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 request``, ``2 requests``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def one_line(text: str) -> str:
    """Return a text for a terminal: one line, control characters of a server left out."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
