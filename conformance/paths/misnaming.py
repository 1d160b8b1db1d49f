"""Scripts in which an upload is asked for under another name than its own, or when it has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.looking import key_fields
from conformance.paths.ways import begin, copied_from, finish, parts_of, upload_of
from conformance.paths.writing import Writing, looks
from conformance.upload_checksums import listed_part
from model.clause import Capability
from model.completion_document import write_completion
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.list_parts import ListParts
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
    from model.stored import MultipartUpload


def misnamed_uploads(wish: Wish, default: Default) -> Script:
    """Return the script that uses upload ids under the names of other uploads, or of none.

    Three uploads are in progress: two objects' in one bucket, and one's of the same key in another.
    """
    writing = Writing(default=default, wish=wish, elsewhere=True)

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writing.set_up(build)
        one, other = (writing.task(build, name) for name in ("one", "other"))
        elsewhere = replace(one, bucket=build.universe.buckets[1])
        for task in (one, other, elsewhere):
            yield from begin(build, task)
        for task in (other, elsewhere, replace(one, object_key="nobody's")):
            yield from _everything(build, one, task.named)
        for task in (one, other, elsewhere):
            yield from parts_of(build, task)
        ended = upload_of(build, one), upload_of(build, other)
        yield from finish(build, one)
        if ended[1] is not None:
            yield AbortMultipartUpload(upload_id=ended[1][0], secure=build.secure, **other.named)
        for task, found in zip((one, other), ended, strict=True):
            if found is not None:
                yield from _uses(build, task, task.named, *found)
        yield from finish(build, elsewhere)
        yield from looks(build)

    return requests


def _everything(build: Requests, task: Task, named: Fields) -> Iterator[Operation]:
    """Yield all uses of a task's upload, under other names."""
    found = upload_of(build, task)
    if found is not None:
        yield from _uses(build, task, named, *found)


def _uses(
    build: Requests, task: Task, named: Fields, upload_id: str, upload: MultipartUpload
) -> Iterator[Operation]:
    """Yield one request of each kind that names an upload."""
    fields = named | {"upload_id": upload_id, "secure": build.secure}
    own = fields | key_fields(upload.version)
    yield UploadPart(part_number="1", body=b"by another name", **own)
    if build.has(Capability.COPY):
        yield UploadPartCopy(part_number="1", **own, **copied_from(build, *task.source))
    yield ListParts(**fields)
    document = write_completion([listed_part(upload, number) for number in sorted(upload.parts)])
    yield CompleteMultipartUpload(document=document, **fields)
    yield AbortMultipartUpload(**fields)
