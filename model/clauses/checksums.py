"""Additional checksums where they meet encryption: they are of the data, not of what is stored."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise

from model.bucket_kind import BucketKind
from model.checksums import (
    ALGORITHMS,
    BY_HEADER,
    BY_NAME,
    CHECKSUM_TYPE,
    ENABLED,
    FULL_OBJECT,
    checksum_of,
    checksums_of_parts,
    is_checksum,
)
from model.clause import (
    GENERAL_AND_DIRECTORY,
    Basis,
    Capability,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    allowance,
    clause,
)
from model.matchers import AbsentOr, Equals
from model.open_matchers import AbsentOrOneOf
from model.operations.copy_object import CopyObject
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.object_upload import UploadOperation
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject
from model.s3_errors import ANY_400, BAD_DIGEST
from model.sse import DsseKms, SseC, SseKms
from model.stored import ObjectVersion
from model.world import KeyState, World

PAGE = Source("userguide/checking-object-integrity.html", "Additional checksum algorithms")
PUT = Source("API/API_PutObject.html", "Response elements")
HEAD = Source("API/API_HeadObject.html", "ChecksumMode")
RECORDED = Source("recorded answers of Amazon S3, 2026", "checksums")
PROFILE = "checksums"

_OTHER_DATA = b"other data"


def _shown(version: ObjectVersion) -> tuple[Require, ...] | None:
    """Return the demand that an answer shows the checksums that are kept with the object."""
    if version.checksums is None:
        return None
    return tuple(Require(name, Equals(value)) for name, value in version.checksums.items())


@clause(
    "checksums/sent-checksum-is-shown",
    rules=("GP-CKS-01",),
    source=PUT,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def sent_checksum_is_shown(world: World, request: PutObject, version: ObjectVersion) -> Rulings:
    """The answer to PutObject shows the checksum that was sent with the data."""
    del world
    return _shown(version) if request.checksums else None


@clause(
    "checksums/crc64nvme-without-a-sent-one",
    rules=("GP-CKS-02",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.CHECKSUMS,
)
def crc64nvme_without_a_sent_one(
    world: World, request: UploadOperation, version: ObjectVersion
) -> Rulings:
    """The answer to an upload without a checksum shows its CRC64NVME, for SSE-C too."""
    del world
    shown = None if request.checksums else _shown(version)
    return None if shown is None else (*shown, Require(CHECKSUM_TYPE, Equals(FULL_OBJECT)))


@clause(
    "checksums/wrong-checksum-is-refused",
    rules=("GP-CKS-01",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
    buckets=GENERAL_AND_DIRECTORY,
)
def wrong_checksum_is_refused(world: World, request: PutObject) -> Rulings:
    """PutObject with a checksum of other data is refused, for every kind of encryption."""
    del world
    directory = request.bucket_kind is BucketKind.DIRECTORY
    if directory and request.write_offset is not None:
        return None  # of which data it is that of is not said
    for name, value in request.checksums.items():
        if is_checksum(value, BY_HEADER[name]) and not request.is_right(name):
            return Refuse((ANY_400,)) if directory else Refuse((BAD_DIGEST,))
    return None


@clause(
    "checksums/shown-when-asked-for",
    rules=("GP-CKS-01", "GP-CKS-04"),
    source=HEAD,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def shown_when_asked_for(
    world: World, request: GetObject | HeadObject, version: ObjectVersion
) -> Rulings:
    """GET and HEAD with x-amz-checksum-mode ENABLED show the checksum that was stored."""
    if isinstance(version.encryption, SseC) or not _asks(request):
        return None
    if isinstance(version.encryption, SseKms | DsseKms):
        key = world.keys.get(version.encryption.kms_key_id)
        if key is not None and key.state is not KeyState.ENABLED:
            return None  # the checksum is encrypted under that key, too
    return _shown(version)


@clause(
    "checksums/customer-key-shows-it",
    rules=("GP-CKS-05",),
    source=HEAD,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def customer_key_shows_it(
    world: World, request: GetObject | HeadObject, version: ObjectVersion
) -> Rulings:
    """GET and HEAD of an SSE-C object, with its key, show the checksum where that is asked for."""
    del world
    by_key = isinstance(version.encryption, SseC) and _asks(request)
    return _shown(version) if by_key else None


def _asks(request: GetObject | HeadObject) -> bool:
    return request.checksum_mode == ENABLED and request.range is None


@clause(
    "checksums/copy-keeps-the-algorithm",
    rules=("GP-CKS-07", "GP-COPY-23"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.CHECKSUMS,
)
def copy_keeps_the_algorithm(world: World, request: CopyObject, version: ObjectVersion) -> Rulings:
    """The answer to a copy shows a checksum of the source's kind, whatever the encryptions."""
    del world
    return _shown(version) if request.checksum_algorithm is None else None


@clause(
    "checksums/copy-uses-the-algorithm-asked-for",
    rules=("GP-CKS-07", "GP-COPY-23"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.CHECKSUMS,
)
def copy_uses_the_algorithm_asked_for(
    world: World, request: CopyObject, version: ObjectVersion
) -> Rulings:
    """The answer to a copy that names a checksum algorithm shows a checksum of that kind."""
    del world
    return _shown(version) if request.checksum_algorithm in BY_NAME else None


@clause(
    "checksums/shown-checksum-is-of-the-data",
    rules=("GP-CKS-01",),
    source=PAGE,
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def shown_checksum_is_of_the_data(
    world: World,
    request: UploadOperation | CopyObject | GetObject | HeadObject,
    version: ObjectVersion,
) -> Rulings:
    """A checksum that an answer shows is of the data as written, whatever the encryption.

    Of those that an answer must show the other clauses speak.
    """
    del world
    if version.checksums is None or version.body is None:
        return None
    if isinstance(request, GetObject | HeadObject) and request.range is not None:
        return None
    told = frozenset(version.checksums)
    if isinstance(request, GetObject | HeadObject) and not _asks(request):
        told = frozenset()
    return _of_the_data(version.body, told)


@lru_cache(maxsize=32)
def _of_the_data(body: bytes, told: frozenset[str]) -> tuple[Require, ...]:
    """Return the demands that checksums, but for those that are told, are of the data."""
    values = {a.header: checksum_of(body, a) for a in ALGORITHMS if a.header not in told}
    return tuple(
        Require(name, AbsentOr(value, wrong=checksum_of(_OTHER_DATA, BY_HEADER[name]) or ""))
        for name, value in values.items()
        if value is not None
    )


@clause(
    "checksums/checksum-of-an-upload-is-of-its-parts",
    rules=("GP-CKS-01",),
    source=Source(
        "userguide/checking-object-integrity-upload.html", "Multipart uploads", date(2026, 11, 30)
    ),
    profile=PROFILE,
    needs=Capability.CHECKSUMS,
)
def checksum_of_an_upload_is_of_its_parts(
    world: World, request: GetObject | HeadObject, version: ObjectVersion
) -> Rulings:
    """A checksum shown of a completed upload is of its data, or is made of those of its parts."""
    del world
    whole = request.part_number is None and request.range is None
    if not whole or version.body is None or not version.part_sizes:
        return None
    return _of_the_parts(version.body, tuple(version.part_sizes.values()))


@lru_cache(maxsize=16)
def _of_the_parts(body: bytes, sizes: tuple[int, ...]) -> tuple[Require, ...]:
    """Return the demands that checksums are of the data, or made of those of its parts."""
    parts = [body[begin:end] for begin, end in pairwise(accumulate(sizes, initial=0))]
    found = {a.header: checksums_of_parts(parts, a) for a in ALGORITHMS}
    return tuple(
        Require(name, AbsentOrOneOf(values, checksum_of(_OTHER_DATA, BY_HEADER[name]) or ""))
        for name, values in found.items()
        if values
    )


@clause(
    "checksums/shown-type-is-full-object",
    rules=("GP-CKS-01", "GP-CKS-02"),
    source=PAGE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.CHECKSUMS,
)
def shown_type_is_full_object(
    world: World, request: CopyObject | GetObject | HeadObject, version: ObjectVersion
) -> Rulings:
    """The checksum type that is shown of an object written at once is FULL_OBJECT."""
    del world, request
    if version.checksums is None:
        return None
    return Require(CHECKSUM_TYPE, AbsentOr(FULL_OBJECT, wrong="COMPOSITE"))


@allowance("GP-CKS-01", "GP-CKS-07", buckets=GENERAL_AND_DIRECTORY)
def odd_checksums(world: World, request: UploadOperation | CopyObject) -> Rulings:
    """Several checksums, malformed ones, those of a form, unknown algorithms: taken or refused.

    So is an algorithm that is named beside no checksum of its own: API_PutObject says that it is
    refused, and that AWS ignores it.
    """
    del world
    if isinstance(request, CopyObject):
        known = request.checksum_algorithm is None or request.checksum_algorithm in BY_NAME
        return None if known else MayRefuse((ANY_400,))
    sent = request.checksums
    odd = any(not is_checksum(value, BY_HEADER[name]) for name, value in sent.items())
    in_form = isinstance(request, PostObject) and bool(sent)
    unclear = odd or in_form or len(sent) > 1 or request.trailer is not None
    unclear = unclear or _names_what_is_not_sent(request)
    return MayRefuse((ANY_400,)) if unclear else None


def _names_what_is_not_sent(request: UploadOperation) -> bool:
    """Tell whether the algorithm is named of which the request has no checksum."""
    algorithm = BY_NAME.get(request.checksum_algorithm or "")
    sent = algorithm is not None and algorithm.header in request.checksums
    return request.checksum_algorithm is not None and not sent
