"""Lists of parts and of uploads: they show what is there."""

from __future__ import annotations

from datetime import date

from model.clause import (
    GENERAL_AND_DIRECTORY,
    Capability,
    Require,
    Rulings,
    Source,
    Succeed,
    clause,
)
from model.facts import bucket_of
from model.listing import field_of
from model.matchers import Equals
from model.operations.list_multipart_uploads import KEY, ListMultipartUploads
from model.operations.list_parts import NUMBERS, ListParts, listed
from model.world import World

READ = date(2026, 11, 30)
PARTS = Source("API/API_ListParts.html", "PartNumber", READ)
UPLOADS = Source("API/API_ListMultipartUploads.html", "Description", READ)
PROFILE = "multipart"
NEEDS = Capability.MULTIPART


@clause(
    "multipart-lists/parts-have-their-numbers",
    rules=("GP-ENC-11", "GP-HDR-28"),
    source=PARTS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=GENERAL_AND_DIRECTORY,
)
def parts_have_their_numbers(world: World, request: ListParts) -> Rulings:
    """ListParts shows the parts that were uploaded, all of them, each under its number."""
    numbers = listed(world, request)[NUMBERS]
    if numbers is None:
        return None
    later = ",".join(str(int(number) + 1) for number in numbers.split(",") if number)
    return Require(NUMBERS, Equals(numbers, wrong=later or "1"))


@clause(
    "multipart-lists/uploads-in-progress-are-shown",
    rules=("GP-ENC-11", "GP-HDR-23"),
    source=UPLOADS,
    profile=PROFILE,
    needs=NEEDS,
)
def uploads_in_progress_are_shown(world: World, request: ListMultipartUploads) -> Rulings:
    """An upload that was created, and neither completed nor aborted, is listed with its object key.

    Of what is asked for behind a marker, rolled up or in pages nothing is said here.
    """
    bucket = bucket_of(world, request)
    if bucket is None or not request.is_whole:
        return None
    known = request.known(bucket).items()
    return tuple(Require(field_of(KEY, name), Equals(u.object_key)) for name, u in known) or None


@clause(
    "multipart-lists/uploads-need-no-key",
    rules=("GP-ENC-11",),
    source=UPLOADS,
    profile=PROFILE,
    needs=NEEDS,
)
def uploads_need_no_key(world: World, request: ListMultipartUploads) -> Rulings:
    """The uploads in progress are listed without a key, whatever they are encrypted with."""
    bucket = bucket_of(world, request)
    return Succeed() if bucket is not None and request.is_whole else None
