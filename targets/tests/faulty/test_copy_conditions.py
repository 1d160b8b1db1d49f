from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import ETAG
from model.clauses.tests.notation import (
    BUCKET,
    OBJECT,
    copy,
    create,
    customer,
    put,
    put_default,
    source_customer,
)
from model.clauses.tests.words_multipart import begin, part_copy
from model.operations.create_multipart_upload import UPLOAD_ID
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from model.answer import Answer
    from targets.tests.faulty.demonstration import Requests


def quoted(answer: Answer) -> str:
    return f'"{answer.text(ETAG)}"'


@shows("copy-conditions/encrypted-by-default")
def test_no_etag_matches_in_a_bucket_with_a_put_default() -> Requests:
    yield create()
    yield put_default()
    written = yield put()
    yield copy(source_if_match=quoted(written))


@shows("copy-conditions/part-of-a-customer-object")
def test_no_etag_matches_where_a_part_is_copied_from_a_customer_object() -> Requests:
    yield create()
    written = yield put(**customer())
    begun = yield begin()
    yield part_copy(
        f"{BUCKET}/{OBJECT}",
        upload=begun.text(UPLOAD_ID) or "",
        source_if_match=quoted(written),
        **source_customer(),
    )


@shows("copy-conditions/etag-of-the-destination")
def test_an_etag_is_compared_with_what_is_overwritten() -> Requests:
    yield create()
    written = yield put()
    yield put("copy", body=b"other data")
    yield copy(source_if_match=quoted(written))
