from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    OBJECT,
    create,
    customer,
    get,
    put_blocked,
)
from model.clauses.tests.words_multipart import begin, complete, part
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"
SOURCE = "source"


@shows("multipart-parts/demands-the-header")
def test_a_part_without_the_header_of_its_upload_is_refused() -> Requests:
    yield create()
    upload = upload_of((yield begin(sse="AES256")))
    yield part(upload=upload)


@shows("multipart-parts/asks-the-first-part-only")
def test_the_second_part_is_taken_without_the_key() -> Requests:
    yield create()
    upload = upload_of((yield begin(**customer())))
    yield part(upload=upload, **customer())
    yield part("2", upload=upload)


@shows("multipart-parts/sent-again-is-appended")
def test_a_part_that_is_sent_again_is_there_twice() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload, body=OTHER)
    etag = etag_of((yield part(upload=upload)))
    yield complete((1, etag), upload=upload)
    yield get()


@shows("multipart-parts/takes-a-replaced-etag")
def test_a_part_is_listed_by_the_etag_that_it_had() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    etag = etag_of((yield part(upload=upload, body=OTHER)))
    yield part(upload=upload)
    yield complete((1, etag), upload=upload)


@shows("multipart-parts/long-part-ends-in-zeros")
def test_the_end_of_a_long_part_is_lost() -> Requests:
    yield create()
    upload = upload_of((yield begin(sse="aws:kms")))
    etag = etag_of((yield part(upload=upload, body=b"x" * (64 * 1024 + 1))))
    yield complete((1, etag), upload=upload)
    yield get()


@shows("multipart-parts/any-object-key")
def test_a_part_is_taken_under_another_object_key() -> Requests:
    yield create()
    upload = upload_of((yield begin(OBJECT)))
    yield part(upload=upload, object_key="other")


@shows("multipart-parts/block-is-for-new-uploads")
def test_parts_are_taken_in_a_bucket_that_blocks_sse_c_now() -> Requests:
    yield create()
    upload = upload_of((yield begin(**customer())))
    yield put_blocked("SSE-C")
    yield part(upload=upload, **customer())
