"""What of a world decides how it goes on, without the names that a target chose.

Two sequences that lead to worlds of the same shape need not both be gone on with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.sse import DsseKms, SseC, SseKms
from model.world import Bucket, DeleteMarker, ObjectVersion, is_in_progress

if TYPE_CHECKING:
    from collections.abc import Hashable

    from conformance.small_scope.moves import Stand
    from model.sse import ObjectEncryption
    from model.world import StoredVersion, World


def shape_of(stand: Stand) -> Hashable:
    """Return the shape of the world as far as the names of the stand reach.

    A KMS key's state and what an alias names matter where something refers to them.
    """
    world = stand.world
    return tuple(_bucket(world, world.buckets.get(name), stand) for name in stand.buckets)


def _bucket(world: World, bucket: object, stand: Stand) -> Hashable:
    if not isinstance(bucket, Bucket):
        return None
    rule = bucket.rule
    default: Hashable = None
    if rule is not None:
        key = _text(world, rule.kms_key_id)
        default = (rule.sse_algorithm, key, rule.bucket_key_enabled)
    objects = tuple(
        tuple(_version(world, one) for one in bucket.row(name)) for name in (stand.one, stand.other)
    )
    uploads = tuple(
        (_encryption(world, one.version.encryption), tuple(sorted(one.parts)))
        for one in bucket.uploads.values()
        if is_in_progress(one)
    )
    return default, bucket.explicit, bucket.blocked, bucket.versioning, objects, uploads


def _text(world: World, text: str | None) -> Hashable:
    """Return what a text that names a KMS key stands for."""
    if text is None:
        return None
    named = world.aliases.get(text)
    return _key(world, text) if named is None else ("alias", _key(world, named))


def _key(world: World, key_id: str) -> Hashable:
    found = world.keys.get(key_id)
    return key_id, None if found is None else found.state


def _version(world: World, version: StoredVersion) -> Hashable:
    if isinstance(version, DeleteMarker):
        return DeleteMarker, version.version_id == "null"
    if not isinstance(version, ObjectVersion):
        return version
    in_parts = version.part_sizes is not None
    null = version.version_id == "null"
    return _encryption(world, version.encryption), in_parts, null, version.updated


def _encryption(world: World, encryption: ObjectEncryption | None) -> Hashable:
    if isinstance(encryption, SseKms):
        return SseKms, _key(world, encryption.kms_key_id), encryption.bucket_key_enabled
    if isinstance(encryption, DsseKms):
        return DsseKms, _key(world, encryption.kms_key_id)
    if isinstance(encryption, SseC):
        return SseC, encryption.customer_key_md5
    return type(encryption).__name__
