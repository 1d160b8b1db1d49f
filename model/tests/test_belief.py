"""What is believed after answers: one defect is reported once, and doubts are settled later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model import wire
from model.answer import ETAG, SOURCE_VERSION_ID, Answer
from model.clause import Keep, Law
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OBJECT,
    REGION,
    UNKNOWN,
    after,
    copy,
    copy_in_place,
    create,
    customer,
    delete,
    delete_default,
    get,
    get_default,
    head,
    put,
    put_default,
)
from model.clauses.tests.words_versioning import attributes, enable, list_objects
from model.findings import Kind, Severity
from model.judge import MAX_WORLDS, Belief, Judgement, judge, without_answer
from model.listing import ETAG as ETAG_ELEMENT
from model.messages import BodyEnd, HttpResponse
from model.operation import existing_bucket, key_of_arn
from model.operations.get_bucket_encryption import ALGORITHM
from model.operations.get_bucket_encryption import KEY_ID as DEFAULT_KEY
from model.operations.kms import EnableKey
from model.request import BUCKET_KEY, CUSTOMER_ALGORITHM, KMS_KEY_ID, SSE
from model.sse import DsseKms, SseKms, SseS3, md5_hex
from model.stored import ObjectVersion, Presence
from model.tests.test_judge import BAD, NEW, STORED, UNDER_KEY, honest, only, refusal

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import Bucket, World

pytestmark = pytest.mark.example

MISSING = refusal(404, "NoSuchKey")
FAILED = refusal(500, "InternalError")
KEPT = "reading/refused-write-keeps-the-object"


def play(world: World, *exchanges: tuple[Operation, Answer]) -> list[Judgement]:
    """Judge one exchange after the other."""
    belief = Belief((world,))
    found = []
    for request, answer in exchanges:
        found.append(judge(belief, request, answer))
        belief = found[-1].belief
    return found


def findings(world: World, *exchanges: tuple[Operation, Answer]) -> list[int]:
    """Return how many findings each exchange gave."""
    return [len(one.findings) for one in play(world, *exchanges)]


def bucket_in(judgement: Judgement) -> Bucket:
    found = existing_bucket(judgement.belief.world, BUCKET)
    assert found is not None
    return found


def test_a_header_that_is_always_missing_is_reported_once() -> None:
    write = honest(NEW, put(), sse=None)
    read = honest(STORED, get(), sse=None)
    assert findings(NEW, (put(), write), (get(), read), (get(), read)) == [1, 0, 0]


def test_a_header_that_was_missing_once_may_come_back() -> None:
    write = honest(NEW, put(), sse=None)
    assert findings(NEW, (put(), write), (get(), honest(STORED, get()))) == [1, 0]


def test_where_sse_s3_was_not_shown_its_clauses_are_still_asked() -> None:
    write = honest(NEW, put(), sse=None)
    refused = refusal(400, "InvalidRequest")
    judged = play(NEW, (put(), write), (copy_in_place(), refused))[1]
    assert "copy/in-place-without-a-change-is-refused" in judged.fired
    assert findings(NEW, (put(), write), (copy_in_place(), MISSING)) == [1, 1]


def test_what_was_missing_once_and_is_wrong_now_is_no_header_too_many() -> None:
    write = honest(NEW, put(), sse=None)
    wrong = honest(STORED, head(), sse="aws:kms")
    found = play(NEW, (put(), write), (head(), wrong))[1].findings
    assert [(one.field, one.kind) for one in found] == [(SSE, Kind.DIFFERENT)]


def test_where_a_kms_key_was_not_shown_nothing_is_believed() -> None:
    asked = put(sse="aws:kms")
    judged = play(NEW, (asked, honest(NEW, asked, sse=None, key=None)))[0]
    version = judged.belief.world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert version.encryption is None


def test_a_wrong_etag_is_reported_once() -> None:
    etag = md5_hex(b"not the data")
    write = honest(NEW, put(), **{ETAG: etag})
    read = honest(STORED, head(), **{ETAG: etag})
    assert findings(NEW, (put(), write), (head(), read)) == [1, 0]


def test_an_etag_that_changed_after_it_was_wrong_is_reported_again() -> None:
    write = honest(NEW, put(), **{ETAG: md5_hex(b"not the data")})
    read = honest(STORED, head(), **{ETAG: "another"})
    assert findings(NEW, (put(), write), (head(), read)) == [1, 1]


def test_an_etag_that_one_read_shows_wrongly_is_held_against_no_other_answer() -> None:
    wrong = honest(STORED, head(), **{ETAG: "another"})
    others = (get(), list_objects(), attributes(), head(if_match=f'"{md5_hex(DATA)}"'))
    right = [(request, honest(STORED, request)) for request in others]
    assert findings(STORED, (head(), wrong), *right, (head(), wrong)) == [1, 0, 0, 0, 0, 0]


def test_an_etag_that_all_answers_show_wrongly_is_reported_once() -> None:
    wrong = honest(STORED, head(), **{ETAG: "another"})
    listed = honest(STORED, list_objects(), **{f"{ETAG_ELEMENT} of {OBJECT}": "another"})
    told = honest(STORED, attributes(), **{ETAG_ELEMENT: "another"})
    steps = ((head(), wrong), (list_objects(), listed), (attributes(), told))
    assert findings(STORED, *steps) == [1, 0, 0]
    assert findings(STORED, *steps[1:]) == [1, 1]


def test_a_read_that_leaves_the_etag_out_changes_no_belief_of_it() -> None:
    without = honest(STORED, head(), **{ETAG: None})
    other = honest(STORED, list_objects(), **{f"{ETAG_ELEMENT} of {OBJECT}": "another"})
    assert findings(STORED, (head(), without), (list_objects(), other)) == [1, 1]


def test_other_data_are_reported_once() -> None:
    read = honest(STORED, get(), body=b"other data")
    assert findings(STORED, (get(), read), (get(), read)) == [1, 0]


def test_another_encryption_is_reported_once_and_believed() -> None:
    write = honest(NEW, put())
    read = honest(STORED, get())
    results = play(NEW, (put(sse="aws:kms"), write), (get(), read))
    assert [len(r.findings) for r in results] == [1, 0]
    version = results[0].belief.world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert (version.encryption, version.decided_by) == (SseS3(), ())


def test_kms_where_nobody_asked_for_it_is_believed_with_its_key() -> None:
    arn = KEY_ARN.replace(KEY_ID, NO_KEY_ID)
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    write = honest(NEW, request, key=arn)
    (result,) = play(NEW, (put(), write))
    version = result.belief.world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert version.encryption == SseKms(NO_KEY_ID)
    assert result.belief.world.keys[NO_KEY_ID].arn == arn


def test_dsse_where_kms_was_asked_for_is_believed_with_its_key() -> None:
    arn = KEY_ARN.replace(KEY_ID, NO_KEY_ID)
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    (result,) = play(NEW, (request, honest(NEW, request, sse="aws:kms:dsse", key=arn)))
    version = result.belief.world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert version.encryption == DsseKms(NO_KEY_ID)
    assert result.belief.world.keys[NO_KEY_ID].arn == arn


@pytest.mark.parametrize("key_id", [NO_KEY_ID, KEY_ID])
def test_another_key_is_reported_once_and_believed(key_id: str) -> None:
    request = put(sse="aws:kms")
    world = after(create(), put("other", sse="aws:kms"))
    arn = KEY_ARN.replace(KEY_ID, key_id)
    write = honest(world, request, key=arn)
    read = honest(after(request, start=world), get(), key=arn, etag=write.text(ETAG))
    assert findings(world, (request, write), (get(), read)) == [1, 0]


@pytest.mark.parametrize("text", [None, KEY_ID, "alias/unknown"])
def test_another_form_of_the_key_does_not_change_the_key(text: str | None) -> None:
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    write = honest(NEW, request, key=text)
    wrong = honest(UNDER_KEY, get(), key=text, etag=write.text(ETAG))
    right = honest(UNDER_KEY, get(), etag=write.text(ETAG))
    results = play(NEW, (request, write), (get(), wrong), (get(), right))
    assert [len(r.findings) for r in results] == [1, 0, 0]
    version = results[0].belief.world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert version.encryption == SseKms(KEY_ID)


def test_a_key_shown_of_an_sse_s3_object_makes_no_key_known() -> None:
    arn = KEY_ARN.replace(KEY_ID, NO_KEY_ID)
    (result,) = play(NEW, (put(), honest(NEW, put(), key=arn)))
    assert only(result)[0] == "answer-headers/no-kms-key-without-kms"
    assert NO_KEY_ID not in result.belief.world.keys


def test_a_customer_algorithm_beside_aes256_leaves_the_encryption_open() -> None:
    write = honest(NEW, put(), sse=None, c="AES256")
    (result,) = play(NEW, (put(), write))
    version = result.belief.world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert version.encryption is None


def test_a_wrong_default_is_reported_once_and_believed() -> None:
    world = after(create(), put_default("aws:kms", KEY_ARN))
    shown = honest(world, get_default(), **{ALGORITHM: "AES256", DEFAULT_KEY: None})
    results = play(
        world, (get_default(), shown), (get_default(), shown), (put(), honest(NEW, put()))
    )
    assert [len(r.findings) for r in results] == [1, 0, 0]


def test_a_write_that_was_refused_wrongly_stored_nothing() -> None:
    assert findings(NEW, (put(), refusal(403, "AccessDenied")), (get(), MISSING)) == [1, 0]


def test_a_write_that_was_taken_wrongly_may_have_stored_anything() -> None:
    results = play(NEW, (BAD, honest(NEW, put())), (get(), honest(STORED, get())))
    assert [len(r.findings) for r in results] == [1, 0]
    assert results[0].belief.world.object(BUCKET, OBJECT) is Presence.UNKNOWN
    assert findings(NEW, (BAD, honest(NEW, put())), (get(), MISSING)) == [1, 0]


def test_a_write_into_a_missing_bucket_that_was_taken_leaves_the_bucket_unknown() -> None:
    (result,) = play(EMPTY, (put(), honest(NEW, put())))
    assert result.belief.world.bucket(BUCKET) is Presence.UNKNOWN


def test_a_default_for_a_missing_bucket_that_was_taken_changes_no_belief() -> None:
    taken = Answer(status=200, succeeded=True, error_code=None)
    (result,) = play(EMPTY, (put_default(), taken))
    assert result.belief.worlds == (EMPTY,)


def test_a_default_that_was_taken_wrongly_leaves_the_default_unknown() -> None:
    taken = Answer(status=200, succeeded=True, error_code=None)
    (result,) = play(NEW, (put_default("AES256", KEY_ARN), taken))
    assert (bucket_in(result).rule, bucket_in(result).explicit) == (None, None)


def test_a_read_that_was_answered_wrongly_changes_no_belief() -> None:
    (result,) = play(NEW, (get(), honest(STORED, get())))
    assert len(result.findings) == 1
    assert result.belief.worlds == (NEW,)


def test_a_write_that_failed_may_have_been_done() -> None:
    (result,) = play(NEW, (put(), FAILED))
    assert len(result.findings) == 1
    assert result.belief.world.object(BUCKET, OBJECT) is Presence.UNKNOWN


def test_a_refusal_that_failed_may_have_been_done_all_the_same() -> None:
    (result,) = play(NEW, (BAD, FAILED))
    assert len(result.findings) == 1
    assert result.belief.world.object(BUCKET, OBJECT) is Presence.UNKNOWN


def test_a_reset_that_failed_leaves_the_default_unknown() -> None:
    (result,) = play(NEW, (delete_default(), FAILED))
    assert bucket_in(result).rule is None


def test_a_deletion_with_an_odd_status_was_done() -> None:
    answer = Answer(status=200, succeeded=True, error_code=None)
    # A deletion is answered with 204, but the object is gone all the same.
    assert findings(STORED, (delete(), answer), (get(), MISSING)) == [1, 0]


def test_without_an_answer_a_write_was_done_or_not() -> None:
    unsure = without_answer(Belief((NEW,)), put())
    assert unsure.not_judged == "no answer came"
    assert len(unsure.belief.worlds) == 2
    assert judge(unsure.belief, get(), MISSING).belief.worlds == (NEW,)
    done = judge(unsure.belief, get(), honest(STORED, get()))
    assert done.belief.worlds == (STORED,)
    wrong = judge(unsure.belief, get(), honest(STORED, get(), body=b"x"))
    assert only(wrong)[0] == "reading/returns-what-was-written"


def test_without_an_answer_a_refused_write_was_not_done() -> None:
    assert without_answer(Belief((NEW,)), BAD).belief.worlds == (NEW,)


def test_without_an_answer_a_read_changes_nothing() -> None:
    assert without_answer(Belief((STORED,)), get()).belief.worlds == (STORED,)


def broken_off(request: Operation, status: int, body: bytes, *headers: tuple[str, str]) -> Answer:
    """Return what there is of an answer whose body breaks off."""
    announced = ("content-length", str(len(body) + 9))
    response = HttpResponse(status, (announced, *headers), body, BodyEnd.BROKEN_OFF)
    return wire.read_answer(request, response)


def test_a_write_whose_answer_broke_off_was_done_or_not() -> None:
    shown = [(n, v) for n, v in honest(NEW, put()).fields.items() if isinstance(v, str)]
    answer = broken_off(put(), 200, b"", *shown)
    assert answer.summary == "200, the body broke off"
    unsure = judge(Belief((NEW,)), put(), answer)
    assert unsure == replace(
        without_answer(Belief((NEW,)), put()), not_judged="the body of the answer broke off"
    )
    assert unsure.unanswered


def test_a_write_whose_answer_is_wrong_and_broke_off_was_done_or_not() -> None:
    result = judge(Belief((NEW,)), put(), broken_off(put(), 200, b""))
    assert {f.kind for f in result.findings} == {Kind.MISSING}
    assert result.belief == without_answer(Belief((NEW,)), put()).belief
    assert not result.unanswered


def test_a_refusal_that_broke_off_is_no_finding_where_it_told_what_it_is() -> None:
    told = b"<Error><Code>NoSuchKey</Code></Error>"
    result = judge(Belief((NEW,)), get(), broken_off(get(), 404, told))
    assert (result.findings, result.unanswered) == ((), True)
    cut = judge(Belief((NEW,)), get(), broken_off(get(), 404, told[:-9]))
    assert [f.observed for f in cut.findings] == ["404, the body broke off"]


def test_a_list_that_broke_off_names_nothing() -> None:
    cut = broken_off(list_objects(), 200, b"<ListBucketResult><Contents><Key>obj")
    result = judge(Belief((STORED,)), list_objects(), cut)
    assert {f.kind for f in result.findings} == {Kind.MISSING}
    assert result.belief.worlds == (STORED,)


def test_each_read_that_breaks_off_is_a_finding_and_tells_nothing_of_the_object() -> None:
    unknown = STORED.with_object(BUCKET, OBJECT, ObjectVersion(encryption=SseS3(), body=None))
    answer = broken_off(get(), 200, b"some", (SSE, "AES256"), ("etag", '"e"'))
    *cut, whole = play(unknown, (get(), answer), (get(), answer), (get(), honest(STORED, get())))
    for one in cut:
        (finding,) = one.findings
        assert finding.clause == "reading/body-is-as-long-as-announced"
        assert finding.title == "GetObject showed another body length"
        assert finding.severity is Severity.CRITICAL
        assert one.belief.worlds == (unknown,)
    assert whole.findings == ()


def test_a_belief_of_too_many_worlds_is_lost() -> None:
    belief = Belief((NEW,))
    number = 0
    while not belief.lost:
        assert len(belief.worlds) <= MAX_WORLDS
        belief = without_answer(belief, put(f"object {number}")).belief
        number += 1
    assert (number, len(belief.worlds)) == (7, 1)
    result = judge(belief, get(), honest(STORED, get()))
    assert result.belief is belief
    assert result.not_judged == "the state before it could not be followed"
    still = without_answer(belief, put()).belief
    assert still == belief


def test_a_refused_write_that_changed_the_object_is_found_by_the_next_read() -> None:
    request = put(body=b"new data", sse="x")
    read = honest(STORED, get(), body=b"new data", etag=md5_hex(b"new data"))
    refused = refusal(400, "InvalidArgument")
    results = play(STORED, (request, refused), (get(), read), (get(), read))
    assert [len(r.findings) for r in results] == [0, 2, 0]
    found = results[1].findings[0]
    assert (found.clause, found.clauses[1:]) == (KEPT, ("reading/returns-what-was-written",))


def test_a_refused_write_that_removed_the_object_is_found_by_the_next_read() -> None:
    results = play(STORED, (BAD, refusal(400, "InvalidArgument")), (get(), MISSING))
    (found,) = results[1].findings
    assert (found.clause, found.severity.value) == (KEPT, "critical")


def test_a_refused_write_that_stored_an_object_is_found_by_the_next_read() -> None:
    refused = refusal(400, "InvalidArgument")
    results = play(NEW, (BAD, refused), (get(), honest(STORED, get())))
    assert only(results[1])[0] == KEPT


def test_a_read_that_was_taken_wrongly_says_nothing_of_a_refused_write() -> None:
    refused = refusal(400, "InvalidArgument")
    results = play(STORED, (BAD, refused), (get(sse="AES256"), honest(STORED, get())))
    assert only(results[1])[0] == "request/algorithm-on-a-read-is-refused"


def test_a_refused_write_that_kept_the_object_is_shown_by_the_next_read() -> None:
    refused = refusal(400, "InvalidArgument")
    read = honest(STORED, get())
    results = play(STORED, (BAD, refused), (get(), read), (get(), read))
    assert [KEPT in r.fired for r in results] == [True, True, False]
    assert bucket_in(results[1]).suspects == {}


def test_a_refused_write_that_stored_nothing_is_shown_by_the_next_read() -> None:
    results = play(
        NEW, (BAD, refusal(400, "InvalidArgument")), (head(), Answer(status=404, succeeded=False))
    )
    assert KEPT in results[1].fired


def test_a_refused_read_shows_nothing_of_what_was_kept() -> None:
    world = after(create(), put(**customer()))
    refused = refusal(400, "InvalidRequest")
    results = play(world, (BAD, refusal(400, "InvalidArgument")), (get(), refused))
    assert KEPT not in results[1].fired
    assert bucket_in(results[1]).suspects


def test_a_new_default_that_changed_an_object_is_found_by_the_next_read() -> None:
    request = put_default("aws:kms", KEY_ARN)
    read = honest(UNDER_KEY, head(), etag=md5_hex(DATA))
    taken = Answer(status=200, succeeded=True, error_code=None)
    results = play(STORED, (request, taken), (head(), read))
    assert only(results[1])[:2] == ("reading/new-default-keeps-the-objects", SSE)


def test_a_copy_that_changed_its_source_is_found_by_the_next_read() -> None:
    request = copy(sse="aws:kms", kms_key_id=KEY_ID)
    read = honest(STORED, get(), body=DATA + b".")
    results = play(STORED, (request, honest(STORED, request)), (get(), read))
    assert only(results[1])[0] == "reading/copy-keeps-its-source"


def test_a_missing_length_is_no_sign_of_another_object() -> None:
    results = play(
        STORED,
        (BAD, refusal(400, "InvalidArgument")),
        (head(), replace(honest(STORED, head()), status=203)),
    )
    assert only(results[1])[0] != KEPT


def test_what_is_learnt_of_the_unknown_is_held_against_later_answers() -> None:
    read = honest(STORED, get())
    results = play(UNKNOWN, (get(), read), (get(), honest(STORED, get(), body=b"x")))
    assert [len(r.findings) for r in results] == [0, 1]
    assert findings(UNKNOWN, (get(), MISSING), (get(), read)) == [0, 1]


def test_a_key_that_is_said_not_to_exist_is_no_finding() -> None:
    assert findings(EMPTY, (EnableKey(key_id=NO_KEY_ID), refusal(400, "NotFoundException"))) == [0]


def test_a_copy_in_place_keeps_no_source() -> None:
    request = copy_in_place(sse="AES256")
    (result,) = play(STORED, (request, honest(STORED, request)))
    assert bucket_in(result).suspects == {}
    assert Keep(Law.SOURCE_OF_COPY).law is Law.SOURCE_OF_COPY


def test_a_flag_that_was_shown_wrongly_once_is_not_reported_again() -> None:
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    write = honest(NEW, request, **{BUCKET_KEY: "false"})
    read = honest(UNDER_KEY, get(), **{BUCKET_KEY: "false", ETAG: write.text(ETAG)})
    assert findings(NEW, (request, write), (get(), read)) == [1, 0]
    assert {KMS_KEY_ID, CUSTOMER_ALGORITHM} <= read.fields.keys()


@pytest.mark.example
def test_the_same_key_id_under_another_arn_is_another_key() -> None:
    """A pool key is not replaced by what an answer shows of a key of another region."""
    world = after(create(), start=EMPTY)
    known = next(key for key in world.keys.values() if key.arn == KEY_ARN)
    foreign = KEY_ARN.replace(REGION, "eu-south-2")
    found = key_of_arn(world, foreign)
    assert found is not None
    assert (found.key_id, found.arn) == (foreign, foreign)
    assert key_of_arn(world, KEY_ARN) == known


@pytest.mark.example
def test_a_key_that_was_only_seen_may_be_the_managed_key() -> None:
    """A target that ignores DSSE-KMS and uses its managed key is not blamed for that key later."""
    arn = KEY_ARN.replace(KEY_ID, "99999999-9999-4999-8999-999999999999")
    shown: dict[str, str | None] = {SSE: "aws:kms", KMS_KEY_ID: arn, ETAG: "0" * 32}
    ignored = Answer(status=200, succeeded=True, error_code=None, fields=shown, complete=False)
    belief = Belief((after(create()),))
    first = judge(belief, put("a", sse="aws:kms:dsse"), ignored)
    assert [f.field for f in first.findings] == [SSE]
    second = judge(first.belief, put("b", sse="aws:kms"), ignored)
    assert second.findings == ()


@pytest.mark.parametrize("stored", ["aws:kms", "AES256"])
def test_a_write_that_shows_another_encryption_may_have_stored_what_was_due(stored: str) -> None:
    write = put(sse="aws:kms")
    told = honest(NEW, write, sse="AES256", key=None)
    read = honest(after(create(), put(sse=stored)), get(), etag=told.fields[ETAG])
    assert findings(NEW, (write, told), (get(), read)) == [1, 0]


def test_what_a_copy_of_another_version_shows_follows_from_that() -> None:
    world = after(create(), enable(), put())
    source = world.object(BUCKET, OBJECT)
    assert isinstance(source, ObjectVersion)
    request = copy(f"{BUCKET}/{OBJECT}?versionId={source.version_id}")
    wrong = {SOURCE_VERSION_ID: "another", "x-amz-checksum-crc64nvme": "AAAAAAAAAAA="}
    answer = honest(world, request)
    answer = replace(answer, fields={**answer.fields, **wrong, ETAG: "0" * 32})
    (result,) = play(world, (request, answer))
    assert [one.field for one in result.findings] == [SOURCE_VERSION_ID]
    copied = result.belief.world.object(BUCKET, "copy")
    assert isinstance(copied, ObjectVersion)
    assert (copied.body, copied.checksums, copied.metadata) == (None, None, None)
