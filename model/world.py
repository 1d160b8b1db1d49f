"""The facts that answers depend on: buckets, objects, KMS keys. Frozen values and look-ups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from model.bucket_kind import BucketKind, bucket_kind
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


NULL_VERSION = "null"
"""The version id of what was written while a bucket had no versioning, or a suspended one."""


class Presence(Enum):
    """What is known of a bucket or an object that the world holds no facts about."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


class KeyState(StrEnum):
    """KMS key states that S3 tells apart."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"
    PENDING_DELETION = "PendingDeletion"


class Versioning(StrEnum):
    """What PutBucketVersioning made of a bucket."""

    NEVER = "never enabled"
    ENABLED = "Enabled"
    SUSPENDED = "Suspended"


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
    """A stored object. What is None is not known; ``etag`` is without its quotation marks.

    ``part_sizes`` are the bytes of each part of an object that was uploaded in parts, by part
    number; None for an object that was written at once.
    """

    encryption: ObjectEncryption | None
    body: bytes | None
    etag: str | None = None
    version_id: str | None = None
    storage_class: str = "STANDARD"
    metadata: Mapping[str, str] | None = None
    encryption_context: str | None = None
    part_sizes: Mapping[int, int] | None = None
    decided_by: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Facets of the encryption and the clauses that decided them: they share the blame when an
    answer shows another."""
    shown: Mapping[str, str | None] = field(default_factory=dict)
    """Fields of an answer that were wrong: one that repeats them later is not reported again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMarker:
    """What a deletion puts over the versions of an object; its id is None until it is known."""

    version_id: str | None = None


StoredVersion = ObjectVersion | DeleteMarker | Presence
"""One place in the row of an object's versions; ``Presence.UNKNOWN`` is one that may be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedPart:
    """One part of an upload; ``etag`` is without its quotation marks."""

    body: bytes | None
    etag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipartUpload:
    """An upload that was created and neither completed nor aborted.

    Its encryption is fixed from the start (GP-MPU-01). ``version`` is the object to be, without
    data: encryption, metadata, storage class.
    """

    object_key: str
    version: ObjectVersion
    parts: Mapping[int, UploadedPart] = field(default_factory=dict)


NEW_UPLOAD = ""
"""The id of an upload whose id no answer has shown yet."""


class SessionMode(StrEnum):
    """What a session of a directory bucket may do."""

    READ_WRITE = "ReadWrite"
    READ_ONLY = "ReadOnly"


NEW_SESSION = ""
"""The token of a session whose token no answer has shown yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session of a directory bucket. What is None is not known.

    ``encryption`` is what writes within it get, ``rule`` the bucket's default when it was created:
    whether a session follows a later change is not said (DB-029).
    """

    bucket: str
    encryption: ObjectEncryption | None
    mode: SessionMode | None
    rule: ServerSideEncryptionRule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket that exists; ``kind`` tells which of the three kinds it is.

    ``rule`` is None when the default is not known. ``explicit`` says whether PutBucketEncryption
    set it; None after DeleteBucketEncryption, where AWS is silent on what remains of that.
    ``blocked`` is the set of blocked encryption types, None when not known; ``blocked_put`` is
    whether a rule named types. ``versioning`` is None when not known. ``objects`` holds the
    current versions; objects that are missing from it are absent when the transcript created the
    bucket (``complete``), else unknown. ``versions`` holds whole rows of versions, the newest
    first, of objects that have, or may have, more than the current one. ``pinned_key`` is the id
    of the only KMS key that a directory bucket takes for all its life, once one was put (DB-013).
    """

    region: str
    kind: BucketKind = BucketKind.GENERAL_PURPOSE
    rule: ServerSideEncryptionRule | None = ServerSideEncryptionRule()
    explicit: bool | None = False
    blocked: frozenset[str] | None = frozenset()
    blocked_put: bool = False
    versioning: Versioning | None = Versioning.NEVER
    objects: Mapping[str, ObjectVersion | Presence] = field(default_factory=dict)
    versions: Mapping[str, tuple[StoredVersion, ...]] = field(default_factory=dict)
    uploads: Mapping[str, MultipartUpload | Presence] = field(default_factory=dict)
    pinned_key: str | Presence = Presence.ABSENT
    complete: bool = True
    suspects: Mapping[tuple[str, str | None], tuple[str, ...]] = field(
        default_factory=dict, compare=False
    )
    """Object key and version id (None: the current one) -> clauses that kept it as it was; they
    are blamed when a read shows a change."""

    def object(self, object_key: str) -> ObjectVersion | Presence:
        """Return the current version, or what is known of its absence."""
        absent = Presence.ABSENT if self.complete else Presence.UNKNOWN
        return self.objects.get(object_key, absent)

    def row(self, object_key: str) -> tuple[StoredVersion, ...]:
        """Return the versions of an object, the newest first."""
        found = self.versions.get(object_key)
        if found is not None:
            return found
        current = self.object(object_key)
        return () if current is Presence.ABSENT else (current,)

    def version(self, object_key: str, version_id: str) -> StoredVersion:
        """Return the version of that id, or what is known of its absence."""
        missing = Presence.ABSENT if self.complete else Presence.UNKNOWN
        for version in self.row(object_key):
            if isinstance(version, Presence) or version.version_id is None:
                missing = Presence.UNKNOWN
            elif version.version_id == version_id:
                return version
        return missing

    def with_object(self, object_key: str, version: ObjectVersion | Presence) -> Bucket:
        """Return the bucket with other facts about the current version of that object."""
        row = self.versions.get(object_key)
        versions = self.versions
        if row is not None and version is not Presence.ABSENT:
            versions = {**versions, object_key: (version, *row[1:])}
        return replace(
            self,
            objects={**self.objects, object_key: version},
            versions=versions,
            suspects=_without(self.suspects, (object_key, None)),
        )

    def with_version(self, object_key: str, version_id: str, version: ObjectVersion) -> Bucket:
        """Return the bucket with other facts about the version of that id."""
        row = self.row(object_key)
        found = [i for i, v in enumerate(row) if _id_of(v) == version_id]
        if not found:
            return self
        if found[0] == 0:
            return self.with_object(object_key, version)
        changed = (*row[: found[0]], version, *row[found[0] + 1 :])
        return replace(self, versions={**self.versions, object_key: changed})

    def with_row(self, object_key: str, row: tuple[StoredVersion, ...]) -> Bucket:
        """Return the bucket with these versions of an object, the newest first."""
        newest = row[0] if row else Presence.ABSENT
        current = Presence.ABSENT if isinstance(newest, DeleteMarker) else newest
        versions = {k: v for k, v in self.versions.items() if k != object_key}
        if row:
            versions[object_key] = row
        return replace(
            self,
            objects={**self.objects, object_key: current},
            versions=versions,
            suspects=_without(self.suspects, (object_key, None)),
        )

    def store(self, object_key: str, version: ObjectVersion) -> Bucket:
        """Return the bucket after a write of that version: what was there is kept, or replaced."""
        if self.versioning is Versioning.NEVER:
            stored = replace(version, version_id=NULL_VERSION)
            return self.with_object(object_key, stored)
        if self.versioning is None:
            return self.with_row(object_key, (version, Presence.UNKNOWN))
        row = self.row(object_key)
        if self.versioning is Versioning.SUSPENDED:
            version = replace(version, version_id=NULL_VERSION)
            row = tuple(v for v in row if _id_of(v) != NULL_VERSION)
        return self.with_row(object_key, (version, *row))

    def delete(self, object_key: str) -> Bucket:
        """Return the bucket after a deletion that names no version."""
        if self.versioning is Versioning.NEVER:
            return self.with_row(object_key, ())
        if self.versioning is None:
            unsure = self.with_row(object_key, (Presence.UNKNOWN,))
            return unsure.with_object(object_key, Presence.ABSENT)
        row = self.row(object_key)
        if self.versioning is Versioning.ENABLED:
            return self.with_row(object_key, (DeleteMarker(), *row))
        kept = (v for v in row if _id_of(v) != NULL_VERSION)
        return self.with_row(object_key, (DeleteMarker(version_id=NULL_VERSION), *kept))

    def obscure(self, object_key: str) -> Bucket:
        """Return the bucket after a write or a deletion that was done, or was not."""
        older = () if self.versioning is Versioning.NEVER else self.row(object_key)
        return self.with_row(object_key, (Presence.UNKNOWN, *older))

    def delete_version(self, object_key: str, version_id: str) -> Bucket:
        """Return the bucket after the deletion of that version for good."""
        row = self.row(object_key)
        kept = tuple(v for v in row if _id_of(v) != version_id)
        return self.with_row(object_key, kept) if len(kept) < len(row) else self

    def upload(self, upload_id: str) -> MultipartUpload | Presence:
        """Return the upload of that id, or what is known of its absence."""
        found = self.uploads.get(upload_id)
        if found is not None:
            return found
        return Presence.ABSENT if self.complete else Presence.UNKNOWN

    def with_upload(self, upload_id: str, upload: MultipartUpload | Presence) -> Bucket:
        """Return the bucket with that upload put in place."""
        return replace(self, uploads={**self.uploads, upload_id: upload})


def _id_of(version: StoredVersion) -> str | None:
    return None if isinstance(version, Presence) else version.version_id


def _without(
    suspects: Mapping[tuple[str, str | None], tuple[str, ...]], name: tuple[str, str | None]
) -> Mapping[tuple[str, str | None], tuple[str, ...]]:
    return {k: v for k, v in suspects.items() if k != name} if name in suspects else suspects


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
    sessions: Mapping[str, Session] = field(default_factory=dict)
    """The sessions of directory buckets, by their tokens."""

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

    def version(self, bucket: str, object_key: str, version_id: str | None) -> StoredVersion:
        """Return a version of an object (None: the current one), or what is known of its absence.

        ``Presence.ABSENT`` stands for a current delete marker, too: nothing is there to be read.
        """
        found = self.bucket(bucket)
        if isinstance(found, Presence):
            return found
        if version_id is None:
            return found.object(object_key)
        return found.version(object_key, version_id)

    def with_bucket(self, name: str, bucket: Bucket | Presence) -> World:
        """Return the world with that bucket put in place."""
        return replace(self, buckets={**self.buckets, name: bucket})

    def with_object(self, bucket: str, object_key: str, version: ObjectVersion | Presence) -> World:
        """Return the world with other facts about the current version of an object."""
        found = self.existing(bucket).with_object(object_key, version)
        return self.with_bucket(bucket, found)

    def existing(self, bucket: str) -> Bucket:
        """Return the bucket, one of which nothing is known where it was not known to exist."""
        found = self.bucket(bucket)
        return unknown_bucket(self, bucket) if isinstance(found, Presence) else found

    def with_key(self, key: KmsKey) -> World:
        """Return the world with that KMS key put in place."""
        account = self.account
        if account is None and key.arn and (match := KEY_ARN.fullmatch(key.arn)):
            account = match["account"]
        return replace(self, keys={**self.keys, key.key_id: key}, account=account)


def unknown_bucket(world: World, name: str) -> Bucket:
    """Return a bucket of that name that exists and of which nothing else is known."""
    kind = bucket_kind(name)
    return Bucket(
        region=world.context.region or "",
        kind=kind,
        rule=None,
        explicit=None,
        blocked=None,
        versioning=None if kind is BucketKind.GENERAL_PURPOSE else Versioning.NEVER,
        pinned_key=Presence.UNKNOWN,
        complete=False,
    )
