from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import base64_of, copy, create, get, head, put
from model.clauses.tests.words_versioning import enable
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"
ONE = base64_of(b'{"project":"one"}')
OTHER = base64_of(b'{"project":"other"}')
NUMBER = base64_of(b'{"project":1}')


@shows("context/with-context-unreadable")
def test_an_object_with_a_context_cannot_be_read() -> Requests:
    yield create()
    yield put(sse=KMS, encryption_context=ONE)
    yield get()


@shows("context/without-context-crashes")
def test_an_object_without_a_context_cannot_be_read() -> Requests:
    yield create()
    yield put(sse=KMS)
    yield get()


@shows("context/anything-is-a-context")
def test_a_context_with_a_number_is_taken() -> Requests:
    yield create()
    yield put(sse=KMS, encryption_context=NUMBER)


@shows("context/readers-see-the-context")
def test_a_head_shows_the_context() -> Requests:
    yield create()
    yield put(sse=KMS, encryption_context=ONE)
    yield head()


@shows("context/left-over-from-the-overwritten")
def test_the_context_of_the_object_before_is_shown() -> Requests:
    yield create()
    yield put(sse=KMS, encryption_context=ONE)
    yield put(sse=KMS)


@shows("context/copy-answers-with-source-context")
def test_a_copy_shows_the_context_of_its_source() -> Requests:
    yield create()
    yield put(sse=KMS, encryption_context=ONE)
    yield copy(sse=KMS)


@shows("context/copy-is-bound-to-the-old-name")
def test_a_copy_under_the_same_key_cannot_be_read() -> Requests:
    yield create()
    yield put(sse=KMS)
    yield copy(sse=KMS)
    yield get("copy")


@shows("context/older-version-by-newest-context")
def test_an_older_version_with_another_context_cannot_be_read() -> Requests:
    yield create()
    yield enable()
    older = yield put(sse=KMS, encryption_context=ONE)
    yield put(sse=KMS, encryption_context=OTHER)
    yield get(version_id=older.text("x-amz-version-id"))
