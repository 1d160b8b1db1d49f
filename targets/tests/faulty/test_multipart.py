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
from model.operations.delete_bucket import DeleteBucket
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"


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


@shows("multipart/checksums-fail-completion")
def test_checksums_in_a_completion_are_no_reason_to_fail() -> Requests:
    yield create()
    yield put_default("aws:kms")
    upload = upload_of((yield begin()))
    etag = etag_of((yield part(upload=upload)))
    listed = f"<PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32>"
    document = f"<CompleteMultipartUpload><Part>{listed}</Part></CompleteMultipartUpload>"
    yield complete_with(document.encode(), upload=upload)


@shows("multipart/loses-its-headers")
def test_the_object_of_an_upload_is_not_encrypted() -> Requests:
    yield create()
    upload = upload_of((yield begin(sse="AES256")))
    yield part(upload=upload)
    yield complete(upload=upload)
    yield head()


@shows("multipart/refused-creation-is-listed")
def test_an_upload_that_was_refused_is_listed() -> Requests:
    yield create()
    yield begin(sse="rot13")
    yield list_uploads()
