"""DeleteBucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.operation import Effect, Operation
from model.request import BucketRequest
from model.stored import Presence
from model.world import Bucket

if TYPE_CHECKING:
    from model.answer import Answer
    from model.sse import ObjectEncryption
    from model.world import World

NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class DeleteBucket(BucketRequest, Operation):
    """Remove an empty bucket."""

    operation: ClassVar[str] = "DeleteBucket"
    method: ClassVar[str] = "DELETE"
    success_status: ClassVar[int] = 204

    def is_unknown(self, world: World) -> bool:
        """A bucket that holds objects or uploads, or may hold some, need not be removable."""
        found = world.bucket(self.bucket)
        if isinstance(found, Presence):
            return found is Presence.UNKNOWN
        held = any(version is not Presence.ABSENT for version in found.objects.values())
        held = held or found.may_hold_uploads
        return held or bool(found.versions) or not found.complete

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The bucket is gone, and its configuration with it."""
        return Effect(world.with_bucket(self.bucket, Presence.ABSENT))

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown bucket is absent."""
        if answer.status == NOT_FOUND and not isinstance(world.bucket(self.bucket), Bucket):
            return world.with_bucket(self.bucket, Presence.ABSENT)
        return world
