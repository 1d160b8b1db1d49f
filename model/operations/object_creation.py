"""What PutObject, PostObject and CopyObject have in common: they create an object at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.answer import ETAG, VERSION_ID
from model.clause import Law
from model.operation import (
    existing_bucket,
    learn_version,
    stored,
    suspect_other_versions,
    suspect_version,
)
from model.operations.delete_object import DeleteObject, version_chosen
from model.operations.object_write import WriteOperation
from model.replacing import replace
from model.request import ObjectCreation
from model.stored import NULL_VERSION, ObjectVersion, Presence
from model.world import Versioning

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Effect, Operation
    from model.request import ObjectRequest
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class CreationOperation(WriteOperation, ObjectCreation):
    """A write after which there is a new current version."""

    leaves_object: ClassVar[bool] = True

    def stores(self, world: World, version: ObjectVersion) -> Effect:
        """Return what the success of a write of that version does."""
        before = world.object(self.bucket, self.object_key)
        own = version.metadata
        foreign: frozenset[str] = frozenset()
        if own is not None:
            replaced = before.metadata if isinstance(before, ObjectVersion) else None
            foreign = (version.foreign_metadata | frozenset(replaced or ())) - own.keys()
        version = replace(version, foreign_metadata=foreign)
        return stored(world, self.bucket, self.object_key, version)

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The version that was created."""
        return world.object(self.bucket, self.object_key)

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the version that was created."""
        return world.with_object(self.bucket, self.object_key, version)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the ETag, the version id and what it tells, and the ARN of the KMS key."""
        world = learn_version(world, self, answer)
        bucket, shown = existing_bucket(world, self.bucket), answer.text(VERSION_ID)
        if bucket is None or bucket.versioning is not None or shown is None:
            return world
        versioning = Versioning.SUSPENDED if shown == NULL_VERSION else Versioning.ENABLED
        return world.with_bucket(self.bucket, replace(bucket, versioning=versioning))

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The version id, and the ETag, which conditions name."""
        return (*version_chosen(answer), answer.text(ETAG) or "")

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The deletion of what was written; a refused write may have written all the same."""
        return deletion_of(self, answer)

    def obscured(self, world: World) -> World:
        """What the object is, and whether there is one, is unknown."""
        found = world.bucket(self.bucket)
        if isinstance(found, Presence):
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        return world.with_bucket(self.bucket, found.obscure(self.object_key))

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """A refused write keeps the object that was there, and every write the older versions."""
        if law is Law.OTHER_VERSIONS:
            return suspect_other_versions(world, self.bucket, self.object_key, clause_id)
        return suspect_version(world, self.bucket, self.object_key, None, clause_id)


def deletion_of(request: ObjectRequest, answer: Answer | None) -> tuple[Operation, ...]:
    """Return the deletion of what a request wrote, or may have written."""
    version_id = None if answer is None else answer.text(VERSION_ID)
    return (
        DeleteObject(
            bucket=request.bucket,
            object_key=request.object_key,
            version_id=version_id,
            session_token=getattr(request, "session_token", None),
            secure=request.secure,
        ),
    )
