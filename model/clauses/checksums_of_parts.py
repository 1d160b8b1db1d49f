"""Additional checksums of uploads in parts: of the parts, and as a completion lists them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from model.checksums import BY_HEADER, BY_NAME, TYPES, checksum_of, elements_of, is_checksum
from model.clause import (
    GENERAL_AND_DIRECTORY,
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
from model.facts import is_same_key
from model.matchers import Equals
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.part_upload import PartOperation
from model.operations.upload_in_progress import upload_named
from model.operations.upload_part import UploadPart
from model.request import UploadRequest, names_no_encryption
from model.s3_errors import ANY_400, BAD_DIGEST, INTERNAL_ERROR
from model.sse import CUSTOMER_ALGORITHM, SseC
from model.stored import MultipartUpload, ObjectVersion
from model.world import World

if TYPE_CHECKING:
    from model.checksums import Algorithm
    from model.completion_document import ListedPart

READ = date(2026, 11, 30)
PART = Source("API/API_UploadPart.html", "Response elements", READ)
PAGE = Source("userguide/checking-object-integrity-upload.html", "Multipart uploads", READ)
COMPLETE = Source("API/API_CompletedPart.html", "Contents", READ)
PROFILE = "checksums"
COMPOSITE_ALGORITHMS = frozenset({"CRC32", "CRC32C", "SHA1", "SHA256"})
"""Those of which an object gets a checksum made of its parts' where no checksum type was sent."""
_OTHER_DATA = b"other data"


def _upload(world: World, request: UploadRequest) -> MultipartUpload | None:
    found = upload_named(world, request)
    return found if isinstance(found, MultipartUpload) else None


def _fits(name: str | None, checksum_type: str | None) -> bool:
    """Tell whether an upload can be begun with that algorithm and that checksum type."""
    types = TYPES.get(name or "", frozenset())
    return bool(types) and (checksum_type is None or checksum_type in types)


def _algorithm_of(upload: MultipartUpload | None) -> Algorithm | None:
    """Return the algorithm that an upload was begun with, None where it is none that is known."""
    if upload is None or not _fits(upload.checksum_algorithm, upload.checksum_type):
        return None
    return BY_NAME[upload.checksum_algorithm or ""]


def _checked(world: World, request: UploadPart) -> str | None:
    """Return the one checksum of a part, where it is well-formed and of its upload's algorithm."""
    algorithm, sent = _algorithm_of(_upload(world, request)), request.checksums
    if algorithm is None or sent.keys() != {algorithm.header} or request.trailer is not None:
        return None
    if request.checksum_algorithm not in {None, algorithm.name}:
        return None
    value = sent[algorithm.header]
    known = checksum_of(request.body, algorithm) is not None
    return value if known and is_checksum(value, algorithm) else None


@clause(
    "checksums/part-shows-the-sent-checksum",
    rules=("GP-CKS-01",),
    source=PART,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def part_shows_the_sent_checksum(
    world: World, request: UploadPart, version: ObjectVersion
) -> Rulings:
    """The answer to a part with a checksum of its upload's algorithm shows that checksum."""
    if version.checksums is None or _checked(world, request) is None:
        return None
    return tuple(
        Require(name, Equals(value, wrong=checksum_of(_OTHER_DATA, BY_HEADER[name])))
        for name, value in version.checksums.items()
    )


@clause(
    "checksums/wrong-part-checksum-is-refused",
    rules=("GP-CKS-01",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def wrong_part_checksum_is_refused(world: World, request: UploadPart) -> Rulings:
    """A part with a checksum of other data, of its upload's algorithm, is refused."""
    value = _checked(world, request)
    if value is None or all(request.is_right(name) for name in request.checksums):
        return None
    return Refuse((BAD_DIGEST,))


@clause(
    "checksums/completion-with-checksums-of-its-parts-is-done",
    rules=("GP-CKS-01", "GP-CKS-06", "GP-MPU-12"),
    source=COMPLETE,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def completion_with_checksums_of_its_parts_is_done(
    world: World, request: CompleteMultipartUpload
) -> Rulings:
    """A completion that lists the checksums its parts were sent with is done, however encrypted."""
    upload = _upload(world, request)
    if upload is None or not _lists_its_checksums(upload, request):
        return None
    return Succeed() if _has_the_key_it_needs(upload, request) else None


def _lists_its_checksums(upload: MultipartUpload, request: CompleteMultipartUpload) -> bool:
    """Tell whether parts from 1 on are listed, each with the checksum that it was sent with.

    It is so of an upload that was begun with an algorithm, and without a checksum type.
    """
    name, parts = upload.checksum_algorithm, request.parts or ()
    if name not in COMPOSITE_ALGORITHMS or upload.checksum_type is not None:
        return False
    return bool(parts) and _is_consecutive(request) and all(_is_as_sent(upload, p) for p in parts)


def _is_consecutive(request: CompleteMultipartUpload) -> bool:
    numbers = [part.number for part in request.parts or ()]
    return numbers == list(range(1, len(numbers) + 1))


def _is_as_sent(upload: MultipartUpload, listed: ListedPart) -> bool:
    """Tell whether a part is listed with exactly the checksum that it was sent with."""
    part = upload.parts.get(listed.number)
    sent = () if part is None else elements_of(part.checksums)
    name = BY_NAME[upload.checksum_algorithm or ""].element
    return listed.checksums == sent and [one for one, _ in sent] == [name]


def _has_the_key_it_needs(upload: MultipartUpload, request: CompleteMultipartUpload) -> bool:
    """Tell whether a completion has no encryption headers, or the customer key of its upload."""
    encryption, group = upload.version.encryption, request.own_key
    if not isinstance(encryption, SseC):
        return encryption is not None and names_no_encryption(request)
    md5 = encryption.customer_key_md5
    whole = (group.algorithm, group.key_md5) == (CUSTOMER_ALGORITHM, md5)
    return whole and is_same_key(group, md5)


@allowance("GP-CKS-01", buckets=GENERAL_AND_DIRECTORY)
def odd_checksum_of_an_upload(world: World, request: CreateMultipartUpload) -> Rulings:
    """An upload with an unknown checksum algorithm, or a type that does not go with it."""
    del world
    name, checksum_type = request.checksum_algorithm, request.checksum_type
    if name is checksum_type is None:
        return None
    return None if _fits(name, checksum_type) else MayRefuse((ANY_400,))


@allowance("GP-CKS-01", buckets=GENERAL_AND_DIRECTORY)
def odd_checksum_of_a_part(world: World, request: PartOperation) -> Rulings:
    """A part with another checksum than its upload's algorithm asks for: refused, or taken."""
    upload = _upload(world, request)
    sent = request if isinstance(request, UploadPart) else None
    if sent is not None and _checked(world, sent) is not None:
        return None
    named = sent is not None and sent.names_checksum
    begun = upload is not None and upload.checksum_algorithm is not None
    return MayRefuse((ANY_400,)) if named or begun else None


@allowance("GP-CKS-01", "GP-MPU-14", buckets=GENERAL_AND_DIRECTORY)
def odd_checksums_of_a_completion(world: World, request: CompleteMultipartUpload) -> Rulings:
    """A completion with other checksums than its parts were sent with: done, or refused."""
    upload = _upload(world, request)
    listed = any(part.has_checksum for part in request.parts or ())
    begun = upload is not None and upload.checksum_algorithm is not None
    if not listed and not begun:
        return None
    if upload is not None and _lists_its_checksums(upload, request):
        return None
    # Of part numbers that are not consecutive one page says 400, another one 500.
    gaps = begun and not _is_consecutive(request)
    return MayRefuse((ANY_400, INTERNAL_ERROR) if gaps else (ANY_400,))
