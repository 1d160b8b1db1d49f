"""Faults of memory between buckets, and between a bucket and one that was there before it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.put_bucket_encryption import PutBucketEncryption
from targets.faulty.fault import Fault
from targets.faulty.wrong_default import BASE, WrongDefault, rule_of, with_rule

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.operations.object_write import WriteOperation
    from model.world import Bucket, ServerSideEncryptionRule, World


class Recreated(Fault):
    """A bucket that is made again has something of the one of its name that was deleted."""

    def __init__(self) -> None:
        self._deleted: dict[str, Bucket] = {}

    def inherit(self, old: Bucket, new: Bucket) -> Bucket:
        """Return the new bucket with what the old one left."""
        raise NotImplementedError

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note what is deleted, and bring it back."""
        if isinstance(request, DeleteBucket) and answer.succeeded:
            self._deleted[request.bucket] = before.existing(request.bucket)
        made = isinstance(request, CreateBucket) and answer.succeeded
        if not isinstance(request, CreateBucket) or not made:
            return after
        old = self._deleted.pop(request.bucket, None)
        if old is None:
            return after
        return after.with_bucket(request.bucket, self.inherit(old, after.existing(request.bucket)))


class RecreatedKeepsDefault(Recreated):
    """A bucket that is deleted and made again has the default encryption that it had before."""

    name = "recreated-keeps-default"
    category = "state"
    deep = True

    def inherit(self, old: Bucket, new: Bucket) -> Bucket:
        """Keep the default."""
        return replace(new, rule=old.rule, explicit=old.explicit)


class RecreatedKeepsPolicy(Recreated):
    """A bucket that is deleted and made again has the bucket policy that it had before."""

    name = "recreated-keeps-policy"
    category = "state"
    origin = "minio/minio#4714"
    deep = True

    def inherit(self, old: Bucket, new: Bucket) -> Bucket:
        """Keep what the policy denies."""
        return replace(new, deny=old.deny)


class DefaultOfLastBucket(WrongDefault):
    """A write into a bucket without a default gets the one put last, in whichever bucket."""

    name = "default-of-last-bucket"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._last: ServerSideEncryptionRule | None = None

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default that was put last."""
        del world, request
        return None if bucket.explicit else self._last

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note it."""
        del before
        if isinstance(request, PutBucketEncryption) and answer.succeeded:
            self._last = rule_of(after, request.bucket)
        return after


class DefaultOfShorterName(WrongDefault):
    """A bucket without a default gets that of a bucket whose name is the beginning of its own."""

    name = "default-of-shorter-name"
    category = "state"
    deep = True

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default of the first bucket whose name fits."""
        if bucket.explicit:
            return None
        names = (n for n in sorted(world.buckets) if request.bucket.startswith(n))
        return next((rule for n in names if (rule := rule_of(world, n)) not in {None, BASE}), None)


class DeletionReachesNeighbours(Fault):
    """DeleteBucket also removes the default of buckets whose names begin like the deleted one."""

    name = "deletion-reaches-neighbours"
    category = "state"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove the default of all that begin so."""
        del before
        if isinstance(request, DeleteBucket) and answer.succeeded:
            for name in after.buckets:
                if name.startswith(request.bucket):
                    after = with_rule(after, name, BASE)
        return after
