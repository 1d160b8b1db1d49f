"""RenameObject, which directory buckets alone have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote

from model.bucket_kind import BucketKind
from model.operation import (
    Effect,
    Operation,
    existing_bucket,
    learn_version,
    suspect_version,
    with_spaces,
)
from model.operations.delete_object import DeleteObject
from model.request import ObjectRequest, header
from model.stored import ObjectVersion, Presence
from model.world import Bucket

if TYPE_CHECKING:
    from model.answer import Answer
    from model.clause import Law
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class RenameObject(ObjectRequest, Operation):
    """Give an object another name, in place of what was there."""

    operation: ClassVar[str] = "RenameObject"
    method: ClassVar[str] = "PUT"
    sub_resource: ClassVar[str] = "renameObject"
    needs: ClassVar[frozenset[str]] = frozenset({"x-amz-rename-source"})
    leaves_object: ClassVar[bool] = True

    rename_source: str | None = header("x-amz-rename-source", "RenameSource")

    @property
    def source_key(self) -> str:
        """The object key that the source header names: with or without the bucket before it."""
        path = unquote(self.rename_source or "").removeprefix("/")
        return path.removeprefix(f"{self.bucket}/")

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket and on the object."""
        bucket = world.bucket(self.bucket)
        if not isinstance(bucket, Bucket) or bucket.kind is not BucketKind.DIRECTORY:
            return True
        here = self.source_key == self.object_key
        return here or not isinstance(bucket.object(self.source_key), ObjectVersion)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The object has another name, and is as it was; of its ETag nothing is said."""
        bucket = world.existing(self.bucket)
        found = bucket.object(self.source_key)
        if not isinstance(found, ObjectVersion):
            return Effect(self.obscured(world))
        moved = replace(found, etag=None)
        after = bucket.delete(self.source_key).store(self.object_key, moved)
        return Effect(world.with_bucket(self.bucket, after))

    def readings(self) -> tuple[Operation, ...]:
        """A plus in the source's name is one, or a space."""
        other = with_spaces(self.rename_source)
        return (self,) if other is None else (self, replace(self, rename_source=other))

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The object under its new name."""
        return world.object(self.bucket, self.object_key)

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the object under its new name."""
        return world.with_object(self.bucket, self.object_key, version)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """The object under its new name is as it was."""
        return suspect_version(world, self.bucket, self.object_key, None, clause_id)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt what the answer shows of the object."""
        return learn_version(world, self, answer)

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:  # noqa: ARG002
        """The deletion of the object under its new name."""
        return (
            DeleteObject(
                bucket=self.bucket,
                object_key=self.object_key,
                session_token=self.session_token,
                secure=self.secure,
            ),
        )

    def obscured(self, world: World) -> World:
        """Under which name the object is, is unknown."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        after = bucket.obscure(self.source_key).obscure(self.object_key)
        return world.with_bucket(self.bucket, after)
