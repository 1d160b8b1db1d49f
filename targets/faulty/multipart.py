"""Faults of uploads in parts as a whole: their creation, their end, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operation import existing_bucket
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.delete_bucket import DeleteBucket
from model.s3_errors import INTERNAL_ERROR
from model.sse import NotEncrypted, md5_hex
from model.stored import MultipartUpload, ObjectVersion
from targets.faulty.common import Refuses, current, scrambled, with_data
from targets.faulty.fault import Fault
from targets.faulty.upload_facts import upload_of, with_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.stored import Presence
    from model.world import World


class SharedByObjectKey(Fault):
    """Two uploads of one object key share their encryption: that of the one created last."""

    name = "shared-by-object-key"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Give the other uploads of that object key the encryption of the new one."""
        del before
        bucket = existing_bucket(after, getattr(request, "bucket", ""))
        if not isinstance(request, CreateMultipartUpload) or bucket is None:
            return after
        created = bucket.uploads.get(answer.text(UPLOAD_ID) or "")
        if not isinstance(created, MultipartUpload):
            return after
        shared = created.version.encryption
        uploads = {
            upload_id: replace(one, version=replace(one.version, encryption=shared))
            if isinstance(one, MultipartUpload) and one.object_key == created.object_key
            else one
            for upload_id, one in bucket.uploads.items()
        }
        return after.with_bucket(request.bucket, replace(bucket, uploads=uploads))


class AbortKeepsParts(Fault):
    """An upload that has parts goes on after its abort, which is answered with success."""

    name = "abort-keeps-parts"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the upload where it has parts."""
        del answer
        upload = upload_of(before, request)
        kept = isinstance(request, AbortMultipartUpload) and upload is not None and upload.parts
        return before if kept else after


class TakesAllParts(Fault):
    """A completion makes the object of all parts that were uploaded, also of those not listed."""

    name = "takes-all-parts"
    category = "multipart"
    origin = "adobe/S3Mock#223"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Join all parts."""
        upload = upload_of(before, request)
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        if upload is None:
            return after
        bodies = (upload.parts[number].body or b"" for number in sorted(upload.parts))
        return with_data(after, request, b"".join(bodies))


class OutlivesItsBucket(Fault):
    """Uploads in progress when a bucket is deleted are there again in a new one of its name."""

    name = "outlives-its-bucket"
    category = "multipart"
    origin = "basho/riak_cs#475"
    deep = True

    def __init__(self) -> None:
        self._left: dict[str, Mapping[str, MultipartUpload | Presence]] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remember the uploads by the bucket's name alone."""
        if isinstance(request, DeleteBucket) and answer.succeeded:
            self._left[request.bucket] = before.existing(request.bucket).uploads
        if not isinstance(request, CreateBucket) or not answer.succeeded:
            return after
        bucket = after.existing(request.bucket)
        uploads = {**self._left.pop(request.bucket, {}), **bucket.uploads}
        return after.with_bucket(request.bucket, replace(bucket, uploads=uploads))


class OverwritesWithTheOldKey(Fault):
    """An upload over an object that is there is read with that one's data key: other bytes."""

    name = "overwrites-with-the-old-key"
    category = "multipart"
    origin = "apache/ozone#2844"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Decrypt with the wrong key."""
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        made = current(after, request)
        if current(before, request) is None or made is None:
            return after
        return with_data(after, request, scrambled(made.body))


class ChecksumsFailCompletion(Refuses):
    """A completion that lists checksums fails with 500 in a bucket whose default was put."""

    name = "checksums-fail-completion"
    category = "multipart"
    origin = "minio/minio#16177"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Break down."""
        if not isinstance(request, CompleteMultipartUpload):
            return None
        bucket = existing_bucket(world, request.bucket)
        listed = any(part.has_checksum for part in request.parts or ())
        return INTERNAL_ERROR if listed and bucket is not None and bucket.explicit else None


class LosesItsHeaders(Fault):
    """The object of an upload that named its encryption shows none: its headers are lost."""

    name = "loses-its-headers"
    category = "multipart"
    origin = "sivchari/kumo#841"

    def __init__(self) -> None:
        self._named: set[str] = set()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Take the encryption from the completion, which names none."""
        del before
        if not answer.succeeded:
            return after
        if isinstance(request, CreateMultipartUpload) and request.sse is not None:
            self._named.add(answer.text(UPLOAD_ID) or "")
        if isinstance(request, CompleteMultipartUpload) and request.upload_id in self._named:
            return with_facts(after, request, encryption=NotEncrypted())
        return after


class RefusedCreationIsListed(Fault):
    """An upload whose creation is refused for its headers is listed: it was noted before."""

    name = "refused-creation-is-listed"
    category = "multipart"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep it."""
        del before
        bucket = existing_bucket(after, getattr(request, "bucket", ""))
        if not isinstance(request, CreateMultipartUpload) or answer.succeeded or bucket is None:
            return after
        version = ObjectVersion(encryption=NotEncrypted(), body=None)
        upload = MultipartUpload(object_key=request.object_key, version=version)
        upload_id = md5_hex(f"{request.object_key} {len(bucket.uploads)}".encode())
        return after.with_bucket(request.bucket, bucket.with_upload(upload_id, upload))
