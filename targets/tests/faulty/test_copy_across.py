from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    OTHER_CUSTOMER_KEY,
    copy,
    create,
    customer,
    get,
    put,
    source_customer,
)
from model.clauses.tests.words_multipart import begin, complete, part
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("copy-across/customer-key-to-another")
def test_a_copy_to_another_customer_key_fails() -> Requests:
    yield create()
    yield put(**customer())
    yield copy(**source_customer(), **customer(OTHER_CUSTOMER_KEY))


@shows("copy-across/sse-s3-to-customer-key")
def test_a_copy_from_sse_s3_to_a_customer_key_has_other_data() -> Requests:
    yield create()
    yield put()
    yield copy(**customer())
    yield get("copy", **customer())


@shows("copy-across/kms-source-of-parts")
def test_a_copy_of_a_kms_object_in_parts_has_other_data() -> Requests:
    yield create()
    upload = upload_of((yield begin(sse="aws:kms")))
    etag = etag_of((yield part(upload=upload)))
    yield complete((1, etag), upload=upload)
    yield copy(sse="aws:kms")
    yield get("copy")


@shows("copy-across/second-chunk-of-a-copy")
def test_a_large_copy_under_the_same_encryption_has_other_data_at_its_end() -> Requests:
    yield create()
    yield put(body=bytes(64 * 1024 + 1))
    yield copy()
    yield get("copy")


@shows("copy-across/padding-of-parts-is-copied")
def test_a_copy_of_an_object_in_parts_is_longer() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    etag = etag_of((yield part(upload=upload)))
    yield complete((1, etag), upload=upload)
    yield copy()
    yield get("copy")
