from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    create,
    customer,
    get_default,
    put,
    put_blocked,
    put_default,
    put_rules,
)
from model.clauses.tests.words_versioning import enable
from model.operations.kms import CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("bucket-configuration-changes/old-flag-kept")
def test_the_flag_of_the_rule_before_stays() -> Requests:
    yield create()
    yield put_default(KMS, flag="true")
    yield put_default(KMS)
    yield get_default()


@shows("bucket-configuration-changes/old-key-shown")
def test_the_key_of_the_rule_before_is_shown() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("Arn"))
    yield put_default()
    yield get_default()


@shows("bucket-configuration-changes/later-rule-unblocks")
def test_a_later_rule_forgets_what_is_blocked() -> Requests:
    yield create()
    yield put_blocked("SSE-C")
    yield put_default(KMS)
    yield put(**customer())


@shows("bucket-configuration-changes/none-does-not-unblock")
def test_what_is_blocked_stays_so() -> Requests:
    yield create()
    yield put_blocked("SSE-C")
    yield put_blocked("NONE")
    yield put(**customer())


@shows("bucket-configuration-changes/refused-put-resets")
def test_a_refused_rule_removes_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield put_rules()
    yield get_default()


@shows("bucket-configuration-changes/versioning-drops-default")
def test_versioning_drops_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield enable()
    yield get_default()


@shows("bucket-configuration-changes/create-again-resets")
def test_creating_the_bucket_again_resets_the_default() -> Requests:
    yield create()
    yield put_default(KMS)
    yield create()
    yield get_default()


@shows("bucket-configuration-changes/same-algorithm-unchanged")
def test_another_key_of_the_default_is_not_stored() -> Requests:
    old = yield CreateKey()
    new = yield CreateKey()
    yield create()
    yield put_default(KMS, old.text("Arn"))
    yield put_default(KMS, new.text("Arn"))
    yield put()
