"""Play a walk: one move after the other in one bucket, with a look after each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.faults import put_customer_key
from conformance.small_scope.moves import Aim
from conformance.small_scope.player import STRANGE, Player
from conformance.universe import CUSTOMER_KEYS
from model.operations.delete_objects import DeleteObjects
from model.operations.get_object import GetObject
from model.request import KmsRequest, ObjectRequest
from model.sse import SseC
from model.stored import DeleteMarker, ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.phase import Script
    from conformance.requests import Requests
    from conformance.small_scope.moves import Move, Stand, Word
    from model.operation import Operation
    from model.stored import StoredVersion


def walk_script(walk: Word, number: int) -> Script:
    """Return the script that plays the walk of that number in its stage."""
    return lambda build: _Walker(build, walk, number % STRANGE).requests()


class _Walker(Player):
    """The requests of a walk: the looks take turns at what a move changed and what it must not."""

    def __init__(self, build: Requests, walk: Word, index: int) -> None:
        super().__init__(build, walk)
        self.walk = walk
        self.index = index
        self.turn = index

    def requests(self) -> Iterator[Operation]:
        """Yield each move, with a look or two."""
        yield from self.set_up()
        if not self.is_ready:
            return
        for move in self.walk:
            before = self.row(self.here)
            for step in move.steps:
                self.number += 1
                for request in step(self.here):
                    yield request
                    if isinstance(request, ObjectRequest):
                        self.forget(request)
            self.turn += 1
            if move.aim is Aim.SHARED:
                yield from self._after_shared(move)
            else:
                yield from self._after(before)
        last = self.walk[-1].aim is Aim.SHARED
        if not last:
            yield from self.configuration(self.buckets[0])
        yield from self.end(probe=last)

    @property
    def here(self) -> Stand:
        """Where the next move is made."""
        return self.stand(self.index)

    def row(self, stand: Stand) -> tuple[StoredVersion, ...]:
        """Return the versions of the first object, the newest first."""
        found = stand.world.buckets.get(stand.bucket)
        return tuple(getattr(found, "row", lambda _: ())(stand.one))

    def _after_shared(self, move: Move) -> Iterator[Operation]:
        """Yield a write by default behind a KMS key, or else a look.

        Of a changed default it is a look at the defaults or, every other time, at the object.
        """
        self.seen.clear()
        stand = self.here
        of_default = "versioning" not in move.name and "policy" not in move.name
        if isinstance(self.build.steps[-1].request, KmsRequest):
            yield from self.probe(stand.bucket)
        elif of_default and self.turn % 2:
            for bucket in self.buckets:
                yield from self.configuration(bucket)
            return
        if isinstance(stand.world.object(stand.bucket, stand.one), ObjectVersion):
            yield self.look(stand.bucket, stand.one, data=self.turn % 2 == 0)

    def _after(self, before: tuple[StoredVersion, ...]) -> Iterator[Operation]:
        """Yield a look at what the last request changed, and at what stands behind it."""
        request = self.build.steps[-1].request
        stand = self.here
        data = self.turn % 2 == 0
        if isinstance(request, DeleteObjects):
            yield self.look(stand.bucket, stand.one, data=data)
            return
        if not isinstance(request, ObjectRequest):
            return
        if request.leaves_object or request.method == "DELETE":
            yield self.look(request.bucket, request.object_key, data=data)
        if request.object_key == stand.one:
            yield from self._behind(stand, before, self.row(stand))

    def _behind(
        self, stand: Stand, before: tuple[StoredVersion, ...], after: tuple[StoredVersion, ...]
    ) -> Iterator[Operation]:
        """Yield a look with a key that opens no more, or at a version that is not current."""
        fields: Fields = {"bucket": stand.bucket, "object_key": stand.one, "secure": stand.secure}
        old, new = (row[0] if row else None for row in (before, after))
        if old == new:
            return
        key, now = _key_of(old), _key_of(new)
        if key is not None and key != now and isinstance(new, ObjectVersion):
            texts = next((one for one in CUSTOMER_KEYS if one.key_md5 == key), None)
            put_customer_key(fields, texts)
            yield GetObject(**fields)
            return
        hidden = [one for one in after[1:] if _id(one)]
        if isinstance(new, DeleteMarker) and self.turn % 2:
            yield GetObject(version_id=_id(new), **fields)
        elif hidden:
            one = hidden[self.turn % len(hidden)]
            if isinstance(one, ObjectVersion):
                yield self.look(stand.bucket, stand.one, _id(one), data=bool(self.turn & 2))


def _key_of(version: StoredVersion | None) -> str | None:
    """Return the MD5 of the customer key that a version is under."""
    encryption = version.encryption if isinstance(version, ObjectVersion) else None
    return encryption.customer_key_md5 if isinstance(encryption, SseC) else None


def _id(version: StoredVersion | None) -> str | None:
    known = isinstance(version, ObjectVersion | DeleteMarker)
    return version.version_id if known else None  # type: ignore[union-attr]
