from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import ETAG
from model.clauses.tests.notation import DATA, create, get, put
from model.clauses.tests.words_multipart import MD5, begin, complete, part
from model.operations.create_multipart_upload import UPLOAD_ID
from model.sse import md5_base64
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER_MD5 = md5_base64(DATA + b".")


@shows("atomicity-uploads/refused-completion-ends-the-upload")
def test_an_upload_is_gone_after_a_refused_completion() -> Requests:
    yield create()
    begun = yield begin()
    upload = begun.text(UPLOAD_ID) or ""
    sent = yield part(upload=upload)
    yield complete((2, MD5), upload=upload)
    yield complete((1, sent.text(ETAG) or ""), upload=upload)


@shows("atomicity-uploads/refused-completion-removes-the-object")
def test_an_object_is_gone_after_a_refused_completion() -> Requests:
    yield create()
    yield put()
    begun = yield begin()
    yield complete((1, MD5), upload=begun.text(UPLOAD_ID) or "")
    yield get()


@shows("atomicity-uploads/refused-part-takes-the-other")
def test_a_part_is_gone_after_another_was_refused() -> Requests:
    yield create()
    begun = yield begin()
    upload = begun.text(UPLOAD_ID) or ""
    sent = yield part(upload=upload)
    yield part(upload=upload, content_md5=OTHER_MD5)
    yield complete((1, sent.text(ETAG) or ""), upload=upload)
