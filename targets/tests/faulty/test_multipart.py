from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import BUCKET, create, get, head, put, put_default
from model.clauses.tests.words_multipart import (
    abort,
    begin,
    complete,
    complete_with,
    list_uploads,
    part,
)
from model.clauses.tests.words_versioning import enable
from model.operations.delete_bucket import DeleteBucket
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of, version_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"


@shows("multipart/default-at-completion")
def test_an_upload_follows_the_default_to_its_end() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield put_default("aws:kms")
    yield part(upload=upload)
    yield complete(upload=upload)
    yield head()


@shows("multipart/aes256-is-lost")
def test_an_upload_that_asks_for_aes256_gets_the_default() -> Requests:
    yield create()
    yield put_default("aws:kms")
    yield begin(sse="AES256")


@shows("multipart/ignores-the-default")
def test_an_upload_does_not_look_at_the_default() -> Requests:
    yield create()
    yield put_default("aws:kms")
    yield begin()


@shows("multipart/shared-by-object-key")
def test_the_second_upload_of_an_object_changes_the_first() -> Requests:
    yield create()
    first = upload_of((yield begin()))
    yield begin(sse="aws:kms")
    yield part(upload=first)


@shows("multipart/abort-keeps-parts")
def test_an_aborted_upload_with_a_part_is_still_listed() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield abort(upload)
    yield list_uploads()


@shows("multipart/refused-completion-ends-it")
def test_after_a_refused_completion_there_is_no_other() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield complete((1, "0" * 32), upload=upload)
    yield complete(upload=upload)


@shows("multipart/takes-all-parts")
def test_a_part_that_is_not_listed_is_in_the_object() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield part("2", upload=upload, body=OTHER)
    yield complete(upload=upload)
    yield get()


@shows("multipart/outlives-its-bucket")
def test_an_upload_is_listed_in_a_bucket_that_was_made_again() -> Requests:
    yield create()
    yield begin()
    yield DeleteBucket(bucket=BUCKET)
    yield create()
    yield list_uploads()


@shows("multipart/overwrites-with-the-old-key")
def test_an_upload_over_an_object_is_not_read_back() -> Requests:
    yield create()
    yield put(body=OTHER)
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield complete(upload=upload)
    yield get()


@shows("multipart/drops-the-version-before")
def test_an_upload_removes_the_version_before() -> Requests:
    yield create()
    yield enable()
    older = version_of((yield put(body=OTHER)))
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield complete(upload=upload)
    yield get(version_id=older)


@shows("multipart/checksums-fail-completion")
def test_checksums_in_a_completion_are_no_reason_to_fail() -> Requests:
    yield create()
    yield put_default("aws:kms")
    upload = upload_of((yield begin()))
    etag = etag_of((yield part(upload=upload)))
    listed = f"<PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32>"
    document = f"<CompleteMultipartUpload><Part>{listed}</Part></CompleteMultipartUpload>"
    yield complete_with(document.encode(), upload=upload)
