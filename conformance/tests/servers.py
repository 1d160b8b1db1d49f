"""Servers on loopback that misbehave: at some requests, on the socket itself."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from targets.reference import make_reference
from targets.request_parsing import RequestReader
from targets.serving import _render, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from model.messages import HttpRequest, HttpResponse
    from targets.reference import Reference
    from targets.request_parsing import ByteStream
    from targets.serving import Server

    Change = Callable[[int, HttpRequest, HttpResponse], HttpResponse]
    Fault = Callable[["FaultyServer", socket.socket, bytes], None]

BODY_LIMIT = 64 * 1024 * 1024
MEGABYTE = 1024 * 1024


class FaultyServer:
    """The reference behind a socket.

    ``fault`` gets the number of a request (from 1) and the request, and returns what happens in
    place of the answer, or None. The connection ends with it.
    """

    def __init__(self, fault: Callable[[int, HttpRequest], Fault | None]) -> None:
        self.reference = make_reference()
        self.count = 0
        self.over = threading.Event()
        self._fault = fault
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Listen no more, and break off every connection."""
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.add(connection)
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            with suppress(OSError), connection, connection.makefile("rb") as stream:
                reader = RequestReader(
                    cast("ByteStream", stream), connection.sendall, ("127.0.0.1",), BODY_LIMIT
                )
                while (received := reader.next_request()) is not None:
                    request, kept = received
                    with self._lock:
                        self.count += 1
                        fault = self._fault(self.count, request)
                        answer = self.reference.handle(request, secure=False)
                    sent = _render(answer, method=request.method, kept=kept)
                    if fault is not None:
                        fault(self, connection, sent)
                        return
                    connection.sendall(sent)
        finally:
            self._open.discard(connection)


@contextmanager
def faulty_server(
    fault: Callable[[int, HttpRequest], Fault | None],
) -> Iterator[FaultyServer]:
    """Serve a reference that has these faults, until the block ends."""
    server = FaultyServer(fault)
    try:
        yield server
    finally:
        server.stop()


@dataclass(slots=True)
class ChangedReference:
    """A reference whose answers are changed; the changes are as for ``ChangedTarget``."""

    change: Change
    reference: Reference = field(default_factory=make_reference)
    count: int = 0

    def handle(self, request: HttpRequest, secure: bool) -> HttpResponse:
        """Answer one request."""
        self.count += 1
        return self.change(self.count, request, self.reference.handle(request, secure))


@contextmanager
def changed_server(change: Change) -> Iterator[Server]:
    """Serve a reference behind HTTP, its answers changed."""
    with serve(ChangedReference(change).handle) as server:
        yield server


# Faults: each takes the place of one answer.


def kill(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """End the whole server."""
    del connection, sent
    server.stop()


def say_nothing(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Keep the connection open and never answer."""
    del connection, sent
    server.over.wait(20)


def reset(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Break the connection off."""
    del server, sent
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Close the connection without a word."""
    del server, connection, sent


def cut_off(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Announce a longer body than there is."""
    del server
    head, _, body = sent.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"content-length")]
    length = b"content-length: %d" % (len(body) + 10)
    connection.sendall(b"\r\n".join([*lines, length]) + b"\r\n\r\n" + body)


def speak_garbage(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Answer with something that is no HTTP."""
    del server, sent
    connection.sendall(b"\x16\x03\x01 220 smtp.example.com ESMTP\r\n\r\n" * 3)


def announce_70_megabytes(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Begin an answer that is longer than anything that the suite asks for."""
    del server, sent
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (70 * MEGABYTE))
        for _ in range(70):
            connection.sendall(bytes(MEGABYTE))


def pour(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Send 70 MB without announcing a length."""
    del server, sent
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
        for _ in range(70):
            connection.sendall(bytes(MEGABYTE))


def drip(server: FaultyServer, connection: socket.socket, sent: bytes) -> None:
    """Send the body byte by byte, for longer than anybody waits."""
    head, end, _ = sent.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"content-length")]
    with suppress(OSError):
        connection.sendall(b"\r\n".join([*lines, b"content-length: 9999"]) + end)
        while not server.over.wait(0.05):
            connection.sendall(b" ")


def always_after(count: int, fault: Fault) -> Callable[[int, HttpRequest], Fault | None]:
    """Return a plan: so many good answers, then only the fault.

    An answer to HEAD has no body that could be faulty: there the server hangs up.
    """

    def plan(number: int, request: HttpRequest) -> Fault | None:
        if number <= count:
            return None
        return hang_up if request.method == "HEAD" and fault is not kill else fault

    return plan


def now_and_then(fault: Fault) -> Callable[[int, HttpRequest], Fault | None]:
    """Return a plan: the fault in place of some answers, once the run has begun; never to HEAD."""

    def plan(number: int, request: HttpRequest) -> Fault | None:
        due = number > 60 and number % 20 == 0 and request.method != "HEAD"
        return fault if due else None

    return plan
