"""What faults of default encryption have in common: writes that get another default."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from model.bucket_kind import BucketKind
from model.kms import MANAGED_ALIAS
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.object_write import WriteOperation
from model.request import names_no_encryption
from model.sse import SseAlgorithm
from model.world import KeyState, ServerSideEncryptionRule
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import Bucket, World

BASE = ServerSideEncryptionRule()
"""The default of a bucket that was never configured."""


class WrongDefault(Fault):
    """A write that names no encryption gets another default than its bucket's."""

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default that the server takes, None where it is the bucket's."""
        raise NotImplementedError

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for what the other default says, as though the client had."""
        if not takes_default(request, world):
            return request
        bucket = world.existing(request.bucket)
        rule = self.default(world, request, bucket)
        return request if rule is None or rule == bucket.rule else under(request, rule)


class MissedDefault(WrongDefault):
    """Some writes that name no encryption get SSE-S3, whatever the bucket's default is."""

    def misses(self, world: World, request: WriteOperation) -> bool:
        """Tell whether the default is not looked up for this write."""
        raise NotImplementedError

    def default(
        self,
        world: World,
        request: WriteOperation,
        bucket: Bucket,  # noqa: ARG002 - it is not looked up
    ) -> ServerSideEncryptionRule | None:
        """Return the base default for writes that miss theirs."""
        return BASE if self.misses(world, request) else None


def takes_default(request: Operation, world: World) -> TypeGuard[WriteOperation]:
    """Tell whether a write leaves its encryption to a general purpose bucket.

    Headers count in a bucket policy, and they make a copy in place legal: those are left alone.
    """
    if not isinstance(request, WriteOperation) or not names_no_encryption(request):
        return False
    if isinstance(request, CopyObject) and request.in_place:
        return False
    bucket = existing_bucket(world, request.bucket)
    return bucket is not None and bucket.kind is BucketKind.GENERAL_PURPOSE and not bucket.deny


def under(request: WriteOperation, rule: ServerSideEncryptionRule) -> WriteOperation:
    """Return the write as though it asked for what a default says."""
    algorithm = rule.sse_algorithm
    if algorithm is SseAlgorithm.AES256:
        return replace(request, sse=algorithm.value)
    flag = "true" if rule.bucket_key_enabled else "false"
    return replace(
        request,
        sse=algorithm.value,
        kms_key_id=rule.kms_key_id or MANAGED_ALIAS,
        bucket_key_enabled=flag if algorithm is SseAlgorithm.AWS_KMS else None,
    )


def with_rule(world: World, name: str, rule: ServerSideEncryptionRule | None) -> World:
    """Return the world where that bucket, if it is there, has that default."""
    bucket = existing_bucket(world, name)
    return world if bucket is None else world.with_bucket(name, replace(bucket, rule=rule))


def rule_of(world: World, name: str) -> ServerSideEncryptionRule | None:
    """Return the default of a bucket, None where there is none."""
    bucket = existing_bucket(world, name)
    return None if bucket is None else bucket.rule


def needs_disabled_key(world: World, rule: ServerSideEncryptionRule | None) -> bool:
    """Tell whether a default names a KMS key by its id or ARN that is disabled."""
    named = "" if rule is None else rule.kms_key_id or ""
    key = world.keys.get(named.rpartition("/")[2])
    return key is not None and key.state is KeyState.DISABLED


def key_named(world: World, key_id: str) -> str | None:
    """Return how a request names the KMS key of an object; None stands for the managed key."""
    key = world.keys.get(key_id)
    return None if key is None else key.arn
