from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    create,
    customer,
    delete,
    get,
    head,
    put,
)
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("echo-reads/head-omits-customer-key")
def test_a_head_does_not_show_the_customer_key() -> Requests:
    yield create()
    yield put(**customer())
    yield head(**customer())


@shows("echo-reads/get-omits-kms")
def test_a_get_does_not_show_kms() -> Requests:
    yield create()
    yield put(sse=KMS)
    yield get()


@shows("echo-reads/customer-key-is-repeated")
def test_a_range_is_answered_with_the_key() -> Requests:
    yield create()
    yield put(**customer())
    yield get(range="bytes=0-3", **customer())


@shows("echo-reads/headers-outlive-the-object")
def test_an_object_shows_the_encryption_of_one_that_was_deleted() -> Requests:
    yield create()
    yield put(sse=KMS)
    yield head()
    yield delete()
    yield put()
    yield head()
