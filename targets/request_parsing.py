"""HTTP requests from a stream to HttpRequest, with all that the way put around them taken off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, unquote_plus, urlsplit

from model.messages import Auth, HttpRequest
from model.signed_query import read_signed_query
from targets.header_text import decode_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.messages import Pairs

LINE_LIMIT = 65536
HEADER_LIMIT = 200
_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP/1\.([01])\r?\n")
_HEADER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*\r?\n")
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n")
_STREAMING = "STREAMING-"
_KMS = "TrentService."
_CHUNKED_ENCODING = "aws-chunked"
#: What a connection adds to a request, or HTTP does: the handler sees the request without it.
_OF_THE_WAY = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "transfer-encoding",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-decoded-content-length",
        "x-amz-security-token",
        "x-amz-trailer",
    }
)


class BadRequest(Exception):  # noqa: N818 - the name of HTTP's status
    """What came is no request that can be answered; ``status`` is 400 or 413."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class ByteStream(Protocol):
    """The two ways in which requests are read."""

    def readline(self, size: int = ..., /) -> bytes:
        """Return the bytes up to a line's end, or to ``size``."""
        ...

    def read(self, size: int = ..., /) -> bytes:
        """Return so many bytes, fewer at the end."""
        ...


class RequestReader:
    """Reads one connection's requests, one after the other.

    ``stream`` gives bytes, ``write`` takes an interim answer (100 Continue). ``domains`` are the
    host names below which the first label is a bucket. ``body_limit`` is in bytes.
    """

    def __init__(
        self,
        stream: ByteStream,
        write: Callable[[bytes], object],
        domains: tuple[str, ...],
        body_limit: int,
    ) -> None:
        self._stream = stream
        self._write = write
        self._domains = domains
        self._limit = body_limit

    def next_request(self) -> tuple[HttpRequest, bool] | None:
        """Return the next request and whether the connection stays open after it.

        None where the client ended the connection between two requests. Raises BadRequest, and
        OSError where the connection fails.
        """
        line = self._stream.readline(LINE_LIMIT)
        while line in (b"\r\n", b"\n"):
            line = self._stream.readline(LINE_LIMIT)
        if not line:
            return None
        match = _REQUEST_LINE.fullmatch(line)
        if match is None:
            raise BadRequest("the request line is malformed")
        headers = self._header_lines()
        first = dict(reversed(headers))
        body = self._body(headers, first)
        connection = first.get("connection", "").lower()
        kept = "close" not in connection if match[3] == b"1" else "keep-alive" in connection
        return self._request(match[1].decode(), match[2].decode(), headers, first, body), kept

    def _request(
        self, method: str, target: str, headers: Pairs, first: dict[str, str], body: bytes
    ) -> HttpRequest:
        if not target.startswith("/"):
            parts = urlsplit(target)
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        path, _, query = target.partition("?")
        kms = first.get("x-amz-target", "").startswith(_KMS)
        bucket = ""
        if not kms:
            bucket, path = self._split(path, first.get("host", ""))
        auth = Auth.HEADER if "authorization" in first else Auth.ANONYMOUS
        headers, body = unwrap(headers, body)
        pairs = parse_query(query)
        meant = read_signed_query(pairs, headers)
        if meant is not None:
            pairs, headers, auth = meant
        return HttpRequest(
            method=method,
            service="kms" if kms else "s3",
            bucket=bucket,
            path=path,
            query=pairs,
            headers=headers,
            body=body,
            auth=auth,
        )

    def _split(self, path: str, host: str) -> tuple[str, str]:
        """Take the bucket from the host name or from the path; return it and the rest."""
        name = host.rpartition(":")[0] if re.search(r":\d*$", host) else host
        for domain in self._domains:
            if name.endswith(f".{domain}"):
                return name[: -len(domain) - 1], path
        bucket, slash, rest = path.removeprefix("/").partition("/")
        return unquote(bucket), f"/{rest}" if slash else "/"

    def _header_lines(self) -> Pairs:
        headers: list[tuple[str, str]] = []
        while len(headers) <= HEADER_LIMIT:
            line = self._stream.readline(LINE_LIMIT)
            if line in (b"\r\n", b"\n"):
                return tuple(headers)
            match = _HEADER_LINE.fullmatch(line)
            if match is None:
                raise BadRequest("a header line is malformed")
            headers.append((match[1].decode().lower(), decode_value(match[2])))
        raise BadRequest(f"there are more than {HEADER_LIMIT} headers")

    def _body(self, headers: Pairs, first: dict[str, str]) -> bytes:
        lengths = {value for name, value in headers if name == "content-length"}
        coding = first.get("transfer-encoding")
        if coding is not None and (coding.lower() != "chunked" or lengths):
            raise BadRequest("Transfer-Encoding is neither chunked nor alone")
        if len(lengths) > 1 or not all(length.isascii() and length.isdigit() for length in lengths):
            raise BadRequest("Content-Length is no number")
        length = int(lengths.pop()) if lengths else 0
        if length > self._limit:
            raise self._too_large()
        if first.get("expect", "").lower() == "100-continue":
            self._write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._chunks() if coding is not None else self._exactly(length)

    def _chunks(self) -> bytes:
        parts: list[bytes] = []
        total = 0
        while True:
            match = _CHUNK_LINE.fullmatch(self._stream.readline(LINE_LIMIT))
            if match is None:
                raise BadRequest("a chunk's head is malformed")
            size = int(match[1], 16)
            if size == 0:
                self._header_lines()
                return b"".join(parts)
            total += size
            if total > self._limit:
                raise self._too_large()
            parts.append(self._exactly(size))
            if self._stream.readline(LINE_LIMIT) not in (b"\r\n", b"\n"):
                raise BadRequest("a chunk is longer than it says")

    def _exactly(self, size: int) -> bytes:
        body = self._stream.read(size) if size else b""
        if len(body) != size:
            raise BadRequest("the body is shorter than it says")
        return body

    def _too_large(self) -> BadRequest:
        return BadRequest(f"the body is larger than {self._limit} bytes", 413)


def unwrap(headers: Pairs, body: bytes) -> tuple[Pairs, bytes]:
    """Take off what a client puts around a request: its own headers, and the SDKs' chunks.

    Raises BadRequest where the chunks are malformed.
    """
    if any(n == "x-amz-content-sha256" and v.startswith(_STREAMING) for n, v in headers):
        body, trailers = decode_aws_chunks(body)
        headers = (*_without_aws_chunked(headers), *trailers)
    return tuple(pair for pair in headers if not _is_of_the_way(*pair)), body


def parse_query(query: str) -> Pairs:
    """Decode a query into its pairs, in order; a bare name has the value ``""``."""
    parts = [part.partition("=") for part in query.split("&") if part]
    return tuple((unquote_plus(name), unquote_plus(value)) for name, _, value in parts)


def decode_aws_chunks(body: bytes) -> tuple[bytes, Pairs]:
    """Return the payload of a body in the SDKs' chunks, and its trailers as headers.

    The signatures of the chunks are not looked at. Raises BadRequest where it is malformed.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        line, at = _line(body, at)
        match = _CHUNK_LINE.fullmatch(line)
        if match is None:
            raise BadRequest("an aws-chunk's head is malformed")
        size = int(match[1], 16)
        if size == 0:
            return b"".join(parts), _trailers(body, at)
        parts.append(body[at : at + size])
        if body[at + size : at + size + 2] != b"\r\n":
            raise BadRequest("an aws-chunk has not the length that it says")
        at += size + 2


def _trailers(body: bytes, at: int) -> Pairs:
    trailers: list[tuple[str, str]] = []
    while at < len(body):
        line, at = _line(body, at)
        if line == b"\r\n":
            break
        match = _HEADER_LINE.fullmatch(line)
        if match is None:
            raise BadRequest("a trailer is malformed")
        name = match[1].decode().lower()
        if name != "x-amz-trailer-signature":
            trailers.append((name, decode_value(match[2])))
    return tuple(trailers)


def _line(body: bytes, at: int) -> tuple[bytes, int]:
    end = body.find(b"\n", at) + 1
    return (body[at:end], end) if end else (body[at:] + b"\r\n", len(body))


def _without_aws_chunked(headers: Pairs) -> Pairs:
    """Take the chunks' own coding out of Content-Encoding, as S3 does before it stores it."""
    kept: list[tuple[str, str]] = []
    for name, value in headers:
        if name == "content-encoding":
            codings = [part.strip() for part in value.split(",")]
            rest = ",".join(part for part in codings if part.lower() != _CHUNKED_ENCODING)
            if rest:
                kept.append((name, rest))
        else:
            kept.append((name, value))
    return tuple(kept)


def _is_of_the_way(name: str, value: str) -> bool:
    return name in _OF_THE_WAY or (name == "accept-encoding" and value == "identity")
