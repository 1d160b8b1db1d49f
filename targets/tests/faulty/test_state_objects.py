from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import create, delete, head, put, put_default
from model.clauses.tests.words_multipart import begin, complete, part
from model.operations.create_multipart_upload import UPLOAD_ID
from model.operations.kms import CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("state-objects/headers-of-write-before")
def test_a_write_gets_the_key_of_the_one_before() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put(sse=KMS, kms_key_id=key.text("Arn"))
    yield put("another")


@shows("state-objects/deleted-object-remembered")
def test_an_object_is_encrypted_as_before_its_deletion() -> Requests:
    yield create()
    yield put(sse=KMS)
    yield delete()
    yield put()


@shows("state-objects/objects-follow-default")
def test_an_object_follows_the_default() -> Requests:
    yield create()
    yield put()
    yield put_default(KMS)
    yield head()


@shows("state-objects/upload-follows-default")
def test_an_upload_follows_the_default() -> Requests:
    yield create()
    begun = yield begin()
    upload = begun.text(UPLOAD_ID) or ""
    yield put_default(KMS)
    sent = yield part(upload=upload)
    yield complete((1, sent.text("etag") or ""), upload=upload)
    yield head()


@shows("state-objects/part-shows-default")
def test_a_part_shows_the_default() -> Requests:
    yield create()
    begun = yield begin()
    yield put_default(KMS)
    yield part(upload=begun.text(UPLOAD_ID) or "")
