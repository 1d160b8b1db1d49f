"""Requests that are signed in their query, or not at all, and encryption."""

from __future__ import annotations

from model.clause import (
    Basis,
    Capability,
    Facet,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    Store,
    Succeed,
    allowance,
    clause,
)
from model.clauses.sse_c import STEP_SIGNATURE
from model.facts import (
    KMS_ALGORITHMS,
    asks_for_kms,
    bucket_of,
    default_of,
    is_same_key,
    version_read,
)
from model.messages import Auth
from model.operation import Operation
from model.operations.get_object import GetObject
from model.operations.put_object import PutObject
from model.request import (
    BucketRequest,
    ObjectRead,
    ObjectWrite,
    header_places,
    sent,
    uses_sse_c,
)
from model.s3_errors import ACCESS_DENIED, ANY_400, INVALID_ARGUMENT
from model.sse import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_LENGTH,
    DsseKms,
    SseC,
    SseKms,
    decode_customer_key,
    md5_base64,
)
from model.stored import ObjectVersion
from model.world import World

SSE_C = Source("userguide/specifying-s3-c-encryption.html", "Presigned URLs and SSE-C")
KMS = Source("API/API_CopyObject.html", "Server-side encryption")
REPORTED = Source("reported answers of Amazon S3", "presigned requests")
PROFILE = "presigned"


@clause(
    "presigned/unsigned-headers-are-refused",
    rules=("GP-PRE-02", "GP-PRE-01"),
    source=REPORTED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.PRESIGNED,
)
def unsigned_headers_are_refused(world: World, request: Operation) -> Rulings:
    """A presigned request with an x-amz- header that is not among those signed is denied."""
    del world
    if request.auth is not Auth.PRESIGNED_HEADERS_UNSIGNED or request.is_form:
        return None
    headers = (*sent(request, header_places(type(request))), *request.extra_headers())
    if not any(name.startswith("x-amz-") for name, _ in headers):
        return None
    return Refuse((ACCESS_DENIED,), step=STEP_SIGNATURE)


@clause(
    "presigned/signed-customer-key-is-taken",
    rules=("GP-PRE-01",),
    source=SSE_C,
    profile=PROFILE,
    needs=Capability.PRESIGNED,
)
def signed_customer_key_is_taken(world: World, request: PutObject | ObjectRead) -> Rulings:
    """A presigned write or read with the three customer key headers, all signed, succeeds."""
    group = request.own_key
    key = decode_customer_key(group.key or "")
    sound = (group.algorithm, group.key_md5) == (CUSTOMER_ALGORITHM, md5_base64(key))
    if request.auth is not Auth.PRESIGNED or not sound:
        return None
    if isinstance(request, PutObject):
        bucket = bucket_of(world, request)
        unblocked = bucket is not None and bucket.blocked == frozenset()
        return Succeed() if unblocked and len(key) == CUSTOMER_KEY_LENGTH else None
    version = version_read(world, request)
    encryption = version.encryption if isinstance(version, ObjectVersion) else None
    if not isinstance(encryption, SseC):
        return None
    return Succeed() if is_same_key(group, encryption.customer_key_md5) else None


@clause(
    "presigned/algorithm-in-the-query-counts",
    rules=("GP-PRE-03",),
    source=REPORTED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.PRESIGNED,
)
def algorithm_in_the_query_counts(world: World, request: PutObject) -> Rulings:
    """x-amz-server-side-encryption as a signed query parameter counts like the header."""
    algorithm = request.sse_parameter
    if algorithm is None or not request.query_is_understood:
        return None
    stored = Store(Facet.ALGORITHM, (algorithm,))
    rule = default_of(world, request)
    if algorithm in KMS_ALGORITHMS and (rule is None or rule.kms_key_id or not request.secure):
        return (stored, MayRefuse((ANY_400, ACCESS_DENIED)))
    return (stored, Succeed())


@clause(
    "presigned/context-in-the-query-has-no-effect",
    rules=("GP-CTX-06",),
    source=REPORTED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.PRESIGNED,
)
def context_in_the_query_has_no_effect(world: World, request: PutObject) -> Rulings:
    """An encryption context as a signed query parameter is not looked at, and not refused."""
    if request.context_parameter is None or not request.query_is_understood:
        return None
    return None if bucket_of(world, request) is None else Succeed()


@clause(
    "presigned/kms-needs-a-signature",
    rules=("GP-KMS-09b", "GP-RD-13", "GP-AMB-20"),
    source=KMS,
    profile=PROFILE,
    needs=Capability.SSE_KMS,
)
def kms_needs_a_signature(world: World, request: ObjectWrite | GetObject) -> Rulings:
    """SSE-KMS and DSSE-KMS are not for requests that nobody signed, reads or writes."""
    if request.auth is not Auth.ANONYMOUS:
        return None
    if isinstance(request, ObjectWrite):
        rule = default_of(world, request)
        by_default = rule is not None and rule.sse_algorithm in KMS_ALGORITHMS
        by_default = by_default and request.sse is None and not uses_sse_c(request)
        kms = asks_for_kms(request) or by_default
    else:
        version = version_read(world, request)
        encryption = version.encryption if isinstance(version, ObjectVersion) else None
        kms = isinstance(encryption, SseKms | DsseKms)
    return Refuse((ACCESS_DENIED, INVALID_ARGUMENT)) if kms else None


@allowance("GP-KMS-09b", "GP-RD-13")
def anonymous_requests(world: World, request: BucketRequest) -> Rulings:
    """What nobody signed is denied, unless the bucket is public: that is not known."""
    del world
    return MayRefuse((ACCESS_DENIED,)) if request.auth is Auth.ANONYMOUS else None
