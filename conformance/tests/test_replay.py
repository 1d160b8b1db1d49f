"""A finding is shown again by its minimal sequence, and only where the defect is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session
from conformance.probe import Prober
from conformance.tests.running import Outcome, invoke, run_ablated, run_here
from conformance.tests.test_usage import assert_refused
from model.judge import Belief
from model.world import Context, World
from targets.reference import make_reference
from targets.serving import serve

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = ("etag/sse-kms-is-not-the-md5", "sse-c-object/read-needs-the-key")


@pytest.fixture
def outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    found = run_ablated(monkeypatch, tmp_path / "run", *LEFT_OUT, requests=800)
    monkeypatch.undo()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return found


def replay(outcome: Outcome, url: str, *arguments: str) -> tuple[int, str]:
    done = invoke(
        "replay", outcome.folder, *arguments, "--endpoint-url", url, "--kms-endpoint-url", url
    )
    return done.status, done.out


@pytest.mark.server
def test_a_finding_is_shown_again_by_the_server_that_has_the_defect(tmp_path: Path) -> None:
    reference = make_reference(without=frozenset(LEFT_OUT))
    with serve(reference.handle) as server:
        outcome = run_here(
            tmp_path / "run",
            endpoint_url=server.url,
            kms_endpoint_url=server.url,
            sse_c_over_http=True,
            requests=800,
            seed=7,
        )
        assert outcome.status == 1
        status, out = replay(outcome, server.url)
        count = len(outcome.ids)
        assert status == 1
        assert f"{count} of {count} shown again" in out
        assert reference._names() == []
        for one in sorted(outcome.ids):
            status, out = replay(outcome, server.url, one)
            assert status == 1
            assert one in out
            assert "1 of 1 shown again" in out
    whole = make_reference()
    with serve(whole.handle) as server:
        status, out = replay(outcome, server.url)
        assert status == 0
        assert f"0 of {count} shown again" in out
        assert "conforms now" in out
        assert whole._names() == []


@pytest.mark.server
def test_a_replay_learns_first_that_kms_is_taken_over_plain_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    faulty = "faulty-http:kms-keys/alias-of-an-arn-leads-nowhere"
    found = run_here(tmp_path / "run", target=faulty, phase=("paths",), requests=1000, seed=5)
    clause = "precedence/dsse-overrides-the-default"
    (of_a_write,) = [one for one in found.record.divergences if one.clause == clause]
    done = invoke("replay", found.folder, of_a_write.id)
    assert "1 of 1 shown again" in done.out


@pytest.mark.parametrize("blocks", [True, False])
def test_a_replay_learns_first_whether_new_buckets_block_sse_c(*, blocks: bool) -> None:
    session = open_session(requests=100, blocks_sse_c=blocks)
    session.base = Belief((World(context=replace(Context(), new_buckets_block_sse_c=None)),))
    session.begin("setup")
    Prober(session, "s3sse-", ()).learn_again()
    found = {world.context.new_buckets_block_sse_c for world in session.belief.worlds}
    assert found == {blocks}


def test_at_the_whole_reference_nothing_is_shown_again(outcome: Outcome) -> None:
    done = invoke("replay", outcome.folder, "--target", "reference")
    assert done.status == 0
    assert f"0 of {len(outcome.ids)} shown again" in done.out


def test_an_unknown_finding_ends_with_2_and_the_known_ones_are_named(outcome: Outcome) -> None:
    done = invoke("replay", outcome.folder, "0123456789ab")
    assert_refused(done, "0123456789ab", "no such divergence", min(outcome.ids))


def test_a_target_that_cannot_be_reached_ends_with_3(outcome: Outcome) -> None:
    done = invoke("replay", outcome.folder, "--endpoint-url", "http://127.0.0.1:1")
    assert_refused(done, "gives no answer", status=3)
