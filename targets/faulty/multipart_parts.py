"""Faults of the parts of an upload: what is asked of them, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.completion_document import write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.upload_part import UploadPart
from model.request import PartUpload, uses_sse_c
from model.sse import SseC, SseKms
from targets.faulty.common import BLOCK
from targets.faulty.fault import NOTHING, Fault
from targets.faulty.upload_facts import part_of, upload_of, with_part

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class DemandsTheHeader(Fault):
    """A part of an upload that was created with AES256 is refused without that header."""

    name = "demands-the-header"
    category = "multipart"
    origin = "minio/minio#6389"

    def __init__(self) -> None:
        self._named: set[str] = set()

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It does not know that a part needs no header."""
        del world
        known = isinstance(request, UploadPart) and request.upload_id in self._named
        return frozenset({"multipart/part-needs-no-headers"}) if known else NOTHING

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note which uploads named AES256."""
        del before
        if isinstance(request, CreateMultipartUpload) and request.sse == "AES256":
            self._named.add(answer.text(UPLOAD_ID) or "")
        return after


class AsksTheFirstPartOnly(Fault):
    """Once one part of an SSE-C upload came with the key, the others are taken without."""

    name = "asks-the-first-part-only"
    category = "multipart"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It holds the key that it has seen."""
        upload = upload_of(world, request)
        keyed = upload is not None and isinstance(upload.version.encryption, SseC)
        later = isinstance(request, PartUpload) and keyed and upload is not None and upload.parts
        return frozenset({"multipart-sse-c/part-needs-the-key"}) if later else NOTHING


class SentAgainIsAppended(Fault):
    """A part that is sent again stands behind the first one of its number, not in its place."""

    name = "sent-again-is-appended"
    category = "multipart"
    origin = "getmoto/moto#324"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep both."""
        first, second = part_of(before, request), part_of(after, request)
        if not isinstance(request, UploadPart) or not answer.succeeded:
            return after
        if first is None or second is None:
            return after
        return with_part(after, request, body=(first.body or b"") + (second.body or b""))


class TakesAReplacedEtag(Fault):
    """A completion is done that lists a part by the ETag that it had before it was sent again."""

    name = "takes-a-replaced-etag"
    category = "multipart"
    origin = "minio/minio#12609"
    deep = True

    def __init__(self) -> None:
        self._older: set[tuple[str | None, int, str]] = set()

    def understand(self, world: World, request: Operation) -> Operation:
        """Take an older ETag for the present one."""
        upload = upload_of(world, request)
        if not isinstance(request, CompleteMultipartUpload) or upload is None or not request.parts:
            return request
        listed = []
        for named in request.parts:
            kept = upload.parts.get(named.number)
            known = (request.upload_id, named.number, named.etag) in self._older
            fits = known and kept is not None and kept.etag is not None
            etag = kept.etag if fits and kept is not None else named.etag
            listed.append(named._replace(etag_text=f'"{etag}"'))
        return replace(request, document=write_completion(listed))

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remember the ETag that is replaced."""
        replaced = part_of(before, request)
        if isinstance(request, UploadPart) and answer.succeeded and replaced is not None:
            number = int(request.part_number or 0)
            self._older.add((request.upload_id, number, replaced.etag or ""))
        return after


class LongPartEndsInZeros(Fault):
    """The end of a part of an SSE-KMS upload is zeros, behind its last whole 64 KiB."""

    name = "long-part-ends-in-zeros"
    category = "multipart"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Lose the last block, where there are several."""
        del before
        part, upload = part_of(after, request), upload_of(after, request)
        if not isinstance(request, UploadPart) or not answer.succeeded or upload is None:
            return after
        body = b"" if part is None else part.body or b""
        if not isinstance(upload.version.encryption, SseKms) or len(body) <= BLOCK:
            return after
        whole = len(body) - len(body) % BLOCK
        return with_part(after, request, body=body[:whole] + bytes(len(body) - whole))


class AnyObjectKey(Fault):
    """A part is taken under another object key than its upload's: only the upload id counts."""

    name = "any-object-key"
    category = "multipart"

    def understand(self, world: World, request: Operation) -> Operation:
        """Take the object key from the upload."""
        if not isinstance(request, UploadPart):
            return request
        found = world.existing(request.bucket).uploads.get(request.upload_id or "")
        object_key = getattr(found, "object_key", "") or request.object_key
        return replace(request, object_key=object_key)


class BlockIsForNewUploads(Fault):
    """A bucket that was made to block SSE-C goes on taking parts of uploads begun before."""

    name = "block-is-for-new-uploads"
    category = "multipart"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It looks at the block when an upload is created, not again."""
        del world
        keyed = isinstance(request, PartUpload) and uses_sse_c(request)
        return frozenset({"blocked-encryption-types/sse-c-write-is-refused"}) if keyed else NOTHING
