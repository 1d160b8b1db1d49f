from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import create, customer, get, put
from model.clauses.tests.words_multipart import begin, complete, part
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("reading-ends/range-breaks-off")
def test_of_a_range_nothing_comes() -> Requests:
    yield create()
    yield put()
    yield get()
    yield get(range="bytes=0-4")


@shows("reading-ends/length-of-what-is-stored")
def test_less_comes_than_was_announced() -> Requests:
    yield create()
    yield put(**customer())
    yield get(**customer())


@shows("reading-ends/sends-the-tag")
def test_more_comes_than_was_announced() -> Requests:
    yield create()
    upload = upload_of((yield begin(sse="aws:kms")))
    etag = etag_of((yield part("1", upload=upload)))
    yield complete((1, etag), upload=upload)
    yield get()
    yield get(part_number="1")
