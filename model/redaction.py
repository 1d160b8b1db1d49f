"""What is never written down: credentials in headers, in queries and in answers to CreateSession.

A session's token is written as a short digest of it: the same token, the same text, in the answer
that gave it and in each request that carries it. So a transcript can still be judged.
"""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from model.signed_query import SESSION_TOKEN

if TYPE_CHECKING:
    from model.messages import HttpRequest, HttpResponse, Pairs

REDACTED = "REDACTED"
SECRET_QUERY = frozenset({"x-amz-signature", "x-amz-security-token", "x-amz-credential"})
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "x-amz-security-token"})
_SESSION = "session"
_DIGITS = 12
_DIGEST = re.compile(rf"{_SESSION}-[0-9a-f]{{{_DIGITS}}}")
_CREDENTIAL = re.compile(
    rb"(?P<tag><(?:[\w.-]+:)?(?P<name>SessionToken|SecretAccessKey|AccessKeyId)\b[^>]*(?<!/)>)"
    rb"(?P<text>(?:<!\[CDATA\[.*?(?:\]\]>|\Z)|[^<])+)",
    re.DOTALL,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)


def redact_request(request: HttpRequest) -> HttpRequest:
    """Return the request without secrets; the same where it has none."""
    headers = _pairs(request.headers, _SECRET_HEADERS)
    query = _pairs(request.query, SECRET_QUERY)
    if headers is request.headers and query is request.query:
        return request
    return replace(request, headers=headers, query=query)


def redact_response(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer without secrets; ``request`` tells whether it may give credentials."""
    headers = _pairs(response.headers, _SECRET_HEADERS)
    body = response.body
    if any(name == _SESSION for name, _ in request.query):
        body = _CREDENTIAL.sub(_without_credential, body)
    if headers is response.headers and body == response.body:
        return response
    return replace(response, headers=headers, body=body)


def token_digest(token: str) -> str:
    """Return the text that stands for a session's token; that of such a text is itself."""
    if _DIGEST.fullmatch(token):
        return token
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_SESSION}-{digest[:_DIGITS]}"


def _pairs(pairs: Pairs, secret: frozenset[str]) -> Pairs:
    if not any(name.lower() in secret or name.lower() == SESSION_TOKEN for name, _ in pairs):
        return pairs
    return tuple((name, _value(name.lower(), value, secret)) for name, value in pairs)


def _value(name: str, value: str, secret: frozenset[str]) -> str:
    if name == SESSION_TOKEN:
        return token_digest(value) if value else value
    return REDACTED if name in secret else value


def _without_credential(found: re.Match[bytes]) -> bytes:
    text = found["text"].decode("utf-8", "surrogateescape")
    if found["name"] != b"SessionToken":
        return found["tag"] + REDACTED.encode()
    parts = _CDATA.split(text)
    # Outside of CDATA, which the split leaves at odd places, characters may be escaped.
    token = "".join(part if at % 2 else html.unescape(part) for at, part in enumerate(parts))
    return found["tag"] + token_digest(token).encode()


__all__ = ["REDACTED", "SECRET_QUERY", "redact_request", "redact_response", "token_digest"]
