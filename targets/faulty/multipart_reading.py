"""Faults of reading what was uploaded in parts: the whole, one part, a range of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from model.answer import BODY, CONTENT_LENGTH
from model.clauses.multipart_reading import PARTS_COUNT
from model.object_parts import PARTS, SIZES, sizes_text
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.get_object import GetObject
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.head_object import HeadObject
from model.operations.object_read import ConditionalRead, requested_range
from model.s3_errors import INTERNAL_ERROR, S3Error
from model.sse import NotEncrypted, SseC, SseS3
from targets.faulty.common import BLOCK, Refuses, current, read_version, scrambled, showing
from targets.faulty.fault import Fault
from targets.faulty.upload_facts import upload_of, with_facts

if TYPE_CHECKING:
    from model.answer import Answer
    from model.matchers import Value
    from model.operation import Operation
    from model.world import World


class CiphertextIsServed(Fault):
    """An object of parts under a default of AES256 that was put is served as it is stored."""

    name = "ciphertext-is-served"
    category = "multipart"
    origin = "seaweedfs/seaweedfs#9224"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Store the parts without the mark of their encryption."""
        del before
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        made = current(after, request)
        if made is None or not isinstance(made.encryption, SseS3):
            return after
        if not after.existing(request.bucket).explicit:
            return after
        return with_facts(after, request, body=scrambled(made.body), encryption=NotEncrypted())


class HeadOfAPartIsWhole(Fault):
    """HEAD of a part tells of the whole object: the part number is not read."""

    name = "head-of-a-part-is-whole"
    category = "multipart"
    origin = "seaweedfs/seaweedfs#11162"

    def understand(self, world: World, request: Operation) -> Operation:
        """Drop the part number."""
        del world
        return replace(request, part_number=None) if isinstance(request, HeadObject) else request


class NoPartWithChecksums(Refuses):
    """GET or HEAD of a part with x-amz-checksum-mode is refused: there is no such part."""

    name = "no-part-with-checksums"
    category = "multipart"
    origin = "minio/minio#20161"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Miss the part's checksum among those that are sealed."""
        version = read_version(world, request)
        if not isinstance(request, ConditionalRead) or request.part_read(version) is None:
            return None
        asked = request.checksum_mode is not None
        return S3Error("InvalidPartNumber", 400) if asked else None


class EmptyObjectHasNoPart(Refuses):
    """GET or HEAD of part 1 of an empty object is refused with 416."""

    name = "empty-object-has-no-part"
    category = "multipart"
    origin = "scality/cloudserver#4411"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Take the length of the part for its absence."""
        version = read_version(world, request)
        if not isinstance(request, ConditionalRead) or request.part_number != "1":
            return None
        empty = version is not None and version.body == b""
        return S3Error("InvalidRange", 416) if empty else None


class RangeAcrossPartsFails(Refuses):
    """A range of an object in parts that begins in one part and ends in another gets 500."""

    name = "range-across-parts-fails"
    category = "multipart"
    origin = "minio/minio#12340"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Work out a negative length."""
        version = read_version(world, request)
        if not isinstance(request, GetObject) or version is None or not version.part_sizes:
            return None
        wanted = requested_range(request.range, len(version.body or b""))
        if wanted is None:
            return None
        sizes = version.part_sizes
        ends = accumulate(sizes[number] for number in sorted(sizes))
        crossed = any(wanted[0] < end < wanted[1] for end in ends)
        return INTERNAL_ERROR if crossed else None


class PartsOfTheNewest(Fault):
    """HEAD of a part of an older version gives the length of that part of the newest one."""

    name = "parts-of-the-newest"
    category = "multipart"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Look the part up in the newest version."""
        del before
        if not isinstance(request, HeadObject) or not answer.succeeded:
            return answer
        span = request.part_read(current(after, request))
        if request.part_read(read_version(after, request)) is None or span is None:
            return answer
        return showing(answer, {CONTENT_LENGTH: str(span[1] - span[0])})


class AttributesOfWhatIsStored(Fault):
    """GetObjectAttributes shows the parts of an SSE-C object with the sizes of what is stored."""

    name = "attributes-of-what-is-stored"
    category = "multipart"
    origin = "pgsty/silo#114"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Count what each block of 64 KiB has beyond the data."""
        del before
        found = read_version(after, request)
        if not isinstance(request, GetObjectAttributes) or found is None or not found.part_sizes:
            return answer
        if not isinstance(found.encryption, SseC) or PARTS not in request.asked:
            return answer
        stored = {n: size + 32 * -(-size // BLOCK) for n, size in found.part_sizes.items()}
        return showing(answer, {SIZES: sizes_text(stored)})


class CountsUploadedParts(Fault):
    """A read of a part tells how many parts were uploaded, not how many the object is made of."""

    name = "counts-uploaded-parts"
    category = "multipart"
    deep = True

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Count the parts of the upload."""
        upload = upload_of(before, request)
        done = isinstance(request, CompleteMultipartUpload) and answer.succeeded
        if isinstance(request, CompleteMultipartUpload) and done and upload is not None:
            self._counts[request.bucket, request.object_key] = len(upload.parts)
        return after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show that number."""
        del before, after
        if not isinstance(request, ConditionalRead) or PARTS_COUNT not in answer.fields:
            return answer
        count = self._counts.get((request.bucket, request.object_key))
        return answer if count is None else showing(answer, {PARTS_COUNT: str(count)})


class PartIsCached(Fault):
    """GET of part 1 of an object that was uploaded in parts again gives what was read before."""

    name = "part-is-cached"
    category = "multipart"
    deep = True

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Value] = {}

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Keep the first part by the object key, so that it can be sent at once."""
        del before
        if not isinstance(request, GetObject) or request.part_number != "1":
            return answer
        if not answer.succeeded or request.part_read(read_version(after, request)) is None:
            return answer
        kept = self._read.setdefault((request.bucket, request.object_key), answer.fields.get(BODY))
        return showing(answer, {BODY: kept})
