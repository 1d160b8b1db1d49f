"""Faults of what is checked of a request: too little, too late, or against the wrong thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.facts import default_of
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.get_object import GetObject
from model.operations.part_upload import PartOperation
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.request import ObjectWrite, uses_sse_c
from model.s3_errors import BAD_DIGEST, PRECONDITION_FAILED, S3Error
from model.sse import SseAlgorithm
from model.stored import DeleteMarker
from targets.faulty.common import Refuses, current, refusal, row_of
from targets.faulty.fault import NOTHING, Fault
from targets.faulty.upload_facts import upload_of

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World

KNOWN = frozenset(algorithm.value for algorithm in SseAlgorithm)
MOST_BY_NUMBER = 10_000


class UnknownAlgorithm(Fault):
    """PutObject takes an algorithm that is none, and stores the object by the default."""

    name = "unknown-algorithm"
    category = "validation"
    origin = "rustfs/rustfs#2008"

    def understand(self, world: World, request: Operation) -> Operation:
        """Take it for no header."""
        del world
        if not isinstance(request, PutObject) or request.sse is None or request.sse in KNOWN:
            return request
        return replace(request, sse=None)


class AnyCase(Fault):
    """An upload in parts takes the name of an algorithm in capitals and small letters alike."""

    name = "any-case"
    category = "validation"

    def understand(self, world: World, request: Operation) -> Operation:
        """Find the name that is meant."""
        del world
        if not isinstance(request, CreateMultipartUpload) or request.sse is None:
            return request
        names = {name.lower(): name for name in KNOWN}
        return replace(request, sse=names.get(request.sse.lower(), request.sse))


class CustomerKeyWins(Fault):
    """An upload is created with a customer key beside an algorithm, which is not looked at."""

    name = "customer-key-wins"
    category = "validation"

    def understand(self, world: World, request: Operation) -> Operation:
        """Drop the algorithm."""
        del world
        if isinstance(request, CreateMultipartUpload) and uses_sse_c(request):
            return replace(request, sse=None)
        return request


class KeyIdByDefault(Fault):
    """A KMS key id without an algorithm is taken where the bucket's default is SSE-KMS."""

    name = "key-id-by-default"
    category = "validation"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It checks what header and default are together."""
        if not isinstance(request, ObjectWrite):
            return NOTHING
        rule = default_of(world, request)
        kms = rule is not None and rule.sse_algorithm is SseAlgorithm.AWS_KMS
        return frozenset({"request/key-id-needs-kms"}) if kms else NOTHING


class ChecksumBesideCustomerKey(Fault):
    """A checksum is not compared with the data where that is encrypted with a customer key."""

    name = "checksum-beside-customer-key"
    category = "validation"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It sees the data encrypted only."""
        del world
        keyed = isinstance(request, PutObject) and uses_sse_c(request)
        return frozenset({"checksums/wrong-checksum-is-refused"}) if keyed else NOTHING


class PartDigestUnchecked(Fault):
    """UploadPart does not compare the Content-MD5 with the data of the part."""

    name = "part-digest-unchecked"
    category = "validation"
    origin = "localstack/localstack#11795"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It does so for PutObject alone."""
        del world
        sends = isinstance(request, UploadPart)
        return frozenset({"request/content-md5-must-match-the-data"}) if sends else NOTHING


class MalformedDigestIsBad(Fault):
    """A Content-MD5 that is no digest is answered with BadDigest, as one of other data."""

    name = "malformed-digest-is-bad"
    category = "validation"
    origin = "apache/ozone#10078"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Know but one error."""
        del before, after, request
        return refusal(BAD_DIGEST) if answer.error_code == "InvalidDigest" else answer


class MarkerIsAnObject(Refuses):
    """If-None-Match: * refuses a write where nothing but a delete marker is."""

    name = "marker-is-an-object"
    category = "validation"
    origin = "rustfs/rustfs#1686"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Find an entry of that name."""
        if not isinstance(request, PutObject) or request.if_none_match != "*":
            return None
        row = row_of(world, request)
        return PRECONDITION_FAILED if row and isinstance(row[0], DeleteMarker) else None


class ObjectInPartsIsNone(Fault):
    """If-None-Match: * lets a write replace an object that was uploaded in parts."""

    name = "object-in-parts-is-none"
    category = "validation"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It looks where objects lie that were written at once."""
        there = current(world, request) if isinstance(request, PutObject) else None
        in_parts = there is not None and there.part_sizes is not None
        return frozenset({"request/if-none-match-keeps-the-object"}) if in_parts else NOTHING


class AnyPartNumber(Fault):
    """A part with a number above 10,000 is taken."""

    name = "any-part-number"
    category = "validation"
    origin = "getmoto/moto#4624"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It knows no highest number."""
        del world
        text = (request.part_number or "") if isinstance(request, PartOperation) else ""
        above = text.isdecimal() and int(text) > MOST_BY_NUMBER
        return frozenset({"multipart/part-number-is-from-1-to-10000"}) if above else NOTHING


class PartsInAnyOrder(Fault):
    """A completion that lists the parts in disorder is done."""

    name = "parts-in-any-order"
    category = "validation"
    origin = "localstack/localstack#7495"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It takes the order of the list."""
        del world
        ends = isinstance(request, CompleteMultipartUpload)
        return frozenset({"multipart-completion/parts-must-be-in-order"}) if ends else NOTHING


class AnyPartMayBeSmall(Fault):
    """A completion is done whose first part has less than 5 MiB and is not the last."""

    name = "any-part-may-be-small"
    category = "validation"
    origin = "faiscadev/fakecloud#110"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It knows no smallest size."""
        del world
        ends = isinstance(request, CompleteMultipartUpload)
        small = frozenset({"multipart-completion/only-the-last-part-may-be-small"})
        return small if ends else NOTHING


class SourceOwnerUnchecked(Fault):
    """UploadPartCopy does not look at the owner that the request expects its source to have."""

    name = "source-owner-unchecked"
    category = "validation"
    origin = "versity/versitygw#2005"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It does not read that header."""
        del world
        copies = isinstance(request, UploadPartCopy)
        return frozenset({"ownership/other-source-owner-is-denied"}) if copies else NOTHING


class OwnerCheckedOnce(Fault):
    """The expected bucket owner is compared when an upload is created, and not for its parts."""

    name = "owner-checked-once"
    category = "validation"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It trusts the upload id."""
        known = isinstance(request, PartOperation) and upload_of(world, request) is not None
        return frozenset({"ownership/other-bucket-owner-is-denied"}) if known else NOTHING


class RangeOfTheLongest(Fault):
    """A range is checked against the greatest length that the object ever had, not the present."""

    name = "range-of-the-longest"
    category = "validation"
    deep = True

    def __init__(self) -> None:
        self._longest: dict[tuple[str, str], int] = {}

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It finds the first byte within the old length."""
        if not isinstance(request, GetObject) or request.range is None:
            return NOTHING
        first = request.range.removeprefix("bytes=").partition("-")[0]
        longest = self._longest.get((request.bucket, request.object_key), 0)
        there = current(world, request)
        within = there is not None and first.isdecimal() and int(first) < longest
        return frozenset({"reading/range-beyond-the-data-is-refused"}) if within else NOTHING

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note the length of what is written, where it is greater."""
        del before
        made = current(after, request) if isinstance(request, PutObject) else None
        if isinstance(request, PutObject) and made is not None and answer.succeeded:
            place = (request.bucket, request.object_key)
            self._longest[place] = max(self._longest.get(place, 0), len(made.body or b""))
        return after
