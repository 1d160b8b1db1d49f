"""DeleteBucketEncryption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.bucket_kind import BucketKind
from model.directory_bucket import was_never_kms
from model.operation import Effect, Operation, existing_bucket
from model.operations.create_bucket import SSE_C_TYPE, CreateBucket
from model.operations.object_write import is_plain_known
from model.operations.put_bucket_encryption import suspect_all, with_unknown_default
from model.request import BucketConfiguration
from model.stored import Presence
from model.world import Bucket, ServerSideEncryptionRule

if TYPE_CHECKING:
    from model.clause import Law
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class DeleteBucketEncryption(BucketConfiguration, Operation):
    """Reset a bucket's default encryption to SSE-S3."""

    operation: ClassVar[str] = "DeleteBucketEncryption"
    method: ClassVar[str] = "DELETE"
    sub_resource: ClassVar[str] = "encryption"
    success_status: ClassVar[int] = 204

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone."""
        return not is_plain_known(world, self.bucket)

    def effects(
        self,
        world: World,
        encryption: ObjectEncryption | None,  # noqa: ARG002
    ) -> tuple[Effect, ...]:
        """SSE-S3 again; what becomes of the blocked types is not said (GP-BLK-09)."""
        bucket = world.existing(self.bucket)
        reset = replace(bucket, rule=ServerSideEncryptionRule(), explicit=None)
        if bucket.kind is BucketKind.DIRECTORY:
            if not was_never_kms(bucket):
                # Whether its one KMS key is forgotten is not said (DB-009).
                reset = replace(reset, pinned_key=Presence.UNKNOWN)
            return (Effect(world.with_bucket(self.bucket, reset)),)
        if bucket.blocked is None:
            return (Effect(world.with_bucket(self.bucket, reset)),)
        worlds = {(bucket.blocked, bucket.blocked_put): None}
        worlds.update(dict.fromkeys((types, False) for types in _of_new_buckets(world)))
        return tuple(
            Effect(
                world.with_bucket(self.bucket, replace(reset, blocked=types, blocked_put=was_put))
            )
            for types, was_put in worlds
        )

    def obscured(self, world: World) -> World:
        """The default and the blocked types are unknown."""
        return with_unknown_default(world, self.bucket)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """A new default leaves all objects as they are, and all uploads in progress."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world
        return world.with_bucket(self.bucket, suspect_all(bucket, law, clause_id))


def _of_new_buckets(world: World) -> tuple[frozenset[str], ...]:
    """Return the blocked types that a new bucket of this world may have."""
    made = CreateBucket(bucket="").effects(replace(world, buckets={}), None)
    found = (effect.world.bucket("") for effect in made)
    return tuple((b.blocked or frozenset()) & {SSE_C_TYPE} for b in found if isinstance(b, Bucket))
