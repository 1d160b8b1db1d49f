"""Faults of requests that are refused, and that change something all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.encryption_document import write_configuration
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.request import ObjectCreation
from model.s3_errors import BAD_DIGEST
from model.sse import SseAlgorithm, SseKms, SseS3, md5_hex
from model.stored import NULL_VERSION, DeleteMarker, ObjectVersion
from model.world import MANAGED_KEY, Bucket, Versioning
from targets.faulty.common import current, row_of, with_row
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.request import ObjectRequest
    from model.world import World


def _there(world: World, request: ObjectRequest) -> Bucket | None:
    return existing_bucket(world, request.bucket)


class DigestIsCheckedTooLate(Fault):
    """A PutObject that is refused for its Content-MD5 has stored the object already."""

    name = "digest-is-checked-too-late"
    category = "atomicity"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Store it."""
        if not isinstance(request, PutObject) or answer.error_code != BAD_DIGEST.code:
            return after
        del before
        written = request.effects(after, SseS3())[0].world
        made = current(written, request)
        if made is None:
            return after
        made = replace(made, etag=md5_hex(request.body))
        return written.with_object(request.bucket, request.object_key, made)


class KmsFailsTooLate(Fault):
    """A write that fails for its KMS key has removed the object that it was to replace."""

    name = "kms-fails-too-late"
    category = "atomicity"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove it."""
        code = answer.error_code if isinstance(answer.error_code, str) else ""
        if not isinstance(request, ObjectCreation) or not code.startswith("KMS."):
            return after
        bucket = _there(before, request)
        if bucket is None or bucket.versioning is not Versioning.NEVER:
            return after
        return with_row(after, request, ())


class RefusedCopyLeavesAVersion(Fault):
    """A refused copy leaves an empty version over the object where versioning is enabled."""

    name = "refused-copy-leaves-a-version"
    category = "atomicity"
    deep = True

    def __init__(self) -> None:
        self._left = 0

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Leave it."""
        if not isinstance(request, CopyObject) or answer.succeeded:
            return after
        bucket = _there(before, request)
        if bucket is None or bucket.versioning is not Versioning.ENABLED:
            return after
        self._left += 1
        empty = ObjectVersion(
            encryption=SseS3(),
            body=b"",
            etag=md5_hex(b""),
            version_id=f"left-{self._left}",
            metadata={},
        )
        return with_row(after, request, (empty, *row_of(after, request)))


class RefusedWriteLeavesAMarker(Fault):
    """A refused PutObject over an object with versions leaves a delete marker."""

    name = "refused-write-leaves-a-marker"
    category = "atomicity"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Clean up by a deletion."""
        if not isinstance(request, PutObject) or answer.succeeded:
            return after
        bucket = _there(before, request)
        if bucket is None or bucket.versioning is not Versioning.ENABLED:
            return after
        row = row_of(after, request)
        marker = DeleteMarker(version_id=f"cleaned-{len(row)}")
        return with_row(after, request, (marker, *row)) if len(row) > 1 else after


class RefusedWriteRevivesTheObject(Fault):
    """A refused write in a suspended bucket removes the null marker: the deleted object is back."""

    name = "refused-write-revives-the-object"
    category = "atomicity"
    origin = "seaweedfs/seaweedfs#10589"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove the marker before the write is tried."""
        if not isinstance(request, PutObject) or answer.succeeded:
            return after
        bucket = _there(before, request)
        if bucket is None or bucket.versioning is not Versioning.SUSPENDED:
            return after
        kept = [v for v in row_of(after, request) if v != DeleteMarker(version_id=NULL_VERSION)]
        return with_row(after, request, kept)


class RefusedConfigurationIsKept(Fault):
    """A configuration of two rules is refused, but its first rule is in force from then on."""

    name = "refused-configuration-is-kept"
    category = "atomicity"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Put the first rule."""
        if not isinstance(request, PutBucketEncryption) or answer.succeeded:
            return after
        del before
        rules = request.configuration.rules if request.configuration is not None else ()
        if len(rules) < len(("first", "second")) or existing_bucket(after, request.bucket) is None:
            return after
        first = replace(request, document=write_configuration(rules[:1]))
        return first.effects(after, None)[0].world


class RefusedCopyChangesTheEncryption(Fault):
    """A copy in place that fails its condition has changed the object's encryption already."""

    name = "refused-copy-changes-the-encryption"
    category = "atomicity"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Change it."""
        if not isinstance(request, CopyObject) or answer.succeeded or not request.in_place:
            return after
        found = current(before, request)
        if found is None or request.sse not in {SseAlgorithm.AES256, SseAlgorithm.AWS_KMS}:
            return after
        kms = request.sse == SseAlgorithm.AWS_KMS
        changed = replace(found, encryption=SseKms(MANAGED_KEY) if kms else SseS3())
        return after.with_object(request.bucket, request.object_key, changed)


class RefusedBucketDeletionStopsVersioning(Fault):
    """After a refused DeleteBucket deletions in that bucket do nothing, and leave no marker."""

    name = "refused-bucket-deletion-stops-versioning"
    category = "atomicity"
    origin = "minio/minio#16041"
    deep = True

    def __init__(self) -> None:
        self._spoilt: set[str] = set()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note the bucket, and leave its objects as they are."""
        if isinstance(request, DeleteBucket):
            self._spoilt.add(request.bucket)
            if answer.succeeded:
                self._spoilt.discard(request.bucket)
        return before if self._concerns(before, request) else after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Tell of no marker."""
        del after
        return replace(answer, fields={}) if self._concerns(before, request) else answer

    def _concerns(self, world: World, request: Operation) -> bool:
        if not isinstance(request, DeleteObject) or request.version_id is not None:
            return False
        bucket = existing_bucket(world, request.bucket)
        kept = bucket is not None and bucket.versioning is Versioning.ENABLED
        return kept and request.bucket in self._spoilt
