"""Scripts of two uploads of one object at the same time: the one does not touch the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.looking import key_fields, look
from conformance.paths.ways import create, put, upload_of
from conformance.paths.writing import Writing
from conformance.upload_checksums import listed_part
from model.completion_document import write_completion
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.list_parts import ListParts
from model.operations.upload_in_progress import upload_named
from model.operations.upload_part import UploadPart
from model.stored import MultipartUpload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.paths.intents import Default, Wish
    from conformance.paths.ways import Task
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

ENDS = 3
"""So many ways there are in which the second upload ends: completed, aborted, or left."""


def two_uploads(first: Wish, second: Wish, default: Default, number: int) -> Script:
    """Return the script that uploads an object twice at once, with two encryptions.

    The older one is completed first. ``number`` says how the other ends, and whether an object was
    there before.
    """
    writing = Writing(default=default, wish=first)

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writing.set_up(build)
        one = writing.task(build, "together")
        other = replace(one, headers=second.headers(build.universe), body=b"of the other upload")
        if number % 2:
            yield from put(build, replace(one, body=b"there before", headers={}))
        ids: list[str] = []
        for task in (one, other):
            yield from create(build, task)
            found = upload_of(build, task)
            if found is None or found[0] in ids:
                return
            ids.append(found[0])
        for upload_id, task in zip(ids, (one, other), strict=True):
            yield from _send(build, task, upload_id)
        yield from _looks(build, one, ids)
        yield from _complete(build, one, ids[0])
        yield look(build.world, one.bucket, one.object_key, data=True, secure=build.secure)
        yield from _looks(build, one, ids)
        yield from _end(build, other, ids[1], number)
        yield look(build.world, one.bucket, one.object_key, data=True, secure=build.secure)
        yield from _looks(build, one, ids)

    return requests


def _upload(build: Requests, task: Task, upload_id: str) -> MultipartUpload | None:
    asked = ListParts(upload_id=upload_id, **task.named)
    found = upload_named(build.world, asked)
    return found if isinstance(found, MultipartUpload) else None


def _send(build: Requests, task: Task, upload_id: str) -> Iterator[Operation]:
    upload = _upload(build, task, upload_id)
    if upload is None:
        return
    fields = task.named | key_fields(upload.version) | {"upload_id": upload_id}
    yield UploadPart(part_number="1", body=task.body, secure=build.secure, **fields)


def _complete(build: Requests, task: Task, upload_id: str) -> Iterator[Operation]:
    """Complete the upload, and do so again."""
    upload = _upload(build, task, upload_id)
    if upload is None or not upload.parts:
        return
    listed = [listed_part(upload, number) for number in sorted(upload.parts)]
    fields = task.named | {"upload_id": upload_id, "document": write_completion(listed)}
    for _ in range(2):
        yield CompleteMultipartUpload(secure=build.secure, **fields)


def _end(build: Requests, task: Task, upload_id: str, number: int) -> Iterator[Operation]:
    """End the other upload, or leave it, and send a part for what is over then."""
    if number % ENDS == 0:
        yield from _complete(build, task, upload_id)
    elif number % ENDS == 1:
        yield AbortMultipartUpload(upload_id=upload_id, secure=build.secure, **task.named)
    fields = task.named | {"upload_id": upload_id, "secure": build.secure}
    yield UploadPart(part_number="2", body=b"too late", **fields)


def _looks(build: Requests, task: Task, ids: list[str]) -> Iterator[Operation]:
    """Look at the object, at the uploads, and at the parts of each."""
    yield look(build.world, task.bucket, task.object_key, secure=build.secure)
    yield ListMultipartUploads(bucket=task.bucket, secure=build.secure)
    for upload_id in ids:
        yield ListParts(upload_id=upload_id, secure=build.secure, **task.named)
