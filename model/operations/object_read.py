"""What the reads of an object have in common: they look at it and change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.operation import Effect, Operation, etag_shown, learn_version
from model.request import ObjectRead, header
from model.world import DeleteMarker, ObjectVersion, Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import StoredVersion, World

NOT_FOUND = 404


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
        return learn_version(world, self, answer)

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
    if_match: str | None = header("if-match", "IfMatch")
    if_none_match: str | None = header("if-none-match", "IfNoneMatch")

    @property
    def is_conditional(self) -> bool:
        """Whether the read is to be done on a condition."""
        return self.if_match is not None or self.if_none_match is not None


def is_obscure(found: StoredVersion) -> bool:
    """Tell whether it is unknown if the version exists, or how it is encrypted."""
    if isinstance(found, ObjectVersion):
        return found.encryption is None
    return found is Presence.UNKNOWN
