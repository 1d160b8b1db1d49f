"""Faults of versions: what is kept under a new one, and what a deletion leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import DELETE_MARKER, VERSION_ID
from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.delete_object import DeleteObject
from model.operations.head_object import HeadObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.request import ENCRYPTION_HEADERS, ObjectCreation
from model.sse import SseS3
from model.stored import NULL_VERSION, DeleteMarker, ObjectVersion, Presence
from model.world import Versioning
from targets.faulty.common import current, row_of, with_row
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.request import BucketRequest
    from model.stored import StoredVersion
    from model.world import World


def _is(world: World, request: BucketRequest, versioning: Versioning) -> bool:
    bucket = existing_bucket(world, request.bucket)
    return bucket is not None and bucket.versioning is versioning


class NullVersionIsLost(Fault):
    """What was written before versioning was enabled is gone once a version is put over it."""

    name = "null-version-is-lost"
    category = "versioning"
    origin = "ministackorg/ministack#1436"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep only versions that have an id."""
        if not isinstance(request, ObjectCreation) or not answer.succeeded:
            return after
        if not _is(after, request, Versioning.ENABLED):
            return after
        del before
        kept = [v for v in row_of(after, request) if _id(v) != NULL_VERSION]
        return with_row(after, request, kept)


def _id(version: StoredVersion) -> str | None:
    return None if isinstance(version, Presence) else version.version_id


class IdsAreLostUnderANullVersion(Fault):
    """A write with versioning suspended turns the ids of all older versions into null."""

    name = "ids-are-lost-under-a-null-version"
    category = "versioning"
    origin = "noobaa/noobaa-core#8381"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Call all of them null."""
        if not isinstance(request, ObjectCreation) or not answer.succeeded:
            return after
        if not _is(after, request, Versioning.SUSPENDED):
            return after
        del before
        newest, *older = row_of(after, request)
        renamed = [v if isinstance(v, Presence) else replace(v, version_id="null") for v in older]
        return with_row(after, request, (newest, *renamed))


class RemovedMarkerStillHides(Fault):
    """The object stays hidden when the delete marker over it is removed."""

    name = "removed-marker-still-hides"
    category = "versioning"
    origin = "floci-io/floci#966"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Forget to look for the version that is the newest now."""
        if not isinstance(request, DeleteObject) or not answer.succeeded:
            return after
        row = row_of(before, request)
        if not row or not isinstance(row[0], DeleteMarker) or request.version_id != _id(row[0]):
            return after
        bucket = after.existing(request.bucket)
        objects = {**bucket.objects, request.object_key: Presence.ABSENT}
        versions = {**bucket.versions, request.object_key: row[1:]}
        return after.with_bucket(
            request.bucket, replace(bucket, objects=objects, versions=versions)
        )


class NewestVersionIsNotRemoved(Fault):
    """The deletion of the newest version by its id does nothing where older ones are there."""

    name = "newest-version-is-not-removed"
    category = "versioning"
    origin = "floci-io/floci#966"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep it."""
        if not isinstance(request, DeleteObject) or not answer.succeeded:
            return after
        row = row_of(before, request)
        newest = len(row) > 1 and isinstance(row[0], ObjectVersion)
        return before if newest and request.version_id == _id(row[0]) else after


class SecondDeletionTakesTheMarker(Fault):
    """A deletion removes an older delete marker of the object where one is, and leaves none."""

    name = "second-deletion-takes-the-marker"
    category = "versioning"
    origin = "minio/minio#16224"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove the older marker."""
        taken = self._taken(before, request, answer)
        if taken is None or not isinstance(request, DeleteObject):
            return after
        kept = [version for version in row_of(before, request) if version is not taken]
        return with_row(before, request, kept)

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Tell of the marker that was removed."""
        del after
        taken = self._taken(before, request, answer)
        if taken is None:
            return answer
        return replace(answer, fields={DELETE_MARKER: "true", VERSION_ID: taken.version_id})

    @staticmethod
    def _taken(world: World, request: Operation, answer: Answer) -> DeleteMarker | None:
        if not isinstance(request, DeleteObject) or request.version_id is not None:
            return None
        older = row_of(world, request)[1:] if answer.succeeded else ()
        return next((v for v in older if isinstance(v, DeleteMarker)), None)


class SuspendedDeletionKeepsTheNull(Fault):
    """A deletion with versioning suspended puts a marker with an id over the null version."""

    name = "suspended-deletion-keeps-the-null"
    category = "versioning"
    origin = "versity/versitygw#902"
    deep = True

    def __init__(self) -> None:
        self._made = 0

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Do as though versioning were enabled."""
        if not self._concerns(before, request, answer) or not isinstance(request, DeleteObject):
            return after
        self._made += 1
        marker = DeleteMarker(version_id=f"marker-{self._made}")
        return with_row(before, request, (marker, *row_of(before, request)))

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Tell of the new id."""
        del after
        if not self._concerns(before, request, answer):
            return answer
        fields = {**answer.fields, VERSION_ID: f"marker-{self._made}"}
        return replace(answer, fields=fields)

    @staticmethod
    def _concerns(world: World, request: Operation, answer: Answer) -> bool:
        if not isinstance(request, DeleteObject) or request.version_id is not None:
            return False
        there = bool(row_of(world, request)) and answer.succeeded is True
        return there and _is(world, request, Versioning.SUSPENDED)


class CompletionOverwritesTheNewest(Fault):
    """A completed upload takes the place, and the id, of the version that was the newest."""

    name = "completion-overwrites-the-newest"
    category = "versioning"
    origin = "faiscadev/fakecloud#1804"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Put it there."""
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        row, made = row_of(before, request), current(after, request)
        if made is None or not row or not isinstance(row[0], ObjectVersion):
            return after
        if not _is(after, request, Versioning.ENABLED):
            return after
        taken = replace(made, version_id=row[0].version_id)
        return with_row(after, request, (taken, *row[1:]))


class DefaultReachesOlderVersions(Fault):
    """After a change of the default all versions of an object but the newest show SSE-S3."""

    name = "default-reaches-older-versions"
    category = "versioning"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Take the older versions for unencrypted ones, which follow the bucket."""
        bucket = (
            after.existing(request.bucket) if isinstance(request, PutBucketEncryption) else None
        )
        if bucket is None or not answer.succeeded or not isinstance(request, PutBucketEncryption):
            return after
        del before
        for object_key, row in bucket.versions.items():
            older = [
                replace(v, encryption=SseS3()) if isinstance(v, ObjectVersion) else v
                for v in row[1:]
            ]
            bucket = bucket.with_row(object_key, (*row[:1], *older))
        return after.with_bucket(request.bucket, bucket)


class HeadLooksAtTheNewest(Fault):
    """HEAD of an older version shows the encryption headers of the newest one."""

    name = "head-looks-at-the-newest"
    category = "versioning"
    deep = True

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str], dict[str, object]] = {}

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Take the headers that the last write to that object key was answered with."""
        del before
        if isinstance(request, ObjectCreation) and answer.succeeded:
            shown = {n: answer.text(n) for n in ENCRYPTION_HEADERS}
            self._shown[request.bucket, request.object_key] = dict(shown)
        if not isinstance(request, HeadObject) or not answer.succeeded:
            return answer
        if after.existing(request.bucket).is_current(request.object_key, request.version_id):
            return answer
        noted = self._shown.get((request.bucket, request.object_key), {})
        wrong = {n: v for n, v in noted.items() if isinstance(v, str | None)}
        return replace(answer, fields={**answer.fields, **wrong})
