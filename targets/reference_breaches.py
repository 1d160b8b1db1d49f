"""What a server does that does not know that something must stay as it is.

Each law of the model has a breach here: where the law's clause is left out, the reference does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import Law
from model.kms import managed_key
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.delete_objects import DeleteObjects
from model.operations.kms import named_key
from model.operations.kms_aliases import DeleteAlias, UpdateAlias
from model.operations.rename_object import RenameObject
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.replacing import replace
from model.request import BucketConfiguration, BucketRequest, ObjectRequest
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import MultipartUpload, ObjectVersion
from model.world import Bucket

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import World


def breach(law: Law, world: World, request: Operation, number: int) -> World:
    """Return the world after the request did what the law forbids.

    ``number`` counts the answers: what is made up differs from one to the other.
    """
    if law in {Law.OTHER_VERSIONS, Law.OBJECTS_ON_VERSIONING}:
        return _spoil_versions(law, world, request)
    if isinstance(request, UpdateObjectEncryption):
        return _break_object(law, world, request, number)
    if isinstance(request, UpdateAlias | DeleteAlias):
        return _break_keys(world, request)
    if law is Law.DESTINATION_OF_REFUSED_WRITE and isinstance(request, ObjectRequest):
        return _write_what_was_refused(world, request, number)
    if isinstance(request, BucketConfiguration):
        return _break_under_new_default(law, world, request)
    if law is Law.SOURCE_OF_COPY and isinstance(request, CopyObject):
        return _break_source(world, request)
    if law is Law.RENAMED_OBJECT and isinstance(request, RenameObject):
        return _break_renamed(world, request)
    return world


def _write_what_was_refused(world: World, request: Operation, number: int) -> World:
    if not isinstance(request, ObjectRequest):
        return world
    version = request.effects(world, SseS3())[0].version
    if version is None:
        return world
    body = b"" if version.body is None else version.body
    made = replace(version, body=body, etag=f"{number:032x}")
    return world.with_object(request.bucket, request.object_key, made)


def _break_source(world: World, request: CopyObject) -> World:
    """Change what was copied: its data, and its encryption to that of the copy."""
    if request.source is None:
        return world
    source = world.version(*request.source)
    copied = world.object(request.bucket, request.object_key)
    if not isinstance(source, ObjectVersion) or not isinstance(copied, ObjectVersion):
        return world
    changed = replace(source, encryption=copied.encryption, body=(source.body or b"") + b".")
    return world.with_object(*request.source[:2], changed)


def _break_renamed(world: World, request: RenameObject) -> World:
    """Encrypt what was renamed otherwise, and forget its metadata."""
    version = request.subject(world)
    if not isinstance(version, ObjectVersion):
        return world
    kms = isinstance(version.encryption, SseKms)
    encryption = SseS3() if kms else SseKms(managed_key(world).key_id)
    return request.with_subject(world, replace(version, encryption=encryption, metadata={}))


def _break_object(law: Law, world: World, request: UpdateObjectEncryption, number: int) -> World:
    """Change what an update of an object's encryption must keep."""
    version = request.subject(world)
    if not isinstance(version, ObjectVersion):
        return world
    changed = replace(version, etag=f"{number:032x}", body=(version.body or b"") + b".")
    if law is Law.DESTINATION_OF_REFUSED_WRITE:
        changed = replace(version, encryption=SseKms(managed_key(world).key_id))
    return request.with_subject(world, changed)


def _break_keys(world: World, request: UpdateAlias | DeleteAlias) -> World:
    """Bring all objects under the key that an alias names now, or under the managed one."""
    key = named_key(world, request.key_id) or managed_key(world)
    for name, bucket in world.buckets.items():
        if isinstance(bucket, Bucket):
            objects = {
                object_key: replace(v, encryption=SseKms(key.key_id))
                if isinstance(v, ObjectVersion) and isinstance(v.encryption, SseKms)
                else v
                for object_key, v in bucket.objects.items()
            }
            world = world.with_bucket(name, replace(bucket, objects=objects))
    return world


def _break_under_new_default(law: Law, world: World, request: BucketConfiguration) -> World:
    """Encrypt what is there, objects or uploads, as the new default says."""
    bucket = existing_bucket(world, request.bucket)
    if bucket is None or bucket.rule is None:
        return world
    kms = bucket.rule.sse_algorithm is not SseAlgorithm.AES256
    encryption = SseKms(managed_key(world).key_id) if kms else SseS3()
    if law is Law.OBJECTS_ON_NEW_DEFAULT:
        objects = {
            name: replace(v, encryption=encryption) if isinstance(v, ObjectVersion) else v
            for name, v in bucket.objects.items()
        }
        bucket = replace(bucket, objects=objects)
    else:
        uploads = {
            upload_id: replace(u, version=replace(u.version, encryption=encryption))
            if isinstance(u, MultipartUpload)
            else u
            for upload_id, u in bucket.uploads.items()
        }
        bucket = replace(bucket, uploads=uploads)
    return world.with_bucket(request.bucket, bucket)


def _spoil_versions(law: Law, world: World, request: Operation) -> World:
    """Change the data of what a write, a deletion or a new setting must leave as it is."""
    bucket = existing_bucket(world, getattr(request, "bucket", ""))
    if bucket is None or not isinstance(request, BucketRequest):
        return world
    named: list[tuple[str, str | None]] = []
    if isinstance(request, DeleteObjects):
        named = list(request.named)
    elif isinstance(request, ObjectRequest):
        named = [(request.object_key, getattr(request, "version_id", None))]
    rows = [bucket.row(key)[1:] if v is None else bucket.row(key) for key, v in named]
    keys = [key for key, _ in named]
    if law is Law.OBJECTS_ON_VERSIONING:
        keys = list(bucket.objects)
        rows = [bucket.row(key) for key in keys]
    for object_key, row in zip(keys, rows, strict=True):
        for version in row:
            if isinstance(version, ObjectVersion) and version.version_id is not None:
                spoilt = replace(version, body=(version.body or b"") + b".")
                bucket = bucket.with_version(object_key, version.version_id, spoilt)
    return world.with_bucket(request.bucket, bucket)
