"""What earlier runs found is tried again before anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.corpus.earlier import earlier_findings
from conformance.exploring import Explorer
from conformance.parts import read_part
from conformance.settings import UsageError
from conformance.tests.running import Outcome, run_ablated, run_here
from reports.errors import ReportError

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = ("etag/sse-kms-is-not-the-md5", "sse-c-object/read-needs-the-key")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("first")
        found = run_ablated(monkeypatch, folder, *LEFT_OUT, requests=400)
    assert found.clauses >= {LEFT_OUT[0]}
    return found


def test_the_findings_of_a_folder_are_scenarios(outcome: Outcome) -> None:
    told = list(earlier_findings((outcome.folder, outcome.folder)))
    assert {one.id for one in told} == outcome.ids
    buckets = {str(step.params["Bucket"]) for one in told for step in one.steps}
    assert buckets <= {"$bucket1", "$bucket2", "$bucket_missing"}


def test_a_run_tries_them_first_and_finds_them_again_at_once(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = run_ablated(
        monkeypatch, tmp_path / "again", *LEFT_OUT, requests=200, earlier=[outcome.folder], seed=8
    )
    (stage,) = [
        stage
        for phase in again.record.phases
        for stage in phase.stages
        if stage.name == "earlier findings"
    ]
    assert stage.done == stage.planned == len(outcome.ids)
    assert again.clauses >= {LEFT_OUT[0]}


def test_a_right_server_is_not_blamed_for_them(outcome: Outcome, tmp_path: Path) -> None:
    right = run_here(
        tmp_path / "right", target="reference", requests=150, earlier=[outcome.folder], seed=9
    )
    assert not right.ids


def test_a_folder_that_holds_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=str(tmp_path)):
        list(earlier_findings((tmp_path,)))


def test_a_run_that_names_such_a_folder_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--earlier"):
        run_here(tmp_path / "run", target="reference", requests=100, earlier=[tmp_path])


def test_a_run_whose_suite_breaks_off_concludes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_: object) -> None:
        raise ValueError("a defect of ours")

    monkeypatch.setattr(Explorer, "explore", break_off)
    with pytest.raises(ValueError, match="of ours"):
        run_here(tmp_path, target="reference", requests=100)
    (part,) = (read_part(path) for path in tmp_path.glob("part-*.json"))
    assert "of ours" in part.lost
