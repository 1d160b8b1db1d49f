"""What a server may keep wrongly once it did what was asked: everything that a success changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from model.operation import existing_bucket
from model.replacing import replace
from model.request import BucketRequest, ObjectRequest, WithCopySource
from model.sse import DsseKms, SseKms, SseS3
from model.stored import MultipartUpload, ObjectVersion, Presence, UploadedPart
from model.world import Bucket
from targets.faulty.common import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from model.operation import Operation
    from model.world import World

Kept = TypeVar("Kept", Bucket, ObjectVersion)
NOTHING = "nothing"
_OF_BUCKET = ("rule", "blocked", "versioning", "deny", "objects", "versions", "uploads", "explicit")
_BUCKET = "bucket's "
_RESET, _AS_IT_WAS = "reset", "as it was"
_PLAIN_VALUES: dict[str, Any] = {
    "encryption": SseS3(),
    "body": b"",
    "etag": "0" * 32,
    "storage_class": "STANDARD",
    "metadata": {},
    "encryption_context": None,
    "part_sizes": None,
    "checksums": None,
}
"""What is kept of an object, and what a server may keep in its place."""
_PLAIN, _OF = "plain", "of "
_REPLACED, _SOURCE = "what it replaced", "its source"
_PART, _OTHERS_LOST = "part's ", "others lost"
_CUT = "body cut"
_OF_PART = ("body", "etag", "checksums")


class Part(NamedTuple):
    """A part of an upload, and the one that it replaced."""

    upload_id: str
    number: int
    part: UploadedPart
    replaced: UploadedPart | None


@dataclass(frozen=True, slots=True)
class Success:
    """A request that was done, and what it changed."""

    before: World
    after: World
    request: Operation

    @property
    def old(self) -> Bucket | None:
        """The request's bucket before, if it was there."""
        return self._bucket_in(self.before)

    @property
    def new(self) -> Bucket | None:
        """The request's bucket after, if it is there."""
        return self._bucket_in(self.after)

    def _bucket_in(self, world: World) -> Bucket | None:
        if not isinstance(self.request, BucketRequest):
            return None
        return existing_bucket(world, self.request.bucket)

    @property
    def key(self) -> str | None:
        """The key of the object that the request names."""
        return self.request.object_key if isinstance(self.request, ObjectRequest) else None

    @property
    def written(self) -> ObjectVersion | None:
        """The version that the request wrote, or is to make of an upload."""
        if self.new is None or self.key is None:
            return None
        row = self.new.row(self.key)
        before = () if self.old is None else self.old.row(self.key)
        if row and row[:1] != before[:1] and isinstance(row[0], ObjectVersion):
            return row[0]
        uploads = {} if self.old is None else self.old.uploads
        for name, upload in self.new.uploads.items():
            if isinstance(upload, MultipartUpload) and upload != uploads.get(name):
                return upload.version
        return None

    @property
    def part(self) -> Part | None:
        """The part that the request added to an upload, or put in the place of another."""
        uploads = {} if self.new is None else self.new.uploads
        before = {} if self.old is None else self.old.uploads
        for upload_id, upload in uploads.items():
            old = before.get(upload_id)
            if not isinstance(upload, MultipartUpload) or not isinstance(old, MultipartUpload):
                continue
            for number, part in upload.parts.items():
                if old.parts.get(number) != part:
                    return Part(upload_id, number, part, old.parts.get(number))
        return None

    @property
    def neighbours(self) -> dict[str, Bucket]:
        """The other buckets that are there."""
        own = self.request.bucket if isinstance(self.request, BucketRequest) else ""
        return {
            name: bucket
            for name, bucket in self.after.buckets.items()
            if own and name != own and isinstance(bucket, Bucket)
        }

    def others(self) -> Iterator[tuple[str, ObjectVersion]]:
        """Yield the versions whose facts may be taken for those of what was written."""
        row = () if self.old is None or self.key is None else self.old.row(self.key)
        if row and isinstance(row[0], ObjectVersion):
            yield _REPLACED, row[0]
        if isinstance(self.request, WithCopySource):
            source = copied(self.before, self.request)
            if source is not None:
                yield _SOURCE, source


def kinds_of_keeping(before: World, after: World, request: Operation) -> Iterator[str]:
    """Yield the names of what may be kept wrongly of this success."""
    if after == before:
        return
    yield NOTHING
    done = Success(before, after, request)
    if done.neighbours:
        yield from _TO_NEIGHBOURS
    if done.new is None:
        return
    yield from _of_bucket(done, done.new)
    if (part := done.part) is not None:
        yield from _of_part(part, done)
    if done.key is not None and (written := done.written) is not None:
        yield from _of_version(written, done)
        if len(done.new.row(done.key)) > 1:
            yield from ("older versions lost", "older versions alike")
        if len(done.new.objects) > 1:
            yield "other objects alike"


def _of_bucket(done: Success, new: Bucket) -> Iterator[str]:
    fresh = Bucket(region=new.region, kind=new.kind)
    for name in _OF_BUCKET:
        value = getattr(new, name)
        if done.old is not None and value != getattr(done.old, name):
            yield f"{_BUCKET}{name} {_AS_IT_WAS}"
        if value != getattr(fresh, name):
            yield f"{_BUCKET}{name} {_RESET}"


def _of_part(part: Part, done: Success) -> Iterator[str]:
    for name in _OF_PART:
        if getattr(part.part, name) != _PLAIN_VALUES[name]:
            yield f"{_PART}{name} {_PLAIN}"
        if part.replaced is not None and getattr(part.part, name) != getattr(part.replaced, name):
            yield f"{_PART}{name} {_OF}{_REPLACED}"
    for what, source in done.others():
        if what == _SOURCE and source.body != part.part.body:
            yield f"{_PART}body {_OF}{_SOURCE}"
    upload = {} if done.new is None else done.new.uploads
    if len(getattr(upload[part.upload_id], "parts", ())) > 1:
        yield f"{_PART}{_OTHERS_LOST}"


def _of_version(written: ObjectVersion, done: Success) -> Iterator[str]:
    for name, plain in _PLAIN_VALUES.items():
        value = getattr(written, name)
        if value != plain:
            yield f"{name} {_PLAIN}"
        for whose, other in done.others():
            if getattr(other, name) != value:
                yield f"{name} {_OF}{whose}"
    if written.body is not None and len(written.body) > 1:
        yield _CUT
    if isinstance(written.encryption, SseKms):
        yield "bucket key flipped"
    if isinstance(written.encryption, SseKms | DsseKms):
        yield "other KMS key"


def kept_wrongly(name: str, before: World, after: World, request: Operation) -> World:
    """Return what a server keeps that keeps this wrongly; ``after`` if there is nothing of it."""
    if name == NOTHING:
        return before
    done = Success(before, after, request)
    if name in _TO_NEIGHBOURS:
        return _with_neighbours(_TO_NEIGHBOURS[name], done)
    if done.new is None or not isinstance(request, BucketRequest):
        return after
    wrong = _wrong(name, done, done.new)
    return after if wrong is None else after.with_bucket(request.bucket, wrong)


def _wrong(name: str, done: Success, new: Bucket) -> Bucket | None:
    if name.startswith(_BUCKET):
        attribute, _, how = name.removeprefix(_BUCKET).partition(" ")
        given = Bucket(region=new.region, kind=new.kind) if how == _RESET else done.old
        return None if given is None else taking(new, given, attribute)
    if name.startswith(_PART):
        return _wrong_part(name.removeprefix(_PART), done, new)
    written = done.written
    if written is None or done.key is None:
        return None
    if name in _TO_OTHERS:
        return _TO_OTHERS[name](new, done.key, written)
    wrong = _wrong_version(name, done, written)
    return None if wrong is None else with_version(new, done.key, written, wrong)


def _wrong_part(name: str, done: Success, new: Bucket) -> Bucket | None:
    told = done.part
    upload = None if told is None else new.uploads[told.upload_id]
    if told is None or not isinstance(upload, MultipartUpload):
        return None
    if name == _OTHERS_LOST:
        parts = {told.number: told.part}
    else:
        attribute, _, whose = name.partition(" ")
        sources = (one for what, one in done.others() if what == _SOURCE)
        given: UploadedPart | ObjectVersion | None = {
            f"{_OF}{_REPLACED}": told.replaced,
            f"{_OF}{_SOURCE}": next(sources, None),
        }.get(whose)
        if given is None and whose != _PLAIN:
            return None
        value = _PLAIN_VALUES[attribute] if given is None else getattr(given, attribute)
        changes: dict[str, Any] = {attribute: value}
        parts = {**upload.parts, told.number: replace(told.part, **changes)}
    return replace(new, uploads={**new.uploads, told.upload_id: replace(upload, parts=parts)})


def _wrong_version(name: str, done: Success, written: ObjectVersion) -> ObjectVersion | None:
    encryption = written.encryption
    if name == "bucket key flipped" and isinstance(encryption, SseKms):
        flipped = SseKms(encryption.kms_key_id, not encryption.bucket_key_enabled)
        return replace(written, encryption=flipped)
    if name == "other KMS key" and isinstance(encryption, SseKms | DsseKms):
        others = [one for one in done.after.keys if one != encryption.kms_key_id]
        return under_key(written, others[0]) if others else written
    if name == _CUT:
        return replace(written, body=(written.body or b"")[:-1])
    attribute, _, whose = name.partition(" ")
    if whose == _PLAIN:
        return replace(written, **{attribute: _PLAIN_VALUES[attribute]})
    for other, version in done.others():
        if whose == f"{_OF}{other}":
            return taking(written, version, attribute)
    return None


def taking(one: Kept, other: Kept, attribute: str) -> Kept:
    """Return a bucket or a version that has one attribute from another."""
    changes: dict[str, Any] = {attribute: getattr(other, attribute)}
    return replace(one, **changes)


def under_key(version: ObjectVersion, key_id: str) -> ObjectVersion:
    """Return the version under another KMS key."""
    if isinstance(version.encryption, SseKms):
        encryption = SseKms(key_id, version.encryption.bucket_key_enabled)
        return replace(version, encryption=encryption)
    return replace(version, encryption=DsseKms(key_id))


def with_version(
    new: Bucket, object_key: str, written: ObjectVersion, wrong: ObjectVersion
) -> Bucket:
    """Return the bucket with another version in the place of what was written there."""
    row = new.row(object_key)
    if row and row[0] is written:
        return new.with_row(object_key, (wrong, *row[1:]))
    uploads = {
        name: replace(one, version=wrong)
        if isinstance(one, MultipartUpload) and one.version is written
        else one
        for name, one in new.uploads.items()
    }
    return replace(new, uploads=uploads)


def _older_lost(new: Bucket, object_key: str, _: ObjectVersion) -> Bucket:
    return new.with_row(object_key, new.row(object_key)[:1])


def _older_alike(new: Bucket, object_key: str, written: ObjectVersion) -> Bucket:
    row = tuple(
        replace(one, encryption=written.encryption) if isinstance(one, ObjectVersion) else one
        for one in new.row(object_key)
    )
    return new.with_row(object_key, row)


def _others_alike(new: Bucket, object_key: str, written: ObjectVersion) -> Bucket:
    for name, one in new.objects.items():
        if name != object_key and isinstance(one, ObjectVersion):
            new = new.with_object(name, replace(one, encryption=written.encryption))
    return new


_TO_OTHERS: dict[str, Callable[[Bucket, str, ObjectVersion], Bucket]] = {
    "older versions lost": _older_lost,
    "older versions alike": _older_alike,
    "other objects alike": _others_alike,
}


def _with_neighbours(change: Callable[[Bucket, Success], Bucket], done: Success) -> World:
    """Return what is kept where a request changes the other buckets too."""
    after = done.after
    for name, bucket in done.neighbours.items():
        after = after.with_bucket(name, change(bucket, done))
    return after


def _loses_objects(neighbour: Bucket, done: Success) -> Bucket:
    """Lose the objects of that key, or all of them."""
    if done.key is None:
        return replace(neighbour, objects={}, versions={})
    return neighbour.with_row(done.key, ())


def _takes_default(neighbour: Bucket, done: Success) -> Bucket:
    """Have the default of the request's bucket, or none where that is gone."""
    given = done.new or Bucket(region=neighbour.region, kind=neighbour.kind)
    return replace(neighbour, rule=given.rule)


def _takes_policy(neighbour: Bucket, done: Success) -> Bucket:
    """Have the policy of the request's bucket, or none where that is gone."""
    return replace(neighbour, deny=() if done.new is None else done.new.deny)


def _takes_object(neighbour: Bucket, done: Success) -> Bucket:
    """Have what was written as its own."""
    if done.key is None or done.written is None or neighbour.object(done.key) is Presence.ABSENT:
        return neighbour
    return neighbour.with_row(done.key, (done.written, *neighbour.row(done.key)[1:]))


_TO_NEIGHBOURS: dict[str, Callable[[Bucket, Success], Bucket]] = {
    "other buckets' objects lost": _loses_objects,
    "other buckets' default alike": _takes_default,
    "other buckets' policy alike": _takes_policy,
    "other buckets' object alike": _takes_object,
}
