"""DeleteObject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.answer import VERSION_ID
from model.operation import Effect, Operation, existing_bucket
from model.operations.object_write import is_plain_known
from model.request import ObjectRequest, query
from model.world import NULL_VERSION, DeleteMarker, Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class DeleteObject(ObjectRequest, Operation):
    """Remove an object, or one of its versions."""

    operation: ClassVar[str] = "DeleteObject"
    method: ClassVar[str] = "DELETE"
    success_status: ClassVar[int] = 204

    version_id: str | None = query("versionId", "VersionId")

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone: a missing object is deleted with success."""
        return not is_plain_known(world, self.bucket)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The object is gone, or lies under a delete marker; a named version is gone for good."""
        bucket = world.existing(self.bucket)
        if self.version_id is None:
            after = bucket.delete(self.object_key)
        else:
            after = bucket.delete_version(self.object_key, self.version_id)
        return Effect(world.with_bucket(self.bucket, after))

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the id of a new delete marker."""
        shown = answer.text(VERSION_ID)
        bucket = existing_bucket(world, self.bucket)
        if bucket is None or self.version_id is not None or shown is None:
            return world
        row = bucket.row(self.object_key)
        if not row or not isinstance(row[0], DeleteMarker):
            return world
        marked = (DeleteMarker(version_id=row[0].version_id or shown), *row[1:])
        return world.with_bucket(self.bucket, bucket.with_row(self.object_key, marked))

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The id of a new delete marker."""
        return version_chosen(answer)

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The deletion of the delete marker that it made."""
        made = None if answer is None or not answer.succeeded else answer.text(VERSION_ID)
        if self.version_id is not None or made is None:
            return ()
        return (replace(self, version_id=made),)

    def obscured(self, world: World) -> World:
        """Whether the object is there is unknown."""
        found = existing_bucket(world, self.bucket)
        if found is None:
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        return world.with_bucket(self.bucket, found.obscure(self.object_key))


def version_chosen(answer: Answer) -> tuple[str, ...]:
    """Return the version id that an answer shows, or that it shows none."""
    return (answer.text(VERSION_ID) or NULL_VERSION,)
