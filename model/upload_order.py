"""What comes to an object key between the creation of an upload to it and its completion.

A bucket keeps a note on each such upload: how many of the newest versions came since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.stored import MultipartUpload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.stored import StoredVersion
    from model.world import Bucket


def noted(
    bucket: Bucket,
    object_key: str,
    row: tuple[StoredVersion, ...],
    *,
    new: int = 0,
    touched: bool = True,
) -> Mapping[str, int]:
    """Return the notes on the bucket's uploads where the object's versions become that row.

    ``new`` of the row's first are new. Where nothing is ``touched`` that an upload without
    versioning would replace, only what was noted before is brought up to date.
    """
    if not bucket.uploads:
        return bucket.since
    since = dict(bucket.since)
    before = bucket.row(object_key)
    for upload_id, upload in bucket.uploads.items():
        if not isinstance(upload, MultipartUpload) or upload.object_key != object_key:
            continue
        if upload_id in since or (touched and not upload.completed):
            since[upload_id] = _later(row, before[since.get(upload_id, 0) :], new)
    return since


def _later(row: tuple[StoredVersion, ...], older: tuple[StoredVersion, ...], new: int) -> int:
    """Return how many versions stand over the first that is one of the older ones."""
    places = (place for place in range(new, len(row)) if any(row[place] is one for one in older))
    return next(places, len(row))
