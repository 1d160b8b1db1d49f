"""SSE-C in an upload by parts: each part needs the key, the completion does not."""

from __future__ import annotations

from model.clause import (
    Basis,
    Capability,
    MayRefuse,
    Order,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.clauses.request import STEP_CONTENT_MD5
from model.clauses.sse_c import STEP_KEY, every_step, step
from model.facts import bucket_of, is_same_key, source_version
from model.matchers import Absent, Equals
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_bucket import SSE_C_TYPE
from model.operations.upload_in_progress import upload_named
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.request import (
    CUSTOMER_KEY_MD5,
    CustomerKeyHeaders,
    KeyRole,
    PartOfUpload,
    PartUpload,
    uses_sse_c,
)
from model.s3_errors import ACCESS_DENIED, ANY_400, INVALID_ARGUMENT, INVALID_REQUEST
from model.sse import CUSTOMER_ALGORITHM, SseC, decode_customer_key, md5_base64
from model.stored import MultipartUpload, ObjectVersion
from model.world import World

PART = Source("API/API_UploadPart.html", "SSECustomerKey")
COMPLETE = Source("API/API_CompleteMultipartUpload.html", "SSECustomerKey")
RECORDED = Source("recorded answers of Amazon S3, March 2026", "SSE-C uploads in parts")
PROFILE = "multipart"
NEEDS = Capability.SSE_C


def _key_md5(world: World, request: PartOfUpload) -> str | None:
    """Return the MD5 of the upload's customer key, None where it has none or it is not known."""
    upload = upload_named(world, request)
    encryption = upload.version.encryption if isinstance(upload, MultipartUpload) else None
    return encryption.customer_key_md5 if isinstance(encryption, SseC) else None


def _is_plain(world: World, request: PartOfUpload) -> bool:
    """Tell whether the upload is known to be under something else than a customer's key."""
    upload = upload_named(world, request)
    encryption = upload.version.encryption if isinstance(upload, MultipartUpload) else None
    return encryption is not None and not isinstance(encryption, SseC)


def _is_sound(group: CustomerKeyHeaders) -> bool:
    """Tell whether the headers pass the checks that come before the key is compared."""
    key = decode_customer_key(group.key or "")
    return bool(key) and group.algorithm == CUSTOMER_ALGORITHM and group.key_md5 == md5_base64(key)


@clause(
    "multipart-sse-c/part-needs-the-key",
    rules=("GP-MPU-05", "GP-MPU-E1"),
    source=PART,
    profile=PROFILE,
    needs=NEEDS,
)
def part_needs_the_key(world: World, request: PartUpload) -> Rulings:
    """A part of an SSE-C upload without the customer key headers is refused."""
    if _key_md5(world, request) is None or uses_sse_c(request):
        return None
    return Refuse((INVALID_REQUEST,))


@clause(
    "multipart-sse-c/part-needs-the-same-key",
    rules=("GP-MPU-E2", "GP-SSEC-09b", "GP-MPU-E3"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def part_needs_the_same_key(world: World, request: PartUpload) -> Rulings:
    """A part of an SSE-C upload with another key, of any length, is refused with 400."""
    key_md5 = _key_md5(world, request)
    if key_md5 is None or not _is_sound(request.own_key) or is_same_key(request.own_key, key_md5):
        return None
    return Refuse((INVALID_REQUEST,), step=step(KeyRole.PART, STEP_KEY))


@clause(
    "multipart-sse-c/key-for-another-upload-is-refused",
    rules=("GP-MPU-E1", "GP-MPU-E3"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def key_for_another_upload_is_refused(world: World, request: PartUpload) -> Rulings:
    """A part with a customer key for an upload that is not under SSE-C is refused."""
    if not _is_plain(world, request) or not _is_sound(request.own_key):
        return None
    return Refuse((INVALID_REQUEST,), step=step(KeyRole.PART, STEP_KEY))


@clause(
    "multipart-sse-c/part-with-the-key-is-taken",
    rules=("GP-MPU-05",),
    source=PART,
    profile=PROFILE,
    needs=NEEDS,
)
def part_with_the_key_is_taken(world: World, request: UploadPart) -> Rulings:
    """A part of an SSE-C upload with the three headers of its creation is taken."""
    key_md5 = _key_md5(world, request)
    if key_md5 is None or not _is_sound(request.own_key):
        return None
    return Succeed() if is_same_key(request.own_key, key_md5) else None


@clause(
    "multipart-sse-c/copied-part-with-the-key-is-taken",
    rules=("GP-MPU-05",),
    source=Source("API/API_UploadPartCopy.html", "SSECustomerKey"),
    profile=PROFILE,
    needs=NEEDS,
)
def copied_part_with_the_key_is_taken(world: World, request: UploadPartCopy) -> Rulings:
    """A part is copied into an SSE-C upload with the three headers of its creation."""
    key_md5, source = _key_md5(world, request), request.copied(world)
    if key_md5 is None or source is None or not _is_sound(request.own_key):
        return None
    if request.source_key_headers.present or request.is_range_of_little(world):
        return None
    version = source_version(world, request)
    if not isinstance(version, ObjectVersion) or isinstance(version.encryption, SseC | None):
        return None
    return Succeed() if is_same_key(request.own_key, key_md5) else None


@clause(
    "multipart-sse-c/content-md5-is-checked-first",
    rules=("GP-SSEC-00",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def content_md5_is_checked_first(world: World, request: UploadPart) -> Rulings:
    """UploadPart checks the Content-MD5 before the customer key headers."""
    del world
    if request.content_md5 is None or not uses_sse_c(request):
        return None
    return Order({STEP_CONTENT_MD5: every_step(KeyRole.PART)})


@clause(
    "multipart-sse-c/completion-needs-no-key",
    rules=("GP-MPU-09",),
    source=COMPLETE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def completion_needs_no_key(world: World, request: CompleteMultipartUpload) -> Rulings:
    """An SSE-C upload is completed without its key."""
    if _key_md5(world, request) is None or uses_sse_c(request) or _has_checksums(request):
        return None
    return Succeed()


@clause(
    "multipart-sse-c/completion-ignores-part-of-a-key",
    rules=("GP-MPU-11",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def completion_ignores_part_of_a_key(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion with one or two of the three customer key headers is done as if without."""
    if _key_md5(world, request) is None or not uses_sse_c(request) or request.key_groups:
        return None
    return None if _has_checksums(request) else Succeed()


@clause(
    "multipart-sse-c/completion-takes-the-key",
    rules=("GP-MPU-12", "GP-CKS-06"),
    source=COMPLETE,
    profile=PROFILE,
    needs=NEEDS,
)
def completion_takes_the_key(world: World, request: CompleteMultipartUpload) -> Rulings:
    """An SSE-C upload is completed with its key."""
    key_md5 = _key_md5(world, request)
    if key_md5 is None or not _is_sound(request.own_key):
        return None
    return Succeed() if is_same_key(request.own_key, key_md5) else None


@clause(
    "multipart-sse-c/completion-needs-the-same-key",
    rules=("GP-MPU-13", "GP-SSEC-09d"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def completion_needs_the_same_key(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion with the headers of another key, of any length, is refused with 400."""
    key_md5 = _key_md5(world, request)
    if key_md5 is None or not _is_sound(request.own_key) or is_same_key(request.own_key, key_md5):
        return None
    return Refuse((INVALID_REQUEST,), step=step(KeyRole.COMPLETION, STEP_KEY))


@clause(
    "multipart-sse-c/key-for-another-completion-is-refused",
    rules=("GP-MPU-13",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def key_for_another_completion_is_refused(
    world: World, request: CompleteMultipartUpload
) -> Rulings:
    """A completion with a customer key of an upload that is not under SSE-C is refused."""
    if not _is_plain(world, request) or not _is_sound(request.own_key):
        return None
    return Refuse((INVALID_REQUEST,), step=step(KeyRole.COMPLETION, STEP_KEY))


@clause(
    "multipart-sse-c/completion-shows-the-md5-of-a-key-sent",
    rules=("GP-MPU-10", "GP-HDR-26"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def completion_shows_the_md5_of_a_key_sent(
    world: World, request: CompleteMultipartUpload, version: ObjectVersion
) -> Rulings:
    """The answer to an SSE-C completion shows the key's MD5 exactly where the key was sent."""
    del world
    if not isinstance(version.encryption, SseC):
        return None
    md5 = version.encryption.customer_key_md5
    return Require(CUSTOMER_KEY_MD5, Equals(md5) if request.key_groups else Absent(md5))


@allowance("GP-MPU-E6", "GP-AMB-11")
def completion_in_a_bucket_that_blocks_sse_c(
    world: World, request: CompleteMultipartUpload
) -> Rulings:
    """Completion of an SSE-C upload after the bucket was made to block SSE-C: done, or denied."""
    bucket = bucket_of(world, request)
    if bucket is None or _key_md5(world, request) is None:
        return None
    blocks = bucket.blocked is None or SSE_C_TYPE in bucket.blocked
    return MayRefuse((ACCESS_DENIED,)) if blocks else None


@allowance("GP-MPU-14", "GP-AMB-11", "GP-CKS-06")
def checksums_beside_no_key(world: World, request: CompleteMultipartUpload) -> Rulings:
    """An SSE-C completion that lists checksums and lacks the key: done, or refused."""
    if _key_md5(world, request) is None or request.key_groups:
        return None
    return MayRefuse((ANY_400,)) if _has_checksums(request) else None


@allowance("GP-SSEC-01", "GP-MPU-11")
def part_of_a_key_without_tls(world: World, request: CompleteMultipartUpload) -> Rulings:
    """One or two of the key headers on a completion over plain HTTP: ignored, or refused."""
    if request.secure or world.context.sse_c_over_http or request.key_groups:
        return None
    return MayRefuse((INVALID_ARGUMENT,)) if uses_sse_c(request) else None


def _has_checksums(request: CompleteMultipartUpload) -> bool:
    return any(part.has_checksum for part in request.parts or ())
