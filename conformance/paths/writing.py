"""Scripts in which the same is written by every path, and looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.looking import every_version, look
from conformance.paths.intents import PLAIN, Default, Wish, make_alias
from conformance.paths.standing import put_versioning
from conformance.paths.ways import METADATA, Task, Way, begin, every_way, finish
from model.clause import Capability
from model.operations.create_bucket import CreateBucket
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.list_object_versions import ListObjectVersions
from model.operations.list_objects import ListObjectsV2
from model.operations.put_object import PutObject
from model.request import ObjectRead, header_places
from model.stored import ObjectVersion
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

BODY = b"the same through every path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What every path is to write: into which default, with what headers, data and object key.

    ``source`` is the encryption of what copies read, ``stem`` and ``ending`` are those of all
    object keys.
    """

    default: Default = field(default_factory=Default)
    wish: Wish = PLAIN
    source: Wish = PLAIN
    body: bytes = BODY
    stem: str = ""
    ending: str = ""
    elsewhere: bool = False
    versioned: bool = False

    def script(self) -> Script:
        """Return the script that writes it."""
        return self._requests

    def task(self, build: Requests, name: str) -> Task:
        """Return the writing of one object."""
        buckets = build.universe.buckets
        return Task(
            bucket=buckets[0],
            object_key=self.stem + name + self.ending,
            body=self.body,
            headers=self.wish.headers(build.universe),
            source=(buckets[int(self.elsewhere)], f"{self.stem}source"),
        )

    def set_up(self, build: Requests) -> Iterator[Operation]:
        """Yield the bucket with its default, and the object that copies read."""
        bucket = build.universe.buckets[0]
        yield CreateBucket(bucket=bucket, secure=build.secure)
        if self.elsewhere:
            yield CreateBucket(bucket=build.universe.buckets[1], secure=build.secure)
        if self.wish.uses_alias:
            yield from make_alias(build)
        yield from self.default.put(build, bucket)
        if self.versioned and build.has(Capability.VERSIONING):
            yield put_versioning(build, bucket, Versioning.ENABLED)
        if build.has(Capability.COPY):
            yield from self.put_source(build)

    def put_source(self, build: Requests) -> Iterator[Operation]:
        """Yield the object that copies read."""
        bucket, object_key = self.task(build, "").source
        yield PutObject(
            bucket=bucket,
            object_key=object_key,
            body=self.body,
            metadata=METADATA,
            secure=build.secure,
            **self.source.headers(build.universe),
        )

    def by_each(
        self, build: Requests, ways: Iterable[Way], *, again: bool = False
    ) -> Iterator[Operation]:
        """Yield the writes by each of the ways; ``again``: beside what was written before."""
        for way in ways:
            name = f"{way.name} again" if again else way.name
            yield from way.write(build, self.task(build, name))

    def _requests(self, build: Requests) -> Iterator[Operation]:
        yield from self.set_up(build)
        yield from self.by_each(build, every_way(build))
        yield from looks(build)


def looks(build: Requests) -> Iterator[Operation]:
    """Yield reads of all that is there, and the listing."""
    world, secure = build.world, build.secure
    for bucket in build.universe.buckets:
        for number, (object_key, version_id) in enumerate(every_version(world, bucket)):
            for data in (False, True):
                yield look(world, bucket, object_key, version_id, data=data, secure=secure)
            version = world.version(bucket, object_key, version_id)
            if isinstance(version, ObjectVersion) and version.part_sizes is not None:
                yield look(world, bucket, object_key, version_id, part_number="1", secure=secure)
                wanted = "bytes=1-3"
                yield look(
                    world, bucket, object_key, version_id, data=True, range=wanted, secure=secure
                )
            elif number == 0:
                yield from attributes(build, bucket, object_key)
    yield from listing(build)


def listing(build: Requests) -> Iterator[Operation]:
    """Yield the listing of the first bucket."""
    if build.has(Capability.LISTS):
        kind = ListObjectVersions if build.has(Capability.VERSIONING) else ListObjectsV2
        yield kind(bucket=build.universe.buckets[0], secure=build.secure)


_HEADERS = tuple(place.attribute for place in header_places(ObjectRead))


def attributes(
    build: Requests, bucket: str, object_key: str, version_id: str | None = None
) -> Iterator[Operation]:
    """Yield a GetObjectAttributes with all that a read of the object needs."""
    if not build.has(Capability.ATTRIBUTES):
        return
    read = look(build.world, bucket, object_key, version_id)
    version = build.world.version(bucket, object_key, version_id)
    in_parts = isinstance(version, ObjectVersion) and version.part_sizes is not None
    asked = "ETag,ObjectParts,ObjectSize" if in_parts else "ETag,ObjectSize"
    yield GetObjectAttributes(
        bucket=bucket,
        object_key=object_key,
        version_id=version_id,
        object_attributes=asked,
        secure=build.secure,
        **{name: getattr(read, name) for name in _HEADERS},
    )


def changed_between(before: Default, after: Default, *, over: bool) -> Script:
    """Return the script in which each path writes before and after a change of the default.

    What was begun before is completed after. ``over``: the later writes replace the earlier ones.
    """
    writing = Writing(default=before)

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writing.set_up(build)
        ways = some_ways(build, over=over)
        yield from writing.by_each(build, ways)
        begun = writing.task(build, "begun before")
        if build.has(Capability.MULTIPART):
            yield from begin(build, begun)
        yield from after.put(build, begun.bucket)
        yield from writing.by_each(build, ways, again=not over)
        yield from finish(build, begun)
        yield from glances(build, begun.bucket)

    return requests


def some_ways(build: Requests, *, over: bool) -> list[Way]:
    """Return half of the ways: those whose later writes replace the earlier ones, or the others."""
    return every_way(build)[::2] if over else every_way(build)[1::2]


def glances(build: Requests, bucket: str) -> Iterator[Operation]:
    """Yield a read of each object of a bucket, of its data or of its head in turn."""
    for number, (object_key, _) in enumerate(every_version(build.world, bucket)):
        data = number % 2 == 0
        yield look(build.world, bucket, object_key, data=data, secure=build.secure)
