"""Words over the alphabet: the short sequences, pruned by the states that they lead to, or not."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from conformance.alphabet import mix
from conformance.imagining import imagine
from conformance.small_scope.moves import Aim, Stand, Word, alphabet, is_canonical
from conformance.small_scope.shape import shape_of
from model.operations.create_bucket import CreateBucket
from model.world import KmsKey, World

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from conformance.phase import Setting
    from conformance.small_scope.moves import Move

OWN_KEY_ID = "00000000-0000-4000-8000-0000000000ff"
_ALIAS = "alias/imagined"
LONGEST = 26
"""About so many requests go into a sequence, beside those that all of its words share."""


class Edge(NamedTuple):
    """A move in a state; ``word`` is a shortest way to the state, and the move behind it."""

    state: Hashable
    word: Word


def first_stand(setting: Setting) -> Stand:
    """Return where all words begin: two buckets, and all keys that moves may name."""
    context = setting.world.context
    names = tuple(f"{context.bucket_prefix or ''}imagined-{n}" for n in "ab")
    world = setting.world
    for name in names:
        world = imagine(world, CreateBucket(bucket=name, secure=setting.secure), name)
    region = context.region or ""
    arn = f"arn:aws:kms:{region}:{world.account or '0' * 12}:key/{OWN_KEY_ID}"
    world = world.with_key(KmsKey(key_id=OWN_KEY_ID, arn=arn, region=region))
    keys = tuple(key.key_id for key in setting.kms_keys)
    if keys:
        world = replace(world, aliases={**world.aliases, _ALIAS: keys[0]})
    return Stand(
        world=world,
        buckets=(names[0], names[1]),
        keys=keys,
        own_key=OWN_KEY_ID,
        alias=_ALIAS,
        secure=setting.secure,
    )


def moved(stand: Stand, move: Move, number: int) -> Stand | None:
    """Return the stand after a move that was answered as the model thinks; None: it has no sense.

    A move of several steps has sense where the first of them has.
    """
    world: World = stand.world
    for place, step in enumerate(move.steps):
        requests = step(replace(stand, world=world, number=number))
        if not requests:
            return None if place == 0 else replace(stand, world=world)
        for one, request in enumerate(requests):
            world = imagine(world, request, f"{number} {place} {one}")
    return replace(stand, world=world)


def edges(setting: Setting, length: int) -> Iterator[Edge]:
    """Yield each move in each state that fewer moves than ``length`` lead to, shortest first."""
    moves = alphabet(setting)
    start = first_stand(setting)
    seen: set[Hashable] = {shape_of(start)}
    level: list[tuple[Word, Stand]] = [((), start)]
    for depth in range(length):
        after: list[tuple[Word, Stand]] = []
        for word, stand in level:
            state = shape_of(stand)
            for move in moves:
                longer = (*word, move)
                if not is_canonical(longer) or not _has_sense(stand, move):
                    continue
                yield Edge(state, longer)
                if depth + 1 == length:
                    continue
                reached = moved(stand, move, depth + 1)
                shape = None if reached is None else shape_of(reached)
                if reached is not None and shape not in seen:
                    seen.add(shape)
                    after.append((longer, reached))
        level = after


def _has_sense(stand: Stand, move: Move) -> bool:
    return bool(move.steps[0](stand))


def row_of(words: Iterable[Word]) -> tuple[tuple[Word, ...], ...]:
    """Return the words in groups, each for one sequence, in an order that is fixed and mixed.

    The words of a group have their shared moves in common; each has objects of its own.
    """
    alike: dict[tuple[str, ...], list[tuple[bytes, Word]]] = {}
    for word in words:
        mixed = mix(move.name for move in word)
        skeleton = tuple(m.name if m.aim is Aim.SHARED else "" for m in word)
        kind = f"{_is_watched(word, mixed)} {_has_variants(word)}"
        alike.setdefault((kind, *skeleton), []).append((mixed, word))
    groups: list[tuple[bytes, tuple[Word, ...]]] = []
    for found in alike.values():
        cost, group = 0, list[Word]()
        first = b""
        for mixed, word in sorted(found, key=itemgetter(0)):
            more = _cost(word, watched=_is_watched(word, mixed))
            if group and cost + more > LONGEST:
                groups.append((first, tuple(group)))
                cost, group = 0, []
            first = first if group else mixed
            group.append(word)
            cost += more
        groups.append((first, tuple(group)))
    groups.sort(key=lambda one: (_has_variants(one[1][0]), one[0]))
    return tuple(group for _, group in groups)


def _has_variants(word: Word) -> bool:
    return any(move.variant for move in word)


def is_watched(word: Word) -> bool:
    """Tell whether there is a look after each of a word's moves, and not at its end alone.

    What the others leave on their way a shorter word has shown; but a look can change what a
    server remembers.
    """
    return _is_watched(word, mix(move.name for move in word))


def _is_watched(word: Word, mixed: bytes) -> bool:
    return len(word) == 1 or mixed[-1] % 3 == 0


def _cost(word: Word, *, watched: bool) -> int:
    """Return about how many requests a word needs beside those that all share."""
    own = [move for move in word if move.aim is Aim.OBJECTS]
    steps = sum(len(move.steps) for move in own)
    return steps + 2 + (len(own) if watched else 0)
