from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    ALIAS,
    create,
    disable,
    get,
    head,
    put,
    schedule_deletion,
)
from model.operations.kms import CancelKeyDeletion, CreateAlias, CreateKey, EnableKey
from model.operations.kms_aliases import UpdateAlias
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("kms-keys/state-is-not-looked-at")
def test_a_disabled_key_decrypts() -> Requests:
    made = yield CreateKey()
    key_id = made.text("KeyId") or ""
    yield create()
    yield put(sse="aws:kms", kms_key_id=key_id)
    yield disable(key_id)
    yield get()


@shows("kms-keys/data-key-is-cached")
def test_what_was_read_once_is_read_with_a_disabled_key() -> Requests:
    made = yield CreateKey()
    key_id = made.text("KeyId") or ""
    yield create()
    yield put(sse="aws:kms", kms_key_id=key_id)
    yield get()
    yield disable(key_id)
    yield get()


@shows("kms-keys/enabled-key-stays-refused")
def test_a_key_that_was_enabled_again_is_refused() -> Requests:
    made = yield CreateKey()
    key_id = made.text("KeyId") or ""
    yield create()
    yield disable(key_id)
    yield put(sse="aws:kms", kms_key_id=key_id)
    yield EnableKey(key_id=key_id)
    yield put(sse="aws:kms", kms_key_id=key_id)


@shows("kms-keys/cancelled-deletion-enables")
def test_a_key_whose_deletion_was_cancelled_is_used() -> Requests:
    made = yield CreateKey()
    key_id = made.text("KeyId") or ""
    yield create()
    yield schedule_deletion(key_id)
    yield CancelKeyDeletion(key_id=key_id)
    yield put(sse="aws:kms", kms_key_id=key_id)


@shows("kms-keys/alias-is-resolved-on-reads")
def test_an_object_follows_its_alias() -> Requests:
    made = yield CreateKey()
    other = yield CreateKey()
    yield CreateAlias(key_id=made.text("KeyId") or "", alias=ALIAS)
    yield create()
    yield put(sse="aws:kms", kms_key_id=ALIAS)
    yield UpdateAlias(key_id=other.text("KeyId") or "", alias=ALIAS)
    yield head()


@shows("kms-keys/alias-of-an-arn-leads-nowhere")
def test_an_alias_of_an_arn_cannot_be_named() -> Requests:
    made = yield CreateKey()
    yield CreateAlias(key_id=made.text("Arn") or "", alias=ALIAS)
    yield create()
    yield put(sse="aws:kms", kms_key_id=ALIAS)


@shows("kms-keys/gone-key-is-a-server-error")
def test_a_read_without_its_key_is_an_error_of_the_server() -> Requests:
    made = yield CreateKey()
    key_id = made.text("KeyId") or ""
    yield create()
    yield put(sse="aws:kms", kms_key_id=key_id)
    yield schedule_deletion(key_id)
    yield get()
