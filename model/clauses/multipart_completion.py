"""CompleteMultipartUpload: the list of parts, and the object that is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import ETAG
from model.clause import (
    GENERAL_AND_DIRECTORY,
    Basis,
    Capability,
    Keep,
    Law,
    MayRefuse,
    Order,
    Refusal,
    Refuse,
    Require,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.clauses.sse_c import STEP_ALGORITHM, every_step, step
from model.facts import bucket_of
from model.matchers import Equals, EtagOfParts
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.part_upload import MOST_PARTS
from model.operations.upload_in_progress import (
    completed_upload,
    etag_of_completed,
    upload_named,
)
from model.request import KeyRole, names_no_encryption
from model.s3_errors import (
    ANY_400,
    ENTITY_TOO_SMALL,
    INVALID_ARGUMENT,
    INVALID_PART,
    INVALID_PART_ORDER,
    INVALID_REQUEST,
    MALFORMED_XML,
    MISSING_REQUEST_BODY,
    NO_SUCH_UPLOAD,
)
from model.sse import DsseKms, SseKms, SseS3
from model.stored import MultipartUpload, ObjectVersion
from model.world import World

if TYPE_CHECKING:
    from model.completion_document import ListedPart
    from model.stored import UploadedPart

PAGE = Source("API/API_CompleteMultipartUpload.html", "Description")
ERRORS = Source("API/API_CompleteMultipartUpload.html", "Errors")
LIMITS = Source("userguide/qfacts.html", "Multipart upload limits")
RECORDED = Source("recorded answers of Amazon S3, 2026", "completion of uploads")
PROFILE = "multipart"
NEEDS = Capability.MULTIPART

LEAST_PART = 5 * 1024 * 1024
STEP_NUMBERS = "part numbers"
STEP_PARTS = "parts"


def _pairs(
    world: World, request: CompleteMultipartUpload
) -> list[tuple[ListedPart, UploadedPart | None]]:
    """Return each listed part and what was uploaded under its number; none where unknown."""
    upload = upload_named(world, request)
    if not isinstance(upload, MultipartUpload):
        return []
    return [(part, upload.parts.get(part.number)) for part in request.parts or ()]


@clause(
    "multipart-completion/document-must-list-parts",
    rules=("GP-MPU-18",),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def document_must_list_parts(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion whose body is no list of parts, or lists none, is refused."""
    del world
    if request.parts:
        return None
    empty = () if request.document.strip() else (MISSING_REQUEST_BODY,)
    return Refuse((MALFORMED_XML, INVALID_REQUEST, *empty))


@clause(
    "multipart-completion/part-numbers-must-be-possible",
    rules=("GP-SSEC-00",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def part_numbers_must_be_possible(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion that lists a part number below 1 is refused."""
    del world
    if all(part.number > 0 for part in request.parts or ()):
        return None
    return Refuse((INVALID_ARGUMENT,), step=STEP_NUMBERS)


@clause(
    "multipart-completion/parts-must-be-there",
    rules=("GP-SSEC-00", "GP-MPU-18"),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def parts_must_be_there(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion that lists a part that was not uploaded, or another ETag of it, is refused."""
    for named, part in _pairs(world, request):
        if part is None and named.number > MOST_PARTS:
            return Refuse((INVALID_PART, INVALID_ARGUMENT), step=STEP_PARTS)
        if part is None or part.etag not in {None, named.etag}:
            return Refuse((INVALID_PART,), step=STEP_PARTS)
    return None


@clause(
    "multipart-completion/parts-must-be-in-order",
    rules=("GP-MPU-18",),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
)
def parts_must_be_in_order(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion that does not list the parts in ascending order is refused."""
    if _is_in_order(request):
        return None
    small = any(_is_small(part) for _, part in _pairs(world, request))
    # Which is the last part of a list in disorder, and may be small, is not said.
    return Refuse((INVALID_PART_ORDER, ENTITY_TOO_SMALL) if small else (INVALID_PART_ORDER,))


def _is_in_order(request: CompleteMultipartUpload) -> bool:
    numbers = [part.number for part in request.parts or ()]
    return numbers == sorted(numbers)


def _is_small(part: UploadedPart | None) -> bool:
    return part is not None and part.body is not None and len(part.body) < LEAST_PART


@allowance("GP-MPU-18")
def part_listed_twice(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion that lists one part number twice: some refusal, or taken as listed once."""
    del world
    numbers = [part.number for part in request.parts or ()]
    return MayRefuse((ANY_400,)) if len(set(numbers)) < len(numbers) else None


@clause(
    "multipart-completion/only-the-last-part-may-be-small",
    rules=("GP-MPU-18",),
    source=LIMITS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def only_the_last_part_may_be_small(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion is refused where a part but the last has less than 5 MiB."""
    pairs = _pairs(world, request)
    last = pairs[-1][0].number if pairs else 0
    small = any(_is_small(part) for named, part in pairs if named.number != last)
    if not small or not _is_in_order(request):
        return None
    return Refuse((ENTITY_TOO_SMALL,), step=STEP_PARTS)


def _order() -> dict[str, frozenset[str]]:
    """Return the recorded order; whether the key or the parts are compared first is not known."""
    parts = frozenset({STEP_PARTS})
    recorded = [step(KeyRole.COMPLETION, number) for number in range(1, STEP_ALGORITHM + 1)]
    before = dict.fromkeys(recorded, parts)
    return before | {STEP_NUMBERS: every_step(KeyRole.COMPLETION) | parts}


_ORDER = Order(_order())


@clause(
    "multipart-completion/checks-in-order",
    rules=("GP-SSEC-00", "GP-MPU-13"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def checks_in_order(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion's part numbers are checked first, then the customer key headers, then parts."""
    del world
    return _ORDER if request.parts else None


@clause(
    "multipart-completion/needs-no-headers",
    rules=("GP-MPU-03", "GP-MPU-04", "GP-MPU-07"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
)
def needs_no_headers(world: World, request: CompleteMultipartUpload) -> Rulings:
    """An upload that is not under SSE-C is completed without any encryption header."""
    upload = upload_named(world, request)
    encryption = upload.version.encryption if isinstance(upload, MultipartUpload) else None
    plain = isinstance(encryption, SseS3 | SseKms | DsseKms)
    return Succeed() if plain and names_no_encryption(request) else None


@clause(
    "multipart-completion/etag-is-made-of-the-parts",
    rules=("GP-ETAG-05",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def etag_is_made_of_the_parts(
    world: World, request: CompleteMultipartUpload, version: ObjectVersion
) -> Rulings:
    """The ETag of a completed object is the MD5 of its parts' ETags, and how many there are."""
    etag = etag_of_completed(world, request)
    if etag is not None:
        return Require(ETAG, Equals(etag, wrong=etag.partition("-")[0]))
    known = version.part_sizes is not None and request.parts is not None
    return Require(ETAG, EtagOfParts(len(request.parts or ()))) if known else None


@clause(
    "multipart-completion/refused-completion-keeps-the-object",
    rules=("GP-MPU-18", "GP-VAL-11", "GP-SSEC-15"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
)
def refused_completion_keeps_the_object(
    world: World, request: CompleteMultipartUpload, refusal: Refusal
) -> Rulings:
    """A refused completion leaves what was there, and where nothing was, nothing is."""
    del refusal
    return None if bucket_of(world, request) is None else Keep(Law.DESTINATION_OF_REFUSED_WRITE)


@allowance("GP-MPU-E4", buckets=GENERAL_AND_DIRECTORY)
def completion_that_is_repeated(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion of an upload that was completed: answered as before, or no such upload.

    With another list of parts it may be held against those of the upload.
    """
    upload = completed_upload(world, request)
    if upload is None:
        return None
    listed = {part.number: part.etag for part in request.parts or ()}
    same = listed.keys() == upload.parts.keys() and all(
        part.etag in {None, listed[number]} for number, part in upload.parts.items()
    )
    return MayRefuse((NO_SUCH_UPLOAD,) if same else (NO_SUCH_UPLOAD, INVALID_PART))
