"""Faults of reads of what is encrypted, in HEAD, in parts, in ranges, through presigned URLs."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from model.answer import BODY, BODY_LENGTH, CONTENT_LENGTH
from model.body_length import broken_off
from model.messages import Auth
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.object_read import requested_range
from model.request import ObjectRead
from model.s3_errors import INTERNAL_ERROR, INVALID_ENCRYPTION_ALGORITHM, INVALID_REQUEST
from model.sse import NotEncrypted, SseC, SseKms
from targets.faulty.common import Refuses, data_read, read_version, scrambled, showing
from targets.faulty.fault import NOTHING, Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.world import World

SMALL_BLOCK = 4096
NEEDS_THE_KEY = frozenset({"sse-c-object/read-needs-the-key"})
NEEDS_THE_SAME_KEY = frozenset({"sse-c-object/read-needs-the-same-key"})


class HeadTakesAnyKey(Fault):
    """HEAD of an object under a customer's key succeeds with whichever key."""

    name = "head-takes-any-key"
    category = "SSE-C"
    origin = "minio/minio#6600"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Decrypt nothing, so that no key turns out to be wrong."""
        del world
        return NEEDS_THE_SAME_KEY if isinstance(request, HeadObject) else NOTHING


class HeadTellsOfWhatIsStored(Fault):
    """HEAD of an object under SSE-KMS tells the length of what is stored, GET that of the data."""

    name = "head-tells-of-what-is-stored"
    category = "KMS"
    origin = "minio/minio#19925"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Count what is stored beside the data."""
        del before
        found, length = read_version(after, request), answer.text(CONTENT_LENGTH)
        if not isinstance(request, HeadObject) or found is None or length is None:
            return answer
        if not isinstance(found.encryption, SseKms) or not answer.succeeded:
            return answer
        return showing(answer, {CONTENT_LENGTH: str(int(length) + 32)})


class RangeHasTheWholeLength(Fault):
    """A range of an object announces the length of the whole, and sends the range."""

    name = "range-has-the-whole-length"
    category = "cross-path differences"
    origin = "gaul/s3proxy#698"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Announce what was not asked for."""
        del before
        read = data_read(after, request, answer)
        whole = 0 if read is None else len(read.version.body or b"")
        if read is None or read.request.range is None or len(read.body) >= whole:
            return answer
        return showing(answer, {BODY_LENGTH: broken_off(len(read.body), str(whole))})


class BlocksRunAcrossParts(Fault):
    """A range in a later part is decrypted as though its blocks ran on from the part before."""

    name = "blocks-run-across-parts"
    category = "multipart"
    origin = "ceph/ceph#27130"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Begin at a wrong place where the part before is not of whole blocks."""
        del before
        read = data_read(after, request, answer)
        if (
            read is None
            or not read.version.part_sizes
            or isinstance(read.version.encryption, NotEncrypted)
        ):
            return answer
        wanted = requested_range(read.request.range, len(read.version.body or b""))
        sizes = read.version.part_sizes
        ends = list(accumulate(sizes[number] for number in sorted(sizes)))
        if wanted is None or wanted[0] < ends[0] or not any(end % SMALL_BLOCK for end in ends[:-1]):
            return answer
        return showing(answer, {BODY: scrambled(read.body)})


class PartIsNotDecrypted(Fault):
    """GET of one part of an object under a customer's key gives it as it is stored."""

    name = "part-is-not-decrypted"
    category = "multipart"
    origin = "ceph/ceph#60019"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave it as it is."""
        del before
        read = data_read(after, request, answer)
        if read is None or read.request.part_read(read.version) is None:
            return answer
        if not isinstance(read.version.encryption, SseC) or not read.version.part_sizes:
            return answer
        return showing(answer, {BODY: scrambled(read.body)})


class KmsIsTakenForACustomerKey(Refuses):
    """GET of an object under SSE-KMS that was written whole is refused: it has no customer key."""

    name = "kms-is-taken-for-a-customer-key"
    category = "KMS"
    origin = "minio/minio#12257"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Take what is not SSE-S3 for SSE-C."""
        found = read_version(world, request) if isinstance(request, GetObject) else None
        if found is None or found.part_sizes or not isinstance(found.encryption, SseKms):
            return None
        return INVALID_ENCRYPTION_ALGORITHM


class PresignedReadTakesAnyKey(Fault):
    """A presigned read of an object under a customer's key succeeds with whichever key."""

    name = "presigned-read-takes-any-key"
    category = "SSE-C"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Trust who signed the URL."""
        del world
        signed = isinstance(request, ObjectRead) and request.auth is Auth.PRESIGNED
        return NEEDS_THE_SAME_KEY if signed else NOTHING


class PresignedReadNeedsNoKey(Fault):
    """A presigned read of an object under a customer's key succeeds without the key."""

    name = "presigned-read-needs-no-key"
    category = "SSE-C"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Trust who signed the URL."""
        del world
        signed = isinstance(request, ObjectRead) and request.auth is Auth.PRESIGNED
        return NEEDS_THE_KEY if signed else NOTHING


class PresignedReadIsRefused(Refuses):
    """A presigned read with a customer's key is refused: the key is looked for in the query."""

    name = "presigned-read-is-refused"
    category = "SSE-C"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Miss the key in the headers."""
        found = read_version(world, request)
        if found is None or not isinstance(request, ObjectRead):
            return None
        signed = request.auth is Auth.PRESIGNED and isinstance(found.encryption, SseC)
        return INVALID_REQUEST if signed else None


class PresignedRangeIsWhole(Fault):
    """A presigned GET of a range gives the whole object."""

    name = "presigned-range-is-whole"
    category = "cross-path differences"

    def understand(self, world: World, request: Operation) -> Operation:
        """Overlook the header."""
        del world
        if not isinstance(request, GetObject) or request.auth is not Auth.PRESIGNED:
            return request
        return replace(request, range=None)


class PresignedReadOfKmsFails(Refuses):
    """A presigned GET of an object under SSE-KMS breaks down: there is no user to ask KMS for."""

    name = "presigned-read-of-kms-fails"
    category = "KMS"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Ask KMS for nobody."""
        found = read_version(world, request) if isinstance(request, GetObject) else None
        if found is None or not isinstance(request, GetObject):
            return None
        signed = request.auth is Auth.PRESIGNED and isinstance(found.encryption, SseKms)
        return INTERNAL_ERROR if signed else None
