"""KMS keys that cannot be used: unknown, of another region, disabled, about to be deleted."""

from __future__ import annotations

from model.clause import (
    Basis,
    Capability,
    Keep,
    Law,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    allowance,
    clause,
)
from model.facts import (
    asks_for_kms,
    kms_lookup,
    kms_text_in_use,
    may_have_bucket_key,
    version_read,
)
from model.kms import NoKey
from model.matchers import Equals
from model.operations.get_object import GetObject
from model.operations.kms import DescribeKey
from model.operations.kms_aliases import DeleteAlias, UpdateAlias
from model.request import ObjectWrite
from model.s3_errors import ANY_400, KMS_DISABLED, KMS_INVALID_STATE, KMS_NOT_FOUND
from model.sse import DsseKms, SseKms
from model.stored import ObjectVersion
from model.world import MANAGED_KEY, KeyState, KmsKey, World

KMS_PAGE = Source("userguide/UsingKMSEncryption.html", "Using SSE-KMS")
RECORDED = Source("recorded answers of Amazon S3, February 2026", "KMS keys")
PROFILE = "sse-kms"


def _requested(world: World, request: ObjectWrite) -> object:
    """Return what the key text of the request itself leads to."""
    if not asks_for_kms(request) or not request.kms_key_id:
        return None
    return kms_lookup(world, request, request.kms_key_id)


def _needed(world: World, request: ObjectWrite, state: KeyState) -> KmsKey | None:
    """Return the KMS key that the request names, where it is in that state and is needed now."""
    found = _requested(world, request)
    if not isinstance(found, KmsKey) or found.state is not state:
        return None
    return None if may_have_bucket_key(world, request) else found


@clause(
    "kms-keys/unknown-name-is-refused",
    rules=(
        "GP-KMS-01",
        "OP-017",
    ),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_KMS,
)
def unknown_name_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A write naming a KMS key by a text that is no key id, ARN or alias is refused."""
    found = _requested(world, request)
    return Refuse((KMS_NOT_FOUND,)) if found is NoKey.NOT_A_KEY_ID else None


@clause(
    "kms-keys/unknown-id-is-refused",
    rules=(
        "GP-KMS-02",
        "OP-017",
    ),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_KMS,
)
def unknown_id_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A write naming a KMS key id that does not exist in the bucket's region is refused."""
    found = _requested(world, request)
    return Refuse((KMS_NOT_FOUND,)) if found is NoKey.NO_SUCH_ID else None


@clause(
    "kms-keys/unknown-arn-is-refused",
    rules=("GP-KMS-03",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_KMS,
)
def unknown_arn_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A write naming the ARN of a KMS key that does not exist is refused."""
    found = _requested(world, request)
    return Refuse((KMS_NOT_FOUND,)) if found is NoKey.NO_SUCH_ARN else None


@clause(
    "kms-keys/unknown-alias-is-refused",
    rules=("GP-KEY-03", "GP-KEY-04"),
    source=KMS_PAGE,
    profile=PROFILE,
    needs=Capability.SSE_KMS,
)
def unknown_alias_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A write naming an alias that does not exist is refused with 400, some error code."""
    found = _requested(world, request)
    return Refuse((ANY_400,)) if found is NoKey.NO_SUCH_ALIAS else None


@clause(
    "kms-keys/key-of-another-region-is-refused",
    rules=(
        "GP-KMS-04",
        "GP-KEY-05",
        "OP-015",
    ),
    source=KMS_PAGE,
    profile=PROFILE,
    needs=Capability.SSE_KMS,
)
def key_of_another_region_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A write naming the ARN of a KMS key outside the bucket's region is refused."""
    found = _requested(world, request)
    return Refuse((KMS_NOT_FOUND,)) if found is NoKey.OTHER_REGION else None


@clause(
    "kms-keys/disabled-key-does-not-write",
    rules=(
        "GP-KMS-05",
        "OP-012",
    ),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.KMS_API,
)
def disabled_key_does_not_write(world: World, request: ObjectWrite) -> Rulings:
    """A write naming a disabled KMS key is refused, unless an S3 Bucket Key may stand in for it."""
    found = _needed(world, request, KeyState.DISABLED)
    if found is None:
        return None
    return Refuse((KMS_DISABLED,)) if found.symmetric else Refuse((ANY_400,))


@clause(
    "kms-keys/key-to-be-deleted-does-not-write",
    rules=(
        "GP-KMS-06",
        "OP-013",
    ),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.KMS_API,
)
def key_to_be_deleted_does_not_write(world: World, request: ObjectWrite) -> Rulings:
    """A write naming a KMS key about to be deleted is refused, unless a Bucket Key may stand in."""
    found = _needed(world, request, KeyState.PENDING_DELETION)
    return None if found is None else Refuse((ANY_400,))


@clause(
    "kms-keys/asymmetric-key-is-refused",
    rules=(
        "GP-KMS-07",
        "GP-KEY-03",
        "OP-018",
    ),
    source=KMS_PAGE,
    profile=PROFILE,
    needs=Capability.KMS_API,
)
def asymmetric_key_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A write naming a KMS key that is not a symmetric encryption key is refused."""
    found = _requested(world, request)
    if not isinstance(found, KmsKey) or found.symmetric:
        return None
    return Refuse((ANY_400,))


@clause(
    "kms-keys/unusable-default-key-fails-the-write",
    rules=("GP-RES-29", "GP-KEY-07", "GP-CFG-09"),
    source=Source("userguide/default-bucket-encryption.html", "SSE-KMS as the default"),
    profile="bucket-default",
    basis=Basis.OBSERVED,
    needs=Capability.SSE_KMS,
)
def unusable_default_key_fails_the_write(world: World, request: ObjectWrite) -> Rulings:
    """A write that falls back on a default whose KMS key cannot be used is refused."""
    text = None if asks_for_kms(request) else kms_text_in_use(world, request)
    if text is None:
        return None
    found = kms_lookup(world, request, text)
    if isinstance(found, NoKey):
        # Which error an alias or a key of another region gives here is not recorded.
        sure = found in {NoKey.NOT_A_KEY_ID, NoKey.NO_SUCH_ID, NoKey.NO_SUCH_ARN}
        return Refuse((KMS_NOT_FOUND,) if sure else (ANY_400,))
    if not isinstance(found, KmsKey):
        return None
    if not found.symmetric:
        return Refuse((ANY_400,))
    usable = found.state is KeyState.ENABLED or may_have_bucket_key(world, request)
    return None if usable else Refuse((ANY_400,))


@clause(
    "kms-keys/disabled-key-does-not-read",
    rules=("GP-KMS-05", "GP-KEY-10"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.KMS_API,
)
def disabled_key_does_not_read(world: World, request: GetObject) -> Rulings:
    """GET of an object without a Bucket Key whose KMS key is disabled is refused."""
    return _reading(world, request, KeyState.DISABLED, Refuse((KMS_DISABLED,)))


@clause(
    "kms-keys/key-to-be-deleted-does-not-read",
    rules=("GP-KMS-06", "GP-KEY-10"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.KMS_API,
)
def key_to_be_deleted_does_not_read(world: World, request: GetObject) -> Rulings:
    """GET of an object without a Bucket Key whose KMS key is about to be deleted is refused."""
    return _reading(world, request, KeyState.PENDING_DELETION, Refuse((KMS_INVALID_STATE,)))


def _reading(world: World, request: GetObject, state: KeyState, refuse: Refuse) -> Rulings:
    version = version_read(world, request)
    if not isinstance(version, ObjectVersion):
        return None
    encryption = version.encryption
    if not isinstance(encryption, SseKms | DsseKms):
        return None
    if isinstance(encryption, SseKms) and encryption.bucket_key_enabled:
        return None
    key = world.keys.get(encryption.kms_key_id)
    return refuse if key is not None and key.state is state else None


@clause(
    "kms-keys/managed-key-is-aws-managed",
    rules=(
        "GP-KEY-01",
        "OP-019",
    ),
    source=KMS_PAGE,
    profile=PROFILE,
    needs=Capability.KMS_API,
)
def managed_key_is_aws_managed(world: World, request: DescribeKey) -> Rulings:
    """The key that S3 uses where none is named is the account's AWS managed key."""
    managed = world.keys.get(MANAGED_KEY)
    if managed is None or managed.arn is None or request.key_id != managed.arn:
        return None
    return (
        Require("KeyManager", Equals("AWS", wrong="CUSTOMER")),
        Require("KeyState", Equals(KeyState.ENABLED.value, wrong=KeyState.DISABLED.value)),
    )


@clause(
    "kms-keys/new-alias-target-keeps-the-objects",
    rules=("GP-KMS-11",),
    source=KMS_PAGE,
    profile=PROFILE,
    needs=Capability.KMS_API,
)
def new_alias_target_keeps_the_objects(world: World, request: UpdateAlias | DeleteAlias) -> Rulings:
    """An alias that names another key, or none, leaves objects under the key that it named."""
    return Keep(Law.OBJECTS_ON_NEW_ALIAS) if request.alias in world.aliases else None


@allowance("OP-046", "GP-KMS-05", "GP-KMS-06")
def bucket_key_that_stands_in(world: World, request: ObjectWrite | GetObject) -> Rulings:
    """Under an S3 Bucket Key, S3 asks KMS only now and then: a key that was disabled may serve."""
    found = _key_behind_a_bucket_key(world, request)
    if not isinstance(found, KmsKey) or found.state is KeyState.ENABLED:
        return None
    return MayRefuse((ANY_400,))


def _key_behind_a_bucket_key(world: World, request: ObjectWrite | GetObject) -> object:
    if isinstance(request, ObjectWrite):
        text = kms_text_in_use(world, request)
        if text is None or not may_have_bucket_key(world, request):
            return None
        return kms_lookup(world, request, text)
    version = version_read(world, request)
    if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseKms):
        return None
    return (
        world.keys.get(version.encryption.kms_key_id)
        if version.encryption.bucket_key_enabled
        else None
    )


@allowance("GP-KMS-13", "GP-AMB-18")
def blanks_around_a_key(world: World, request: ObjectWrite) -> Rulings:
    """A KMS key's name with blanks around it: they are skipped, or it is refused."""
    text = kms_text_in_use(world, request)
    return None if text is None or text == text.strip() else MayRefuse((ANY_400,))
