"""What S3 keeps and the model does not speak of: dates, content headers, checksums.

The reference notes it beside its world, so that SDKs get back what they sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from model.replacing import replace
from model.request import (
    BucketRequest,
    ObjectCreation,
    ObjectRequest,
    UploadRequest,
    WithCopySource,
)
from model.stored import ObjectVersion, Presence
from model.world import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.messages import HttpRequest, Pairs
    from model.operation import Operation
    from model.stored import StoredVersion
    from model.world import World

    Clock = Callable[[], datetime]

START = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULT_TYPE = "binary/octet-stream"
_CONTENT = frozenset(
    {
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-type",
        "expires",
        "x-amz-website-redirect-location",
    }
)
_CHECKSUM = "x-amz-checksum-"
_NO_CHECKSUM = frozenset({f"{_CHECKSUM}{word}" for word in ("algorithm", "mode", "type")})


class Ticks:
    """A clock that goes on by a second with each look, so that the same requests see the same."""

    def __init__(self) -> None:
        self._now = START

    def __call__(self) -> datetime:
        """Return the time, a second later than the last."""
        self._now += timedelta(seconds=1)
        return self._now


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of one object version."""

    modified: datetime
    content: Pairs = ()
    checksums: Pairs = ()


@dataclass(slots=True)
class _Notes:
    """What is noted of one bucket: versions by object key and version id, uploads by their id."""

    created: datetime
    versions: dict[tuple[str, str | None], Note] = field(default_factory=dict)
    uploads: dict[str, Note] = field(default_factory=dict)


class Shelf:
    """The notes on all buckets and KMS keys."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Ticks()
        self._buckets: dict[str, _Notes] = {}
        self._keys: dict[str, datetime] = {}

    def now(self) -> datetime:
        """Return the time."""
        return self._clock()

    def created(self, bucket: str) -> datetime:
        """Return when the bucket was made."""
        notes = self._buckets.get(bucket)
        return START if notes is None else notes.created

    def key_created(self, key_id: str) -> datetime:
        """Return when the KMS key was made."""
        return self._keys.get(key_id, START)

    def of(self, bucket: str, object_key: str, version: StoredVersion) -> Note:
        """Return what is noted of a version."""
        version_id = None if isinstance(version, Presence) else version.version_id
        notes = self._buckets.get(bucket)
        if notes is None:
            return Note(START)
        return notes.versions.get((object_key, version_id), Note(notes.created))

    def note(self, before: World, after: World, request: Operation, http: HttpRequest) -> None:
        """Write down what a success of that request left behind."""
        if before is after:
            return
        now = self.now()
        for key_id in after.keys.keys() - before.keys.keys():
            self._keys[key_id] = now
        if not isinstance(request, BucketRequest):
            return
        bucket = after.bucket(request.bucket)
        if not isinstance(bucket, Bucket):
            self._buckets.pop(request.bucket, None)
            return
        if not isinstance(before.bucket(request.bucket), Bucket):
            self._buckets[request.bucket] = _Notes(now)
        notes = self._buckets.setdefault(request.bucket, _Notes(START))
        if isinstance(request, ObjectRequest):
            earlier = before.existing(request.bucket)
            for upload_id in bucket.uploads.keys() - earlier.uploads.keys():
                notes.uploads[upload_id] = Note(now, _among(http.headers, _CONTENT))
            version = bucket.object(request.object_key)
            changed = version is not earlier.object(request.object_key)
            if changed and isinstance(version, ObjectVersion):
                place = (request.object_key, version.version_id)
                kept = self._kept(before, bucket, request)
                notes.versions[place] = kept or self._new(before, request, http, now)

    def _new(self, before: World, request: ObjectRequest, http: HttpRequest, now: datetime) -> Note:
        """Return what goes with a version that was written: its own, its source's, its upload's."""
        if isinstance(request, WithCopySource) and request.source is not None:
            source = request.source
            copied = self.of(source.bucket, source.object_key, before.version(*source))
            if dict(http.headers).get("x-amz-metadata-directive") != "REPLACE":
                return replace(copied, modified=now)
            return Note(now, _among(http.headers, _CONTENT), copied.checksums)
        if isinstance(request, UploadRequest):
            begun = self._buckets[request.bucket].uploads.pop(request.upload_id or "", Note(now))
            return replace(begun, modified=now)
        sent = _among(http.headers, _CONTENT) if http.method == "PUT" else ()
        return Note(now, sent, checksums(http.headers))

    def _kept(self, before: World, after: Bucket, request: ObjectRequest) -> Note | None:
        """Return what goes on with a version that was moved or changed, not written."""
        if isinstance(request, ObjectCreation | UploadRequest):
            return None
        earlier = before.existing(request.bucket)
        moved = [k for k in earlier.objects if _is_gone(k, earlier, after)]
        object_key = moved[0] if moved else request.object_key
        return self.of(request.bucket, object_key, earlier.object(object_key))


def _is_gone(object_key: str, earlier: Bucket, later: Bucket) -> bool:
    held = isinstance(earlier.object(object_key), ObjectVersion)
    return held and later.object(object_key) is Presence.ABSENT


def _among(headers: Pairs, names: frozenset[str]) -> Pairs:
    return tuple(pair for pair in headers if pair[0] in names)


def checksums(headers: Pairs) -> Pairs:
    """Return the checksums of data among the headers of a request."""
    return tuple(p for p in headers if p[0].startswith(_CHECKSUM) and p[0] not in _NO_CHECKSUM)
