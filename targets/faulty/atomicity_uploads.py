"""Faults of parts and completions that are refused, and that lose something all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.upload_in_progress import upload_named, with_upload
from model.operations.upload_part import UploadPart
from model.s3_errors import INVALID_PART
from model.stored import MultipartUpload, Presence
from model.world import Versioning
from targets.faulty.common import with_row
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class RefusedCompletionEndsTheUpload(Fault):
    """An upload is over after a completion that was refused for one of its parts."""

    name = "refused-completion-ends-the-upload"
    category = "atomicity"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove the upload."""
        if not isinstance(request, CompleteMultipartUpload) or not request.upload_id:
            return after
        del before
        wrong = answer.error_code == INVALID_PART.code
        return with_upload(after, request, Presence.ABSENT) if wrong else after


class RefusedCompletionRemovesTheObject(Fault):
    """A refused completion has removed the object that the upload was to replace."""

    name = "refused-completion-removes-the-object"
    category = "atomicity"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove it."""
        if not isinstance(request, CompleteMultipartUpload) or answer.succeeded:
            return after
        bucket = existing_bucket(before, request.bucket)
        if bucket is None or bucket.versioning is not Versioning.NEVER:
            return after
        there = isinstance(upload_named(before, request), MultipartUpload)
        return with_row(after, request, ()) if there else after


class RefusedPartTakesTheOther(Fault):
    """A part that is refused removes the part of the same number that was there."""

    name = "refused-part-takes-the-other"
    category = "atomicity"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove it."""
        if not isinstance(request, UploadPart) or answer.succeeded:
            return after
        upload = upload_named(before, request)
        if not isinstance(upload, MultipartUpload):
            return after
        parts = {n: part for n, part in upload.parts.items() if n != request.number}
        return with_upload(after, request, replace(upload, parts=parts))
