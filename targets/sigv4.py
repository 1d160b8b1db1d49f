"""Signature Version 4 over a request that must not change while it is signed.

The string to sign, the scope and the HMAC are botocore's. Two of its steps are replaced: the
canonical request is built from the very pairs that go out (botocore copies the headers into a mail
message and parses the URL again, which costs more than the rest), and the derived signing key is
kept for its day. A test compares the outcome with botocore's own, over many requests.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING
from urllib.parse import quote

from botocore.auth import SIGNED_HEADERS_BLACKLIST, UNSIGNED_PAYLOAD, S3SigV4Auth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from model.messages import Pairs
    from targets.credentials import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
PRESIGNED_SECONDS = 300
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_UNSIGNED = frozenset(SIGNED_HEADERS_BLACKLIST)


def utc_now() -> datetime:
    """Return the time that a request is dated with."""
    return datetime.now(UTC)


def render_query(query: Iterable[tuple[str, str]]) -> str:
    """Percent-encode decoded pairs, in order; a pair without a value is its bare name."""
    return "&".join(
        f"{_encode(name)}={_encode(value)}" if value else _encode(name) for name, value in query
    )


def canonical_request(
    method: str, path: str, query: str, headers: Iterable[tuple[str, str]], payload_sha256: str
) -> tuple[str, str]:
    """Return the canonical request, and the names of the signed headers joined by semicolons.

    ``path`` and ``query`` stand as on the wire, without a question mark; ``path`` is neither
    normalised nor encoded again. Header names are lower case; the values of a repeated name are
    joined in their order, blanks trimmed and collapsed.
    """
    values: dict[str, list[str]] = {}
    for name, value in headers:
        if name not in _UNSIGNED:
            values.setdefault(name, []).append(" ".join(value.split()))
    names = sorted(values)
    lines = "".join(f"{name}:{','.join(values[name])}\n" for name in names)
    signed = ";".join(names)
    pairs = sorted(pair.partition("=")[::2] for pair in query.split("&")) if query else []
    canonical_query = "&".join(f"{name}={value}" for name, value in pairs)
    parts = (method.upper(), path, canonical_query, lines, signed, payload_sha256)
    return "\n".join(parts), signed


class Signer(S3SigV4Auth):  # type: ignore[misc]  # botocore is untyped
    """Signs for one service (``s3``, ``s3express`` or ``kms``) in one region.

    ``credentials`` is asked anew for each request, because those of a role are renewed.
    """

    def __init__(
        self,
        credentials: Callable[[], Credentials],
        service: str,
        region: str,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(None, service, region)
        self._current = credentials
        self._service = service
        self._is_s3 = service != "kms"
        self._region = region
        self._now = now
        self._derived: tuple[tuple[str, str], bytes] | None = None

    def signed_headers_for(
        self,
        method: str,
        path: str,
        query: str,
        headers: Pairs,
        body: bytes,
        *,
        session: Credentials | None = None,
    ) -> Pairs:
        """Return the headers that signing adds, in order.

        ``headers`` are all others that go out, the host included. Added are x-amz-date,
        x-amz-security-token where there is a token, x-amz-content-sha256 for S3, and
        authorization, whose signature covers the rest. With the credentials of a directory
        bucket's ``session`` the token is among ``headers`` already, as x-amz-s3session-token.
        """
        timestamp = self._begin(session)
        digest = _sha256(body)
        added = [("x-amz-date", timestamp)]
        if self._is_s3:
            added.append(("x-amz-content-sha256", digest))
        if session is None and self.credentials.token:
            added.append(("x-amz-security-token", self.credentials.token))
        canonical, signed = canonical_request(method, path, query, (*headers, *added), digest)
        request = SimpleNamespace(context={"timestamp": timestamp})
        signature = self.signature(self.string_to_sign(request, canonical), request)
        value = (
            f"{ALGORITHM} Credential={self.scope(request)}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        return (*added, ("authorization", value))

    def presigned_query_for(
        self,
        method: str,
        path: str,
        query: str,
        headers: Pairs,
        body: bytes,
        *,
        session: Credentials | None = None,
    ) -> str:
        """Return the query with all that makes it a presigned one, its signature at the end.

        ``headers`` are those that are signed, the host included. The body of a request to S3 is
        not signed. The token, a session's too, stands in the query.
        """
        timestamp = self._begin(session)
        request = SimpleNamespace(context={"timestamp": timestamp})
        _, signed = canonical_request(method, path, query, headers, "")
        added = [
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", self.scope(request)),
            ("X-Amz-Date", timestamp),
            ("X-Amz-Expires", str(PRESIGNED_SECONDS)),
            ("X-Amz-SignedHeaders", signed),
        ]
        if self.credentials.token:
            kind = "Security-Token" if session is None else "S3session-Token"
            added.append((f"X-Amz-{kind}", self.credentials.token))
        whole = f"{query}&{render_query(added)}" if query else render_query(added)
        digest = UNSIGNED_PAYLOAD if self._is_s3 else _sha256(body)
        canonical, _ = canonical_request(method, path, whole, headers, digest)
        signature = self.signature(self.string_to_sign(request, canonical), request)
        return f"{whole}&X-Amz-Signature={signature}"

    def _begin(self, session: Credentials | None) -> str:
        """Take up the credentials of the moment, and return the time of the request."""
        self.credentials = session or self._current()
        return self._now().strftime("%Y%m%dT%H%M%SZ")

    def signature(self, string_to_sign: str, request: SimpleNamespace) -> str:
        """Return the signature in hex, with a signing key derived once a day and secret."""
        day = request.context["timestamp"][:8]
        owner = (day, self.credentials.secret_key)
        if self._derived is None or self._derived[0] != owner:
            signing_key = f"AWS4{self.credentials.secret_key}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                signing_key = self._sign(signing_key, part)
            self._derived = (owner, signing_key)
        signature: str = self._sign(self._derived[1], string_to_sign, hex=True)
        return signature


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest() if body else EMPTY_SHA256


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")
