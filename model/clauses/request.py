"""Requests that are wrong in themselves: unknown values, headers that do not belong together."""

from __future__ import annotations

import base64
import binascii

from model.clause import (
    GENERAL_AND_DIRECTORY,
    Basis,
    Order,
    Refuse,
    Rulings,
    Source,
    Succeed,
    clause,
)
from model.facts import KMS_ALGORITHMS, bucket_of
from model.matchers import is_perhaps_a_context
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_objects import DeleteObjects
from model.operations.listing import ListingOperation
from model.operations.post_object import PostObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.operations.upload_part import UploadPart
from model.request import (
    BucketConfiguration,
    ObjectRead,
    ObjectRequest,
    ObjectWrite,
    uses_sse_c,
)
from model.s3_errors import (
    ANY_400,
    BAD_DIGEST,
    INVALID_ARGUMENT,
    INVALID_DIGEST,
    INVALID_STORAGE_CLASS,
    NO_SUCH_BUCKET,
    PRECONDITION_FAILED,
)
from model.sse import SseAlgorithm, md5_base64
from model.stored import ObjectVersion, Presence
from model.world import World

SEED = Source("API/API_CopyObject.html", "ServerSideEncryption")
READ = Source("API/API_GetObject.html", "Encryption")
PUT = Source("API/API_PutObject.html", "SSEKMSKeyId")
ERRORS = Source("API/ErrorResponses.html", "List of error codes")
INTEGRITY = Source("userguide/checking-object-integrity.html", "Content-MD5")

OTHER_SERVICES = frozenset({"aws:fsx", "aws:backup"})
STORAGE_CLASSES = frozenset(
    {
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
        "OUTPOSTS",
        "SNOW",
        "EXPRESS_ONEZONE",
        "FSX_OPENZFS",
        "FSX_ONTAP",
    }
)
_MD5_LENGTH = 16

STEP_STORAGE_CLASS = "storage class"
STEP_CONTENT_MD5 = "Content-MD5"


@clause(
    "request/unknown-algorithm-is-refused",
    rules=(
        "GP-VAL-01",
        "GP-RES-27",
        "GP-ENC-10",
        "GP-COPY-10",
        "GP-ENC-01",
    ),
    source=SEED,
    profile="sse-s3",
)
def unknown_algorithm_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A value of x-amz-server-side-encryption that S3 does not know, to the letter, is refused."""
    del world
    if request.sse is None or uses_sse_c(request):
        return None
    if request.sse in set(SseAlgorithm) | OTHER_SERVICES:
        return None
    return Refuse((INVALID_ARGUMENT,))


@clause(
    "request/other-services-algorithm-is-refused",
    rules=("GP-VAL-02", "GP-ENC-02", "GP-AMB-05", "FSX-012", "FSX-021"),
    source=SEED,
    profile="sse-s3",
)
def other_services_algorithm_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """aws:fsx and aws:backup are no options of a general purpose bucket: 400, some error code."""
    del world
    if request.sse not in OTHER_SERVICES or uses_sse_c(request):
        return None
    return Refuse((ANY_400,))


@clause(
    "request/key-id-needs-kms",
    rules=("GP-VAL-03", "GP-RES-17"),
    source=PUT,
    profile="sse-kms",
    basis=Basis.OBSERVED,
)
def key_id_needs_kms(world: World, request: ObjectWrite) -> Rulings:
    """A KMS key id without x-amz-server-side-encryption is refused, whatever the default is."""
    del world
    if request.kms_key_id is None or request.sse is not None or uses_sse_c(request):
        return None
    return Refuse((INVALID_ARGUMENT,))


@clause(
    "request/key-id-beside-aes256-is-refused",
    rules=("GP-VAL-04", "GP-RES-24", "GP-AMB-06"),
    source=PUT,
    profile="sse-kms",
    basis=Basis.OBSERVED,
)
def key_id_beside_aes256_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A KMS key id beside AES256 is refused."""
    del world
    if request.kms_key_id is None or request.sse != SseAlgorithm.AES256 or uses_sse_c(request):
        return None
    return Refuse((INVALID_ARGUMENT,))


@clause(
    "request/context-must-be-a-string-map",
    rules=("GP-CTX-01", "GP-CTX-04"),
    source=Source("API/API_PutObject.html", "SSEKMSEncryptionContext"),
    profile="sse-kms",
    basis=Basis.OBSERVED,
)
def context_must_be_a_string_map(world: World, request: ObjectWrite) -> Rulings:
    """An encryption context that is not base64 of a JSON map of strings is refused."""
    del world
    if request.sse not in KMS_ALGORITHMS or request.encryption_context is None:
        return None
    if is_perhaps_a_context(request.encryption_context):
        return None
    return Refuse((ANY_400,))


@clause(
    "request/algorithm-on-a-read-is-refused",
    rules=("GP-RD-07", "GP-HDR-08", "GP-HDR-09"),
    source=READ,
    profile="sse-s3",
)
def algorithm_on_a_read_is_refused(world: World, request: ObjectRead) -> Rulings:
    """x-amz-server-side-encryption on a read, of data or metadata, is refused."""
    del world
    return None if request.sse is None else Refuse((INVALID_ARGUMENT,))


@clause(
    "request/key-id-on-a-read-is-refused",
    rules=("GP-RD-08", "GP-HDR-08"),
    source=READ,
    profile="sse-kms",
    basis=Basis.OBSERVED,
)
def key_id_on_a_read_is_refused(world: World, request: ObjectRead) -> Rulings:
    """A KMS key id on a read, of data or metadata, is refused."""
    del world
    return None if request.kms_key_id is None else Refuse((INVALID_ARGUMENT,))


@clause(
    "request/missing-bucket-is-named",
    rules=("GP-CFG-15", "GP-CFG-35"),
    source=ERRORS,
    profile="bucket-default",
)
def missing_bucket_is_named(
    world: World, request: BucketConfiguration | ListingOperation | DeleteObjects
) -> Rulings:
    """A request about a bucket that does not exist, or its objects, gets NoSuchBucket."""
    if world.bucket(request.bucket) is not Presence.ABSENT:
        return None
    return Refuse((NO_SUCH_BUCKET,), step="bucket")


@clause(
    "request/object-in-missing-bucket-is-refused",
    rules=("GP-SRC-07", "GP-VAL-10"),
    source=ERRORS,
    profile="sse-s3",
)
def object_in_missing_bucket_is_refused(world: World, request: ObjectRequest) -> Rulings:
    """A request for an object in a bucket that does not exist gets NoSuchBucket."""
    if world.bucket(request.bucket) is not Presence.ABSENT:
        return None
    return Refuse((NO_SUCH_BUCKET,))


@clause(
    "request/storage-class-must-be-known",
    rules=("GP-SSEC-00",),
    source=ERRORS,
    profile="sse-s3",
)
def storage_class_must_be_known(
    world: World, request: PutObject | PostObject | CopyObject | CreateMultipartUpload
) -> Rulings:
    """An unknown storage class is refused, with or without encryption headers."""
    del world
    if request.storage_class is None or request.storage_class in STORAGE_CLASSES:
        return None
    return Refuse((INVALID_STORAGE_CLASS,), step=STEP_STORAGE_CLASS)


@clause(
    "request/content-md5-must-be-a-digest",
    rules=("GP-SSEC-00", "GP-CKS-03"),
    source=ERRORS,
    profile="sse-s3",
)
def content_md5_must_be_a_digest(
    world: World,
    request: PutObject | UploadPart | PutBucketEncryption | UpdateObjectEncryption,
) -> Rulings:
    """A Content-MD5 that is not the base64 of sixteen bytes is refused."""
    del world
    if request.content_md5 is None or _digest(request.content_md5) is not None:
        return None
    return Refuse((INVALID_DIGEST,), step=STEP_CONTENT_MD5)


@clause(
    "request/content-md5-must-match-the-data",
    rules=("GP-CKS-03", "GP-CFG-17"),
    source=INTEGRITY,
    profile="sse-s3",
)
def content_md5_must_match_the_data(
    world: World,
    request: PutObject | UploadPart | PutBucketEncryption | UpdateObjectEncryption,
) -> Rulings:
    """A Content-MD5 of other data is refused, for every kind of encryption."""
    del world
    if request.content_md5 is None or _digest(request.content_md5) is None:
        return None
    if request.content_md5 == md5_base64(request.content()):
        return None
    return Refuse((BAD_DIGEST,))


@clause(
    "request/checks-before-encryption-in-order",
    rules=("GP-SSEC-00",),
    source=Source("recorded answers of Amazon S3, March 2026", "order of checks"),
    profile="sse-c",
    basis=Basis.OBSERVED,
)
def checks_before_encryption_in_order(world: World, request: PutObject) -> Rulings:
    """PutObject checks the storage class, then Content-MD5, then the SSE-C headers."""
    del world
    if request.storage_class is None and request.content_md5 is None:
        return None
    if not uses_sse_c(request) and (request.storage_class is None or request.content_md5 is None):
        return None
    later = frozenset(f"write:{step}" for step in range(10))
    return Order({STEP_STORAGE_CLASS: later | {STEP_CONTENT_MD5}, STEP_CONTENT_MD5: later})


@clause(
    "request/if-none-match-keeps-the-object",
    rules=("GP-ETAG-09",),
    source=Source("API/API_PutObject.html", "If-None-Match"),
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def if_none_match_keeps_the_object(world: World, request: PutObject) -> Rulings:
    """If-None-Match: * refuses a write to a key that holds an object, however it is encrypted."""
    if request.if_none_match != "*" or bucket_of(world, request) is None:
        return None
    found = world.object(request.bucket, request.object_key)
    if isinstance(found, ObjectVersion):
        return Refuse((PRECONDITION_FAILED,))
    return Succeed() if found is Presence.ABSENT else None


def _digest(text: str) -> bytes | None:
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == _MD5_LENGTH else None
