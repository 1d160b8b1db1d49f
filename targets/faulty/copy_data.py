"""Faults of the data that a copy writes: it was read with one key and is stored under another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import ETAG
from model.operations.copy_object import CopyObject
from model.operations.upload_in_progress import upload_named, with_upload
from model.operations.upload_part_copy import UploadPartCopy
from model.sse import SseAlgorithm, SseC, SseKms
from model.stored import MultipartUpload
from targets.faulty.common import BLOCK, copied, current, scrambled, with_data
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.stored import ObjectVersion
    from model.world import World


class WrongData(Fault):
    """A fault by which the copy has other data than its source."""

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep what cannot be decrypted."""
        if not isinstance(request, CopyObject) or not answer.succeeded:
            return after
        source, made = copied(before, request), current(after, request)
        if source is None or made is None or not self.spoils(before, request, source, made):
            return after
        return with_data(after, request, self.data(made.body or b""))

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the copy is spoilt."""
        raise NotImplementedError

    def data(self, body: bytes) -> bytes:
        """Return the data that a reader gets."""
        return scrambled(body)


class AnotherKmsKey(WrongData):
    """A copy from one KMS key to another keeps the bytes and loses the data key of the first."""

    name = "another-kms-key"
    category = "copy"
    origin = "seaweedfs/seaweedfs#9282"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether both are under SSE-KMS, and the keys differ."""
        del world, request
        old, new = source.encryption, made.encryption
        if not isinstance(old, SseKms) or not isinstance(new, SseKms):
            return False
        return old.kms_key_id != new.kms_key_id


class IntoADefaultOfSseS3(WrongData):
    """A copy from elsewhere into a bucket whose default was put as AES256 cannot be decrypted."""

    name = "into-a-default-of-sse-s3"
    category = "copy"
    origin = "seaweedfs/seaweedfs#7562"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the destination is another bucket with such a default."""
        del source, made
        bucket = world.existing(request.bucket)
        base = bucket.rule is not None and bucket.rule.sse_algorithm is SseAlgorithm.AES256
        other = request.source is not None and request.source.bucket != request.bucket
        return base and bucket.explicit is True and other and not request.names_in_headers


class SourceOfParts(WrongData):
    """A copy of an SSE-C object that was uploaded in parts is read as though it were in parts."""

    name = "source-of-parts"
    category = "copy"
    origin = "minio/minio#6604"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the source was uploaded in parts under a customer's key."""
        del world, request, made
        return source.part_sizes is not None and isinstance(source.encryption, SseC)


class OnlyTheFirstBlock(WrongData):
    """A copy that changes the encryption decrypts only the first 64 KiB of its source."""

    name = "only-the-first-block"
    category = "copy"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the encryption is another."""
        del world, request
        return source.encryption != made.encryption

    def data(self, body: bytes) -> bytes:
        """Return the first block, and what is behind it as it lies on the disk."""
        return body[:BLOCK] + scrambled(body[BLOCK:])


class RangesFromTheMiddle(Fault):
    """UploadPartCopy of a range not from the start writes other bytes where the default was put."""

    name = "ranges-from-the-middle"
    category = "copy"
    origin = "seaweedfs/seaweedfs#9280"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep a part that was decrypted from the wrong place."""
        if not isinstance(request, UploadPartCopy) or not answer.succeeded:
            return after
        upload, number = upload_named(after, request), request.number
        start = (request.copy_source_range or "bytes=0-").startswith("bytes=0-")
        if start or before.existing(request.bucket).explicit is not True:
            return after
        if not isinstance(upload, MultipartUpload) or number is None:
            return after
        part = replace(upload.parts[number], body=scrambled(upload.parts[number].body))
        changed = replace(upload, parts={**upload.parts, number: part})
        return with_upload(after, request, changed)


class EtagOfThePartsIsKept(Fault):
    """A copy of an object that was uploaded in parts keeps its ETag, which is not the MD5."""

    name = "etag-of-the-parts-is-kept"
    category = "copy"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep it with the copy."""
        kept = self._kept(before, request, answer)
        made = current(after, request) if isinstance(request, CopyObject) else None
        if kept is None or made is None or not isinstance(request, CopyObject):
            return after
        return after.with_object(request.bucket, request.object_key, replace(made, etag=kept))

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Tell it as well."""
        del after
        kept = self._kept(before, request, answer)
        return answer if kept is None else replace(answer, fields={**answer.fields, ETAG: kept})

    @staticmethod
    def _kept(world: World, request: Operation, answer: Answer) -> str | None:
        source = copied(world, request) if isinstance(request, CopyObject) else None
        parts = source is not None and source.part_sizes is not None and answer.succeeded
        return source.etag if source is not None and parts else None
