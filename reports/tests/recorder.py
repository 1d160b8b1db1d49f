"""A server on loopback that keeps every request as it arrived and answers as it was told."""

from __future__ import annotations

import hashlib
import hmac
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from reports.scripts.wire import OF_THE_CLIENT, PAYLOAD_HASH, body_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.record import ResponseRecord, StepRecord

NOT_COMPARED = OF_THE_CLIENT | {PAYLOAD_HASH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived: all its headers are in ``all_headers``, in order."""

    method: str
    target: str
    all_headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers without those that every client makes itself."""
        return sorted(
            (name.lower(), value)
            for name, value in self.all_headers
            if name.lower() not in NOT_COMPARED
        )

    @property
    def named(self) -> dict[str, str]:
        """All headers by their lower-case names."""
        return {name.lower(): value for name, value in self.all_headers}

    @property
    def service(self) -> str:
        """The service that the signature was made for."""
        return self.named.get("authorization", "///////").split("/")[3]

    @property
    def length_is_stated(self) -> bool:
        """Whether a request that may have a body says how long it is."""
        return self.method not in {"PUT", "POST"} or "content-length" in self.named

    def is_signed_with(self, secret: str) -> bool:
        """Work out the signature of version 4 anew, as a strict server does."""
        given = dict(
            part.strip().split("=", 1)
            for part in self.named["authorization"].partition(" ")[2].split(",")
        )
        names = given["SignedHeaders"].split(";")
        if not set(names) <= set(self.named):
            return False
        path, _, query = self.target.partition("?")
        pairs = sorted(part.partition("=")[::2] for part in query.split("&") if part)
        digest = hashlib.sha256(self.body).hexdigest()
        canonical = (
            self.method,
            path,
            "&".join(f"{name}={value}" for name, value in pairs),
            *(f"{name}:{' '.join(self.named[name].split())}" for name in names),
            "",
            given["SignedHeaders"],
            digest,
        )
        scope = given["Credential"].partition("/")[2]
        text = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        key = f"AWS4{secret}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), "sha256").digest()
        signed = f"AWS4-HMAC-SHA256\n{self.named['x-amz-date']}\n{scope}\n{text}".encode()
        signature = hmac.new(key, signed, "sha256").hexdigest()
        return signature == given["Signature"] and self.named.get(PAYLOAD_HASH, digest) == digest


@dataclass(slots=True)
class Recorder:
    """The server's address, what it saw, and the answers that it still has to give."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    answers: list[ResponseRecord | None] = field(default_factory=list)


@contextmanager
def recording(answers: Sequence[ResponseRecord | None] = ()) -> Iterator[Recorder]:
    """Run the server; it gives these answers in turn, then empty ones with status 200."""
    recorder = Recorder(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            recorder.seen.append(
                Seen(
                    method=self.command,
                    target=self.path,
                    all_headers=tuple(
                        (name, value.encode("latin-1").decode())
                        for name, value in self.headers.items()
                    ),
                    body=body,
                ),
            )
            given = recorder.answers.pop(0) if recorder.answers else None
            content = given.body.encode() if given else b""
            self.send_response(given.status if given else 200)
            for header in given.headers if given else ():
                self.send_header(header.name, header.value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    recorder.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def as_recorded(steps: Sequence[StepRecord], endpoint: str) -> list[Seen]:
    """Return the steps as the server should see them."""
    return [
        Seen(
            method=step.request.method,
            target=step.request.url.removeprefix(endpoint),
            all_headers=tuple((header.name, header.value) for header in step.request.headers),
            body=body_of(step.request).data,
        )
        for step in steps
    ]
