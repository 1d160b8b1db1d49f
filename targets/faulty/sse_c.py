"""Faults of writes and copies under a customer's key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.put_object import PutObject
from model.request import names_no_encryption, uses_sse_c
from model.sse import SseC
from targets.faulty.common import copied, current, scrambled, with_data
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.stored import ObjectVersion
    from model.world import World

NEEDS_THE_SAME_KEY = "sse-c-object/copy-needs-the-same-source-key"


def is_rotation(request: Operation) -> TypeGuard[CopyObject]:
    """Tell whether a request copies an object to itself from one customer key to another."""
    if not isinstance(request, CopyObject) or not request.in_place:
        return False
    return request.source_key_headers.present and request.own_key.present


def is_under_sse_c(version: ObjectVersion | None) -> bool:
    """Tell whether there is a version, and it is under a customer's key."""
    return version is not None and isinstance(version.encryption, SseC)


class DefaultLayeredOnCustomerKey(Fault):
    """PutObject with a customer key is refused in a bucket whose default was put."""

    name = "default-layered-on-customer-key"
    category = "SSE-C"
    origin = "rustfs/rustfs#7511"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Find another encryption beside the key: the default that was put."""
        if not isinstance(request, PutObject) or not uses_sse_c(request):
            return frozenset()
        bucket = existing_bucket(world, request.bucket)
        put = bucket is not None and bucket.explicit
        return frozenset({"blocked-encryption-types/unblocked-bucket-takes-sse-c"} if put else ())


class RotationToSameKeyUnchecked(Fault):
    """A rotation from a customer key to the same one does nothing, and never checks the key."""

    name = "rotation-to-same-key-unchecked"
    category = "SSE-C"
    origin = "minio/minio#5625"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Take any key that is rotated to itself."""
        del world
        return frozenset({NEEDS_THE_SAME_KEY} if self._changes_nothing(request) else ())

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Leave the object as it was."""
        del answer
        return before if self._changes_nothing(request) else after

    @staticmethod
    def _changes_nothing(request: Operation) -> bool:
        return is_rotation(request) and request.source_customer_key == request.customer_key


class RotationKeepsOldKey(Fault):
    """After a copy in place from one customer key to another the object is still under the old."""

    name = "rotation-keeps-old-key"
    category = "SSE-C"
    origin = "minio/minio#6330"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Seal the object with the key that it had."""
        if not is_rotation(request) or not answer.succeeded:
            return after
        old, new = copied(before, request), current(after, request)
        if old is None or new is None:
            return after
        kept = replace(new, encryption=old.encryption)
        return after.with_object(request.bucket, request.object_key, kept)


class CopyWithinBucketKeepsKey(Fault):
    """A copy within a bucket that names only its source's customer key stays under that key."""

    name = "copy-within-bucket-keeps-key"
    category = "SSE-C"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for the source's key, so that nothing need be encrypted anew."""
        del world
        if not isinstance(request, CopyObject) or request.source is None or request.in_place:
            return request
        if request.source.bucket != request.bucket or not names_no_encryption(request):
            return request
        return replace(
            request,
            customer_algorithm=request.source_customer_algorithm,
            customer_key=request.source_customer_key,
            customer_key_md5=request.source_customer_key_md5,
        )


class SourceKeyForPlainSource(Fault):
    """A copy takes a customer key for a source that has none, and writes what cannot be read."""

    name = "source-key-for-plain-source"
    category = "SSE-C"
    origin = "minio/minio#6671"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Take the key for the right one."""
        del world, request
        return frozenset({"sse-c-object/source-key-for-another-object-is-refused"})

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Decrypt what was not encrypted."""
        if not isinstance(request, CopyObject) or not answer.succeeded:
            return after
        source = copied(before, request)
        if not request.source_key_headers.present or source is None or is_under_sse_c(source):
            return after
        return with_data(after, request, scrambled(source.body))


class OlderSourceVersionUnchecked(Fault):
    """A copy of an older version under a customer's key needs no key once the newest has none."""

    name = "older-source-version-unchecked"
    category = "SSE-C"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Look at the current version for whether a key is needed."""
        if not isinstance(request, CopyObject) or request.source is None:
            return frozenset()
        newest = world.version(request.source.bucket, request.source.object_key, None)
        if request.source.version_id is None or isinstance(getattr(newest, "encryption", 0), SseC):
            return frozenset()
        return frozenset({"sse-c-object/copy-needs-the-source-key"})
