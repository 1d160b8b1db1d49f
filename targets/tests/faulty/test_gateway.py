from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import ETAG
from model.clauses.tests.notation import create, get, head, put
from model.clauses.tests.words_multipart import begin
from model.clauses.tests.words_versioning import list_v2
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("gateway/lists-what-is-stored")
def test_a_listing_shows_another_size() -> Requests:
    yield create()
    yield put()
    yield list_v2()


@shows("gateway/matches-the-stored-etag")
def test_the_etag_that_was_shown_does_not_match() -> Requests:
    yield create()
    yield put(sse="aws:kms")
    shown = yield head()
    yield get(if_match=f'"{shown.text(ETAG)}"')


@shows("gateway/uploads-lose-the-flag")
def test_an_upload_with_a_bucket_key_does_not_show_it() -> Requests:
    yield create()
    yield begin(sse="aws:kms", bucket_key_enabled="true")
