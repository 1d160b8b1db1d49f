"""Faults of uploads that were left unfinished, aborted, or completed twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operation import existing_bucket
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_object import DeleteObject
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.list_parts import ListParts
from model.operations.part_upload import PartOperation
from model.operations.put_object import PutObject
from model.operations.upload_in_progress import is_completed, with_upload
from model.operations.upload_part import UploadPart
from model.s3_errors import INVALID_REQUEST, NO_SUCH_KEY, NO_SUCH_UPLOAD
from model.sse import SseC
from model.stored import MultipartUpload, Presence, is_in_progress
from model.world import Versioning
from targets.faulty.common import Refuses, current, with_data, with_row
from targets.faulty.fault import Fault
from targets.faulty.upload_facts import upload_of, with_facts

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.request import ObjectRequest
    from model.s3_errors import S3Error
    from model.world import World


def others_of(world: World, request: ObjectRequest) -> dict[str, MultipartUpload]:
    """Return the uploads in progress of the object that a request names, by their ids."""
    bucket = existing_bucket(world, request.bucket)
    uploads = {} if bucket is None else bucket.uploads
    return {
        upload_id: one
        for upload_id, one in uploads.items()
        if is_in_progress(one) and one.object_key == request.object_key
    }


def without_uploads(world: World, request: ObjectRequest) -> World:
    """Return the world where no upload of the object is in progress."""
    gone = others_of(world, request)
    bucket = existing_bucket(world, request.bucket)
    if bucket is None or not gone:
        return world
    uploads = {name: one for name, one in bucket.uploads.items() if name not in gone}
    return world.with_bucket(request.bucket, replace(bucket, uploads=uploads))


class AbortRemovesTheObject(Fault):
    """The abort of an upload removes the object that is there under its object key."""

    name = "abort-removes-the-object"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Clean up everything of that name."""
        if not isinstance(request, AbortMultipartUpload) or upload_of(before, request) is None:
            return after
        bucket = existing_bucket(before, request.bucket)
        plain = bucket is not None and bucket.versioning is Versioning.NEVER
        return with_row(after, request, ()) if plain and answer.succeeded else after


class AbortEndsTheOthers(Fault):
    """The abort of an upload ends all other uploads of its object key."""

    name = "abort-ends-the-others"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove what is kept under the object key."""
        if not isinstance(request, AbortMultipartUpload) or not answer.succeeded:
            return after
        return after if upload_of(before, request) is None else without_uploads(after, request)


class DeletionEndsTheUploads(Fault):
    """The deletion of an object ends the uploads of its object key that are in progress."""

    name = "deletion-ends-the-uploads"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove them with it."""
        del before
        if not isinstance(request, DeleteObject) or not answer.succeeded:
            return after
        return without_uploads(after, request)


class UploadsShareTheirParts(Fault):
    """Two uploads of one object key share their parts: one replaces the other of its number."""

    name = "uploads-share-their-parts"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the part for the other uploads, too, where they have one of that number."""
        del before
        mine = upload_of(after, request)
        if not isinstance(request, PartOperation) or not answer.succeeded or mine is None:
            return after
        number = request.number
        bucket = existing_bucket(after, request.bucket)
        if bucket is None or number not in mine.parts or number is None:
            return after
        shared = dict(bucket.uploads)
        for upload_id, one in others_of(after, request).items():
            if number in one.parts:
                part = replace(one.parts[number], body=mine.parts[number].body)
                shared[upload_id] = replace(one, parts={**one.parts, number: part})
        return after.with_bucket(request.bucket, replace(bucket, uploads=shared))


class HidesTheObject(Refuses):
    """While an upload of its object key is in progress, an object is not found."""

    name = "hides-the-object"
    category = "multipart"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Find the upload in the object's place."""
        if not isinstance(request, GetObject | HeadObject) or request.version_id is not None:
            return None
        return NO_SUCH_KEY if others_of(world, request) else None


class WriteEndsTheUploads(Refuses):
    """A part is refused once its object was written by PutObject: the upload is taken for over."""

    name = "write-ends-the-uploads"
    category = "multipart"
    deep = True

    def __init__(self) -> None:
        self._ended: set[str] = set()

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Look whether the object was written since."""
        if not isinstance(request, UploadPart) or upload_of(world, request) is None:
            return None
        return NO_SUCH_UPLOAD if request.upload_id in self._ended else None

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note the uploads of that object key."""
        if isinstance(request, PutObject) and answer.succeeded:
            self._ended |= set(others_of(after, request))
        return super().corrupt(before, after, request, answer)


class SecondCompletionEmpties(Fault):
    """A completion that comes a second time is done again, of no parts: the object is empty."""

    name = "second-completion-empties"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Join the parts that are left."""
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        return with_data(after, request, b"") if is_completed(before, request) else after


class CompletedUploadTakesParts(Fault):
    """A part for an upload that was completed is taken, and an upload of it is there again."""

    name = "completed-upload-takes-parts"
    category = "multipart"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Find the upload's folder, which is not cleaned up."""
        late = isinstance(request, UploadPart) and is_completed(world, request)
        return frozenset({"multipart/unknown-upload-is-refused"} if late else ())


class AbortedUploadIsListed(Fault):
    """ListParts of an upload that was aborted goes on to list its parts."""

    name = "aborted-upload-is-listed"
    category = "multipart"
    deep = True

    def __init__(self) -> None:
        self._aborted: dict[str, MultipartUpload] = {}

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Read what was aborted from a cache."""
        del world
        known = isinstance(request, ListParts) and request.upload_id in self._aborted
        return frozenset({"multipart/unknown-upload-is-refused"} if known else ())

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep it in the cache."""
        upload = upload_of(before, request)
        if isinstance(request, AbortMultipartUpload) and answer.succeeded and upload is not None:
            self._aborted[request.upload_id or ""] = upload
        return after


class LastCreatedDecides(Fault):
    """Of two uploads of one object key, the object has the encryption of the one created last."""

    name = "last-created-decides"
    category = "multipart"
    deep = True

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], MultipartUpload] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Read the encryption from what is kept under the object key."""
        if isinstance(request, CreateMultipartUpload) and answer.succeeded:
            new = set(others_of(after, request)) - set(others_of(before, request))
            for upload_id in new:
                self._last[request.bucket, request.object_key] = others_of(after, request)[
                    upload_id
                ]
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        made, last = current(after, request), self._last.get((request.bucket, request.object_key))
        if made is None or last is None or upload_of(before, request) is None:
            return after
        if isinstance(made.encryption, SseC) or isinstance(last.version.encryption, SseC):
            return after
        return with_facts(after, request, encryption=last.version.encryption)


class AbortNeedsTheKey(Refuses):
    """An upload under a customer's key is not aborted, since an abort brings no key."""

    name = "abort-needs-the-key"
    category = "SSE-C"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Ask for the key that no abort has."""
        upload = upload_of(world, request) if isinstance(request, AbortMultipartUpload) else None
        locked = upload is not None and isinstance(upload.version.encryption, SseC)
        return INVALID_REQUEST if locked else None


class RefusedPartEndsTheUpload(Fault):
    """An upload under a customer's key is over after a part that came with another key."""

    name = "refused-part-ends-the-upload"
    category = "SSE-C"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove it, as one that cannot be completed."""
        upload = upload_of(before, request)
        if not isinstance(request, UploadPart) or answer.succeeded or upload is None:
            return after
        keyed = isinstance(upload.version.encryption, SseC) and request.own_key.present
        return with_upload(after, request, Presence.ABSENT) if keyed else after
