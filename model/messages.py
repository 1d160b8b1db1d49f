"""HTTP messages as values: what a connection sends and what it returns, without a socket."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Pairs = tuple[tuple[str, str], ...]


class Auth(StrEnum):
    """How a request says who sends it."""

    HEADER = "header"
    """Signature Version 4 in the Authorization header."""
    PRESIGNED = "presigned"
    """Signature Version 4 in the query; every header of the request is signed."""
    PRESIGNED_HEADERS_UNSIGNED = "presigned-headers-unsigned"
    """Signature Version 4 in the query; of the headers only the host is signed."""
    ANONYMOUS = "anonymous"
    """Not signed at all."""
    POLICY_WITHOUT_ENCRYPTION = "policy-without-encryption"
    """A form that a policy signs which names none of its fields about encryption."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request before it is signed.

    ``service`` is ``s3`` or ``kms`` and picks the endpoint and the signing name. ``bucket`` is
    empty for a request that names none; ``path`` is the percent-encoded rest behind the bucket,
    starting with a slash (``/`` for the bucket itself). The connection joins the two by the
    addressing that it was told (path or virtual host). ``query`` holds decoded pairs, in order;
    a sub-resource without a value (``?encryption``) has the value ``""``. Header names are lower
    case, in order, without those that the connection adds (host, date, authorization, length).
    ``auth`` is how the connection signs it; the query lacks what that adds to it.
    """

    method: str
    service: str = "s3"
    bucket: str = ""
    path: str = "/"
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes = b""
    auth: Auth = Auth.HEADER


class BodyEnd(StrEnum):
    """How the body of an answer ended, held against what its head announced."""

    AS_ANNOUNCED = "as-announced"
    BROKEN_OFF = "broken-off"
    """It ended before it was whole, or nothing more came of it."""
    OVERRUN = "overrun"
    """More bytes came than Content-Length says."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One answer as it came: status, headers in order with lower-case names, the body.

    The body is what came of it, and no more than was announced; ``ended`` tells whether it is
    whole.
    """

    status: int
    headers: Pairs = ()
    body: bytes = b""
    ended: BodyEnd = BodyEnd.AS_ANNOUNCED

    def header(self, name: str) -> str | None:
        """Return the first header of that (lower-case) name, or None."""
        for key, value in self.headers:
            if key == name:
                return value
        return None
