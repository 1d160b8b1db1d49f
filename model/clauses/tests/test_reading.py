"""What reads show, and what stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model import wire
from model.answer import BODY, BODY_LENGTH, CONTENT_LENGTH, ETAG
from model.body_length import AS_ANNOUNCED
from model.clause import Keep, Law, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    EMPTY,
    KEY_ID,
    OBJECT,
    UNKNOWN,
    Situation,
    copy,
    copy_in_place,
    create,
    customer,
    delete,
    delete_default,
    disable,
    fires,
    get,
    get_default,
    given,
    head,
    put,
    put_default,
    silent,
    source_customer,
)
from model.judge import Belief, judge
from model.matchers import AbsentOr, BodyIs, Equals
from model.messages import BodyEnd, HttpResponse
from model.s3_errors import INVALID_RANGE, NO_SUCH_BUCKET, NO_SUCH_KEY
from model.sse import SseS3, md5_hex
from model.stored import ObjectVersion
from model.world import unknown_bucket

if TYPE_CHECKING:
    from model.messages import Pairs

NEW = given(create())
STORED = given(create(), put())
FOUND = given(
    start=EMPTY.with_bucket(BUCKET, unknown_bucket(EMPTY, BUCKET)).with_object(
        BUCKET, OBJECT, ObjectVersion(encryption=SseS3(), body=None)
    )
)
"""An object of which only the encryption is known."""


@fires("reading/returns-what-was-written")
def test_a_read_returns_the_data_that_was_written() -> Situation:
    return STORED.when(get()).then(Require(BODY, BodyIs(DATA)))


@fires("reading/returns-what-was-written")
def test_a_read_of_an_sse_c_object_returns_the_data_that_was_written() -> Situation:
    steps = given(create(), put(**customer()))
    return steps.when(get(**customer())).then(Require(BODY, BodyIs(DATA)))


@silent("reading/returns-what-was-written")
def test_a_read_of_a_range_does_not_return_all() -> Situation:
    return STORED.when(get(range="bytes=0-3"))


@silent("reading/returns-what-was-written")
def test_a_read_of_data_that_nobody_knows_may_return_anything() -> Situation:
    return FOUND.when(get())


WHOLE = Require(BODY_LENGTH, Equals(AS_ANNOUNCED, wrong="broke off after 9 of 25 bytes"))
BROKE_OFF = "broke off after 4 of 9 bytes"


@fires("reading/body-is-as-long-as-announced")
def test_a_read_sends_all_that_it_announces() -> Situation:
    return STORED.when(get()).then(WHOLE)


@fires("reading/body-is-as-long-as-announced")
def test_a_read_of_a_range_sends_all_of_it() -> Situation:
    return given(create(), put(**customer())).when(get(range="bytes=5-", **customer())).then(WHOLE)


@silent("reading/body-is-as-long-as-announced")
def test_an_answer_to_head_announces_and_sends_nothing() -> Situation:
    return STORED.when(head())


@pytest.mark.parametrize(
    ("headers", "came", "ended", "fields"),
    [
        ((("content-length", "9"),), DATA, BodyEnd.AS_ANNOUNCED, []),
        ((("content-length", "9"),), b"some", BodyEnd.BROKEN_OFF, [(BODY_LENGTH, BROKE_OFF)]),
        (
            (("content-length", "25"),),
            DATA,
            BodyEnd.BROKEN_OFF,
            [(BODY_LENGTH, "broke off after 9 of 25 bytes")],
        ),
        (
            (("transfer-encoding", "chunked"),),
            b"",
            BodyEnd.BROKEN_OFF,
            [(BODY_LENGTH, "broke off after 0 bytes")],
        ),
        (
            (("content-length", "9"),),
            DATA,
            BodyEnd.OVERRUN,
            [(BODY_LENGTH, "more than the 9 bytes announced")],
        ),
        ((("content-length", "9"),), DATA[::-1], BodyEnd.OVERRUN, [(BODY, "9 other bytes")]),
    ],
)
def test_a_body_that_does_not_end_as_announced_is_one_finding(
    headers: Pairs, came: bytes, ended: BodyEnd, fields: list[tuple[str, str]]
) -> None:
    etag = ("etag", f'"{md5_hex(DATA)}"')
    shown = (*headers, etag, ("x-amz-server-side-encryption", "AES256"))
    answer = wire.read_answer(get(), HttpResponse(200, shown, came, ended))
    judgement = judge(Belief((STORED.when(get()).world,)), get(), answer)
    assert [(f.field, f.observed) for f in judgement.findings] == fields
    if fields:
        clause_id = judgement.findings[0].clause
        assert (clause_id == "reading/returns-what-was-written") == (fields[0][0] == BODY)


@fires("reading/range-is-of-the-data")
def test_a_range_is_of_the_data_that_was_written() -> Situation:
    rulings = (
        Require(BODY, BodyIs(b"data")),
        Require("content-range", Equals("bytes 5-8/9")),
    )
    return given(create(), put(sse="aws:kms")).when(get(range="bytes=5-")).then(*rulings)


@fires("reading/range-is-of-the-data")
def test_a_range_that_cannot_be_read_is_ignored() -> Situation:
    return STORED.when(get(range="lines=1-2")).then(Require(BODY, BodyIs(DATA)))


@silent("reading/range-is-of-the-data")
def test_a_read_without_a_range_is_of_all() -> Situation:
    return STORED.when(get())


@fires("reading/range-beyond-the-data-is-refused")
def test_a_range_that_starts_behind_the_data_is_refused() -> Situation:
    ruling = Refuse((INVALID_RANGE,))
    return STORED.when(get(range="bytes=9-")).then(ruling, answered=(INVALID_RANGE,))


@silent("reading/range-beyond-the-data-is-refused")
def test_a_range_of_the_last_byte_is_not_refused() -> Situation:
    return STORED.when(get(range="bytes=8-99"))


@silent("reading/range-beyond-the-data-is-refused")
def test_a_range_of_a_missing_object_is_refused_for_its_absence() -> Situation:
    return NEW.when(get(range="bytes=9-")).then(answered=(NO_SUCH_KEY,))


@silent("reading/range-beyond-the-data-is-refused")
def test_a_range_of_an_empty_object_is_an_open_question() -> Situation:
    return given(create(), put(body=b"")).when(get(range="bytes=9-"))


@silent("reading/range-is-of-the-data")
def test_of_an_empty_object_every_range_is_an_open_question() -> Situation:
    return given(create(), put(body=b"")).when(get(range="bytes=0-"))


@fires("reading/length-is-that-of-the-data")
def test_a_head_gives_the_length_of_the_data() -> Situation:
    return STORED.when(head()).then(Require(CONTENT_LENGTH, Equals("9", wrong="25")))


@silent("reading/length-is-that-of-the-data")
def test_a_head_of_a_range_does_not_give_the_length_of_all() -> Situation:
    return STORED.when(head(range="bytes=0-3"))


RANGE_SHOWN = AbsentOr("bytes 5-8/9", wrong="bytes 5-24/25")
OF_A_RANGE = (
    Require(CONTENT_LENGTH, Equals("4", wrong="9")),
    Require("content-range", RANGE_SHOWN),
)


@fires("reading/head-of-a-range-has-its-length")
def test_a_head_of_a_range_gives_its_length() -> Situation:
    return STORED.when(head(range="bytes=5-")).then(*OF_A_RANGE)


@fires("reading/head-of-a-range-has-its-length")
def test_a_head_of_a_range_of_an_sse_c_object_gives_its_length() -> Situation:
    steps = given(create(), put(**customer()))
    return steps.when(head(range="bytes=-4", **customer())).then(*OF_A_RANGE)


@silent("reading/head-of-a-range-has-its-length")
def test_a_head_without_a_range_is_of_all() -> Situation:
    return STORED.when(head())


@silent("reading/head-of-a-range-has-its-length")
def test_what_a_head_of_a_range_that_cannot_be_read_gives_is_an_open_question() -> Situation:
    return STORED.when(head(range="lines=1-2"))


@silent("reading/head-of-a-range-has-its-length")
def test_what_a_head_of_a_range_of_an_empty_object_gives_is_an_open_question() -> Situation:
    return given(create(), put(body=b"")).when(head(range="bytes=0-"))


@pytest.mark.parametrize(
    ("status", "length", "shown", "fields"),
    [
        (206, "4", "bytes 5-8/9", []),
        (200, "4", None, []),
        (206, "4", "bytes 5-8/25", ["content-range"]),
        (206, "20", None, [CONTENT_LENGTH]),
        (200, "9", None, [CONTENT_LENGTH]),
    ],
)
def test_of_a_head_of_a_range_only_the_length_is_demanded(
    status: int, length: str, shown: str | None, fields: list[str]
) -> None:
    read = head(range="bytes=5-")
    told = [("content-length", length), ("etag", f'"{md5_hex(DATA)}"')]
    told += [("x-amz-server-side-encryption", "AES256")]
    if shown is not None:
        told.append(("content-range", shown))
    answer = wire.read_answer(read, HttpResponse(status, tuple(told)))
    judgement = judge(Belief((STORED.when(read).world,)), read, answer)
    assert [f.field for f in judgement.findings] == fields


@fires("reading/head-of-a-range-beyond-the-data-is-refused")
def test_a_head_of_a_range_that_starts_behind_the_data_is_refused() -> Situation:
    ruling = Refuse((INVALID_RANGE,))
    return STORED.when(head(range="bytes=9-")).then(ruling, answered=(INVALID_RANGE,))


@silent("reading/head-of-a-range-beyond-the-data-is-refused")
def test_a_head_of_a_range_of_the_last_byte_is_not_refused() -> Situation:
    return STORED.when(head(range="bytes=8-99"))


@silent("reading/length-is-that-of-the-data")
def test_a_head_of_data_that_nobody_knows_may_give_any_length() -> Situation:
    return FOUND.when(head())


@fires("reading/metadata-is-what-was-written")
def test_a_head_returns_the_user_metadata() -> Situation:
    ruling = Require("x-amz-meta-a", Equals("b"))
    return given(create(), put(metadata=(("a", "b"),))).when(head()).then(ruling)


@fires("reading/metadata-is-what-was-written")
def test_a_copy_keeps_the_metadata_of_its_source() -> Situation:
    steps = given(create(), put(metadata=(("a", "b"),)), copy(sse="aws:kms"))
    return steps.when(get("copy")).then(Require("x-amz-meta-a", Equals("b")))


@silent("reading/metadata-is-what-was-written")
def test_a_head_of_an_object_without_metadata_owes_none() -> Situation:
    return STORED.when(head())


@fires("reading/etag-is-that-of-the-write")
def test_a_read_gives_the_etag_of_the_write() -> Situation:
    md5 = md5_hex(DATA)
    return STORED.when(get()).then(Require(ETAG, Equals(md5, wrong=md5[::-1] + "0")))


@silent("reading/etag-is-that-of-the-write")
def test_a_read_of_an_object_of_unknown_etag_may_give_any() -> Situation:
    return FOUND.when(get())


@fires("reading/missing-object-is-named")
def test_a_read_of_an_object_that_was_never_written_is_refused() -> Situation:
    return NEW.when(get()).then(Refuse((NO_SUCH_KEY,)), answered=(NO_SUCH_KEY,))


@fires("reading/missing-object-is-named")
def test_a_head_of_an_object_that_was_deleted_is_refused_with_its_key_too() -> Situation:
    steps = given(create(), put(**customer()), delete())
    return steps.when(head(**customer())).then(Refuse((NO_SUCH_KEY,)), answered=(NO_SUCH_KEY,))


@silent("reading/missing-object-is-named")
def test_a_read_of_an_object_that_exists_is_not_refused() -> Situation:
    return STORED.when(get())


@silent("reading/missing-object-is-named")
def test_a_read_in_a_missing_bucket_is_refused_for_its_bucket() -> Situation:
    return given().when(get()).then(answered=(NO_SUCH_BUCKET,))


@fires("reading/needs-no-headers")
def test_an_sse_s3_object_is_read_without_headers() -> Situation:
    return STORED.when(get()).then(Succeed())


@fires("reading/needs-no-headers")
def test_a_dsse_object_is_read_without_headers() -> Situation:
    return given(create(), put(sse="aws:kms:dsse")).when(head()).then(Succeed())


@silent("reading/needs-no-headers")
def test_an_sse_c_object_is_not_read_without_headers() -> Situation:
    return given(create(), put(**customer())).when(get())


@silent("reading/needs-no-headers")
def test_a_kms_object_is_not_read_when_its_key_is_disabled() -> Situation:
    return given(create(), put(sse="aws:kms", kms_key_id=KEY_ID), disable()).when(get())


@silent("reading/needs-no-headers")
def test_a_read_with_an_encryption_header_is_another_matter() -> Situation:
    return STORED.when(get(bucket_key_enabled="true"))


DESTINATION = Keep(Law.DESTINATION_OF_REFUSED_WRITE)


@fires("reading/refused-write-keeps-the-object")
def test_a_refused_write_keeps_the_object_that_was_there() -> Situation:
    return STORED.when(put(body=b"new", sse="AES-256")).then(DESTINATION)


@fires("reading/refused-write-keeps-the-object")
def test_a_refused_copy_makes_no_object() -> Situation:
    return STORED.when(copy(sse="AES-256")).then(DESTINATION)


@silent("reading/refused-write-keeps-the-object")
def test_a_write_to_a_missing_bucket_has_nothing_to_keep() -> Situation:
    return given().when(put(sse="AES-256"))


OBJECTS = Keep(Law.OBJECTS_ON_NEW_DEFAULT)


@fires("reading/new-default-keeps-the-objects")
def test_a_new_default_leaves_the_objects_as_they_are() -> Situation:
    return STORED.when(put_default("aws:kms")).then(OBJECTS)


@fires("reading/new-default-keeps-the-objects")
def test_a_reset_leaves_the_objects_as_they_are() -> Situation:
    return STORED.when(delete_default()).then(OBJECTS)


@silent("reading/new-default-keeps-the-objects")
def test_a_new_default_of_a_missing_bucket_is_none() -> Situation:
    return given().when(put_default("aws:kms"))


@silent("reading/new-default-keeps-the-objects")
def test_showing_the_default_changes_none() -> Situation:
    return STORED.when(get_default())


@fires("reading/copy-keeps-its-source")
def test_a_copy_leaves_its_source_as_it_is() -> Situation:
    return STORED.when(copy(sse="aws:kms")).then(Keep(Law.SOURCE_OF_COPY))


@silent("reading/copy-keeps-its-source")
def test_a_copy_in_place_changes_its_source() -> Situation:
    return STORED.when(copy_in_place(sse="aws:kms"))


@silent("reading/copy-keeps-its-source")
def test_a_copy_of_an_unknown_object_has_no_source_to_watch() -> Situation:
    return given(start=UNKNOWN).when(copy())


@silent("reading/copy-keeps-its-source")
def test_an_sse_c_source_is_not_watched() -> Situation:
    return given(create(), put(**customer())).when(copy(**source_customer()))
