from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import VERSION_ID
from model.clauses.tests.notation import (
    OBJECT,
    copy,
    copy_in_place,
    create,
    get,
    head,
    put,
)
from model.clauses.tests.words_versioning import copy_version, delete_version, enable
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from model.answer import Answer
    from targets.tests.faulty.demonstration import Requests


def id_in(answer: Answer) -> str:
    return answer.text(VERSION_ID) or ""


@shows("versioning-copies/source-version-not-read")
def test_a_copy_of_an_older_version_has_the_data_of_the_newest() -> Requests:
    yield create()
    yield enable()
    older = yield put()
    yield put(body=b"newer")
    yield copy_version(id_in(older))


@shows("versioning-copies/restoring-is-refused")
def test_an_older_version_is_not_restored() -> Requests:
    yield create()
    yield enable()
    older = yield put()
    yield put(body=b"newer")
    yield copy_version(id_in(older), OBJECT)


@shows("versioning-copies/metadata-of-a-version-is-lost")
def test_a_copy_of_a_version_lacks_its_metadata() -> Requests:
    yield create()
    yield enable()
    version = yield put(metadata=(("colour", "red"),))
    yield copy_version(id_in(version))
    yield head("copy")


@shows("versioning-copies/versions-share-their-data")
def test_a_version_is_empty_when_the_one_is_gone_that_it_was_copied_from() -> Requests:
    yield create()
    yield enable()
    older = yield put()
    yield copy_in_place(sse="AES256")
    yield delete_version(id_in(older))
    yield get()


@shows("versioning-copies/version-of-the-copy-is-not-told")
def test_a_copy_does_not_tell_its_version() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield copy()


@shows("versioning-copies/newest-source-is-told")
def test_a_copy_names_another_version_than_it_read() -> Requests:
    yield create()
    yield enable()
    older = yield put()
    yield put(body=b"newer")
    yield copy_version(id_in(older))
