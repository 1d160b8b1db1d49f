from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import OTHER_CUSTOMER_KEY, create, customer, get, head, put
from model.clauses.tests.words_multipart import begin, complete, part
from model.messages import Auth
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

LONG = b"x" * (5 * 1024 * 1024 + 1)
SHORT = b"the end"
OTHER = customer(OTHER_CUSTOMER_KEY)


@shows("encrypted-reads/head-takes-any-key")
def test_head_succeeds_with_another_key() -> Requests:
    yield create()
    yield put(**customer())
    yield head(**OTHER)


@shows("encrypted-reads/head-tells-of-what-is-stored")
def test_head_tells_a_greater_length() -> Requests:
    yield create()
    yield put(sse="aws:kms")
    yield head()


@shows("encrypted-reads/range-has-the-whole-length")
def test_a_range_announces_the_whole() -> Requests:
    yield create()
    yield put()
    yield get(range="bytes=0-1")


@shows("encrypted-reads/blocks-run-across-parts")
def test_a_range_of_the_second_part_is_other_data() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    first = etag_of((yield part(upload=upload, body=LONG)))
    second = etag_of((yield part("2", upload=upload, body=SHORT)))
    yield complete((1, first), (2, second), upload=upload)
    yield get(range="bytes=-3")


@shows("encrypted-reads/part-is-not-decrypted")
def test_a_part_is_read_as_it_is_stored() -> Requests:
    yield create()
    upload = upload_of((yield begin(**customer())))
    etag = etag_of((yield part(upload=upload, **customer())))
    yield complete((1, etag), upload=upload, **customer())
    yield get(part_number="1", **customer())


@shows("encrypted-reads/kms-is-taken-for-a-customer-key")
def test_an_object_under_sse_kms_is_not_read() -> Requests:
    yield create()
    yield put(sse="aws:kms")
    yield get()


@shows("encrypted-reads/presigned-read-takes-any-key")
def test_a_presigned_read_succeeds_with_another_key() -> Requests:
    yield create()
    yield put(**customer())
    yield get(auth=Auth.PRESIGNED, **OTHER)


@shows("encrypted-reads/presigned-read-needs-no-key")
def test_a_presigned_read_succeeds_without_the_key() -> Requests:
    yield create()
    yield put(**customer())
    yield get(auth=Auth.PRESIGNED)


@shows("encrypted-reads/presigned-read-is-refused")
def test_a_presigned_read_with_the_key_is_refused() -> Requests:
    yield create()
    yield put(**customer())
    yield get(auth=Auth.PRESIGNED, **customer())


@shows("encrypted-reads/presigned-range-is-whole")
def test_a_presigned_range_is_the_whole() -> Requests:
    yield create()
    yield put()
    yield get(auth=Auth.PRESIGNED, range="bytes=0-1")


@shows("encrypted-reads/presigned-read-of-kms-fails")
def test_a_presigned_read_of_an_object_under_sse_kms_breaks_down() -> Requests:
    yield create()
    yield put(sse="aws:kms")
    yield get(auth=Auth.PRESIGNED)
