from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import ETAG, VERSION_ID
from model.clauses.tests.notation import (
    create,
    delete,
    get,
    head,
    put,
    put_default,
)
from model.clauses.tests.words_multipart import begin, complete, part
from model.clauses.tests.words_versioning import delete_version, enable, suspend
from model.operations.create_multipart_upload import UPLOAD_ID
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from model.answer import Answer
    from targets.tests.faulty.demonstration import Requests


def id_in(answer: Answer) -> str:
    return answer.text(VERSION_ID) or ""


@shows("versioning/null-version-is-lost")
def test_what_was_there_before_versioning_is_gone() -> Requests:
    yield create()
    yield put()
    yield enable()
    yield put(body=b"newer")
    yield replace(get(), version_id="null")


@shows("versioning/ids-are-lost-under-a-null-version")
def test_an_older_version_is_not_found_under_a_null_version() -> Requests:
    yield create()
    yield enable()
    older = yield put()
    yield suspend()
    yield put(body=b"newer")
    yield replace(get(), version_id=id_in(older))


@shows("versioning/removed-marker-still-hides")
def test_an_object_is_hidden_without_a_marker() -> Requests:
    yield create()
    yield enable()
    yield put()
    marker = yield delete()
    yield delete_version(id_in(marker))
    yield get()


@shows("versioning/newest-version-is-not-removed")
def test_the_newest_version_cannot_be_removed() -> Requests:
    yield create()
    yield enable()
    yield put()
    newest = yield put(body=b"newer")
    yield delete_version(id_in(newest))
    yield get()


@shows("versioning/second-deletion-takes-the-marker")
def test_a_second_deletion_hides_nothing() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield delete()
    yield put()
    yield delete()
    yield get()


@shows("versioning/suspended-deletion-keeps-the-null")
def test_a_marker_has_an_id_though_versioning_is_suspended() -> Requests:
    yield create()
    yield suspend()
    yield put()
    yield delete()
    yield replace(get(), version_id="null")


@shows("versioning/completion-overwrites-the-newest")
def test_a_completed_upload_is_read_by_the_id_of_an_older_version() -> Requests:
    yield create()
    yield enable()
    older = yield put()
    begun = yield begin()
    upload = begun.text(UPLOAD_ID) or ""
    sent = yield part(upload=upload, body=b"newer")
    yield complete((1, sent.text(ETAG) or ""), upload=upload)
    yield replace(get(), version_id=id_in(older))


@shows("versioning/default-reaches-older-versions")
def test_an_older_version_shows_the_new_default() -> Requests:
    yield create()
    yield enable()
    older = yield put(sse="aws:kms")
    yield put(sse="aws:kms")
    yield put_default()
    yield replace(head(), version_id=id_in(older))


@shows("versioning/head-looks-at-the-newest")
def test_an_older_version_shows_the_encryption_of_the_newest() -> Requests:
    yield create()
    yield enable()
    older = yield put(sse="aws:kms")
    yield put()
    yield replace(head(), version_id=id_in(older))
