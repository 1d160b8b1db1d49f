"""What UpdateObjectEncryption makes of an object, and what it leaves as it was."""

from __future__ import annotations

from model.answer import LAST_MODIFIED
from model.clause import (
    Facet,
    Keep,
    Law,
    MayRefuse,
    Refusal,
    Require,
    Rulings,
    Source,
    Store,
    Succeed,
    allowance,
    clause,
)
from model.clauses.update_encryption import (
    API,
    NEEDS,
    PROFILE,
    is_of_another_account,
    named_arn,
    to_kms,
    version_named,
)
from model.facts import bucket_of, flag, key_or_unlisted, kms_lookup
from model.matchers import Equals
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.request import ObjectRead
from model.s3_errors import ACCESS_DENIED, ANY_400
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import MANAGED_KEY, KeyState, KmsKey, World

KMS_TYPE = Source("API/API_SSEKMSEncryption.html", "Contents")
GUIDE = Source("userguide/update-sse-encryption.html", "Updating server-side encryption")
ANOTHER_DAY = "Fri, 02 Jan 2026 00:00:00 GMT"


def _is_usable(key: object) -> bool:
    return isinstance(key, KmsKey) and key.state is KeyState.ENABLED and key.symmetric


def _target(world: World, request: UpdateObjectEncryption) -> KmsKey | None:
    """Return the usable customer managed key that the document names by its ARN."""
    arn = named_arn(request)
    found = None if arn is None else kms_lookup(world, request, arn)
    if not isinstance(found, KmsKey) or found.key_id == MANAGED_KEY or found.arn != arn:
        return None
    return found if _is_usable(found) else None


def _source_is_usable(world: World, version: ObjectVersion | None) -> bool:
    encryption = None if version is None else version.encryption
    if isinstance(encryption, SseKms):
        return _is_usable(world.keys.get(encryption.kms_key_id))
    return isinstance(encryption, SseS3)


@clause(
    "updated-object/sse-s3-and-sse-kms-objects-can-be-updated",
    rules=("GP-UOE-02", "GP-UOE-01"),
    source=GUIDE,
    profile=PROFILE,
    needs=NEEDS,
)
def sse_s3_and_sse_kms_objects_can_be_updated(
    world: World, request: UpdateObjectEncryption
) -> Rulings:
    """UpdateObjectEncryption of an SSE-S3 or SSE-KMS object to a usable KMS key succeeds."""
    version, target, update = (
        version_named(world, request),
        _target(world, request),
        to_kms(request),
    )
    if version is None or target is None or update is None or update.strange:
        return None
    asked = flag(update.bucket_key_enabled)
    if asked is None and update.bucket_key_enabled is not None:
        return None
    changes = version.encryption != SseKms(target.key_id, asked or False)
    sound = changes and request.content_md5 is not None
    return Succeed() if sound and _source_is_usable(world, version) else None


@clause(
    "updated-object/object-becomes-sse-kms",
    rules=("GP-UOE-02", "GP-HDR-12"),
    source=API,
    profile=PROFILE,
    needs=NEEDS,
)
def object_becomes_sse_kms(world: World, request: UpdateObjectEncryption) -> Rulings:
    """After UpdateObjectEncryption the object is under SSE-KMS, as its document says."""
    del world
    return (
        None
        if named_arn(request) is None
        else Store(Facet.ALGORITHM, (SseAlgorithm.AWS_KMS.value,))
    )


@clause(
    "updated-object/named-key-is-used",
    rules=("GP-UOE-02", "GP-UOE-01"),
    source=KMS_TYPE,
    profile=PROFILE,
    needs=NEEDS,
)
def named_key_is_used(world: World, request: UpdateObjectEncryption) -> Rulings:
    """After UpdateObjectEncryption the object is under the KMS key that its document names."""
    arn = named_arn(request)
    return None if arn is None else Store(Facet.KMS_KEY, (key_or_unlisted(world, request, arn),))


@clause(
    "updated-object/bucket-key-is-off-unless-asked-for",
    rules=("GP-UOE-01", "GP-HDR-12"),
    source=KMS_TYPE,
    profile=PROFILE,
    needs=NEEDS,
)
def bucket_key_is_off_unless_asked_for(world: World, request: UpdateObjectEncryption) -> Rulings:
    """After UpdateObjectEncryption a Bucket Key is used where its document says true, only there.

    Neither the bucket's default nor what the object had before has a say.
    """
    del world
    update = to_kms(request)
    if update is None or named_arn(request) is None:
        return None
    asked = flag(update.bucket_key_enabled)
    sure = update.bucket_key_enabled is None or asked is not None
    return Store(Facet.BUCKET_KEY, (asked or False,)) if sure else None


@clause(
    "updated-object/keeps-all-else",
    rules=("GP-UOE-12", "GP-ETAG-07"),
    source=GUIDE,
    profile=PROFILE,
    needs=NEEDS,
)
def keeps_all_else(world: World, request: UpdateObjectEncryption) -> Rulings:
    """UpdateObjectEncryption keeps the object's data and ETag, and all other versions of it."""
    return None if version_named(world, request) is None else Keep(Law.UPDATED_OBJECT)


@clause(
    "updated-object/last-modified-is-kept",
    rules=("GP-UOE-12",),
    source=GUIDE,
    profile=PROFILE,
    needs=NEEDS,
)
def last_modified_is_kept(world: World, request: ObjectRead, version: ObjectVersion) -> Rulings:
    """An object whose encryption was updated shows the Last-Modified that it had before."""
    del world, request
    if not version.updated or version.last_modified is None:
        return None
    return Require(LAST_MODIFIED, Equals(version.last_modified, wrong=ANOTHER_DAY))


@clause(
    "updated-object/refused-update-keeps-the-object",
    rules=("GP-UOE-12",),
    source=GUIDE,
    profile=PROFILE,
    needs=NEEDS,
)
def refused_update_keeps_the_object(
    world: World, request: UpdateObjectEncryption, refusal: Refusal
) -> Rulings:
    """A refused UpdateObjectEncryption leaves the object as it is, encryption and all."""
    del refusal
    return None if bucket_of(world, request) is None else Keep(Law.DESTINATION_OF_REFUSED_WRITE)


@allowance("GP-UOE-15")
def update_of_which_nothing_is_said(world: World, request: UpdateObjectEncryption) -> Rulings:
    """The same key again, one that cannot be used (old or new), a managed one: done or refused."""
    version, update, arn = version_named(world, request), to_kms(request), named_arn(request)
    if version is None or update is None or arn is None:
        return None
    if not isinstance(version.encryption, SseS3 | SseKms) or is_of_another_account(world, arn):
        return None
    target = _target(world, request)
    if target is None or not _source_is_usable(world, version):
        return MayRefuse((ANY_400, ACCESS_DENIED))
    same = version.encryption == SseKms(target.key_id, flag(update.bucket_key_enabled) or False)
    return MayRefuse((ANY_400,)) if same else None
