"""Faults of SSE-KMS writes: which KMS key they take."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from model.operations.object_write import WriteOperation
from model.operations.put_object import PutObject
from model.request import KMS_KEY_ID, BucketRequest
from model.sse import SseKms
from model.world import KEY_ARN, MANAGED_KEY
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
        named = (request.kms_key_id or "") if isinstance(request, WriteOperation) else ""
        if not isinstance(request, WriteOperation) or not KEY_ARN.fullmatch(named):
            return request
        return replace(request, kms_key_id=named.replace(":", "-"))


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
