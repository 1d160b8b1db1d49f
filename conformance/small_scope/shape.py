"""What of a world decides how it goes on, without the names that a target chose.

Two sequences that lead to worlds of the same shape need not both be gone on with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.stored import NULL_VERSION, DeleteMarker, ObjectVersion, is_in_progress
from model.world import Bucket

if TYPE_CHECKING:
    from collections.abc import Hashable

    from conformance.small_scope.moves import Stand
    from model.stored import StoredVersion


def shape_of(stand: Stand) -> Hashable:
    """Return the shape of the world as far as the names of the stand reach."""
    world = stand.world
    own = world.keys.get(stand.own_key)
    state = None if own is None else own.state
    buckets = tuple(_bucket(world.buckets.get(name), stand) for name in stand.buckets)
    return state, world.aliases.get(stand.alias), buckets


def _bucket(bucket: object, stand: Stand) -> Hashable:
    if not isinstance(bucket, Bucket):
        return None
    rule = bucket.rule
    default: Hashable = None
    if rule is not None:
        default = (rule.sse_algorithm, rule.kms_key_id, rule.bucket_key_enabled)
    objects = tuple(
        tuple(_version(one) for one in bucket.row(name)) for name in (stand.one, stand.other)
    )
    uploads = tuple(
        (one.version.encryption, tuple(sorted(one.parts)))
        for one in bucket.uploads.values()
        if is_in_progress(one)
    )
    return (
        default,
        bucket.explicit,
        bucket.blocked,
        bucket.versioning,
        bucket.deny,
        objects,
        bool(bucket.objects.keys() - {stand.one, stand.other}),
        uploads,
    )


def _version(version: StoredVersion) -> Hashable:
    if isinstance(version, DeleteMarker):
        return DeleteMarker, version.version_id == NULL_VERSION
    if not isinstance(version, ObjectVersion):
        return version
    in_parts, null = version.part_sizes is not None, version.version_id == NULL_VERSION
    return version.encryption, in_parts, null, version.updated
