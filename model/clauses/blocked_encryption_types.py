"""Buckets that refuse writes with SSE-C."""

from __future__ import annotations

from model.clause import Basis, Capability, Order, Refuse, Require, Rulings, Source, Succeed, clause
from model.clauses.sse_c import STEP_KEY, STEP_TOO_SHORT, step
from model.facts import bucket_of
from model.matchers import Absent, AbsentOr, Equals
from model.operations.create_bucket import SSE_C_TYPE
from model.operations.get_bucket_encryption import BLOCKED, GetBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.request import ObjectWrite, PartUpload, uses_sse_c
from model.s3_errors import ACCESS_DENIED
from model.sse import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_LENGTH,
    SseAlgorithm,
    decode_customer_key,
    md5_base64,
)
from model.world import SSE_C_BLOCKED_SINCE, World

PAGE = Source("userguide/blocking-unblocking-s3-c-encryption-gpb.html", "Blocking SSE-C")
FAQ = Source("userguide/default-s3-c-encryption-setting-faq.html", "Default setting")
PROFILE = "sse-c"
STEP_BLOCKED = "blocked"


@clause(
    "blocked-encryption-types/sse-c-write-is-refused",
    rules=(
        "GP-BLK-04",
        "GP-BLK-05",
        "GP-BLK-01",
        "GP-SSEC-13",
        "GP-BLK-02",
        "OP-060",
        "GP-MPU-E5",
    ),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def sse_c_write_is_refused(world: World, request: ObjectWrite | PartUpload) -> Rulings:
    """A bucket that blocks SSE-C refuses, with 403 AccessDenied, every write naming SSE-C."""
    # It needs SSE-C: without it such a write is refused in every bucket, whatever that blocks.
    bucket = bucket_of(world, request)
    if bucket is None or not uses_sse_c(request):
        return None
    if bucket.blocked is None or SSE_C_TYPE not in bucket.blocked:
        return None
    return Refuse((ACCESS_DENIED,), step=STEP_BLOCKED)


@clause(
    "blocked-encryption-types/block-comes-before-key-checks",
    rules=("GP-BLK-11", "GP-SSEC-13"),
    source=Source("reported answers of Amazon S3, August 2026", "SSE-C on a blocked bucket"),
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.BLOCKED_TYPES,
)
def block_comes_before_key_checks(world: World, request: ObjectWrite | PartUpload) -> Rulings:
    """That SSE-C is blocked is answered before what is wrong with the customer key."""
    bucket = bucket_of(world, request)
    if bucket is None or not uses_sse_c(request) or not bucket.blocked:
        return None
    later = frozenset(step(request.key_role, n) for n in range(STEP_TOO_SHORT, STEP_KEY + 1))
    return Order({STEP_BLOCKED: later})


@clause(
    "blocked-encryption-types/unblocked-bucket-takes-sse-c",
    rules=(
        "GP-BLK-03",
        "GP-COPY-06",
        "OP-061",
    ),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def unblocked_bucket_takes_sse_c(world: World, request: ObjectWrite) -> Rulings:
    """A write with a sound customer key succeeds in a bucket that does not block SSE-C."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.blocked is None or SSE_C_TYPE in bucket.blocked:
        return None
    key = decode_customer_key(request.customer_key or "")
    sound = (
        len(key) == CUSTOMER_KEY_LENGTH
        and request.customer_algorithm == CUSTOMER_ALGORITHM
        and request.customer_key_md5 == md5_base64(key)
    )
    return Succeed() if sound and request.sse is None else None


@clause(
    "blocked-encryption-types/other-writes-are-not-blocked",
    rules=("GP-BLK-12",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.BLOCKED_TYPES,
)
def other_writes_are_not_blocked(world: World, request: ObjectWrite) -> Rulings:
    """A bucket that blocks SSE-C takes writes with other encryption."""
    bucket = bucket_of(world, request)
    if bucket is None or uses_sse_c(request) or not bucket.blocked:
        return None
    return Succeed() if request.sse is None or request.sse in set(SseAlgorithm) else None


@clause(
    "blocked-encryption-types/block-is-shown",
    rules=(
        "GP-BLK-07",
        "GP-BLK-08",
        "GP-BLK-02",
        "GP-AMB-10",
    ),
    source=Source("API/API_BlockedEncryptionTypes.html", "EncryptionType"),
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.BLOCKED_TYPES,
)
def block_is_shown(world: World, request: GetBucketEncryption) -> Rulings:
    """GetBucketEncryption shows the types to block as they were put; a later rule keeps them."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.blocked is None:
        return None
    if bucket.blocked_put:
        shown = SSE_C_TYPE if bucket.blocked else "NONE"
        return Require(BLOCKED, Equals(shown, wrong=None))
    if bucket.blocked:  # whether the default is shown is not said (GP-AMB-10)
        return Require(BLOCKED, AbsentOr(SSE_C_TYPE, wrong="NONE"))
    return None


def _never_blocked(world: World, request: GetBucketEncryption) -> bool:
    """Tell whether it is known that the bucket blocks nothing and never had types put."""
    bucket = bucket_of(world, request)
    return bucket is not None and bucket.blocked == frozenset() and not bucket.blocked_put


@clause(
    "blocked-encryption-types/no-types-are-shown-unasked",
    rules=("GP-BLK-07", "GP-CFG-30"),
    source=Source("recorded answers of Amazon S3, February 2026", "bucket encryption"),
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.BUCKET_ENCRYPTION,
    until=SSE_C_BLOCKED_SINCE,
)
def no_types_are_shown_unasked(world: World, request: GetBucketEncryption) -> Rulings:
    """Before April 2026 a configuration shows types to block only where they were put."""
    return Require(BLOCKED, Absent("NONE")) if _never_blocked(world, request) else None


@clause(
    "blocked-encryption-types/nothing-blocked-is-not-shown",
    rules=("GP-BLK-07", "GP-AMB-10"),
    source=FAQ,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.BUCKET_ENCRYPTION,
    since=SSE_C_BLOCKED_SINCE,
)
def nothing_blocked_is_not_shown(world: World, request: GetBucketEncryption) -> Rulings:
    """A bucket that never blocked SSE-C does not say that it does."""
    if not _never_blocked(world, request):
        return None
    return Require(BLOCKED, AbsentOr("NONE", wrong=SSE_C_TYPE))


@clause(
    "blocked-encryption-types/types-are-accepted",
    rules=("GP-BLK-01", "GP-BLK-03", "GP-CFG-18"),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.BLOCKED_TYPES,
)
def types_are_accepted(world: World, request: PutBucketEncryption) -> Rulings:
    """PutBucketEncryption takes types to block, SSE-C or NONE, also alone in the rule."""
    rule = request.rule
    if bucket_of(world, request) is None or rule is None or request.content_md5 is not None:
        return None
    if rule.has_default or rule.bucket_key_enabled is not None:
        return None
    return Succeed() if rule.blocked in {("NONE",), (SSE_C_TYPE,)} else None
