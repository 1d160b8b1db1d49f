"""What plays moves of the alphabet: it sets up what they need, and reads what they left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.looking import every_version, look
from conformance.small_scope.moves import ALIAS, OWN_KEY, Stand
from model.clause import Capability
from model.operation import existing_bucket
from model.operations.create_bucket import CreateBucket
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.kms import KEY_ID, CreateAlias, CreateKey
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.put_object import PutObject
from model.request import ObjectRequest, WithCopySource
from model.stored import is_in_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.requests import Requests
    from conformance.small_scope.moves import Move
    from model.operation import Operation

STRANGE = 4
"""So many pairs of objects share one whose object keys need escaping."""


class Player:
    """Plays moves in one bucket, or in two of which one's name is the beginning of the other's."""

    def __init__(self, build: Requests, moves: Iterable[Move]) -> None:
        moves = tuple(moves)
        self.build = build
        self.used = frozenset[str]().union(*(m.uses for m in moves))
        first = build.universe.buckets[0]
        self.names = (first, f"{first}-2")
        self.buckets = self.names[: max((m.buckets for m in moves), default=1)]
        self.own_key = ""
        self.number = 0
        self.seen: set[tuple[str, str, str | None]] = set()
        """What was read since it, or what all share, was changed."""

    def set_up(self) -> Iterator[Operation]:
        """Yield what makes the buckets, and the KMS key and the alias that the moves use."""
        build, universe = self.build, self.build.universe
        for bucket in self.buckets:
            yield CreateBucket(bucket=bucket, secure=build.secure)
        if OWN_KEY in self.used:
            yield CreateKey(secure=build.secure)
            answer = build.steps[-1].answer
            made = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
            self.own_key = made if made is not None and made in build.world.keys else ""
        if ALIAS in self.used:
            named = universe.kms_keys[0].key_id
            yield CreateAlias(alias=universe.alias, key_id=named, secure=build.secure)

    @property
    def is_ready(self) -> bool:
        """Whether all that the moves use was made."""
        return bool(self.own_key) or OWN_KEY not in self.used

    def stand(self, index: int) -> Stand:
        """Return where the next move is made, with the pair of objects of that number."""
        universe = self.build.universe
        stem = f"dir {index}/\u00fc+~" if index % STRANGE == STRANGE - 1 else f"{index}-"
        return Stand(
            world=self.build.world,
            buckets=self.names,
            keys=tuple(key.key_id for key in universe.kms_keys),
            own_key=self.own_key,
            alias=universe.alias,
            one=f"{stem}one",
            other=f"{stem}other",
            number=self.number,
            secure=self.build.secure,
        )

    def look(
        self, bucket: str, object_key: str, version_id: str | None = None, *, data: bool = False
    ) -> Operation:
        """Return a read, and note it."""
        self.seen.add((bucket, object_key, version_id))
        world, secure = self.build.world, self.build.secure
        return look(world, bucket, object_key, version_id, data=data, secure=secure)

    def forget(self, request: ObjectRequest) -> None:
        """Note that a request may have changed its object, and the source of a copy."""
        changed = {(request.bucket, request.object_key)}
        source = request.source if isinstance(request, WithCopySource) else None
        if source is not None:
            changed.add(source[:2])
        self.seen = {one for one in self.seen if one[:2] not in changed}

    def configuration(self, bucket: str) -> Iterator[Operation]:
        """Yield a read of a bucket's default."""
        if self.build.has(Capability.BUCKET_ENCRYPTION):
            yield GetBucketEncryption(bucket=bucket, secure=self.build.secure)

    def probe(self, bucket: str) -> Iterator[Operation]:
        """Yield a write that names no encryption, which shows the default that is in effect."""
        self.number += 1
        stand = self.stand(0)
        name = f"probe-{self.number}"
        yield PutObject(bucket=bucket, object_key=name, body=stand.body, secure=stand.secure)
        yield self.look(bucket, name, data=self.number % 2 == 0)

    def end(self, *, probe: bool = True) -> Iterator[Operation]:
        """Yield writes by default, and reads of all that was not read since it was changed."""
        build = self.build
        for bucket in self.buckets:
            if probe:
                yield from self.probe(bucket)
            for number, (object_key, version_id) in enumerate(every_version(build.world, bucket)):
                if (bucket, object_key, version_id) not in self.seen:
                    yield self.look(bucket, object_key, version_id, data=number % 2 == 0)
        bucket = self.buckets[0]
        found = existing_bucket(build.world, bucket)
        uploads = () if found is None else found.uploads.values()
        if any(map(is_in_progress, uploads)) and build.has(Capability.MULTIPART):
            yield ListMultipartUploads(bucket=bucket, secure=build.secure)
