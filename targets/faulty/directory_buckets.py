"""Faults of directory buckets: their one KMS key, their sessions, what only they can do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import ETAG
from model.bucket_kind import BucketKind
from model.directory_bucket import default_encryption, session_of
from model.operation import existing_bucket
from model.operations.create_session import CreateSession
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.rename_object import RenameObject
from model.request import BUCKET_KEY, ObjectRead
from model.sse import SseAlgorithm, SseKms, md5_hex
from model.stored import ObjectVersion
from targets.faulty.common import current, read_version, showing, with_data
from targets.faulty.fault import NOTHING, Fault
from targets.faulty.upload_facts import with_facts

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


def in_directory(request: Operation) -> bool:
    """Tell whether a request is one to a directory bucket."""
    return request.bucket_kind is BucketKind.DIRECTORY


class SessionOfTheFirstDefault(Fault):
    """Sessions go on with the default that their bucket had when the first one was created."""

    name = "session-of-the-first-default"
    category = "directory buckets"
    deep = True

    def __init__(self) -> None:
        self._first: dict[str, SseAlgorithm] = {}

    def understand(self, world: World, request: Operation) -> Operation:
        """Look the default up once."""
        if not isinstance(request, CreateSession) or request.sse is not None:
            return request
        bucket = existing_bucket(world, request.bucket)
        if bucket is None or bucket.rule is None:
            return request
        first = self._first.setdefault(request.bucket, bucket.rule.sse_algorithm)
        return request if first is bucket.rule.sse_algorithm else replace(request, sse=first.value)


class WriteTakesTheDefault(Fault):
    """A PutObject is encrypted by the bucket's default, though its session is for another."""

    name = "write-takes-the-default"
    category = "directory buckets"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Ask the bucket, not the session."""
        del before
        if not isinstance(request, PutObject) or not in_directory(request) or not answer.succeeded:
            return after
        default = default_encryption(after.existing(request.bucket))
        return after if default is None else with_facts(after, request, encryption=default)


class Aes256FreesTheKey(Fault):
    """A bucket whose default went back to AES256 takes another KMS key than its first."""

    name = "aes256-frees-the-key"
    category = "directory buckets"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It compares with the present default alone."""
        bucket = existing_bucket(world, getattr(request, "bucket", ""))
        if not isinstance(request, PutBucketEncryption) or bucket is None or bucket.rule is None:
            return NOTHING
        free = bucket.rule.sse_algorithm is SseAlgorithm.AES256
        return frozenset({"directory-configuration/one-key-for-life"}) if free else NOTHING


class KeyOutlivesTheBucket(Fault):
    """A directory bucket that is made again is held to the KMS key that its name had before."""

    name = "key-outlives-the-bucket"
    category = "directory buckets"
    deep = True

    def __init__(self) -> None:
        self._pinned: dict[str, str] = {}

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It takes no key but the one that it has noted."""
        del world
        noted = self._pinned.get(getattr(request, "bucket", ""))
        if not isinstance(request, PutBucketEncryption) or request.rule is None or noted is None:
            return NOTHING
        named = (request.rule.kms_key_id or noted).rpartition("/")[2]
        taken = frozenset({"directory-configuration/customer-managed-key-is-accepted"})
        return NOTHING if named == noted else taken

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note the key by the bucket's name."""
        bucket = existing_bucket(before, getattr(request, "bucket", ""))
        deleted = isinstance(request, DeleteBucket) and answer.succeeded
        if deleted and bucket is not None and isinstance(bucket.pinned_key, str):
            self._pinned[getattr(request, "bucket", "")] = bucket.pinned_key
        return after


class RenamingCopies(Fault):
    """An object is still there under its old name after it was renamed over another one."""

    name = "renaming-copies"
    category = "directory buckets"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Leave the old name where the new one was taken."""
        if not isinstance(request, RenameObject) or not answer.succeeded:
            return after
        source = before.object(request.bucket, request.source_key)
        if current(before, request) is None or not isinstance(source, ObjectVersion):
            return after
        return after.with_object(request.bucket, request.source_key, source)


class RenamingKeepsWhatWasThere(Fault):
    """An object that is renamed over another one is read with that one's data."""

    name = "renaming-keeps-what-was-there"
    category = "directory buckets"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Drop the old name and leave the new one's entry as it is."""
        there = current(before, request) if isinstance(request, RenameObject) else None
        if not isinstance(request, RenameObject) or not answer.succeeded or there is None:
            return after
        return with_data(after, request, there.body or b"")


class AppendsAcrossKinds(Fault):
    """Data is appended to an object of one encryption within a session of another."""

    name = "appends-across-kinds"
    category = "directory buckets"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It does not look at what is there."""
        del world
        appends = isinstance(request, PutObject) and request.write_offset is not None
        return frozenset({"directory-writes/append-keeps-the-kind"}) if appends else NOTHING


class SecondAppendReplacesTheFirst(Fault):
    """What is appended a second time stands in the place of what was appended first."""

    name = "second-append-replaces-the-first"
    category = "directory buckets"
    deep = True

    def __init__(self) -> None:
        self._ends: dict[tuple[str, str], int] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Write at the end that the object had before all appending."""
        if not isinstance(request, PutObject) or not answer.succeeded or not in_directory(request):
            return after
        place = (request.bucket, request.object_key)
        there = current(before, request)
        if request.write_offset is None or there is None or there.body is None:
            self._ends.pop(place, None)
            return after
        end = self._ends.setdefault(place, len(there.body))
        return with_data(after, request, there.body[:end] + request.body)


class ReadOnlyDeletes(Fault):
    """An object is deleted within a session that is read-only."""

    name = "read-only-deletes"
    category = "directory buckets"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It looks at the mode where there is a body to write."""
        del world
        deletes = isinstance(request, DeleteObject)
        return frozenset({"directory-session/read-only-does-not-write"}) if deletes else NOTHING


class AnySessionReads(Fault):
    """GET and HEAD are answered within the session of another directory bucket."""

    name = "any-session-reads"
    category = "directory buckets"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """It checks the token, and not what it is for."""
        reads = isinstance(request, ObjectRead) and session_of(world, request) is not None
        return frozenset({"directory-session/serves-one-bucket"}) if reads else NOTHING


class EtagIsMd5(Fault):
    """The ETag of an object in a directory bucket is the MD5 of its data."""

    name = "etag-is-md5"
    category = "directory buckets"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep that."""
        del before
        if not isinstance(request, PutObject) or not in_directory(request) or not answer.succeeded:
            return after
        return with_facts(after, request, etag=md5_hex(request.body))

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show that."""
        del before, after
        if not isinstance(request, PutObject) or not in_directory(request) or not answer.succeeded:
            return answer
        return showing(answer, {ETAG: md5_hex(request.body)})


class ReadsSayNoBucketKey(Fault):
    """GET and HEAD of an SSE-KMS object in a directory bucket say that there is no Bucket Key."""

    name = "reads-say-no-bucket-key"
    category = "directory buckets"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Say false."""
        del before
        version = read_version(after, request)
        kms = version is not None and isinstance(version.encryption, SseKms)
        said = kms and in_directory(request) and answer.succeeded
        return showing(answer, {BUCKET_KEY: "false"}) if said else answer
