from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    OTHER_CUSTOMER_KEY,
    copy,
    copy_in_place,
    create,
    customer,
    get,
    put,
    put_default,
    source_customer,
)
from model.clauses.tests.words_versioning import copy_version, enable
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("sse-c/default-layered-on-customer-key")
def test_a_default_stands_in_the_way_of_a_customer_key() -> Requests:
    yield create()
    yield put_default("AES256")
    yield put(**customer())


@shows("sse-c/rotation-to-same-key-unchecked")
def test_a_wrong_key_is_rotated_to_itself() -> Requests:
    yield create()
    yield put(**customer())
    yield copy_in_place(**source_customer(OTHER_CUSTOMER_KEY), **customer(OTHER_CUSTOMER_KEY))


@shows("sse-c/rotation-keeps-old-key")
def test_the_new_key_of_a_rotation_does_not_open() -> Requests:
    yield create()
    yield put(**customer())
    yield copy_in_place(**source_customer(), **customer(OTHER_CUSTOMER_KEY))
    yield get(**customer(OTHER_CUSTOMER_KEY))


@shows("sse-c/copy-within-bucket-keeps-key")
def test_a_copy_that_names_no_encryption_is_under_the_key_of_its_source() -> Requests:
    yield create()
    yield put(**customer())
    yield copy(**source_customer())


@shows("sse-c/source-key-for-plain-source")
def test_a_copy_decrypts_what_was_not_under_a_customer_key() -> Requests:
    yield create()
    yield put()
    yield copy(**source_customer())


@shows("sse-c/older-source-version-unchecked")
def test_an_older_version_is_copied_without_its_key() -> Requests:
    yield create()
    yield enable()
    older = yield put(**customer())
    yield put()
    yield copy_version(older.text("x-amz-version-id") or "")
