"""What an answer shows of an object's encryption, and what it must not show."""

from __future__ import annotations

from model.clause import (
    GENERAL_AND_DIRECTORY,
    Basis,
    Capability,
    Refusal,
    Require,
    Rulings,
    Source,
    clause,
)
from model.matchers import Absent, AbsentOr, ContextEcho, Equals, Matcher, NewKeyArn
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.operations.object_read import ConditionalRead
from model.operations.post_object import PostObject
from model.request import (
    BUCKET_KEY,
    CONTEXT,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY,
    CUSTOMER_KEY_MD5,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
    ObjectRead,
    ObjectWrite,
    PartOfUpload,
    WithEncryptionHeaders,
)
from model.sse import DsseKms, SseAlgorithm, SseC, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import MANAGED_KEY, KmsKey, World

PUT = Source("API/API_PutObject.html", "Response elements")
GET = Source("API/API_GetObject.html", "Response elements")
BUCKET_KEY_PAGE = Source("userguide/bucket-key.html", "Bucket Keys in responses")
RECORDED = Source("recorded answers of Amazon S3, 2026", "response headers")

_A_KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000"
_NO_ENCRYPTION = tuple(Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS[:6])


@clause(
    "answer-headers/sse-s3-is-shown",
    rules=(
        "GP-ECHO-01",
        "GP-HDR-20",
        "GP-HDR-22",
        "GP-HDR-27",
        "GP-COPY-20",
        "DB-054",
        "DB-080",
        "DB-05E",
    ),
    source=PUT,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def sse_s3_is_shown(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an SSE-S3 object show AES256, also when nobody asked for it."""
    del world, request
    if not isinstance(version.encryption, SseS3):
        return None
    return Require(SSE, Equals(SseAlgorithm.AES256.value))


@clause(
    "answer-headers/sse-kms-is-shown",
    rules=("GP-ECHO-02", "GP-HDR-20", "GP-HDR-22", "GP-HDR-27", "DB-054", "DB-080", "DB-05E"),
    source=PUT,
    profile="sse-kms",
    needs=Capability.SSE_KMS,
    buckets=GENERAL_AND_DIRECTORY,
)
def sse_kms_is_shown(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an SSE-KMS object show aws:kms."""
    del world, request
    if not isinstance(version.encryption, SseKms):
        return None
    return Require(SSE, Equals(SseAlgorithm.AWS_KMS.value))


@clause(
    "answer-headers/dsse-kms-is-shown",
    rules=("GP-ECHO-06",),
    source=Source("userguide/specifying-dsse-encryption.html", "Response headers"),
    profile="dsse-kms",
    needs=Capability.DSSE_KMS,
)
def dsse_kms_is_shown(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about a DSSE-KMS object show aws:kms:dsse."""
    del world, request
    if not isinstance(version.encryption, DsseKms):
        return None
    return Require(SSE, Equals(SseAlgorithm.AWS_KMS_DSSE.value))


@clause(
    "answer-headers/kms-key-is-shown-by-arn",
    rules=("GP-ECHO-02", "GP-ECHO-03", "GP-ECHO-06"),
    source=Source("API/API_PutObject.html", "x-amz-server-side-encryption-aws-kms-key-id"),
    profile="sse-kms",
    basis=Basis.OBSERVED,
    needs=Capability.SSE_KMS,
)
def kms_key_is_shown_by_arn(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about a KMS-encrypted object show the key's ARN, whatever form named the key."""
    encryption = version.encryption
    if not isinstance(encryption, SseKms | DsseKms):
        return None
    key = world.keys.get(encryption.kms_key_id) or KmsKey(key_id=encryption.kms_key_id)
    return Require(KMS_KEY_ID, _arn(world, request, key))


def _arn(world: World, request: WithEncryptionHeaders, key: KmsKey) -> Matcher:
    if key.arn is not None:
        return Equals(key.arn, wrong=key.key_id)
    others = frozenset(k.arn for k in world.keys.values() if k.arn is not None and not k.only_seen)
    bucket = world.buckets.get(request.bucket)
    region = getattr(bucket, "region", "")
    return NewKeyArn(
        key_id=key.key_id,
        region=region,
        account=world.account,
        known=others if key.key_id == MANAGED_KEY else frozenset(),
        managed=key.key_id in {MANAGED_KEY, "?"},
    )


@clause(
    "answer-headers/no-kms-key-without-kms",
    rules=("GP-ECHO-01", "GP-ECHO-05", "GP-RES-05"),
    source=RECORDED,
    profile="sse-s3",
    basis=Basis.OBSERVED,
)
def no_kms_key_without_kms(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an SSE-S3 or SSE-C object show no KMS key."""
    del world, request
    if not isinstance(version.encryption, SseS3 | SseC):
        return None
    return Require(KMS_KEY_ID, Absent(wrong=_A_KEY_ARN))


@clause(
    "answer-headers/bucket-key-is-shown",
    rules=(
        "GP-ECHO-04",
        "GP-COPY-05",
    ),
    source=BUCKET_KEY_PAGE,
    profile="bucket-keys",
    needs=Capability.BUCKET_KEY,
)
def bucket_key_is_shown(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an object under an S3 Bucket Key show the flag with the value true."""
    del world, request
    if not isinstance(version.encryption, SseKms) or not version.encryption.bucket_key_enabled:
        return None
    return Require(BUCKET_KEY, Equals("true", wrong=None))


@clause(
    "answer-headers/no-bucket-key-is-not-shown",
    rules=("GP-ECHO-04", "GP-ECHO-01"),
    source=RECORDED,
    profile="bucket-keys",
    basis=Basis.OBSERVED,
)
def no_bucket_key_is_not_shown(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an object without an S3 Bucket Key leave the flag out; they never say false."""
    del world, request
    encryption = version.encryption
    if isinstance(encryption, SseKms):
        return None if encryption.bucket_key_enabled else Require(BUCKET_KEY, Absent("false"))
    if isinstance(encryption, SseS3 | SseC):
        return Require(BUCKET_KEY, Absent("true"))
    return None


@clause(
    "answer-headers/no-bucket-key-for-dsse",
    rules=("GP-ECHO-06", "GP-RES-15"),
    source=BUCKET_KEY_PAGE,
    profile="dsse-kms",
    needs=Capability.DSSE_KMS,
)
def no_bucket_key_for_dsse(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about a DSSE-KMS object never show an S3 Bucket Key."""
    del world, request
    if not isinstance(version.encryption, DsseKms):
        return None
    return Require(BUCKET_KEY, AbsentOr("false", wrong="true"))


@clause(
    "answer-headers/sse-c-is-shown",
    rules=("GP-ECHO-05",),
    source=Source("API/API_PutObject.html", "SSECustomerAlgorithm"),
    profile="sse-c",
    needs=Capability.SSE_C,
)
def sse_c_is_shown(world: World, request: WithEncryptionHeaders, version: ObjectVersion) -> Rulings:
    """Answers about an SSE-C object show the customer algorithm AES256."""
    del world, request
    if not isinstance(version.encryption, SseC):
        return None
    return Require(CUSTOMER_ALGORITHM, Equals("AES256"))


@clause(
    "answer-headers/customer-key-md5-is-shown",
    rules=("GP-ECHO-05",),
    source=Source("API/API_PutObject.html", "SSECustomerKeyMD5"),
    profile="sse-c",
    needs=Capability.SSE_C,
)
def customer_key_md5_is_shown(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an SSE-C object show the MD5 of its key; on a completion see GP-MPU-10."""
    del world
    if isinstance(request, CompleteMultipartUpload) or not isinstance(version.encryption, SseC):
        return None
    if isinstance(request, PostObject) and request.is_url_safe:
        return None  # in which alphabet is not said
    return Require(CUSTOMER_KEY_MD5, Equals(version.encryption.customer_key_md5))


@clause(
    "answer-headers/no-algorithm-for-sse-c",
    rules=("GP-ECHO-05",),
    source=RECORDED,
    profile="sse-c",
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def no_algorithm_for_sse_c(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an SSE-C object do not show x-amz-server-side-encryption."""
    del world, request
    if not isinstance(version.encryption, SseC):
        return None
    return Require(SSE, Absent(wrong=SseAlgorithm.AES256.value))


@clause(
    "answer-headers/no-customer-key-without-sse-c",
    rules=("GP-ECHO-01", "GP-COPY-20"),
    source=RECORDED,
    profile="sse-s3",
    basis=Basis.OBSERVED,
)
def no_customer_key_without_sse_c(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """Answers about an object that is not under SSE-C show no customer algorithm and key MD5."""
    del world, request
    if not isinstance(version.encryption, SseS3 | SseKms | DsseKms):
        return None
    return (
        Require(CUSTOMER_ALGORITHM, Absent("AES256")),
        Require(CUSTOMER_KEY_MD5, Absent("JMwgiexXqwuPqIPjYFmIZQ==")),
    )


@clause(
    "answer-headers/customer-key-is-never-shown",
    rules=("GP-ECHO-05", "GP-ENC-07"),
    source=Source("userguide/ServerSideEncryptionCustomerKeys.html", "Using SSE-C"),
    profile="sse-c",
)
def customer_key_is_never_shown(
    world: World, request: WithEncryptionHeaders, version: ObjectVersion
) -> Rulings:
    """No answer repeats the customer's key."""
    del world, version
    return Require(CUSTOMER_KEY, Absent(request.customer_key or "AAAA"))


@clause(
    "answer-headers/context-is-not-shown-to-readers",
    rules=("GP-ECHO-08", "GP-HDR-24", "GP-HDR-25", "GP-HDR-26"),
    source=GET,
    profile="sse-kms",
    needs=Capability.SSE_KMS,
)
def context_is_not_shown_to_readers(
    world: World, request: ObjectRead | PartOfUpload, version: ObjectVersion
) -> Rulings:
    """GET, HEAD, parts and completions never show the encryption context."""
    del world, request
    shown = version.encryption_context or "eyJhIjoiYiJ9"
    return Require(CONTEXT, Absent(shown))


@clause(
    "answer-headers/context-is-what-was-sent",
    rules=(
        "GP-ECHO-07",
        "GP-CTX-02",
        "GP-AMB-15",
        "GP-CTX-03",
    ),
    source=PUT,
    profile="sse-kms",
    basis=Basis.OBSERVED,
    needs=Capability.SSE_KMS,
)
def context_is_what_was_sent(world: World, request: ObjectWrite, version: ObjectVersion) -> Rulings:
    """The answer to a write shows no context, or the pairs that were sent and S3's own one."""
    del world
    encryption = version.encryption
    if encryption is None or isinstance(request, PostObject):
        return None
    if not isinstance(encryption, SseKms | DsseKms):
        return Require(CONTEXT, Absent("eyJhIjoiYiJ9"))
    return Require(CONTEXT, ContextEcho(request.encryption_context))


@clause(
    "answer-headers/refusals-show-no-encryption",
    rules=("GP-HDR-20", "GP-ECHO-01"),
    source=RECORDED,
    profile="sse-s3",
    basis=Basis.OBSERVED,
)
def refusals_show_no_encryption(
    world: World, request: WithEncryptionHeaders, refusal: Refusal
) -> Rulings:
    """A refusal shows no encryption header; of conditional reads that is not said."""
    del world, refusal
    if isinstance(request, ConditionalRead) and request.is_conditional:
        return None
    return _NO_ENCRYPTION


@clause(
    "answer-headers/deletion-shows-no-encryption",
    rules=("GP-HDR-11",),
    source=RECORDED,
    profile="sse-s3",
    basis=Basis.OBSERVED,
)
def deletion_shows_no_encryption(world: World, request: DeleteObject | DeleteObjects) -> Rulings:
    """The answer to a deletion shows no encryption header."""
    del world, request
    return _NO_ENCRYPTION
