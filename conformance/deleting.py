"""Requests that delete more than one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.looking import every_version
from model.delete_document import Deletion, write_deletion
from model.operation import existing_bucket
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.sse import md5_base64
from model.stored import DeleteMarker
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from model.delete_document import Named
    from model.world import Bucket, World


def deletion_of(
    bucket: str, named: Iterable[Named], *, secure: bool, quiet: bool = False
) -> DeleteObjects:
    """Return a DeleteObjects of these objects and versions, with the MD5 of its document."""
    document = write_deletion(Deletion(tuple(named), quiet=quiet))
    return DeleteObjects(
        bucket=bucket, document=document, content_md5=md5_base64(document), secure=secure
    )


def emptying(world: World, bucket: str, *, secure: bool) -> Iterator[DeleteObject]:
    """Yield the deletions of all that a bucket holds, for good: versions first, then markers."""
    found = existing_bucket(world, bucket)
    if found is None:
        return
    markers = [
        (object_key, version.version_id)
        for object_key in found.objects
        for version in found.row(object_key)
        if isinstance(version, DeleteMarker)
    ]
    held = [(k, _id_of(found, k, v)) for k, v in every_version(world, bucket)]
    for object_key, version_id in (*held, *markers):
        yield DeleteObject(
            bucket=bucket, object_key=object_key, version_id=version_id, secure=secure
        )


def _id_of(bucket: Bucket, object_key: str, version_id: str | None) -> str | None:
    """Return the id by which a version is deleted for good, where the bucket keeps versions."""
    if bucket.versioning is Versioning.NEVER:
        return None
    current = bucket.object(object_key)
    return version_id or getattr(current, "version_id", None)
