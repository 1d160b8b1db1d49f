"""Moves that change what all objects of a sequence share: the bucket, and the KMS keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.deleting import emptying
from conformance.looking import every_version
from conformance.small_scope.moves import ALIAS, OWN_KEY, Aim, Tier, add_move
from model.bucket_policy import Condition, DenyStatement, Operator, write_policy
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operation import existing_bucket
from model.operations.bucket_policy import DeleteBucketPolicy, PutBucketPolicy
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.kms import DisableKey, EnableKey
from model.operations.kms_aliases import UpdateAlias
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.request import CUSTOMER_ALGORITHM, SSE
from model.sse import SseAlgorithm
from model.world import Bucket, KeyState, Versioning

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.small_scope.moves import Make, Stand
    from model.operation import Operation

AES = SseAlgorithm.AES256.value
KMS, DSSE = SseAlgorithm.AWS_KMS.value, SseAlgorithm.AWS_KMS_DSSE.value
BUCKET, API = Capability.BUCKET_ENCRYPTION, Capability.KMS_API


def _put_rule(
    rule: RuleText, key: Callable[[Stand], str] | None = None, *, second: bool = False
) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        named = rule if key is None else rule._replace(kms_key_id=key(stand))
        bucket = stand.buckets[int(second)]
        document = write_configuration([named])
        return (PutBucketEncryption(bucket=bucket, document=document, secure=stand.secure),)

    return make


def _put_two_rules(stand: Stand) -> tuple[Operation, ...]:
    """Put a default that is refused: it has two rules."""
    document = write_configuration([RuleText(sse_algorithm=AES), RuleText(sse_algorithm=AES)])
    return (PutBucketEncryption(bucket=stand.bucket, document=document, secure=stand.secure),)


def _create_again(stand: Stand) -> tuple[Operation, ...]:
    return (CreateBucket(bucket=stand.bucket, secure=stand.secure),)


def key_1(stand: Stand) -> str:
    """Return the id of the first KMS key."""
    return stand.keys[0]


def key_2(stand: Stand) -> str:
    """Return the id of the second KMS key."""
    return stand.keys[1]


def own_key(stand: Stand) -> str:
    """Return the id of the sequence's own KMS key."""
    return stand.own_key


def alias(stand: Stand) -> str:
    """Return the alias."""
    return stand.alias


def _delete_default(stand: Stand) -> tuple[Operation, ...]:
    return (DeleteBucketEncryption(bucket=stand.bucket, secure=stand.secure),)


def _set_versioning(wanted: Versioning, before: frozenset[Versioning]) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        found = stand.world.buckets.get(stand.bucket)
        if not isinstance(found, Bucket) or found.versioning not in before:
            return ()
        document = versioning_document(wanted.value)
        return (PutBucketVersioning(bucket=stand.bucket, document=document, secure=stand.secure),)

    return make


def _make_anew(stand: Stand) -> tuple[Operation, ...]:
    """Empty the bucket, delete it and create it again under its name."""
    bucket, secure = stand.bucket, stand.secure
    if existing_bucket(stand.world, bucket) is None:
        return ()
    return (
        *emptying(stand.world, bucket, secure=secure),
        DeleteBucket(bucket=bucket, secure=secure),
        CreateBucket(bucket=bucket, secure=secure),
    )


def _set_state(kind: type[EnableKey | DisableKey], before: KeyState) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        found = stand.world.keys.get(stand.own_key)
        if found is None or found.state is not before:
            return ()
        return (kind(key_id=stand.own_key, secure=stand.secure),)

    return make


def _point_alias(stand: Stand) -> tuple[Operation, ...]:
    if stand.world.aliases.get(stand.alias) == stand.keys[1]:
        return ()
    return (UpdateAlias(alias=stand.alias, key_id=stand.keys[1], secure=stand.secure),)


def _put_policy(*conditions: Condition) -> Make:
    """Deny writes by their headers."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        bucket = stand.bucket
        document = write_policy(bucket, [DenyStatement((one,)) for one in conditions])
        return (PutBucketPolicy(bucket=bucket, document=document, secure=stand.secure),)

    return make


def _delete_policy(stand: Stand) -> tuple[Operation, ...]:
    found = existing_bucket(stand.world, stand.bucket)
    if found is None or found.deny == ():
        return ()
    return (DeleteBucketPolicy(bucket=stand.bucket, secure=stand.secure),)


def _delete_full(stand: Stand) -> tuple[Operation, ...]:
    """Delete the bucket, which is refused: there is something in it."""
    if next(every_version(stand.world, stand.bucket), None) is None:
        return ()
    return (DeleteBucket(bucket=stand.bucket, secure=stand.secure),)


_INNER = frozenset({"default K1", "no default", "versioning", "made anew"})
_VARIANTS = ("AES256", "aws/s3", "DSSE", "second", "refused", "again", "customer keys")


def _add(name: str, make: Make, *needs: Capability, uses: str = "", buckets: int = 1) -> None:
    variant = any(text in name for text in _VARIANTS) and name != "deletion refused"
    add_move(
        name,
        Aim.SHARED,
        (make,),
        *needs,
        uses=tuple(one for one in ("K1", "K2", OWN_KEY, ALIAS) if one in uses),
        buckets=buckets,
        tier=Tier.INNER if name in _INNER else Tier.VARIANT if variant else Tier.CORE,
        kept="versioning" in name or name in {"deletion refused", "made anew"},
    )


def _add_rules() -> None:
    kms = (BUCKET, Capability.SSE_KMS)
    of_kms = RuleText(sse_algorithm=KMS)
    flagged = RuleText(sse_algorithm=KMS, bucket_key_enabled="true")
    aes = RuleText(sse_algorithm=AES)
    dsse = RuleText(sse_algorithm=DSSE)
    blocking = (BUCKET, Capability.BLOCKED_TYPES)
    _add("default AES256", _put_rule(aes), BUCKET)
    _add("default K1", _put_rule(of_kms, key_1), *kms, uses="K1")
    _add("default aws/s3", _put_rule(of_kms), *kms)
    flag = (*kms, Capability.BUCKET_KEY)
    _add("default K1 with Bucket Key", _put_rule(flagged, key_1), *flag, uses="K1")
    _add("default K2", _put_rule(of_kms, key_2), *kms, uses="K2")
    _add("default DSSE K1", _put_rule(dsse, key_1), *kms, Capability.DSSE_KMS, uses="K1")
    _add("default own key", _put_rule(of_kms, own_key), *kms, API, uses=OWN_KEY)
    _add("default alias", _put_rule(of_kms, alias), *kms, API, uses=f"K1 {ALIAS}")
    _add("block SSE-C", _put_rule(aes._replace(blocked=("SSE-C",))), *blocking)
    _add("block nothing", _put_rule(aes._replace(blocked=("NONE",))), *blocking)
    _add("default refused", _put_two_rules, BUCKET)
    _add("no default", _delete_default, BUCKET)
    second = _put_rule(of_kms, key_2, second=True)
    _add("default K2 of the second bucket", second, *kms, uses="K1 K2", buckets=2)


def _add_others() -> None:
    enabled, suspended = Versioning.ENABLED, Versioning.SUSPENDED
    not_enabled = frozenset({Versioning.NEVER, suspended})
    enable = _set_versioning(enabled, not_enabled)
    suspend = _set_versioning(suspended, frozenset({enabled}))
    _add("versioning", enable, Capability.VERSIONING)
    _add("versioning suspended", suspend, Capability.VERSIONING)
    _add("created again", _create_again)
    _add("made anew", _make_anew)
    _add("deletion refused", _delete_full)
    disable = _set_state(DisableKey, KeyState.ENABLED)
    enable_key = _set_state(EnableKey, KeyState.DISABLED)
    _add("own key disabled", disable, API, Capability.SSE_KMS, uses=OWN_KEY)
    _add("own key enabled", enable_key, API, Capability.SSE_KMS, uses=OWN_KEY)
    _add("alias to K2", _point_alias, API, Capability.SSE_KMS, uses=f"K1 K2 {ALIAS}")


def _add_policies() -> None:
    policy = Capability.BUCKET_POLICY
    unnamed = Condition(Operator.NULL, SSE, ("true",))
    customers = Condition(Operator.NULL, CUSTOMER_ALGORITHM, ("false",))
    _add("policy", _put_policy(unnamed), policy)
    _add("policy against customer keys", _put_policy(customers), policy, Capability.SSE_C)
    _add("no policy", _delete_policy, policy)


_add_rules()
_add_others()
_add_policies()
