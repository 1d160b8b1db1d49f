from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    OTHER_CUSTOMER_KEY,
    create,
    customer,
    delete,
    get,
    head,
    put,
)
from model.clauses.tests.words_multipart import (
    abort,
    begin,
    complete,
    list_parts,
    list_uploads,
    part,
)
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"


@shows("unfinished-uploads/abort-removes-the-object")
def test_an_abort_removes_the_object() -> Requests:
    yield create()
    yield put()
    upload = upload_of((yield begin()))
    yield abort(upload)
    yield get()


@shows("unfinished-uploads/abort-ends-the-others")
def test_an_abort_ends_the_other_upload() -> Requests:
    yield create()
    first = upload_of((yield begin()))
    second = upload_of((yield begin()))
    yield abort(first)
    yield part(upload=second)


@shows("unfinished-uploads/deletion-ends-the-uploads")
def test_a_deletion_ends_the_upload() -> Requests:
    yield create()
    yield put()
    upload = upload_of((yield begin()))
    yield delete()
    yield part(upload=upload)


@shows("unfinished-uploads/uploads-share-their-parts")
def test_the_part_of_one_upload_is_that_of_the_other() -> Requests:
    yield create()
    first = upload_of((yield begin()))
    second = upload_of((yield begin()))
    etag = etag_of((yield part(upload=first)))
    yield part(upload=second, body=OTHER)
    yield complete((1, etag), upload=first)
    yield get()


@shows("unfinished-uploads/hides-the-object")
def test_an_object_is_not_found_while_it_is_uploaded_anew() -> Requests:
    yield create()
    yield put()
    yield begin()
    yield head()


@shows("unfinished-uploads/write-ends-the-uploads")
def test_a_write_ends_the_upload() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield put()
    yield part(upload=upload)


@shows("unfinished-uploads/second-completion-empties")
def test_an_object_is_empty_after_a_second_completion() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    etag = etag_of((yield part(upload=upload)))
    yield complete((1, etag), upload=upload)
    yield complete((1, etag), upload=upload)
    yield get()


@shows("unfinished-uploads/completed-upload-takes-parts")
def test_a_part_is_taken_after_the_completion() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    etag = etag_of((yield part(upload=upload)))
    yield complete((1, etag), upload=upload)
    yield part("2", upload=upload)


@shows("unfinished-uploads/aborted-upload-is-listed")
def test_the_parts_of_an_aborted_upload_are_listed() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield abort(upload)
    yield list_parts(upload)


@shows("unfinished-uploads/last-created-decides")
def test_an_object_has_the_encryption_of_another_upload() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield begin(sse="aws:kms")
    etag = etag_of((yield part(upload=upload)))
    yield complete((1, etag), upload=upload)
    yield head()


@shows("unfinished-uploads/abort-needs-the-key")
def test_an_upload_under_a_customer_key_is_not_aborted() -> Requests:
    yield create()
    yield abort(upload_of((yield begin(**customer()))))


@shows("unfinished-uploads/refused-part-ends-the-upload")
def test_an_upload_is_over_after_a_part_with_another_key() -> Requests:
    yield create()
    upload = upload_of((yield begin(**customer())))
    yield part(upload=upload, **customer(OTHER_CUSTOMER_KEY))
    yield list_uploads()
