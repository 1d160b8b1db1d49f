"""A finding is made as short as it can be, keeps its id, and says how often it was seen again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from conformance import minimise, worker
from conformance.ablation import open_session
from conformance.minimise import FIRST_REQUESTS, MANY, MAX_REQUESTS, Minimiser
from conformance.replay import scenario_from
from conformance.scenario import play
from conformance.tests.running import ChangedTarget, run_ablated, run_here, use
from model.messages import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.minimise import Minimal
    from conformance.scenario import Scenario
    from conformance.session import Step
    from model.findings import Finding
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
    outcome = run_ablated(monkeypatch, tmp_path / "run", clause_id, requests=4000)
    assert outcome.status == 1
    found = [one for one in outcome.record.divergences if clause_id in one.clauses]
    confirmed = [one for one in found if one.confirmed.reproduced == one.confirmed.tries == 3]
    assert confirmed
    shortest = min(confirmed, key=lambda one: len(one.steps))
    assert len(shortest.steps) <= MOST_STEPS
    scenario = scenario_from(shortest, outcome.record)
    assert shows(scenario, clause_id, shortest.clause, shortest.operation)
    for index in range(len(shortest.steps) - 1):
        shorter = scenario.only([i for i in range(len(shortest.steps)) if i != index])
        assert not shows(shorter, clause_id, shortest.clause, shortest.operation), index


def test_what_takes_many_requests_waits_until_nothing_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hard, easy = SHORT[8], (SHORT[0], SHORT[9])
    rehearse, search = Minimiser.rehearse, Minimiser.search
    done: list[tuple[str, str]] = []

    def rehearsed(self: Minimiser, steps: Sequence[Step], finding: Finding) -> Minimal | None:
        done.append(("rehearsed", finding.clause))
        return None if finding.clause == hard else rehearse(self, steps, finding)

    def searched(
        self: Minimiser, steps: Sequence[Step], finding: Finding, *, waiting: int
    ) -> Minimal | None:
        done.append(("searched", finding.clause))
        return search(self, steps, finding, waiting=waiting)

    monkeypatch.setattr(Minimiser, "rehearse", rehearsed)
    monkeypatch.setattr(Minimiser, "search", searched)
    monkeypatch.setattr(worker, "_MINIMISING_SHARE", -1.0)
    outcome = run_ablated(monkeypatch, tmp_path / "run", hard, *easy, requests=1500)
    ways = [how for how, _ in done]
    assert ways == sorted(ways)
    assert {clause for how, clause in done if how == "searched"} == {hard}
    assert {hard, *easy} <= outcome.clauses
    for one in outcome.record.divergences:
        assert one.confirmed.reproduced == one.confirmed.tries == 3


@pytest.mark.parametrize(
    ("waiting", "most"), [(MANY, FIRST_REQUESTS), (MANY + 1, MAX_REQUESTS // 2)]
)
def test_of_many_findings_each_gets_less(
    waiting: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(requests=100)
    given: list[int] = []
    monkeypatch.setattr(minimise, "scenario_of", lambda steps: steps)
    monkeypatch.setattr(Minimiser, "shorten", lambda *told: given.append(told[-1]))
    Minimiser(session, "s3sse-many-").search([], None, waiting=waiting)  # type: ignore[arg-type]
    assert given == [most]


def test_the_id_of_a_defect_is_the_same_for_every_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out = "etag/sse-c-is-not-the-md5"
    found = [
        run_ablated(monkeypatch, tmp_path / str(seed), left_out, seed=seed, requests=1600).ids
        for seed in SEEDS
    ]
    assert found[0] == found[1] == found[2] != set()


def test_what_is_seen_only_now_and_then_is_not_called_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(1)  # noqa: S311 - nothing secret is chosen

    def now_and_then(_: int, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        """Spoil the ETag of every third or so answer to a write."""
        if request.method != "PUT" or answer.header("etag") is None or dice.random() > 0.35:
            return answer
        headers = [(n, '"none"' if n == "etag" else v) for n, v in answer.headers]
        return HttpResponse(answer.status, tuple(headers), answer.body)

    use(monkeypatch, ChangedTarget(now_and_then))
    outcome = run_here(tmp_path / "run", target="reference", requests=1000, seed=7)
    assert outcome.status == 1
    writes = [d for d in outcome.record.divergences if d.operation == "PutObject"]
    assert writes
    rates = {(one.confirmed.reproduced, one.confirmed.tries) for one in writes}
    assert any(reproduced < tries for reproduced, tries in rates), rates
