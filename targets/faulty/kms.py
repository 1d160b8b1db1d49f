"""Faults of SSE-KMS writes: which KMS key they take."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from model.facts import asks_for_kms, default_of, falls_back_on_default, kms_lookup
from model.kms import MANAGED_ALIAS
from model.operation import existing_bucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.object_write import WriteOperation
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.request import KMS_KEY_ID, BucketRequest
from model.sse import SseAlgorithm, SseKms
from model.world import KEY_ARN, MANAGED_KEY, KeyState, KmsKey
from targets.faulty.common import current, scrambled, showing, with_data
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World

CHUNK = 64 * 1024
OTHER_ACCOUNT = "111111111111"


class _OwnManagedKey(Fault):
    """The AWS managed key is another than it should be."""

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Name the other key wherever the managed one is named."""
        del before
        managed = after.keys.get(MANAGED_KEY)
        shown = answer.text(KMS_KEY_ID)
        if managed is None or shown is None or shown != managed.arn:
            return answer
        return showing(answer, {KMS_KEY_ID: self.other(shown, request)})

    def other(self, arn: str, request: Operation) -> str:
        """Return the ARN of the other key."""
        raise NotImplementedError


class ManagedKeyInAnotherAccount(_OwnManagedKey):
    """The AWS managed key is made in the server's account, not in that of the caller."""

    name = "managed-key-in-another-account"
    category = "KMS"
    origin = "localstack/localstack#9751"

    def other(self, arn: str, request: Operation) -> str:
        """Return a key of the account that the server was set up with."""
        del request
        parts = arn.split(":")
        return ":".join((*parts[:4], OTHER_ACCOUNT, *parts[5:]))


class ManagedKeyForEachBucket(_OwnManagedKey):
    """Each bucket has an AWS managed key of its own, where an account has but one."""

    name = "managed-key-for-each-bucket"
    category = "KMS"
    deep = True

    def other(self, arn: str, request: Operation) -> str:
        """Return a key that is made of the bucket's name."""
        bucket = request.bucket if isinstance(request, BucketRequest) else ""
        return f"{arn.rpartition('/')[0]}/{uuid.uuid5(uuid.NAMESPACE_DNS, bucket)}"


class ShownKeyIsRefused(Fault):
    """A write that names its KMS key by the ARN, as answers show it, finds no such key."""

    name = "shown-key-is-refused"
    category = "KMS"
    origin = "minio/minio#15540"

    def understand(self, world: World, request: Operation) -> Operation:
        """Take the whole ARN for the name of a key."""
        del world
        if not isinstance(request, WriteOperation) or not KEY_ARN.fullmatch(
            request.kms_key_id or ""
        ):
            return request
        return replace(request, kms_key_id=(request.kms_key_id or "").replace(":", "-"))


class UnknownKeyIsTaken(Fault):
    """A write that names a KMS key that does not exist succeeds."""

    name = "unknown-key-is-taken"
    category = "KMS"
    origin = "localstack/localstack#7177"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Ask KMS for no key."""
        del world, request
        forms = ("name", "id", "arn", "alias")
        return frozenset(f"kms-keys/unknown-{form}-is-refused" for form in forms)


class GoneDefaultKeyFallsBack(Fault):
    """Where the key of the bucket's default cannot be used, writes get the AWS managed key."""

    name = "gone-default-key-falls-back"
    category = "KMS"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for the managed key, so that the write succeeds."""
        if not isinstance(request, WriteOperation) or not falls_back_on_default(request):
            return request
        rule = default_of(world, request)
        if rule is None or rule.sse_algorithm is SseAlgorithm.AES256 or not rule.kms_key_id:
            return request
        key = kms_lookup(world, request, rule.kms_key_id)
        if isinstance(key, KmsKey) and key.state is KeyState.ENABLED:
            return request
        return replace(request, sse=rule.sse_algorithm.value, kms_key_id=MANAGED_ALIAS)


def names_no_key(world: World, request: Operation) -> TypeGuard[WriteOperation]:
    """Tell whether a write asks for KMS and neither it nor its bucket's default names a key."""
    if not isinstance(request, WriteOperation) or not asks_for_kms(request):
        return False
    rule = default_of(world, request)
    return request.kms_key_id is None and rule is not None and not rule.kms_key_id


class RemovedDefaultKeyIsUsed(Fault):
    """After the bucket's default was deleted, writes that name no key still use its KMS key."""

    name = "removed-default-key-is-used"
    category = "KMS"
    origin = "scality/cloudserver#5700"
    deep = True

    def __init__(self) -> None:
        self._left: dict[str, str] = {}

    def understand(self, world: World, request: Operation) -> Operation:
        """Name the key that was left behind."""
        if not names_no_key(world, request) or request.bucket not in self._left:
            return request
        return replace(request, kms_key_id=self._left[request.bucket])

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Leave the key behind when the default goes."""
        if not answer.succeeded:
            return after
        if isinstance(request, PutBucketEncryption):
            self._left.pop(request.bucket, None)
        elif isinstance(request, DeleteBucketEncryption):
            bucket = existing_bucket(before, request.bucket)
            if bucket is not None and bucket.rule is not None and bucket.rule.kms_key_id:
                self._left[request.bucket] = bucket.rule.kms_key_id
        return after


class KeyOfTheWriteBefore(Fault):
    """A write that asks for aws:kms and names no key gets the key that the write before named."""

    name = "key-of-the-write-before"
    category = "KMS"
    deep = True

    def __init__(self) -> None:
        self._named: str | None = None

    def understand(self, world: World, request: Operation) -> Operation:
        """Name the key that was named last."""
        if self._named is None or not names_no_key(world, request):
            return request
        return replace(request, kms_key_id=self._named)

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remember the key, and nothing else."""
        del before
        if isinstance(request, WriteOperation) and request.kms_key_id and answer.succeeded:
            self._named = request.kms_key_id
        return after


class LaterChunksAreGarbled(Fault):
    """An SSE-KMS object of more than one chunk is garbled behind the first: each had its own key.

    The server cut at about 5 MB; what is smaller here is only the chunk.
    """

    name = "later-chunks-are-garbled"
    category = "KMS"
    origin = "seaweedfs/seaweedfs#7499"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Lose the keys of all chunks but the first."""
        del before
        if not isinstance(request, PutObject) or not answer.succeeded:
            return after
        found = current(after, request)
        if found is None or not isinstance(found.encryption, SseKms):
            return after
        body = found.body or b""
        return with_data(after, request, body[:CHUNK] + scrambled(body[CHUNK:]))
