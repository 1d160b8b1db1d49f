from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import create, customer, delete, put, put_default
from model.clauses.tests.words_multipart import begin, list_uploads
from model.clauses.tests.words_versioning import delete_version, enable, suspend
from model.stored import NULL_VERSION
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import version_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("deletion/marked-object-is-not-found")
def test_an_object_under_a_marker_is_not_deleted_again() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield delete()
    yield delete()


@shows("deletion/denied-with-versioning")
def test_a_deletion_that_leaves_a_marker_is_denied() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield delete()


@shows("deletion/null-is-no-version")
def test_the_version_null_is_not_deleted() -> Requests:
    yield create()
    yield put()
    yield enable()
    yield delete_version(NULL_VERSION)


@shows("deletion/older-version-by-newest-key")
def test_an_older_version_under_another_encryption_is_not_deleted() -> Requests:
    yield create()
    yield enable()
    older = version_of((yield put(sse="aws:kms")))
    yield put()
    yield delete_version(older)


@shows("deletion/no-suspension-under-a-default")
def test_versioning_is_not_suspended_under_a_default() -> Requests:
    yield create()
    yield put_default("aws:kms")
    yield enable()
    yield suspend()


@shows("deletion/uploads-under-a-customer-key-are-not-listed")
def test_an_upload_under_a_customer_key_breaks_the_list() -> Requests:
    yield create()
    yield begin(**customer())
    yield list_uploads()
