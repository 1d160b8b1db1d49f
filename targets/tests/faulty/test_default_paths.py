from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import create, put, put_default
from model.clauses.tests.words_forms import PRESIGNED, post
from model.clauses.tests.words_versioning import enable, suspend
from targets.faulty.default_paths import STREAMED
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("default-paths/streamed-body")
def test_a_large_body_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put(body=bytes(STREAMED))


@shows("default-paths/folder-marker")
def test_a_folder_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put("folder/", body=b"")


@shows("default-paths/escaped-key")
def test_a_key_with_a_blank_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put("an object")


@shows("default-paths/presigned-write")
def test_a_presigned_write_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put(auth=PRESIGNED)


@shows("default-paths/form-upload")
def test_a_form_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield post()


@shows("default-paths/suspended-versioning")
def test_a_suspended_bucket_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield enable()
    yield suspend()
    yield put()


@shows("default-paths/overwrite-keeps-encryption")
def test_a_write_over_an_object_keeps_its_encryption() -> Requests:
    yield create()
    yield put(sse=KMS)
    yield put()
