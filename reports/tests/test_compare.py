"""Runs side by side."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

import pytest
from rich.console import Console

from reports.compare import Change, compare, print_comparison, render_html, write_html
from reports.record import RunRecord, Summary
from reports.tests.examples import record
from reports.tests.hostile import hostile_record
from reports.tests.test_html_report import Page

if TYPE_CHECKING:
    from pathlib import Path

    from reports.compare import Comparison

COPY = "copy/destination-uses-the-requested-encryption"
COPY_FOUND = "D-02fa6d11"


def later(*, status: Literal["passed", "not-exercised"] = "passed") -> RunRecord:
    """Return the example a day later, without the divergence of the copy."""
    old = record()
    return old.model_copy(
        update={
            "started": "2026-11-24T14:02:11+00:00",
            "clauses": tuple(
                one.model_copy(update={"status": status}) if one.id == COPY else one
                for one in old.clauses
            ),
            "divergences": tuple(one for one in old.divergences if one.id != COPY_FOUND),
        },
    )


def change(found: Comparison) -> Change:
    return next(row.change for row in found.divergences if row.id == COPY_FOUND)


def test_what_differs_comes_first() -> None:
    found = compare([record(), later()])
    assert found.clauses[0].id == COPY
    assert found.clauses[0].statuses == ("failed", "passed")
    assert found.differing == 1
    assert [row.id for row in found.clauses[1:]] == sorted(row.id for row in found.clauses[1:])


def test_a_divergence_is_new_fixed_still_there_or_in_between() -> None:
    assert change(compare([record(), later()])) is Change.FIXED
    assert change(compare([later(), record()])) is Change.NEW
    assert change(compare([record(), later(), record()])) is Change.STILL
    assert change(compare([later(), record(), later()])) is Change.PASSING


def test_a_divergence_is_fixed_only_when_a_valid_run_exercised_its_clause() -> None:
    assert change(compare([record(), later(status="not-exercised")])) is Change.NOT_SEEN
    broken = later().model_copy(update={"summary": Summary(verdict="invalid", reason="lost")})
    assert change(compare([record(), broken])) is Change.NOT_SEEN


def test_a_clause_that_a_run_does_not_know_is_absent() -> None:
    fewer = record().model_copy(update={"clauses": record().clauses[1:]})
    assert compare([fewer, record()]).clauses[0].statuses == ("absent", "failed")


def test_runs_of_one_target_are_told_apart_by_their_time() -> None:
    labels = [run.label for run in compare([record(), later()]).runs]
    assert labels == ["seaweedfs 2026-11-23 14:02", "seaweedfs 2026-11-24 14:02"]


def test_nothing_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        compare([])


def test_the_terminal_shows_what_differs_or_everything() -> None:
    short, whole = io.StringIO(), io.StringIO()
    found = compare([record(), later()])
    print_comparison(found, Console(file=short, width=120, color_system=None))
    print_comparison(found, Console(file=whole, width=120, color_system=None), everything=True)
    assert "1 clause differing, 9 the same in every run" in short.getvalue()
    assert "fixed" in short.getvalue()
    assert "sse-c/read-needs-the-same-key" not in short.getvalue()
    assert "sse-c/read-needs-the-same-key" in whole.getvalue()


def test_the_page_shows_the_matrix_and_hostile_text_stays_text(tmp_path: Path) -> None:
    path = write_html(compare([record(), later()]), tmp_path / "compare.html")
    page = Page(path.read_text(encoding="utf-8"))
    assert "1 clause differs" in page.text
    assert page.misnested == []
    assert page.open == []
    hostile = Page(render_html(compare([hostile_record(), record()])))
    assert [hostile.misnested, hostile.open, hostile.comments] == [[], [], []]
    assert {"script", "img", "link"}.isdisjoint(tag for tag, _ in hostile.elements)
