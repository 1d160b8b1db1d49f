"""What the reads of an object have in common: they look at it and change nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from model.answer import BODY, LAST_MODIFIED, STORAGE_CLASS
from model.bucket_kind import BucketKind
from model.operation import Effect, Operation, etag_shown, learn_version
from model.replacing import replace
from model.request import ObjectRead, header, query
from model.stored import DeleteMarker, ObjectVersion, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.stored import StoredVersion
    from model.world import World

NOT_FOUND = 404
PARTIAL_CONTENT = 206
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PART_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


@dataclass(frozen=True, kw_only=True)
class ObjectReadOperation(ObjectRead, Operation):
    """Read a version of an object, or what is told of it."""

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the object, and on how it is encrypted."""
        return is_obscure(self._found(world))

    def _found(self, world: World) -> StoredVersion:
        return world.version(self.bucket, self.object_key, self.version_id)

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The version that is read."""
        found = self._found(world)
        return Presence.ABSENT if isinstance(found, DeleteMarker) else found

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the version that is read."""
        if self.version_id is None:
            return world.with_object(self.bucket, self.object_key, version)
        bucket = world.existing(self.bucket)
        changed = bucket.with_version(self.object_key, self.version_id, version)
        return world.with_bucket(self.bucket, changed)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes; the answer shows the version."""
        version = self.subject(world)
        if isinstance(version, Presence):
            version = ObjectVersion(encryption=None, body=None)
        return Effect(world, version)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt what was not known of the object."""
        world = learn_version(world, self, answer)
        if self.bucket_kind is BucketKind.FSX_ACCESS_POINT:
            world = self._learn_file_system(world, answer)
        version, shown = self.subject(world), answer.text(LAST_MODIFIED)
        if isinstance(version, Presence) or version.last_modified is not None or shown is None:
            return world
        return self.with_subject(world, replace(version, last_modified=shown))

    def _learn_file_system(self, world: World, answer: Answer) -> World:
        """Adopt the storage class, which tells the kind of file system."""
        version, shown = self.subject(world), answer.text(STORAGE_CLASS)
        if isinstance(version, Presence) or shown is None:
            return world
        return self.with_subject(world, replace(version, storage_class=shown))

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown object is absent, or its bucket."""
        if answer.status != NOT_FOUND or self._found(world) is not Presence.UNKNOWN:
            return world
        if answer.error_code == "NoSuchBucket":
            return world.with_bucket(self.bucket, Presence.ABSENT)
        if self.version_id is not None:
            return world
        return world.with_object(self.bucket, self.object_key, Presence.ABSENT)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag, without its quotation marks."""
        return etag_shown(response)


@dataclass(frozen=True, kw_only=True)
class ConditionalRead(ObjectReadOperation):
    """GetObject and HeadObject: headers show the object, and may be asked for on a condition."""

    checksum_mode: str | None = header("x-amz-checksum-mode", "ChecksumMode")
    part_number: str | None = query("partNumber", "PartNumber")
    if_match: str | None = header("if-match", "IfMatch")
    if_none_match: str | None = header("if-none-match", "IfNoneMatch")
    range: str | None = header("range", "Range")

    @property
    def is_conditional(self) -> bool:
        """Whether the read is to be done on a condition."""
        return self.if_match is not None or self.if_none_match is not None

    @property
    def asks_for_a_part(self) -> bool:
        """Whether only a part is asked for, rightly or not."""
        return self.part_number is not None

    def part_read(self, version: ObjectVersion | None) -> tuple[int, int] | None:
        """Return the half-open range of the part that is asked for.

        None where the object was not uploaded in parts, or has no such part, or the parts are not
        numbered one after the other: which number stands for which part is then not said.
        """
        sizes = None if version is None else version.part_sizes
        if sizes is None or not is_in_a_row(sizes):
            return None
        return next(iter(self.parts_meant(version)), None)

    def parts_meant(self, version: ObjectVersion | None) -> tuple[tuple[int, int], ...]:
        """Return the half-open ranges of the parts that may be meant, that at its place first.

        Of parts that are not numbered one after the other the number may be taken for that, or for
        the place of a part among them.
        """
        sizes = (None if version is None else version.part_sizes) or {}
        number = numbered(self.part_number) or 0
        numbers = sorted(sizes)
        ends = dict(zip(numbers, accumulate(sizes[n] for n in numbers), strict=True))
        meant = [n for place, n in enumerate(numbers, 1) if place == number]
        meant += [n for n in numbers if n == number]
        return tuple(dict.fromkeys((ends[n] - sizes[n], ends[n]) for n in meant))

    def status(self, version: ObjectVersion | None) -> int | None:
        """206 for a part; not known of an empty one, and where there may be no parts.

        Nor is it known for a range: of HEAD the pages say that its length alone is another.
        """
        if self.range is not None:
            return None
        if not self.asks_for_a_part:
            return self.success_status
        span = self.part_read(version)
        return None if span is None or span[0] == span[1] else PARTIAL_CONTENT

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt what was not known of the object; a part of its data is not its data."""
        if self.asks_for_a_part:
            fields = {name: value for name, value in answer.fields.items() if name != BODY}
            answer = replace(answer, fields=fields)
        return super().learn(world, answer)


def is_obscure(found: StoredVersion) -> bool:
    """Tell whether it is unknown if the version exists, or how it is encrypted."""
    if isinstance(found, ObjectVersion):
        return found.encryption is None
    return found is Presence.UNKNOWN


def numbered(text: str | None) -> int | None:
    """Return the number of a part that a text names, None where it names none."""
    return int(text) if text is not None and _PART_NUMBER.fullmatch(text) else None


def is_in_a_row(sizes: Mapping[int, int]) -> bool:
    """Tell whether the parts of an object are numbered from 1, without a gap."""
    return sorted(sizes) == list(range(1, len(sizes) + 1))


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
