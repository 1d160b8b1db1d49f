"""Exchanges as transcript lines, both ways: written as HAR 1.2 entries, read from any tool's HAR.

Nothing here opens a file. What an entry leaves out is unknown and marked so; what cannot be read
raises UnreadableTranscriptError, with one line that says where and why.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from model import wire
from model.addressing import Addressing, Location
from model.answer import ETAG, UNSTATED, Answer
from model.form import redact_form
from model.har_body import request_body, response_body
from model.messages import Auth, BodyEnd, HttpRequest, HttpResponse, Pairs
from model.redaction import SECRET_QUERY, redact_request, redact_response
from model.request import ENCRYPTION_HEADERS
from model.signed_query import read_signed_query
from model.transcript_context import (
    ContextKey,
    Members,
    TranscriptContext,
    UnreadableTranscriptError,
    clean,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.operation import Operation
    from model.parameter_values import Json

MARK = "_s3sse"
Marked = TypeVar("Marked", bound=StrEnum)

_ADDED_BY_CONNECTION = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "date",
        "host",
        "transfer-encoding",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
    }
)
_SIGNATURE_QUERY = frozenset(
    {
        "x-amz-algorithm",
        "x-amz-content-sha256",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        "x-amz-signature",
        "x-amz-signedheaders",
        "awsaccesskeyid",
        "expires",
        "signature",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer; ``response`` is None where no answer came.

    ``started`` is an ISO time and ``elapsed`` are milliseconds. An exchange that another tool
    recorded may lack a body that was there; then its ``..._body_known`` is False. ``foreign``: it
    went to another host than the transcript is about, so it is to be skipped.
    """

    request: HttpRequest
    response: HttpResponse | None
    secure: bool = True
    started: str = ""
    elapsed: float = 0.0
    sequence: str = ""
    step: int = 0
    phase: str = ""
    foreign: bool = False
    request_body_known: bool = True
    response_body_known: bool = True

    def operation(self) -> Operation:
        """Return the typed request; outside the model where its body is not known."""
        if self.request_body_known:
            return wire.parse(self.request, secure=self.secure)
        return wire.Unmodelled(http=self.request, secure=self.secure)

    def answer(self, request: Operation) -> Answer | None:
        """Return what the response says, as an answer to that request; None where there is none."""
        if self.response is None:
            return None
        answer = wire.read_answer(request, self.response)
        if self.response_body_known:
            return answer
        # Without its body a response tells what its head says, and no more.
        told: dict[str, Value] = dict.fromkeys(ENCRYPTION_HEADERS)
        told.update((n, v) for n, v in self.response.headers if n.startswith("x-amz-"))
        if answer.text(ETAG) is not None:
            told[ETAG] = answer.text(ETAG)
        return Answer(
            status=answer.status,
            succeeded=answer.succeeded,
            error_code=None if answer.succeeded else UNSTATED,
            fields=told,
            complete=False,
        )


# Writing.


def redacted(request: Operation) -> Operation:
    """Return the typed request as it may be written down: without secrets."""
    http = wire.render(request)
    shown = redact_request(http)
    return request if shown is http else wire.parse(shown, secure=request.secure)


def entry_of(exchange: Exchange, context: TranscriptContext) -> dict[str, Json]:
    """Return the exchange as one entry without secrets, ready for ``json.dumps``."""
    sent = redact_form(redact_request(exchange.request))
    received = exchange.response
    if received is not None:
        received = redact_response(sent, received)
    secure, url = _addressing(context).url_of(sent)
    request: dict[str, Json] = {
        "method": sent.method,
        "url": url,
        "headers": _listed(sent.headers),
        "queryString": _listed(sent.query),
    }
    if sent.query:
        request["url"] = f"{url}?{_render_query(sent.query)}"
    if sent.body:
        request["postData"] = _content(sent.body)
    response: dict[str, Json] = {"status": 0, "headers": [], "content": {"text": ""}}
    if received is not None:
        response = {
            "status": received.status,
            "headers": _listed(received.headers),
            "content": _content(received.body),
        }
    mark: dict[str, Json] = {"sequence": exchange.sequence, "step": exchange.step}
    if exchange.phase:
        mark["phase"] = exchange.phase
    if exchange.secure is not secure:
        mark["secure"] = exchange.secure
    if sent.auth is not Auth.HEADER:
        mark["auth"] = sent.auth.value
    if received is not None and received.ended is not BodyEnd.AS_ANNOUNCED:
        mark["body_ended"] = received.ended.value
    return {
        "startedDateTime": exchange.started,
        "time": exchange.elapsed,
        "request": request,
        "response": response,
        MARK: mark,
    }


def _listed(pairs: Pairs) -> list[Json]:
    return [{"name": name, "value": value} for name, value in pairs]


def _content(body: bytes) -> dict[str, Json]:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _render_query(query: Pairs) -> str:
    return "&".join(
        quote(name, safe="", errors="surrogatepass")
        + ("=" + quote(value, safe="", errors="surrogatepass") if value else "")
        for name, value in query
    )


_last_addressing: tuple[TranscriptContext, Addressing] | None = None


def _addressing(context: TranscriptContext) -> Addressing:
    """Return the context's addressing; a run writes all its lines with one context."""
    global _last_addressing  # noqa: PLW0603 - one pair, replaced as a whole
    last = _last_addressing
    if last is None or last[0] is not context:
        made = Addressing(context.endpoint, context.kms_endpoint or "", context.addressing)
        last = _last_addressing = (context, made)
    return last[1]


# Reading.


def exchange_of(entry: Json, context: TranscriptContext, line_number: int = 0) -> Exchange:
    """Return the exchange of an entry of ours or of any HAR; raises UnreadableTranscriptError."""
    if not isinstance(entry, dict):
        raise UnreadableTranscriptError(line_number, "an exchange must be a JSON object")
    members = Members(entry, line_number, "entry")
    request = Members(members.object("request"), line_number, "request")
    response = Members(members.object("response", {}), line_number, "response")
    mark = Members(members.object(MARK, {}), line_number, MARK)
    raw = _pairs(request)
    sent = dict(raw)
    shown = _pairs(response)
    url = clean(request.get("url", str, ""))
    place, query = _located(context, url, sent, shown, request)
    headers = tuple(p for p in raw if p[0] not in _ADDED_BY_CONNECTION and not p[0].startswith(":"))
    auth = _auth(mark)
    presigned = read_signed_query(query, headers)
    if presigned is not None:
        query, headers, auth = presigned
    exact = MARK in entry
    body = request_body(request.read, sent, exact=exact)
    status = response.get("status", int, 0)
    answer, answer_known = None, True
    if status > 0:
        content = response_body(response.read, dict(shown), exact=exact)
        ended = _marked(mark, "body_ended", BodyEnd.AS_ANNOUNCED)
        answer = HttpResponse(status, shown, content.data, ended)
        answer_known = content.known or request.get("method", str, "").upper() == "HEAD"
    secure = mark.flag("secure")
    return Exchange(
        request=HttpRequest(
            method=clean(request.get("method", str, "GET")).upper(),
            service=place.service,
            bucket=place.bucket,
            path=place.path,
            query=tuple(p for p in query if p[0].lower() not in _SIGNATURE_QUERY),
            headers=headers,
            body=body.data,
            auth=auth,
        ),
        response=answer,
        secure=place.secure if secure is None else secure,
        started=members.get("startedDateTime", str, ""),
        elapsed=members.number("time"),
        sequence=str(mark.read.get("sequence") or ""),
        step=mark.get("step", int, 0),
        phase=mark.get("phase", str, ""),
        foreign=place.foreign,
        request_body_known=body.known,
        response_body_known=answer_known,
    )


def _located(
    context: TranscriptContext,
    url: str,
    sent: Mapping[str, str],
    shown: Pairs,
    request: Members,
) -> tuple[Location, Pairs]:
    place = _addressing(context).locate(url, sent.get("x-amz-target", ""))
    if place is None:
        problem = f"request: url is no absolute URL: {url[:100]!r}"
        raise UnreadableTranscriptError(request.line_number, problem)
    query = place.query
    if query is None:
        query = tuple(request.pairs("queryString"))
    if place.by_guess:
        speaks_s3 = any(n.startswith("x-amz-") for n in (*sent, *(n for n, _ in shown)))
        signed = any(n.lower() in SECRET_QUERY for n, _ in query)
        place = place._replace(foreign=not (speaks_s3 or signed))
    return place, query


def _auth(mark: Members) -> Auth:
    """Return how a request of one of our own transcripts was signed.

    Of a request that another tool recorded without a signature nothing is known: such tools leave
    the Authorization header out. It is taken for one that had it.
    """
    return _marked(mark, "auth", Auth.HEADER)


def _marked(mark: Members, name: str, default: Marked) -> Marked:
    """Return one of some words out of our own mark; the default where another tool recorded it."""
    named = mark.get(name, str, default.value)
    try:
        return type(default)(named)
    except ValueError:
        problem = f"{MARK}: {name} is unknown: {named[:100]!r}"
        raise UnreadableTranscriptError(mark.line_number, problem) from None


def _pairs(message: Members) -> Pairs:
    return tuple((name.lower(), value) for name, value in message.pairs("headers"))


__all__ = [
    "MARK",
    "ContextKey",
    "Exchange",
    "TranscriptContext",
    "UnreadableTranscriptError",
    "entry_of",
    "exchange_of",
    "redacted",
]
