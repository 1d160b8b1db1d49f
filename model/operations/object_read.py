"""What GetObject and HeadObject have in common: they look at an object and change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from model.operation import Effect, Operation, etag_shown, learn_version
from model.request import ObjectRead, header
from model.world import ObjectVersion, Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World

NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class ObjectReadOperation(ObjectRead, Operation):
    """Read an object's current version, or what is told of it."""

    checksum_mode: str | None = header("x-amz-checksum-mode", "ChecksumMode")

    @classmethod
    def parse(cls, http: HttpRequest, fields: dict[str, str | None], *, secure: bool) -> Self:
        """Read the typed request from its HTTP form."""
        key = fields.pop("object_key") or ""
        return cls(bucket=http.bucket, object_key=key, secure=secure, **fields)

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the object, and on how it is encrypted."""
        return is_obscure(world.object(self.bucket, self.object_key))

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes; the answer shows the current version."""
        version = world.object(self.bucket, self.object_key)
        if isinstance(version, Presence):
            version = ObjectVersion(encryption=None, body=None)
        return Effect(world, version)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt what was not known of the object."""
        return learn_version(world, self.bucket, self.object_key, answer)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown object is absent, or its bucket."""
        found = world.object(self.bucket, self.object_key)
        if answer.status != NOT_FOUND or found is not Presence.UNKNOWN:
            return world
        if answer.error_code == "NoSuchBucket":
            return world.with_bucket(self.bucket, Presence.ABSENT)
        return world.with_object(self.bucket, self.object_key, Presence.ABSENT)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag, without its quotation marks."""
        return etag_shown(response)


def is_obscure(found: ObjectVersion | Presence) -> bool:
    """Tell whether it is unknown if the object exists, or how it is encrypted."""
    if isinstance(found, Presence):
        return found is Presence.UNKNOWN
    return found.encryption is None
