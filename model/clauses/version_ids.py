"""Version ids: which one an answer shows, and which ones are refused."""

from __future__ import annotations

import re
from datetime import date

from model.answer import SOURCE_VERSION_ID, VERSION_ID
from model.clause import (
    Basis,
    Capability,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    allowance,
    clause,
)
from model.facts import bucket_of, keeps_versions, source_version, version_ids
from model.matchers import Absent, AbsentOr, Equals, Matcher, NewVersionId
from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.operations.object_read import ConditionalRead
from model.operations.object_upload import UploadOperation
from model.request import ObjectCreation, ObjectRead, WithCopySource
from model.s3_errors import INVALID_ARGUMENT, INVALID_REQUEST, NO_SUCH_KEY, NO_SUCH_VERSION
from model.stored import NULL_VERSION, DeleteMarker, ObjectVersion, Presence
from model.world import Bucket, Versioning, World

PUT = Source("API/API_PutObject.html", "x-amz-version-id")
GET = Source("API/API_GetObject.html", "x-amz-version-id")
COPY = Source("API/API_CopyObject.html", "x-amz-copy-source-version-id")
ERRORS = Source("API/ErrorResponses.html", "List of error codes")
RECORDED = Source("recorded answers of Amazon S3, February 2026", "version ids")
MALFORMED = Source("recorded answers of Amazon S3, January 2025", "version ids")
PROFILE = "versioning"
NEEDS = Capability.VERSIONING

NO_VERSION = "a-version-that-was-never-made"
_MALFORMED = re.compile(r"[^A-Za-z0-9._-]|^$")
"""What stands in no version id."""


def _shown(version_id: str) -> Matcher:
    """Return what an answer shows of that version."""
    if version_id == NULL_VERSION:
        return AbsentOr(NULL_VERSION, wrong=NO_VERSION)
    return Equals(version_id, wrong=None)


@clause(
    "version-ids/write-shows-a-new-one",
    rules=("GP-COPY-22", "GP-HDR-20", "GP-HDR-22"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
)
def write_shows_a_new_one(world: World, request: ObjectCreation) -> Rulings:
    """With versioning enabled a write shows the id of the version that it made."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.versioning is not Versioning.ENABLED:
        return None
    known = version_ids(world, request.bucket, request.object_key)
    return Require(VERSION_ID, NewVersionId(known))


@clause(
    "version-ids/completion-shows-a-new-one",
    rules=("GP-HDR-26", "GP-COPY-22"),
    source=Source("API/API_CompleteMultipartUpload.html", "x-amz-version-id", date(2026, 11, 30)),
    profile=PROFILE,
    needs=NEEDS,
)
def completion_shows_a_new_one(
    world: World, request: CompleteMultipartUpload, version: ObjectVersion
) -> Rulings:
    """With versioning enabled a completed upload shows the id of the version that it made."""
    if not keeps_versions(bucket_of(world, request)):
        return None
    if version.version_id == NULL_VERSION:  # with versioning suspended it is not said
        return Require(VERSION_ID, AbsentOr(NULL_VERSION, wrong=NO_VERSION))
    return Require(VERSION_ID, NewVersionId(version_ids(world, request.bucket, request.object_key)))


@clause(
    "version-ids/suspended-copy-is-null",
    rules=("GP-COPY-22",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def suspended_copy_is_null(world: World, request: CopyObject) -> Rulings:
    """With versioning suspended a copy shows the version id null."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.versioning is not Versioning.SUSPENDED:
        return None
    return Require(VERSION_ID, Equals(NULL_VERSION, wrong=None))


@clause(
    "version-ids/suspended-upload-has-no-other-id",
    rules=("GP-HDR-20", "GP-HDR-21"),
    source=Source("API/postVersions.html", "Versioning", date(2026, 11, 30)),
    profile=PROFILE,
    needs=NEEDS,
)
def suspended_upload_has_no_other_id(world: World, request: UploadOperation) -> Rulings:
    """With versioning suspended an upload shows no version id but null, and need not show that.

    AWS was recorded to show none (LocalStack's test_put_object_on_suspended_bucket, January 2025).
    """
    bucket = bucket_of(world, request)
    if bucket is None or bucket.versioning is not Versioning.SUSPENDED:
        return None
    return Require(VERSION_ID, _shown(NULL_VERSION))


@clause(
    "version-ids/none-without-versioning",
    rules=("GP-COPY-22",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
)
def none_without_versioning(
    world: World, request: ObjectCreation | ConditionalRead | DeleteObject
) -> Rulings:
    """In a bucket that never had versioning an answer shows no version id."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.versioning is not Versioning.NEVER:
        return None
    if isinstance(request, ConditionalRead | DeleteObject) and request.version_id is not None:
        return None
    return Require(VERSION_ID, Absent(NULL_VERSION))


@clause(
    "version-ids/read-shows-the-version",
    rules=("GP-HDR-27", "GP-ENC-09"),
    source=GET,
    profile=PROFILE,
    needs=NEEDS,
)
def read_shows_the_version(
    world: World, request: ConditionalRead, version: ObjectVersion
) -> Rulings:
    """GET and HEAD show the id of the version that they speak of, asked for or current.

    Whether they show that of the null version is not said.
    """
    bucket = bucket_of(world, request)
    if not keeps_versions(bucket) or version.version_id is None:
        return None
    return Require(VERSION_ID, _shown(version.version_id))


@clause(
    "version-ids/marker-has-one",
    rules=("GP-SRC-09", "GP-COPY-22"),
    source=Source("API/API_DeleteObject.html", "x-amz-version-id"),
    profile=PROFILE,
    needs=NEEDS,
)
def marker_has_one(world: World, request: DeleteObject) -> Rulings:
    """A deletion that leaves a delete marker shows its version id; null need not be shown."""
    bucket = bucket_of(world, request)
    if bucket is None or request.version_id is not None or not keeps_versions(bucket):
        return None
    if all(version is Presence.UNKNOWN for version in bucket.row(request.object_key)):
        return None
    if bucket.versioning is Versioning.SUSPENDED:
        return Require(VERSION_ID, _shown(NULL_VERSION))
    known = version_ids(world, request.bucket, request.object_key)
    return Require(VERSION_ID, NewVersionId(known))


@clause(
    "version-ids/deletion-shows-the-version",
    rules=("GP-SRC-10",),
    source=Source("userguide/DeletingObjectVersions.html", "Deleting object versions"),
    profile=PROFILE,
    needs=NEEDS,
)
def deletion_shows_the_version(world: World, request: DeleteObject) -> Rulings:
    """The deletion of a version shows the id of that version; null need not be shown."""
    version_id = request.version_id
    if version_id is None or not keeps_versions(bucket_of(world, request)):
        return None
    if version_id not in version_ids(world, request.bucket, request.object_key):
        return None
    return Require(VERSION_ID, _shown(version_id))


@allowance("GP-SRC-10")
def deletion_of_no_version(world: World, request: DeleteObject) -> Rulings:
    """The deletion of a version that is not there: done, or refused for the id."""
    if request.version_id is None:
        return None
    if request.version_id in version_ids(world, request.bucket, request.object_key):
        return None
    return MayRefuse((INVALID_ARGUMENT, NO_SUCH_VERSION, NO_SUCH_KEY))


@clause(
    "version-ids/copy-shows-the-source-version",
    rules=("GP-COPY-21", "GP-HDR-22", "GP-HDR-25"),
    source=COPY,
    profile=PROFILE,
    needs=NEEDS,
)
def copy_shows_the_source_version(world: World, request: WithCopySource) -> Rulings:
    """A copy shows the id of the version that it read, whether the request named it or not."""
    version = source_version(world, request)
    if not isinstance(version, ObjectVersion) or version.version_id in {None, NULL_VERSION}:
        return None
    return Require(SOURCE_VERSION_ID, Equals(version.version_id or "", wrong=None))


@clause(
    "version-ids/null-source-is-not-shown",
    rules=("GP-COPY-21",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
)
def null_source_is_not_shown(world: World, request: WithCopySource) -> Rulings:
    """A copy of a null version shows no source version, with versioning or without.

    Where the source names it as null, that may be shown.
    """
    source, version = request.source, source_version(world, request)
    if not isinstance(version, ObjectVersion) or version.version_id != NULL_VERSION:
        return None
    named = source is not None and source.version_id is not None
    return Require(SOURCE_VERSION_ID, _shown(NULL_VERSION) if named else Absent(NULL_VERSION))


def _missing(world: World, request: ObjectRead | WithCopySource) -> tuple[Bucket, str, str] | None:
    """Return the version that is named and not there: its bucket, object key and id."""
    name: tuple[str, str, str | None] | None
    if isinstance(request, ObjectRead):
        name = (request.bucket, request.object_key, request.version_id)
    else:
        name = request.source
    if name is None or name[2] is None:
        return None
    bucket = existing_bucket(world, name[0])
    if bucket is None or world.version(*name) is not Presence.ABSENT:
        return None
    return bucket, name[1], name[2]


def _was_given(bucket: Bucket, version_id: str) -> bool:
    """Tell whether the bucket gave that id to a version of any object, which may be gone."""
    rows = [bucket.row(object_key) for object_key in {**bucket.objects, **bucket.versions}]
    ids = {v.version_id for row in rows for v in row if not isinstance(v, Presence)}
    return version_id != NULL_VERSION and version_id in ids | bucket.removed_ids


@clause(
    "version-ids/missing-version-is-named",
    rules=("GP-SRC-10",),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
)
def missing_version_is_named(world: World, request: ObjectRead | WithCopySource) -> Rulings:
    """A read, or a copy, of a version that does not exist gets NoSuchVersion.

    An id that the bucket never gave may be malformed, however much it looks like one that it gave:
    AWS was recorded to say so of one whose last four characters were changed (LocalStack's
    test_delete_object_versioned, January 2025).
    """
    missing = _missing(world, request)
    if missing is None or _MALFORMED.search(missing[2]):
        return None
    bucket, object_key, version_id = missing
    errors = (NO_SUCH_VERSION,) if bucket.row(object_key) else (NO_SUCH_VERSION, NO_SUCH_KEY)
    if _was_given(bucket, version_id):
        return Refuse(errors)
    return Refuse((*errors, INVALID_ARGUMENT))


@clause(
    "version-ids/malformed-id-is-refused",
    rules=("GP-SRC-10",),
    source=MALFORMED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def malformed_id_is_refused(world: World, request: ObjectRead | WithCopySource) -> Rulings:
    """A read, or a copy, with a text that can be no version id is refused.

    AWS was recorded to refuse a made-up one for what it is, and one that was deleted for not being
    there (LocalStack's test_get_object_with_version_unversioned_bucket and
    test_delete_object_versioned).
    """
    missing = _missing(world, request)
    if missing is None or _MALFORMED.search(missing[2]) is None:
        return None
    return Refuse((INVALID_ARGUMENT,))


@clause(
    "version-ids/copy-of-a-marker-is-refused",
    rules=("GP-SRC-08",),
    source=Source("userguide/DeleteMarker.html", "Working with delete markers"),
    profile=PROFILE,
    needs=NEEDS,
)
def copy_of_a_marker_is_refused(world: World, request: WithCopySource) -> Rulings:
    """A copy whose source names a delete marker by its version id is refused."""
    marked = isinstance(source_version(world, request), DeleteMarker)
    return Refuse((INVALID_REQUEST,)) if marked else None
