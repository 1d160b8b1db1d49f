from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    create,
    customer,
    delete_default,
    disable,
    get_default,
    put,
    put_blocked,
    put_default,
    put_rules,
)
from model.encryption_document import RuleText
from model.operations.kms import CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("bucket-configuration/delete-removes-bucket")
def test_the_bucket_is_deleted_with_its_default() -> Requests:
    yield create()
    yield delete_default()
    yield get_default()


@shows("bucket-configuration/needs-content-md5")
def test_a_default_without_a_digest_is_refused() -> Requests:
    yield create()
    yield put_default()


@shows("bucket-configuration/flag-always-true")
def test_every_default_is_said_to_have_a_bucket_key() -> Requests:
    yield create()
    yield put_default(KMS)
    yield get_default()


@shows("bucket-configuration/flag-not-shown")
def test_the_flag_is_not_shown() -> Requests:
    yield create()
    yield put_default(KMS, flag="true")
    yield get_default()


@shows("bucket-configuration/blocked-types-dropped")
def test_sse_c_is_not_blocked() -> Requests:
    yield create()
    yield put_blocked("SSE-C")
    yield put(**customer())


@shows("bucket-configuration/not-found-when-new")
def test_a_new_bucket_has_no_default() -> Requests:
    yield create()
    yield get_default()


@shows("bucket-configuration/key-shown-by-arn")
def test_a_key_put_by_its_id_is_shown_by_its_arn() -> Requests:
    key = yield CreateKey()
    yield create()
    yield put_default(KMS, key.text("KeyId"))
    yield get_default()


@shows("bucket-configuration/first-of-two-rules")
def test_two_rules_are_accepted() -> Requests:
    yield create()
    yield put_rules(RuleText("AES256"), RuleText(KMS))


@shows("bucket-configuration/disabled-key-refused")
def test_a_default_under_a_disabled_key_is_refused() -> Requests:
    key = yield CreateKey()
    yield create()
    yield disable(key.text("KeyId") or "")
    yield put_default(KMS, key.text("Arn"))
