"""Faults of copies of an object to itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operations.copy_object import CopyObject
from model.request import uses_sse_c
from model.s3_errors import INVALID_REQUEST
from model.sse import SseC
from targets.faulty.common import Refuses, copied, current, scrambled, with_data
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.world import World


class WithoutAChange(Fault):
    """A copy of an object to itself that changes nothing is done."""

    name = "without-a-change"
    category = "copy"
    origin = "getmoto/moto#4838"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Never compare source and destination."""
        del world, request
        return frozenset({"copy/in-place-without-a-change-is-refused"})


class SameNameElsewhere(Refuses):
    """A copy to the same object key of another bucket is refused as a copy to itself."""

    name = "same-name-elsewhere"
    category = "copy"
    origin = "localstack/localstack#9483"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Compare the object keys alone."""
        del world
        if not isinstance(request, CopyObject) or request.source is None or request.in_place:
            return None
        changed = request.metadata_directive == "REPLACE" or request.storage_class is not None
        same = request.source.object_key == request.object_key
        return INVALID_REQUEST if same and not changed and request.sse is None else None


class NewKeyOldBytes(Fault):
    """A copy in place to another encryption writes the new data key beside the old bytes."""

    name = "new-key-old-bytes"
    category = "copy"
    origin = "rustfs/rustfs#5618"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Leave the bytes as they were, under what does not decrypt them."""
        if not isinstance(request, CopyObject) or not answer.succeeded or not request.in_place:
            return after
        source, made = copied(before, request), current(after, request)
        if source is None or made is None or source.encryption == made.encryption:
            return after
        return with_data(after, request, scrambled(made.body))


class RotationKeepsTheChecksum(Fault):
    """A copy in place to another customer key keeps the checksum, whatever algorithm is named."""

    name = "rotation-keeps-the-checksum"
    category = "copy"
    origin = "pgsty/silo#113"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Overlook the checksum algorithm where only the key is changed."""
        if not isinstance(request, CopyObject) or not request.in_place:
            return request
        source = copied(world, request)
        rotates = source is not None and isinstance(source.encryption, SseC) and uses_sse_c(request)
        return replace(request, checksum_algorithm=None) if rotates else request
