"""What PutObject, PostObject and CopyObject have in common: they create an object at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.answer import VERSION_ID
from model.operation import learn_version, stored, suspect_version
from model.operations.delete_object import DeleteObject, version_chosen
from model.operations.object_write import WriteOperation
from model.request import ObjectCreation
from model.world import Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.clause import Law
    from model.operation import Effect, Operation
    from model.world import ObjectVersion, World


@dataclass(frozen=True, kw_only=True)
class CreationOperation(WriteOperation, ObjectCreation):
    """A write after which there is a new current version."""

    leaves_object: ClassVar[bool] = True

    def stores(self, world: World, version: ObjectVersion) -> Effect:
        """Return what the success of a write of that version does."""
        return stored(world, self.bucket, self.object_key, version)

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The version that was created."""
        return world.object(self.bucket, self.object_key)

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the version that was created."""
        return world.with_object(self.bucket, self.object_key, version)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the ETag, the version id, and the ARN of the KMS key."""
        return learn_version(world, self, answer)

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The version id."""
        return version_chosen(answer)

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The deletion of what was written; a refused write may have written all the same."""
        version_id = None if answer is None else answer.text(VERSION_ID)
        return (
            DeleteObject(
                bucket=self.bucket,
                object_key=self.object_key,
                version_id=version_id,
                session_token=self.session_token,
                secure=self.secure,
            ),
        )

    def obscured(self, world: World) -> World:
        """What the object is, and whether there is one, is unknown."""
        found = world.bucket(self.bucket)
        if isinstance(found, Presence):
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        return world.with_bucket(self.bucket, found.obscure(self.object_key))

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """A refused write keeps the object that was there."""
        return suspect_version(world, self.bucket, self.object_key, None, clause_id)
