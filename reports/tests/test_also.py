"""What stands beside a divergence is in every report: nothing is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import html_report, junit_report
from reports.compare import compare
from reports.facts import divergences_of
from reports.record import FindingRecord
from reports.tests.examples import record

if TYPE_CHECKING:
    from reports.record import RunRecord


def together() -> RunRecord:
    """Return a run whose second divergence stands beside its first."""
    made = record()
    first, second, *others = made.divergences
    beside = FindingRecord.model_validate(second.model_dump(exclude={"why", "also"}))
    joined = first.model_copy(update={"also": (beside,), "why": "both are one"})
    return made.model_copy(update={"divergences": (joined, *others)})


def test_every_report_names_it_with_the_reason() -> None:
    made = together()
    (beside,) = made.divergences[0].also
    for text in (html_report.render(made), junit_report.render(made)):
        assert beside.id in text
        assert "both are one" in text


def test_its_clause_leads_to_the_divergence() -> None:
    made = together()
    first = made.divergences[0]
    assert first in divergences_of(made, first.also[0].clause)


def test_it_is_still_there_for_a_comparison_with_a_run_that_told_it_apart() -> None:
    apart, made = record(), together()
    (row,) = [
        r for r in compare([apart, made]).divergences if r.id == made.divergences[0].also[0].id
    ]
    assert row.seen == (True, True)
