"""Faults of memory: what happened before still counts, or counts no longer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from model.facts import default_of
from model.operations.copy_object import CopyObject
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.object_write import WriteOperation
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.request import BucketConfiguration
from model.sse import SseAlgorithm
from model.stored import ObjectVersion
from targets.faulty.fault import Fault
from targets.faulty.wrong_default import (
    BASE,
    WrongDefault,
    needs_disabled_key,
    rule_of,
    takes_default,
    with_rule,
)

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import Bucket, ServerSideEncryptionRule, World

THIRD = 3


class Remembering(WrongDefault):
    """A fault that notes something after each request."""

    def note(self, before: World, after: World, request: Operation, answer: Answer) -> None:
        """Note what the server remembers of a request."""
        raise NotImplementedError

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep what is right, and note what is remembered."""
        self.note(before, after, request, answer)
        return after


class StaleForOneWrite(Remembering):
    """The first write after a change of the default still gets the default that was cached."""

    name = "stale-for-one-write"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._cached: dict[str, ServerSideEncryptionRule | None] = {}

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default of the write before."""
        del world, bucket
        return self._cached.get(request.bucket)

    def note(self, before: World, after: World, request: Operation, answer: Answer) -> None:
        """Each write refreshes the cache, when it is over."""
        del after, answer
        if isinstance(request, WriteOperation):
            self._cached[request.bucket] = rule_of(before, request.bucket)


class CopyDefaultCached(Remembering):
    """Copies into a bucket go on with the default that was there at the first copy."""

    name = "copy-default-cached"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._cached: dict[str, ServerSideEncryptionRule | None] = {}

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default at the first copy."""
        del world, bucket
        return self._cached.get(request.bucket) if isinstance(request, CopyObject) else None

    def note(self, before: World, after: World, request: Operation, answer: Answer) -> None:
        """The first copy that needs the default fills the cache."""
        del after
        if isinstance(request, CopyObject) and answer.succeeded:
            self._cached.setdefault(request.bucket, rule_of(before, request.bucket))


class WeakerDefaultUnseen(Remembering):
    """A default that goes from SSE-KMS back to AES256 is shown, but writes still get SSE-KMS."""

    name = "weaker-default-unseen"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._kms: dict[str, ServerSideEncryptionRule] = {}

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the last default of SSE-KMS."""
        del world
        put = bucket.explicit and bucket.rule == BASE
        return self._kms.get(request.bucket) if put else None

    def note(self, before: World, after: World, request: Operation, answer: Answer) -> None:
        """Note each default of SSE-KMS."""
        del before, answer
        if isinstance(request, PutBucketEncryption):
            rule = rule_of(after, request.bucket)
            if rule is not None and rule.sse_algorithm is SseAlgorithm.AWS_KMS:
                self._kms[request.bucket] = rule


class RefusedWriteDropsDefault(Remembering):
    """After a write failed for the KMS key of the default, later writes do without the default."""

    name = "refused-write-drops-default"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._failed: set[str] = set()

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the base default for a bucket in which a write failed."""
        del world, bucket
        return BASE if request.bucket in self._failed else None

    def note(self, before: World, after: World, request: Operation, answer: Answer) -> None:
        """Note a write that failed for the key; a new default is tried again."""
        del after
        failed = takes_default(request, before) and not answer.succeeded
        bucket = getattr(request, "bucket", "")
        if failed and needs_disabled_key(before, rule_of(before, bucket)):
            self._failed.add(bucket)
        if isinstance(request, PutBucketEncryption):
            self._failed.discard(bucket)


class BucketKeyWearsOut(Remembering):
    """When a bucket's Bucket Key was used three times, writes by default go without one."""

    name = "bucket-key-wears-out"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default without its Bucket Key when that is used up."""
        del world
        worn = self._used[request.bucket] >= THIRD and bucket.rule is not None
        return replace(bucket.rule, bucket_key_enabled=False) if worn and bucket.rule else None

    def note(self, before: World, after: World, request: Operation, answer: Answer) -> None:
        """Count the writes under the Bucket Key."""
        del after
        if takes_default(request, before) and answer.succeeded:
            rule = rule_of(before, request.bucket)
            self._used[request.bucket] += rule is not None and rule.bucket_key_enabled


class KeySurvivesDeletion(Remembering):
    """After DeleteBucketEncryption a write for aws:kms without a key gets the old default's key."""

    name = "key-survives-deletion"
    category = "state"
    origin = "scality/cloudserver#5700"
    deep = True

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def understand(self, world: World, request: Operation) -> Operation:
        """Name the key of the deleted default."""
        if not isinstance(request, WriteOperation) or request.sse != SseAlgorithm.AWS_KMS:
            return request
        rule = default_of(world, request)
        if rule != BASE or request.kms_key_id is not None:
            return request
        return replace(request, kms_key_id=self._keys.get(request.bucket))

    def note(self, before: World, after: World, request: Operation, answer: Answer) -> None:
        """Note the key of a default that is deleted."""
        del after, answer
        if isinstance(request, DeleteBucketEncryption):
            rule = rule_of(before, request.bucket)
            if rule is not None and rule.kms_key_id:
                self._keys[request.bucket] = rule.kms_key_id


class FirstAnswerRepeated(Fault):
    """GetBucketEncryption repeats what it said first, though the default was changed by a put."""

    name = "first-answer-repeated"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._said: dict[str, Answer] = {}

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Repeat the answer that is cached; the deletion of the default clears the cache."""
        del before, after
        if isinstance(request, BucketConfiguration) and not isinstance(
            request, GetBucketEncryption | PutBucketEncryption
        ):
            self._said.pop(request.bucket, None)
        if not isinstance(request, GetBucketEncryption) or not answer.succeeded:
            return answer
        return self._said.setdefault(request.bucket, answer)


class ThirdChangeLost(Fault):
    """Every third PutBucketEncryption of a bucket succeeds, and its default is not stored."""

    name = "third-change-lost"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._puts: Counter[str] = Counter()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Count the changes, and leave the third out."""
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded:
            return after
        self._puts[request.bucket] += 1
        lost = self._puts[request.bucket] % THIRD == 0
        return with_rule(after, request.bucket, rule_of(before, request.bucket)) if lost else after


class LastObjectTakesDefault(Fault):
    """When the last object of a bucket is deleted, the bucket's default is cleaned up with it."""

    name = "last-object-takes-default"
    category = "state"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Reset the default of a bucket that became empty."""
        if not isinstance(request, DeleteObject) or not answer.succeeded:
            return after
        held = [v for v in before.existing(request.bucket).objects.values() if _is_there(v)]
        left = [v for v in after.existing(request.bucket).objects.values() if _is_there(v)]
        return with_rule(after, request.bucket, BASE) if held and not left else after


def _is_there(version: object) -> bool:
    return isinstance(version, ObjectVersion)
