from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    NO_KEY_ID,
    create,
    get,
    put,
)
from model.operations.kms import CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("kms/managed-key-in-another-account")
def test_the_managed_key_is_one_of_another_account() -> Requests:
    yield CreateKey()
    yield create()
    yield put(sse="aws:kms")


@shows("kms/managed-key-for-each-bucket")
def test_two_buckets_have_two_managed_keys() -> Requests:
    yield create()
    yield create("other")
    yield put(sse="aws:kms")
    yield put(bucket="other", sse="aws:kms")


@shows("kms/shown-key-is-refused")
def test_the_key_that_an_answer_shows_cannot_be_named() -> Requests:
    made = yield CreateKey()
    yield create()
    yield put(sse="aws:kms", kms_key_id=made.text("Arn"))


@shows("kms/unknown-key-is-taken")
def test_a_key_that_does_not_exist_is_taken() -> Requests:
    yield create()
    yield put(sse="aws:kms", kms_key_id=NO_KEY_ID)


@shows("kms/later-chunks-are-garbled")
def test_a_large_object_is_garbled() -> Requests:
    yield create()
    yield put(body=b"0123456789" * 7000, sse="aws:kms")
    yield get()
