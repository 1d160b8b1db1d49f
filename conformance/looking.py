"""Reads of what was written, each with the customer key that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.faults import put_customer_key
from conformance.universe import CUSTOMER_KEYS, KEYS_BY_MD5
from model.facts import keeps_versions
from model.operation import existing_bucket
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.sse import SseC
from model.stored import DeleteMarker, ObjectVersion
from model.world import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from model.stored import StoredVersion
    from model.world import World


def key_fields(version: StoredVersion | None, *, source: bool = False) -> Fields:
    """Return the headers of the customer key that opens a version; none where it needs none."""
    fields: Fields = {}
    if isinstance(version, ObjectVersion) and isinstance(version.encryption, SseC):
        texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
        put_customer_key(fields, texts, source=source)
    return fields


def another_key(version: StoredVersion | None, *, source: bool = False) -> Fields:
    """Return the headers of a sound customer key that does not open a version."""
    md5 = None
    if isinstance(version, ObjectVersion) and isinstance(version.encryption, SseC):
        md5 = version.encryption.customer_key_md5
    fields: Fields = {}
    texts = next(one for one in CUSTOMER_KEYS if one.key_md5 != md5)
    put_customer_key(fields, texts, source=source)
    return fields


def copy_source(bucket: str, object_key: str, version_id: str | None = None) -> str:
    """Return the text of the header that names a copy's source."""
    text = f"{bucket}/{quote(object_key)}"
    return text if version_id is None else f"{text}?versionId={quote(version_id)}"


def versions_with_ids(
    world: World, bucket: str, object_key: str
) -> tuple[tuple[str, ObjectVersion | DeleteMarker], ...]:
    """Return the versions of an object whose ids are known, the newest first, each behind its id.

    There are none where the bucket keeps no versions.
    """
    found = existing_bucket(world, bucket)
    if found is None or not keeps_versions(found):
        return ()
    return tuple(
        (one.version_id, one)
        for one in found.row(object_key)
        if isinstance(one, ObjectVersion | DeleteMarker) and one.version_id is not None
    )


def look(
    world: World,
    bucket: str,
    object_key: str,
    version_id: str | None = None,
    *,
    data: bool = False,
    **fields: object,
) -> GetObject | HeadObject:
    """Return a sound read of a version (None: the current one): of its data, or of its head."""
    found = world.version(bucket, object_key, version_id)
    named: Fields = {"bucket": bucket, "object_key": object_key, "version_id": version_id}
    named |= key_fields(found) | fields
    return GetObject(**named) if data else HeadObject(**named)


def every_version(world: World, bucket: str) -> Iterator[tuple[str, str | None]]:
    """Yield the object key and version id of all that can be read in a bucket.

    The current version of an object goes without its id.
    """
    found = world.buckets.get(bucket)
    if not isinstance(found, Bucket):
        return
    for object_key in found.objects:
        current = found.object(object_key)
        if isinstance(current, ObjectVersion):
            yield object_key, None
        for version in found.row(object_key):
            if isinstance(version, ObjectVersion) and version != current:
                yield object_key, version.version_id
