"""Faults of copies where versions are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import SOURCE_VERSION_ID, VERSION_ID
from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.stored import ObjectVersion
from targets.faulty.common import copied, current, row_of, with_row, without
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class SourceVersionNotRead(Fault):
    """A copy of an older version copies the newest: the version id of the source is cut off."""

    name = "source-version-not-read"
    category = "versioning"
    origin = "ministackorg/ministack#1328"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Cut the version id off."""
        del world
        if not isinstance(request, CopyObject) or request.copy_source is None:
            return request
        return replace(request, copy_source=request.copy_source.partition("?")[0])


class RestoringIsRefused(Fault):
    """A copy of an older version over its object is refused as a copy to itself."""

    name = "restoring-is-refused"
    category = "versioning"
    origin = "scality/cloudserver#1012"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Compare bucket and object key alone."""
        del world, request
        return frozenset({"versioning/older-version-is-restored-in-place"})


class MetadataOfAVersionIsLost(Fault):
    """A copy that names a version of its source leaves the metadata behind."""

    name = "metadata-of-a-version-is-lost"
    category = "versioning"
    origin = "ministackorg/ministack#1436"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Forget the metadata."""
        if not isinstance(request, CopyObject) or not answer.succeeded or request.source is None:
            return after
        made = current(after, request)
        if made is None or request.source.version_id is None:
            return after
        del before
        bare = replace(made, metadata=dict(request.metadata))
        return after.with_object(request.bucket, request.object_key, bare)


class VersionsShareTheirData(Fault):
    """A copy to itself shares the data with the version that it read: with that it goes, too."""

    name = "versions-share-their-data"
    category = "versioning"
    origin = "seaweedfs/seaweedfs#10594"
    deep = True

    def __init__(self) -> None:
        self._shared: dict[tuple[str, str], set[str | None]] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note what shares its data, and empty it when the data is removed."""
        if isinstance(request, CopyObject) and answer.succeeded and request.in_place:
            read = copied(before, request)
            if read is not None:
                ids = self._shared.setdefault((request.bucket, read.version_id or ""), set())
                ids.add(answer.text(VERSION_ID))
        if not isinstance(request, DeleteObject) or not answer.succeeded:
            return after
        lost = self._shared.get((request.bucket, request.version_id or ""), set())
        row = [
            replace(v, body=b"") if isinstance(v, ObjectVersion) and v.version_id in lost else v
            for v in row_of(after, request)
        ]
        return with_row(after, request, row)


class VersionOfTheCopyIsNotTold(Fault):
    """The answer to a copy does not show the id of the version that it made."""

    name = "version-of-the-copy-is-not-told"
    category = "versioning"
    origin = "floci-io/floci#3669"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave it out."""
        del before, after
        return without(answer, VERSION_ID) if isinstance(request, CopyObject) else answer


class NewestSourceIsTold(Fault):
    """A copy of an older version names the newest as the version that it read."""

    name = "newest-source-is-told"
    category = "versioning"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Name the newest one."""
        del after
        if not isinstance(request, CopyObject) or not answer.succeeded or request.source is None:
            return answer
        newest = before.object(*request.source[:2])
        if not isinstance(newest, ObjectVersion) or SOURCE_VERSION_ID not in answer.fields:
            return answer
        return replace(answer, fields={**answer.fields, SOURCE_VERSION_ID: newest.version_id})
