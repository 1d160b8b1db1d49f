from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    BUCKET,
    OBJECT,
    copy,
    create,
    head,
    put,
    put_default,
)
from model.clauses.tests.words_versioning import enable
from model.completion_document import ListedPart, write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.kms import CreateKey
from model.operations.upload_part import UploadPart
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("bucket-key/copy-answer-lacks-the-flag")
def test_a_copy_does_not_show_its_bucket_key() -> Requests:
    yield create()
    yield put()
    yield copy(sse=KMS, bucket_key_enabled="true")


@shows("bucket-key/flag-reaches-back")
def test_an_object_that_was_there_gets_the_bucket_key() -> Requests:
    made = yield CreateKey()
    yield create()
    yield put_default(KMS, made.text("KeyId"))
    yield put()
    yield put_default(KMS, made.text("KeyId"), flag="true")
    yield head()


@shows("bucket-key/flag-alone-is-no-change")
def test_a_default_with_another_flag_alone_has_no_effect() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put_default(KMS, flag="true")
    yield put()


@shows("bucket-key/versions-share-the-flag")
def test_an_older_version_shows_the_flag_of_the_newest() -> Requests:
    yield create()
    yield enable()
    older = yield put(sse=KMS)
    yield put(sse=KMS, bucket_key_enabled="true")
    yield head(version_id=older.text("x-amz-version-id"))


@shows("bucket-key/completion-forgets-the-flag")
def test_a_completed_upload_has_no_bucket_key() -> Requests:
    yield create()
    begun = yield CreateMultipartUpload(
        bucket=BUCKET, object_key=OBJECT, sse=KMS, bucket_key_enabled="true"
    )
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
