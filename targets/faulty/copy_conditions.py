"""Faults of what a copy asks of its source: an ETag, the source's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.operations.copy_object import CopyObject
from model.operations.upload_part_copy import UploadPartCopy
from model.s3_errors import PRECONDITION_FAILED
from model.sse import SseC
from targets.faulty.common import Refuses, copied, current

if TYPE_CHECKING:
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.world import World


class EncryptedByDefault(Refuses):
    """The ETag that a copy names never matches a source in a bucket whose default was put."""

    name = "encrypted-by-default"
    category = "copy"
    origin = "minio/minio#6998"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Compare with the ETag of the encrypted bytes."""
        if not isinstance(request, CopyObject) or request.source is None:
            return None
        explicit = world.existing(request.source.bucket).explicit is True
        named = request.source_if_match is not None
        return PRECONDITION_FAILED if explicit and named else None


class PartOfACustomerObject(Refuses):
    """The ETag that an UploadPartCopy names never matches a source under SSE-C."""

    name = "part-of-a-customer-object"
    category = "copy"
    origin = "minio/minio#7276"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Compare with the ETag of the encrypted bytes."""
        if not isinstance(request, UploadPartCopy) or request.source_if_match is None:
            return None
        source = copied(world, request)
        locked = source is not None and isinstance(source.encryption, SseC)
        return PRECONDITION_FAILED if locked else None


class EtagOfTheDestination(Refuses):
    """The ETag that a copy names is compared with the object that it overwrites, where one is."""

    name = "etag-of-the-destination"
    category = "copy"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Compare with the destination."""
        if not isinstance(request, CopyObject) or request.source_if_match is None:
            return None
        there = current(world, request)
        other = there is not None and request.source_if_match != f'"{there.etag}"'
        return PRECONDITION_FAILED if other else None
