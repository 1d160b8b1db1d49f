"""Between typed requests and HTTP, both ways; nothing here repairs what it carries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from urllib.parse import quote, unquote

import model.operations  # noqa: F401 - registers every operation
from model import xml_text
from model.answer import BODY_LENGTH, UNSTATED, Answer, Unstated
from model.body_length import with_length
from model.messages import BodyEnd, HttpRequest, HttpResponse
from model.operation import Effect, Level, Operation, OutsideModelError, existing_bucket
from model.operations.kms import TARGET_PREFIX, KmsOperation, read_json
from model.request import (
    BucketRequest,
    ObjectRequest,
    Request,
    header_places,
    query_places,
    sent,
)
from model.stored import Presence

if TYPE_CHECKING:
    from model.matchers import Value
    from model.messages import Pairs
    from model.sse import ObjectEncryption
    from model.world import World

_SAFE = "/-_.~"
_SHOWN = frozenset({"content-range", "content-length", "last-modified"})
_OK, _MULTIPLE_CHOICES = 200, 300

_CHANGES_THE_ANSWER = frozenset(
    {
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "x-amz-copy-source-if-match",
        "x-amz-copy-source-if-none-match",
        "x-amz-copy-source-if-modified-since",
        "x-amz-copy-source-if-unmodified-since",
        "x-amz-expected-bucket-owner",
        "x-amz-source-expected-bucket-owner",
        "x-amz-write-offset-bytes",
        "x-amz-bucket-object-lock-enabled",
        "x-amz-mfa",
        "x-amz-object-lock-legal-hold",
        "x-amz-object-lock-mode",
    }
)
"""Headers that the model does not speak of and that decide what happens."""


@dataclass(frozen=True, kw_only=True)
class Unmodelled(Operation):
    """A request outside the model: its answer is not judged, and it may have changed anything."""

    operation: ClassVar[str] = "(not modelled)"
    http: HttpRequest

    @property
    def reads_only(self) -> bool:
        """Whether it leaves the world as it is."""
        return self.http.method in {"GET", "HEAD", "OPTIONS"}

    @property
    def text(self) -> str:
        """The request as a reader says it."""
        query = "&".join(name for name, _ in self.http.query)
        return f"{self.http.method} {self.http.path}{'?' if query else ''}{query}"

    def is_unknown(self, world: World) -> bool:  # noqa: ARG002
        """Nothing is known of its answer."""
        return True

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """What it names is unknown afterwards."""
        name = self.http.bucket
        if self.reads_only or not name:
            return Effect(world)
        if self.http.path != "/":
            bucket = existing_bucket(world, name)
            if bucket is None:  # what is done to objects makes no bucket
                return Effect(world)
            bucket = bucket.obscure(unquote(self.http.path[1:]))
            return Effect(world.with_bucket(name, bucket))
        return Effect(world.with_bucket(name, Presence.UNKNOWN))


@cache
def operations() -> dict[str, type[Operation]]:
    """Return every operation's class by AWS's name."""
    found: dict[str, type[Operation]] = {}
    queue: list[type[Operation]] = [Operation]
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        if kind.operation and kind is not Unmodelled:
            found[kind.operation] = kind
    return dict(sorted(found.items()))


def render(request: Operation) -> HttpRequest:
    """Return the request's HTTP form."""
    if isinstance(request, Unmodelled):
        return request.http
    if isinstance(request, KmsOperation):
        kms_headers = (
            ("x-amz-target", TARGET_PREFIX + request.operation),
            ("content-type", "application/x-amz-json-1.1"),
        )
        return HttpRequest(
            "POST",
            service="kms",
            headers=kms_headers,
            body=request.content(),
            auth=request.auth,
        )
    headers = request.extra_headers()
    if not request.is_form:
        headers = sent(request, header_places(type(request))) + headers
    named = (request.sub_resource, request.sub_resource_value)
    sub_resource: Pairs = (named,) if request.sub_resource else ()
    query = sub_resource + sent(request, query_places(type(request)))
    path = "/"
    if isinstance(request, ObjectRequest) and not request.is_form:
        path += quote(request.object_key, safe=_SAFE)
    return HttpRequest(
        request.method,
        bucket=getattr(request, "bucket", ""),
        path=path,
        query=query,
        headers=headers,
        body=request.content(),
        auth=request.auth,
    )


def parse(http: HttpRequest, *, secure: bool = True) -> Operation:
    """Return the typed request of an HTTP request; Unmodelled where the model has none."""
    kind = _identify(http)
    if kind is None:
        return Unmodelled(http=http, secure=secure)
    headers, asked = dict(http.headers), dict(http.query)
    if len(headers) < len(http.headers) or len(asked) < len(http.query):
        # A repeated header is nothing that a specification speaks of (GP-VAL-05).
        return Unmodelled(http=http, secure=secure)
    known = () if kind.is_form else header_places(kind)
    if any(name in headers for name in _CHANGES_THE_ANSWER - {place.name for place in known}):
        return Unmodelled(http=http, secure=secure)
    fields: dict[str, object] = {place.attribute: headers.get(place.name) for place in known}
    fields |= {place.attribute: asked.get(place.name) for place in query_places(kind)}
    fields |= {"secure": secure, "auth": http.auth}
    if issubclass(kind, BucketRequest):
        fields["bucket"] = http.bucket
    if issubclass(kind, ObjectRequest) and not kind.is_form:
        fields["object_key"] = unquote(http.path[1:])
    try:
        return kind(**fields | kind.read_content(http))  # type: ignore[arg-type]
    except OutsideModelError:
        return Unmodelled(http=http, secure=secure)


class _Form(NamedTuple):
    """How an operation is told by its HTTP form."""

    sub_resource: str
    needs: frozenset[str]
    known_query: frozenset[str]
    kind: type[Operation]


@cache
def _forms() -> dict[tuple[str, Level], tuple[_Form, ...]]:
    """Return the forms of each method and level, those that need most first."""
    found: dict[tuple[str, Level], list[_Form]] = {}
    for kind in operations().values():
        if issubclass(kind, KmsOperation):
            continue
        asked = {place.name for place in query_places(kind)}
        known = frozenset({"x-id", kind.sub_resource, *asked}) | kind.ignored_query
        form = _Form(kind.sub_resource, kind.needs, known, kind)
        found.setdefault((kind.method, kind.level()), []).append(form)
    return {
        place: tuple(sorted(forms, key=lambda f: (bool(f.sub_resource), len(f.needs)))[::-1])
        for place, forms in found.items()
    }


def _identify(http: HttpRequest) -> type[Operation] | None:
    if http.service == "kms":
        target = dict(http.headers).get("x-amz-target", "")
        named = operations().get(target.removeprefix(TARGET_PREFIX))
        return named if named is not None and issubclass(named, KmsOperation) else None
    level = Level.OBJECT
    if http.path in {"", "/"}:
        level = Level.BUCKET if http.bucket else Level.SERVICE
    query = {name for name, _ in http.query}
    given = query | {name for name, _ in http.headers}
    for form in _forms().get((http.method, level), ()):
        if form.sub_resource and form.sub_resource not in query:
            continue
        wanted = form.kind.sub_resource_value
        if wanted and (form.sub_resource, wanted) not in http.query:
            continue
        if form.needs <= given and query <= form.known_query:
            return form.kind
    return None


def read_answer(request: Operation, response: HttpResponse) -> Answer:
    """Return what a response says, as an answer to that request.

    A success status with an error document for a body is a refusal (GP-COPY-12).
    """
    succeeded = _OK <= response.status < _MULTIPLE_CHOICES
    fields: dict[str, Value] = {}
    for name, value in response.headers:
        fields.setdefault(name, value)
    if succeeded and request.method in {"PUT", "POST"} and xml_text.is_error(response.body):
        succeeded = False
    succeeded = succeeded and request.has_succeeded(response)
    if succeeded:
        fields["etag"] = None
        fields.update(request.read_answer(response))
        return Answer(
            status=response.status,
            succeeded=True,
            error_code=None,
            fields=fields,
            complete=request.tells_all(response),
            broken_off=response.ended is BodyEnd.BROKEN_OFF,
        )
    code, message, detail = _read_error(request, response)
    embedded = response.status < _MULTIPLE_CHOICES
    return Answer(
        status=None if embedded else response.status,
        succeeded=False,
        error_code=code,
        error_message=message,
        error_detail=detail,
        fields=fields,
        broken_off=response.ended is BodyEnd.BROKEN_OFF,
    )


def _read_error(
    request: Operation, response: HttpResponse
) -> tuple[str | Unstated | None, str, dict[str, str]]:
    if request.method == "HEAD":
        return UNSTATED, "", {}
    if isinstance(request, KmsOperation):
        read = read_json(response.body)
        kind = str(read.get("__type", "")).rpartition("#")[2]
        return kind or None, str(read.get("message", read.get("Message", ""))), {}
    elements = xml_text.read_fields(response.body)
    return elements.pop("Code", None), elements.pop("Message", ""), elements


def write_answer(request: Operation, answer: Answer, world: World) -> HttpResponse:
    """Return the HTTP form of an answer (the reference target speaks so)."""
    headers = [
        (name, value)
        for name, value in answer.fields.items()
        if isinstance(value, str) and (name.startswith("x-amz-") or name in _SHOWN)
    ]
    status = answer.status or _OK
    if not answer.succeeded:
        body = b""
        if isinstance(request, KmsOperation):
            error = {"__type": answer.error_code, "message": answer.error_message}
            return HttpResponse(
                status,
                (("content-type", "application/x-amz-json-1.1"),),
                json.dumps(error).encode(),
            )
        if request.method != "HEAD" and isinstance(answer.error_code, str):
            elements = {"Code": answer.error_code, "Message": answer.error_message}
            body = xml_text.document("Error", {**elements, **answer.error_detail})
            headers.append(("content-type", "application/xml"))
        return HttpResponse(status, tuple(headers), body)
    etag = answer.fields.get("etag")
    if isinstance(etag, str):
        headers.append(("etag", f'"{etag}"'))
    body = request.write_answer(answer.fields, world)
    data = answer.fields.get("body")
    if isinstance(data, bytes):
        body = data
    elif body:
        kind = "application/x-amz-json-1.1" if isinstance(request, KmsOperation) else "text/xml"
        headers.append(("content-type", kind))
    written = HttpResponse(status, tuple(headers), body)
    length = answer.fields.get(BODY_LENGTH)
    return with_length(written, length) if isinstance(length, str) else written


__all__ = ["Request", "Unmodelled", "operations", "parse", "read_answer", "render", "write_answer"]
