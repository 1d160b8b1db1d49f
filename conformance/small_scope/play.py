"""Play several words in one sequence: each has objects of its own, the bucket is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.looking import every_version, look
from conformance.small_scope.moves import ALIAS, OWN_KEY, Aim, Stand
from conformance.small_scope.words import is_watched
from model.clause import Capability
from model.operations.create_bucket import CreateBucket
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.kms import KEY_ID, CreateAlias, CreateKey
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.put_object import PutObject
from model.request import BucketConfiguration, KmsRequest, ObjectRequest, WithCopySource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Script
    from conformance.requests import Requests
    from conformance.small_scope.moves import Move, Word
    from model.operation import Operation

STRANGE = 4
"""So many words share one whose object keys need escaping."""


def script_of(words: tuple[Word, ...]) -> Script:
    """Return the script that plays words of which the shared moves are the same."""
    return lambda build: _Player(build, words).requests()


class _Player:
    """The requests of one sequence, with looks at what they left."""

    def __init__(self, build: Requests, words: tuple[Word, ...]) -> None:
        self.build = build
        self.words = words
        self.used = frozenset[str]().union(*(m.uses for word in words for m in word))
        self.seconds = any(m.buckets > 1 for word in words for m in word)
        self.watched = is_watched(words[0])
        self.own_key = ""
        self.number = 0
        self.seen: set[tuple[str, str, str | None]] = set()
        """What was read since it, or what all share, was changed."""

    def requests(self) -> Iterator[Operation]:
        """Yield the requests: the moves at each place of all words, then those at the next."""
        yield from self._set_up()
        if OWN_KEY in self.used and not self.own_key:
            return
        for place, move in enumerate(self.words[0]):
            last = place + 1 == len(self.words[0])
            if move.aim is Aim.SHARED:
                yield from self._move_all(move, last=last)
                continue
            for index, word in enumerate(self.words):
                yield from self._move(word[place], index, look=self.watched or last)
        yield from self._end()

    def _set_up(self) -> Iterator[Operation]:
        build, universe = self.build, self.build.universe
        for bucket in universe.buckets[: 1 + self.seconds]:
            yield CreateBucket(bucket=bucket, secure=build.secure)
        if OWN_KEY in self.used:
            yield CreateKey(secure=build.secure)
            answer = build.steps[-1].answer
            made = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
            self.own_key = made if made is not None and made in build.world.keys else ""
        if ALIAS in self.used:
            named = universe.kms_keys[0].key_id
            yield CreateAlias(alias=universe.alias, key_id=named, secure=build.secure)

    def _stand(self, index: int) -> Stand:
        universe = self.build.universe
        stem = f"dir {index}/\u00fc+~" if index % STRANGE == STRANGE - 1 else f"{index}-"
        return Stand(
            world=self.build.world,
            buckets=(universe.buckets[0], universe.buckets[1]),
            keys=tuple(key.key_id for key in universe.kms_keys),
            own_key=self.own_key,
            alias=universe.alias,
            one=f"{stem}one",
            other=f"{stem}other",
            number=self.number,
            secure=self.build.secure,
        )

    def _move(self, move: Move, index: int, *, look: bool) -> Iterator[Operation]:
        """Yield a move about one word's objects, and perhaps looks at what it changed."""
        for step in move.steps:
            self.number += 1
            for request in step(self._stand(index)):
                yield request
                yield from self._look_after(request, index, look=look)

    def _look_after(self, request: Operation, index: int, *, look: bool) -> Iterator[Operation]:
        if not isinstance(request, ObjectRequest):
            return
        named = (request.bucket, request.object_key)
        self.seen = {one for one in self.seen if one[:2] != named}
        source = request.source if isinstance(request, WithCopySource) else None
        if source is not None:
            self.seen -= {one for one in self.seen if one[:2] == source[:2]}
        if look and (request.leaves_object or request.method == "DELETE"):
            yield self._look(*named, data=(self.number + index) % 2 == 0)

    def _look(
        self, bucket: str, object_key: str, version_id: str | None = None, *, data: bool = False
    ) -> Operation:
        self.seen.add((bucket, object_key, version_id))
        world, secure = self.build.world, self.build.secure
        return look(world, bucket, object_key, version_id, data=data, secure=secure)

    def _move_all(self, move: Move, *, last: bool) -> Iterator[Operation]:
        """Yield a move that is about all words, and looks at what it changed and what it must not.

        After the last one all is read anyway.
        """
        bucket = self.build.universe.buckets[0]
        self.number += 1
        for step in move.steps:
            for request in step(self._stand(0)):
                yield request
                self.seen.clear()
                if isinstance(request, BucketConfiguration | CreateBucket):
                    bucket = request.bucket
        if not (last or self.watched):
            return
        if not isinstance(self.build.steps[-1].request, KmsRequest):
            yield from self._configuration(bucket)
        if last:
            return
        yield from self._probe(bucket)
        for index in range(1, len(self.words), 3):
            stand = self._stand(index)
            if (stand.bucket, stand.one) in _current(self.build, stand.bucket):
                yield self._look(stand.bucket, stand.one, data=index % 2 == 0)

    def _configuration(self, bucket: str) -> Iterator[Operation]:
        if self.build.has(Capability.BUCKET_ENCRYPTION):
            yield GetBucketEncryption(bucket=bucket, secure=self.build.secure)

    def _probe(self, bucket: str) -> Iterator[Operation]:
        """Yield a write that names no encryption, which shows the default that is in effect."""
        self.number += 1
        stand = self._stand(0)
        name = f"probe-{self.number}"
        yield PutObject(bucket=bucket, object_key=name, body=stand.body, secure=stand.secure)
        yield self._look(bucket, name, data=self.number % 2 == 0)

    def _end(self) -> Iterator[Operation]:
        """Yield a write by default, and reads of all that was not read since it was changed."""
        build = self.build
        for bucket in build.universe.buckets[: 1 + self.seconds]:
            yield from self._probe(bucket)
            for number, (object_key, version_id) in enumerate(every_version(build.world, bucket)):
                if (bucket, object_key, version_id) not in self.seen:
                    yield self._look(bucket, object_key, version_id, data=number % 2 == 0)
        uploads = any("upload" in move.name for word in self.words for move in word)
        if uploads and build.has(Capability.MULTIPART):
            bucket = build.universe.buckets[0]
            yield ListMultipartUploads(bucket=bucket, secure=build.secure)


def _current(build: Requests, bucket: str) -> set[tuple[str, str]]:
    found = every_version(build.world, bucket)
    return {(bucket, object_key) for object_key, version_id in found if version_id is None}
