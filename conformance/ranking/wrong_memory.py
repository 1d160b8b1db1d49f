"""What a server may keep that is no more, or that it refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.ranking.wrong_keeping import taking
from conformance.session import READS
from model.facts import keeps_versions
from model.operation import existing_bucket
from model.operations.delete_bucket import DeleteBucket
from model.replacing import replace
from model.request import BucketRequest, ObjectRequest
from model.sse import SseS3, md5_hex
from model.stored import ObjectVersion
from targets.faulty.wrong_default import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.operation import Operation
    from model.world import Bucket, World

_OF_BUCKET = ("rule", "blocked", "versioning", "deny", "uploads", "objects", "pinned_key")
_OF_OBJECT = ("encryption", "metadata", "encryption_context", "body", "etag", "part_sizes")
_BUCKET, _OBJECT = "bucket's ", "object's "
_LOST, _WRITTEN, _PLAIN = "object lost", "object written", "object is SSE-S3"
_DEFAULT, _OLDER = "default reset", "older versions lost"


@dataclass(slots=True)
class Remembered:
    """The buckets and objects that were there once."""

    buckets: dict[str, Bucket] = field(default_factory=dict)
    objects: dict[tuple[str, str], ObjectVersion] = field(default_factory=dict)

    def note(self, before: World, after: World, request: Operation) -> None:
        """Note what a request removed."""
        if not isinstance(request, BucketRequest):
            return
        old = existing_bucket(before, request.bucket)
        if old is None:
            return
        if isinstance(request, DeleteBucket) and existing_bucket(after, request.bucket) is None:
            self.buckets[request.bucket] = old
        if isinstance(request, ObjectRequest):
            name = (request.bucket, request.object_key)
            was, now = before.object(*name), after.object(*name)
            if isinstance(was, ObjectVersion) and not isinstance(now, ObjectVersion):
                self.objects[name] = was

    def kinds(self, before: World, after: World, request: Operation) -> Iterator[str]:
        """Yield the names of what may come back with what this request made."""
        if not isinstance(request, BucketRequest):
            return
        made = existing_bucket(after, request.bucket)
        if made is None:
            return
        was = self.buckets.get(request.bucket)
        if was is not None and existing_bucket(before, request.bucket) is None:
            for name in _OF_BUCKET:
                if getattr(was, name) != getattr(made, name):
                    yield f"{_BUCKET}{name}"
        former, new = self._object(before, after, request)
        if former is not None and new is not None:
            for name in _OF_OBJECT:
                if getattr(former, name) != getattr(new, name):
                    yield f"{_OBJECT}{name}"

    def revived(self, name: str, before: World, after: World, request: Operation) -> World:
        """Return what a server keeps where that comes back."""
        if not isinstance(request, BucketRequest):
            return after
        made, was = existing_bucket(after, request.bucket), self.buckets.get(request.bucket)
        if name.startswith(_BUCKET):
            if was is None or made is None or existing_bucket(before, request.bucket) is not None:
                return after
            return after.with_bucket(request.bucket, taking(made, was, name.removeprefix(_BUCKET)))
        former, new = self._object(before, after, request)
        if former is None or new is None or not isinstance(request, ObjectRequest):
            return after
        wrong = taking(new, former, name.removeprefix(_OBJECT))
        return after.with_object(request.bucket, request.object_key, wrong)

    def _object(
        self, before: World, after: World, request: Operation
    ) -> tuple[ObjectVersion | None, ObjectVersion | None]:
        """Return an object that was deleted, and the one that was written in its place."""
        if not isinstance(request, ObjectRequest):
            return None, None
        name = (request.bucket, request.object_key)
        new = after.object(*name)
        if isinstance(before.object(*name), ObjectVersion) or not isinstance(new, ObjectVersion):
            return None, None
        return self.objects.get(name), new


def kinds_of_refusal(before: World, request: Operation) -> Iterator[str]:
    """Yield the names of what a refused request may do all the same."""
    if not isinstance(request, BucketRequest) or request.method in READS:
        return
    bucket = existing_bucket(before, request.bucket)
    if bucket is None:
        return
    if bucket.rule not in {None, BASE}:
        yield _DEFAULT
    if not isinstance(request, ObjectRequest):
        return
    found = bucket.object(request.object_key)
    if isinstance(found, ObjectVersion):
        yield _LOST
        if found.encryption != SseS3():
            yield _PLAIN
    if isinstance(getattr(request, "body", None), bytes):
        yield _WRITTEN
    if len(bucket.row(request.object_key)) > 1:
        yield _OLDER


def done_all_the_same(name: str, before: World, request: Operation) -> World:
    """Return what a server keeps that refused a request, and did this all the same."""
    if not isinstance(request, BucketRequest):
        return before
    bucket = existing_bucket(before, request.bucket)
    wrong = None if bucket is None else _done(name, bucket, request)
    return before if wrong is None else before.with_bucket(request.bucket, wrong)


def _done(name: str, bucket: Bucket, request: Operation) -> Bucket | None:
    if name == _DEFAULT:
        return replace(bucket, rule=BASE)
    if not isinstance(request, ObjectRequest):
        return None
    key, row = request.object_key, bucket.row(request.object_key)
    if name == _WRITTEN:
        body = getattr(request, "body", b"")
        version_id = md5_hex(repr(row).encode()) if keeps_versions(bucket) else None
        made = ObjectVersion(
            encryption=SseS3(), body=body, etag=md5_hex(body), version_id=version_id, metadata={}
        )
        return bucket.store(key, made)
    if not row:
        return None
    if name == _LOST:
        return bucket.with_row(key, row[1:])
    if name == _OLDER:
        return bucket.with_row(key, row[:1])
    plain = replace(row[0], encryption=SseS3()) if isinstance(row[0], ObjectVersion) else row[0]
    return bucket.with_row(key, (plain, *row[1:]))
