"""One defect is one divergence: the others stand beside it, and two defects stay two."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from conformance.journal import stream_transcript
from conformance.parsimony import grouped, open_and_waived
from conformance.parts import FoundStep
from conformance.tests.divergences import ids, met, refused, shown, together, way
from conformance.tests.running import (
    Outcome,
    SeveralFaultsTarget,
    run_ablated,
    run_here,
    use,
)
from conformance.verdict import Tally, tally
from conformance.waivers import Waiver, Waivers
from model.answer import ETAG
from model.findings import Kind
from model.request import KMS_KEY_ID, SSE

if TYPE_CHECKING:
    from pathlib import Path

FAULTS = (
    "bucket-configuration/needs-content-md5",
    "kms/managed-key-in-another-account",
    "precedence/sse-c-loses",
)
ECHO = "answer-headers/sse-kms-is-shown"


def test_a_clause_that_is_broken_by_itself_explains_what_it_can_be_blamed_for() -> None:
    ways = {ECHO: [shown("GetObject", ECHO)], "default": [shown("HeadObject", "default", ECHO)]}
    assert together(ways) == {(ECHO, "default")}


def test_a_clause_that_is_never_broken_by_itself_explains_what_takes_three() -> None:
    ways = {n: [shown("PutObject", n, ECHO), shown("CopyObject", n, ECHO)] for n in ("a", "b")}
    assert together(ways) == {("a",), ("b",)}
    ways["c"] = [shown("HeadObject", "c", ECHO)]
    (group,) = grouped(*met(ways))
    assert (group.first.clause, len(group.first.id)) == (ECHO, 12)
    assert {one.id for one in group.others} == {"a", "b", "c"}


def test_one_time_that_it_does_not_explain_keeps_them_apart() -> None:
    other = shown("HeadObject", "default", ECHO, field=KMS_KEY_ID)
    ways = {
        ECHO: [shown("GetObject", ECHO)],
        "default": [shown("HeadObject", "default", ECHO), other],
    }
    assert together(ways) == {(ECHO,), ("default",)}


ACCEPTED = way("PutObject", "outcome", Kind.ACCEPTED, "sse-c/key-must-have-32-bytes")


def test_what_was_taken_is_explained_by_what_else_it_shows_of_the_same_feature() -> None:
    echo, checks = "answer-headers/sse-c-is-shown", "sse-c/key-must-have-32-bytes"
    beside = ACCEPTED._replace(beside=frozenset({(SSE, Kind.DIFFERENT, echo)}))
    ways = {echo: [shown("PutObject", echo)], checks: [beside]}
    assert together(ways) == {(echo, checks)}
    ways[checks] += [ACCEPTED]
    assert together(ways) == {(echo,), (checks,)}


@pytest.mark.parametrize("echo", ["answer-headers/sse-s3-is-shown", ECHO])
def test_what_was_taken_is_not_explained_by_what_it_shows_of_another_feature(echo: str) -> None:
    checks = "sse-c/key-must-have-32-bytes"
    beside = ACCEPTED._replace(beside=frozenset({(SSE, Kind.DIFFERENT, echo)}))
    ways = {echo: [shown("PutObject", echo)], checks: [beside]}
    assert together(ways) == {(echo,), (checks,)}


def test_what_was_taken_is_not_explained_by_what_else_but_encryption_it_shows() -> None:
    etag, checks = "etag/sse-kms-is-not-the-md5", "presigned/kms-needs-a-signature"
    taken = way("PutObject", "outcome", Kind.ACCEPTED, checks)
    beside = taken._replace(beside=frozenset({(ETAG, Kind.DIFFERENT, etag)}))
    ways = {etag: [shown("PutObject", etag, field=ETAG)], checks: [beside]}
    assert together(ways) == {(etag,), (checks,)}


def test_an_operation_that_is_refused_with_one_error_is_one_divergence() -> None:
    ways = {name: [refused("CopyObject", "400 InvalidRequest")] for name in ("a", "b")}
    ways["c"] = [refused("CopyObject", "400 InvalidRequest", Kind.ERROR)]
    assert together(ways) == {("a", "b", "c")}
    ways["c"] = [refused("PutObject", "400 InvalidRequest")]
    assert together(ways) == {("a",), ("b",), ("c",)}


def test_two_clauses_alike_are_two_divergences() -> None:
    ways = {name: [refused("CopyObject", "400 InvalidRequest")] for name in ("a", "b")}
    assert together(ways) == {("a",), ("b",)}


def test_unsound_requests_that_are_refused_with_one_error_are_not_one_divergence() -> None:
    error = refused("CopyObject", "400 InvalidRequest", Kind.ERROR)
    assert len(together({name: [error] for name in ("a", "b", "c")})) == 3


def test_sound_requests_are_refused_or_nothing_is_said_to_be_missing() -> None:
    wrong = {n: [refused("HeadObject", "404 NoSuchKey", Kind.ERROR)] for n in ("a", "b", "c")}
    other = refused("GetObject", "403 AccessDenied")
    sound = {"read": [refused("GetObject", "404 NoSuchKey"), other]}
    assert together({**wrong, **sound}) == {("a",), ("b",), ("c",), ("read",)}
    sound["read"].pop()
    assert len(together({**wrong, **sound})) == 1


def test_what_is_missing_is_missing_for_every_operation() -> None:
    ways = {
        "a": [refused("GetObject", "404 NoSuchKey")],
        "b": [refused("CopyObject", "404 NoSuchVersion")],
        "c": [refused("HeadObject", "404")],
        "d": [refused("PutObject", "404 NoSuchBucket")],
    }
    assert together(ways) == {("a", "b", "c"), ("d",)}


def test_one_operation_whose_answers_show_the_wrong_encryption_is_one_divergence() -> None:
    ways = {name: [shown("CopyObject")] for name in ("a", "b")}
    ways["c"] = [shown("CopyObject", field=KMS_KEY_ID)]
    assert together(ways) == {("a", "b", "c")}
    ways["c"] = [shown("CopyObject", field="etag")]
    assert together(ways) == {("a",), ("b",), ("c",)}


def test_one_operation_that_succeeds_with_another_status_is_one_divergence() -> None:
    ways = {name: [way("PostObject", "status", Kind.STATUS)] for name in ("a", "b", "c")}
    assert together(ways) == {("a", "b", "c")}
    ways["c"] = [way("CopyObject", "status", Kind.STATUS)]
    assert together(ways) == {("a",), ("b",), ("c",)}


def test_one_clause_is_one_divergence() -> None:
    ways = {"a": [refused("CopyObject", "403 AccessDenied")], "a!": [shown("CopyObject")]}
    (group,) = grouped(*met(ways))
    assert {group.first.id, group.others[0].id} == {"a", "a!"}
    assert group.why


def test_what_never_stood_in_the_transcript_is_explained_by_nothing() -> None:
    found, _ = met(
        {name: [refused("CopyObject", "400 InvalidRequest")] for name in ("a", "b", "c")}
    )
    assert len(grouped(found, Tally())) == 3


def test_the_worst_of_them_is_told() -> None:
    found, counted = met({"a": [shown("GetObject", "a")], "b": [shown("GetObject", "b", "a")]})
    found[1].severity = "critical"
    (group,) = grouped(found, counted)
    assert (group.first.id, group.severity, group.broken) == ("a", "critical", ["a", "b"])


@pytest.mark.parametrize(
    ("occurrences", "leads"), [((9, 10, 18), "a"), ((8, 10, 18), "b"), ((8, 8, 18), "c")]
)
def test_what_a_run_seldom_meets_does_not_lead(occurrences: tuple[int, ...], leads: str) -> None:
    found, counted = met({name: [refused("CopyObject", "400 InvalidRequest")] for name in "abc"})
    for one, count in zip(found, occurrences, strict=True):
        one.occurrences = count
    (group,) = grouped(found, counted)
    assert group.first.id == leads
    found[0].severity = "critical"
    assert grouped(found, counted)[0].first.id == "a"


@pytest.mark.parametrize("steps", [2, 4])
def test_how_long_a_sequence_is_does_not_decide_what_leads(steps: int) -> None:
    found, counted = met({name: [refused("CopyObject", "400 InvalidRequest")] for name in "abc"})
    step = FoundStep(
        operation="PutObject",
        params={},
        request={},
        response=None,
        expected=[],
        observed="",
        diverges=True,
    )
    for one, count in zip(found, (3, steps, 3), strict=True):
        one.steps = [step] * count
    assert grouped(found, counted)[0].first.id == "a"


def waived(*entries: dict[str, Any]) -> dict[tuple[str, ...], bool]:
    """Return which divergences are waived, of three that one refusal explains."""
    ways = {name: [refused("CopyObject", "400 InvalidRequest")] for name in ("a", "b", "c", "d")}
    known = {"reason": "known", "owner": "storage", "until": date(2027, 3, 31)}
    waivers = Waivers(
        tuple(Waiver.model_validate(known | one) for one in entries), date(2027, 1, 10)
    )
    groups = open_and_waived(*met(ways), waivers)
    told = sorted(groups, key=lambda one: one.first.id)
    return {next(iter(ids([one]))): one.waived is not None for one in told}


@pytest.mark.parametrize("by", ["id", "clause"])
def test_a_waiver_covers_what_it_names_and_nothing_beside_it(by: str) -> None:
    assert waived() == {("a", "b", "c", "d"): False}
    assert waived({by: "a"}) == {("a",): True, ("b", "c", "d"): False}
    named = [{by: name} for name in ("a", "b", "c", "d")]
    assert all(waived(*named).values())


def test_a_waiver_by_clause_may_name_many() -> None:
    assert waived({"clause": "c"}) == {("a", "b", "d"): False, ("c",): True}
    each = waived({"clause": "*"})
    assert all(each.values())


def run_fault(folder: Path, fault: str, seed: int) -> Outcome:
    return run_here(
        folder, target=f"faulty:{fault}", requests=2500, seed=seed, sse_c_over_http=True
    )


@pytest.mark.server
@pytest.mark.parametrize("fault", FAULTS)
def test_one_defect_has_one_id_whatever_the_seed(tmp_path: Path, fault: str) -> None:
    first, second = (run_fault(tmp_path / str(seed), fault, seed) for seed in (1, 2))
    one, other = (
        max(run.record.divergences, key=lambda found: found.occurrences) for run in (first, second)
    )
    assert max(len(first.ids), len(second.ids)) <= 3
    assert (one.id, one.clause) == (other.id, other.clause)
    assert one.also
    assert one.why
    assert {first.status_of(also.clause) for also in one.also} == {"failed"}
    context, exchanges = stream_transcript(first.folder / "transcript.jsonl")
    again = tally(exchanges, context.world())
    assert {found.id for found in first.record.findings} <= set(again.places)


@pytest.mark.server
@pytest.mark.parametrize(
    "pair",
    [
        ("etag/sse-s3-is-the-md5", "sse-c/key-header-is-required"),
        ("precedence/kms-overrides-the-default", "precedence/dsse-overrides-the-default"),
        ("bucket-configuration/aes256-is-accepted", "bucket-configuration/dsse-is-accepted"),
    ],
)
def test_two_defects_are_two_divergences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pair: tuple[str, str]
) -> None:
    outcome = run_ablated(monkeypatch, tmp_path / "run", *pair, requests=1500)
    assert set(pair) <= outcome.clauses


@pytest.mark.server
@pytest.mark.parametrize(
    ("faults", "clauses"),
    [
        (
            ("atomicity/refused-copy-leaves-a-version", "kms/unknown-key-is-taken"),
            ("reading/refused-write-keeps-the-object", "kms-keys/unknown-name-is-refused"),
        ),
        (
            ("state-objects/headers-of-write-before", "state/first-answer-repeated"),
            ("bucket-default/base-is-sse-s3", "bucket-configuration/shows-the-algorithm"),
        ),
    ],
)
def test_two_faults_of_one_server_are_told_apart(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    faults: tuple[str, str],
    clauses: tuple[str, str],
) -> None:
    use(monkeypatch, SeveralFaultsTarget(*faults))
    run = run_here(tmp_path / "run", target="reference", requests=2500, seed=7)
    told = [{one.clause, *(also.clause for also in one.also)} for one in run.record.divergences]
    assert set(clauses) <= set().union(*told)
    assert not any(set(clauses) <= one for one in told)
