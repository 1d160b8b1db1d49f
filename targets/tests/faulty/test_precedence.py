from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    ALIAS,
    copy_in_place,
    create,
    customer,
    disable,
    put,
    put_default,
)
from model.clauses.tests.words_multipart import begin
from model.operations.kms import CreateAlias, CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

AES256 = "AES256"
KMS = "aws:kms"
DSSE = "aws:kms:dsse"


@shows("precedence/upload-aes256-loses")
def test_an_upload_for_aes256_gets_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield begin(sse=AES256)


@shows("precedence/aes256-inherits-key")
def test_aes256_beside_the_key_of_the_default_is_refused() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("Arn"))
    yield put(sse=AES256)


@shows("precedence/aes256-shows-bucket-key")
def test_an_object_under_sse_s3_shows_a_bucket_key() -> Requests:
    yield create()
    yield put_default(KMS, flag="true")
    yield put(sse=AES256)


@shows("precedence/sse-c-loses")
def test_a_customer_key_is_ignored() -> Requests:
    yield create()
    yield put(**customer())


@shows("precedence/false-flag-loses")
def test_no_bucket_key_cannot_be_asked_for() -> Requests:
    yield create()
    yield put_default(KMS, flag="true")
    yield put(sse=KMS, bucket_key_enabled="false")


@shows("precedence/dsse-becomes-kms")
def test_dsse_cannot_be_had_where_the_default_is_kms() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put(sse=DSSE)


@shows("precedence/aes256-needs-default-key")
def test_aes256_waits_for_a_disabled_key() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("Arn"))
    yield disable(key.text("KeyId") or "")
    yield put(sse=AES256)


@shows("precedence/copy-in-place-loses")
def test_a_copy_in_place_for_aes256_gets_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put()
    yield copy_in_place(sse=AES256)


@shows("precedence/alias-loses")
def test_an_alias_loses_against_the_key_of_the_default() -> Requests:
    own = yield CreateKey()
    other = yield CreateKey()
    yield CreateAlias(alias=ALIAS, key_id=other.text("KeyId") or "")
    yield create()
    yield put_default(KMS, own.text("Arn"))
    yield put(sse=KMS, kms_key_id=ALIAS)


@shows("precedence/other-key-without-bucket-key")
def test_another_key_goes_without_the_bucket_key() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, flag="true")
    yield put(sse=KMS, kms_key_id=key.text("Arn"))
