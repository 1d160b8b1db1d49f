"""Scripts in which what was written by one path is read through all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.faults import put_customer_key
from conformance.looking import copy_source, key_fields, look
from conformance.paths.ways import begin, finish, two_ways, upload_of
from conformance.paths.writing import Writing, attributes
from conformance.universe import CUSTOMER_KEYS, LARGE_PART
from model.clause import Capability
from model.messages import Auth
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_object import DeleteObject
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.paths.intents import Default, Wish
    from conformance.paths.ways import Task
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation


def read_through_all(wish: Wish, default: Default, number: int, *, older: bool) -> Script:
    """Return the script that writes by two of the ways, and reads each by every path.

    ``number`` says which ways; ``older``: what is read is an older version by then.
    """
    writing = Writing(default=default, wish=wish, elsewhere=True, versioned=older)

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writing.set_up(build)
        for way in two_ways(build, number):
            task = writing.task(build, way.name)
            yield from way.write(build, task)
            version_id = None
            if older:
                written = build.world.object(task.bucket, task.object_key)
                version_id = getattr(written, "version_id", None)
                yield PutObject(body=b"the newest", secure=build.secure, **task.named)
            yield from _reads(build, task, version_id)

    return requests


def _reads(build: Requests, task: Task, version_id: str | None) -> Iterator[Operation]:
    """Yield reads of a version of an object by every path."""
    named = (task.bucket, task.object_key, version_id)
    for data in (True, False):
        read = look(build.world, *named, data=data, secure=build.secure)
        yield read
        if build.has(Capability.PRESIGNED):
            yield replace(read, auth=Auth.PRESIGNED)
    for wanted in ("bytes=0-4", "bytes=5-", "bytes=-3"):
        yield look(build.world, *named, data=True, range=wanted, secure=build.secure)
    ranged = look(build.world, *named, data=True, range="bytes=1-3", secure=build.secure)
    if build.has(Capability.PRESIGNED):
        yield replace(ranged, auth=Auth.PRESIGNED)
    yield look(build.world, *named, range="bytes=5-", secure=build.secure)
    yield look(build.world, *named, data=True, part_number="1", secure=build.secure)
    yield from attributes(build, *named)
    if build.has(Capability.SSE_C):
        yield from _with_wrong_keys(build, task, version_id)
    yield from _copies(build, task, version_id)
    if build.has(Capability.VERSIONING) and version_id is not None:
        yield DeleteObject(version_id=version_id, secure=build.secure, **task.named)
        yield look(build.world, *named, secure=build.secure)


def _with_wrong_keys(build: Requests, task: Task, version_id: str | None) -> Iterator[Operation]:
    """Yield reads with another key, and, of what needs one, a presigned read without any."""
    named = (task.bucket, task.object_key, version_id)
    read = look(build.world, *named, secure=build.secure)
    fields: Fields = {}
    put_customer_key(fields, CUSTOMER_KEYS[1])
    yield replace(read, **fields)
    if not build.has(Capability.PRESIGNED):
        return
    yield replace(read, auth=Auth.PRESIGNED, **fields)
    if key_fields(build.world.version(*named)):
        without = look(build.world, *named, data=True, secure=build.secure)
        none: Fields = dict.fromkeys(key_fields(build.world.version(*named)))
        yield replace(without, auth=Auth.PRESIGNED, **none)


def _copies(build: Requests, task: Task, version_id: str | None = None) -> Iterator[Operation]:
    """Yield copies of it, within its bucket and out of it under its name, whole and in parts."""
    if not build.has(Capability.COPY):
        return
    found = build.world.version(task.bucket, task.object_key, version_id)
    source: Fields = {"copy_source": copy_source(task.bucket, task.object_key, version_id)}
    source |= key_fields(found, source=True)
    for bucket in build.universe.buckets:
        name = task.object_key + (", copied" if bucket == task.bucket else "")
        yield CopyObject(bucket=bucket, object_key=name, secure=build.secure, **source)
        yield look(build.world, bucket, name, data=True, secure=build.secure)
    if not build.has(Capability.MULTIPART):
        return
    upload = replace(task, object_key=f"{task.object_key}, in parts", headers={})
    yield CreateMultipartUpload(secure=build.secure, **upload.named)
    begun = upload_of(build, upload)
    if begun is None:
        return
    fields = upload.named | source | {"upload_id": begun[0], "part_number": "1"}
    yield UploadPartCopy(secure=build.secure, copy_source_range="bytes=2-6", **fields)
    yield from finish(build, upload)
    yield look(build.world, *upload.named.values(), data=True, secure=build.secure)


def two_parts(wish: Wish, default: Default) -> Script:
    """Return the script that uploads an object in two parts, and reads where they meet."""
    writing = Writing(default=default, wish=wish, elsewhere=True)

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writing.set_up(build)
        task = replace(writing.task(build, "two parts"), body=LARGE_PART)
        yield from begin(build, task)
        found = upload_of(build, task)
        if found is None:
            return
        named = task.named | {"upload_id": found[0], "secure": build.secure}
        yield UploadPart(
            part_number="2", body=b"the second part", **named, **key_fields(found[1].version)
        )
        yield from finish(build, task)
        yield from _where_they_meet(build, task)
        yield from _copies(build, task)

    return requests


def _where_they_meet(build: Requests, task: Task) -> Iterator[Operation]:
    bucket, object_key, size = task.bucket, task.object_key, len(LARGE_PART)
    for wanted in ("bytes=0-9", f"bytes={size - 5}-{size + 4}", f"bytes={size}-", "bytes=-3"):
        yield look(build.world, bucket, object_key, data=True, range=wanted, secure=build.secure)
    for number in ("1", "2", "3"):
        yield look(build.world, bucket, object_key, part_number=number, secure=build.secure)
    yield look(build.world, bucket, object_key, secure=build.secure)
    yield from attributes(build, bucket, object_key)
