"""What the completion of an upload comes to where its object key was changed in the meantime.

With versioning enabled the current version is that of the upload that was created last, even if it
was completed before another. Without, a request between creation and completion may take
precedence, and the completion is answered with success all the same (userguide/mpuoverview.html,
"Concurrent multipart upload operations", read 2026-12-01; basho/riak_cs#533). Whether uploads are
ordered so among puts and deletions the page leaves open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.bucket_kind import BucketKind
from model.replacing import replace
from model.stored import NULL_VERSION, ObjectVersion, Presence, is_in_progress
from model.upload_order import noted
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.stored import StoredVersion
    from model.world import Bucket


def endings(
    bucket: Bucket,
    upload_id: str,
    object_key: str,
    version: ObjectVersion,
    versioning: Versioning | None,
) -> Iterator[Bucket]:
    """Yield the bucket after the completion of an upload to that version, the likeliest first.

    ``versioning``: as if that were the bucket's. Where nothing came to the object key since the
    upload was created, its version is the latest.
    """
    as_if = replace(bucket, versioning=versioning)
    latest = as_if.store(object_key, version)
    yield _with_place(replace(latest, versioning=bucket.versioning), upload_id, object_key, 0)
    later = bucket.since.get(upload_id)
    if later is None or bucket.kind is not BucketKind.GENERAL_PURPOSE:
        return
    if versioning is not Versioning.ENABLED:
        yield settled(bucket, upload_id)  # what came in between takes precedence
    row = bucket.row(object_key)
    over = row[:later]
    null_is_later = versioning is Versioning.SUSPENDED and any(map(_is_null, over))
    if over and versioning is not Versioning.NEVER and not null_is_later:
        older = replace(as_if, uploads={}).with_row(object_key, row[later:])
        under = older.store(object_key, version).row(object_key)
        after = _below(bucket, object_key, over, under)
        yield _with_place(after, upload_id, object_key, len(over))


def _is_null(version: StoredVersion) -> bool:
    return not isinstance(version, Presence) and version.version_id == NULL_VERSION


def _below(
    bucket: Bucket,
    object_key: str,
    over: tuple[StoredVersion, ...],
    under: tuple[StoredVersion, ...],
) -> Bucket:
    """Return the bucket where what came in between stands over the new version."""
    if over[-1] is Presence.UNKNOWN and under[1:2] != (Presence.UNKNOWN,):
        under = (under[0], Presence.UNKNOWN, *under[1:])
    row = (*over, *under)
    return bucket.with_row(object_key, row, noted(bucket, object_key, row))


def _with_place(bucket: Bucket, upload_id: str, object_key: str, place: int) -> Bucket:
    """Return the bucket with a note of how many stand over the new version.

    For uploads that were created after this one it is none of those that came since.
    """
    since = {**bucket.since, upload_id: place}
    ids = list(bucket.uploads)
    for created_after in ids[ids.index(upload_id) + 1 :]:
        other = bucket.uploads[created_after]
        if is_in_progress(other) and other.object_key == object_key:
            since[created_after] = min(since.get(created_after, 0), place)
    return replace(bucket, since=since)


def settled(bucket: Bucket, upload_id: str) -> Bucket:
    """Return the bucket without a note on that upload."""
    since = {name: later for name, later in bucket.since.items() if name != upload_id}
    return replace(bucket, since=since)


def made(bucket: Bucket, upload_id: str, object_key: str) -> ObjectVersion | None:
    """Return the version that an upload was just made to.

    None where it is not kept, or where the answer has told of it.
    """
    place, row = bucket.since.get(upload_id), bucket.row(object_key)
    found = row[place] if place is not None and place < len(row) else None
    return found if isinstance(found, ObjectVersion) else None


def with_made(bucket: Bucket, upload_id: str, object_key: str, version: ObjectVersion) -> Bucket:
    """Return the bucket with other facts about that version, where there is one."""
    if made(bucket, upload_id, object_key) is None:
        return bucket
    place, row = bucket.since[upload_id], bucket.row(object_key)
    if place == 0:
        return bucket.with_object(object_key, version)
    return bucket.with_row(object_key, (*row[:place], version, *row[place + 1 :]))
