"""Faults of copies, and of copied parts, whose source is encrypted in a way of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.part_upload import PartOperation
from model.operations.upload_part_copy import UploadPartCopy
from model.request import WithCopySource, names_no_encryption
from model.s3_errors import INTERNAL_ERROR, INVALID_REQUEST
from model.sse import SseC, SseKms, SseS3
from targets.faulty.common import Refuses, copied, current, without
from targets.faulty.copy_data import WrongData
from targets.faulty.fault import NOTHING, Fault
from targets.faulty.upload_facts import upload_of

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.stored import ObjectVersion
    from model.world import World

BLOCK = 65536
SOURCE_VERSION = "x-amz-copy-source-version-id"


class CustomerSourceOfPartsFails(Refuses):
    """A copy of an object under a customer's key that was uploaded in parts breaks down."""

    name = "customer-source-of-parts-fails"
    category = "copy"
    origin = "minio/minio#7423"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Decrypt an ETag that is not encrypted."""
        found = copied(world, request) if isinstance(request, CopyObject) else None
        if found is None or not found.part_sizes or not isinstance(found.encryption, SseC):
            return None
        return INTERNAL_ERROR


class UnevenPartsLoseTheirEnd(WrongData):
    """A copy of an encrypted object whose parts are no whole blocks loses its end."""

    name = "uneven-parts-lose-their-end"
    category = "copy"
    origin = "minio/minio#7056"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the source has more than one part, and the first is no whole block."""
        del world, request, made
        sizes = list((source.part_sizes or {}).values())
        return len(sizes) > 1 and any(size % BLOCK for size in sizes[:-1])

    def data(self, body: bytes) -> bytes:
        """Cut off what the other overhead takes."""
        return body[:-32]


class SealedSourceOfAPartFails(Refuses):
    """A part is not copied from an object under a customer's key, though its key is brought."""

    name = "sealed-source-of-a-part-fails"
    category = "multipart"
    origin = "minio/minio#6698"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Read the source as though it were not encrypted."""
        found = copied(world, request) if isinstance(request, UploadPartCopy) else None
        locked = found is not None and isinstance(found.encryption, SseC)
        return INTERNAL_ERROR if locked else None


class SourceOfPartsEndsEarly(Refuses):
    """A part is not copied from an encrypted object that was itself uploaded in parts."""

    name = "source-of-parts-ends-early"
    category = "multipart"
    origin = "minio/minio#6139"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Expect as many bytes as are stored."""
        found = copied(world, request) if isinstance(request, UploadPartCopy) else None
        return INVALID_REQUEST if found is not None and found.part_sizes else None


class KeyOfTheUploadOpensNothing(Refuses):
    """A part is not copied into an SSE-C upload from a source that has no customer key."""

    name = "key-of-the-upload-opens-nothing"
    category = "multipart"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Take the upload's key for that of the source."""
        if not isinstance(request, UploadPartCopy):
            return None
        found, upload = copied(world, request), upload_of(world, request)
        if found is None or upload is None or isinstance(found.encryption, SseC):
            return None
        return INVALID_REQUEST if isinstance(upload.version.encryption, SseC) else None


class CopiedPartNeedsNoKey(Fault):
    """A part is copied into an SSE-C upload without the upload's key."""

    name = "copied-part-needs-no-key"
    category = "multipart"
    origin = "rustfs/rustfs#5185"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Look for the key in parts that are sent alone."""
        del world
        copies = isinstance(request, UploadPartCopy)
        return frozenset({"multipart-sse-c/part-needs-the-key"}) if copies else NOTHING


class SourceVersionOfAPartIsNotTold(Fault):
    """UploadPartCopy does not tell which version of its source it read."""

    name = "source-version-of-a-part-is-not-told"
    category = "versioning"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave it out."""
        del before, after
        return without(answer, SOURCE_VERSION) if isinstance(request, UploadPartCopy) else answer


class MarkOfTheSourceRemains(Fault):
    """The copy of an object under a customer's key into another bucket is still read with it."""

    name = "mark-of-the-source-remains"
    category = "SSE-C"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep what marked the source."""
        if not isinstance(request, CopyObject) or not answer.succeeded:
            return after
        source, made = copied(before, request), current(after, request)
        if source is None or made is None or not names_no_encryption(request):
            return after
        elsewhere = request.source is not None and request.source.bucket != request.bucket
        if not elsewhere or not isinstance(source.encryption, SseC):
            return after
        kept = replace(made, encryption=source.encryption)
        return after.with_object(request.bucket, request.object_key, kept)


class CustomerKeyForASourceOfSseS3(Refuses):
    """A copy of an SSE-S3 object to a customer's key is refused: its key is one for the source."""

    name = "customer-key-for-a-source-of-sse-s3"
    category = "SSE-C"
    origin = "minio/minio#6581"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Compare the key with the source."""
        found = copied(world, request) if isinstance(request, CopyObject) else None
        if not isinstance(request, CopyObject) or found is None:
            return None
        wanted = isinstance(found.encryption, SseS3) and request.own_key.present
        return INVALID_REQUEST if wanted else None


class KeyIdWithoutItsAlgorithm(Refuses):
    """A copy of an SSE-KMS object that names no encryption is refused: the key id goes alone."""

    name = "key-id-without-its-algorithm"
    category = "copy"
    origin = "minio/minio#9655"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Hand on the source's key id without its algorithm."""
        found = copied(world, request) if isinstance(request, WithCopySource) else None
        if not isinstance(request, CopyObject) or found is None:
            return None
        alone = isinstance(found.encryption, SseKms) and names_no_encryption(request)
        return INVALID_REQUEST if alone else None


class PartNumberZeroIsTaken(Fault):
    """A part with the number 0 is copied, and stored."""

    name = "part-number-zero-is-taken"
    category = "validation"
    origin = "rustfs/rustfs#3088"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It knows no lowest number."""
        del world
        zero = isinstance(request, PartOperation) and request.part_number == "0"
        return frozenset({"multipart/part-number-is-from-1-to-10000"}) if zero else NOTHING


class PartWithAChecksumFails(Refuses):
    """A part with a checksum breaks down where the bucket's default is SSE-KMS."""

    name = "part-with-a-checksum-fails"
    category = "KMS"
    origin = "rustfs/rustfs#1233"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Fail to decrypt the data key that the checksum is sealed with."""
        if not isinstance(request, PartOperation) or isinstance(request, UploadPartCopy):
            return None
        upload, bucket = upload_of(world, request), existing_bucket(world, request.bucket)
        if upload is None or bucket is None or not bucket.explicit:
            return None
        sent = any(
            getattr(request, name, None)
            for name in ("checksum_crc32", "checksum_crc32c", "checksum_sha1", "checksum_sha256")
        )
        return INTERNAL_ERROR if sent and isinstance(upload.version.encryption, SseKms) else None
