"""Faults of a bucket's default encryption, seen when it is changed or something beside it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operation import existing_bucket
from model.operations.create_bucket import CreateBucket
from model.operations.get_bucket_encryption import KEY_ID, GetBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_bucket_versioning import PutBucketVersioning
from model.sse import SseAlgorithm
from targets.faulty.fault import Fault
from targets.faulty.wrong_default import BASE, rule_of, with_rule

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class OldFlagKept(Fault):
    """PutBucketEncryption without a Bucket Key flag keeps the flag of the rule before."""

    name = "old-flag-kept"
    category = "bucket configuration"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the flag where the new rule does not speak of it."""
        rule = request.rule if isinstance(request, PutBucketEncryption) else None
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded or rule is None:
            return after
        old, new = rule_of(before, request.bucket), rule_of(after, request.bucket)
        if old is None or new is None or rule.bucket_key_enabled is not None:
            return after
        merged = replace(new, bucket_key_enabled=old.bucket_key_enabled)
        return with_rule(after, request.bucket, merged)


class OldKeyShown(Fault):
    """GetBucketEncryption shows the KMS key of an earlier default beside AES256."""

    name = "old-key-shown"
    category = "bucket configuration"
    deep = True

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Note the keys that are put, and show the last one."""
        del before
        if isinstance(request, PutBucketEncryption) and answer.succeeded:
            rule = rule_of(after, request.bucket)
            if rule is not None and rule.kms_key_id:
                self._keys[request.bucket] = rule.kms_key_id
        if not isinstance(request, GetBucketEncryption) or not answer.succeeded:
            return answer
        rule = rule_of(after, request.bucket)
        if rule is None or rule.sse_algorithm is not SseAlgorithm.AES256:
            return answer
        return replace(answer, fields={**answer.fields, KEY_ID: self._keys.get(request.bucket)})


class LaterRuleUnblocks(Fault):
    """A rule that names no types to block makes the bucket forget those that it blocks."""

    name = "later-rule-unblocks"
    category = "bucket configuration"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Forget them."""
        del before
        bucket = existing_bucket(after, getattr(request, "bucket", ""))
        rule = request.rule if isinstance(request, PutBucketEncryption) else None
        if bucket is None or rule is None or not answer.succeeded or rule.blocked is not None:
            return after
        forgot = replace(bucket, blocked=frozenset(), blocked_put=False)
        return after.with_bucket(getattr(request, "bucket", ""), forgot)


class NoneDoesNotUnblock(Fault):
    """Types to block are only ever added: NONE does not unblock SSE-C."""

    name = "none-does-not-unblock"
    category = "bucket configuration"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Add to those that were blocked."""
        bucket = existing_bucket(after, getattr(request, "bucket", ""))
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded or bucket is None:
            return after
        old = before.existing(request.bucket).blocked or frozenset()
        kept = replace(bucket, blocked=old | (bucket.blocked or frozenset()))
        return after.with_bucket(request.bucket, kept)


class RefusedPutResets(Fault):
    """A configuration that is refused has already removed the default that was there."""

    name = "refused-put-resets"
    category = "bucket configuration"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove the default."""
        del before
        if not isinstance(request, PutBucketEncryption) or answer.succeeded:
            return after
        return with_rule(after, request.bucket, BASE)


class VersioningDropsDefault(Fault):
    """Setting a bucket's versioning overwrites its other properties: the default is gone."""

    name = "versioning-drops-default"
    category = "bucket configuration"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Drop the default."""
        del before
        if not isinstance(request, PutBucketVersioning) or not answer.succeeded:
            return after
        return with_rule(after, request.bucket, BASE)


class CreateAgainResets(Fault):
    """CreateBucket of a bucket that one owns already resets its default encryption."""

    name = "create-again-resets"
    category = "bucket configuration"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Reset the default of a bucket that was there."""
        if not isinstance(request, CreateBucket) or not answer.succeeded:
            return after
        there = existing_bucket(before, request.bucket) is not None
        return with_rule(after, request.bucket, BASE) if there else after


class SameAlgorithmUnchanged(Fault):
    """A new default of the same algorithm is not stored: the key stays the old one."""

    name = "same-algorithm-unchanged"
    category = "bucket configuration"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Compare the algorithms alone."""
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded:
            return after
        old, new = rule_of(before, request.bucket), rule_of(after, request.bucket)
        if old is None or new is None or old.sse_algorithm is not new.sse_algorithm:
            return after
        return with_rule(after, request.bucket, old)
