"""Versioning: what is kept when an object is written again or deleted, and what hides it."""

from __future__ import annotations

from model.answer import DELETE_MARKER
from model.clause import (
    Capability,
    Keep,
    Law,
    MayRefuse,
    Refusal,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.clauses.copy import (
    changes_something,
    copied_in_place,
    makes_another_version,
    names_a_change,
)
from model.facts import bucket_of, keeps_versions, version_read
from model.matchers import Absent, AbsentOr, Equals
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.operations.get_bucket_versioning import GetBucketVersioning
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.object_read import ConditionalRead
from model.operations.put_bucket_versioning import (
    STATUS,
    PutBucketVersioning,
    versioning_document,
)
from model.request import ObjectCreation, ObjectRead, names_no_encryption
from model.s3_errors import INVALID_REQUEST, METHOD_NOT_ALLOWED, NO_SUCH_KEY
from model.sse import SseC, SseS3, md5_base64
from model.stored import NULL_VERSION, DeleteMarker, ObjectVersion, Presence
from model.world import Versioning, World

PAGE = Source("userguide/manage-versioning-examples.html", "Versioning")
MARKERS = Source("userguide/DeleteMarker.html", "Working with delete markers")
DELETE = Source("API/API_DeleteObject.html", "Response elements")
PROFILE = "versioning"
NEEDS = Capability.VERSIONING


@clause(
    "versioning/status-is-shown",
    rules=("GP-COPY-22",),
    source=Source("API/API_GetBucketVersioning.html", "Status"),
    profile=PROFILE,
    needs=NEEDS,
)
def status_is_shown(world: World, request: GetBucketVersioning) -> Rulings:
    """GetBucketVersioning shows the status that was put, and none where none ever was."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.versioning is None:
        return None
    if bucket.versioning is Versioning.NEVER:
        return Require(STATUS, Absent(Versioning.ENABLED.value))
    return Require(STATUS, Equals(bucket.versioning.value, wrong=None))


@clause(
    "versioning/status-is-told",
    rules=("GP-COPY-22",),
    source=Source("API/API_GetBucketVersioning.html", "Description"),
    profile=PROFILE,
    needs=NEEDS,
)
def status_is_told(world: World, request: GetBucketVersioning) -> Rulings:
    """GetBucketVersioning of a bucket succeeds, whatever its default encryption is."""
    return None if bucket_of(world, request) is None else Succeed()


@clause(
    "versioning/status-is-set",
    rules=("GP-COPY-22",),
    source=Source("API/API_PutBucketVersioning.html", "Status"),
    profile=PROFILE,
    needs=NEEDS,
)
def status_is_set(world: World, request: PutBucketVersioning) -> Rulings:
    """Versioning of a bucket is enabled and suspended, whatever its default encryption is."""
    status = request.versioning
    if bucket_of(world, request) is None or status is None:
        return None
    told = request.content_md5 in {None, md5_base64(request.document)}
    plain = request.document == versioning_document(status.value)
    return Succeed() if told and plain else None


@clause(
    "versioning/setting-keeps-the-objects",
    rules=("GP-ENC-08", "GP-ENC-09"),
    source=Source("userguide/Versioning.html", "How versioning works"),
    profile=PROFILE,
    needs=NEEDS,
)
def setting_keeps_the_objects(world: World, request: PutBucketVersioning) -> Rulings:
    """Enabling or suspending versioning leaves the objects that are there as they are."""
    return None if bucket_of(world, request) is None else Keep(Law.OBJECTS_ON_VERSIONING)


@clause(
    "versioning/other-versions-stay",
    rules=("GP-ENC-09", "GP-ENC-08", "GP-VAL-11"),
    source=Source("userguide/Versioning.html", "Versioning-enabled buckets"),
    profile=PROFILE,
    needs=NEEDS,
)
def other_versions_stay(
    world: World,
    request: ObjectCreation | CompleteMultipartUpload | DeleteObject | DeleteObjects,
) -> Rulings:
    """A write or a deletion leaves all other versions as they are, data and encryption.

    Without versioning there is the null version, and a deletion can name another.
    """
    bucket = bucket_of(world, request)
    named = isinstance(request, DeleteObject) and request.version_id not in {None, NULL_VERSION}
    kept = bucket is not None and (keeps_versions(bucket) or named)
    return Keep(Law.OTHER_VERSIONS) if kept else None


@clause(
    "versioning/deletion-leaves-a-marker",
    rules=("GP-SRC-09", "GP-ENC-12"),
    source=DELETE,
    profile=PROFILE,
    needs=NEEDS,
)
def deletion_leaves_a_marker(world: World, request: DeleteObject) -> Rulings:
    """A deletion that names no version says that it left a delete marker over the object.

    Whether one is left where no object was is not said.
    """
    bucket = bucket_of(world, request)
    if bucket is None or not keeps_versions(bucket) or request.version_id is not None:
        return None
    known = [v for v in bucket.row(request.object_key) if v is not Presence.UNKNOWN]
    return Require(DELETE_MARKER, Equals("true", wrong=None)) if known else None


@clause(
    "versioning/removed-marker-is-told",
    rules=("GP-SRC-08",),
    source=MARKERS,
    profile=PROFILE,
    needs=NEEDS,
)
def removed_marker_is_told(world: World, request: DeleteObject) -> Rulings:
    """The deletion of a version says whether it was a delete marker that was removed."""
    bucket = bucket_of(world, request)
    if bucket is None or not keeps_versions(bucket) or request.version_id is None:
        return None
    version = bucket.version(request.object_key, request.version_id)
    if isinstance(version, DeleteMarker):
        return Require(DELETE_MARKER, Equals("true", wrong=None))
    if isinstance(version, ObjectVersion):
        return Require(DELETE_MARKER, AbsentOr("false", wrong="true"))
    return None


@clause(
    "versioning/marker-tells-of-itself",
    rules=("GP-SRC-09",),
    source=Source("API/API_GetObject.html", "x-amz-delete-marker"),
    profile=PROFILE,
    needs=NEEDS,
)
def marker_tells_of_itself(world: World, request: ConditionalRead, refusal: Refusal) -> Rulings:
    """GET or HEAD of an object under a delete marker gets 404 with x-amz-delete-marker: true.

    A refusal for another reason need not tell of it.
    """
    del refusal
    bucket = bucket_of(world, request)
    if bucket is None or request.version_id is not None or not names_no_encryption(request):
        return None
    row = bucket.row(request.object_key)
    marked = bool(row) and isinstance(row[0], DeleteMarker)
    told = Require(DELETE_MARKER, Equals("true", wrong=None), status=NO_SUCH_KEY.status)
    return told if marked else None


@clause(
    "versioning/marker-cannot-be-read",
    rules=("GP-SRC-08",),
    source=MARKERS,
    profile=PROFILE,
    needs=NEEDS,
)
def marker_cannot_be_read(world: World, request: ObjectRead) -> Rulings:
    """A read that names a delete marker by its version id is not allowed.

    The documentation says so of GET and HEAD. Of GetObjectAttributes it tells no error, so that
    may also find no object there.
    """
    if not isinstance(version_read(world, request), DeleteMarker):
        return None
    silent = isinstance(request, GetObjectAttributes)
    return Refuse((METHOD_NOT_ALLOWED, NO_SUCH_KEY) if silent else (METHOD_NOT_ALLOWED,))


@allowance("GP-SELF-18")
def in_place_over_the_null_version(world: World, request: CopyObject) -> Rulings:
    """A copy in place without a change where versioning was enabled later, or is suspended."""
    version, bucket = copied_in_place(world, request), bucket_of(world, request)
    if version is None or bucket is None or not makes_another_version(bucket, version):
        return None
    silent = changes_something(request) or not isinstance(version.encryption, SseS3)
    return None if silent or bucket.explicit else MayRefuse((INVALID_REQUEST,))


@allowance("GP-SELF-16", "GP-SELF-17")
def in_place_of_the_current_version_by_its_id(world: World, request: CopyObject) -> Rulings:
    """A copy of an object to itself that names its current version: done, or refused."""
    source, bucket = request.source, bucket_of(world, request)
    if not request.in_place or source is None or source.version_id is None or bucket is None:
        return None
    sure = names_a_change(request) or not bucket.is_current(request.object_key, source.version_id)
    return None if sure else MayRefuse((INVALID_REQUEST,))


@clause(
    "versioning/older-version-is-restored-in-place",
    rules=("GP-SELF-16",),
    source=Source("userguide/RestoringPreviousVersions.html", "Restoring previous versions"),
    profile=PROFILE,
    needs=NEEDS,
)
def older_version_is_restored_in_place(world: World, request: CopyObject) -> Rulings:
    """With versioning enabled a copy of an older version over its object restores it."""
    source, bucket = request.source, bucket_of(world, request)
    if not request.in_place or source is None or source.version_id is None or bucket is None:
        return None
    version = bucket.version(request.object_key, source.version_id)
    if not isinstance(version, ObjectVersion) or isinstance(version.encryption, SseC):
        return None
    older = not bucket.is_current(request.object_key, source.version_id)
    return Succeed() if older and bucket.versioning is Versioning.ENABLED else None


@allowance("GP-SELF-16")
def in_place_of_an_older_version_while_suspended(world: World, request: CopyObject) -> Rulings:
    """A copy of an older version over its object with versioning suspended: done, or refused.

    The page on restoring speaks of buckets in which all versions are preserved and get new ids.
    """
    source, bucket = request.source, bucket_of(world, request)
    if not request.in_place or source is None or source.version_id is None or bucket is None:
        return None
    if bucket.versioning is Versioning.ENABLED or bucket.explicit or names_a_change(request):
        return None
    older = not bucket.is_current(request.object_key, source.version_id)
    return MayRefuse((INVALID_REQUEST,)) if older else None
