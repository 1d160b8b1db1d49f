"""Listings of a bucket, and deletions of several objects at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.action import action, look
from conformance.deleting import deletion_of
from model.clause import Capability
from model.delete_document import Named
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.operations.list_object_versions import ListObjectVersions
from model.operations.list_objects import ListObjects, ListObjectsV2
from model.request import BucketRequest

if TYPE_CHECKING:
    from conformance.requests import Requests
    from conformance.session import Step
    from model.operation import Operation


@action(4, ListObjects, ListObjectsV2, ListObjectVersions, left_out=25, needs=Capability.LISTS)
def list_bucket(build: Requests) -> Operation:
    """Return a listing of a bucket, in one of its forms."""
    return _listing(build, build.bucket())


def _listing(build: Requests, bucket: str) -> Operation:
    choose = build.choose
    prefix = choose.pick(("a", "dir/", "none")) if choose.chance(12) else None
    kinds: list[tuple[type[ListObjects | ListObjectsV2 | ListObjectVersions], int]] = [
        (ListObjectsV2, 5),
        (ListObjects, 2),
    ]
    if build.has(Capability.VERSIONING):
        kinds.append((ListObjectVersions, 5))
    return choose.weighted(kinds)(bucket=bucket, prefix=prefix, secure=build.secure)


@look(7, needs=Capability.LISTS)
def look_at_the_listing(build: Requests, step: Step) -> Operation | None:
    """Return a listing of the bucket in which something was written, refused or deleted."""
    request = step.request
    if not isinstance(request, BucketRequest):
        return None
    if not (request.leaves_object or isinstance(request, DeleteObject | DeleteObjects)):
        return None
    return _listing(build, request.bucket)


@action(3, DeleteObjects, left_out=40, needs=Capability.MULTI_DELETE)
def delete_several(build: Requests) -> Operation:
    """Return a DeleteObjects of two objects, or versions."""
    choose = build.choose
    bucket = build.bucket()
    keys = build.universe.object_keys
    first = choose.below(len(keys))
    named: list[Named] = []
    for object_key in (keys[first], keys[(first + 1) % len(keys)]):
        here = [v for v in build.versions() if v[:2] == (bucket, object_key)]
        version_id = choose.pick(here)[2] if here and choose.chance(35) else None
        named.append(Named(object_key, version_id))
    return deletion_of(bucket, named, secure=build.secure, quiet=choose.chance(15))
