"""GetObject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.answer import BODY, ETAG
from model.operation import Effect, Operation, learn_version
from model.request import ObjectRead, header
from model.world import ObjectVersion, Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World

NOT_FOUND = 404
PARTIAL_CONTENT = 206
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, kw_only=True)
class GetObject(ObjectRead, Operation):
    """Read an object's data."""

    operation: ClassVar[str] = "GetObject"
    method: ClassVar[str] = "GET"

    range: str | None = header("range", "Range")
    checksum_mode: str | None = header("x-amz-checksum-mode", "ChecksumMode")

    @classmethod
    def parse(cls, http: HttpRequest, fields: dict[str, str | None], *, secure: bool) -> GetObject:
        """Read the typed request from its HTTP form."""
        key = fields.pop("object_key") or ""
        return cls(bucket=http.bucket, object_key=key, secure=secure, **fields)

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the object, and on how it is encrypted."""
        return is_obscure(world.object(self.bucket, self.object_key))

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes; the answer shows the current version."""
        return Effect(world, shown_version(world, self.bucket, self.object_key))

    def status(self, version: ObjectVersion | None) -> int | None:
        """206 for a part of the data; not known where the data is not, or where there is none."""
        if self.range is None:
            return self.success_status
        if version is None or not version.body:
            return None
        wanted = requested_range(self.range, len(version.body))
        return self.success_status if wanted is None else PARTIAL_CONTENT

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt what was not known of the object."""
        return learn_version(world, self.bucket, self.object_key, answer)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown object is absent."""
        return learn_absence(world, self.bucket, self.object_key, answer)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The data and the ETag."""
        etag = response.header("etag")
        fields: dict[str, Value] = {ETAG: etag.strip('"')} if etag else {}
        fields[BODY] = response.body
        return fields


def shown_version(world: World, bucket: str, object_key: str) -> ObjectVersion:
    """Return the current version; one of which nothing is known where that is all we know."""
    version = world.object(bucket, object_key)
    if isinstance(version, Presence):
        return ObjectVersion(encryption=None, body=None)
    return version


def is_obscure(found: ObjectVersion | Presence) -> bool:
    """Tell whether it is unknown if the object exists, or how it is encrypted."""
    if isinstance(found, Presence):
        return found is Presence.UNKNOWN
    return found.encryption is None


def learn_absence(world: World, bucket: str, object_key: str, answer: Answer) -> World:
    """Note that an object of which nothing was known is absent, when the answer says so."""
    if answer.status != NOT_FOUND or world.object(bucket, object_key) is not Presence.UNKNOWN:
        return world
    if answer.error_code == "NoSuchBucket":
        return world.with_bucket(bucket, Presence.ABSENT)
    return world.with_object(bucket, object_key, Presence.ABSENT)


def requested_range(text: str | None, length: int) -> tuple[int, int] | None:
    """Return the half-open range of bytes that a Range header asks for.

    None when the header is absent or is no single byte range (S3 then answers with the whole
    object). An empty range (start = end) means that it cannot be satisfied.
    """
    match = None if text is None else _RANGE.fullmatch(text)
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        count = min(int(last), length)
        return length - count, length
    start = int(first)
    end = length if not last else min(int(last) + 1, length)
    if last and int(last) < start:
        return None
    return (start, end) if start < length else (start, start)
