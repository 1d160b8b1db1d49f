from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    DATA,
    create,
    customer,
    delete,
    get,
    put,
    put_default,
)
from model.clauses.tests.words_multipart import begin, complete, part, part_copy
from model.clauses.tests.words_versioning import enable
from model.operations.kms import CreateKey
from model.sse import md5_base64
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"
STRANGER = "999999999999"


@shows("validation/unknown-algorithm")
def test_an_object_is_stored_under_an_algorithm_that_is_none() -> Requests:
    yield create()
    yield put(sse="aes:kms")


@shows("validation/any-case")
def test_an_upload_is_created_under_an_algorithm_in_small_letters() -> Requests:
    yield create()
    yield begin(sse="aes256")


@shows("validation/customer-key-wins")
def test_an_upload_is_created_under_two_encryptions() -> Requests:
    yield create()
    yield begin(sse="aws:kms", **customer())


@shows("validation/key-id-by-default")
def test_a_key_id_stands_for_an_algorithm() -> Requests:
    kms_key = (yield CreateKey()).text("KeyId")
    yield create()
    yield put_default("aws:kms")
    yield put(kms_key_id=kms_key)


@shows("validation/checksum-beside-customer-key")
def test_a_checksum_of_other_data_is_taken() -> Requests:
    yield create()
    yield put(checksum_crc32="AAAAAA==", **customer())


@shows("validation/part-digest-unchecked")
def test_a_part_is_taken_with_the_digest_of_other_data() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload, content_md5=md5_base64(OTHER))


@shows("validation/malformed-digest-is-bad")
def test_a_digest_that_is_none_is_said_to_be_of_other_data() -> Requests:
    yield create()
    yield put(content_md5="none")


@shows("validation/marker-is-an-object")
def test_a_deleted_object_is_not_written_anew() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield delete()
    yield put(if_none_match="*")


@shows("validation/object-in-parts-is-none")
def test_an_object_in_parts_is_replaced_against_the_condition() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield complete(upload=upload)
    yield put(if_none_match="*")


@shows("validation/any-part-number")
def test_part_10001_is_taken() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part("10001", upload=upload)


@shows("validation/parts-in-any-order")
def test_the_second_part_is_listed_first() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    first = etag_of((yield part(upload=upload)))
    second = etag_of((yield part("2", upload=upload)))
    yield complete((2, second), (1, first), upload=upload)


@shows("validation/any-part-may-be-small")
def test_the_first_of_two_parts_is_small() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    first = etag_of((yield part(upload=upload)))
    second = etag_of((yield part("2", upload=upload)))
    yield complete((1, first), (2, second), upload=upload)


@shows("validation/source-owner-unchecked")
def test_a_part_is_copied_from_a_bucket_of_another_owner() -> Requests:
    yield CreateKey()  # its ARN tells whose account it is
    yield create()
    yield put("source")
    upload = upload_of((yield begin()))
    yield part_copy(upload=upload, expected_source_owner=STRANGER)


@shows("validation/owner-checked-once")
def test_a_part_is_taken_for_another_owner() -> Requests:
    yield CreateKey()  # its ARN tells whose account it is
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload, expected_bucket_owner=STRANGER)


@shows("validation/range-of-the-longest")
def test_a_range_behind_the_end_is_read_where_there_was_more() -> Requests:
    yield create()
    yield put(body=DATA + OTHER)
    yield put()
    yield get(range=f"bytes={len(DATA) + 1}-")
