from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import VERSION_ID
from model.clauses.tests.notation import (
    BUCKET,
    OBJECT,
    OTHER_CUSTOMER_KEY,
    create,
    customer,
    put,
    put_default,
    source_customer,
)
from model.clauses.tests.words_multipart import begin, part_copy
from model.clauses.tests.words_versioning import enable
from model.operations.create_multipart_upload import UPLOAD_ID
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

SOURCE = f"{BUCKET}/{OBJECT}"


@shows("paths-parts/part-of-the-newest-version")
def test_a_part_is_made_of_another_version_than_was_named() -> Requests:
    yield create()
    yield enable()
    older = yield put()
    yield put(body=b"newer")
    begun = yield begin()
    source = f"{SOURCE}?versionId={older.text(VERSION_ID)}"
    yield part_copy(source, upload=begun.text(UPLOAD_ID) or "")


@shows("paths-parts/source-read-with-the-uploads-key")
def test_a_source_is_not_read_with_its_own_key() -> Requests:
    yield create()
    yield put(**customer())
    key = customer(OTHER_CUSTOMER_KEY)
    begun = yield begin(**key)
    yield part_copy(SOURCE, upload=begun.text(UPLOAD_ID) or "", **source_customer(), **key)


@shows("paths-parts/key-for-a-plain-upload")
def test_a_part_of_a_plain_upload_is_copied_with_a_customer_key() -> Requests:
    yield create()
    yield put()
    begun = yield begin()
    yield part_copy(SOURCE, upload=begun.text(UPLOAD_ID) or "", **customer())


@shows("paths-parts/etag-of-the-encrypted-part")
def test_a_copied_part_has_another_etag() -> Requests:
    yield create()
    yield put_default()
    yield put()
    begun = yield begin()
    yield part_copy(SOURCE, upload=begun.text(UPLOAD_ID) or "")
