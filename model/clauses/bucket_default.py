"""What a write without encryption headers gets: the bucket's default encryption."""

from __future__ import annotations

from model.clause import Capability, Facet, Rulings, Source, Store, clause
from model.directory_bucket import reads_from_directory
from model.facts import bucket_of, default_of, key_or_unlisted
from model.kms import managed_key
from model.operations.copy_object import CopyObject
from model.request import ObjectWrite, names_no_encryption
from model.sse import SseAlgorithm
from model.world import ServerSideEncryptionRule, World

PAGE = Source("userguide/default-bucket-encryption.html", "Setting default encryption")
BY_DEFAULT = Source("API/API_ServerSideEncryptionByDefault.html", "KMSMasterKeyID")
DSSE = Source("userguide/specifying-dsse-encryption.html", "Specifying DSSE-KMS")
BUCKET_KEY = Source("userguide/bucket-key.html", "Configuring S3 Bucket Keys")
COPY = Source("API/API_CopyObject.html", "Server-side encryption")


def _default(world: World, request: ObjectWrite) -> ServerSideEncryptionRule | None:
    """Return the default that decides a write, None where the request decides or it is unknown."""
    if not names_no_encryption(request) or isinstance(request, CopyObject):
        return None
    return default_of(world, request)


@clause(
    "bucket-default/base-is-sse-s3",
    rules=("GP-ENC-03", "GP-RES-01", "GP-ACL-01"),
    source=PAGE,
    profile="bucket-default",
)
def base_is_sse_s3(world: World, request: ObjectWrite) -> Rulings:
    """A write without encryption headers into a bucket whose default is SSE-S3 gets SSE-S3."""
    rule = _default(world, request)
    if rule is None or rule.sse_algorithm is not SseAlgorithm.AES256:
        return None
    return Store(Facet.ALGORITHM, (SseAlgorithm.AES256.value,))


@clause(
    "bucket-default/kms-is-applied",
    rules=("GP-RES-02", "GP-CFG-36"),
    source=PAGE,
    profile="bucket-default",
    needs=Capability.SSE_KMS,
)
def kms_is_applied(world: World, request: ObjectWrite) -> Rulings:
    """A write without encryption headers gets SSE-KMS when that is the bucket's default."""
    rule = _default(world, request)
    if rule is None or rule.sse_algorithm is not SseAlgorithm.AWS_KMS:
        return None
    return Store(Facet.ALGORITHM, (SseAlgorithm.AWS_KMS.value,))


@clause(
    "bucket-default/kms-key-is-used",
    rules=("GP-RES-02", "GP-KEY-03"),
    source=PAGE,
    profile="bucket-default",
    needs=Capability.SSE_KMS,
)
def kms_key_is_used(world: World, request: ObjectWrite) -> Rulings:
    """A default of SSE-KMS or DSSE-KMS with a key encrypts under that key."""
    rule = _default(world, request)
    if rule is None or not rule.kms_key_id or rule.sse_algorithm is SseAlgorithm.AES256:
        return None
    return Store(Facet.KMS_KEY, (key_or_unlisted(world, request, rule.kms_key_id),))


@clause(
    "bucket-default/kms-without-key-is-managed",
    rules=("GP-RES-03", "GP-RES-04", "GP-KEY-01"),
    source=BY_DEFAULT,
    profile="bucket-default",
    needs=Capability.SSE_KMS,
)
def kms_without_key_is_managed(world: World, request: ObjectWrite) -> Rulings:
    """A default of SSE-KMS or DSSE-KMS without a key encrypts under the AWS managed key."""
    rule = _default(world, request)
    if rule is None or rule.kms_key_id or rule.sse_algorithm is SseAlgorithm.AES256:
        return None
    return Store(Facet.KMS_KEY, (managed_key(world),))


@clause(
    "bucket-default/bucket-key-is-applied",
    rules=("GP-RES-02", "GP-RES-03", "GP-CFG-13"),
    source=BUCKET_KEY,
    profile="bucket-keys",
    needs=Capability.BUCKET_KEY,
)
def bucket_key_is_applied(world: World, request: ObjectWrite) -> Rulings:
    """A write without encryption headers uses an S3 Bucket Key exactly when the default has one."""
    rule = _default(world, request)
    if rule is None or rule.sse_algorithm is not SseAlgorithm.AWS_KMS:
        return None
    return Store(Facet.BUCKET_KEY, (rule.bucket_key_enabled,))


@clause(
    "bucket-default/dsse-is-applied",
    rules=("GP-RES-04", "GP-CFG-14"),
    source=DSSE,
    profile="dsse-kms",
    needs=Capability.DSSE_KMS,
)
def dsse_is_applied(world: World, request: ObjectWrite) -> Rulings:
    """A write without encryption headers gets DSSE-KMS when that is the bucket's default."""
    rule = _default(world, request)
    if rule is None or rule.sse_algorithm is not SseAlgorithm.AWS_KMS_DSSE:
        return None
    return Store(Facet.ALGORITHM, (SseAlgorithm.AWS_KMS_DSSE.value,))


def _copy_default(world: World, request: CopyObject) -> ServerSideEncryptionRule | None:
    if not names_no_encryption(request) or bucket_of(world, request) is None:
        return None
    return default_of(world, request)


@clause(
    "bucket-default/copy-takes-the-destination-default",
    rules=(
        "GP-COPY-01",
        "GP-COPY-02",
        "GP-COPY-08",
        "GP-COPY-06",
        "DB-070",
    ),
    source=COPY,
    profile="copy",
    needs=Capability.COPY,
)
def copy_takes_the_destination_default(world: World, request: CopyObject) -> Rulings:
    """A copy without encryption headers is encrypted as the destination bucket's default says."""
    rule = _copy_default(world, request)
    if rule is None:
        return None
    return Store(Facet.ALGORITHM, (rule.sse_algorithm.value,))


@clause(
    "bucket-default/copy-takes-the-destination-key",
    rules=("GP-COPY-01", "GP-COPY-02"),
    source=COPY,
    profile="copy",
    needs=Capability.SSE_KMS,
)
def copy_takes_the_destination_key(world: World, request: CopyObject) -> Rulings:
    """A copy without encryption headers takes its KMS key from the destination bucket's default."""
    rule = _copy_default(world, request)
    if rule is None or rule.sse_algorithm is SseAlgorithm.AES256:
        return None
    if not rule.kms_key_id:
        return Store(Facet.KMS_KEY, (managed_key(world),))
    return Store(Facet.KMS_KEY, (key_or_unlisted(world, request, rule.kms_key_id),))


@clause(
    "bucket-default/copy-takes-the-destination-bucket-key",
    rules=("GP-COPY-04", "GP-COPY-02"),
    source=Source("userguide/configuring-bucket-key-object.html", "Using S3 Bucket Keys with copy"),
    profile="bucket-keys",
    needs=Capability.BUCKET_KEY,
)
def copy_takes_the_destination_bucket_key(world: World, request: CopyObject) -> Rulings:
    """A copy without encryption headers uses a Bucket Key as its destination says."""
    rule = _copy_default(world, request)
    if rule is None or reads_from_directory(request):  # then there is none (DB-071)
        return None
    if rule.sse_algorithm is not SseAlgorithm.AWS_KMS:
        return None
    return Store(Facet.BUCKET_KEY, (rule.bucket_key_enabled,))
