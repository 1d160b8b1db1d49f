"""GetObjectAttributes: attributes of an object, and nothing of its encryption."""

from __future__ import annotations

from datetime import date

from model.clause import Capability, MayRefuse, Require, Rulings, Source, allowance, clause
from model.facts import agreed_etag, is_same_key, version_read
from model.listing import STRANGE
from model.matchers import Absent, AbsentOr, Equals
from model.object_parts import COUNT, PARTS, SIZES, PartSizes
from model.operations.get_object_attributes import (
    ETAG_ATTRIBUTE,
    KNOWN,
    SIZE_ATTRIBUTE,
    GetObjectAttributes,
)
from model.operations.object_read import is_in_a_row
from model.request import ENCRYPTION_HEADERS
from model.s3_errors import INVALID_ARGUMENT, INVALID_REQUEST
from model.sse import SseC
from model.stored import ObjectVersion
from model.world import World

PAGE = Source("API/API_GetObjectAttributes.html", "Response elements")
PROFILE = "sse-s3"
NEEDS = Capability.ATTRIBUTES


def _asked_of(world: World, request: GetObjectAttributes, name: str) -> ObjectVersion | None:
    """Return the version, where the attribute is asked for and was not shown wrongly before."""
    version = version_read(world, request)
    if not isinstance(version, ObjectVersion) or name in version.shown:
        return None
    return version if name in request.asked <= KNOWN else None


@clause(
    "object-attributes/etag-has-no-quotation-marks",
    rules=("GP-HDR-28", "GP-ETAG-10"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
)
def etag_has_no_quotation_marks(world: World, request: GetObjectAttributes) -> Rulings:
    """The attribute ETag is that of the object, without quotation marks."""
    version = _asked_of(world, request, ETAG_ATTRIBUTE)
    etag = None if version is None else agreed_etag(version)
    return None if etag is None else Require(ETAG_ATTRIBUTE, Equals(etag, wrong=f'"{etag}"'))


@clause(
    "object-attributes/size-is-that-of-the-data",
    rules=("GP-ENC-04",),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
)
def size_is_that_of_the_data(world: World, request: GetObjectAttributes) -> Rulings:
    """The attribute ObjectSize is the length of the data that was written."""
    version = _asked_of(world, request, SIZE_ATTRIBUTE)
    if version is None or version.body is None:
        return None
    length = len(version.body)
    return Require(SIZE_ATTRIBUTE, Equals(str(length), wrong=str(length + 16)))


@clause(
    "object-attributes/parts-are-counted",
    rules=("GP-ENC-04",),
    source=Source("API/API_GetObjectAttributes.html", "ObjectParts", read=date(2026, 12, 1)),
    profile="multipart",
    needs=NEEDS,
)
def parts_are_counted(world: World, request: GetObjectAttributes) -> Rulings:
    """The number of parts, where it is shown, is that of the parts that the object is made of."""
    version = _asked_of(world, request, PARTS)
    if version is None or not version.part_sizes or COUNT in version.shown:
        return None
    count = len(version.part_sizes)
    return Require(COUNT, AbsentOr(str(count), wrong=str(count + 1), told=True))


@clause(
    "object-attributes/part-sizes-are-those-of-the-data",
    rules=("GP-ENC-04",),
    source=Source("API/API_ObjectPart.html", "Size", read=date(2026, 12, 1)),
    profile="multipart",
    needs=NEEDS,
)
def part_sizes_are_those_of_the_data(world: World, request: GetObjectAttributes) -> Rulings:
    """Parts that are shown have the sizes in which they were uploaded, whatever is stored."""
    version = _asked_of(world, request, PARTS)
    sizes = {} if version is None or SIZES in version.shown else version.part_sizes
    if version is None or not sizes or not is_in_a_row(sizes):
        return None
    # AWS shows single parts where the object has a checksum that was asked for.
    told = bool(version.checksums)
    return Require(SIZES, PartSizes(tuple(sorted(sizes.items())), told=told))


@clause(
    "object-attributes/no-encryption-is-shown",
    rules=("GP-HDR-28",),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
)
def no_encryption_is_shown(world: World, request: GetObjectAttributes) -> Rulings:
    """The attributes show no encryption, neither in a header nor in an element."""
    del world, request
    headers = tuple(Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS)
    return (*headers, Require(STRANGE, Absent("ServerSideEncryption")))


@allowance("GP-AMB-16", "GP-RD-11")
def attributes_with_another_key(world: World, request: GetObjectAttributes) -> Rulings:
    """Attributes of an SSE-C object with another key: 403 as of GET, or 400."""
    version, group = version_read(world, request), request.own_key
    if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseC):
        return None
    if group.key is None or is_same_key(group, version.encryption.customer_key_md5):
        return None
    return MayRefuse((INVALID_REQUEST, INVALID_ARGUMENT))


@allowance("GP-RD-05", "GP-RD-11")
def attributes_with_a_key_of_no_use(world: World, request: GetObjectAttributes) -> Rulings:
    """Attributes of an object that is not under SSE-C, with a customer key: refused, or told.

    That GET and HEAD of it are refused was recorded; of attributes nothing is said.
    """
    version = version_read(world, request)
    if not isinstance(version, ObjectVersion) or not request.own_key.present:
        return None
    return None if isinstance(version.encryption, SseC) else MayRefuse((INVALID_REQUEST,))


@allowance("GP-SSEC-05R", "GP-RD-11")
def attributes_without_the_key_md5(world: World, request: GetObjectAttributes) -> Rulings:
    """A customer key without its MD5, optional on GET and HEAD: here that is not recorded."""
    del world
    if not request.own_key.present or request.customer_key_md5 is not None:
        return None
    return MayRefuse((INVALID_ARGUMENT, INVALID_REQUEST))
