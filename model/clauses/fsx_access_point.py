"""Access points attached to FSx file systems: one kind of encryption, which nobody chooses."""

from __future__ import annotations

from datetime import date

from model.answer import ETAG, STORAGE_CLASS
from model.bucket_kind import BucketKind, bucket_kind
from model.clause import (
    EVERY_BUCKET,
    FSX,
    Capability,
    Facet,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    Store,
    Succeed,
    allowance,
    clause,
)
from model.facts import bucket_of, source_version
from model.open_matchers import OneOf, OtherThanMd5Of, SomeText
from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.part_upload import PartOperation
from model.operations.put_object import PutObject
from model.request import (
    SSE,
    BucketConfiguration,
    ObjectCreation,
    ObjectRead,
    ObjectRequest,
    ObjectWrite,
    WithCopySource,
    WithEncryptionHeaders,
    header_places,
    names_no_encryption,
    uses_sse_c,
)
from model.s3_errors import ANY_4XX, ANY_400, ANY_501, INVALID_REQUEST
from model.sse import FSX_ALGORITHM, SHOWN_FOR_FSX, SseFsx
from model.stored import NULL_VERSION, ObjectVersion
from model.world import World

PUT = Source("API/API_PutObject.html", "Access points for Amazon FSx")
COPY = Source("API/API_CopyObject.html", "Access points for Amazon FSx")
GET = Source("API/API_GetObject.html", "Response elements")
FSX_API = Source("Amazon FSx for OpenZFS and for ONTAP", "S3 access points: object API support")
ONTAP_API = Source("Amazon FSx for ONTAP", "S3 access points: object API support")
READ = date(2026, 12, 1)
PROFILE = "fsx"
NEEDS = Capability.FSX_ACCESS_POINT
ONTAP = "FSX_ONTAP"
STORAGE_CLASSES = (ONTAP, "FSX_OPENZFS")


def _is_alone(request: ObjectRequest, *attributes: str) -> bool:
    """Tell whether no header is sent but these."""
    places = header_places(type(request))
    sent = {p.attribute for p in places if getattr(request, p.attribute) is not None}
    return sent <= set(attributes)


@clause(
    "fsx-access-point/other-algorithm-is-refused",
    rules=("FSX-001", "FSX-010", "FSX-020"),
    source=COPY,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def other_algorithm_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """Through an access point for FSx every algorithm but aws:fsx is refused."""
    del world
    if request.sse in {None, FSX_ALGORITHM}:
        return None
    return Refuse((ANY_400, ANY_501))


@clause(
    "fsx-access-point/customer-key-is-refused",
    rules=("FSX-011",),
    source=FSX_API,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def customer_key_is_refused(world: World, request: WithEncryptionHeaders) -> Rulings:
    """Through an access point for FSx SSE-C is refused."""
    del world
    return Refuse((ANY_400, ANY_501)) if uses_sse_c(request) else None


@clause(
    "fsx-access-point/everything-is-fsx",
    rules=("FSX-001", "FSX-002", "FSX-003"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def everything_is_fsx(world: World, request: ObjectWrite) -> Rulings:
    """What is written through an access point for FSx is encrypted by the file system."""
    del world, request
    return Store(Facet.ALGORITHM, (FSX_ALGORITHM,))


@clause(
    "fsx-access-point/no-header-is-needed",
    rules=("FSX-003", "FSX-016"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def no_header_is_needed(world: World, request: PutObject) -> Rulings:
    """A write without encryption headers is accepted."""
    del world
    return Succeed() if _is_alone(request) else None


@clause(
    "fsx-access-point/fsx-may-be-named",
    rules=("FSX-001", "FSX-004"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def fsx_may_be_named(world: World, request: PutObject) -> Rulings:
    """A write that names aws:fsx is accepted."""
    del world
    named = request.sse == FSX_ALGORITHM
    return Succeed() if named and _is_alone(request, "sse") else None


@clause(
    "fsx-access-point/fsx-is-shown",
    rules=("FSX-005", "FSX-006"),
    source=GET,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def fsx_is_shown(world: World, request: WithEncryptionHeaders, version: ObjectVersion) -> Rulings:
    """Answers about an object in a file system show aws:fsx, or SSE_FSX as one page has it."""
    del world, request
    if not isinstance(version.encryption, SseFsx):
        return None
    return Require(SSE, OneOf(SHOWN_FOR_FSX, wrong="AES256"))


@clause(
    "fsx-access-point/storage-class-is-the-file-systems",
    rules=("FSX-008",),
    source=FSX_API,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def storage_class_is_the_file_systems(
    world: World, request: GetObject | HeadObject, version: ObjectVersion
) -> Rulings:
    """GET and HEAD show the storage class FSX_OPENZFS or FSX_ONTAP."""
    del world, request, version
    return Require(STORAGE_CLASS, OneOf(STORAGE_CLASSES, wrong="STANDARD"))


@clause(
    "fsx-access-point/etag-is-not-the-md5",
    rules=("FSX-01A",),
    source=ONTAP_API,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def etag_is_not_the_md5(world: World, request: ObjectCreation, version: ObjectVersion) -> Rulings:
    """The ETag of an object in a file system of ONTAP is no MD5 of its data."""
    return Require(ETAG, OtherThanMd5Of(version.body)) if _is_ontap(world, request) else None


def _is_ontap(world: World, request: ObjectRequest) -> bool:
    """Tell whether a read through the access point showed a file of ONTAP."""
    bucket = bucket_of(world, request)
    held = () if bucket is None else bucket.objects.values()
    return any(isinstance(v, ObjectVersion) and v.storage_class == ONTAP for v in held)


@clause(
    "fsx-access-point/etag-is-shown",
    rules=("FSX-016",),
    source=Source("API/API_PutObject.html", "ETag", READ),
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def etag_is_shown(world: World, request: ObjectCreation | PartOperation) -> Rulings:
    """What is written through an access point, also a part, is answered with an ETag."""
    if isinstance(request, ObjectCreation) and _is_ontap(world, request):
        return None  # of that more is said
    return Require(ETAG, SomeText())


@clause(
    "fsx-access-point/objects-are-read-and-deleted",
    rules=("FSX-002", "FSX-016"),
    source=FSX_API,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def objects_are_read_and_deleted(
    world: World, request: GetObject | HeadObject | DeleteObject
) -> Rulings:
    """GET, HEAD and DELETE of an object need no encryption header."""
    found = world.object(request.bucket, request.object_key)
    bare = request.version_id is None and _is_alone(request)
    return Succeed() if bare and isinstance(found, ObjectVersion) else None


@clause(
    "fsx-access-point/versions-are-not-read",
    rules=("FSX-017",),
    source=FSX_API,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def versions_are_not_read(world: World, request: ObjectRead) -> Rulings:
    """A version cannot be read: a file system has none."""
    del world
    if request.version_id in {None, NULL_VERSION}:
        return None
    return Refuse((ANY_400, ANY_4XX, ANY_501))


@clause(
    "fsx-access-point/copies-stay-within",
    rules=("FSX-015",),
    source=FSX_API,
    profile=PROFILE,
    needs=NEEDS,
    buckets=EVERY_BUCKET,
)
def copies_stay_within(world: World, request: WithCopySource) -> Rulings:
    """A copy into an access point for FSx, or out of one, is refused unless it stays within it."""
    del world
    source = request.source
    if source is None or source.bucket == request.bucket:
        return None
    kinds = {bucket_kind(source.bucket), request.bucket_kind}
    crosses = BucketKind.FSX_ACCESS_POINT in kinds
    return Refuse((ANY_400, ANY_4XX, ANY_501)) if crosses else None


@clause(
    "fsx-access-point/copies-within-succeed",
    rules=("FSX-015", "FSX-016"),
    source=FSX_API,
    profile=PROFILE,
    needs=NEEDS,
    buckets=FSX,
)
def copies_within_succeed(world: World, request: CopyObject) -> Rulings:
    """A copy to another name of the same access point is accepted."""
    source = request.source
    if source is None or source.bucket != request.bucket or request.in_place:
        return None
    there = isinstance(source_version(world, request), ObjectVersion)
    alone = _is_alone(request, "copy_source") and source.version_id is None
    return Succeed() if there and alone and names_no_encryption(request) else None


@allowance("FSX-014", buckets=FSX)
def bucket_encryption_of_an_access_point(world: World, request: BucketConfiguration) -> Rulings:
    """An access point has no bucket to configure: what these requests get is not said."""
    del world, request
    return MayRefuse((ANY_400, ANY_4XX, ANY_501))


@allowance("FSX-015", buckets=FSX)
def copy_onto_itself_through_an_access_point(world: World, request: CopyObject) -> Rulings:
    """A copy of a file onto itself: refused as in other buckets, or done."""
    del world
    return MayRefuse((INVALID_REQUEST,)) if request.in_place else None


@allowance("FSX-007", "FSX-018", buckets=FSX)
def odd_request_to_an_access_point(world: World, request: ObjectWrite | ObjectRead) -> Rulings:
    """KMS headers, conditions, access control lists and the like: ignored, or refused."""
    del world
    if _is_alone(request, "sse", "copy_source"):
        return None
    return MayRefuse((ANY_400, ANY_4XX, ANY_501))
