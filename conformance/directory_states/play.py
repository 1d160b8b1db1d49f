"""Play the words of a row in one directory bucket: each has objects and a session of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.directory_states.bucket_moves import put_default
from conformance.directory_states.moves import Aim, Name, Other, Pick, Stand
from conformance.directory_states.words import Start, names_in
from conformance.looking import every_version, look
from conformance.small_scope.shared_moves import KMS
from model.clause import Capability
from model.operations.create_bucket import CreateBucket, directory_bucket
from model.operations.create_session import SESSION_TOKEN, CreateSession
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.put_object import PutObject
from model.operations.rename_object import RenameObject
from model.request import BucketConfiguration, ObjectRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.directory_states.moves import Move
    from conformance.directory_states.words import Row
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

_SOURCE = "source"
STRANGE = 4
"""So many words share one whose object keys need escaping."""


def script_of(row: Row) -> Script:
    """Return the script that plays a row."""
    return lambda build: _Player(build, row).requests()


class _Player:
    """The requests of one sequence, with looks at what they left.

    ``sessions`` are those of the bucket as it is now: what becomes of one when its bucket is
    deleted is not said. Looks go within the ``sound`` one, or within the one a word has chosen.
    """

    def __init__(self, build: Requests, row: Row) -> None:
        self.build = build
        self.start, self.words = row
        self.bucket, self.second = build.universe.directory_buckets[:2]
        self.outside = build.universe.buckets[0]
        self.others = frozenset[Other]().union(*(m.others for word in row.words for m in word))
        self.sessions: list[str] = []
        self.sound: str | None = None
        self.elsewhere: str | None = None
        self.chosen: list[str | None] = [None] * len(self.words)
        self.number = 0
        self.seen: dict[tuple[str, str], set[bool]] = {}
        """What was read since it, or the bucket, was changed: by its head, or by its data."""

    def requests(self) -> Iterator[Operation]:
        """Yield the requests: the moves at each place of all words, then those at the next."""
        yield from self._set_up()
        if self.sound is None:
            return
        for place, first in enumerate(self.words[0]):
            last = place + 1 == len(self.words[0])
            if first.aim is Aim.BUCKET:
                yield from self._change_bucket(first, last=last)
                continue
            for index, word in enumerate(self.words):
                if word[place].aim is Aim.SESSION:
                    yield from self._choose(word[place], index, last=last)
                else:
                    yield from self._move(word[place], index)
        yield from self._end()

    def _set_up(self) -> Iterator[Operation]:
        secure = self.build.secure
        if Other.OUTSIDE in self.others:
            yield CreateBucket(bucket=self.outside, secure=secure)
            yield self._put(self.outside, _SOURCE, None)
        if Other.SECOND in self.others:
            yield directory_bucket(self.second, secure=secure)
            yield CreateSession(bucket=self.second, secure=secure)
            self.elsewhere = self._given()
        yield directory_bucket(self.bucket, secure=secure)
        yield from self._open()
        if self.sound is None:
            return
        if self.start is Start.NEW:
            yield from self._fill(Name.OTHER, Name.ONE)
            return
        yield from self._fill(Name.OTHER)
        yield from put_default(KMS, 0)(self._stand(0))
        yield from self._open()
        yield from self._fill(Name.ONE)

    def _open(self) -> Iterator[Operation]:
        """Open a session, and choose it for all words."""
        yield CreateSession(bucket=self.bucket, secure=self.build.secure)
        token = self._given()
        if token is not None:
            self.sessions.append(token)
            self.sound = token
            self.chosen = [token] * len(self.words)

    def _given(self) -> str | None:
        answer = self.build.steps[-1].answer
        return answer.text(SESSION_TOKEN) if answer is not None and answer.succeeded else None

    def _fill(self, *names: Name) -> Iterator[Operation]:
        """Write the objects that the words begin with."""
        for index, word in enumerate(self.words):
            for name in names:
                if name in names_in(word):
                    yield self._put(self.bucket, self._stand(index).called(name), self.sound)

    def _put(self, bucket: str, object_key: str, token: str | None) -> Operation:
        """Return a write that names no encryption."""
        self.number += 1
        self.seen.pop((bucket, object_key), None)
        return PutObject(
            bucket=bucket,
            object_key=object_key,
            body=self._stand(0).body,
            session_token=token,
            secure=self.build.secure,
        )

    def _stand(self, index: int, token: str | None = None) -> Stand:
        stem = f"dir {index}/\u00fc+~" if index % STRANGE == STRANGE - 1 else f"{index}-"
        return Stand(
            world=self.build.world,
            bucket=self.bucket,
            second=self.second,
            outside=self.outside,
            source=_SOURCE,
            keys=tuple(key.key_id for key in self.build.universe.kms_keys),
            stem=stem,
            token=token or self.chosen[index],
            number=self.number,
            secure=self.build.secure,
        )

    def _move(self, move: Move, index: int) -> Iterator[Operation]:
        """Yield a move about one word's objects, and looks at what it changed."""
        for step in move.steps:
            self.number += 1
            for request in step(self._stand(index)):
                yield request
                yield from self._look_after(request, index)

    def _look_after(self, request: Operation, index: int) -> Iterator[Operation]:
        if not isinstance(request, ObjectRequest):
            return
        changes = request.leaves_object or request.method == "DELETE"
        changed = [request.object_key] if changes else []
        if isinstance(request, RenameObject):
            changed.append(request.source_key)
        for object_key in changed:
            self.seen.pop((request.bucket, object_key), None)
            yield self._look(request.bucket, object_key, index)

    def _look(self, bucket: str, object_key: str, index: int | None = None) -> Operation:
        """Return a read of an object: of what was not read of it yet, its data or its head."""
        self.number += 1
        seen = self.seen.setdefault((bucket, object_key), set())
        data = self.number % 2 == 0 if len(seen) != 1 else not next(iter(seen))
        seen.add(data)
        token = {self.bucket: self.sound, self.second: self.elsewhere}.get(bucket)
        own = None if index is None else self.chosen[index]
        if bucket == self.bucket and own in self.sessions and self.number % 3:
            token = own
        secure = self.build.secure
        return look(
            self.build.world, bucket, object_key, data=data, session_token=token, secure=secure
        )

    def _choose(self, move: Move, index: int, *, last: bool) -> Iterator[Operation]:
        """Yield a move about one word's session; at last, what the session is good for."""
        if move.pick is not None:
            oldest = move.pick is Pick.OLDEST
            self.chosen[index] = self.sessions[0] if oldest else self.elsewhere
        for step in move.steps:
            for request in step(self._stand(index)):
                yield request
                token = self._given()
                if token is not None:
                    self.sessions.append(token)
                    self.chosen[index] = token
        if not last:
            return
        stand = self._stand(index)
        yield self._put(self.bucket, stand.called(Name.ONE), stand.token)
        yield self._look(self.bucket, stand.called(Name.ONE), index)
        if stand.token == self.elsewhere:
            named, secure = stand.called(Name.ONE), stand.secure
            yield look(stand.world, self.bucket, named, session_token=stand.token, secure=secure)

    def _change_bucket(self, move: Move, *, last: bool) -> Iterator[Operation]:
        """Yield a move that is about all words, and looks at what it changed and what it must not.

        After the last one all is read anyway.
        """
        bucket = self.bucket
        for step in move.steps:
            for request in step(self._stand(0, self.sound)):
                yield request
                if isinstance(request, BucketConfiguration):
                    bucket = request.bucket
        self.seen.clear()
        yield from self._configuration(bucket)
        if move.renews:
            self.sessions.clear()
            yield from self._open()
            yield from self._fill(Name.OTHER, Name.ONE)
        elif not last:
            for index in range(0, len(self.words), 3):
                stand = self._stand(index)
                if stand.there(Name.ONE) is not None:
                    yield self._look(self.bucket, stand.called(Name.ONE), index)

    def _configuration(self, bucket: str) -> Iterator[Operation]:
        if self.build.has(Capability.BUCKET_ENCRYPTION):
            yield GetBucketEncryption(bucket=bucket, secure=self.build.secure)

    def _end(self) -> Iterator[Operation]:
        """Yield writes by default within the oldest session and a new one, and reads of all."""
        build = self.build
        oldest = self.sessions[:1] if self.words[0][-1].aim is Aim.BUCKET else []
        yield CreateSession(bucket=self.bucket, secure=build.secure)
        newest = self._given()
        for place, token in enumerate((*oldest, newest)):
            if token is not None:
                yield self._put(self.bucket, f"end-{place}", token)
                yield self._look(self.bucket, f"end-{place}")
        if self.elsewhere is not None and any(m.aim is Aim.BUCKET for m in self.words[0]):
            yield self._put(self.second, "end", self.elsewhere)
            yield self._look(self.second, "end")
        yield from self._configuration(self.bucket)
        for object_key, _ in list(every_version(build.world, self.bucket)):
            if not self.seen.get((self.bucket, object_key)):
                yield self._look(self.bucket, object_key)
