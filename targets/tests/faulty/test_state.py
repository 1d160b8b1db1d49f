from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    copy,
    create,
    delete,
    delete_default,
    disable,
    get_default,
    put,
    put_default,
)
from model.operations.kms import CreateKey, EnableKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("state/stale-for-one-write")
def test_the_first_write_after_a_change_gets_the_old_default() -> Requests:
    yield create()
    yield put()
    yield put_default(KMS)
    yield put()


@shows("state/copy-default-cached")
def test_copies_go_on_with_the_first_default() -> Requests:
    yield create()
    yield put()
    yield copy()
    yield put_default(KMS)
    yield copy()


@shows("state/weaker-default-unseen")
def test_writes_go_on_with_the_stronger_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put_default()
    yield put()


@shows("state/refused-write-drops-default")
def test_a_failed_write_leaves_the_bucket_without_its_default() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("Arn"))
    yield disable(key.text("KeyId") or "")
    yield put()
    yield EnableKey(key_id=key.text("KeyId") or "")
    yield put()


@shows("state/bucket-key-wears-out")
def test_the_fourth_write_has_no_bucket_key() -> Requests:
    yield create()
    yield put_default(KMS, flag="true")
    yield put()
    yield put()
    yield put()
    yield put()


@shows("state/key-survives-deletion")
def test_the_key_of_a_deleted_default_is_used() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("Arn"))
    yield delete_default()
    yield put(sse=KMS)


@shows("state/first-answer-repeated")
def test_the_first_answer_is_repeated() -> Requests:
    yield create()
    yield get_default()
    yield put_default(KMS)
    yield get_default()


@shows("state/third-change-lost")
def test_the_third_default_is_not_stored() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put_default()
    yield put_default(KMS)
    yield get_default()


@shows("state/last-object-takes-default")
def test_the_default_goes_with_the_last_object() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put()
    yield delete()
    yield get_default()
