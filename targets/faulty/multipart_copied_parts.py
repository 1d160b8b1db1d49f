"""Faults of parts that are copied from objects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from model.operations.list_parts import SIZES, ListParts
from model.operations.upload_part_copy import UploadPartCopy
from model.request import PartUpload
from model.sse import SseS3, md5_hex
from targets.faulty.common import copied, scrambled, showing
from targets.faulty.fault import NOTHING, Fault
from targets.faulty.upload_facts import part_of, upload_of, with_part

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class TakesACustomerKeyBeside(Fault):
    """A part is copied with a customer key into an upload that is under SSE-S3."""

    name = "takes-a-customer-key-beside"
    category = "multipart"
    origin = "minio/minio#6725"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It does not compare the key with the upload."""
        upload = upload_of(world, request)
        plain = upload is not None and isinstance(upload.version.encryption, SseS3)
        copies = isinstance(request, UploadPartCopy) and plain
        return (
            frozenset({"multipart-sse-c/key-for-another-upload-is-refused"}) if copies else NOTHING
        )


class SourceKeyIsTheUploads(Fault):
    """A copied part's source is decrypted with the upload's customer key, not with its own."""

    name = "source-key-is-the-uploads"
    category = "multipart"
    origin = "ceph/ceph#38541"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Read the source's key from the wrong headers."""
        del world
        if not isinstance(request, UploadPartCopy) or not request.source_key_headers.present:
            return request
        return replace(
            request,
            source_customer_algorithm=request.customer_algorithm,
            source_customer_key=request.customer_key,
            source_customer_key_md5=request.customer_key_md5,
        )


class CopiedEtagDiffers(Fault):
    """A part copied into a bucket whose default was put is kept under another ETag than is told."""

    name = "copied-etag-differs"
    category = "multipart"
    origin = "minio/minio#17519"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the ETag of what is encrypted."""
        del before
        if not isinstance(request, UploadPartCopy) or not answer.succeeded:
            return after
        if not after.existing(request.bucket).explicit:
            return after
        part = part_of(after, request)
        kept = md5_hex(scrambled(None if part is None else part.body))
        return with_part(after, request, etag=kept)


class NewestSourceVersion(Fault):
    """A part that is copied from an older version gets the data of the newest."""

    name = "newest-source-version"
    category = "multipart"
    origin = "scality/Arsenal#2694"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Drop the version id."""
        source = request.source if isinstance(request, UploadPartCopy) else None
        if not isinstance(request, UploadPartCopy) or source is None or not source.version_id:
            return request
        if copied(world, request) is None:
            return request
        return replace(request, copy_source=(request.copy_source or "").partition("?")[0])


class ListsTheWholeSource(Fault):
    """ListParts shows a part that was copied from a range with the length of its whole source."""

    name = "lists-the-whole-source"
    category = "multipart"
    deep = True

    def __init__(self) -> None:
        self._lengths: dict[tuple[str | None, int], int] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note the length of the source."""
        if isinstance(request, PartUpload) and answer.succeeded:
            place = request.upload_id, int(request.part_number or 0)
            self._lengths.pop(place, None)
            source = copied(before, request) if isinstance(request, UploadPartCopy) else None
            if source is not None:
                self._lengths[place] = len(source.body or b"")
        return after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show it."""
        del before
        upload = upload_of(after, request)
        if not isinstance(request, ListParts) or upload is None or not answer.succeeded:
            return answer
        sizes = [
            self._lengths.get((request.upload_id, number), len(upload.parts[number].body or b""))
            for number in sorted(upload.parts)
        ]
        return showing(answer, {SIZES: ",".join(str(size) for size in sizes)})


class SourceIsDecodedTwice(Fault):
    """The source of a copied part is decoded twice: an encoded plus sign becomes a space."""

    name = "source-is-decoded-twice"
    category = "multipart"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Decode it once before, and once more as a form is decoded."""
        del world
        if not isinstance(request, UploadPartCopy) or request.copy_source is None:
            return request
        return replace(request, copy_source=unquote(request.copy_source).replace("+", "%20"))
