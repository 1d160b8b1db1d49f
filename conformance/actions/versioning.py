"""Buckets that keep versions: enabling, suspending, older versions, delete markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.action import action, look, opening
from conformance.universe import BODIES
from model.clause import Capability
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_versioning import GetBucketVersioning
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.operations.put_object import PutObject
from model.request import ObjectRequest
from model.stored import DeleteMarker
from model.world import Bucket, Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.requests import Requests
    from conformance.session import Step
    from model.operation import Operation

MALFORMED_IDS = ("not a version id", "!", "")
NEVER_GIVEN = ("no-such-version", "3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH", "null")


@opening(34, needs=Capability.VERSIONING)
def keep_versions(build: Requests) -> Iterator[Operation]:
    """Enable versioning in a bucket or two, now and then with an object in it already."""
    choose = build.choose
    made = [b for b in build.universe.buckets if isinstance(build.world.buckets.get(b), Bucket)]
    for bucket in made[: 1 + choose.chance(40)]:
        if choose.chance(30):
            yield _put(build, bucket)
        yield _set(build, bucket, Versioning.ENABLED)
        for _ in range(choose.below(3)):
            yield _put(build, bucket)
        if choose.chance(20):
            yield _set(build, bucket, Versioning.SUSPENDED)


def _put(build: Requests, bucket: str) -> Operation:
    fields: Fields = {"bucket": bucket, "body": build.choose.pick(BODIES)}
    fields["object_key"] = build.choose.pick(build.universe.object_keys[:2])
    build.encryption(fields)
    return PutObject(secure=build.secure, **fields)


def _set(build: Requests, bucket: str, versioning: Versioning) -> Operation:
    document = versioning_document(versioning.value)
    return PutBucketVersioning(bucket=bucket, document=document, secure=build.secure)


@action(5, PutBucketVersioning, GetBucketVersioning, left_out=35, needs=Capability.VERSIONING)
def change_versioning(build: Requests) -> Operation | None:
    """Return the suspending of versioning, or its enabling anew; seldom the enabling of it."""
    choose = build.choose
    bucket = build.bucket()
    found = build.world.buckets.get(bucket)
    if not isinstance(found, Bucket):
        return GetBucketVersioning(bucket=bucket, secure=build.secure)
    if found.versioning is Versioning.NEVER and not choose.chance(15):
        return None
    if choose.chance(35):
        return GetBucketVersioning(bucket=bucket, secure=build.secure)
    enabled = found.versioning is Versioning.ENABLED
    return _set(build, bucket, Versioning.SUSPENDED if enabled else Versioning.ENABLED)


@action(14, needs=Capability.VERSIONING)
def read_version(build: Requests) -> Operation | None:
    """Return a read of a version, mostly an older one, with its own key."""
    found = build.versions()
    if not found:
        return None
    bucket, object_key, version_id, _ = build.choose.pick(found)
    if build.choose.chance(6):
        object_key = build.choose.pick(build.universe.object_keys)
    version_id = strange_version_id(build, version_id, 10)
    return build.read(bucket, object_key, version_id=version_id)


def strange_version_id(build: Requests, version_id: str, percent: int) -> str:
    """Return the id, or now and then one that was never given or can be none."""
    if not build.choose.chance(percent):
        return version_id
    removed = [s.request.version_id for s in build.steps if isinstance(s.request, DeleteObject)]
    gone = tuple(one for one in removed if one is not None)
    return build.choose.pick((*MALFORMED_IDS[:2], *NEVER_GIVEN, *gone))


@action(8, left_out=20, needs=Capability.VERSIONING)
def delete_version(build: Requests) -> Operation | None:
    """Return the deletion of a version or of a delete marker, or one that leaves a marker."""
    choose = build.choose
    found = build.versions()
    if not found:
        return None
    bucket, object_key, version_id, version = choose.pick(found)
    named: str | None = None
    if choose.chance(70 if isinstance(version, DeleteMarker) else 45):
        named = strange_version_id(build, version_id, 4)
    return DeleteObject(bucket=bucket, object_key=object_key, version_id=named, secure=build.secure)


@look(22, needs=Capability.VERSIONING)
def look_at_a_version(build: Requests, step: Step) -> Operation | None:
    """Return a read of one of the versions of what was written or deleted: any, or the older."""
    request = step.request
    if not isinstance(request, ObjectRequest) or not _changes(request):
        return None
    here = [v for v in build.versions() if v[:2] == (request.bucket, request.object_key)]
    if not here:
        return None
    choose = build.choose
    bucket, object_key, version_id, _ = choose.pick(here)
    if choose.chance(20):
        return build.read(bucket, object_key, sound=True)
    return build.read(bucket, object_key, version_id=version_id, sound=choose.chance(80))


def _changes(request: Operation) -> bool:
    return request.leaves_object or isinstance(request, DeleteObject)
