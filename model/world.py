"""The facts that answers depend on: buckets, objects, KMS keys. Frozen values and look-ups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from model.bucket_kind import BucketKind, bucket_kind
from model.replacing import replace
from model.sse import SseAlgorithm
from model.stored import (
    LOST_UPLOAD,
    NEW_UPLOAD,
    NULL_VERSION,
    DeleteMarker,
    MultipartUpload,
    ObjectVersion,
    Presence,
    StoredVersion,
    is_in_progress,
)
from model.upload_order import noted
from model.version_rows import id_of, joined, place_of, row_of, unsure_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.bucket_policy import DenyStatement
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
    set it; None after DeleteBucketEncryption, where AWS is silent on what remains of that, and
    after a rule that only names types to block.
    ``blocked`` is the set of blocked encryption types, None when not known; ``blocked_put`` is
    whether a rule named types. ``versioning`` is None when not known. ``objects`` holds the
    current versions; objects that are missing from it are absent when the transcript created the
    bucket (``complete``), else unknown. ``versions`` holds whole rows of versions, the newest
    first, of objects that have, or may have, more than the current one. ``deny`` is what the
    bucket's policy denies, None where that is not known. ``removed_ids`` are those of versions and
    delete markers that were there and were deleted for good. ``pinned_key`` is the id of the only
    KMS key that a directory bucket takes for all its life, once one was put (DB-013).
    """

    region: str
    kind: BucketKind = BucketKind.GENERAL_PURPOSE
    rule: ServerSideEncryptionRule | None = ServerSideEncryptionRule()
    explicit: bool | None = False
    blocked: frozenset[str] | None = frozenset()
    blocked_put: bool = False
    versioning: Versioning | None = Versioning.NEVER
    deny: tuple[DenyStatement, ...] | None = ()
    objects: Mapping[str, ObjectVersion | Presence] = field(default_factory=dict)
    versions: Mapping[str, tuple[StoredVersion, ...]] = field(default_factory=dict)
    uploads: Mapping[str, MultipartUpload | Presence] = field(default_factory=dict)
    since: Mapping[str, int] = field(default_factory=dict)
    """Upload id -> how many of the newest versions of its object key came since it was created;
    uploads whose object key nobody changed are missing. Of one that was just completed: how many
    stand over its version."""
    removed_ids: frozenset[str] = frozenset()
    pinned_key: str | Presence = Presence.ABSENT
    complete: bool = True
    suspects: Mapping[tuple[str, str | None], tuple[str, ...]] = field(
        default_factory=dict, compare=False
    )
    """Object key and version id (None: the current one), or upload id -> clauses that kept it as
    it was; they are blamed when an answer shows a change."""

    def object(self, object_key: str) -> ObjectVersion | Presence:
        """Return the current version, or what is known of its absence."""
        absent = Presence.ABSENT if self.complete else Presence.UNKNOWN
        return self.objects.get(object_key, absent)

    def row(self, object_key: str) -> tuple[StoredVersion, ...]:
        """Return the versions of an object, the newest first."""
        found = self.versions.get(object_key)
        return row_of(self.object(object_key)) if found is None else found

    def version(self, object_key: str, version_id: str) -> StoredVersion:
        """Return the version of that id, or what is known of its absence."""
        missing = Presence.ABSENT if self.complete else Presence.UNKNOWN
        for version in self.row(object_key):
            if isinstance(version, Presence) or version.version_id is None:
                missing = Presence.UNKNOWN
            elif version.version_id == version_id:
                return version
        return missing

    def is_current(self, object_key: str, version_id: str | None) -> bool:
        """Tell whether that version (None: whichever it is) is the current one."""
        return version_id is None or id_of(self.object(object_key)) == version_id

    def with_object(self, object_key: str, version: ObjectVersion | Presence) -> Bucket:
        """Return the bucket with other facts about the current version of that object."""
        versions = self.versions
        if version is Presence.ABSENT:
            # What is gone may lie under a delete marker.
            if self.versioning is not Versioning.NEVER and Presence.UNKNOWN in self.row(object_key):
                versions = {**versions, object_key: self.row(object_key)}
        else:
            versions = self._versions_under(object_key, version)
        return replace(
            self,
            objects={**self.objects, object_key: version},
            versions=versions,
            suspects=_without(self.suspects, (object_key, None)),
        )

    def _versions_under(
        self, object_key: str, newest: ObjectVersion | Presence
    ) -> Mapping[str, tuple[StoredVersion, ...]]:
        """Return the rows of versions where that one turned out to be an object's current one."""
        row = self.row(object_key)
        place = place_of(row, id_of(newest))
        older = row[1:] if place is None else row[place + 1 :]
        unsure = place is None and row[:1] == (Presence.UNKNOWN,)
        if unsure and self.versioning is not Versioning.NEVER:
            older = row  # what was not known of may lie below as well
        if not older and object_key not in self.versions:
            return self.versions
        return {**self.versions, object_key: joined((newest, *older))}

    def with_version(self, object_key: str, version_id: str, version: ObjectVersion) -> Bucket:
        """Return the bucket with other facts about the version of that id.

        One that was not known of lies somewhere among those that are not known.
        """
        row = self.row(object_key)
        place = place_of(row, version_id)
        if place == 0:
            return self.with_object(object_key, version)
        if place is not None:
            return self._with_versions(object_key, (*row[:place], version, *row[place + 1 :]))
        if Presence.UNKNOWN not in row:
            return self
        place = row.index(Presence.UNKNOWN) + 1
        return self._with_versions(
            object_key, (*row[:place], version, Presence.UNKNOWN, *row[place:])
        )

    def _with_versions(self, object_key: str, row: tuple[StoredVersion, ...]) -> Bucket:
        """Return the bucket with these versions of an object, whose current one is as it was."""
        return replace(self, versions={**self.versions, object_key: row})

    def with_row(
        self,
        object_key: str,
        row: tuple[StoredVersion, ...],
        since: Mapping[str, int] | None = None,
    ) -> Bucket:
        """Return the bucket with these versions of an object, the newest first.

        ``since`` are other notes on its uploads, where the row was changed.
        """
        newest = row[0] if row else Presence.ABSENT
        current = Presence.ABSENT if isinstance(newest, DeleteMarker) else newest
        versions = {k: v for k, v in self.versions.items() if k != object_key}
        if row != row_of(current):
            versions[object_key] = row
        suspects = self.suspects
        if current != self.object(object_key):
            suspects = _without(suspects, (object_key, None))
        return replace(
            self,
            objects={**self.objects, object_key: current},
            versions=versions,
            since=self.since if since is None else since,
            suspects=suspects,
        )

    def store(self, object_key: str, version: ObjectVersion) -> Bucket:
        """Return the bucket after a write of that version: what was there is kept, or replaced."""
        if self.versioning in {Versioning.NEVER, Versioning.SUSPENDED}:
            version = replace(version, version_id=NULL_VERSION)
        return self._under(object_key, version)

    def delete(self, object_key: str) -> Bucket:
        """Return the bucket after a deletion that names no version."""
        if self.versioning is Versioning.NEVER:
            return self.with_row(object_key, (), noted(self, object_key, ()))
        row = self.row(object_key)
        if self.versioning is None or all(one is Presence.UNKNOWN for one in row):
            # Whether a missing object gets a delete marker is not said.
            unsure = self._under(object_key, Presence.UNKNOWN)
            return unsure.with_object(object_key, Presence.ABSENT)
        version_id = NULL_VERSION if self.versioning is Versioning.SUSPENDED else None
        return self._under(object_key, DeleteMarker(version_id=version_id))

    def _under(self, object_key: str, newest: StoredVersion) -> Bucket:
        """Return the bucket with a new version, or what may be one, above those that it keeps."""
        kept: tuple[StoredVersion, ...] = ()
        row = self.row(object_key)
        if self.versioning is Versioning.ENABLED:
            kept = row
        elif self.versioning is Versioning.SUSPENDED and newest is not Presence.UNKNOWN:
            kept = unsure_row(tuple(v for v in row if id_of(v) != NULL_VERSION))
        elif self.versioning is not Versioning.NEVER:
            kept = unsure_row(row)
        after = joined((newest, *kept))
        bucket = self._carrying_suspects(object_key, kept)
        return bucket.with_row(object_key, after, noted(self, object_key, after, new=1))

    def _carrying_suspects(self, object_key: str, kept: tuple[StoredVersion, ...]) -> Bucket:
        """Return the bucket with what is suspected of the current version noted by its id.

        Nothing is suspected any more of a version that is not kept; uploads are no versions.
        """
        current = id_of(self.object(object_key))
        ids = {id_of(version) for version in kept} - {None}
        noted: dict[tuple[str, str | None], tuple[str, ...]] = {}
        for (name, version_id), clauses in self.suspects.items():
            if name != object_key or version_id in self.uploads:
                noted[name, version_id] = clauses
                continue
            shown = version_id or current
            if shown in ids:
                noted[name, shown] = _merged(noted.get((name, shown), ()), clauses)
        return replace(self, suspects=noted)

    def obscure(self, object_key: str) -> Bucket:
        """Return the bucket after a write or a deletion that was done, or was not."""
        return self._under(object_key, Presence.UNKNOWN)

    def delete_version(self, object_key: str, version_id: str) -> Bucket:
        """Return the bucket after the deletion of that version for good."""
        after = self._removed(object_key, version_id, ())
        if version_id == NULL_VERSION or place_of(self.row(object_key), version_id) is None:
            return after
        return replace(after, removed_ids=after.removed_ids | {version_id})

    def obscure_version(self, object_key: str, version_id: str) -> Bucket:
        """Return the bucket after a deletion of that version that was done, or was not."""
        return self._removed(object_key, version_id, (Presence.UNKNOWN,))

    def _removed(
        self, object_key: str, version_id: str, instead: tuple[StoredVersion, ...]
    ) -> Bucket:
        row = self.row(object_key)
        place = place_of(row, version_id)
        if place is not None:
            changed = (*row[:place], *instead, *row[place + 1 :])
        else:
            # It may be one of those whose id is not known.
            changed = tuple(v if id_of(v) is not None else Presence.UNKNOWN for v in row)
        if changed == row:
            return self
        after = joined(changed)
        since = noted(self, object_key, after, touched=version_id == NULL_VERSION)
        return self.unsuspected(object_key, version_id).with_row(object_key, after, since)

    def suspected(self, object_key: str, version_id: str | None) -> tuple[str, ...]:
        """Return the clauses noted as those that keep a version (None: the current one)."""
        names = self._names_of(object_key, version_id)
        return _merged(*(self.suspects.get(name, ()) for name in names))

    def unsuspected(self, object_key: str, version_id: str | None) -> Bucket:
        """Return the bucket with nothing noted any more about that version."""
        names = self._names_of(object_key, version_id)
        suspects = {name: noted for name, noted in self.suspects.items() if name not in names}
        return replace(self, suspects=suspects)

    def _names_of(
        self, object_key: str, version_id: str | None
    ) -> tuple[tuple[str, str | None], ...]:
        """Return what a version may be called: the current one has an id, too."""
        if not self.is_current(object_key, version_id):
            return ((object_key, version_id),)
        current = id_of(self.object(object_key))
        return ((object_key, None), (object_key, current))

    def upload(self, upload_id: str) -> MultipartUpload | Presence:
        """Return the upload of that id, or what is known of its absence."""
        found = self.uploads.get(upload_id)
        if found is not None:
            return found
        sure = self.complete and not {NEW_UPLOAD, LOST_UPLOAD} & self.uploads.keys()
        return Presence.ABSENT if sure else Presence.UNKNOWN

    @property
    def may_hold_uploads(self) -> bool:
        """Whether an upload is, or may be, in progress."""
        found = self.uploads.values()
        return any(upload is Presence.UNKNOWN or is_in_progress(upload) for upload in found)

    def with_upload(self, upload_id: str, upload: MultipartUpload | Presence) -> Bucket:
        """Return the bucket with that upload put in place."""
        return replace(self, uploads={**self.uploads, upload_id: upload})


def _merged(*noted: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause_id for clauses in noted for clause_id in clauses))


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
    ``kms_over_http``: the endpoint was seen to take SSE-KMS or DSSE-KMS without TLS.
    """

    region: str | None = None
    as_of: date = date(2026, 11, 23)
    new_buckets_block_sse_c: bool | None = None
    sse_c_over_http: bool = False
    kms_over_http: bool = False
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
        deny=None,
        pinned_key=Presence.UNKNOWN,
        complete=False,
    )
