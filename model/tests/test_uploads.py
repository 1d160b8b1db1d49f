"""The operations of an upload in parts: what they do to the world, and what they learn of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model import wire
from model.answer import BODY, ETAG, VERSION_ID, Answer
from model.clauses.tests.notation import (
    BUCKET,
    CUSTOMER_KEY,
    DATA,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    UNDECIDED,
    UNKNOWN,
    after,
    create,
    customer,
    get,
    given,
    head,
    put,
    put_default,
)
from model.clauses.tests.words_forms import checksum
from model.clauses.tests.words_multipart import (
    MD5,
    UPLOAD,
    abort,
    begin,
    complete,
    complete_with,
    etag_of,
    list_parts,
    list_uploads,
    listing,
    part,
    part_copy,
)
from model.completion_document import (
    ListedPart,
    part_from_json,
    part_to_json,
    read_completion,
    write_completion,
)
from model.judge import Belief, judge, without_answer
from model.messages import HttpRequest, HttpResponse
from model.operation import UNKNOWN_KEY
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.list_parts import listed
from model.operations.upload_part_copy import copied_range
from model.parameters import ParameterError, from_parameters, to_parameters
from model.predict import predict
from model.request import CUSTOMER_ALGORITHM, CUSTOMER_KEY_MD5, KMS_KEY_ID, SSE
from model.sse import SseC, SseKms, SseS3, md5_base64, md5_hex
from model.stored import (
    LOST_UPLOAD,
    NEW_UPLOAD,
    MultipartUpload,
    ObjectVersion,
    Presence,
    UploadedPart,
)
from model.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.operation import Operation
    from model.parameter_values import Json

pytestmark = pytest.mark.example

FILLED = after(create(), begin(), part())
DONE = after(create(), begin(), part(), complete())
UNKNOWN_VERSION = ObjectVersion(encryption=None, body=None)


def answered(fields: Mapping[str, Value] | None = None) -> Answer:
    return Answer(status=200, succeeded=True, error_code=None, fields=fields or {})


def refused(status: int, code: str) -> Answer:
    return Answer(status=status, succeeded=False, error_code=code)


def upload_in(world: World, upload_id: str = UPLOAD) -> MultipartUpload:
    found = world.existing(BUCKET).uploads[upload_id]
    assert isinstance(found, MultipartUpload)
    return found


def object_in(world: World) -> ObjectVersion:
    found = world.object(BUCKET, OBJECT)
    assert isinstance(found, ObjectVersion)
    return found


@pytest.mark.parametrize(
    "request_",
    [
        begin(metadata=(("a", "b"),), storage_class="GLACIER", sse="aws:kms"),
        begin(checksum_algorithm="CRC32", checksum_type="FULL_OBJECT"),
        part("7", body=b"\x00", content_md5="x", **customer()),
        part(checksum_sha1="x", checksum_algorithm="SHA1", trailer="x-amz-checksum-sha1"),
        complete_with(write_completion([ListedPart(1, '"e"', (("ChecksumSHA256", "x"),))])),
        part_copy("bucket/ä", copy_source_range="bytes=0-1", source_customer_algorithm="AES256"),
        complete((1, MD5), (2, MD5), **customer()),
        complete_with(b"no list"),
        abort(),
        list_parts(**customer()),
        list_uploads(),
        get(part_number="2"),
        head(part_number="2"),
    ],
    ids=lambda r: r.operation,
)
def test_a_request_is_read_back_from_its_http_form(request_: Operation) -> None:
    assert wire.parse(wire.render(request_), secure=request_.secure) == request_
    assert from_parameters(request_.operation, to_parameters(request_)) == request_


# The document of a completion.


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<Parts/>",
        b"<CompleteMultipartUpload><Piece/></CompleteMultipartUpload>",
        b"<CompleteMultipartUpload><Part><ETag>e</ETag></Part></CompleteMultipartUpload>",
        listing((1, MD5)).replace(b">1<", b">one<"),
        listing((1, MD5)).replace(b"ETag", b"Tag"),
    ],
)
def test_what_is_no_list_of_parts_is_read_as_none(document: bytes) -> None:
    assert read_completion(document) is None
    assert "_document" in to_parameters(complete_with(document))


def test_checksums_in_the_list_are_seen() -> None:
    document = listing((1, MD5)).replace(b"</Part>", b"<ChecksumCRC32>x</ChecksumCRC32></Part>")
    part_read = ListedPart(1, f'"{MD5}"', (("ChecksumCRC32", "x"),))
    assert read_completion(document) == (part_read,)
    assert part_read.has_checksum
    assert write_completion([part_read]) == document
    assert part_from_json(part_to_json(part_read)) == part_read


def test_checksums_of_a_parameter_are_seen() -> None:
    given_part: Json = {"PartNumber": 1, "ETag": "e", "ChecksumSHA1": "x", "ChecksumCRC32": None}
    assert part_from_json(given_part) == ListedPart(1, "e", (("ChecksumSHA1", "x"),))
    assert not ListedPart(1, "e").has_checksum


@pytest.mark.parametrize("part_", [7, {"PartNumber": 1}, {"PartNumber": "x", "ETag": "e"}])
def test_what_is_no_part_is_a_wrong_parameter(part_: Json) -> None:
    params: dict[str, Json] = {"Bucket": "b", "Key": "k", "UploadId": "u"}
    params["MultipartUpload"] = {"Parts": [part_]}
    with pytest.raises(ParameterError):
        from_parameters("CompleteMultipartUpload", params)


def test_a_completion_without_a_list_lists_nothing() -> None:
    params: dict[str, Json] = {"Bucket": "b", "Key": "k", "UploadId": "u"}
    request = from_parameters("CompleteMultipartUpload", params)
    assert request.content() == listing()


# What they do.


def test_an_upload_keeps_its_algorithm_and_a_part_its_right_checksum() -> None:
    steps = (create(), begin(checksum_algorithm="SHA1", checksum_type="COMPOSITE"))
    right = checksum("SHA1")
    upload = upload_in(after(*steps, part(checksum_sha1=right)))
    assert (upload.checksum_algorithm, upload.checksum_type) == ("SHA1", "COMPOSITE")
    assert upload.parts[1].checksums == {"x-amz-checksum-sha1": right}


@pytest.mark.parametrize(
    "request_", [part(), part(checksum_sha1="???"), part(trailer="x-amz-checksum-sha1")], ids=str
)
def test_of_a_part_no_other_checksum_is_known(request_: Operation) -> None:
    upload = upload_in(after(create(), begin(), request_))
    assert upload.parts[1].checksums is None


def test_of_an_obscure_part_no_checksum_is_known() -> None:
    request = part(checksum_sha1=checksum("SHA1"))
    world = request.obscured(after(create(), begin(), request))
    assert upload_in(world).parts[1].checksums is None


def test_an_upload_is_kept_under_the_id_that_its_answer_shows() -> None:
    uploads = FILLED.existing(BUCKET).uploads
    assert set(uploads) == {UPLOAD}
    assert upload_in(FILLED).parts == {1: UploadedPart(body=DATA, etag=MD5)}
    assert upload_in(FILLED).version.encryption == SseS3()
    assert FILLED.object(BUCKET, OBJECT) is Presence.ABSENT


def test_an_upload_whose_id_is_not_shown_may_be_any() -> None:
    world = after(create(), begin())
    effect = begin().effect(world, SseS3())
    unnamed = begin().learn(effect.world, answered())
    bucket = unnamed.existing(BUCKET)
    assert NEW_UPLOAD in bucket.uploads
    assert bucket.upload("other") is Presence.UNKNOWN
    again = begin().learn(begin().effect(unnamed, SseS3()).world, answered({"UploadId": "second"}))
    assert set(again.existing(BUCKET).uploads) == {UPLOAD, "second", LOST_UPLOAD}
    assert again.existing(BUCKET).upload("other") is Presence.UNKNOWN


def test_a_creation_without_an_answer_may_have_made_an_upload() -> None:
    before = Belief((after(create()),))
    worlds = without_answer(before, begin()).belief.worlds
    assert [set(w.existing(BUCKET).uploads) for w in worlds] == [set(), {NEW_UPLOAD}]
    assert LOST_UPLOAD in begin().obscured(worlds[0]).existing(BUCKET).uploads
    assert begin().obscured(UNKNOWN).bucket(BUCKET) is Presence.UNKNOWN


def test_the_encryption_of_an_upload_is_learnt_from_the_answer_that_shows_it() -> None:
    world = after(create(), start=UNDECIDED)
    unsure = world.with_bucket(BUCKET, replace(world.existing(BUCKET), rule=None))
    begun = begin().effect(unsure, None).world
    begun = begin().learn(begun, answered({"UploadId": UPLOAD}))
    assert upload_in(begun).version.encryption is None
    assert part().is_unknown(begun)
    assert complete().is_unknown(begun)
    shown = {SSE: "AES256", ETAG: MD5}
    seen = part().learn(part().effect(begun, None).world, answered(shown))
    assert upload_in(seen).version.encryption == SseS3()
    # Another answer does not change what is known.
    other = {SSE: "aws:kms", ETAG: MD5, KMS_KEY_ID: KEY_ARN}
    same = part("2").learn(part("2").effect(seen, None).world, answered(other))
    assert upload_in(same).version.encryption == SseS3()


def test_the_kms_key_of_an_upload_is_learnt_from_a_part() -> None:
    unsure = MultipartUpload(
        object_key=OBJECT,
        version=ObjectVersion(encryption=SseKms(UNKNOWN_KEY, bucket_key_enabled=False), body=None),
    )
    world = after(create())
    world = world.with_bucket(BUCKET, world.existing(BUCKET).with_upload(UPLOAD, unsure))
    shown = {SSE: "aws:kms", KMS_KEY_ID: KEY_ARN, ETAG: MD5}
    seen = part().learn(part().effect(world, None).world, answered(shown))
    assert upload_in(seen).version.encryption == SseKms(KEY_ID, bucket_key_enabled=False)


def test_the_object_is_made_of_the_listed_parts_in_their_order() -> None:
    large = b"m" * (5 * 1024 * 1024)
    steps = (create(), begin(metadata=(("a", "b"),)), part("1", body=large), part("2"), part("3"))
    world = after(*steps, complete((1, md5_hex(large)), (3, MD5)))
    made = object_in(world)
    assert made.body == large + DATA
    assert made.part_sizes == {1: len(large), 3: len(DATA)}
    assert made.metadata == {"a": "b"}
    assert made.etag is not None
    assert made.etag.endswith("-2")
    assert not world.existing(BUCKET).may_hold_uploads


def test_a_completion_that_is_repeated_changes_nothing() -> None:
    effect = complete().effect(DONE, None)
    assert effect.world is DONE
    assert effect.version is None


def test_an_abort_of_an_upload_that_is_over_changes_nothing_whether_it_is_answered_or_not() -> None:
    for over in (DONE, abort().effect(FILLED, None).world):
        assert abort().effect(over, None).world is over
        assert abort().obscured(over) is over


def test_a_completion_of_an_unknown_upload_leaves_an_object_of_which_nothing_is_known() -> None:
    effect = complete().effect(UNKNOWN, None)
    seen = complete().learn(effect.world, answered({SSE: "AES256", ETAG: "x-1"}))
    made = object_in(seen)
    assert (made.encryption, made.etag, made.body) == (SseS3(), "x-1", None)


def test_what_a_completion_left_is_unknown_where_it_is_not_known_to_have_been_done() -> None:
    world = complete().obscured(FILLED)
    assert world.object(BUCKET, OBJECT) is Presence.UNKNOWN
    assert world.existing(BUCKET).upload(UPLOAD) is Presence.UNKNOWN
    assert complete().obscured(UNKNOWN).bucket(BUCKET) is Presence.UNKNOWN
    assert not complete().is_unknown(DONE)


def test_a_part_that_is_not_known_to_be_there_makes_its_completion_unknown() -> None:
    world = part().obscured(FILLED)
    assert upload_in(world).parts == {1: UploadedPart(body=None)}
    assert complete().is_unknown(world)
    assert not complete((2, MD5)).is_unknown(world)
    assert listed(world, list_parts())["PartNumber"] is None


def test_a_part_that_was_taken_under_no_number_may_be_listed_and_one_that_was_refused_not() -> None:
    world = after(create(), begin(), part())
    shown = {"PartNumber": "1,10001", "ETag": f"{etag_of(3)},{MD5}", "Size": "12,4"}
    longer = Answer(status=200, succeeded=True, error_code=None, fields=shown)
    wrong, others = part("10001"), Belief((world,))
    taken = judge(others, wrong, Answer(status=200, succeeded=True, error_code=None))
    assert [one.clause for one in taken.findings] == ["multipart/part-number-is-from-1-to-10000"]
    assert not judge(taken.belief, list_parts(), longer).findings
    refused = judge(
        others, wrong, Answer(status=400, succeeded=False, error_code="InvalidArgument")
    )
    assert len(judge(refused.belief, list_parts(), longer).findings) == 3


def test_an_abort_ends_an_upload_or_may_have_ended_it() -> None:
    assert abort().effect(FILLED, None).world.existing(BUCKET).upload(UPLOAD) is Presence.ABSENT
    assert abort().obscured(FILLED).existing(BUCKET).upload(UPLOAD) is Presence.UNKNOWN
    assert abort().obscured(UNKNOWN) is UNKNOWN


def test_a_bucket_with_an_upload_in_progress_need_not_be_removable() -> None:
    assert DeleteBucket(bucket=BUCKET).is_unknown(after(create(), begin()))
    assert not DeleteBucket(bucket=BUCKET).is_unknown(after(create(), begin(), abort()))


def test_a_part_of_no_upload_or_of_no_number_is_kept_nowhere() -> None:
    for request in (part("0"), part(upload="none")):
        assert request.effect(FILLED, None).world is FILLED
        assert request.with_subject(FILLED, UNKNOWN_VERSION) is FILLED
    assert part("2").subject(FILLED) is Presence.ABSENT
    assert part(upload="none").subject(FILLED) is Presence.ABSENT
    assert part(upload="").subject(FILLED) is Presence.UNKNOWN


def test_a_creation_that_is_not_in_the_world_has_no_subject() -> None:
    assert begin().subject(UNKNOWN) is Presence.UNKNOWN
    assert begin().subject(FILLED) is Presence.UNKNOWN


def test_whether_sse_c_is_blocked_must_be_known_for_a_part_with_a_key() -> None:
    world = after(create(), begin(**customer()))
    unsure = world.with_bucket(BUCKET, replace(world.existing(BUCKET), blocked=None))
    assert part(**customer()).is_unknown(unsure)
    assert not part().is_unknown(unsure)


def test_a_part_copied_from_what_is_not_known_is_not_known() -> None:
    world = after(create(), begin())
    assert part_copy("elsewhere/source").is_unknown(replace(world, context=UNKNOWN.context))
    assert part_copy(upload="").is_unknown(world)
    assert not part_copy("nothing").is_unknown(world)
    assert part_copy("nothing").copied(world) is None


@pytest.mark.parametrize(
    ("text", "length", "wanted"),
    [
        ("bytes=0-3", 4, (0, 4)),
        ("bytes=3-3", 4, (3, 4)),
        ("bytes=0-4", 4, None),
        ("bytes=3-2", 4, None),
        ("bytes=0-", 4, None),
        ("0-3", 4, None),
    ],
)
def test_a_copied_range_names_both_ends_within_the_source(
    text: str, length: int, wanted: tuple[int, int] | None
) -> None:
    assert copied_range(text, length) == wanted


# What a refusal tells.


@pytest.mark.parametrize("request_", [part(), complete(), abort(), list_parts()])
def test_a_404_tells_that_an_unknown_upload_is_not_there(request_: Operation) -> None:
    bucket = after(create())
    unsure = bucket.with_bucket(
        BUCKET, bucket.existing(BUCKET).with_upload(LOST_UPLOAD, Presence.UNKNOWN)
    )
    told = request_.learn_refusal(unsure, refused(404, "NoSuchUpload"))
    assert told.existing(BUCKET).uploads[UPLOAD] is Presence.ABSENT
    assert request_.learn_refusal(unsure, refused(404, "NoSuchKey")) is unsure
    assert request_.learn_refusal(FILLED, refused(404, "NoSuchUpload")) is FILLED
    gone = request_.learn_refusal(UNKNOWN, refused(404, "NoSuchBucket"))
    assert gone.bucket(BUCKET) is Presence.ABSENT


def test_a_404_tells_that_an_unknown_bucket_has_no_uploads() -> None:
    gone = list_uploads().learn_refusal(UNKNOWN, refused(404, "NoSuchBucket"))
    assert gone.bucket(BUCKET) is Presence.ABSENT
    assert list_uploads().learn_refusal(FILLED, refused(404, "NoSuchBucket")) is FILLED


# What S3 chose, and what undoes it.


def test_what_s3_chose_is_told_by_the_answers() -> None:
    assert begin().chosen(answered({"UploadId": "id"})) == ("id",)
    assert begin().chosen(answered()) == ("",)
    assert part().chosen(answered({ETAG: "e"})) == ("e",)
    assert complete().chosen(answered({VERSION_ID: "v", ETAG: "e-1"})) == ("v", "e-1")


def test_an_upload_is_undone_by_its_abort_and_a_completion_by_a_deletion() -> None:
    (undone,) = begin().undone_by(answered({"UploadId": "id"}))
    assert undone == AbortMultipartUpload(bucket=BUCKET, object_key=OBJECT, upload_id="id")
    assert begin().undone_by(refused(400, "InvalidArgument")) == begin().undone_by(None) == ()
    (deletion,) = complete().undone_by(None)
    assert deletion == DeleteObject(bucket=BUCKET, object_key=OBJECT)


# Answers with documents.


def test_a_list_of_parts_is_read_as_it_was_written() -> None:
    world = after(create(), begin(), part("1"), part("3", body=b"ab"))
    response = wire.write_answer(list_parts(), answered(), world)
    read = wire.read_answer(list_parts(), response)
    assert read.value("PartNumber") == "1,3"
    assert read.value("ETag") == f"{MD5},{md5_hex(b'ab')}"
    assert read.value("Size") == "9,2"


def test_a_list_of_uploads_is_read_as_it_was_written() -> None:
    fields = {"Uploads": f"{UPLOAD},made-up"}
    response = wire.write_answer(list_uploads(), answered(fields), FILLED)
    assert b"<Key>object</Key>" in response.body
    assert wire.read_answer(list_uploads(), response).value("Uploads") == f"{UPLOAD},made-up"
    none = wire.write_answer(list_uploads(), answered(), FILLED)
    assert wire.read_answer(list_uploads(), none).value("Uploads") == ""
    elsewhere = wire.write_answer(list_uploads(), answered(fields), World())
    assert b"<Key>unknown</Key>" in elsewhere.body


def test_a_document_that_cannot_be_read_tells_nothing() -> None:
    for request in (list_parts(), list_uploads()):
        assert request.read_answer(HttpResponse(200, (), b"<html>")) == {}
    for asked in (part_copy(), complete()):
        assert asked.read_answer(HttpResponse(200, (), b"")) == {}
    assert begin().read_answer(HttpResponse(200)) == {"UploadId": None}


def test_an_answer_without_its_etag_or_its_id_can_be_written() -> None:
    for request in (part_copy(), complete(), begin()):
        response = wire.write_answer(request, answered(), FILLED)
        assert wire.read_answer(request, response).text(ETAG) is None


@pytest.mark.parametrize("blanks", ["", " \n", " " * 300])
def test_a_completion_that_fails_within_a_200_is_a_refusal(blanks: str) -> None:
    error = "<Error><Code>InternalError</Code></Error>"
    body = f"<?xml version='1.0'?>{blanks}{error}".encode()
    answer = wire.read_answer(complete(), HttpResponse(200, (), body))
    assert answer.succeeded is False
    assert answer.error_code == "InternalError"
    assert answer.status is None


# Reads of a part.


def test_a_read_of_a_part_is_not_taken_for_the_whole_object() -> None:
    unsure = DONE.with_object(BUCKET, OBJECT, replace(object_in(DONE), body=None, etag=None))
    seen = get(part_number="1").learn(unsure, answered({BODY: b"x", ETAG: "e"}))
    assert object_in(seen).body is None
    assert object_in(seen).etag == "e"


def test_the_status_of_a_read_of_a_part_is_206_where_there_are_parts() -> None:
    made = object_in(DONE)
    assert get(part_number="1").status(made) == head(part_number="1").status(made) == 206
    assert get(part_number="2").status(made) is None
    assert get(part_number="1", range="bytes=0-1").status(made) is None
    assert head(part_number="1").status(object_in(after(create(), put()))) is None
    assert head().status(made) == get().status(made) == 200


# What the judge makes of it.


KEPT = "multipart/new-default-leaves-the-uploads"


def headers(encryption: str, fields: Mapping[str, Value] | None = None) -> Answer:
    return answered({SSE: encryption, ETAG: MD5, **(fields or {})})


def test_an_upload_that_follows_a_new_default_breaks_the_clause_that_kept_it() -> None:
    before = Belief((after(create(), begin(), put_default("aws:kms", KEY_ID)),))
    kms = headers("aws:kms", {KMS_KEY_ID: KEY_ARN})
    assert judge(before, part(), kms).findings[0].clause == KEPT
    # A header that is left out says nothing of the upload.
    missing = judge(before, part(), answered({ETAG: MD5}))
    assert [f.clause for f in missing.findings] == ["answer-headers/sse-s3-is-shown"]
    # And the right answer counts for the clause.
    right = judge(before, part(), headers("AES256"))
    assert right.findings == ()
    assert KEPT in right.fired
    refusal = judge(before, part(sse="AES256"), refused(400, "InvalidArgument"))
    assert KEPT not in refusal.fired


def test_an_object_that_followed_a_new_default_breaks_the_clause_that_kept_its_upload() -> None:
    before = given(create(), begin(), part(), put_default("aws:kms", KEY_ID), complete())
    belief = Belief((before.when(get()).world,))
    etag = object_in(belief.world).etag
    kms = headers("aws:kms", {KMS_KEY_ID: KEY_ARN, ETAG: etag, BODY: DATA})
    assert judge(belief, get(), kms).findings[0].clause == KEPT


def test_a_part_without_its_headers_does_not_make_the_judge_forget_the_upload() -> None:
    before = Belief((after(create(), begin(**customer())),))
    silent = judge(before, part(**customer()), answered({ETAG: etag_of(2)}))
    assert silent.findings
    assert upload_in(silent.belief.world).version.encryption == SseC(md5_base64(CUSTOMER_KEY))
    key = {CUSTOMER_ALGORITHM: "AES256", CUSTOMER_KEY_MD5: md5_base64(CUSTOMER_KEY)}
    right = judge(silent.belief, part(**customer()), answered({ETAG: etag_of(2), **key}))
    assert right.findings == ()


def test_nothing_is_demanded_of_uploads_of_which_nothing_is_known() -> None:
    requests = (begin(), part(), part_copy(), complete(), abort(), list_parts(), list_uploads())
    for request in requests:
        assert predict(UNKNOWN, request).unknown


def test_an_upload_in_a_query_that_is_repeated_is_outside_the_model() -> None:
    query = (("uploadId", "a"), ("uploadId", "b"))
    http = HttpRequest("GET", bucket="b", path="/k", query=query)
    assert wire.parse(http).operation == "(not modelled)"
