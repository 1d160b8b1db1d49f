"""What went before an answer: what was wrong of the same things, and what was to be kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from model.operation import existing_bucket
from model.request import BucketRequest, ObjectCreation, ObjectRequest, WithCopySource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from model.findings import Finding
    from model.operation import Operation
    from model.world import World


class Thing(NamedTuple):
    """What a request is about: an object, or with an empty key a bucket and all that is in it."""

    bucket: str
    object_key: str = ""


class Surroundings(NamedTuple):
    """What is known of the things that a request is about, when it is answered."""

    after: frozenset[str] = frozenset()
    """Signatures of what was wrong of them before, in the same sequence."""
    kept: frozenset[str] = frozenset()
    """Clauses that said that they stay as they were, in the same sequence."""
    changed: frozenset[str] = frozenset()
    """Those of them that were seen to be broken."""
    beside: frozenset[str] = frozenset()
    """Signatures of what is wrong in the answer itself."""

    def within(self, findings: Iterable[Finding]) -> Surroundings:
        """Return them in an answer in which that is wrong, too."""
        broken = frozenset(one.clause for one in findings)
        return self._replace(
            changed=self.changed | (self.kept & broken),
            beside=frozenset(one.signature for one in findings),
        )


@dataclass(slots=True)
class Sequence:
    """What was wrong so far in a sequence, of which things."""

    _wrong: dict[Thing, set[str]] = field(default_factory=dict)
    _changed: dict[Thing, set[str]] = field(default_factory=dict)
    _noted: dict[Thing, set[str]] = field(default_factory=dict)

    def around(self, request: Operation, world: World) -> Surroundings:
        """Return what went before a request, where the world is what is believed by then."""
        things = frozenset(_things(request))
        self._take(world, {thing.bucket for thing in things})
        wrong = frozenset(_of(self._wrong, things))
        if not _depends_on_what_is_kept(request):
            return Surroundings(wrong)
        changed = frozenset(_of(self._changed, things))
        return Surroundings(wrong, frozenset(_of(self._noted, things)), changed)

    def _take(self, world: World, buckets: Iterable[str]) -> None:
        """Take over which clauses are noted as those that keep something of the buckets."""
        for name in buckets:
            bucket = existing_bucket(world, name)
            for (object_key, _), clauses in bucket.suspects.items() if bucket is not None else ():
                self._noted.setdefault(Thing(name, object_key), set()).update(clauses)

    def note(self, request: Operation, around: Surroundings, findings: Iterable[Finding]) -> None:
        """Note what is wrong in an answer."""
        thing = next(_things(request), None)
        if thing is None:
            return
        for one in findings:
            self._wrong.setdefault(thing, set()).add(one.signature)
            if one.clause in around.kept:
                self._changed.setdefault(thing, set()).add(one.clause)


def _things(request: Operation) -> Iterator[Thing]:
    """Yield what a request is about: what it names first, then the source that it copies."""
    if isinstance(request, ObjectRequest):
        yield Thing(request.bucket, request.object_key)
    elif isinstance(request, BucketRequest):
        yield Thing(request.bucket)
    if isinstance(request, WithCopySource) and request.source is not None:
        yield Thing(request.source.bucket, request.source.object_key)


def _are_one(one: Thing, other: Thing) -> bool:
    """Tell whether one of two things is the other, or is in it."""
    return one.bucket == other.bucket and (
        one.object_key == other.object_key or not (one.object_key and other.object_key)
    )


def _of(noted: dict[Thing, set[str]], things: frozenset[Thing]) -> Iterator[str]:
    """Yield what was noted of the things, of what is in them, and of what they are in."""
    for thing, what in noted.items():
        if any(_are_one(thing, one) for one in things):
            yield from what


def _depends_on_what_is_kept(request: Operation) -> bool:
    """Tell whether the answer shows what was there: all but a plain write may."""
    if isinstance(request, ObjectCreation) and not isinstance(request, WithCopySource):
        return any(getattr(request, name, None) for name in ("if_match", "if_none_match"))
    return True
