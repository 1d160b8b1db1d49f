"""Whether a target takes uploads in parts."""

from __future__ import annotations

from typing import Any

from conformance.probe import Probed, Prober, Support, probe, refusal
from model.answer import ETAG
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.head_object import HeadObject
from model.operations.upload_part import UploadPart

OBJECT_KEY = "parts"


@probe(Capability.MULTIPART)
def uploads_in_parts(prober: Prober) -> Probed:
    """Store a small object as the one part of an upload, and look whether it is there."""
    bucket, secure = prober.bucket, prober.session.secure
    create = CreateMultipartUpload(bucket=bucket, object_key=OBJECT_KEY, secure=secure)
    created = prober.send(create)
    if created is None or not created.succeeded:
        return refusal(created, create.operation)
    named: dict[str, Any] = {
        "bucket": bucket,
        "object_key": OBJECT_KEY,
        "upload_id": created.text(UPLOAD_ID) or "",
    }
    part = UploadPart(part_number="1", body=b"probe", secure=secure, **named)
    uploaded = prober.send(part)
    if uploaded is None or not uploaded.succeeded:
        return refusal(uploaded, part.operation)
    listed = ListedPart(1, f'"{uploaded.text(ETAG)}"')
    complete = CompleteMultipartUpload(document=write_completion([listed]), secure=secure, **named)
    completed = prober.send(complete)
    if completed is None or not completed.succeeded:
        return refusal(completed, complete.operation)
    seen = prober.send(HeadObject(bucket=bucket, object_key=OBJECT_KEY, secure=secure))
    if seen is not None and seen.succeeded:
        return Probed(Support.SUPPORTED, "an upload of one part")
    return Probed(Support.IGNORED, "an upload of one part succeeds, and no object is there")
