"""The facts that answers depend on: buckets, objects, KMS keys. Frozen values and look-ups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from model.sse import SseAlgorithm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.sse import ObjectEncryption

MANAGED_KEY = "aws/s3"
"""The handle of the AWS managed key: its ARN is not known until an answer shows it."""

SSE_C_BLOCKED_SINCE = date(2026, 4, 6)
"""From this day new general purpose buckets refuse SSE-C until told otherwise (GP-BLK-02)."""

KEY_ARN = re.compile(
    r"arn:aws[a-z0-9-]*:kms:(?P<region>[a-z0-9-]+):(?P<account>\d+):key/(?P<id>.+)"
)
ALIAS_ARN = re.compile(
    r"arn:aws[a-z0-9-]*:kms:(?P<region>[a-z0-9-]+):(?P<account>\d+):(?P<alias>alias/.+)"
)


class Presence(Enum):
    """What is known of a bucket or an object that the world holds no facts about."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


class KeyState(StrEnum):
    """KMS key states that S3 tells apart."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"
    PENDING_DELETION = "PendingDeletion"


@dataclass(frozen=True, slots=True, kw_only=True)
class KmsKey:
    """A KMS key; ``arn`` is None until it is known. ``region`` is empty where it is not known.

    ``only_seen`` is a key of which nothing is known but that an answer named it: it may as well be
    the AWS managed key.
    """

    key_id: str
    arn: str | None = None
    region: str = ""
    state: KeyState = KeyState.ENABLED
    symmetric: bool = True
    only_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSideEncryptionRule:
    """A bucket's default encryption as stored; ``kms_key_id`` is the text that was put."""

    sse_algorithm: SseAlgorithm = SseAlgorithm.AES256
    kms_key_id: str | None = None
    bucket_key_enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectVersion:
    """A stored object. What is None is not known; ``etag`` is without its quotation marks."""

    encryption: ObjectEncryption | None
    body: bytes | None
    etag: str | None = None
    storage_class: str = "STANDARD"
    metadata: Mapping[str, str] | None = None
    encryption_context: str | None = None
    decided_by: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Facets of the encryption and the clauses that decided them: they share the blame when an
    answer shows another."""
    shown: Mapping[str, str | None] = field(default_factory=dict)
    """Fields of an answer that were wrong: one that repeats them later is not reported again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A general purpose bucket that exists.

    ``rule`` is None when the default is not known. ``explicit`` says whether PutBucketEncryption
    set it; None after DeleteBucketEncryption, where AWS is silent on what remains of that.
    ``blocked`` is the set of blocked encryption types, None when not known; ``blocked_shown`` is
    whether GetBucketEncryption must show it. Objects that are missing from ``objects`` are
    absent when the transcript created the bucket, else unknown.
    """

    region: str
    rule: ServerSideEncryptionRule | None = ServerSideEncryptionRule()
    explicit: bool | None = False
    blocked: frozenset[str] | None = frozenset()
    blocked_put: bool = False
    objects: Mapping[str, ObjectVersion | Presence] = field(default_factory=dict)
    complete: bool = True
    suspects: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """Object key -> clauses that kept the object as it was; blamed when a read shows a change."""

    def object(self, object_key: str) -> ObjectVersion | Presence:
        """Return the current version, or what is known of its absence."""
        absent = Presence.ABSENT if self.complete else Presence.UNKNOWN
        return self.objects.get(object_key, absent)

    def with_object(self, object_key: str, version: ObjectVersion | Presence) -> Bucket:
        """Return the bucket with that object put in place."""
        suspects = self.suspects
        if object_key in suspects:
            suspects = {k: v for k, v in suspects.items() if k != object_key}
        objects = {**self.objects, object_key: version}
        return replace(self, objects=objects, suspects=suspects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Facts that no request changes.

    ``new_buckets_block_sse_c`` is None when not known: the model then keeps both possibilities.
    ``bucket_prefix``: a bucket whose name starts so exists only if the transcript created it
    (None: nothing is known of other buckets; the empty text: no other bucket exists).
    ``keys_complete``: no KMS key exists in the region beyond those of the world.
    """

    region: str | None = None
    as_of: date = date(2026, 11, 23)
    new_buckets_block_sse_c: bool | None = None
    sse_c_over_http: bool = False
    bucket_prefix: str | None = None
    keys_complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All facts at one moment."""

    context: Context = Context()
    account: str | None = None
    buckets: Mapping[str, Bucket | Presence] = field(default_factory=dict)
    keys: Mapping[str, KmsKey] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    def bucket(self, name: str) -> Bucket | Presence:
        """Return the bucket, or what is known of its absence."""
        found = self.buckets.get(name)
        if found is not None:
            return found
        prefix = self.context.bucket_prefix
        if prefix is not None and name.startswith(prefix):
            return Presence.ABSENT
        return Presence.UNKNOWN

    def object(self, bucket: str, object_key: str) -> ObjectVersion | Presence:
        """Return the current version of an object, or what is known of its absence."""
        found = self.bucket(bucket)
        return found if isinstance(found, Presence) else found.object(object_key)

    def with_bucket(self, name: str, bucket: Bucket | Presence) -> World:
        """Return the world with that bucket put in place."""
        return replace(self, buckets={**self.buckets, name: bucket})

    def with_object(self, bucket: str, object_key: str, version: ObjectVersion | Presence) -> World:
        """Return the world with that object put in place; its bucket may have been unknown."""
        found = self.bucket(bucket)
        if isinstance(found, Presence):
            found = unknown_bucket(self)
        return self.with_bucket(bucket, found.with_object(object_key, version))

    def with_key(self, key: KmsKey) -> World:
        """Return the world with that KMS key put in place."""
        account = self.account
        if account is None and key.arn and (match := KEY_ARN.fullmatch(key.arn)):
            account = match["account"]
        return replace(self, keys={**self.keys, key.key_id: key}, account=account)


def unknown_bucket(world: World) -> Bucket:
    """Return a bucket that exists and of which nothing else is known."""
    return Bucket(
        region=world.context.region or "",
        rule=None,
        explicit=None,
        blocked=None,
        complete=False,
    )
