"""What SDKs expect of an answer and no clause demands: dates, types, ids, the rest of an error.

Everything here follows from the requests before, so that two references that were asked the same
answer the same.
"""

from __future__ import annotations

import base64
import hashlib
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape

from model import xml_text
from model.answer import STORAGE_CLASS
from model.messages import HttpResponse
from model.operations.create_bucket import CreateBucket
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.kms import KmsOperation
from model.operations.object_read import PARTIAL_CONTENT, requested_range
from model.replacing import replace
from model.request import ObjectRead, PartUpload
from model.stored import ObjectVersion
from targets.reference_kms import describe
from targets.reference_shelf import DEFAULT_TYPE, checksums

if TYPE_CHECKING:
    from datetime import datetime

    from model.messages import HttpRequest, Pairs
    from model.operation import Operation
    from model.world import World
    from targets.reference_shelf import Shelf

OK, FIRST_REFUSAL = 200, 300
STANDARD = "STANDARD"
_RESPONSE = "response-"
_ERROR_END = b"</Error>"
_ID_BYTES, _LONG_ID_BYTES = 8, 57


def refusal(status: int, code: str, message: str) -> HttpResponse:
    """Return an answer with an error document."""
    body = xml_text.document("Error", {"Code": code, "Message": message})
    return HttpResponse(status, (("content-type", "application/xml"),), body)


@lru_cache(maxsize=1024)
def http_date(moment: datetime) -> str:
    """Return a time as HTTP writes it."""
    return format_datetime(moment, usegmt=True)


def dress(
    answer: HttpResponse, request: Operation, http: HttpRequest, world: World, shelf: Shelf
) -> HttpResponse:
    """Return the answer to a request of the model with what goes with it."""
    if answer.status >= FIRST_REFUSAL:
        return answer
    if isinstance(request, KmsOperation):
        return replace(answer, body=describe(answer.body, request, world, shelf))
    added: Pairs = ()
    if isinstance(request, ObjectRead):
        added = _of_a_read(request, http, world, shelf)
        answer = _of_a_range(answer, request, world)
        if answer.status != OK:
            added = tuple(pair for pair in added if not pair[0].startswith("x-amz-checksum-"))
    elif isinstance(request, PartUpload):
        added = checksums(http.headers)
    elif isinstance(request, CreateBucket):
        added = (("location", f"/{quote(request.bucket)}"),)
    return _with(answer, added)


def _of_a_read(request: ObjectRead, http: HttpRequest, world: World, shelf: Shelf) -> Pairs:
    version = world.version(request.bucket, request.object_key, request.version_id)
    if not isinstance(version, ObjectVersion):
        return ()
    note = shelf.of(request.bucket, request.object_key, version)
    dated = (("last-modified", http_date(note.modified)),)
    if not isinstance(request, GetObject | HeadObject):
        return dated
    wanted = [(n.removeprefix(_RESPONSE), v) for n, v in http.query if n.startswith(_RESPONSE)]
    content = {"content-type": DEFAULT_TYPE, **dict(note.content), **dict(wanted)}
    if version.storage_class not in {None, STANDARD}:
        content[STORAGE_CLASS] = str(version.storage_class)
    shown = note.checksums if request.checksum_mode == "ENABLED" else ()
    return (*dated, ("accept-ranges", "bytes"), *content.items(), *shown)


def _of_a_range(answer: HttpResponse, request: ObjectRead, world: World) -> HttpResponse:
    """Return the answer to HEAD of a range as AWS gives it: with what GET shows of the range."""
    version = world.version(request.bucket, request.object_key, request.version_id)
    if not isinstance(request, HeadObject) or not isinstance(version, ObjectVersion):
        return answer
    length = len(version.body or b"")
    wanted = requested_range(request.range, length)
    if wanted is None or wanted[0] == wanted[1] or request.asks_for_a_part:
        return answer
    shown = ("content-range", f"bytes {wanted[0]}-{wanted[1] - 1}/{length}")
    return _with(replace(answer, status=PARTIAL_CONTENT), (shown,))


def _with(answer: HttpResponse, added: Pairs) -> HttpResponse:
    """Return the answer with those headers that it does not have."""
    there = {name for name, _ in answer.headers}
    more = tuple(pair for pair in added if pair[0] not in there)
    return replace(answer, headers=(*answer.headers, *more)) if more else answer


def with_ids(answer: HttpResponse, http: HttpRequest, number: int) -> HttpResponse:
    """Return the answer with the ids of the request, which are made of its number.

    An error document gets them too, and the resource that it speaks of.
    """
    seed = str(number).encode()
    request_id = hashlib.blake2b(seed, digest_size=_ID_BYTES).hexdigest().upper()
    if http.service == "kms":
        return _with(answer, (("x-amzn-requestid", request_id),))
    host_id = base64.b64encode(hashlib.blake2b(seed, digest_size=_LONG_ID_BYTES).digest()).decode()
    body = answer.body
    if answer.status >= FIRST_REFUSAL and body.endswith(_ERROR_END):
        path = (f"/{quote(http.bucket)}" if http.bucket else "") + (http.path or "/")
        detail = f"<Resource>{escape(path)}</Resource>"
        detail += f"<RequestId>{request_id}</RequestId><HostId>{host_id}</HostId>"
        body = body.removesuffix(_ERROR_END) + detail.encode() + _ERROR_END
    dressed = _with(answer, (("x-amz-request-id", request_id), ("x-amz-id-2", host_id)))
    return replace(dressed, body=body)
