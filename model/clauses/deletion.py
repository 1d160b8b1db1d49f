"""Deletions: they need no key, and DeleteObjects does what several DeleteObjects would do."""

from __future__ import annotations

from model.clause import (
    Basis,
    Capability,
    MayRefuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.clauses.version_ids import NO_VERSION
from model.delete_document import DELETED, ERROR, IS_MARKER, MARKER_ID, Named, field_of
from model.facts import bucket_of, is_locked, keeps_versions, version_ids
from model.matchers import Absent, AbsentOr, Equals, NewVersionId
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.s3_errors import ANY_400
from model.sse import SseC, md5_base64
from model.stored import NULL_VERSION, DeleteMarker, ObjectVersion, Presence
from model.world import Versioning, World

PAGE = Source("API/API_DeleteObjects.html", "Response elements")
NEEDS = Capability.MULTI_DELETE


@clause(
    "deletion/kms-key-is-not-needed",
    rules=("GP-ENC-12", "GP-HDR-11"),
    source=Source("API/API_DeleteObject.html", "Permissions"),
    profile="sse-kms",
    basis=Basis.OBSERVED,
    needs=Capability.KMS_API,
)
def kms_key_is_not_needed(world: World, request: DeleteObject) -> Rulings:
    """DeleteObject of an object whose KMS key cannot be used succeeds."""
    version = world.version(request.bucket, request.object_key, request.version_id)
    locked = isinstance(version, ObjectVersion) and is_locked(world, version)
    return Succeed() if locked else None


@clause(
    "deletion/object-is-deleted",
    rules=("GP-HDR-11", "GP-ENC-12"),
    source=Source("API/API_DeleteObject.html", "Request syntax"),
    profile="versioning",
)
def object_is_deleted(world: World, request: DeleteObject) -> Rulings:
    """DeleteObject of an object, a version or a delete marker that is there succeeds.

    Of objects under a customer's key or one of KMS that cannot be used other clauses say so.
    """
    version = world.version(request.bucket, request.object_key, request.version_id)
    bucket = bucket_of(world, request)
    if request.version_id is None and bucket is not None:
        version = next(iter(bucket.row(request.object_key)), version)
    if isinstance(version, DeleteMarker):
        return Succeed()
    if not isinstance(version, ObjectVersion) or isinstance(version.encryption, SseC | None):
        return None
    return None if is_locked(world, version) else Succeed()


def _is_sound(request: DeleteObjects) -> bool:
    """Tell whether the body is of the known form, and its MD5 is told."""
    told = request.content_md5 == md5_base64(request.document)
    return told and request.deletion is not None


def _is_there(world: World, request: DeleteObjects, one: Named) -> bool:
    """Tell whether no question of the version's id can make its deletion fail."""
    ids = version_ids(world, request.bucket, one.object_key)
    return one.version_id is None or one.version_id in ids


@clause(
    "deletion/several-need-no-key",
    rules=("GP-ENC-12", "GP-HDR-11"),
    source=PAGE,
    profile="sse-c",
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def several_need_no_key(world: World, request: DeleteObjects) -> Rulings:
    """DeleteObjects deletes each object that it names, whatever that is encrypted with."""
    deletion = request.deletion
    if bucket_of(world, request) is None or deletion is None or not _is_sound(request):
        return None
    found: list[Require] = []
    for one in deletion.named:
        if _is_there(world, request, one):
            found.append(Require(field_of(ERROR, one.object_key), Absent("AccessDenied")))
            if not deletion.quiet:
                found.append(Require(field_of(DELETED, one.object_key), Equals("yes", wrong=None)))
    return (Succeed(), *found)


@clause(
    "deletion/several-leave-markers",
    rules=("GP-SRC-09", "GP-COPY-22"),
    source=PAGE,
    profile="versioning",
    needs=NEEDS,
)
def several_leave_markers(world: World, request: DeleteObjects) -> Rulings:
    """DeleteObjects tells of each delete marker that it left, with the marker's version id."""
    bucket, deletion = bucket_of(world, request), request.deletion
    if bucket is None or deletion is None or deletion.quiet or not keeps_versions(bucket):
        return None
    found: list[Require] = []
    for one in deletion.named:
        row = bucket.row(one.object_key)
        if one.version_id is None and any(v is not Presence.UNKNOWN for v in row):
            ids = version_ids(world, request.bucket, one.object_key)
            new = NewVersionId(ids)
            null = AbsentOr(NULL_VERSION, wrong=NO_VERSION)
            suspended = bucket.versioning is Versioning.SUSPENDED
            found.append(Require(field_of(IS_MARKER, one.object_key), Equals("true", wrong=None)))
            found.append(Require(field_of(MARKER_ID, one.object_key), null if suspended else new))
    return tuple(found) or None


@allowance("GP-HDR-11")
def deletion_without_its_md5(world: World, request: DeleteObjects) -> Rulings:
    """DeleteObjects without its body's MD5, or with a wrong one; it may have another checksum."""
    del world
    return None if _is_sound(request) else MayRefuse((ANY_400,))
