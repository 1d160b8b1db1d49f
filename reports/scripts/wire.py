"""What the three scripts share: the steps as requests, and what later steps take from answers.

A target chooses some values itself: upload IDs, version IDs, ETags, the IDs of KMS keys. Sent
again, the sequence gets new ones. Where a later request holds a value that an earlier answer
brought, the value becomes a slot, which the script fills from the answer that it gets.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from model.form import CONTENT_TYPE, names_for_policy, read_form
from model.messages import Auth
from model.parameters import AUTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from reports.record import HeaderRecord, RequestRecord, ResponseRecord, StepRecord

#: Headers that a client makes itself, anew for each request.
OF_THE_CLIENT = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "date",
        "expect",
        "host",
        "transfer-encoding",
        "user-agent",
        "x-amz-date",
        "x-amz-security-token",
    },
)
PAYLOAD_HASH = "x-amz-content-sha256"
#: Payload hashes that mean something of their own, and so stay as they were.
_SPECIAL_PAYLOAD = re.compile(r"UNSIGNED-|STREAMING-")
#: Shorter values would be found in places where they do not belong.
_SHORTEST_VALUE = 6
_SHORTEST_RUN = 256
_NAMES = {
    "x-amz-version-id": "version_id",
    "etag": "etag",
    "ETag": "etag",
    "UploadId": "upload_id",
    "Arn": "key_arn",
    "KeyId": "key_id",
}


class Place(StrEnum):
    """Where in an answer a value stands."""

    HEADER = "header"
    ELEMENT = "element"  # of an XML body
    MEMBER = "member"  # of a JSON body


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A value that step number ``step`` brings: the header, element or member called ``label``."""

    name: str
    step: int
    place: Place
    label: str


Text = tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The bytes of a request. ``lost`` is True where the record holds only their number."""

    data: bytes
    lost: bool = False

    @property
    def run(self) -> int | None:
        """The byte that the whole body repeats, where it is long and does."""
        if len(self.data) >= _SHORTEST_RUN and self.data == self.data[:1] * len(self.data):
            return self.data[0]
        return None

    @property
    def text(self) -> str | None:
        """The body as text, where it is printable UTF-8."""
        try:
            text = self.data.decode()
        except UnicodeDecodeError:
            return None
        return text if all(char.isprintable() or char == "\n" for char in text) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One step as a client has to send it.

    ``label`` is the bucket where it stands in the host name, else empty; ``target`` is the path
    with the query. ``auth`` is how it was signed (a value of ``Auth``), ``form`` are the names of
    the fields of a form that is signed in itself. ``known`` maps values of earlier answers to
    their slots; ``brings`` are the slots that this answer fills.
    """

    number: int
    operation: str
    params: dict[str, JsonValue]
    service: str
    method: str
    label: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: Body
    presigned: bool
    auth: str
    form: tuple[str, ...] | None
    known: tuple[tuple[str, Slot], ...]
    brings: tuple[Slot, ...]

    @property
    def bucket(self) -> str:
        """The bucket that it names, decoded."""
        return self.label or unquote(urlsplit(self.target).path.removeprefix("/").partition("/")[0])

    @property
    def anonymous(self) -> bool:
        """Whether nobody signed it."""
        return self.auth == Auth.ANONYMOUS

    def fill(self, text: str) -> Text:
        """Cut a text at the values that earlier answers brought."""
        pieces: Text = (text,)
        for value, slot in self.known:
            pieces = tuple(
                part
                for piece in pieces
                for part in (_cut(piece, value, slot) if isinstance(piece, str) else (piece,))
            )
        return tuple(piece for piece in pieces if piece != "") or ("",)

    def body_text(self) -> Text | None:
        """Return the body cut at known values, or None where it is better treated as bytes."""
        text = self.body.text
        if text is None or self.body.run is not None:
            return None
        return self.fill(text)

    @property
    def body_changes(self) -> bool:
        """Whether the body holds a slot, so that its digests have to be made anew."""
        return any(isinstance(piece, Slot) for piece in self.body_text() or ())

    @property
    def md5_is_of_body(self) -> bool:
        """Whether Content-MD5 is the true digest of the body."""
        digest = base64.b64encode(hashlib.md5(self.body.data).digest()).decode()
        return ("content-md5", digest) in {(n.lower(), v) for n, v in self.headers}


def calls(steps: Sequence[StepRecord], endpoint: str) -> tuple[Call, ...]:
    """Turn recorded steps, sent to an S3 endpoint (its URL), into calls, numbered from 1."""
    slots = _slots(steps)
    taken = {
        value: slot
        for value, slot in slots.items()
        if any(value in _all_text(step) for step in steps[slot.step :])
    }
    known = sorted(taken.items(), key=lambda pair: -len(pair[0]))
    return tuple(
        _call(
            step,
            number,
            endpoint,
            known=tuple((value, slot) for value, slot in known if slot.step < number),
            brings=tuple(slot for slot in taken.values() if slot.step == number),
        )
        for number, step in enumerate(steps, 1)
    )


def service_of(request: RequestRecord) -> str:
    """Tell whose request it is: ``kms`` where it names a KMS operation, else ``s3``."""
    return "kms" if _header(request.headers, "x-amz-target") is not None else "s3"


def body_of(request: RequestRecord) -> Body:
    """Return the body that a request was sent with; zero bytes where only the length is known."""
    if request.body is not None:
        return Body(data=request.body.encode(errors="replace"))
    if request.body_base64 is not None:
        try:
            return Body(data=base64.b64decode(request.body_base64))
        except (binascii.Error, ValueError):
            return Body(data=bytes(request.body_length), lost=True)
    return Body(data=bytes(request.body_length), lost=request.body_length > 0)


def _call(
    step: StepRecord,
    number: int,
    endpoint: str,
    *,
    known: tuple[tuple[str, Slot], ...],
    brings: tuple[Slot, ...],
) -> Call:
    url = urlsplit(step.request.url)
    home = urlsplit(endpoint)
    service = service_of(step.request)
    suffix = f".{home.netloc}"
    virtual = service == "s3" and home.netloc != "" and url.netloc.endswith(suffix)
    auth = str(step.params.get(AUTH, Auth.HEADER.value))
    path = url.path or "/"
    prefix = home.path.rstrip("/")
    if prefix and path.startswith(f"{prefix}/"):
        path = path.removeprefix(prefix)
    return Call(
        number=number,
        operation=step.operation,
        params={name: value for name, value in step.params.items() if not name.startswith("_")},
        service=service,
        method=step.request.method,
        label=url.netloc.removesuffix(suffix) if virtual else "",
        target=f"{path}?{url.query}" if url.query else path,
        headers=tuple((header.name, header.value) for header in _wire_headers(step.request)),
        body=body_of(step.request),
        presigned="x-amz-signature=" in url.query.lower() or auth.startswith(Auth.PRESIGNED),
        auth=auth,
        form=_form(step.request, auth),
        known=known,
        brings=brings,
    )


def _form(request: RequestRecord, auth: str) -> tuple[str, ...] | None:
    """Return the fields that a form's policy names, None where the request uploads none so."""
    if auth not in {Auth.HEADER, Auth.POLICY_WITHOUT_ENCRYPTION}:
        return None
    content_type = _header(request.headers, CONTENT_TYPE) or ""
    read = read_form(content_type, body_of(request).data) if request.method == "POST" else None
    return None if read is None else names_for_policy((name for name, _ in read.fields), auth)


def boundary_of(call: Call) -> str:
    """Return what parts the fields of a call's form."""
    content_type = next(v for n, v in call.headers if n.lower() == CONTENT_TYPE)
    return content_type.rpartition("boundary=")[2].strip('"')


def _wire_headers(request: RequestRecord) -> tuple[HeaderRecord, ...]:
    return tuple(
        header
        for header in request.headers
        if (name := header.name.lower()) not in OF_THE_CLIENT
        and (name != PAYLOAD_HASH or _SPECIAL_PAYLOAD.match(header.value))
    )


def _slots(steps: Sequence[StepRecord]) -> dict[str, Slot]:
    slots: dict[str, Slot] = {}
    for number, step in enumerate(steps, 1):
        if step.response is None:
            continue
        for place, label, value in _values(step.response):
            if len(value) >= _SHORTEST_VALUE and value not in slots:
                name = f"{_NAMES[label]}_{number}"
                slots[value] = Slot(name=name, step=number, place=place, label=label)
    return slots


def _values(response: ResponseRecord) -> list[tuple[Place, str, str]]:
    """List the values in an answer that a target chose, and where they stand."""
    found = []
    for name in ("x-amz-version-id", "etag"):
        value = _header(response.headers, name)
        if value is not None:
            found.append((Place.HEADER, name, value.strip('"')))
    for label in ("UploadId", "ETag"):
        match = re.search(f"<{label}>([^<]*)</{label}>", response.body)
        if match:
            value = match[1].replace("&quot;", "").strip('"')
            found.append((Place.ELEMENT, label, value))
    for label in ("Arn", "KeyId"):
        match = re.search(rf'"{label}"\s*:\s*"([^"\\]*)"', response.body)
        if match:
            found.append((Place.MEMBER, label, match[1]))
    return found


def _header(headers: Sequence[HeaderRecord], name: str) -> str | None:
    return next((header.value for header in headers if header.name.lower() == name), None)


def _all_text(step: StepRecord) -> str:
    request = step.request
    values = [request.url, request.body or "", *(header.value for header in request.headers)]
    return "\n".join(values)


def _cut(text: str, value: str, slot: Slot) -> Text:
    pieces: list[str | Slot] = []
    for number, piece in enumerate(text.split(value)):
        pieces.extend([slot, piece] if number else [piece])
    return tuple(pieces)
