"""What a read shows: the bytes that were written, decrypted, and what was recorded with them."""

from __future__ import annotations

from datetime import date

from model.answer import BODY, BODY_LENGTH, CONTENT_LENGTH, ETAG
from model.body_length import AS_ANNOUNCED, broken_off
from model.clause import (
    EVERY_BUCKET,
    GENERAL_AND_DIRECTORY,
    Keep,
    Law,
    Refusal,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    clause,
)
from model.facts import bucket_of, version_read
from model.matchers import AbsentOr, BodyIs, Equals
from model.operations.copy_object import CopyObject
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.object_read import ConditionalRead, requested_range
from model.operations.object_write import METADATA_PREFIX
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.request import ObjectCreation, ObjectRead, names_no_encryption
from model.s3_errors import INVALID_RANGE, NO_SUCH_KEY
from model.sse import DsseKms, SseC, SseKms, SseS3
from model.stored import ObjectVersion, Presence
from model.world import KeyState, World

PAGE = Source("userguide/serv-side-encryption.html", "Protecting data with encryption")
HEAD_RANGE = Source("API/API_HeadObject.html", "Range", read=date(2026, 12, 1))
GET = Source("API/API_GetObject.html", "Description")
PUT = Source("API/API_PutObject.html", "Description")


@clause(
    "reading/returns-what-was-written",
    rules=("GP-ENC-04", "OP-040", "FSX-002"),
    source=PAGE,
    profile="sse-s3",
    buckets=EVERY_BUCKET,
)
def returns_what_was_written(world: World, request: GetObject, version: ObjectVersion) -> Rulings:
    """GET returns the bytes that were written, whatever they are encrypted with."""
    del world
    if version.body is None or request.range is not None or request.asks_for_a_part:
        return None
    return Require(BODY, BodyIs(version.body))


@clause(
    "reading/body-is-as-long-as-announced",
    rules=("GP-ENC-04",),
    source=Source("API/API_GetObject.html", "Content-Length", read=date(2026, 12, 1)),
    profile="sse-s3",
    buckets=EVERY_BUCKET,
)
def body_is_as_long_as_announced(
    world: World, request: GetObject, version: ObjectVersion
) -> Rulings:
    """GET sends as many bytes as it announces, and does not break off before it sent them."""
    del world, request
    length = len(version.body or b"")
    wrong = broken_off(length, str(length + 16))
    return Require(BODY_LENGTH, Equals(AS_ANNOUNCED, wrong=wrong))


@clause(
    "reading/range-is-of-the-data",
    rules=("GP-ECHO-09", "GP-ENC-04"),
    source=GET,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def range_is_of_the_data(world: World, request: GetObject, version: ObjectVersion) -> Rulings:
    """A range of bytes is a range of the data that was written, not of what is stored."""
    del world
    if not version.body or request.range is None or request.asks_for_a_part:
        return None
    wanted = requested_range(request.range, len(version.body))
    part = version.body if wanted is None else version.body[slice(*wanted)]
    if wanted is None:
        return Require(BODY, BodyIs(part))
    shown = f"bytes {wanted[0]}-{wanted[1] - 1}/{len(version.body)}"
    return (Require(BODY, BodyIs(part)), Require("content-range", Equals(shown)))


@clause(
    "reading/range-beyond-the-data-is-refused",
    rules=("GP-ECHO-09",),
    source=GET,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def range_beyond_the_data_is_refused(world: World, request: GetObject) -> Rulings:
    """A range that starts behind the last byte of the data is refused."""
    return _refused_beyond(world, request)


@clause(
    "reading/head-of-a-range-beyond-the-data-is-refused",
    rules=("GP-ECHO-09",),
    source=HEAD_RANGE,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def head_of_a_range_beyond_the_data_is_refused(world: World, request: HeadObject) -> Rulings:
    """HEAD of a range that starts behind the last byte of the data is refused with 416."""
    return _refused_beyond(world, request)


def _refused_beyond(world: World, request: ConditionalRead) -> Rulings:
    version = version_read(world, request)
    if not isinstance(version, ObjectVersion) or version.body is None:
        return None
    wanted = requested_range(request.range, len(version.body))
    if request.asks_for_a_part or wanted is None or wanted[0] < wanted[1] or not version.body:
        return None  # what a range of an empty object gets is not said
    return Refuse((INVALID_RANGE,))


@clause(
    "reading/length-is-that-of-the-data",
    rules=("GP-ENC-04",),
    source=Source("API/API_HeadObject.html", "Content-Length"),
    profile="sse-s3",
    buckets=EVERY_BUCKET,
)
def length_is_that_of_the_data(
    world: World, request: HeadObject, version: ObjectVersion
) -> Rulings:
    """HEAD gives the length of the data that was written, not of what is stored."""
    del world
    if version.body is None or request.asks_for_a_part or request.range is not None:
        return None
    length = len(version.body)
    return Require(CONTENT_LENGTH, Equals(str(length), wrong=str(length + 16)))


@clause(
    "reading/head-of-a-range-has-its-length",
    rules=("GP-ECHO-09", "GP-ENC-04"),
    source=HEAD_RANGE,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def head_of_a_range_has_its_length(
    world: World, request: HeadObject, version: ObjectVersion
) -> Rulings:
    """HEAD of a range gives the length of that range of the data; what else it shows of it fits."""
    del world
    wanted = requested_range(request.range, len(version.body or b""))
    if not version.body or wanted is None or request.asks_for_a_part:
        return None
    start, end = wanted
    length, of = end - start, len(version.body)
    shown = AbsentOr(f"bytes {start}-{end - 1}/{of}", wrong=f"bytes {start}-{end + 15}/{of + 16}")
    return (
        Require(CONTENT_LENGTH, Equals(str(length), wrong=str(of))),
        Require("content-range", shown),
    )


@clause(
    "reading/metadata-is-what-was-written",
    rules=("GP-ENC-04", "GP-ENC-05"),
    source=PAGE,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def metadata_is_what_was_written(
    world: World, request: ObjectRead, version: ObjectVersion
) -> Rulings:
    """GET and HEAD return the user metadata that was written."""
    del world, request
    if not version.metadata:
        return None
    return tuple(
        Require(METADATA_PREFIX + name, Equals(value)) for name, value in version.metadata.items()
    )


@clause(
    "reading/etag-is-that-of-the-write",
    rules=("GP-ETAG-10", "GP-ETAG-09"),
    source=Source("API/API_Object.html", "ETag"),
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def etag_is_that_of_the_write(world: World, request: ObjectRead, version: ObjectVersion) -> Rulings:
    """GET and HEAD give the ETag that the write answered."""
    del world, request
    if version.etag is None:
        return None
    return Require(ETAG, Equals(version.etag, wrong=version.etag[::-1] + "0"))


@clause(
    "reading/missing-object-is-named",
    rules=("GP-RD-06",),
    source=Source("API/ErrorResponses.html", "NoSuchKey"),
    profile="sse-s3",
    buckets=EVERY_BUCKET,
)
def missing_object_is_named(world: World, request: ObjectRead) -> Rulings:
    """GET or HEAD of an object that does not exist is refused with 404."""
    if bucket_of(world, request) is None:
        return None
    if request.version_id is not None or version_read(world, request) is not Presence.ABSENT:
        return None
    return Refuse((NO_SUCH_KEY,))


@clause(
    "reading/needs-no-headers",
    rules=("GP-RD-10",),
    source=PAGE,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def needs_no_headers(world: World, request: ObjectRead) -> Rulings:
    """An SSE-S3, SSE-KMS or DSSE-KMS object is read without any encryption header."""
    version = version_read(world, request)
    if not isinstance(version, ObjectVersion) or not names_no_encryption(request):
        return None
    if isinstance(version.encryption, SseKms | DsseKms):
        key = world.keys.get(version.encryption.kms_key_id)
        usable = key is None or key.state is KeyState.ENABLED
        return Succeed() if usable else None
    return Succeed() if isinstance(version.encryption, SseS3) else None


@clause(
    "reading/refused-write-keeps-the-object",
    rules=(
        "GP-VAL-11",
        "GP-COPY-10",
        "GP-SSEC-15",
        "GP-ETAG-10",
        "GP-COPY-12",
        "OP-056",
        "DB-050",
        "DB-057",
        "FSX-010",
    ),
    source=PUT,
    profile="sse-s3",
    buckets=EVERY_BUCKET,
)
def refused_write_keeps_the_object(
    world: World, request: ObjectCreation, refusal: Refusal
) -> Rulings:
    """A refused write changes nothing: what was there stays, and where nothing was, nothing is."""
    del refusal
    return None if bucket_of(world, request) is None else Keep(Law.DESTINATION_OF_REFUSED_WRITE)


@clause(
    "reading/new-default-keeps-the-objects",
    rules=("GP-ENC-08",),
    source=Source("userguide/bucket-encryption.html", "Changes to the default"),
    profile="bucket-default",
    buckets=GENERAL_AND_DIRECTORY,
)
def new_default_keeps_the_objects(
    world: World, request: PutBucketEncryption | DeleteBucketEncryption
) -> Rulings:
    """A change of the bucket's default leaves the objects that are there as they are."""
    return None if bucket_of(world, request) is None else Keep(Law.OBJECTS_ON_NEW_DEFAULT)


@clause(
    "reading/copy-keeps-its-source",
    rules=("GP-COPY-09",),
    source=Source("API/API_CopyObject.html", "Description"),
    profile="copy",
    buckets=EVERY_BUCKET,
)
def copy_keeps_its_source(world: World, request: CopyObject) -> Rulings:
    """A copy leaves its source as it is, data and encryption."""
    source = request.source
    if source is None or request.in_place:
        return None
    version = world.version(*source)
    known = isinstance(version, ObjectVersion) and not isinstance(version.encryption, SseC)
    return Keep(Law.SOURCE_OF_COPY) if known else None
