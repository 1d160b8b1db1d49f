"""Bodies as HAR tools write them down: text, base64, or nothing at all."""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.parameter_values import Json

_LATIN = re.compile(r"charset\s*=\s*\"?(iso-8859-1|latin-?1|windows-1252)", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})(;[^\r\n]*)?\r\n")
_LOST = "\ufffd"
_DIGITS = 18


class Body(NamedTuple):
    """The bytes of a body, and whether they are all that was sent."""

    data: bytes
    known: bool = True


_EMPTY = Body(b"")
_NOT_RECORDED = Body(b"", known=False)


def request_body(request: Mapping[str, Json], headers: Mapping[str, str], *, exact: bool) -> Body:
    """Return the body of a HAR request; ``headers`` have lower-case names.

    ``exact``: the entry is one of ours, whose text is UTF-8 and complete.
    """
    content = request.get("postData")
    length = _length(headers, request.get("bodySize"))
    if not isinstance(content, dict) or content.get("text") is None:
        return _NOT_RECORDED if length else _EMPTY
    body = read_content(content) if exact else _guess(content, length)
    if headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
        return _without_chunks(body, headers.get("x-amz-decoded-content-length", ""))
    return body


def response_body(response: Mapping[str, Json], headers: Mapping[str, str], *, exact: bool) -> Body:
    """Return the body of a HAR response, as ``request_body`` does."""
    content = response.get("content")
    coded = headers.get("content-encoding", "identity") not in {"identity", ""}
    length = None if coded else _length(headers, None)
    if not isinstance(content, dict) or content.get("text") is None:
        size = content.get("size") if isinstance(content, dict) else None
        missing = length or (size if isinstance(size, int) and size > 0 else 0)
        return _NOT_RECORDED if missing else _EMPTY
    return read_content(content) if exact else _guess(content, length)


def _length(headers: Mapping[str, str], size: Json) -> int | None:
    stated = headers.get("content-length", "")
    if stated.isascii() and stated.isdigit():
        return int(stated[:_DIGITS])
    return size if isinstance(size, int) and size > 0 else None


def read_content(content: Mapping[str, Json]) -> Body:
    """Return the bytes of ``{"text", "encoding"}``."""
    text = content.get("text")
    if not isinstance(text, str):
        return _NOT_RECORDED
    if content.get("encoding") != "base64":
        return Body(text.encode("utf-8", "replace"))
    try:
        return Body(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        return _NOT_RECORDED


def _guess(content: Mapping[str, Json], length: int | None) -> Body:
    """Return the bytes of text that a tool decoded; the length tells by which character set."""
    body = read_content(content)
    text = content.get("text")
    if not isinstance(text, str) or content.get("encoding") == "base64":
        return body
    if text.isascii():
        return Body(body.data, known=bool(text) or not length)
    readings = [body.data]
    with suppress(UnicodeEncodeError):
        readings.append(text.encode("latin-1"))
    if _LATIN.search(str(content.get("mimeType", ""))):
        readings.reverse()
    for data in readings:
        if len(data) == length:
            return Body(data)
    # A tool that could not decode a byte wrote the replacement character: the byte is lost.
    return Body(readings[0], known=length is None and _LOST not in text)


def _without_chunks(body: Body, decoded_length: str) -> Body:
    """Return the payload of an aws-chunked body, as SDKs send it."""
    data, position = body.data, 0
    if decoded_length.isdigit() and len(data) == int(decoded_length[:_DIGITS]):
        return body
    payload: list[bytes] = []
    while (head := _CHUNK.match(data, position)) is not None:
        size = int(head[1], 16)
        if size == 0:
            return Body(b"".join(payload), known=body.known)
        payload.append(data[head.end() : head.end() + size])
        position = head.end() + size + 2
    return _NOT_RECORDED
