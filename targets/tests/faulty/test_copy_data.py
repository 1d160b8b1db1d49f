from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import ETAG
from model.clauses.tests.notation import (
    OTHER_CUSTOMER_KEY,
    copy,
    create,
    customer,
    get,
    put,
    put_default,
    source_customer,
)
from model.clauses.tests.words_multipart import begin, complete, part, part_copy
from model.operations.create_multipart_upload import UPLOAD_ID
from model.operations.kms import KEY_ID, CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = "other-bucket"


@shows("copy-data/another-kms-key")
def test_a_copy_to_another_kms_key_has_other_data() -> Requests:
    made = yield CreateKey()
    yield create()
    yield put(sse="aws:kms")
    yield copy(sse="aws:kms", kms_key_id=made.text(KEY_ID))
    yield get("copy")


@shows("copy-data/into-a-default-of-sse-s3")
def test_a_copy_into_a_bucket_with_a_put_default_has_other_data() -> Requests:
    yield create()
    yield create(OTHER)
    yield put_default(bucket=OTHER)
    yield put()
    yield copy(bucket=OTHER)
    yield get("copy", bucket=OTHER)


@shows("copy-data/source-of-parts")
def test_a_copy_of_a_customer_object_in_parts_has_other_data() -> Requests:
    yield create()
    begun = yield begin(**customer())
    upload = begun.text(UPLOAD_ID) or ""
    sent = yield part(upload=upload, **customer())
    yield complete((1, sent.text(ETAG) or ""), upload=upload)
    key = customer(OTHER_CUSTOMER_KEY)
    yield copy(**source_customer(), **key)
    yield get("copy", **key)


@shows("copy-data/only-the-first-block")
def test_a_large_copy_to_another_encryption_has_other_data_behind_its_first_block() -> Requests:
    yield create()
    yield put(body=bytes(64 * 1024 + 1))
    yield copy(sse="aws:kms")
    yield get("copy")


@shows("copy-data/ranges-from-the-middle")
def test_a_part_that_is_a_range_of_another_object_has_other_data() -> Requests:
    yield create()
    yield put_default()
    yield put("source")
    begun = yield begin()
    upload = begun.text(UPLOAD_ID) or ""
    sent = yield part_copy(upload=upload, copy_source_range="bytes=2-5")
    yield complete((1, sent.text(ETAG) or ""), upload=upload)
    yield get()


@shows("copy-data/etag-of-the-parts-is-kept")
def test_a_copy_of_an_upload_has_an_etag_that_is_no_md5() -> Requests:
    yield create()
    begun = yield begin()
    upload = begun.text(UPLOAD_ID) or ""
    sent = yield part(upload=upload)
    yield complete((1, sent.text(ETAG) or ""), upload=upload)
    yield copy()
