"""What the encryption headers of a write ask for wins over the bucket's default."""

from __future__ import annotations

from model.clause import (
    SSE_C_ALGORITHM,
    Basis,
    Capability,
    Facet,
    Rulings,
    Source,
    Store,
    clause,
)
from model.directory_bucket import reads_from_directory
from model.facts import asks_for_kms, bucket_of, default_of, flag, key_or_unlisted
from model.kms import managed_key
from model.request import ObjectWrite, WithCopySource, uses_sse_c
from model.sse import SseAlgorithm
from model.world import World

SEED = Source("API/API_CopyObject.html", "ServerSideEncryption")
PUT = Source("API/API_PutObject.html", "SSEKMSKeyId")
BUCKET_KEY = Source("userguide/configuring-bucket-key-object.html", "Object-level Bucket Key")
DSSE = Source("userguide/specifying-dsse-encryption.html", "Specifying DSSE-KMS")
SSE_C = Source("userguide/ServerSideEncryptionCustomerKeys.html", "Using SSE-C")


@clause(
    "precedence/aes256-overrides-the-default",
    rules=(
        "GP-RES-05",
        "GP-COPY-03",
        "GP-RES-28",
        "GP-ENC-01",
    ),
    source=SEED,
    profile="sse-s3",
    needs=Capability.SSE_S3,
)
def aes256_overrides_the_default(world: World, request: ObjectWrite) -> Rulings:
    """A write that asks for AES256 gets SSE-S3, whatever the bucket's default is."""
    del world
    if request.sse != SseAlgorithm.AES256:
        return None
    return Store(Facet.ALGORITHM, (SseAlgorithm.AES256.value,))


@clause(
    "precedence/kms-overrides-the-default",
    rules=(
        "GP-HDR-04",
        "GP-RES-06",
        "GP-RES-07",
        "GP-COPY-03",
        "GP-RES-28",
        "GP-HDR-01",
        "GP-HDR-03",
    ),
    source=SEED,
    profile="sse-kms",
    needs=Capability.SSE_KMS,
)
def kms_overrides_the_default(world: World, request: ObjectWrite) -> Rulings:
    """A write that asks for aws:kms gets SSE-KMS, whatever the bucket's default is."""
    del world
    if request.sse != SseAlgorithm.AWS_KMS:
        return None
    return Store(Facet.ALGORITHM, (SseAlgorithm.AWS_KMS.value,))


@clause(
    "precedence/dsse-overrides-the-default",
    rules=("GP-RES-13", "GP-RES-14"),
    source=DSSE,
    profile="dsse-kms",
    needs=Capability.DSSE_KMS,
)
def dsse_overrides_the_default(world: World, request: ObjectWrite) -> Rulings:
    """A write that asks for aws:kms:dsse gets DSSE-KMS, whatever the bucket's default is."""
    del world
    if request.sse != SseAlgorithm.AWS_KMS_DSSE:
        return None
    return Store(Facet.ALGORITHM, (SseAlgorithm.AWS_KMS_DSSE.value,))


@clause(
    "precedence/named-key-is-used",
    rules=(
        "GP-RES-06",
        "GP-RES-13",
        "GP-KEY-03",
        "GP-KEY-08",
        "GP-HDR-01",
        "GP-HDR-03",
        "GP-COPY-05",
    ),
    source=PUT,
    profile="sse-kms",
    needs=Capability.SSE_KMS,
)
def named_key_is_used(world: World, request: ObjectWrite) -> Rulings:
    """A write that names a KMS key by id, ARN or alias is encrypted under that key."""
    if not asks_for_kms(request) or not request.kms_key_id:
        return None
    return Store(Facet.KMS_KEY, (key_or_unlisted(world, request, request.kms_key_id),))


@clause(
    "precedence/no-named-key-is-managed",
    rules=(
        "GP-RES-07",
        "GP-RES-14",
        "GP-KEY-01",
        "GP-KMS-12",
        "OP-019",
        "OP-067",
    ),
    source=PUT,
    profile="sse-kms",
    needs=Capability.SSE_KMS,
)
def no_named_key_is_managed(world: World, request: ObjectWrite) -> Rulings:
    """A write that asks for KMS and names no key gets the AWS managed key, the default having none.

    Where the bucket's default names a key, AWS's pages disagree (GP-AMB-01): see the allowances.
    """
    rule = default_of(world, request)
    if not asks_for_kms(request) or request.kms_key_id is not None or rule is None:
        return None
    if rule.kms_key_id:
        return None
    return Store(Facet.KMS_KEY, (managed_key(world),))


def _is_copied_out(request: ObjectWrite) -> bool:
    """Tell whether it is a copy out of a directory bucket: such use no Bucket Key (DB-071)."""
    return isinstance(request, WithCopySource) and reads_from_directory(request)


@clause(
    "precedence/bucket-key-header-wins",
    rules=(
        "GP-RES-10",
        "GP-RES-11",
        "GP-HDR-01",
        "GP-HDR-03",
        "GP-COPY-05",
    ),
    source=BUCKET_KEY,
    profile="bucket-keys",
    needs=Capability.BUCKET_KEY,
)
def bucket_key_header_wins(world: World, request: ObjectWrite) -> Rulings:
    """A write that asks for aws:kms and says true or false to a Bucket Key gets what it says."""
    del world
    asked = flag(request.bucket_key_enabled)
    if request.sse != SseAlgorithm.AWS_KMS or asked is None or _is_copied_out(request):
        return None
    return Store(Facet.BUCKET_KEY, (asked,))


@clause(
    "precedence/bucket-key-comes-from-the-bucket",
    rules=("GP-RES-09", "GP-COPY-04", "GP-RES-28"),
    source=BUCKET_KEY,
    profile="bucket-keys",
    needs=Capability.BUCKET_KEY,
)
def bucket_key_comes_from_the_bucket(world: World, request: ObjectWrite) -> Rulings:
    """A write that asks for aws:kms and does not speak of a Bucket Key does as its bucket does.

    Where the bucket's default is not SSE-KMS but has the flag, AWS is silent (GP-RES-12).
    """
    rule = default_of(world, request)
    if request.sse != SseAlgorithm.AWS_KMS or request.bucket_key_enabled is not None:
        return None
    if _is_copied_out(request):
        return None
    if rule is None or bucket_of(world, request) is None:
        return None
    if rule.bucket_key_enabled and rule.sse_algorithm is not SseAlgorithm.AWS_KMS:
        return None
    return Store(Facet.BUCKET_KEY, (rule.bucket_key_enabled,))


@clause(
    "precedence/sse-c-overrides-the-default",
    rules=(
        "GP-RES-16",
        "GP-COPY-06",
        "GP-HDR-01",
        "GP-HDR-03",
    ),
    source=SSE_C,
    profile="sse-c",
    basis=Basis.DOCUMENTED,
    needs=Capability.SSE_C,
)
def sse_c_overrides_the_default(world: World, request: ObjectWrite) -> Rulings:
    """A write with the customer key headers gets SSE-C with that key, whatever the default is."""
    del world
    if not uses_sse_c(request) or request.sse is not None:
        return None
    return Store(Facet.ALGORITHM, (SSE_C_ALGORITHM,))
