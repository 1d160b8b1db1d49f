"""Faults of copies from one kind of encryption to another, and of how what is copied was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.operations.copy_object import CopyObject
from model.s3_errors import INTERNAL_ERROR
from model.sse import SseC, SseKms, SseS3
from targets.faulty.common import BLOCK, Refuses, copied, scrambled
from targets.faulty.copy_data import WrongData

if TYPE_CHECKING:
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.stored import ObjectVersion
    from model.world import World

PADDING = 64
"""So many bytes are stored behind the data of each part."""


class CustomerKeyToAnother(Refuses):
    """A copy from one customer key to another fails with 500."""

    name = "customer-key-to-another"
    category = "copy"
    origin = "seaweedfs/seaweedfs#9281"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Find no initialisation vector where the copy keeps it."""
        if not isinstance(request, CopyObject) or not request.own_key.present:
            return None
        source = copied(world, request)
        own = None if source is None else source.encryption
        return INTERNAL_ERROR if isinstance(own, SseC) else None


class SseS3ToCustomerKey(WrongData):
    """A copy of an SSE-S3 object that goes under a customer's key has other data."""

    name = "sse-s3-to-customer-key"
    category = "copy"
    origin = "seaweedfs/seaweedfs#9282"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the initialisation vector is kept in a form that reads do not know."""
        del world, request
        return isinstance(source.encryption, SseS3) and isinstance(made.encryption, SseC)


class KmsSourceOfParts(WrongData):
    """A copy of an SSE-KMS object that was uploaded in parts takes one data key for all of them."""

    name = "kms-source-of-parts"
    category = "copy"
    origin = "seaweedfs/seaweedfs#9281"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the source has parts with a data key each."""
        del world, request, made
        return source.part_sizes is not None and isinstance(source.encryption, SseKms)


class SecondChunkOfACopy(WrongData):
    """A copy that keeps the encryption takes its chunks over as they are: only the first opens."""

    name = "second-chunk-of-a-copy"
    category = "copy"
    origin = "seaweedfs/seaweedfs#7546"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether nothing is encrypted anew."""
        del world, request
        return source.encryption == made.encryption

    def data(self, body: bytes) -> bytes:
        """Return the first chunk, and what a wrong mark makes of the others."""
        return body[:BLOCK] + scrambled(body[BLOCK:])


class PaddingOfPartsIsCopied(WrongData):
    """A copy of an object in parts is longer: padding that its ETag told of is left in."""

    name = "padding-of-parts-is-copied"
    category = "copy"
    origin = "gaul/s3proxy#398"
    deep = True

    def spoils(
        self, world: World, request: CopyObject, source: ObjectVersion, made: ObjectVersion
    ) -> bool:
        """Tell whether the source was uploaded in parts, and the copy was not."""
        del world, request, made
        return source.part_sizes is not None

    def data(self, body: bytes) -> bytes:
        """Return the data with the padding of its last part."""
        return body + bytes(PADDING)
