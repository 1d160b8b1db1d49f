from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    BUCKET,
    OBJECT,
    copy_in_place,
    create,
    get,
    head,
    put,
    put_default,
)
from model.completion_document import ListedPart, write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.kms import CreateKey
from model.operations.upload_part import UploadPart
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

DSSE = "aws:kms:dsse"


@shows("dsse/reads-show-one-layer")
def test_a_read_shows_one_layer() -> Requests:
    yield create()
    yield put(sse=DSSE)
    yield head()


@shows("dsse/bucket-key-is-shown")
def test_the_bucket_key_of_the_default_is_shown() -> Requests:
    yield create()
    yield put_default("aws:kms", flag="true")
    yield put(sse=DSSE)


@shows("dsse/default-is-cached-by-key")
def test_a_second_layer_in_the_default_has_no_effect() -> Requests:
    made = yield CreateKey()
    yield create()
    yield put_default("aws:kms", made.text("KeyId"))
    yield put()
    yield put_default(DSSE, made.text("KeyId"))
    yield put()


@shows("dsse/copy-in-place-adds-no-layer")
def test_a_copy_in_place_under_the_same_key_changes_nothing() -> Requests:
    made = yield CreateKey()
    yield create()
    yield put(sse="aws:kms", kms_key_id=made.text("KeyId"))
    yield copy_in_place(sse=DSSE, kms_key_id=made.text("KeyId"))
    yield head()


@shows("dsse/completion-drops-a-layer")
def test_a_completed_upload_has_one_layer() -> Requests:
    yield create()
    begun = yield CreateMultipartUpload(bucket=BUCKET, object_key=OBJECT, sse=DSSE)
    upload_id = begun.text("UploadId")
    part = yield UploadPart(
        bucket=BUCKET, object_key=OBJECT, upload_id=upload_id, part_number="1", body=b"part"
    )
    yield CompleteMultipartUpload(
        bucket=BUCKET,
        object_key=OBJECT,
        upload_id=upload_id,
        document=write_completion([ListedPart(1, part.text("etag") or "")]),
    )
    yield head()


@shows("dsse/range-keeps-a-layer")
def test_a_range_is_decrypted_once() -> Requests:
    yield create()
    yield put(sse=DSSE)
    yield get(range="bytes=2-5")
