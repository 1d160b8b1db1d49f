"""Additional checksums, right and wrong, under every kind of encryption."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance import upload_checksums
from conformance.action import action, opening
from conformance.actions.copy import copy_object
from conformance.actions.multipart import (
    MOST_UPLOADS,
    Named,
    completion_of,
    new_upload,
    newest,
    part_of,
    uploads,
)
from conformance.actions.objects import put_object
from conformance.looking import look
from model.checksums import ALGORITHMS, ENABLED
from model.clause import Capability
from model.completion_document import write_completion
from model.operations.copy_object import CopyObject
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.put_object import PutObject
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.requests import Requests
    from model.operation import Operation

UPLOADS = (Capability.MULTIPART, Capability.CHECKSUMS)


@action(5, left_out=55, needs=Capability.CHECKSUMS)
def put_with_checksum(build: Requests) -> Operation | None:
    """Return a PutObject with a checksum: mostly that of its data."""
    request = put_object(build)
    if not isinstance(request, PutObject):
        return None
    algorithm = build.choose.pick(ALGORITHMS)
    data = upload_checksums.OTHER_DATA if build.choose.chance(30) else request.body
    return replace(request, **upload_checksums.checksum_fields(algorithm, data))


@action(5, left_out=55, needs=Capability.CHECKSUMS)
def read_checksum(build: Requests) -> Operation | None:
    """Return a GetObject or a HeadObject that asks for the checksum."""
    found = build.objects()
    if not found:
        return None
    bucket, object_key, _ = build.choose.pick(found)
    request = build.read(bucket, object_key, sound=build.choose.chance(85))
    if not isinstance(request, GetObject | HeadObject):
        return None
    return replace(request, checksum_mode=ENABLED)


@action(2, left_out=55, needs=(Capability.CHECKSUMS, Capability.COPY))
def copy_with_checksum(build: Requests) -> Operation | None:
    """Return a CopyObject that names a checksum algorithm."""
    request = copy_object(build)
    if not isinstance(request, CopyObject):
        return None
    return replace(request, checksum_algorithm=build.choose.pick(ALGORITHMS).name)


@action(6, left_out=55, needs=UPLOADS)
def upload_with_checksums(build: Requests) -> Operation | None:
    """Return a CreateMultipartUpload that names an algorithm, while there are few uploads."""
    if len(uploads(build)) >= MOST_UPLOADS:
        return None
    return replace(new_upload(build), **upload_checksums.of_an_upload(build.choose))


@action(7, left_out=55, needs=UPLOADS)
def part_with_checksum(build: Requests) -> Operation | None:
    """Return an UploadPart, mostly of an upload with checksums."""
    found = _mostly_with_checksums(build, uploads(build))
    return None if found is None else _part(build, found, percent=45)


@action(5, left_out=55, needs=UPLOADS)
def completion_with_checksums(build: Requests) -> Operation | None:
    """Return a CompleteMultipartUpload, mostly of an upload with checksums."""
    filled = [named for named in uploads(build) if named.upload.parts]
    found = _mostly_with_checksums(build, filled)
    return None if found is None else _completion(build, found, percent=40)


@opening(22, needs=UPLOADS)
def checked_upload(build: Requests) -> Iterator[Operation]:
    """Yield an upload with checksums from its creation to a read of what was made of it."""
    algorithm = build.choose.pick(ALGORITHMS).name
    yield replace(new_upload(build, sound=True), checksum_algorithm=algorithm)
    for step in (_part, _completion):
        for percent in (70, 0):
            named = newest(build)
            if named is None or (step is _completion and not named.upload.parts):
                return
            yield step(build, named, percent=percent)
            yield from _looks_at(build, named)


def _looks_at(build: Requests, named: Named) -> Iterator[Operation]:
    """Yield a read of the object that an upload was made to, with its checksum."""
    object_key = named.upload.object_key
    made = build.world.object(named.bucket, object_key)
    if isinstance(made, ObjectVersion) and made.part_sizes is not None:
        data = build.choose.chance(50)
        yield look(
            build.world,
            named.bucket,
            object_key,
            data=data,
            checksum_mode=ENABLED,
            secure=build.secure,
        )


def _mostly_with_checksums(build: Requests, found: list[Named]) -> Named | None:
    """Return one of the uploads, seldom one that was begun without an algorithm."""
    begun = [one for one in found if upload_checksums.algorithm_of(one.upload) is not None]
    likely = found if build.choose.chance(8) else begun
    return build.choose.pick(likely) if likely else None


def _part(build: Requests, named: Named, *, percent: int) -> Operation:
    """Return a part, with a checksum that is spoilt so often in a hundred."""
    request = part_of(build, named, percent=0)
    if not build.choose.chance(percent):
        return request
    return replace(request, **upload_checksums.spoilt(build.choose, named.upload, request.body))


def _completion(build: Requests, named: Named, *, percent: int) -> Operation:
    """Return a completion, with a list of checksums that is spoilt so often in a hundred."""
    request = completion_of(build, named, percent=0)
    if not request.parts or not build.choose.chance(percent):
        return request
    listed = upload_checksums.spoilt_list(build.choose, named.upload, request.parts)
    return replace(request, document=write_completion(listed))
