"""A finding is made as short as it can be, keeps its id, and says how often it was seen again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session
from conformance.replay import scenario_from
from conformance.scenario import play
from conformance.tests.running import ChangedTarget, run_ablated, run_here, use
from model.messages import HttpResponse

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.scenario import Scenario
    from model.messages import HttpRequest

SHORT = (
    "answer-headers/dsse-kms-is-shown",
    "bucket-configuration/shows-the-bucket-key-flag",
    "bucket-default/bucket-key-is-applied",
    "copy/missing-source-is-refused",
    "etag/sse-c-is-not-the-md5",
    "kms-keys/unknown-id-is-refused",
    "precedence/aes256-overrides-the-default",
    "reading/length-is-that-of-the-data",
    "sse-c-object/read-needs-the-key",
    "sse-c/key-must-have-32-bytes",
)
SEEDS = (3, 7, 12)
MOST_STEPS = 4


def shows(scenario: Scenario, without: str, clause: str, operation: str) -> bool:
    """Tell whether the scenario, on a fresh ablated reference, ends in that finding."""
    session = open_session(without=frozenset({without}), requests=1000)
    steps = play(session, scenario, "again", "s3sse-again-")
    return bool(steps) and any(
        clause in found.clauses and found.operation == operation for found in steps[-1].findings
    )


@pytest.mark.parametrize("clause_id", SHORT)
def test_the_sequence_is_short_and_each_step_of_it_is_needed(
    clause_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run_ablated(monkeypatch, tmp_path / "run", clause_id, requests=600)
    assert outcome.status == 1
    found = [one for one in outcome.record.divergences if clause_id in one.clauses]
    confirmed = [one for one in found if one.confirmed.reproduced]
    assert confirmed
    for one in confirmed:
        assert (one.confirmed.tries, one.confirmed.reproduced) == (3, 3)
        assert len(one.steps) <= MOST_STEPS
        scenario = scenario_from(one, outcome.record, ())
        assert shows(scenario, clause_id, one.clause, one.operation)
        for index in range(len(one.steps) - 1):
            shorter = scenario.without(index)
            assert not shows(shorter, clause_id, one.clause, one.operation), index


def test_the_id_of_a_defect_is_the_same_for_every_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out = "etag/sse-c-is-not-the-md5"
    found = [
        run_ablated(monkeypatch, tmp_path / str(seed), left_out, seed=seed, requests=800).ids
        for seed in SEEDS
    ]
    assert found[0] == found[1] == found[2] != set()


def test_what_is_seen_only_now_and_then_is_not_called_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = 0

    def every_other(_: int, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        """Leave the ETag's quotes and digits out of every other answer to a write."""
        nonlocal shown
        if request.method != "PUT" or answer.header("etag") is None:
            return answer
        shown += 1
        if shown % 2:
            return answer
        headers = [(n, '"none"' if n == "etag" else v) for n, v in answer.headers]
        return HttpResponse(answer.status, tuple(headers), answer.body)

    use(monkeypatch, ChangedTarget(every_other))
    outcome = run_here(tmp_path / "run", target="reference", requests=500, seed=7)
    assert outcome.status == 1
    writes = [d for d in outcome.record.divergences if d.operation == "PutObject"]
    assert writes
    for one in writes:
        assert one.confirmed.reproduced < one.confirmed.tries or one.confirmed.tries <= 1
