"""Faults around KMS keys: their states and their aliases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.facts import asks_for_kms, kms_lookup
from model.operations.get_object import GetObject
from model.operations.kms import CancelKeyDeletion, CreateAlias, named_key
from model.operations.kms_aliases import UpdateAlias
from model.request import ObjectCreation, ObjectWrite
from model.s3_errors import INTERNAL_ERROR, KMS_DISABLED, KMS_INVALID_STATE, S3Error
from model.sse import DsseKms, SseKms
from model.stored import ObjectVersion
from model.world import KEY_ARN, KeyState, KmsKey
from targets.faulty.common import Refuses, read_version, refusal
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World

DISABLED_DOES_NOT_READ = "kms-keys/disabled-key-does-not-read"
GONE_DOES_NOT_READ = "kms-keys/key-to-be-deleted-does-not-read"


class StateIsNotLookedAt(Fault):
    """A disabled KMS key still encrypts and decrypts."""

    name = "state-is-not-looked-at"
    category = "KMS"
    origin = "localstack/localstack#7782"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Ask whether the key exists, and no more."""
        del world, request
        return frozenset({DISABLED_DOES_NOT_READ, "kms-keys/disabled-key-does-not-write"})


class DataKeyIsCached(Fault):
    """An object that was read once can be read whatever KMS says: its data key is kept."""

    name = "data-key-is-cached"
    category = "KMS"
    deep = True

    def __init__(self) -> None:
        self._kept: set[tuple[str, str, str | None]] = set()

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Decrypt with the data key that is kept."""
        found = read_version(world, request)
        if not isinstance(request, GetObject) or found is None:
            return frozenset()
        kept = (request.bucket, request.object_key, found.etag) in self._kept
        return frozenset({DISABLED_DOES_NOT_READ, GONE_DOES_NOT_READ} if kept else ())

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the data key of what was read."""
        del before
        found = read_version(after, request)
        if isinstance(request, GetObject) and found is not None and answer.succeeded:
            self._kept.add((request.bucket, request.object_key, found.etag))
        return after


class EnabledKeyStaysRefused(Refuses):
    """A KMS key that failed a write while it was disabled is refused for ever, enabled or not."""

    name = "enabled-key-stays-refused"
    category = "KMS"
    deep = True

    def __init__(self) -> None:
        self._failed: set[str] = set()

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Find the key among those that failed."""
        return KMS_DISABLED if _key_named(world, request) in self._failed else None

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Remember the key that KMS refused."""
        key_id = _key_named(before, request)
        if key_id is not None and answer.error_code == KMS_DISABLED.code:
            self._failed.add(key_id)
        return Refuses.tell(self, before, after, request, answer)


def _key_named(world: World, request: Operation) -> str | None:
    if not isinstance(request, ObjectWrite) or not asks_for_kms(request) or not request.kms_key_id:
        return None
    found = kms_lookup(world, request, request.kms_key_id)
    return found.key_id if isinstance(found, KmsKey) else None


class CancelledDeletionEnables(Fault):
    """A KMS key whose deletion was cancelled can be used at once, where it should be disabled."""

    name = "cancelled-deletion-enables"
    category = "KMS"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Take the key back to the state of a new one."""
        del before
        key = named_key(after, request.key_id) if isinstance(request, CancelKeyDeletion) else None
        if key is None or not answer.succeeded:
            return after
        return after.with_key(replace(key, state=KeyState.ENABLED))


class AliasIsResolvedOnReads(Fault):
    """Objects that were written under an alias follow it when it is given to another KMS key."""

    name = "alias-is-resolved-on-reads"
    category = "KMS"
    deep = True

    def __init__(self) -> None:
        self._aliases: dict[tuple[str, str], str | None] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the alias with the object instead of the key."""
        del before
        if not answer.succeeded:
            return after
        if isinstance(request, ObjectCreation):
            self._aliases[request.bucket, request.object_key] = request.kms_key_id
        if isinstance(request, UpdateAlias):
            for (bucket, object_key), alias in self._aliases.items():
                if alias == request.alias:
                    after = _moved(after, bucket, object_key, request.key_id)
        return after


def _moved(world: World, bucket: str, object_key: str, key: str) -> World:
    """Return the world where the object is under another key, the bucket key as it was."""
    found, now = world.object(bucket, object_key), named_key(world, key)
    if not isinstance(found, ObjectVersion) or now is None:
        return world
    if not isinstance(found.encryption, SseKms | DsseKms):
        return world
    encryption = replace(found.encryption, kms_key_id=now.key_id)
    return world.with_object(bucket, object_key, replace(found, encryption=encryption))


class AliasOfAnArnLeadsNowhere(Fault):
    """An alias that was made for the ARN of a KMS key leads nowhere: the ARN is taken for an id."""

    name = "alias-of-an-arn-leads-nowhere"
    category = "KMS"
    origin = "floci-io/floci#1647"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the text that the alias was made for."""
        del before
        if not isinstance(request, CreateAlias) or not answer.succeeded:
            return after
        if not KEY_ARN.fullmatch(request.key_id):
            return after
        return replace(after, aliases={**after.aliases, request.alias: request.key_id})


class GoneKeyIsAServerError(Fault):
    """Reading an object whose KMS key is about to be deleted is answered with 500."""

    name = "gone-key-is-a-server-error"
    category = "KMS"
    origin = "rustfs/rustfs#7697"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Let the error of KMS through as one of the server."""
        del before, after
        if not isinstance(request, GetObject) or answer.error_code != KMS_INVALID_STATE.code:
            return answer
        return refusal(INTERNAL_ERROR)
