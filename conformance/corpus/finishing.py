"""Uploads that a scenario leaves in progress are completed: what becomes of them is read then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.bucket_kind import BucketKind
from model.completion_document import ListedPart, write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.upload_part import UploadPart
from model.stored import is_in_progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.requests import Requests
    from conformance.session import Step
    from model.operation import Operation
    from model.stored import UploadedPart

REQUESTS = 3
"""So many it takes to complete an upload and to read the object."""
_DATA = b"what completes an upload"


def begun(step: Step) -> str | None:
    """Return the id of the upload that a step began, None where it began none."""
    request, answer = step.request, step.answer
    if not isinstance(request, CreateMultipartUpload) or answer is None or not answer.succeeded:
        return None
    general = request.bucket_kind is BucketKind.GENERAL_PURPOSE
    return answer.text(UPLOAD_ID) if general else None


def finish(build: Requests, request: CreateMultipartUpload, upload_id: str) -> Iterator[Operation]:
    """Yield what completes an upload, if it is still in progress: of its parts, the last."""
    own: dict[str, Any] = {
        "bucket": request.bucket,
        "object_key": request.object_key,
        "upload_id": upload_id,
        "customer_algorithm": request.customer_algorithm,
        "customer_key": request.customer_key,
        "customer_key_md5": request.customer_key_md5,
        "secure": build.secure,
    }
    parts = _parts(build, request, upload_id)
    if parts is not None and not parts:
        yield UploadPart(part_number="1", body=_DATA, **own)
        parts = _parts(build, request, upload_id)
    if not parts:
        return
    number = max(parts)
    listed = ListedPart(number, f'"{parts[number].etag}"')
    yield CompleteMultipartUpload(document=write_completion([listed]), **own)


def _parts(
    build: Requests, request: CreateMultipartUpload, upload_id: str
) -> Mapping[int, UploadedPart] | None:
    """Return the parts that an upload in progress is known to have, None where it is none."""
    upload = build.world.existing(request.bucket).upload(upload_id)
    if not is_in_progress(upload):
        return None
    return {number: part for number, part in upload.parts.items() if part.etag is not None}
