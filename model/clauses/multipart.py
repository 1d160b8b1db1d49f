"""Uploads in parts: how they begin, their parts, their lists, and how they are given up."""

from __future__ import annotations

from model.answer import ETAG
from model.clause import (
    EVERY_BUCKET,
    GENERAL_AND_DIRECTORY,
    Basis,
    Capability,
    Keep,
    Law,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.facts import bucket_of, kms_may_need_tls, source_version
from model.matchers import Absent, Equals, Md5Of, Md5Shape, NewId, NoneBut, NotMd5Of
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.list_multipart_uploads import UPLOADS, ListMultipartUploads
from model.operations.list_parts import ETAGS, SIZES, ListParts, listed
from model.operations.part_upload import PartOperation
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.upload_in_progress import has_ended, is_completed, upload_named
from model.operations.upload_part_copy import UploadPartCopy
from model.request import ENCRYPTION_HEADERS, PartOfUpload, UploadRequest, names_no_encryption
from model.s3_errors import (
    ACCESS_DENIED,
    ANY_400,
    INVALID_ARGUMENT,
    INVALID_RANGE,
    INVALID_REQUEST,
    NO_SUCH_BUCKET,
    NO_SUCH_UPLOAD,
)
from model.sse import DsseKms, SseC, SseKms, SseS3
from model.stored import NEW_UPLOAD, MultipartUpload, ObjectVersion, Presence, is_in_progress
from model.world import KeyState, World

CREATE = Source("API/API_CreateMultipartUpload.html", "Response elements")
PART = Source("API/API_UploadPart.html", "Description")
LIST = Source("API/API_ListParts.html", "Description")
ABORT = Source("API/API_AbortMultipartUpload.html", "Request syntax")
ERRORS = Source("API/ErrorResponses.html", "List of error codes")
ETAGS_PAGE = Source("API/API_Object.html", "ETag")
RECORDED = Source("recorded answers of Amazon S3, 2026", "multipart uploads")
PROFILE = "multipart"
NEEDS = Capability.MULTIPART


def _encryption(world: World, request: UploadRequest) -> object:
    """Return the encryption of the upload that a request names, None where it is not known."""
    upload = upload_named(world, request)
    return upload.version.encryption if isinstance(upload, MultipartUpload) else None


@clause(
    "multipart/upload-id-is-given",
    rules=("GP-HDR-23",),
    source=CREATE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=EVERY_BUCKET,
)
def upload_id_is_given(
    world: World, request: CreateMultipartUpload, version: ObjectVersion
) -> Rulings:
    """CreateMultipartUpload answers with an id that no other upload has."""
    del version
    bucket = bucket_of(world, request)
    known = frozenset() if bucket is None else frozenset(bucket.uploads) - {NEW_UPLOAD}
    return Require(UPLOAD_ID, NewId(known))


@clause(
    "multipart/algorithm-on-a-part-is-refused",
    rules=("GP-VAL-07", "GP-MPU-04", "GP-HDR-05", "GP-HDR-06", "GP-HDR-07"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def algorithm_on_a_part_is_refused(world: World, request: PartOfUpload) -> Rulings:
    """x-amz-server-side-encryption on a part or a completion is refused, whatever it says."""
    del world
    return None if request.sse is None else Refuse((INVALID_ARGUMENT,))


@allowance("GP-VAL-08", "GP-HDR-05", "GP-HDR-06", "GP-HDR-07")
def kms_headers_on_a_part(world: World, request: PartOfUpload) -> Rulings:
    """The KMS headers on a part or a completion: refused, or ignored."""
    del world
    given = (request.kms_key_id, request.bucket_key_enabled, request.encryption_context)
    return None if given == (None, None, None) else MayRefuse((INVALID_ARGUMENT,))


@clause(
    "multipart/unknown-upload-is-refused",
    rules=("GP-MPU-E4",),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def unknown_upload_is_refused(world: World, request: UploadRequest) -> Rulings:
    """A request for an upload that never was, or that was aborted or completed, is refused.

    But for a completion of one that was completed, and an abort of one that is over.
    """
    if bucket_of(world, request) is None:
        return None
    if upload_named(world, request) is not Presence.ABSENT:
        return None
    if isinstance(request, CompleteMultipartUpload) and is_completed(world, request):
        return None
    if isinstance(request, AbortMultipartUpload) and has_ended(world, request):
        return None
    return Refuse((NO_SUCH_UPLOAD,))


@allowance("GP-MPU-E4", buckets=GENERAL_AND_DIRECTORY)
def abort_that_is_repeated(world: World, request: AbortMultipartUpload) -> Rulings:
    """An abort of an upload that is over: done as before, or no such upload.

    AWS says that an abort may have to be repeated, and was seen to take it for hours.
    """
    return MayRefuse((NO_SUCH_UPLOAD,)) if has_ended(world, request) else None


@clause(
    "multipart/part-number-is-from-1-to-10000",
    rules=("GP-SSEC-00",),
    source=Source("API/API_UploadPart.html", "PartNumber"),
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def part_number_is_from_1_to_10000(world: World, request: PartOperation) -> Rulings:
    """A part whose number is not from 1 to 10,000 is refused."""
    del world
    return Refuse((INVALID_ARGUMENT,)) if request.number is None else None


@clause(
    "multipart/part-needs-no-headers",
    rules=("GP-MPU-03", "GP-MPU-04", "GP-MPU-07", "GP-MPU-15", "GP-MPU-17"),
    source=PART,
    profile=PROFILE,
    needs=NEEDS,
)
def part_needs_no_headers(world: World, request: PartOperation) -> Rulings:
    """A part of an upload that is not under SSE-C is taken without any encryption header."""
    encryption = _encryption(world, request)
    if not isinstance(encryption, SseS3 | SseKms | DsseKms) or request.number is None:
        return None
    if isinstance(request, UploadPartCopy) and (
        request.copied(world) is None or request.is_range_of_little(world)
    ):
        return None
    return Succeed() if names_no_encryption(request) else None


@clause(
    "multipart/part-etag-under-sse-s3-is-the-md5",
    rules=("GP-ETAG-08", "GP-HDR-24", "GP-HDR-25"),
    source=ETAGS_PAGE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def part_etag_under_sse_s3_is_the_md5(
    world: World, request: PartOperation, version: ObjectVersion
) -> Rulings:
    """A part of an SSE-S3 upload, sent or copied, has the MD5 of its data for an ETag."""
    del world, request
    if not isinstance(version.encryption, SseS3) or version.body is None:
        return None
    return Require(ETAG, Md5Of(version.body))


@clause(
    "multipart/part-etag-under-a-key-is-not-the-md5",
    rules=("GP-ETAG-08",),
    source=ETAGS_PAGE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def part_etag_under_a_key_is_not_the_md5(
    world: World, request: PartOperation, version: ObjectVersion
) -> Rulings:
    """A part of an SSE-KMS or SSE-C upload has an ETag of 32 digits that is not its data's MD5."""
    del world, request
    if not isinstance(version.encryption, SseKms | SseC):
        return None
    return Require(ETAG, NotMd5Of(version.body))


@clause(
    "multipart/part-etag-under-dsse-has-32-digits",
    rules=("GP-ETAG-04", "GP-ETAG-08"),
    source=ETAGS_PAGE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.DSSE_KMS,
)
def part_etag_under_dsse_has_32_digits(
    world: World, request: PartOperation, version: ObjectVersion
) -> Rulings:
    """A part of a DSSE-KMS upload has an ETag of 32 digits; AWS says no more of it."""
    del world, request
    return Require(ETAG, Md5Shape()) if isinstance(version.encryption, DsseKms) else None


@clause(
    "multipart/new-default-leaves-the-uploads",
    rules=("GP-MPU-01", "GP-MPU-02"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def new_default_leaves_the_uploads(
    world: World, request: PutBucketEncryption | DeleteBucketEncryption
) -> Rulings:
    """An upload keeps the encryption that it was created with when the bucket's default changes."""
    bucket = bucket_of(world, request)
    if bucket is None or not any(is_in_progress(upload) for upload in bucket.uploads.values()):
        return None
    return Keep(Law.UPLOADS_ON_NEW_DEFAULT)


@clause(
    "multipart/abort-needs-no-key",
    rules=("GP-MPU-08", "GP-HDR-11", "GP-MPU-E6"),
    source=ABORT,
    profile=PROFILE,
    needs=NEEDS,
)
def abort_needs_no_key(world: World, request: AbortMultipartUpload) -> Rulings:
    """An upload is aborted without its key, whatever it is encrypted with."""
    return Succeed() if isinstance(upload_named(world, request), MultipartUpload) else None


@clause(
    "multipart/list-needs-no-key",
    rules=("GP-MPU-08", "GP-HDR-10", "GP-ENC-11"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def list_needs_no_key(world: World, request: ListParts) -> Rulings:
    """The parts of an upload are listed without its key, whatever it is encrypted with."""
    given = (request.customer_algorithm, request.customer_key, request.customer_key_md5)
    if given != (None, None, None):
        return None
    return Succeed() if isinstance(upload_named(world, request), MultipartUpload) else None


@allowance("GP-HDR-10")
def key_on_a_list_of_parts(world: World, request: ListParts) -> Rulings:
    """The customer key headers on ListParts: looked at or not, AWS does not say how."""
    del world
    given = (request.customer_algorithm, request.customer_key, request.customer_key_md5)
    return None if given == (None, None, None) else MayRefuse((ANY_400, ACCESS_DENIED))


@clause(
    "multipart/lists-show-no-encryption",
    rules=("GP-ENC-11", "GP-HDR-28", "GP-HDR-11"),
    source=LIST,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def lists_show_no_encryption(
    world: World, request: ListParts | ListMultipartUploads | AbortMultipartUpload
) -> Rulings:
    """Lists of parts and of uploads, and the answer to an abort, show no encryption header."""
    del world, request
    return tuple(Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS[:6])


@clause(
    "multipart/listed-etags-are-those-of-the-parts",
    rules=("GP-ETAG-08", "GP-HDR-28"),
    source=LIST,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def listed_etags_are_those_of_the_parts(world: World, request: ListParts) -> Rulings:
    """ListParts shows each part with the ETag that the part was answered with."""
    etags = listed(world, request)[ETAGS]
    return None if etags is None else Require(ETAGS, Equals(etags, wrong=etags[::-1]))


@clause(
    "multipart/listed-sizes-are-those-of-the-data",
    rules=("GP-ENC-04", "GP-HDR-28"),
    source=LIST,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def listed_sizes_are_those_of_the_data(world: World, request: ListParts) -> Rulings:
    """ListParts shows each part with the length of the data that was sent, not of what is kept."""
    sizes = listed(world, request)[SIZES]
    if sizes is None:
        return None
    longer = ",".join(str(int(size) + 16) for size in sizes.split(","))
    return Require(SIZES, Equals(sizes, wrong=longer))


@clause(
    "multipart/refused-creation-makes-no-upload",
    rules=("GP-MPU-06", "GP-SSEC-15"),
    source=CREATE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def refused_creation_makes_no_upload(world: World, request: ListMultipartUploads) -> Rulings:
    """No upload is listed that was refused, completed or aborted."""
    bucket = bucket_of(world, request)
    if bucket is None or bucket.upload("none") is not Presence.ABSENT:
        return None
    known = (name for name, upload in bucket.uploads.items() if bucket_may_list(upload))
    return Require(UPLOADS, NoneBut(tuple(sorted(known))))


def bucket_may_list(upload: MultipartUpload | Presence) -> bool:
    """Tell whether an upload is, or may be, in progress."""
    return upload is Presence.UNKNOWN or is_in_progress(upload)


@clause(
    "multipart/list-of-a-missing-bucket-is-refused",
    rules=("GP-VAL-10",),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
)
def list_of_a_missing_bucket_is_refused(world: World, request: ListMultipartUploads) -> Rulings:
    """A list of the uploads of a bucket that does not exist gets NoSuchBucket."""
    absent = world.bucket(request.bucket) is Presence.ABSENT
    return Refuse((NO_SUCH_BUCKET,)) if absent else None


@allowance("GP-KMS-05", "GP-KMS-06", "GP-KEY-10")
def upload_under_an_unusable_key(world: World, request: PartOfUpload) -> Rulings:
    """A part or a completion of an upload whose KMS key cannot be used now: AWS does not say."""
    encryption = _encryption(world, request)
    if not isinstance(encryption, SseKms | DsseKms):
        return None
    key = world.keys.get(encryption.kms_key_id)
    if key is None or key.state is KeyState.ENABLED:
        return None
    return MayRefuse((ANY_400, ACCESS_DENIED))


@allowance("GP-KMS-09a")
def kms_upload_without_tls(world: World, request: PartOfUpload) -> Rulings:
    """A part or a completion of a KMS upload over plain HTTP: refused on AWS, seldom elsewhere."""
    if not kms_may_need_tls(world, request):
        return None
    source = source_version(world, request) if isinstance(request, UploadPartCopy) else None
    read = source.encryption if isinstance(source, ObjectVersion) else None
    kms = any(isinstance(e, SseKms | DsseKms) for e in (_encryption(world, request), read))
    return MayRefuse((INVALID_ARGUMENT,)) if kms else None


@allowance("GP-SRC-14")
def range_that_the_source_has_not(world: World, request: UploadPartCopy) -> Rulings:
    """A copy source range that is malformed or goes beyond the source: some refusal, or a part."""
    source = None if request.source is None else world.version(*request.source)
    unsure = isinstance(source, ObjectVersion) and request.copied(world) is None
    asked = request.copy_source_range is not None
    return MayRefuse((ANY_400, INVALID_RANGE)) if asked and unsure else None


@allowance("GP-SRC-14")
def range_of_a_small_source(world: World, request: UploadPartCopy) -> Rulings:
    """A range of a source of up to 5 MiB: AWS says that it is refused; users saw it taken."""
    return MayRefuse((INVALID_REQUEST,)) if request.is_range_of_little(world) else None
