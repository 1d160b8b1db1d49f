from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    ALIAS,
    BUCKET,
    OBJECT,
    copy,
    create,
    disable,
    head,
    put,
    put_default,
)
from model.clauses.tests.words_multipart import begin
from model.operations.kms import CreateAlias, CreateKey
from model.operations.kms_aliases import UpdateAlias
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"
DSSE = "aws:kms:dsse"
OTHER = "other-bucket"


@shows("default-resolution/any-default-is-kms")
def test_a_default_of_aes256_is_taken_for_kms() -> Requests:
    yield create()
    yield put_default()
    yield put()


@shows("default-resolution/upload-misses-default")
def test_an_upload_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield begin()


@shows("default-resolution/put-misses-default")
def test_a_put_ignores_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put()


@shows("default-resolution/new-bucket-stores-plain")
def test_a_new_bucket_encrypts_nothing() -> Requests:
    yield create()
    yield put()


@shows("default-resolution/default-only-in-answer")
def test_the_default_is_only_shown() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put()
    yield head()


@shows("default-resolution/dsse-is-single")
def test_dsse_is_taken_for_kms() -> Requests:
    yield create()
    yield put_default(DSSE)
    yield put()


@shows("default-resolution/bare-key-id-unread")
def test_a_bare_key_id_is_not_read() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("KeyId"))
    yield put()


@shows("default-resolution/upload-without-bucket-key")
def test_an_upload_goes_without_the_bucket_key() -> Requests:
    yield create()
    yield put_default(KMS, flag="true")
    yield begin()


@shows("default-resolution/foreign-copy-under-managed-key")
def test_a_copy_from_another_bucket_gets_the_managed_key() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put()
    yield create(OTHER)
    yield put_default(KMS, key.text("Arn"), bucket=OTHER)
    yield copy(bucket=OTHER)


@shows("default-resolution/copy-takes-default-of-source")
def test_a_copy_takes_the_default_of_its_sources_bucket() -> Requests:
    yield create()
    yield create(OTHER)
    yield put_default(KMS, bucket=OTHER)
    yield put(bucket=OTHER, sse="AES256")
    yield copy(f"{OTHER}/{OBJECT}", bucket=BUCKET)


@shows("default-resolution/alias-resolved-once")
def test_an_alias_that_moved_means_the_old_key() -> Requests:
    old = yield CreateKey()
    new = yield CreateKey()
    yield CreateAlias(alias=ALIAS, key_id=old.text("KeyId") or "")
    yield create()
    yield put_default(KMS, ALIAS)
    yield UpdateAlias(alias=ALIAS, key_id=new.text("KeyId") or "")
    yield put()


@shows("default-resolution/unusable-key-falls-back")
def test_a_write_does_without_a_disabled_key() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("Arn"))
    yield disable(key.text("KeyId") or "")
    yield put()
