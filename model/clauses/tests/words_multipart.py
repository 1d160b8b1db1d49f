"""Words for uploads in parts; what S3 chooses follows from the number of the step, from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.clauses.tests.notation import BUCKET, DATA, OBJECT
from model.completion_document import ListedPart, write_completion
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.list_parts import ListParts
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.sse import md5_hex

if TYPE_CHECKING:
    from model.messages import Pairs

NO_UPLOAD = "no-such-upload"
MD5 = md5_hex(DATA)


def upload_of(step: int) -> str:
    """Return the id of the upload that was created in that step."""
    return md5_hex(f"answer {step}".encode())


UPLOAD = upload_of(1)


def etag_of(step: int, body: bytes = DATA) -> str:
    """Return the ETag of a part that was sent in that step and is not under SSE-S3."""
    return md5_hex(f"answer {step}".encode() + body)


def begin(
    object_key: str = OBJECT,
    *,
    bucket: str = BUCKET,
    metadata: Pairs = (),
    secure: bool = True,
    **headers: Any,
) -> CreateMultipartUpload:
    return CreateMultipartUpload(
        bucket=bucket, object_key=object_key, metadata=metadata, secure=secure, **headers
    )


def part(
    number: str = "1",
    *,
    upload: str = UPLOAD,
    body: bytes = DATA,
    object_key: str = OBJECT,
    bucket: str = BUCKET,
    secure: bool = True,
    **headers: Any,
) -> UploadPart:
    return UploadPart(
        bucket=bucket,
        object_key=object_key,
        upload_id=upload,
        part_number=number,
        body=body,
        secure=secure,
        **headers,
    )


def part_copy(
    source: str | None = f"{BUCKET}/source",
    number: str = "1",
    *,
    upload: str = UPLOAD,
    bucket: str = BUCKET,
    secure: bool = True,
    **headers: Any,
) -> UploadPartCopy:
    return UploadPartCopy(
        bucket=bucket,
        object_key=OBJECT,
        upload_id=upload,
        part_number=number,
        copy_source=source,
        secure=secure,
        **headers,
    )


def listing(*parts: tuple[int, str]) -> bytes:
    """Return the document that lists parts with these numbers and ETags."""
    return write_completion(ListedPart(number, f'"{etag}"') for number, etag in parts)


def complete(
    *parts: tuple[int, str],
    upload: str = UPLOAD,
    bucket: str = BUCKET,
    secure: bool = True,
    **headers: Any,
) -> CompleteMultipartUpload:
    """Complete the upload with these parts; with one part of the usual data where none is named."""
    return complete_with(
        listing(*(parts or ((1, MD5),))), upload=upload, bucket=bucket, secure=secure, **headers
    )


def complete_with(
    document: bytes,
    *,
    upload: str = UPLOAD,
    bucket: str = BUCKET,
    secure: bool = True,
    **headers: Any,
) -> CompleteMultipartUpload:
    return CompleteMultipartUpload(
        bucket=bucket,
        object_key=OBJECT,
        upload_id=upload,
        document=document,
        secure=secure,
        **headers,
    )


def abort(upload: str = UPLOAD, *, bucket: str = BUCKET, **headers: Any) -> AbortMultipartUpload:
    return AbortMultipartUpload(bucket=bucket, object_key=OBJECT, upload_id=upload, **headers)


def list_parts(
    upload: str = UPLOAD, *, bucket: str = BUCKET, secure: bool = True, **headers: Any
) -> ListParts:
    return ListParts(bucket=bucket, object_key=OBJECT, upload_id=upload, secure=secure, **headers)


def list_uploads(bucket: str = BUCKET) -> ListMultipartUploads:
    return ListMultipartUploads(bucket=bucket)
