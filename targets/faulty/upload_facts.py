"""What faults of uploads and of their objects have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from model.operations.upload_in_progress import upload_named, with_upload
from model.request import PartUpload, UploadRequest
from model.stored import MultipartUpload, ObjectVersion, UploadedPart

if TYPE_CHECKING:
    from model.operation import Operation
    from model.operations.part_upload import PartOperation
    from model.request import ObjectRequest
    from model.world import World


def with_facts(world: World, request: ObjectRequest, **facts: Any) -> World:
    """Return the world with other facts about the current version of the request's object."""
    version = world.object(request.bucket, request.object_key)
    if not isinstance(version, ObjectVersion):
        return world
    return world.with_object(request.bucket, request.object_key, replace(version, **facts))


def upload_of(world: World, request: Operation) -> MultipartUpload | None:
    """Return the upload in progress that a request names, if there is one."""
    found = upload_named(world, request) if isinstance(request, UploadRequest) else None
    return found if isinstance(found, MultipartUpload) else None


def part_of(world: World, request: Operation) -> UploadedPart | None:
    """Return what is kept under the part number that a request names."""
    upload = upload_of(world, request)
    number = request.part_number if isinstance(request, PartUpload) else None
    return None if upload is None or not number else upload.parts.get(int(number))


def with_part(world: World, request: PartOperation, **facts: Any) -> World:
    """Return the world with other facts about that part."""
    upload, part = upload_of(world, request), part_of(world, request)
    if upload is None or part is None:
        return world
    parts = {**upload.parts, int(request.part_number or 0): replace(part, **facts)}
    return with_upload(world, request, replace(upload, parts=parts))
