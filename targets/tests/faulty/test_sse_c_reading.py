from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    OTHER_CUSTOMER_KEY,
    create,
    customer,
    get,
    head,
    put,
)
from model.clauses.tests.words_versioning import attributes, enable
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

ESCAPED = "a name/with ümlauts+"


@shows("sse-c-reading/empty-object-unchecked")
def test_an_empty_object_is_read_with_another_key() -> Requests:
    yield create()
    yield put(body=b"", **customer())
    yield get(**customer(OTHER_CUSTOMER_KEY))


@shows("sse-c-reading/attributes-take-any-key")
def test_attributes_are_shown_to_another_key() -> Requests:
    yield create()
    yield put(**customer())
    yield attributes(**customer(OTHER_CUSTOMER_KEY))


@shows("sse-c-reading/head-needs-no-key")
def test_a_head_without_the_key_is_answered() -> Requests:
    yield create()
    yield put(**customer())
    yield head()


@shows("sse-c-reading/old-key-still-opens")
def test_the_key_of_an_overwritten_object_opens_its_successor() -> Requests:
    yield create()
    yield put(**customer())
    yield get(**customer())
    yield put(**customer(OTHER_CUSTOMER_KEY))
    yield get(**customer())


@shows("sse-c-reading/older-version-by-newest-key")
def test_an_older_version_is_not_opened_by_its_own_key() -> Requests:
    yield create()
    yield enable()
    older = yield put(**customer())
    yield put(**customer(OTHER_CUSTOMER_KEY))
    yield get(version_id=older.text("x-amz-version-id"), **customer())


@shows("sse-c-reading/escaped-name-unchecked")
def test_an_object_whose_name_needs_escaping_is_read_with_another_key() -> Requests:
    yield create()
    yield put(ESCAPED, **customer())
    yield get(ESCAPED, **customer(OTHER_CUSTOMER_KEY))


@shows("sse-c-reading/mark-outlives-the-object")
def test_what_took_the_place_of_an_object_under_sse_c_cannot_be_read() -> Requests:
    yield create()
    yield put(**customer())
    yield put()
    yield get()


@shows("sse-c-reading/range-behind-first-block")
def test_a_range_far_behind_is_garbled() -> Requests:
    yield create()
    yield put(body=b"0123456789" * 7000, **customer())
    yield get(range="bytes=66000-66009", **customer())
