"""What the requests have in common that name a multipart upload: which it is, and whether it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.operation import UNKNOWN_KEY, existing_bucket
from model.replacing import replace
from model.request import ENCRYPTION_HEADERS
from model.sse import DsseKms, SseKms
from model.stored import (
    LOST_UPLOAD,
    NEW_UPLOAD,
    MultipartUpload,
    ObjectVersion,
    Presence,
    UploadedPart,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.request import UploadRequest
    from model.sse import ObjectEncryption
    from model.world import World

NOT_FOUND = 404


def completed(
    object_key: str, etag: str | None, parts: Mapping[int, UploadedPart]
) -> MultipartUpload:
    """Return what is kept of an upload after its completion.

    That is the ETag that the object must have, and of the parts that it is made of their ETags.
    """
    version = ObjectVersion(encryption=None, body=None, etag=etag)
    listed = {number: UploadedPart(body=None, etag=part.etag) for number, part in parts.items()}
    return MultipartUpload(object_key=object_key, version=version, parts=listed, completed=True)


def etag_of_completed(world: World, request: UploadRequest) -> str | None:
    """Return the ETag of the object that an upload was made to, None where it is not known."""
    found = _found(world, request)
    return found.version.etag if isinstance(found, MultipartUpload) else None


def upload_named(world: World, request: UploadRequest) -> MultipartUpload | Presence:
    """Return the upload in progress that a request names, or what is known of its absence."""
    found = _found(world, request)
    if isinstance(found, Presence):
        return found
    other = found.object_key != request.object_key
    return Presence.ABSENT if found.completed or other else found


def is_completed(world: World, request: UploadRequest) -> bool:
    """Tell whether the request names an upload that was completed, and its object key."""
    return completed_upload(world, request) is not None


def completed_upload(world: World, request: UploadRequest) -> MultipartUpload | None:
    """Return what is kept of the completed upload that a request names, None where it is none."""
    found = _found(world, request)
    if not isinstance(found, MultipartUpload) or found.object_key != request.object_key:
        return None
    return found if found.completed else None


def has_ended(world: World, request: UploadRequest) -> bool:
    """Tell whether the request names an upload that was there and was aborted or completed."""
    bucket = existing_bucket(world, request.bucket)
    found = None if bucket is None else bucket.uploads.get(request.upload_id or NEW_UPLOAD)
    return found is Presence.ABSENT or (isinstance(found, MultipartUpload) and found.completed)


def _found(world: World, request: UploadRequest) -> MultipartUpload | Presence:
    bucket = world.bucket(request.bucket)
    if isinstance(bucket, Presence):
        return bucket
    if request.upload_id in {None, NEW_UPLOAD, LOST_UPLOAD}:
        return Presence.UNKNOWN
    return bucket.upload(request.upload_id or NEW_UPLOAD)


def with_upload(world: World, request: UploadRequest, upload: MultipartUpload | Presence) -> World:
    """Return the world with other facts about the upload that a request names."""
    bucket = world.existing(request.bucket)
    return world.with_bucket(
        request.bucket, bucket.with_upload(request.upload_id or LOST_UPLOAD, upload)
    )


def part_shown(upload: MultipartUpload, part: UploadedPart) -> ObjectVersion:
    """Return what an answer about a part shows: the upload's encryption, the part's data."""
    return replace(upload.version, body=part.body, etag=part.etag, checksums=part.checksums)


def with_what_a_part_showed(upload: MultipartUpload, shown: ObjectVersion) -> MultipartUpload:
    """Return the upload with what an answer about a part told of its encryption.

    The encryption was fixed when the upload was created: an answer about a part tells only what
    was not known of it.
    """
    if not _is_open(upload.version.encryption):
        return upload
    repeated = {n: v for n, v in shown.shown.items() if n in ENCRYPTION_HEADERS}
    version = replace(
        upload.version,
        encryption=shown.encryption,
        shown={**upload.version.shown, **repeated},
    )
    return replace(upload, version=version)


def _is_open(encryption: ObjectEncryption | None) -> bool:
    if isinstance(encryption, SseKms | DsseKms):
        return encryption.kms_key_id == UNKNOWN_KEY
    return encryption is None


def learn_absence(world: World, request: UploadRequest, answer: Answer) -> World:
    """Return the world after a refusal: a 404 can say that an unknown upload is not there."""
    if answer.status != NOT_FOUND or upload_named(world, request) is not Presence.UNKNOWN:
        return world
    if answer.error_code == "NoSuchBucket":
        return world.with_bucket(request.bucket, Presence.ABSENT)
    known = existing_bucket(world, request.bucket) is not None and bool(request.upload_id)
    if answer.error_code == "NoSuchUpload" and known:
        return with_upload(world, request, Presence.ABSENT)
    return world
