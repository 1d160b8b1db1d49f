"""Reading the head of an HTTP answer strictly.

http.client hands the header lines to a mail parser. That costs more than everything else about a
small answer, splits values at characters that are no line breaks in HTTP (a UTF-8 byte 0x85, for
one), and passes silently over lines that are no headers. Here a head is a status line and
``name: value`` lines up to an empty line, or it is an error.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from http.client import BadStatusLine, HTTPException, HTTPMessage, HTTPResponse, RemoteDisconnected
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any

from targets.header_text import decode_value

if TYPE_CHECKING:
    from socket import socket

    from model.messages import Pairs

LINE_LIMIT = 65536
HEADER_LIMIT = 200
_STATUS_LINE = re.compile(rb"HTTP/1\.([0-9]) ([1-9][0-9][0-9])(?: ([^\r\n]*))?\r?\n")
PATIENCE = 10
"""So many time-outs may go by while a head, or a body, arrives in drops."""
_HEADER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*\r?\n")
_HTTP_1_0 = 10
_HTTP_1_1 = 11
_INFORMATIONAL = range(100, 200)
_FRAMING = frozenset({"connection", "content-length", "transfer-encoding"})
_WITHOUT_BODY = (204, 304)
_UNASKED = b"HTTP/1"


class StrictResponse(HTTPResponse):
    """http.client's response, whose head is parsed by the grammar of RFC 9112.

    ``pairs`` are all headers in order, with lower-case names. The libraries' own mapping holds
    only those that tell how the body ends. ``overran``: bytes came behind the body's announced
    end, which nothing asked for; the connection is of no more use then.
    """

    pairs: Pairs = ()
    overran = False

    _method: str
    code: int

    def __init__(self, sock: socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self._socket = sock
        self._timeout = timeout = sock.gettimeout()
        self._slowest = None if timeout is None else timeout * PATIENCE
        self._deadline: float | None = None

    def begin(self) -> None:
        """Read the head of the final answer and settle how its body ends.

        Raises HTTPException (RemoteDisconnected, BadStatusLine) where it is not HTTP/1.
        """
        if self.headers is not None:
            return
        waited = time.monotonic()
        self._deadline = None if self._slowest is None else waited + self._slowest
        while True:
            minor, status, reason = self._status_line()
            headers = self._header_lines()
            if status not in _INFORMATIONAL:
                break
        self.code = self.status = status
        self.reason = reason
        self.version = _HTTP_1_0 if minor == 0 else _HTTP_1_1
        self.pairs = headers
        self.headers = self.msg = HTTPMessage()
        for name, value in headers:
            if name in _FRAMING:
                self.headers[name] = value
        self._settle_body()

    def _close_conn(self) -> None:
        """Close, when the body is read; what is there already behind it is no next answer."""
        surplus = self._surplus() if self.chunked or self.length == 0 else b""
        if surplus:
            # RFC 9112 has clients pass over a line break; a server that is about to close an idle
            # connection may say so unasked.
            self.overran = not _UNASKED.startswith(surplus[: len(_UNASKED)])
            with suppress(OSError):
                self._socket.shutdown(SHUT_RDWR)
        super()._close_conn()  # type: ignore[misc]

    def _surplus(self) -> bytes:
        """Return what came behind the body's end, without waiting, but for line breaks."""
        try:
            self._socket.settimeout(0)
            return bytes(self.fp.peek(1).lstrip(b"\r\n"))
        except (OSError, ValueError):
            return b""
        finally:
            with suppress(OSError):
                self._socket.settimeout(self._timeout)

    def _status_line(self) -> tuple[int, int, str]:
        line = self._line()
        if not line:
            raise RemoteDisconnected("the connection was closed without an answer")
        match = _STATUS_LINE.fullmatch(line)
        if match is None:
            raise BadStatusLine(f"this is no answer of HTTP/1: {line[:80]!r}")
        return int(match[1]), int(match[2]), (match[3] or b"").decode("latin-1").strip()

    def _line(self) -> bytes:
        """Read a line. Raises HTTPException where it drips in for longer than anybody waits."""
        read: list[bytes] = []
        size = 0
        while size < LINE_LIMIT:
            ready = self.fp.peek(1)
            read.append(self.fp.readline(min(len(ready), LINE_LIMIT - size)))
            size += len(read[-1])
            if not ready or read[-1].endswith(b"\n"):
                break
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise HTTPException(f"the head of the answer took longer than {self._slowest:g} s")
        return b"".join(read)

    def _header_lines(self) -> Pairs:
        headers: list[tuple[str, str]] = []
        for _ in range(HEADER_LIMIT):
            line = self._line()
            if line in (b"\r\n", b"\n"):
                return tuple(headers)
            match = _HEADER_LINE.fullmatch(line)
            if match is None:
                what = "broke off" if not line.endswith(b"\n") else "has a line that is no header"
                raise HTTPException(f"the head of the answer {what}: {line[:80]!r}")
            headers.append((match[1].decode().lower(), decode_value(match[2])))
        raise HTTPException(f"the answer has more than {HEADER_LIMIT} header lines")

    def _settle_body(self) -> None:
        coding = self.headers.get("transfer-encoding")
        if coding is not None and coding.lower() != "chunked":
            raise HTTPException(f"the answer has an unknown Transfer-Encoding {coding!r}")
        self.chunked = coding is not None
        self.chunk_left = None
        self.length = None
        lengths = self.headers.get_all("content-length", [])
        if lengths and not self.chunked:
            if len(set(lengths)) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
                raise HTTPException(f"the answer has no valid Content-Length: {lengths}")
            self.length = int(lengths[0])
        if self._method == "HEAD" or self.status in _WITHOUT_BODY:
            self.length = 0
        connection = (self.headers.get("connection") or "").lower()
        kept = (
            "keep-alive" in connection if self.version == _HTTP_1_0 else "close" not in connection
        )
        self.will_close = not kept or (not self.chunked and self.length is None)
