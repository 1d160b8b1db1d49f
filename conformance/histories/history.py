"""One object with all that it was: what changes and looks are made with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from conformance.looking import copy_source, key_fields, versions_with_ids
from model.operations.put_object import PutObject
from model.stored import DeleteMarker, ObjectVersion

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.clause import Capability
    from model.operation import Operation

_LENGTHS = (37, 12, 61, 1, 23, 0, 48)
"""Lengths of data, in bytes, one after the other: what is longer comes before what is shorter."""


@dataclass(slots=True, kw_only=True)
class History:
    """What is known of the object, newest version first; ``number`` counts the changes."""

    build: Requests
    bucket: str
    object_key: str
    number: int = 0
    etags: list[str] = field(default_factory=list)
    """The ETags that the object had, the newest last."""

    @property
    def named(self) -> Fields:
        """The names of the object."""
        return {"bucket": self.bucket, "object_key": self.object_key}

    @property
    def secure(self) -> bool:
        """Whether the target is reached over TLS."""
        return self.build.secure

    @property
    def body(self) -> bytes:
        """Data that no other change writes, mostly of another length."""
        length = _LENGTHS[self.number % len(_LENGTHS)]
        return (b"%d. " % self.number * length)[:length]

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """User metadata that no other change writes."""
        return (("change", str(self.number)),)

    @property
    def current(self) -> ObjectVersion | None:
        """What a read without a version id reads."""
        found = self.build.world.object(self.bucket, self.object_key)
        return found if isinstance(found, ObjectVersion) else None

    def put_beside(self, object_key: str, body: bytes) -> Iterator[Operation]:
        """Put another object, where it is not there."""
        if not isinstance(self.build.world.object(self.bucket, object_key), ObjectVersion):
            yield PutObject(
                bucket=self.bucket, object_key=object_key, body=body, secure=self.secure
            )

    def row(self) -> list[ObjectVersion | DeleteMarker]:
        """Return the versions and delete markers that have an id, newest first."""
        found = versions_with_ids(self.build.world, self.bucket, self.object_key)
        return [one for _, one in found]

    def versions(self) -> list[ObjectVersion]:
        """Return the versions that have an id, newest first."""
        return [one for one in self.row() if isinstance(one, ObjectVersion)]

    def older(self) -> ObjectVersion | None:
        """Return a version that is not the current one: now this, now that."""
        others = [one for one in self.versions() if one != self.current]
        return others[self.number % len(others)] if others else None

    def note(self) -> None:
        """Note the ETag that the object has now."""
        etag = None if self.current is None else self.current.etag
        if etag is not None and etag not in self.etags[-1:]:
            self.etags.append(etag)

    def source(self, version: ObjectVersion | None = None, *, bare: bool = False) -> Fields:
        """Return the headers that name the object, or a version of it, as the source of a copy.

        The source's customer key is left out where it is to be ``bare``.
        """
        version_id = None if version is None else version.version_id
        fields: Fields = {"copy_source": copy_source(**self.named, version_id=version_id)}
        return fields if bare else fields | key_fields(version or self.current, source=True)


Make = Callable[[History], Iterator["Operation"]]


class Kind(NamedTuple):
    """A kind of change or of look, with what the target must have for it; ``topic``: its like."""

    name: str
    make: Make
    needs: frozenset[Capability]
    topic: str = ""
