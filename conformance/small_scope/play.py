"""Play several words in one sequence: each has objects of its own, the bucket is shared."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from conformance.looking import every_version
from conformance.small_scope.moves import Aim
from conformance.small_scope.player import Player
from conformance.small_scope.words import is_watched
from model.operations.create_bucket import CreateBucket
from model.request import BucketConfiguration, KmsRequest, ObjectRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Script
    from conformance.requests import Requests
    from conformance.small_scope.moves import Move, Word
    from model.operation import Operation


def script_of(words: tuple[Word, ...]) -> Script:
    """Return the script that plays words of which the shared moves are the same."""
    return lambda build: _WordPlayer(build, words).requests()


class _WordPlayer(Player):
    """The requests of one sequence, with looks at what they left."""

    def __init__(self, build: Requests, words: tuple[Word, ...]) -> None:
        super().__init__(build, chain.from_iterable(words))
        self.words = words
        self.watched = is_watched(words[0])

    def requests(self) -> Iterator[Operation]:
        """Yield the requests: the moves at each place of all words, then those at the next."""
        yield from self.set_up()
        if not self.is_ready:
            return
        for place, move in enumerate(self.words[0]):
            last = place + 1 == len(self.words[0])
            if move.aim is Aim.SHARED:
                yield from self._move_all(move, last=last)
                continue
            for index, word in enumerate(self.words):
                yield from self._move(word[place], index, look=self.watched or last)
        yield from self.end()

    def _move(self, move: Move, index: int, *, look: bool) -> Iterator[Operation]:
        """Yield a move about one word's objects, and perhaps looks at what it changed."""
        for step in move.steps:
            self.number += 1
            for request in step(self.stand(index)):
                yield request
                if not isinstance(request, ObjectRequest):
                    continue
                self.forget(request)
                if look and (request.leaves_object or request.method == "DELETE"):
                    data = (self.number + index) % 2 == 0
                    yield self.look(request.bucket, request.object_key, data=data)

    def _move_all(self, move: Move, *, last: bool) -> Iterator[Operation]:
        """Yield a move that is about all words, and looks at what it changed and what it must not.

        After the last one all is read anyway.
        """
        bucket = self.buckets[0]
        self.number += 1
        for step in move.steps:
            for request in step(self.stand(0)):
                yield request
                self.seen.clear()
                if isinstance(request, BucketConfiguration | CreateBucket):
                    bucket = request.bucket
        if not (last or self.watched):
            return
        if not isinstance(self.build.steps[-1].request, KmsRequest):
            yield from self.configuration(bucket)
        if last:
            return
        yield from self.probe(bucket)
        there = {k for k, version_id in every_version(self.build.world, bucket) if not version_id}
        for index in range(1, len(self.words), 3):
            stand = self.stand(index)
            if bucket == stand.bucket and stand.one in there:
                yield self.look(bucket, stand.one, data=index % 2 == 0)
