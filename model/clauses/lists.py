"""Listings: they agree with what was written, need no key and show no encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import Capability, MayRefuse, Require, Rulings, Source, Succeed, allowance, clause
from model.facts import agreed_etag, bucket_of
from model.listing import ENTRY, ETAG, LATEST, MARKER, NAMES, SIZE, STRANGE, field_of
from model.matchers import Absent, Equals, OnlyNames
from model.operations.list_object_versions import ListObjectVersions
from model.operations.list_objects import ListObjects, ListObjectsV2
from model.operations.listing import ListingOperation
from model.request import ENCRYPTION_HEADERS
from model.s3_errors import INVALID_ARGUMENT
from model.stored import ObjectVersion
from model.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.operations.listing import Known

V2 = Source("API/API_ListObjectsV2.html", "Response elements")
VERSIONS = Source("API/API_ListObjectVersions.html", "Response elements")
PROFILE = "sse-s3"
NEEDS = Capability.LISTS

NEVER_WRITTEN = "never-written-at-all"


def _known(world: World, request: ListingOperation) -> tuple[Known, ...]:
    """Return what the listing must name, as far as it is known."""
    bucket = bucket_of(world, request)
    return () if bucket is None or not request.is_whole else tuple(request.known(bucket))


def _objects(
    world: World, request: ListingOperation, what: str
) -> Iterator[tuple[str, ObjectVersion]]:
    """Yield the field that says this of each object version, and the version.

    What an earlier listing showed wrongly of a version is not asked for again.
    """
    for one in _known(world, request):
        version = one.version
        if isinstance(version, ObjectVersion) and request.note(what) not in version.shown:
            yield field_of(what, one.name), version


@clause(
    "lists/every-object-is-named",
    rules=("GP-ENC-11", "GP-ENC-04"),
    source=V2,
    profile=PROFILE,
    needs=NEEDS,
)
def every_object_is_named(world: World, request: ListObjects | ListObjectsV2) -> Rulings:
    """A listing names each object that was written and not deleted, however it is encrypted."""
    fields = _objects(world, request, ENTRY)
    kind = request.usual_kind
    return tuple(Require(field, Equals(kind, wrong=None)) for field, _ in fields) or None


@clause(
    "lists/nothing-else-is-named",
    rules=("GP-VAL-11", "GP-COPY-10", "GP-SSEC-15"),
    source=V2,
    profile=PROFILE,
    needs=NEEDS,
)
def nothing_else_is_named(world: World, request: ListObjects | ListObjectsV2) -> Rulings:
    """A listing names no object that was never written, whose write was refused or that is gone."""
    bucket = bucket_of(world, request)
    if bucket is None or not bucket.complete:
        return None
    return Require(NAMES, OnlyNames(*request.possible(bucket), wrong=NEVER_WRITTEN))


@clause(
    "lists/every-version-is-named",
    rules=("GP-ENC-11", "GP-ENC-09"),
    source=VERSIONS,
    profile="versioning",
    needs=Capability.VERSIONING,
)
def every_version_is_named(world: World, request: ListObjectVersions) -> Rulings:
    """A listing of versions names each version, however it is encrypted, and each delete marker."""
    found = [
        Require(f, Equals(request.usual_kind, wrong=None))
        for f, _ in _objects(world, request, ENTRY)
    ]
    markers = [k for k in _known(world, request) if not isinstance(k.version, ObjectVersion)]
    found += [Require(field_of(ENTRY, k.name), Equals(MARKER, wrong=None)) for k in markers]
    return tuple(found) or None


@clause(
    "lists/no-other-version-is-named",
    rules=("GP-VAL-11", "GP-SELF-17", "GP-SSEC-15"),
    source=VERSIONS,
    profile="versioning",
    needs=Capability.VERSIONING,
)
def no_other_version_is_named(world: World, request: ListObjectVersions) -> Rulings:
    """A listing of versions names none whose write was refused, and none that was removed."""
    bucket = bucket_of(world, request)
    if bucket is None or not bucket.complete:
        return None
    wrong = f"version never-made of {NEVER_WRITTEN}"
    return Require(NAMES, OnlyNames(*request.possible(bucket), wrong=wrong))


@clause(
    "lists/latest-version-is-marked",
    rules=("GP-ENC-09",),
    source=VERSIONS,
    profile="versioning",
    needs=Capability.VERSIONING,
)
def latest_version_is_marked(world: World, request: ListObjectVersions) -> Rulings:
    """A listing of versions marks the newest version, or delete marker, of each object."""
    sure = [k for k in _known(world, request) if k.is_latest is not None and not _noted(request, k)]
    shown = {True: Equals("true", wrong="false"), False: Equals("false", wrong="true")}
    found = [Require(field_of(LATEST, k.name), shown[k.is_latest is True]) for k in sure]
    return tuple(found) or None


def _noted(request: ListingOperation, known: Known) -> bool:
    version = known.version
    return isinstance(version, ObjectVersion) and request.note(LATEST) in version.shown


@clause(
    "lists/size-is-that-of-the-data",
    rules=("GP-ENC-04",),
    source=Source("API/API_Object.html", "Size"),
    profile=PROFILE,
    needs=NEEDS,
)
def size_is_that_of_the_data(world: World, request: ListingOperation) -> Rulings:
    """A listing gives the size of the data that was written, not of what is stored."""
    found = []
    for field, version in _objects(world, request, SIZE):
        if version.body is not None:
            length = len(version.body)
            found.append(Require(field, Equals(str(length), wrong=str(length + 16))))
    return tuple(found) or None


@clause(
    "lists/etag-is-that-of-the-object",
    rules=("GP-ETAG-10", "GP-ETAG-09"),
    source=Source("API/API_Object.html", "ETag"),
    profile=PROFILE,
    needs=NEEDS,
)
def etag_is_that_of_the_object(world: World, request: ListingOperation) -> Rulings:
    """A listing gives the ETag that the write answered, whatever the encryption."""
    found = []
    for field, version in _objects(world, request, ETAG):
        etag = agreed_etag(version)
        if etag is not None:
            found.append(Require(field, Equals(etag, wrong=etag[::-1] + "0")))
    return tuple(found) or None


@clause(
    "lists/no-encryption-is-shown",
    rules=("GP-ENC-11",),
    source=V2,
    profile=PROFILE,
    needs=NEEDS,
)
def no_encryption_is_shown(world: World, request: ListingOperation) -> Rulings:
    """A listing shows no encryption, neither in a header nor in an element."""
    del world, request
    headers = tuple(Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS)
    return (*headers, Require(STRANGE, Absent("ServerSideEncryption")))


@clause(
    "lists/no-key-is-needed",
    rules=("GP-ENC-11", "GP-KEY-10"),
    source=V2,
    profile=PROFILE,
    needs=NEEDS,
)
def no_key_is_needed(world: World, request: ListingOperation) -> Rulings:
    """A bucket is listed without any key, whatever its objects are encrypted with."""
    if bucket_of(world, request) is None or not request.is_whole:
        return None
    return Succeed()


@allowance("GP-ENC-11", "GP-HDR-11")
def algorithm_on_a_listing(world: World, request: ListingOperation) -> Rulings:
    """An encryption header on a listing: refused, as S3 once was seen to do, or ignored."""
    del world
    return None if request.sse is None else MayRefuse((INVALID_ARGUMENT,))
