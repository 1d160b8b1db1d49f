"""Answers held against predictions: what is reported, of whom, and what is believed then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model.answer import BODY, BODY_LENGTH, DELETE_MARKER, ETAG, Answer
from model.body_length import AS_ANNOUNCED
from model.checksums import CHECKSUM_TYPE, CRC64NVME
from model.clauses.tests.notation import (
    BLOCKING,
    BUCKET,
    DATA,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    OTHER_KEY_ARN,
    UNDECIDED,
    UNKNOWN,
    after,
    answer_to,
    copy,
    copy_in_place,
    create,
    customer,
    delete,
    first_success,
    get,
    get_default,
    head,
    put,
    put_default,
    source_customer,
)
from model.clauses.tests.words_versioning import enable
from model.findings import OUTCOME, Kind, Severity
from model.judge import Belief, Judgement, describe, judge
from model.messages import HttpRequest
from model.operations.get_bucket_encryption import ALGORITHM
from model.predict import predict
from model.request import BUCKET_KEY, CUSTOMER_ALGORITHM, CUSTOMER_KEY_MD5, KMS_KEY_ID, SSE
from model.sse import SseC, md5_hex
from model.stored import ObjectVersion, Presence
from model.wire import Unmodelled

if TYPE_CHECKING:
    from model.matchers import Value
    from model.operation import Operation
    from model.world import World

pytestmark = pytest.mark.example

NEW = after(create())
STORED = after(create(), put())
UNDER_KEY = after(create(), put(sse="aws:kms", kms_key_id=KEY_ID))
UNDER_SSE_C = after(create(), put(**customer()))
BAD = put(sse="x")


def honest(world: World, request: Operation, **changes: Value) -> Answer:
    """Return the answer that is predicted, with the fields that are named by letters changed."""
    names = {"sse": SSE, "key": KMS_KEY_ID, "flag": BUCKET_KEY, "c": CUSTOMER_ALGORITHM}
    answer = answer_to(first_success(world, request), "seed")
    changed = {names.get(name, name): value for name, value in changes.items()}
    return replace(answer, fields={**answer.fields, **changed})


def refusal(status: int | None, code: str | None = None, **fields: str) -> Answer:
    return Answer(status=status, succeeded=False, error_code=code, fields=fields)


def judged(world: World, request: Operation, answer: Answer) -> Judgement:
    return judge(Belief((world,)), request, answer)


def only(judgement: Judgement) -> tuple[str, str, Kind, Severity]:
    """Return clause, field, kind and severity of the one finding."""
    (found,) = judgement.findings
    return found.clause, found.field, found.kind, found.severity


def test_an_answer_as_predicted_is_no_finding() -> None:
    result = judged(NEW, put(), honest(NEW, put()))
    assert result.findings == ()
    assert result.not_judged == ""
    assert "answer-headers/sse-s3-is-shown" in result.fired
    assert result.belief.world == STORED


def test_a_success_that_must_be_refused_is_a_finding() -> None:
    result = judged(NEW, BAD, honest(NEW, put()))
    clause = "request/unknown-algorithm-is-refused"
    assert only(result) == (clause, OUTCOME, Kind.ACCEPTED, Severity.MAJOR)
    assert result.expected == ("400 InvalidArgument",)
    assert clause in result.fired


def test_a_refusal_that_must_be_a_success_is_a_finding() -> None:
    result = judged(NEW, put(), refusal(403, "AccessDenied"))
    clause = "bucket-default/base-is-sse-s3"
    assert only(result) == (clause, OUTCOME, Kind.REFUSED, Severity.MAJOR)
    assert result.belief.worlds == (NEW,)


def test_another_error_is_a_finding() -> None:
    result = judged(NEW, BAD, refusal(400, "InvalidRequest"))
    clause = "request/unknown-algorithm-is-refused"
    assert only(result) == (clause, "error", Kind.ERROR, Severity.COSMETIC)
    assert result.findings[0].observed == "400 InvalidRequest"


@pytest.mark.parametrize(
    "answer", [refusal(400, "InvalidArgument"), replace(refusal(400), error_code="InvalidArgument")]
)
def test_the_error_is_no_finding(answer: Answer) -> None:
    assert judged(NEW, BAD, answer).findings == ()


def test_the_right_code_with_another_status_is_a_finding() -> None:
    assert only(judged(NEW, BAD, refusal(403, "InvalidArgument")))[2] is Kind.ERROR


def test_an_error_of_head_is_judged_by_its_status() -> None:
    result = judged(UNDER_SSE_C, head(), Answer(status=400, succeeded=False))
    assert result.findings == ()
    assert only(judged(UNDER_SSE_C, head(), Answer(status=403, succeeded=False)))[2] is Kind.ERROR


def test_any_code_fits_where_none_is_named() -> None:
    assert judged(NEW, put(sse="aws:fsx"), refusal(400, "Whatever")).findings == ()
    assert only(judged(NEW, put(sse="aws:fsx"), refusal(501, "Whatever")))[2] is Kind.ERROR


def test_a_status_that_is_not_stated_fits() -> None:
    assert judged(NEW, BAD, refusal(None, "InvalidArgument")).findings == ()
    stated = replace(honest(NEW, put()), status=None)
    assert judged(NEW, put(), stated).findings == ()


def test_another_status_of_a_success_is_a_finding() -> None:
    result = judged(NEW, put(), replace(honest(NEW, put()), status=201))
    clause = "bucket-default/base-is-sse-s3"
    assert only(result) == (clause, "status", Kind.STATUS, Severity.COSMETIC)


def test_a_missing_header_is_a_finding_of_the_clause_that_shows_it() -> None:
    result = judged(NEW, put(), honest(NEW, put(), sse=None))
    clause = "answer-headers/sse-s3-is-shown"
    assert only(result) == (clause, SSE, Kind.MISSING, Severity.MINOR)
    assert result.findings[0].observed == "absent"


def test_a_header_that_must_be_absent_is_a_finding() -> None:
    result = judged(NEW, put(), honest(NEW, put(), flag="false"))
    clause = "answer-headers/no-bucket-key-is-not-shown"
    assert only(result) == (clause, BUCKET_KEY, Kind.UNEXPECTED, Severity.MINOR)


def test_other_data_are_a_finding() -> None:
    result = judged(STORED, get(), honest(STORED, get(), body=b"x"))
    clause = "reading/returns-what-was-written"
    assert only(result) == (clause, BODY, Kind.DIFFERENT, Severity.CRITICAL)
    assert result.findings[0].observed == "1 other bytes"


def test_encryption_in_a_refusal_is_a_finding() -> None:
    answer = Answer(
        status=400, succeeded=False, error_code="InvalidRequest", fields={SSE: "AES256"}
    )
    result = judged(UNDER_SSE_C, get(), answer)
    clause = "answer-headers/refusals-show-no-encryption"
    assert only(result) == (clause, SSE, Kind.UNEXPECTED, Severity.MINOR)


def test_what_a_404_must_show_another_refusal_need_not() -> None:
    marked = after(create(), enable(), put(), delete())
    others = get(expected_bucket_owner="123412341234")
    for denied in (refusal(403, "AccessDenied"), refusal(None, "AccessDenied")):
        assert judged(marked, others, denied).findings == ()
    for missing in (refusal(404, "NoSuchKey"), refusal(None, "NoSuchKey")):
        found = only(judged(marked, others, missing))
        assert found[:3] == ("versioning/marker-tells-of-itself", DELETE_MARKER, Kind.MISSING)
    told = refusal(404, "NoSuchKey", **{DELETE_MARKER: "true"})
    assert judged(marked, others, told).findings == ()


def test_of_an_answer_that_states_neither_status_nor_code_nothing_is_missing() -> None:
    marked = after(create(), enable(), put(), delete())
    unstated = Answer(status=None, succeeded=False)
    assert judged(marked, get(), unstated).findings == ()


def test_what_an_observation_does_not_state_is_not_missing() -> None:
    part = Answer(status=200, succeeded=True, error_code=None, complete=False)
    assert judged(NEW, put(), part).findings == ()
    refused = replace(refusal(400, "InvalidArgument"), complete=False)
    assert judged(NEW, BAD, refused).findings == ()


def test_of_what_must_be_done_the_clause_leads_that_says_most_of_the_request() -> None:
    refused = refusal(400, "InvalidRequest")
    result = judged(STORED, copy_in_place(**customer()), refused)
    leading, *others = result.findings[0].clauses
    assert leading == "copy/in-place-under-another-customer-key-succeeds"
    assert "precedence/sse-c-overrides-the-default" in others
    elsewhere = judged(STORED, copy(**customer()), refused).findings[0].clauses
    assert elsewhere == tuple(others)


def test_another_encryption_than_was_asked_for_is_a_finding_of_the_decision() -> None:
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    result = judged(NEW, request, honest(NEW, put()))
    clause = "precedence/kms-overrides-the-default"
    assert only(result) == (clause, SSE, Kind.DIFFERENT, Severity.CRITICAL)
    found = result.findings[0]
    assert found.clauses == (clause, "answer-headers/sse-kms-is-shown")
    assert {m.field for m in found.differences} == {SSE, KMS_KEY_ID, ETAG}


def test_no_encryption_where_others_are_shown_is_a_finding_of_the_decision() -> None:
    result = judged(NEW, put(**customer()), honest(NEW, put()))
    clause = "precedence/sse-c-overrides-the-default"
    assert only(result) == (clause, CUSTOMER_ALGORITHM, Kind.MISSING, Severity.CRITICAL)


def test_another_key_is_a_finding_of_the_decision() -> None:
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    result = judged(NEW, request, honest(NEW, request, key=OTHER_KEY_ARN))
    assert only(result) == (
        "precedence/named-key-is-used",
        KMS_KEY_ID,
        Kind.DIFFERENT,
        Severity.MAJOR,
    )


def test_another_form_of_the_key_is_a_finding_of_the_answer() -> None:
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    result = judged(NEW, request, honest(NEW, request, key=KEY_ID))
    clause = "answer-headers/kms-key-is-shown-by-arn"
    assert only(result) == (clause, KMS_KEY_ID, Kind.DIFFERENT, Severity.MINOR)


def test_a_bucket_key_that_nobody_wanted_is_a_finding_of_the_decision() -> None:
    request = put(sse="aws:kms", bucket_key_enabled="false")
    result = judged(NEW, request, honest(NEW, request, flag="true"))
    clause = "precedence/bucket-key-header-wins"
    assert only(result) == (clause, BUCKET_KEY, Kind.UNEXPECTED, Severity.MINOR)


def test_a_servers_failure_is_no_refusal_that_is_merely_allowed() -> None:
    request = put(sse="AES256", bucket_key_enabled="true")
    (finding,) = judged(NEW, request, refusal(500, "InternalError")).findings
    assert finding.clause == "precedence/aes256-overrides-the-default"
    assert finding.kind is Kind.REFUSED


def test_what_may_be_refused_is_not_therefore_missing() -> None:
    request = put(sse="AES256", bucket_key_enabled="true")
    (finding,) = judged(NEW, request, refusal(404, "NoSuchKey")).findings
    assert finding.clause == "precedence/aes256-overrides-the-default"
    assert finding.kind is Kind.REFUSED


def test_what_an_endpoint_took_over_plain_http_it_has_to_take_again() -> None:
    request = put(sse="aws:kms", secure=False)
    refused = refusal(400, "KMS.NotFoundException")
    before = judged(NEW, request, refused)
    assert not before.findings
    taken = judged(NEW, request, honest(NEW, request)).belief.world
    (finding,) = judged(taken, request, refused).findings
    assert finding.kind is Kind.REFUSED


def test_a_refusal_that_shows_kms_has_not_taken_it() -> None:
    request = put(sse="aws:kms", secure=False)
    refused = refusal(400, "InvalidArgument", **{SSE: "aws:kms"})
    assert not judged(NEW, request, refused).belief.world.context.kms_over_http


@pytest.mark.example
def test_what_no_clause_speaks_of_is_not_judged() -> None:
    request = put(sse="AES256", bucket_key_enabled="true")
    result = judged(NEW, request, refusal(403, "AccessDenied"))
    assert result.findings == ()
    assert result.not_judged == "no clause speaks of what differs"
    assert len(result.expected) == 2


def test_where_nothing_is_known_nothing_is_judged() -> None:
    result = judged(UNKNOWN, get_default(), refusal(403, "AccessDenied"))
    assert result.not_judged == "nothing is known of what it names"


def test_of_an_unknown_bucket_an_odd_status_is_not_judged() -> None:
    answer = Answer(status=202, succeeded=True, error_code=None)
    result = judged(UNKNOWN, get_default(), answer)
    assert result.findings == ()
    assert result.belief.worlds == (UNKNOWN,)


def test_of_an_unknown_object_an_odd_status_teaches_nothing() -> None:
    whole = {BODY_LENGTH: AS_ANNOUNCED}
    answer = Answer(status=206, succeeded=True, error_code=None, fields=whole)
    result = judged(UNKNOWN, get(), answer)
    assert result.findings == ()
    assert result.belief.worlds == (UNKNOWN,)


def test_what_the_model_does_not_speak_of_is_not_judged() -> None:
    request = Unmodelled(http=HttpRequest("PUT", bucket=BUCKET, path=f"/{OBJECT}"))
    result = judged(STORED, request, refusal(400, "x"))
    assert result.not_judged == "PUT /object is outside the model"
    assert result.belief.world.object(BUCKET, OBJECT) is Presence.UNKNOWN


def test_what_the_model_does_not_speak_of_makes_no_bucket() -> None:
    request = Unmodelled(http=HttpRequest("PUT", bucket="none", path="/k", query=(("odd", ""),)))
    after = judged(EMPTY, request, refusal(501, "NotImplemented")).belief
    missing = put_default("no-such-algorithm", bucket="none")
    assert judge(after, missing, refusal(404, "NoSuchBucket")).findings == ()


def test_a_target_that_is_not_available_is_not_judged() -> None:
    result = judged(NEW, put(), refusal(503, "SlowDown"))
    assert "503" in result.not_judged
    assert len(result.belief.worlds) == 2


def test_an_answer_picks_the_worlds_that_allow_it() -> None:
    made = judged(UNDECIDED, create(), Answer(status=200, succeeded=True, error_code=None))
    assert len(made.belief.worlds) == 2
    refused = judge(made.belief, put(**customer()), refusal(403, "AccessDenied"))
    assert refused.findings == ()
    (left,) = refused.belief.worlds
    assert left.buckets == after(create(), start=BLOCKING).buckets


def test_a_key_that_comes_out_of_nowhere_is_reported_as_the_copy_it_came_with() -> None:
    request = copy(sse="aws:kms", kms_key_id=KEY_ID, **source_customer())
    answer = honest(UNDER_SSE_C, request, key=OTHER_KEY_ARN)
    assert only(judged(UNDER_SSE_C, request, answer))[0] == "precedence/named-key-is-used"


def test_the_type_of_a_checksum_that_is_not_shown_is_no_finding_of_its_own() -> None:
    changes: dict[str, Value] = {CRC64NVME.header: None, CHECKSUM_TYPE: None}
    found = judged(NEW, put(), honest(NEW, put(), **changes)).findings
    assert [one.field for one in found] == [CRC64NVME.header]
    (found_alone,) = judged(NEW, put(), honest(NEW, put(), **{CHECKSUM_TYPE: None})).findings
    assert found_alone.field == CHECKSUM_TYPE


def test_outcomes_are_told_as_a_reader_says_them() -> None:
    success = first_success(STORED, head())
    assert describe(success).startswith("200 with ")
    assert f"{SSE}: AES256" in describe(success)
    assert "absent" not in describe(success)
    (refused,) = predict(NEW, BAD).outcomes
    assert describe(refused) == "400 InvalidArgument"
    assert describe(first_success(EMPTY, create())) == "200"
    assert describe(first_success(STORED, delete())) == "204"


def test_another_default_than_was_put_is_a_finding() -> None:
    world = after(create(), put_default("aws:kms", KEY_ARN))
    answer = honest(world, get_default(), **{ALGORITHM: "AES256"})
    assert only(judged(world, get_default(), answer)) == (
        "bucket-configuration/shows-the-algorithm",
        ALGORITHM,
        Kind.DIFFERENT,
        Severity.MAJOR,
    )


@pytest.mark.example
def test_lost_metadata_are_one_finding() -> None:
    stored = put(metadata=(("color", "blue"), ("shape", "round")))
    world = after(create(), stored)
    shown: dict[str, str | bytes | None] = {SSE: "AES256", BODY: DATA, ETAG: md5_hex(DATA)}
    shown[BODY_LENGTH] = AS_ANNOUNCED
    answer = Answer(status=200, succeeded=True, error_code=None, fields=shown)
    (finding,) = judged(world, get(), answer).findings
    assert finding.field == "x-amz-meta-*"
    assert len(finding.differences) == 2


def test_a_failure_rules_no_world_out_and_is_held_against_the_likeliest() -> None:
    world = after(create(), start=UNDECIDED)
    blocked = world.with_bucket(
        BUCKET, replace(world.existing(BUCKET), blocked=frozenset({"SSE-C"}))
    )
    failed = Answer(status=500, succeeded=False, error_code="InternalError")
    judged = judge(Belief((world, blocked)), put(**customer()), failed)
    assert [f.clause for f in judged.findings] == [
        "blocked-encryption-types/unblocked-bucket-takes-sse-c"
    ]
    left = {w.existing(BUCKET).blocked for w in judged.belief.worlds}
    assert left == {frozenset(), frozenset({"SSE-C"})}


def test_a_read_without_the_key_is_blamed_unless_the_object_is_another_now() -> None:
    world = after(create(), put(**customer()), put_default("aws:kms"))
    version = world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert isinstance(version.encryption, SseC)
    still = {CUSTOMER_ALGORITHM: "AES256", CUSTOMER_KEY_MD5: version.encryption.customer_key_md5}
    for shown, clause in (
        (still, "sse-c-object/read-needs-the-key"),
        ({SSE: "aws:kms"}, "reading/new-default-keeps-the-objects"),
    ):
        answer = Answer(status=200, succeeded=True, error_code=None, fields={**shown, BODY: DATA})
        (found,) = judge(Belief((world,)), get(), answer).findings
        assert found.clause == clause


def test_a_read_of_what_was_deleted_is_blamed_on_the_deletion() -> None:
    world = after(create(), put(), delete())
    answer = Answer(status=200, succeeded=True, error_code=None, fields={BODY: DATA})
    assert judge(Belief((world,)), get(), answer).findings


def test_what_else_is_wrong_where_a_request_was_taken_stands_beside() -> None:
    request = put(**customer(customer_key_md5="wrong"))
    (unlooked,) = judged(NEW, request, honest(NEW, put())).findings
    assert unlooked.clause == "sse-c/key-md5-must-match"
    blamed = {clause_id for one in unlooked.beside for clause_id in one.because}
    assert "precedence/sse-c-overrides-the-default" in blamed
    (looked_at,) = judged(NEW, request, honest(NEW, put(**customer()))).findings
    assert looked_at.beside == ()
