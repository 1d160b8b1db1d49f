"""Buckets that are deleted, and made anew under the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.action import action
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.stored import Presence
from model.world import Bucket, Versioning

if TYPE_CHECKING:
    from conformance.requests import Requests
    from model.operation import Operation

EARLIEST = 12
"""So many requests come before a bucket is deleted."""


@action(2, left_out=60)
def ask_for_a_bucket_again(build: Requests) -> Operation | None:
    """Return the making of a bucket that is there, or the removal of one that is not empty."""
    held = {bucket for bucket, _, _ in build.objects()}
    made = [b for b in build.universe.buckets if isinstance(build.world.buckets.get(b), Bucket)]
    if not made:
        return None
    bucket = build.choose.pick(made)
    if bucket in held and build.choose.chance(50):
        return DeleteBucket(bucket=bucket, secure=build.secure)
    return CreateBucket(bucket=bucket, secure=build.secure)


@action(3, CreateBucket, DeleteBucket, left_out=88)
def recreate_bucket(build: Requests) -> Operation | None:
    """Return the deletion of an empty bucket, or the making of one that was deleted."""
    world, secure = build.world, build.secure
    for name in build.universe.buckets:
        found = world.buckets.get(name)
        if found is Presence.ABSENT:
            return CreateBucket(bucket=name, secure=secure)
        if isinstance(found, Bucket) and found.versioning is not Versioning.NEVER:
            continue  # what a deletion leaves there keeps the bucket from being removed
        if isinstance(found, Bucket) and found.complete and len(build.steps) > EARLIEST:
            held = [k for k, v in found.objects.items() if v is not Presence.ABSENT]
            if not held:
                return DeleteBucket(bucket=name, secure=secure)
            return DeleteObject(bucket=name, object_key=held[0], secure=secure)
    return None
