"""Faults of gateways that keep ciphertext in a store which knows nothing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.listing import SIZE, field_of
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.listing import ListingOperation
from model.operations.object_read import ConditionalRead
from model.s3_errors import PRECONDITION_FAILED
from model.sse import SseC, SseKms
from targets.faulty.common import Refuses, read_version, showing
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.world import World

TAG = 16
"""So many bytes are stored beyond the data."""


class ListsWhatIsStored(Fault):
    """Listings show how long the ciphertext is, where GET and HEAD show the length of the data."""

    name = "lists-what-is-stored"
    category = "cross-path differences"
    origin = "cloud37/s3-encryption-gateway#207"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Pass on the sizes of the store behind."""
        del before, after
        if not isinstance(request, ListingOperation):
            return answer
        sizes = {
            name: str(int(value) + TAG)
            for name, value in answer.fields.items()
            if name.startswith(field_of(SIZE, "")) and isinstance(value, str)
        }
        return showing(answer, sizes)


class MatchesTheStoredEtag(Refuses):
    """If-Match with the ETag that HEAD showed fails under a KMS key or a customer key."""

    name = "matches-the-stored-etag"
    category = "ETag"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Have the store behind compare, which knows the ETag of the ciphertext."""
        if not isinstance(request, ConditionalRead) or request.if_match is None:
            return None
        version = read_version(world, request)
        sealed = version is not None and isinstance(version.encryption, SseC | SseKms)
        return PRECONDITION_FAILED if sealed else None


class UploadsLoseTheFlag(Fault):
    """CreateMultipartUpload does not read the header that asks for a Bucket Key."""

    name = "uploads-lose-the-flag"
    category = "bucket key"
    origin = "localstack/localstack#6882"

    def understand(self, world: World, request: Operation) -> Operation:
        """Read the algorithm and the KMS key alone."""
        del world
        if not isinstance(request, CreateMultipartUpload):
            return request
        return replace(request, bucket_key_enabled=None)
