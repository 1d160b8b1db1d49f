"""Faults of UploadPartCopy, where CopyObject and UploadPart do right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import ETAG
from model.operation import existing_bucket
from model.operations.upload_part_copy import UploadPartCopy
from model.sse import md5_hex
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class PartOfTheNewestVersion(Fault):
    """UploadPartCopy reads the newest version of its source, whichever is named."""

    name = "part-of-the-newest-version"
    category = "cross-path differences"
    origin = "sivchari/kumo#692"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Cut the version id off."""
        del world
        if not isinstance(request, UploadPartCopy) or request.copy_source is None:
            return request
        return replace(request, copy_source=request.copy_source.partition("?")[0])


class SourceReadWithTheUploadsKey(Fault):
    """UploadPartCopy reads an SSE-C source with the key of the upload, not with the source's."""

    name = "source-read-with-the-uploads-key"
    category = "cross-path differences"
    origin = "ceph/ceph#38541"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Take the headers of the upload for those of the source."""
        del world
        if not isinstance(request, UploadPartCopy) or not request.source_key_headers.present:
            return request
        return replace(
            request,
            source_customer_algorithm=request.customer_algorithm,
            source_customer_key=request.customer_key,
            source_customer_key_md5=request.customer_key_md5,
        )


class KeyForAPlainUpload(Fault):
    """UploadPartCopy takes a customer's key for an upload that is not under SSE-C."""

    name = "key-for-a-plain-upload"
    category = "cross-path differences"
    origin = "minio/minio#6725"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Compare with the upload only where data is sent."""
        del world
        rule = "multipart-sse-c/key-for-another-upload-is-refused"
        return frozenset((rule,) if isinstance(request, UploadPartCopy) else ())


class EtagOfTheEncryptedPart(Fault):
    """UploadPartCopy answers with another ETag than it keeps where the default was put."""

    name = "etag-of-the-encrypted-part"
    category = "cross-path differences"
    origin = "minio/minio#17519"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Tell the ETag of the encrypted bytes."""
        del after
        etag = answer.text(ETAG)
        if not isinstance(request, UploadPartCopy) or etag is None:
            return answer
        bucket = existing_bucket(before, request.bucket)
        if bucket is None or bucket.explicit is not True:
            return answer
        return replace(answer, fields={**answer.fields, ETAG: md5_hex(etag.encode())})
