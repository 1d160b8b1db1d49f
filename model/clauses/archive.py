"""Archived objects: they cannot be read before they are restored, and that takes no key."""

from __future__ import annotations

from model.clause import (
    GENERAL_AND_DIRECTORY,
    Capability,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.facts import source_version, version_read
from model.operations.get_object import GetObject
from model.operations.restore_object import FOR_A_DAY, RestoreObject
from model.request import WithCopySource
from model.s3_errors import (
    ACCESS_DENIED,
    ANY_400,
    INVALID_OBJECT_STATE,
    METHOD_NOT_ALLOWED,
    NO_SUCH_KEY,
    NO_SUCH_VERSION,
    NOT_IN_ACTIVE_TIER,
    RESTORE_IN_PROGRESS,
)
from model.sse import DsseKms, SseKms
from model.stored import ObjectVersion
from model.world import KeyState, World

PROFILE = "archive"
NEEDS = Capability.ARCHIVE
ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})
"""Storage classes whose objects must be restored before they are read."""


def is_archived(version: object) -> bool:
    """Tell whether the version is archived, and nobody has had it restored."""
    return (
        isinstance(version, ObjectVersion)
        and version.storage_class in ARCHIVED
        and not version.restoring
    )


def may_be_read(version: object) -> bool:
    """Tell whether a stored object is in no archive, so that it is read at once."""
    return isinstance(version, ObjectVersion) and version.storage_class not in ARCHIVED


@clause(
    "archive/archived-object-is-not-read",
    rules=("GP-SRC-11",),
    source=Source("API/API_GetObject.html", "InvalidObjectState"),
    profile=PROFILE,
    needs=NEEDS,
)
def archived_object_is_not_read(world: World, request: GetObject) -> Rulings:
    """GET of an archived object that was not restored is refused, however it is encrypted."""
    archived = is_archived(version_read(world, request))
    return Refuse((INVALID_OBJECT_STATE,)) if archived else None


@clause(
    "archive/archived-source-is-not-copied",
    rules=("GP-SRC-11",),
    source=Source("API/API_CopyObject.html", "ObjectNotInActiveTierError"),
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def archived_source_is_not_copied(world: World, request: WithCopySource) -> Rulings:
    """A copy of an archived object that was not restored is refused."""
    archived = is_archived(source_version(world, request))
    return Refuse((NOT_IN_ACTIVE_TIER, INVALID_OBJECT_STATE)) if archived else None


@clause(
    "archive/restore-needs-no-key",
    rules=("GP-MISC-04", "GP-HDR-11"),
    source=Source("API/API_RestoreObject.html", "Description"),
    profile=PROFILE,
    needs=NEEDS,
)
def restore_needs_no_key(world: World, request: RestoreObject) -> Rulings:
    """RestoreObject of an archived object succeeds without any key, however it is encrypted."""
    version = request.subject(world)
    if not isinstance(version, ObjectVersion) or not is_archived(version):
        return None
    sound = request.document == FOR_A_DAY and not _has_unusable_key(world, version)
    return Succeed() if sound else None


def _has_unusable_key(world: World, version: ObjectVersion) -> bool:
    if not isinstance(version.encryption, SseKms | DsseKms):
        return False
    key = world.keys.get(version.encryption.kms_key_id)
    return key is not None and key.state is not KeyState.ENABLED


@allowance("GP-SRC-11", buckets=GENERAL_AND_DIRECTORY)
def restored_object(world: World, request: GetObject | WithCopySource) -> Rulings:
    """An object that is being restored: readable, or not yet."""
    if isinstance(request, WithCopySource):
        version = source_version(world, request)
    else:
        version = version_read(world, request)
    restoring = isinstance(version, ObjectVersion) and version.restoring
    return MayRefuse((INVALID_OBJECT_STATE, NOT_IN_ACTIVE_TIER)) if restoring else None


@allowance("GP-MISC-04")
def restoration_of_anything_else(world: World, request: RestoreObject) -> Rulings:
    """Restoring what is not archived, not there, or restored already: AWS's errors, or success."""
    version = request.subject(world)
    if not isinstance(version, ObjectVersion):
        return MayRefuse((NO_SUCH_KEY, NO_SUCH_VERSION, METHOD_NOT_ALLOWED, ANY_400))
    if version.restoring:
        return MayRefuse((RESTORE_IN_PROGRESS,))
    if is_archived(version) and request.document == FOR_A_DAY:
        unusable = _has_unusable_key(world, version)
        return MayRefuse((ANY_400, ACCESS_DENIED)) if unusable else None
    return MayRefuse((INVALID_OBJECT_STATE, ANY_400))
