"""What the suite needs from an endpoint: connect, send one request once, and tell what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from model.messages import HttpRequest, HttpResponse


class NotSent(Exception):  # noqa: N818 - the name says what happened
    """The request certainly had no effect, so the world stays as it was."""


class NoAnswer(Exception):  # noqa: N818
    """The request may or may not have had its effect, so both worlds stay possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What is known of a running endpoint before the first request.

    ``kms_url`` is None where there is no KMS API; then ``kms_keys`` names keys that exist already
    (ids or ARNs as the user gave them). ``sse_c_over_http`` declares that SSE-C is accepted
    without TLS, for testing. ``server`` is free text for the report (product and version).
    ``settle_seconds`` is how long a change of a bucket's configuration, or of a KMS key's state,
    may take to be seen everywhere: so long nothing is sent after one. ``fsx_access_point`` is the
    alias of an access point attached to an FSx file system, where the user named one.
    ``directory_zone`` is the zone in which directory buckets are made, where there are any.
    """

    url: str
    kms_url: str | None = None
    region: str = "us-east-1"
    addressing: str = "path"
    kms_keys: tuple[str, ...] = ()
    sse_c_over_http: bool = False
    server: str = ""
    settle_seconds: float = 0.0
    fsx_access_point: str | None = None
    directory_zone: str = "use1-az4"
    notes: tuple[str, ...] = field(default=())


class Connection(Protocol):
    """One client's way to an endpoint; used by one thread."""

    @property
    def endpoint(self) -> Endpoint:
        """What the connection leads to."""
        ...

    def send(self, request: HttpRequest) -> HttpResponse:
        """Sign and send one request, once. Every HTTP answer, 500 included, is returned.

        Raises NotSent or NoAnswer.
        """
        ...


def last_sent(connection: Connection) -> HttpRequest | None:
    """Return what went out for the request given last, None where that went out as it was.

    A connection whose client makes requests of its own tells it in ``last_sent``.
    """
    sent: HttpRequest | None = getattr(connection, "last_sent", None)
    return sent


def while_waiting(connection: Connection, work: Callable[[], None]) -> None:
    """Have a connection do some work, which never raises, while its next request is under way.

    One that cannot wait, because its answer comes at once, leaves it undone.
    """
    if hasattr(connection, "meanwhile"):
        connection.meanwhile = work


class Target(Protocol):
    """An S3 endpoint that can be started (or just reached), used, and left as it was."""

    @property
    def name(self) -> str:
        """The name after ``--target``."""
        ...

    def connect(self) -> AbstractContextManager[Connection]:
        """Start or reach the endpoint; on exit end what was started.

        Raises TargetUnavailable (exit status 3), or TargetMisconfigured (exit status 2).
        """
        ...
