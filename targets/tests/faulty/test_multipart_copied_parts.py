from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    OTHER_CUSTOMER_KEY,
    create,
    customer,
    put,
    put_default,
    source_customer,
)
from model.clauses.tests.words_multipart import begin, complete, list_parts, part_copy
from model.clauses.tests.words_versioning import enable
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of, version_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"
SOURCE = "source"


@shows("multipart-copied-parts/takes-a-customer-key-beside")
def test_a_copied_part_with_a_customer_key_is_taken() -> Requests:
    yield create()
    yield put(SOURCE)
    upload = upload_of((yield begin(sse="AES256")))
    yield part_copy(upload=upload, **customer())


@shows("multipart-copied-parts/source-key-is-the-uploads")
def test_a_part_is_not_copied_from_a_source_under_another_key() -> Requests:
    yield create()
    yield put(SOURCE, **customer())
    upload = upload_of((yield begin(**customer(OTHER_CUSTOMER_KEY))))
    yield part_copy(upload=upload, **customer(OTHER_CUSTOMER_KEY), **source_customer())


@shows("multipart-copied-parts/copied-etag-differs")
def test_a_completion_with_the_etag_of_a_copied_part_is_refused() -> Requests:
    yield create()
    yield put_default("AES256")
    yield put(SOURCE)
    upload = upload_of((yield begin()))
    etag = etag_of((yield part_copy(upload=upload)))
    yield complete((1, etag), upload=upload)


@shows("multipart-copied-parts/newest-source-version")
def test_a_part_of_an_older_version_is_that_of_the_newest() -> Requests:
    yield create()
    yield enable()
    older = version_of((yield put(SOURCE)))
    yield put(SOURCE, body=OTHER)
    upload = upload_of((yield begin()))
    yield part_copy(f"{BUCKET}/{SOURCE}?versionId={older}", upload=upload)


@shows("multipart-copied-parts/lists-the-whole-source")
def test_a_copied_range_is_listed_too_long() -> Requests:
    yield create()
    yield put(SOURCE, body=DATA)
    upload = upload_of((yield begin()))
    yield part_copy(upload=upload, copy_source_range="bytes=0-3")
    yield list_parts(upload)


@shows("multipart-copied-parts/source-is-decoded-twice")
def test_a_part_of_an_object_with_a_plus_in_its_key_is_not_found() -> Requests:
    yield create()
    yield put("a+b")
    upload = upload_of((yield begin()))
    yield part_copy(f"{BUCKET}/a%2Bb", upload=upload)
