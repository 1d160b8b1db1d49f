"""GET and HEAD of one part of an object that was uploaded in parts."""

from __future__ import annotations

from model.answer import BODY, CONTENT_LENGTH
from model.clause import (
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
from model.facts import version_read
from model.matchers import BodyIs, Equals
from model.open_matchers import BodyIsOneOf, OneOf
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.object_read import ConditionalRead, is_in_a_row, numbered
from model.operations.part_upload import MOST_PARTS
from model.s3_errors import ANY_400, INVALID_ARGUMENT, INVALID_PART_NUMBER
from model.stored import ObjectVersion
from model.world import World

PAGE = Source("API/API_GetObject.html", "PartNumber")
HEAD = Source("API/API_HeadObject.html", "PartNumber")
COUNT = Source("API/API_GetObject.html", "PartsCount")
RECORDED = Source("recorded answers of Amazon S3, 2026", "reads of parts")
GAPS = Source("what openstack/swift expects of Amazon S3 in test_mpu", "parts with gaps")
PROFILE = "multipart"
NEEDS = Capability.MULTIPART

PARTS_COUNT = "x-amz-mp-parts-count"


def _sizes(version: object) -> dict[int, int] | None:
    """Return the lengths of an object's parts by their numbers, None where they are not known."""
    if not isinstance(version, ObjectVersion) or version.body is None:
        return None
    if version.part_sizes is not None:
        return dict(version.part_sizes)
    whole = version.etag is not None and "-" not in version.etag
    return {1: len(version.body)} if whole else None


@clause(
    "multipart-reading/part-is-of-the-data",
    rules=("GP-ECHO-09", "GP-ENC-04"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
)
def part_is_of_the_data(world: World, request: GetObject, version: ObjectVersion) -> Rulings:
    """GET of a part returns the bytes that were uploaded as that part."""
    del world
    span = request.part_read(version)
    if span is None or version.body is None or request.range is not None:
        return None
    part = Require(BODY, BodyIs(version.body[slice(*span)]))
    if span[0] == span[1]:
        return part  # an empty part has no range
    shown = f"bytes {span[0]}-{span[1] - 1}/{len(version.body)}"
    return (part, Require("content-range", Equals(shown)))


@clause(
    "multipart-reading/whole-object-is-its-one-part",
    rules=("GP-ECHO-09", "GP-ENC-04"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
)
def whole_object_is_its_one_part(
    world: World, request: GetObject, version: ObjectVersion
) -> Rulings:
    """GET of part 1 of an object that was written at once returns all of it."""
    del world
    if version.part_sizes is not None or request.part_number != "1" or request.range is not None:
        return None
    return None if _sizes(version) is None else Require(BODY, BodyIs(version.body or b""))


@clause(
    "multipart-reading/length-is-that-of-the-part",
    rules=("GP-ECHO-09", "GP-ENC-04"),
    source=HEAD,
    profile=PROFILE,
    needs=NEEDS,
)
def length_is_that_of_the_part(
    world: World, request: HeadObject, version: ObjectVersion
) -> Rulings:
    """HEAD of a part gives the length of the data that was uploaded as that part."""
    del world
    span = request.part_read(version)
    if span is None or request.range is not None:
        return None
    length = span[1] - span[0]
    return Require(CONTENT_LENGTH, Equals(str(length), wrong=str(length + 16)))


@clause(
    "multipart-reading/parts-are-counted",
    rules=("GP-ECHO-09",),
    source=COUNT,
    profile=PROFILE,
    needs=NEEDS,
)
def parts_are_counted(world: World, request: ConditionalRead, version: ObjectVersion) -> Rulings:
    """GET and HEAD of a part tell how many parts the object was uploaded in."""
    del world
    if request.part_read(version) is None:
        return None
    return Require(PARTS_COUNT, Equals(str(len(version.part_sizes or ()))))


@clause(
    "multipart-reading/part-beyond-the-last-is-refused",
    rules=("GP-ECHO-09",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def part_beyond_the_last_is_refused(world: World, request: ConditionalRead) -> Rulings:
    """GET or HEAD of a part beyond the last is refused with 416.

    Of a number that no part can have AWS says that it is no argument (openstack/swift's
    test_get_object_partNumber_errors, which is run against AWS, too).
    """
    sizes, number = _sizes(version_read(world, request)), numbered(request.part_number)
    if sizes is None or number is None or number in {*sizes, *range(1, len(sizes) + 1)}:
        return None
    impossible = (INVALID_ARGUMENT,) if number > MOST_PARTS else ()
    return Refuse((INVALID_PART_NUMBER, *impossible))


@clause(
    "multipart-reading/part-of-parts-with-gaps",
    rules=("GP-ECHO-09", "GP-ENC-04"),
    source=GAPS,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def part_of_parts_with_gaps(
    world: World, request: ConditionalRead, version: ObjectVersion
) -> Rulings:
    """GET and HEAD of a part, where numbers are missing, are of that number or of that place."""
    del world
    sizes, body = version.part_sizes, version.body
    spans = request.parts_meant(version)
    if sizes is None or is_in_a_row(sizes) or body is None or not spans:
        return None
    if isinstance(request, HeadObject):
        lengths = tuple(str(end - begin) for begin, end in spans)
        return Require(CONTENT_LENGTH, OneOf(lengths, wrong=str(len(body) + 16)))
    ranged = isinstance(request, GetObject) and request.range is not None
    parts = tuple(body[slice(*span)] for span in spans)
    return None if ranged else Require(BODY, BodyIsOneOf(parts))


@allowance("GP-ECHO-09")
def odd_part_number(world: World, request: ConditionalRead) -> Rulings:
    """A part number that is none, beside a range, or of parts with gaps: some refusal, or data."""
    if not request.asks_for_a_part:
        return None
    refused = MayRefuse((ANY_400, INVALID_PART_NUMBER))
    if request.range is not None or numbered(request.part_number) is None:
        return refused
    version = version_read(world, request)
    sizes = _sizes(version)
    known = not isinstance(version, ObjectVersion) or (sizes is not None and is_in_a_row(sizes))
    return None if known else refused
