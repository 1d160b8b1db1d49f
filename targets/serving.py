"""A loopback HTTP(S) server that hands each request to a function, fast enough to test through.

One thread a connection, kept alive; the function is called by one thread at a time. What a client
wraps around a request on its way (chunks, the SDKs' chunk signatures and trailers, the bucket in
the host name) is unwrapped here, so that the function sees what a connection was given to send.
"""

from __future__ import annotations

import logging
import socket
import socketserver
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from model.messages import BodyEnd, HttpResponse
from targets.certificates import make_certificate
from targets.header_text import encode_value
from targets.request_parsing import BadRequest, RequestReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from model.messages import HttpRequest
    from targets.request_parsing import ByteStream

    Handler = Callable[[HttpRequest, bool], HttpResponse]

__all__ = ["Server", "make_certificate", "serve"]

DEFAULT_BODY_LIMIT = 64 * 1024 * 1024
#: Seconds that a client may say nothing, within a request or between two.
IDLE_SECONDS = 120.0
_LINGER_SECONDS = 1.0
_LINGER_BYTES = 16 * 1024 * 1024
_BUFFER = 64 * 1024
_WITHOUT_BODY = (204, 304)
_TOO_MUCH = bytes(16)
_REASONS = {status.value: status.phrase for status in HTTPStatus}
_ERROR_CODES = {400: "BadRequest", 413: "EntityTooLarge"}
_PRODUCT = "s3sse"
_LOG = logging.getLogger(__name__)
_ERROR_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>'
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its base URL, without a slash at the end, and its port."""

    url: str
    port: int


@contextmanager
def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: tuple[Path, Path] | None = None,
    *,
    domains: tuple[str, ...] = (),
    body_limit: int = DEFAULT_BODY_LIMIT,
) -> Iterator[Server]:
    """Serve until the block ends; ``port`` 0 takes a free one, ``tls`` is certificate and key.

    ``handler`` gets the request and whether it came over TLS; it is never called by two threads
    at once. A bucket is taken from the Host header where that is a name below ``host``,
    ``localhost``, 127.0.0.1 or one of ``domains``, else from the path. A body of more than
    ``body_limit`` bytes is answered with 413, what is no HTTP with 400, and 500 stands for a
    handler that raises (what it raised goes to the log). Raises OSError where the port is taken.
    """
    server = _HttpServer((host, port), handler, tls, domains, body_limit)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        bound = server.server_address[1]
        name = f"[{host}]" if ":" in host else host
        yield Server(f"{'https' if tls else 'http'}://{name}:{bound}", int(bound))
    finally:
        server.shutdown()
        server.server_close()
        server.close_connections()
        thread.join()


class _HttpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        handler: Handler,
        tls: tuple[Path, Path] | None,
        domains: tuple[str, ...],
        body_limit: int,
    ) -> None:
        self.handler = handler
        self.lock = threading.Lock()
        self.tls = _server_context(tls) if tls else None
        self.domains = tuple(dict.fromkeys((address[0], "localhost", "127.0.0.1", *domains)))
        self.body_limit = body_limit
        self._open: set[socket.socket] = set()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Exchange)

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Call the handler, one request at a time."""
        with self.lock:
            return self.handler(request, self.tls is not None)

    def handle_error(self, request: object, client_address: object) -> None:
        """Write to the log what a handler raised; a client that went away is nothing."""
        del request, client_address
        _LOG.exception("a request could not be answered")

    @contextmanager
    def remembered(self, connection: socket.socket) -> Iterator[None]:
        """Keep a connection in mind while it is open, so that it can be broken off at the end."""
        self._open.add(connection)
        try:
            yield
        finally:
            self._open.discard(connection)

    def close_connections(self) -> None:
        """Break off every connection that is still open."""
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Exchange(socketserver.BaseRequestHandler):
    """One connection, from the handshake to its end."""

    server: _HttpServer
    request: socket.socket

    def handle(self) -> None:
        """Answer requests until the client or a broken one ends the connection."""
        self.request.settimeout(IDLE_SECONDS)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # An error of the socket means that the client went away, or was silent for too long.
        with suppress(OSError), self._secured() as connection, self.server.remembered(connection):
            self._answer_all(connection)

    def _secured(self) -> socket.socket:
        if self.server.tls is None:
            return self.request
        return self.server.tls.wrap_socket(self.request, server_side=True)

    def _answer_all(self, connection: socket.socket) -> None:
        with connection.makefile("rb", buffering=_BUFFER) as stream:
            server = self.server
            reader = RequestReader(
                cast("ByteStream", stream), connection.sendall, server.domains, server.body_limit
            )
            kept = True
            while kept:
                try:
                    received = reader.next_request()
                except BadRequest as error:
                    answer = _error_answer(error.status, str(error))
                    connection.sendall(_render(answer, method="", kept=False))
                    _linger(connection)
                    return
                if received is None:
                    return
                request, kept = received
                rendered, kept = self._rendered(request, kept=kept)
                connection.sendall(rendered)

    def _rendered(self, request: HttpRequest, *, kept: bool) -> tuple[bytes, bool]:
        """Return the handler's answer, and whether another may follow.

        Where it raises, which is in the log by then, the answer says that the server failed.
        """
        try:
            answer = self.server.answer(request)
            kept = kept and answer.ended is not BodyEnd.BROKEN_OFF
            return _render(answer, method=request.method, kept=kept), kept
        except Exception:  # noqa: BLE001 - whatever it was, the client gets an answer
            _LOG.exception("a request could not be answered")
            failed = _error_answer(HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed")
            return _render(failed, method=request.method, kept=False), False


def _render(answer: HttpResponse, *, method: str, kept: bool) -> bytes:
    """Return the answer's bytes.

    Added are its length, the end of a connection, the date and who serves it. A body that does
    not end as announced has a length already.
    """
    bodiless = answer.status in _WITHOUT_BODY
    lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, '')}".encode()]
    length: bytes | None = None if bodiless else str(len(answer.body)).encode()
    own = {"date": _date(int(time.time())), "server": _PRODUCT}
    given = {name for name, _ in answer.headers}
    added = ((name, value) for name, value in own.items() if name not in given)
    for name, value in (*added, *answer.headers):
        encoded = encode_value(value)
        if name == "content-length":
            if method == "HEAD" or answer.ended is not BodyEnd.AS_ANNOUNCED:
                length = encoded
            continue
        if b"\r" in encoded or b"\n" in encoded:
            raise ValueError(f"the header {name!r} of the answer holds a line break")
        lines.append(b"%s: %s" % (name.encode(), encoded))
    if length is not None:
        lines.append(b"content-length: " + length)
    if not kept:
        lines.append(b"connection: close")
    body = b"" if bodiless or method == "HEAD" else answer.body
    if answer.ended is BodyEnd.OVERRUN:
        body += _TOO_MUCH
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    """Return a time as HTTP writes it."""
    return formatdate(seconds, usegmt=True)


def _error_answer(status: int, message: str) -> HttpResponse:
    code = _ERROR_CODES.get(status, "InternalError")
    body = _ERROR_XML.format(code, message).encode()
    return HttpResponse(status, (("content-type", "application/xml"),), body)


def _linger(connection: socket.socket) -> None:
    """Let a client that is still sending read the answer, which a reset would take away."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(_LINGER_SECONDS)
    taken = 0
    while taken < _LINGER_BYTES:
        got = len(connection.recv(_BUFFER))
        if not got:
            return
        taken += got


def _server_context(tls: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    return context
