"""Uploads in parts to a directory bucket: the session that creates one decides for all of it."""

from __future__ import annotations

from datetime import date

from model.answer import ETAG
from model.clause import (
    DIRECTORY,
    Capability,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.clauses.archive import may_be_read
from model.directory_bucket import carried, default_encryption, writing_session
from model.facts import bucket_of, source_version
from model.open_matchers import SomeText
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.part_upload import PartOperation
from model.operations.upload_in_progress import upload_named
from model.operations.upload_part_copy import UploadPartCopy
from model.request import (
    PartOfUpload,
    PartUpload,
    WithCopySource,
    header_places,
    names_no_encryption,
)
from model.s3_errors import ANY_4XX, ANY_400, ANY_501
from model.sse import SseKms, SseS3
from model.stored import MultipartUpload, ObjectVersion
from model.world import World

PART = Source("API/API_UploadPart.html", "Encryption")
READ = date(2026, 11, 30)
COPIED = Source("API/API_UploadPartCopy.html", "Encryption", READ)
PROFILE = "directory"
MOST_PARTS = 10_000


def _upload(world: World, request: PartOfUpload) -> MultipartUpload | None:
    """Return the upload in progress that the request names, if it is one of its object key."""
    found = upload_named(world, request)
    return found if isinstance(found, MultipartUpload) else None


def _differs_from_the_default(world: World, request: PartOfUpload) -> bool:
    """Tell whether the upload has, or may have, another encryption than the bucket's default."""
    upload, bucket = _upload(world, request), bucket_of(world, request)
    if upload is None or bucket is None:
        return False
    return upload.version.encryption != default_encryption(bucket)


def _is_numbered(request: PartUpload) -> bool:
    number = request.part_number or ""
    return number.isdecimal() and 1 <= int(number) <= MOST_PARTS


@clause(
    "directory-multipart/part-needs-no-header",
    rules=("DB-03B", "DB-03C"),
    source=PART,
    profile=PROFILE,
    needs=Capability.DIRECTORY_BUCKETS,
    buckets=DIRECTORY,
)
def part_needs_no_header(world: World, request: PartUpload) -> Rulings:
    """A part without encryption headers is accepted within a session like that of its upload."""
    upload, session = _upload(world, request), writing_session(world, request)
    if upload is None or session is None or not _is_numbered(request):
        return None
    sent = [p.attribute for p in header_places(type(request)) if getattr(request, p.attribute)]
    alone = sent == ["session_token"]
    return Succeed() if alone and carried(world, session) == (upload.version.encryption,) else None


@clause(
    "directory-multipart/part-numbers-must-be-consecutive",
    rules=("DB-03D",),
    source=Source("userguide/s3-express-using-multipart-upload.html", "Part numbers"),
    profile=PROFILE,
    needs=Capability.DIRECTORY_BUCKETS,
    buckets=DIRECTORY,
)
def part_numbers_must_be_consecutive(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion whose parts are not numbered 1, 2, 3 and so on is refused."""
    numbers = [part.number for part in request.parts or ()]
    if _upload(world, request) is None or numbers == list(range(1, len(numbers) + 1)):
        return None
    return Refuse((ANY_400,))


@clause(
    "directory-multipart/part-is-copied",
    rules=("DB-059", "DB-05A"),
    source=COPIED,
    profile=PROFILE,
    needs=Capability.DIRECTORY_BUCKETS,
    buckets=DIRECTORY,
)
def part_is_copied(world: World, request: UploadPartCopy) -> Rulings:
    """A part is copied, without a session, into an upload that is as the bucket's default."""
    upload, source = _upload(world, request), source_version(world, request)
    if upload is None or not _is_numbered(request) or request.copied(world) is None:
        return None
    if request.is_range_of_little(world):
        return None
    if _differs_from_the_default(world, request) or upload.version.encryption is None:
        return None
    plain = isinstance(source, ObjectVersion) and isinstance(source.encryption, SseS3 | SseKms)
    plain = plain and may_be_read(source)
    sent = {p.attribute for p in header_places(type(request)) if getattr(request, p.attribute)}
    return Succeed() if plain and sent <= {"copy_source", "copy_source_range"} else None


@clause(
    "directory-multipart/part-shows-an-etag",
    rules=("GP-HDR-24", "GP-HDR-25"),
    source=Source("API/API_UploadPart.html", "ETag", READ),
    profile=PROFILE,
    needs=Capability.DIRECTORY_BUCKETS,
    buckets=DIRECTORY,
)
def part_shows_an_etag(world: World, request: PartOperation) -> Rulings:
    """A part, sent or copied, is answered with the ETag by which its completion names it."""
    del world, request
    return Require(ETAG, SomeText())


@clause(
    "directory-multipart/completion-needs-no-header",
    rules=("DB-03B", "DB-03C"),
    source=Source("userguide/s3-express-using-multipart-upload.html", "Process", READ),
    profile=PROFILE,
    needs=Capability.DIRECTORY_BUCKETS,
    buckets=DIRECTORY,
)
def completion_needs_no_header(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion without encryption headers is accepted within a session like its upload's."""
    upload, session = _upload(world, request), writing_session(world, request)
    if upload is None or session is None or not names_no_encryption(request):
        return None
    return Succeed() if carried(world, session) == (upload.version.encryption,) else None


@allowance("DB-03E", buckets=DIRECTORY)
def part_within_another_session(world: World, request: PartOfUpload) -> Rulings:
    """A part within a session of another encryption than its upload's: anything may happen."""
    upload, session = _upload(world, request), writing_session(world, request)
    if upload is None or session is None:
        return None
    if carried(world, session) == (upload.version.encryption,):
        return None
    return MayRefuse((ANY_400, ANY_4XX))


@allowance("DB-03B", "DB-058", buckets=DIRECTORY)
def header_on_a_part(world: World, request: PartOfUpload) -> Rulings:
    """Encryption headers on a request that cannot carry any: refused, or ignored."""
    del world
    beside = (request.sse, request.kms_key_id, request.encryption_context)
    bare = beside == (None, None, None) and request.bucket_key_enabled is None
    return None if bare else MayRefuse((ANY_400, ANY_501))


@allowance("DB-059", "DB-05A", buckets=DIRECTORY)
def copied_part_of_an_overridden_upload(world: World, request: PartOfUpload) -> Rulings:
    """A part copied into an upload that is not as the default: refused here, or at its end."""
    at_once = isinstance(request, PartUpload) and not isinstance(request, WithCopySource)
    if at_once or not _differs_from_the_default(world, request):
        return None
    return MayRefuse((ANY_400, ANY_4XX))
