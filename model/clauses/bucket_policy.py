"""Bucket policies that deny writes: their conditions look at headers, not at what results."""

from __future__ import annotations

from model.bucket_policy import denies
from model.clause import (
    Capability,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.facts import KMS_ALGORITHMS, bucket_of, falls_back_on_default, kms_text_in_use
from model.operations.bucket_policy import PutBucketPolicy
from model.operations.put_object import PutObject
from model.request import (
    CUSTOMER_ALGORITHM,
    KMS_KEY_ID,
    SSE,
    BucketRequest,
    ObjectWrite,
    PartOfUpload,
    WithEncryptionHeaders,
)
from model.s3_errors import ACCESS_DENIED
from model.world import World

KMS = Source("userguide/specifying-kms-encryption.html", "Condition keys")
SSE_C = Source("userguide/specifying-s3-c-encryption.html", "Condition keys")
DEFAULT = Source("userguide/bucket-encryption.html", "Bucket policies and default encryption")
PROFILE = "policy"


def _is_denied(world: World, request: WithEncryptionHeaders) -> bool | None:
    """Tell whether the policy of the bucket denies the write; None where AWS does not say.

    A form's fields, or a signed parameter of the query, may or may not count as headers there; so
    may the KMS key that the default names, of which AWS says that it has to match, too.
    """
    bucket = bucket_of(world, request)
    if bucket is None or not bucket.deny:
        return False
    own = {
        SSE: request.sse,
        KMS_KEY_ID: request.kms_key_id,
        CUSTOMER_ALGORITHM: request.customer_algorithm,
    }
    told = {denies(bucket.deny, own)}
    if request.is_form:
        told.add(denies(bucket.deny, {}))
    if isinstance(request, PutObject) and request.names_in_query:
        told.add(denies(bucket.deny, {**own, SSE: request.sse_parameter}))
    if isinstance(request, ObjectWrite) and falls_back_on_default(request):
        told.add(denies(bucket.deny, {**own, KMS_KEY_ID: kms_text_in_use(world, request)}))
    return told.pop() if len(told) == 1 else None


def _default_is_kms(world: World, request: ObjectWrite) -> bool:
    bucket = bucket_of(world, request)
    rule = None if bucket is None else bucket.rule
    return rule is not None and rule.sse_algorithm in KMS_ALGORITHMS


@clause(
    "bucket-policy/condition-denies-the-write",
    rules=("GP-POL-01", "GP-POL-03", "GP-POL-04", "GP-POL-05"),
    source=KMS,
    profile=PROFILE,
    needs=Capability.BUCKET_POLICY,
)
def condition_denies_the_write(world: World, request: ObjectWrite) -> Rulings:
    """A write whose encryption headers meet the conditions of a Deny statement is denied."""
    if not _is_denied(world, request) or not request.names_in_headers:
        return None
    return Refuse((ACCESS_DENIED,))


@clause(
    "bucket-policy/missing-header-is-denied",
    rules=("GP-POL-03",),
    source=SSE_C,
    profile=PROFILE,
    needs=Capability.BUCKET_POLICY,
)
def missing_header_is_denied(world: World, request: ObjectWrite) -> Rulings:
    """A write without encryption headers is denied where the policy demands one."""
    if not _is_denied(world, request) or request.names_in_headers:
        return None
    return None if _default_is_kms(world, request) else Refuse((ACCESS_DENIED,))


@clause(
    "bucket-policy/default-is-no-header",
    rules=("GP-POL-02",),
    source=DEFAULT,
    profile=PROFILE,
    needs=Capability.BUCKET_POLICY,
)
def default_is_no_header(world: World, request: ObjectWrite) -> Rulings:
    """Where a policy demands a header a write without it is denied, though the default is KMS."""
    if not _is_denied(world, request) or request.names_in_headers:
        return None
    return Refuse((ACCESS_DENIED,)) if _default_is_kms(world, request) else None


@clause(
    "bucket-policy/other-writes-are-allowed",
    rules=("GP-POL-01", "GP-POL-03"),
    source=KMS,
    profile=PROFILE,
    needs=Capability.BUCKET_POLICY,
)
def other_writes_are_allowed(world: World, request: ObjectWrite) -> Rulings:
    """A write whose encryption headers, if any, meet no condition of a Deny is not denied."""
    bucket = bucket_of(world, request)
    if bucket is None or not bucket.deny:
        return None
    return Succeed() if _is_denied(world, request) is False else None


@clause(
    "bucket-policy/encryption-conditions-are-accepted",
    rules=("GP-POL-01", "GP-POL-03"),
    source=KMS,
    profile=PROFILE,
    needs=Capability.BUCKET_POLICY,
)
def encryption_conditions_are_accepted(world: World, request: PutBucketPolicy) -> Rulings:
    """PutBucketPolicy takes statements that deny writes by the encryption condition keys."""
    if bucket_of(world, request) is None:
        return None
    return None if request.denied() is None else Succeed()


@allowance("GP-POL-01")
def condition_of_which_nothing_is_said(world: World, request: ObjectWrite) -> Rulings:
    """A condition on a key that the default names, or on no ARN; on a form, a query: may hold."""
    return MayRefuse((ACCESS_DENIED,)) if _is_denied(world, request) is None else None


@allowance("GP-POL-05")
def policy_on_parts(world: World, request: PartOfUpload) -> Rulings:
    """Parts are authorised as writes, and carry no header but the customer key: they may be denied.

    AWS says that care is needed, and not what happens.
    """
    return None if _is_denied(world, request) is False else MayRefuse((ACCESS_DENIED,))


@allowance("GP-POL-01")
def policy_that_is_not_known(world: World, request: BucketRequest) -> Rulings:
    """A bucket whose policy is not known, or is of another form, may deny anything."""
    bucket = bucket_of(world, request)
    return MayRefuse((ACCESS_DENIED,)) if bucket is not None and bucket.deny is None else None
