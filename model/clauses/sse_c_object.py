"""SSE-C: reading, copying and deleting an object that is under a customer's key, or is not."""

from __future__ import annotations

from model.clause import Basis, Capability, Refuse, Rulings, Source, Succeed, clause
from model.clauses.sse_c import STEP_KEY, step
from model.directory_bucket import reads_from_directory
from model.facts import customer_key_groups, is_same_key, source_version
from model.operations.delete_object import DeleteObject
from model.operations.object_read import ConditionalRead
from model.operations.upload_part_copy import UploadPartCopy
from model.request import CustomerKeyHeaders, KeyRole, ObjectRead, WithCopySource
from model.s3_errors import ACCESS_DENIED, INVALID_REQUEST
from model.sse import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_LENGTH,
    SseC,
    decode_customer_key,
    md5_base64,
)
from model.stored import ObjectVersion
from model.world import World

PAGE = Source("userguide/ServerSideEncryptionCustomerKeys.html", "Using SSE-C")
GET = Source("API/API_GetObject.html", "SSECustomerKey")
COPY = Source("API/API_CopyObject.html", "CopySourceSSECustomerKey")
RECORDED = Source("recorded answers of Amazon S3, March 2026", "SSE-C reads")
PROFILE = "sse-c"


def _version(world: World, request: ObjectRead | DeleteObject) -> ObjectVersion | None:
    found = world.version(request.bucket, request.object_key, request.version_id)
    return found if isinstance(found, ObjectVersion) else None


def _is_sound(group: CustomerKeyHeaders) -> bool:
    """Tell whether the headers pass the checks that come before the key is compared."""
    key = decode_customer_key(group.key or "")
    return (
        bool(key)
        and group.algorithm == CUSTOMER_ALGORITHM
        and group.key_md5 in {None, md5_base64(key)}
    )


@clause(
    "sse-c-object/read-needs-the-key",
    rules=("GP-RD-01", "GP-RD-02", "GP-RD-11"),
    source=GET,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def read_needs_the_key(world: World, request: ObjectRead) -> Rulings:
    """A read of an SSE-C object, or of its attributes, without the key headers is refused."""
    version = _version(world, request)
    if version is None or not isinstance(version.encryption, SseC):
        return None
    return None if request.own_key.present else Refuse((INVALID_REQUEST,))


@clause(
    "sse-c-object/read-needs-the-same-key",
    rules=("GP-RD-03", "GP-RD-04", "GP-SSEC-09c", "GP-ENC-09"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def read_needs_the_same_key(world: World, request: ObjectRead) -> Rulings:
    """GET or HEAD of an SSE-C object with another key, of any length, is denied."""
    version = _version(world, request)
    group = request.own_key
    if version is None or not isinstance(version.encryption, SseC) or not _is_sound(group):
        return None
    if is_same_key(group, version.encryption.customer_key_md5):
        return None
    return Refuse((ACCESS_DENIED,), step=step(KeyRole.READ, STEP_KEY))


@clause(
    "sse-c-object/key-reads-it",
    rules=(
        "GP-ENC-04",
        "GP-HDR-08",
        "GP-BLK-06",
    ),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.SSE_C,
)
def key_reads_it(world: World, request: ObjectRead) -> Rulings:
    """GET or HEAD of an SSE-C object with its algorithm, key and MD5 succeeds."""
    version = _version(world, request)
    group = request.own_key
    if version is None or not isinstance(version.encryption, SseC) or group.key_md5 is None:
        return None
    same = _is_sound(group) and is_same_key(group, version.encryption.customer_key_md5)
    return Succeed() if same else None


@clause(
    "sse-c-object/key-md5-is-optional-on-reads",
    rules=("GP-SSEC-05R",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def key_md5_is_optional_on_reads(world: World, request: ObjectRead) -> Rulings:
    """GET or HEAD of an SSE-C object with algorithm and key succeeds without the key's MD5."""
    version = _version(world, request)
    group = request.own_key
    if version is None or not isinstance(version.encryption, SseC) or group.key_md5 is not None:
        return None
    same = _is_sound(group) and is_same_key(group, version.encryption.customer_key_md5)
    return Succeed() if same else None


@clause(
    "sse-c-object/key-for-another-object-is-refused",
    rules=("GP-RD-05",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def key_for_another_object_is_refused(world: World, request: ConditionalRead) -> Rulings:
    """GET or HEAD with a customer key of an object that is not under SSE-C is refused."""
    version = _version(world, request)
    if version is None or version.encryption is None or isinstance(version.encryption, SseC):
        return None
    return Refuse((INVALID_REQUEST,)) if _is_sound(request.own_key) else None


@clause(
    "sse-c-object/delete-needs-no-key",
    rules=("GP-ENC-12", "GP-HDR-11"),
    source=PAGE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def delete_needs_no_key(world: World, request: DeleteObject) -> Rulings:
    """DeleteObject of an SSE-C object needs no key."""
    version = _version(world, request)
    if version is None or not isinstance(version.encryption, SseC):
        return None
    return Succeed()


@clause(
    "sse-c-object/copy-needs-the-source-key",
    rules=("GP-SRC-01", "GP-MPU-16"),
    source=COPY,
    profile="copy",
    needs=Capability.SSE_C,
)
def copy_needs_the_source_key(world: World, request: WithCopySource) -> Rulings:
    """A copy of an SSE-C object without the copy source key headers is refused."""
    version = source_version(world, request)
    if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseC):
        return None
    return None if request.source_key_headers.present else Refuse((INVALID_REQUEST,))


@clause(
    "sse-c-object/copy-needs-the-same-source-key",
    rules=("GP-SRC-02", "GP-SSEC-09b", "GP-MPU-16", "GP-AMB-16"),
    source=RECORDED,
    profile="copy",
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def copy_needs_the_same_source_key(world: World, request: WithCopySource) -> Rulings:
    """A copy of an SSE-C object with another source key is refused, with 400 and not 403.

    A part copy with another key of 32 bytes was not recorded: there 403 will do, too.
    """
    version = source_version(world, request)
    group = request.source_key_headers
    if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseC):
        return None
    if not _is_sound(group) or is_same_key(group, version.encryption.customer_key_md5):
        return None
    open_code = isinstance(request, UploadPartCopy) and _has_32_bytes(group)
    errors = (INVALID_REQUEST, ACCESS_DENIED) if open_code else (INVALID_REQUEST,)
    return Refuse(errors, step=step(KeyRole.COPY_SOURCE, STEP_KEY))


def _has_32_bytes(group: CustomerKeyHeaders) -> bool:
    return len(decode_customer_key(group.key or "")) == CUSTOMER_KEY_LENGTH


@clause(
    "sse-c-object/copy-with-the-source-key-succeeds",
    rules=(
        "GP-COPY-06",
        "GP-SRC-03",
        "GP-HDR-03",
        "GP-BLK-06",
        "GP-MPU-15",
    ),
    source=COPY,
    profile="copy",
    needs=Capability.SSE_C,
)
def copy_with_the_source_key_succeeds(world: World, request: WithCopySource) -> Rulings:
    """A copy of an SSE-C object with its key succeeds, the key's MD5 being optional."""
    version = source_version(world, request)
    group = request.source_key_headers
    if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseC):
        return None
    same = _is_sound(group) and is_same_key(group, version.encryption.customer_key_md5)
    return Succeed() if same else None


@clause(
    "sse-c-object/source-key-for-another-object-is-refused",
    rules=("GP-SRC-05", "GP-MPU-16"),
    source=COPY,
    profile="copy",
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def source_key_for_another_object_is_refused(world: World, request: WithCopySource) -> Rulings:
    """A copy source key for a source that is not under SSE-C is refused."""
    version = source_version(world, request)
    if not isinstance(version, ObjectVersion) or version.encryption is None:
        return None
    if isinstance(version.encryption, SseC) or not customer_key_groups(request):
        return None
    if reads_from_directory(request):
        return None  # in a directory bucket no object can be under SSE-C: a clause of its own
    return Refuse((INVALID_REQUEST,)) if _is_sound(request.source_key_headers) else None
