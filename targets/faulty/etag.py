"""Faults of ETags and checksums: what they are made of, whose they are, what is compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import ETAG
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.get_object_attributes import ETAG_ATTRIBUTE, GetObjectAttributes
from model.operations.object_read import ConditionalRead, numbered
from model.operations.part_upload import PartOperation
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.request import ObjectRequest
from model.sse import SseAlgorithm, SseKms, md5_hex
from model.stored import ObjectVersion
from targets.faulty.common import copied, current, read_version, row_of, scrambled, showing
from targets.faulty.fault import Fault
from targets.faulty.upload_facts import upload_of, with_facts, with_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.operation import Operation
    from model.stored import UploadedPart
    from model.world import World


class OtherEtag(Fault):
    """What is written has another ETag than it should have, and shows it."""

    category = "ETag"

    def etag(self, before: World, after: World, request: Operation) -> str | None:
        """Return that ETag, None where it is right."""
        raise NotImplementedError

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep it."""
        etag = self.etag(before, after, request) if answer.succeeded else None
        if etag is None or not isinstance(request, ObjectRequest):
            return after
        if isinstance(request, PartOperation):
            return with_part(after, request, etag=etag)
        return with_facts(after, request, etag=etag)

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show it."""
        etag = self.etag(before, after, request) if answer.succeeded else None
        return answer if etag is None else showing(answer, {ETAG: etag})


class Md5OfCiphertext(OtherEtag):
    """PutObject that asks for AES256 answers with the MD5 of what is stored, not of the data."""

    name = "md5-of-ciphertext"
    category = "ETag"
    origin = "minio/minio#6580"

    def etag(self, before: World, after: World, request: Operation) -> str | None:
        """Take the MD5 behind the encryption."""
        del before, after
        if not isinstance(request, PutObject) or request.sse != SseAlgorithm.AES256:
            return None
        return md5_hex(b"sealed" + scrambled(request.body))


class SealedPartEtag(OtherEtag):
    """A part of an SSE-KMS upload is answered with its encrypted ETag, longer than 32 digits."""

    name = "sealed-part-etag"
    category = "ETag"
    origin = "minio/minio#14578"

    def etag(self, before: World, after: World, request: Operation) -> str | None:
        """Leave it sealed."""
        del before
        upload = upload_of(after, request)
        if not isinstance(request, UploadPart) or upload is None:
            return None
        sealed = md5_hex(request.body) + md5_hex(scrambled(request.body))
        return sealed if isinstance(upload.version.encryption, SseKms) else None


class CopyKeepsPartCount(OtherEtag):
    """A copy of an object that was uploaded in parts keeps its ETag, with the number of parts."""

    name = "copy-keeps-part-count"
    category = "ETag"
    origin = "localstack/localstack#3729"
    deep = True

    def etag(self, before: World, after: World, request: Operation) -> str | None:
        """Take over that of the source."""
        del after
        source = copied(before, request) if isinstance(request, CopyObject) else None
        return source.etag if source is not None and source.part_sizes is not None else None


class CompletedIsMd5(OtherEtag):
    """The ETag of an object that was uploaded in parts is the MD5 of its data."""

    name = "completed-is-md5"
    category = "ETag"
    origin = "s3s-project/s3s#550"

    def etag(self, before: World, after: World, request: Operation) -> str | None:
        """Take the MD5 of the file."""
        del before
        made = current(after, request) if isinstance(request, CompleteMultipartUpload) else None
        return None if made is None else md5_hex(made.body or b"")


class NoEtagOfACopiedPart(Fault):
    """UploadPartCopy answers with an empty ETag."""

    name = "no-etag-of-a-copied-part"
    category = "ETag"
    origin = "seaweedfs/seaweedfs#10971"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Have none to tell."""
        del before, after
        return showing(answer, {ETAG: None}) if isinstance(request, UploadPartCopy) else answer


class PartShowsItsOwn(Fault):
    """GET and HEAD of a part show the ETag of the part, not that of the object."""

    name = "part-shows-its-own"
    category = "ETag"
    deep = True

    def __init__(self) -> None:
        self._parts: dict[tuple[str, str], Mapping[int, UploadedPart]] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the parts beside the object."""
        upload = upload_of(before, request)
        if isinstance(request, CompleteMultipartUpload) and answer.succeeded and upload is not None:
            self._parts[request.bucket, request.object_key] = upload.parts
        return after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show the part's."""
        del before
        if not isinstance(request, ConditionalRead) or not answer.succeeded:
            return answer
        if request.part_read(read_version(after, request)) is None:
            return answer
        parts = self._parts.get((request.bucket, request.object_key), {})
        part = parts.get(numbered(request.part_number) or 0)
        return answer if part is None else showing(answer, {ETAG: part.etag})


class OlderShowsTheNewest(Fault):
    """GET and HEAD of an older version show the ETag of the newest one."""

    name = "older-shows-the-newest"
    category = "ETag"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Look at the object's entry in the index."""
        del before
        named = isinstance(request, ConditionalRead) and request.version_id is not None
        newest = current(after, request) if isinstance(request, ConditionalRead) else None
        if not named or newest is None or not answer.succeeded:
            return answer
        return showing(answer, {ETAG: newest.etag})


class ContentIsKnown(Fault):
    """If-None-Match with the MD5 of the data gets 304, though the object's ETag is another now."""

    name = "content-is-known"
    category = "ETag"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Compare with the digest of the content, too."""
        version = read_version(world, request)
        if not isinstance(request, ConditionalRead) or version is None or version.body is None:
            return request
        if request.if_none_match != f'"{md5_hex(version.body)}"':
            return request
        return replace(request, if_none_match=f'"{version.etag}"')


class ConditionOnTheOldest(Fault):
    """If-Match on a PutObject is compared with the oldest version, not with the newest."""

    name = "condition-on-the-oldest"
    category = "ETag"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Let the condition hold, or not, as it does for the oldest."""
        if not isinstance(request, PutObject) or request.if_match is None:
            return request
        row = [v for v in row_of(world, request) if isinstance(v, ObjectVersion)]
        newest = current(world, request)
        if newest is None or not row or row[-1].etag is None:
            return request
        met = request.if_match == f'"{row[-1].etag}"'
        return replace(request, if_match=f'"{newest.etag if met else md5_hex(b"another")}"')


class AttributesAreQuoted(Fault):
    """GetObjectAttributes shows the ETag in quotation marks."""

    name = "attributes-are-quoted"
    category = "ETag"
    origin = "versity/versitygw#1114"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Write it as a header is written."""
        del before, after
        etag = answer.text(ETAG_ATTRIBUTE)
        if not isinstance(request, GetObjectAttributes) or etag is None:
            return answer
        return showing(answer, {ETAG_ATTRIBUTE: f'"{etag}"'})


class ChecksumOfTheOverwritten(Fault):
    """An object that was overwritten keeps the checksum of the data that was there before."""

    name = "checksum-of-the-overwritten"
    category = "ETag"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Leave the checksum's record as it is, where there is one."""
        if not isinstance(request, PutObject) or not answer.succeeded:
            return after
        there = current(before, request)
        if there is None or not there.checksums:
            return after
        return with_facts(after, request, checksums=there.checksums)
