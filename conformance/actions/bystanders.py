"""Looks at what a request did not name: it must be as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.action import look
from conformance.session import READS
from model.clause import Capability
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.list_parts import ListParts
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.world import Bucket

if TYPE_CHECKING:
    from conformance.requests import Requests
    from conformance.session import Step
    from model.operation import Operation


@look(7)
def look_at_another_object(build: Requests, step: Step) -> Operation | None:
    """Read an object, or a version, that the last change did not name."""
    request = step.request
    if request.method in READS:
        return None
    named = (getattr(request, "bucket", ""), getattr(request, "object_key", ""))
    others: list[tuple[str, str, str | None]]
    others = [(b, k, None) for b, k, _ in build.objects() if (b, k) != named]
    others += [(b, k, v) for b, k, v, _ in build.versions() if (b, k) != named]
    if not others:
        return None
    bucket, object_key, version_id = build.choose.pick(others)
    return build.read(bucket, object_key, version_id=version_id, sound=True, data_percent=80)


@look(3, needs=Capability.BUCKET_ENCRYPTION)
def look_at_the_default(build: Requests, step: Step) -> Operation | None:
    """Read the configuration of a bucket after a change that should have left it alone."""
    made = [b for b in build.universe.buckets if isinstance(build.world.buckets.get(b), Bucket)]
    if step.request.method in READS or not made:
        return None
    return GetBucketEncryption(bucket=build.choose.pick(made), secure=build.secure)


@look(100)
def look_after_a_bucket_was_asked_for_again(build: Requests, step: Step) -> Operation | None:
    """Read what a bucket holds, or its default, where making or removing it changes nothing."""
    request = step.request
    if not isinstance(request, CreateBucket | DeleteBucket) or len(build.steps) < 3:  # noqa: PLR2004
        return None
    if not isinstance(build.world.buckets.get(request.bucket), Bucket):
        return None
    held = [(b, k) for b, k, _ in build.objects() if b == request.bucket]
    if held and build.choose.chance(50):
        return build.read(*build.choose.pick(held), sound=True)
    if not build.has(Capability.BUCKET_ENCRYPTION):
        return None
    return GetBucketEncryption(bucket=request.bucket, secure=build.secure)


@look(22, needs=Capability.MULTIPART)
def look_at_the_parts(build: Requests, step: Step) -> Operation | None:
    """List the parts of an upload to which one was just sent."""
    request = step.request
    if not isinstance(request, UploadPart | UploadPartCopy):
        return None
    if request.bucket not in build.universe.buckets:
        return None
    return ListParts(
        bucket=request.bucket,
        object_key=request.object_key,
        upload_id=request.upload_id,
        secure=build.secure,
    )
