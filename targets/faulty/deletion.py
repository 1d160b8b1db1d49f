"""Faults of requests that are sound and refused: deletions, versioning, lists of uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.operation import existing_bucket
from model.operations.delete_object import DeleteObject
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.put_bucket_versioning import PutBucketVersioning
from model.s3_errors import ACCESS_DENIED, INTERNAL_ERROR, INVALID_ARGUMENT, NO_SUCH_KEY
from model.sse import SseAlgorithm, SseC, SseKms
from model.stored import NULL_VERSION, DeleteMarker, ObjectVersion, is_in_progress
from model.world import Versioning
from targets.faulty.common import Refuses, current, row_of

if TYPE_CHECKING:
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.world import World


class MarkedObjectIsNotFound(Refuses):
    """A deletion of an object that lies under a delete marker is answered with 404."""

    name = "marked-object-is-not-found"
    category = "versioning"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Look for an object to delete, and find none."""
        if not isinstance(request, DeleteObject) or request.version_id is not None:
            return None
        newest = next(iter(row_of(world, request)), None)
        return NO_SUCH_KEY if isinstance(newest, DeleteMarker) else None


class DeniedWithVersioning(Refuses):
    """A deletion is denied where versioning is enabled: it is checked with no version's id."""

    name = "denied-with-versioning"
    category = "versioning"
    origin = "scality/cloudserver#4144"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Ask whether a version may be deleted that has no id."""
        if not isinstance(request, DeleteObject) or request.version_id is not None:
            return None
        bucket = existing_bucket(world, request.bucket)
        enabled = bucket is not None and bucket.versioning is Versioning.ENABLED
        return ACCESS_DENIED if enabled else None


class NullIsNoVersion(Refuses):
    """A deletion of the version null is refused: null is taken for no id."""

    name = "null-is-no-version"
    category = "versioning"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Read the id as one of its own."""
        named = isinstance(request, DeleteObject) and request.version_id == NULL_VERSION
        there = isinstance(request, DeleteObject) and isinstance(
            world.version(request.bucket, request.object_key, NULL_VERSION), ObjectVersion
        )
        return INVALID_ARGUMENT if named and there else None


class OlderVersionByNewestKey(Refuses):
    """An older version under SSE-KMS is not deleted once the newest one is under something else."""

    name = "older-version-by-newest-key"
    category = "KMS"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Look for its data key with the newest version, and break down."""
        if not isinstance(request, DeleteObject) or request.version_id is None:
            return None
        found = world.version(request.bucket, request.object_key, request.version_id)
        newest = current(world, request)
        if not isinstance(found, ObjectVersion) or newest is None:
            return None
        lost = isinstance(found.encryption, SseKms) and not isinstance(newest.encryption, SseKms)
        return INTERNAL_ERROR if lost else None


class NoSuspensionUnderADefault(Refuses):
    """Versioning of a bucket cannot be suspended once its default encryption is SSE-KMS."""

    name = "no-suspension-under-a-default"
    category = "versioning"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Write the bucket's properties anew, and fail for the key."""
        if not isinstance(request, PutBucketVersioning):
            return None
        bucket = existing_bucket(world, request.bucket)
        if bucket is None or bucket.rule is None or request.versioning is not Versioning.SUSPENDED:
            return None
        under_kms = bucket.rule.sse_algorithm is SseAlgorithm.AWS_KMS
        return INTERNAL_ERROR if under_kms else None


class UploadsUnderACustomerKeyAreNotListed(Refuses):
    """ListMultipartUploads breaks down where an upload in progress is under a customer's key."""

    name = "uploads-under-a-customer-key-are-not-listed"
    category = "SSE-C"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Ask for the key of each upload."""
        if not isinstance(request, ListMultipartUploads):
            return None
        bucket = existing_bucket(world, request.bucket)
        uploads = () if bucket is None else bucket.uploads.values()
        kept = [one.version.encryption for one in uploads if is_in_progress(one)]
        return INTERNAL_ERROR if any(isinstance(one, SseC) for one in kept) else None
