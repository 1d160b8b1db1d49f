"""PutObject, GetObject, HeadObject and DeleteObject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action, look
from conformance.universe import BODIES, LARGE_BODY, METADATA
from model.clause import Capability
from model.facts import is_locked
from model.operations.delete_object import DeleteObject
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.kms import DisableKey, ScheduleKeyDeletion
from model.operations.put_object import PutObject
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Faults, Requests
    from conformance.session import Step
    from model.operation import Operation


NO_ETAG = "0123456789abcdef0123456789abcdef"
"""An ETag that no object has."""


@action(30, PutObject)
def put_object(build: Requests) -> Operation:
    """Return a PutObject."""
    choose = build.choose
    body = LARGE_BODY if choose.chance(2) else choose.pick(BODIES)
    fields: Fields = {"bucket": build.bucket(), "body": body}
    fields["object_key"] = choose.pick(build.universe.object_keys)
    if fields["object_key"].endswith("/") and choose.chance(50):
        fields["body"] = b""  # as clients make a folder
    fields["metadata"] = choose.pick(METADATA)
    if build.has(Capability.ARCHIVE) and choose.chance(3):
        fields["storage_class"] = "GLACIER"
    if choose.chance(3):
        fields["acl"] = choose.pick(("bucket-owner-full-control", "private"))
    build.encryption(fields)
    if choose.chance(7):
        ask_for_what_is_there(build, fields)
    if choose.chance(4):
        fields["tagging"] = "team=storage"
    build.maybe_spoil(fields, _put_faults(build))
    return PutObject(secure=build.secure, **fields)


def ask_for_what_is_there(build: Requests, fields: Fields) -> None:
    """Make a write depend on the ETag of what is there, with one that is right or not."""
    there = build.world.object(fields["bucket"], fields["object_key"])
    etag = there.etag if isinstance(there, ObjectVersion) else None
    faults.put_condition(build.choose, fields, etag or NO_ETAG, "if_match", "if_match")


def _put_faults(build: Requests) -> Faults:
    found: Faults = [
        *build.write_faults(),
        (faults.unknown_storage_class, 2),
        (faults.wrong_content_md5, 5),
        (faults.create_only, 5),
    ]
    if build.has(Capability.SSE_C):
        found += [(faults.several, 6)]
    return found


@action(18, GetObject, HeadObject)
def read_object(build: Requests) -> Operation:
    """Return a GetObject or a HeadObject of anything."""
    found = build.objects()
    if not found or build.choose.chance(8):
        bucket = build.bucket()
        object_key = build.choose.pick((*build.universe.object_keys, "never-written"))
        return build.read(bucket, object_key)
    bucket, object_key, _ = build.choose.pick(found)
    return build.read(bucket, object_key)


@action(4, DeleteObject, left_out=50)
def delete_object(build: Requests) -> Operation:
    """Return a DeleteObject; where a KMS key cannot be used, often of an object under it."""
    choose = build.choose
    bucket, object_key = build.bucket(), choose.pick(build.universe.object_keys)
    locked = [(b, k) for b, k, version in build.objects() if is_locked(build.world, version)]
    if locked and choose.chance(45):
        bucket, object_key = choose.pick(locked)
    return DeleteObject(bucket=bucket, object_key=object_key, secure=build.secure)


@look(10, needs=Capability.KMS_API)
def delete_what_is_locked(build: Requests, step: Step) -> Operation | None:
    """Return the deletion of an object whose KMS key was just made unusable."""
    if not isinstance(step.request, DisableKey | ScheduleKeyDeletion):
        return None
    locked = [(b, k) for b, k, version in build.objects() if is_locked(build.world, version)]
    if not locked:
        return None
    bucket, object_key = build.choose.pick(locked)
    return DeleteObject(bucket=bucket, object_key=object_key, secure=build.secure)
