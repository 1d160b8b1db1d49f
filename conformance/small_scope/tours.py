"""Tours: walks through one bucket and one pair of objects that meet all short words on their way.

Each word by itself would need a bucket and a look of its own. A walk meets one with nearly every
move that it takes: it goes where the last moves, with the next, are a word that was not met yet.
What was there before a word does no harm, for each answer is judged by all that went before.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from conformance.imagining import is_refused
from conformance.small_scope.moves import ALIAS, OWN_KEY, Aim, Tier, is_canonical
from conformance.small_scope.shape import shape_of
from conformance.small_scope.words import first_stand, moved
from model.facts import keeps_versions
from model.operation import existing_bucket
from model.sse import SseAlgorithm
from model.world import KeyState

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from conformance.phase import Setting
    from conformance.small_scope.moves import Move, Stand, Word

LONGEST = 20
"""About so many moves has a walk at most."""
_NOTED = 3
"""What a walk meets is noted up to words of this length."""
_ENOUGH = 3
"""Where so many words go on from a move, it is as good as another."""
_STRAYS = 2
"""So many moves in a row may meet nothing new."""
_HELP = frozenset(
    {
        "put",
        "put C1",
        "delete",
        "default K1",
        "versioning",
        "begin upload",
        "no policy",
        "own key disabled",
    }
)
"""Moves that let others have sense."""
_HELPS = 3
"""So many of them may come first, in a new bucket."""


class Ground(NamedTuple):
    """What a bucket is like: whether it keeps versions, and whether its default is of KMS."""

    versions: bool
    kms: bool


class Met(NamedTuple):
    """A word that a walk meets: its moves by their names, and on what ground, where that matters.

    It matters whether versions are kept where all of the moves do something else then, and what the
    default is where two objects' moves that tell most follow each other.
    """

    ground: Ground
    names: tuple[str, ...]


GROUNDS = tuple(Ground(*both) for both in product((False, True), repeat=2))
_PAIR = 2


def met_by(word: Word, ground: Ground) -> Met:
    """Return what is met by moves of which the last is made on that ground."""
    told = len(word) <= _PAIR and all(m.aim is Aim.OBJECTS and m.tier is Tier.INNER for m in word)
    versions = ground.versions and all(move.kept for move in word)
    return Met(Ground(versions, ground.kms and told), tuple(move.name for move in word))


def wanted_of(moves: Iterable[Move], length: int) -> dict[Met, Word]:
    """Return the words of that length over the moves."""
    words = (word for word in product(moves, repeat=length) if is_canonical(word))
    found = ((met_by(word, ground), word) for word in words for ground in GROUNDS)
    return dict(sorted(found, key=lambda one: _mixed(one[0])))


def _mixed(met: Met) -> bytes:
    return hashlib.sha256(repr(met).encode()).digest()


def ground_of(stand: Stand) -> Ground:
    """Return what the bucket is like."""
    found = existing_bucket(stand.world, stand.bucket)
    rule = None if found is None else found.rule
    of_kms = rule is not None and rule.sse_algorithm == SseAlgorithm.AWS_KMS
    return Ground(keeps_versions(found), of_kms)


def _refuses(stand: Stand) -> bool:
    """Tell whether a sound request may be refused for the bucket, or for the own KMS key."""
    found = existing_bucket(stand.world, stand.bucket)
    own = stand.world.keys.get(stand.own_key)
    disabled = own is not None and own.state is not KeyState.ENABLED
    return disabled or found is None or bool(found.deny) or bool(found.blocked)


class Place(NamedTuple):
    """Where a walk stands, with its moves so far.

    ``grounds`` tells of each what the bucket was like when it was made.
    """

    moves: Word
    grounds: tuple[Ground, ...]
    stand: Stand

    def after(self, move: Move, length: int) -> Place | None:
        """Return where a move leads; None: it has no sense.

        It has none, too, where it is refused for what stands before the word of that length which
        it would end.
        """
        requests = move.steps[0](self.stand)
        if not requests:
            return None
        word = (*self.moves[-length + 1 :], move)
        causes = move.variant or any(one.aim is Aim.SHARED for one in word)
        if not causes and _refuses(self.stand) and is_refused(self.stand.world, requests[0]):
            return None
        stand = moved(self.stand, move, len(self.moves) + 1)
        if stand is None:
            return None
        return Place((*self.moves, move), (*self.grounds, ground_of(self.stand)), stand)


class _Branches:
    """The places that words lead to from one place; each is looked for once."""

    def __init__(self, place: Place, length: int) -> None:
        self.length = length
        self._found: dict[Word, Place | None] = {(): place}

    def at(self, word: Word) -> Place | None:
        """Return where the moves lead, None where one has no sense."""
        if word not in self._found:
            before = self.at(word[:-1])
            self._found[word] = None if before is None else before.after(word[-1], self.length)
        return self._found[word]

    def by(self, help_: Word, met: Met, word: Word) -> Place | None:
        """Return where a word leads behind others, if it has sense and is the one that is meant."""
        before = self.at((*help_, *word[:-1]))
        if before is None or met_by(word, ground_of(before.stand)) != met:
            return None
        return self.at((*help_, *word))


@dataclass(slots=True)
class Tours:
    """Plans walks; ``done`` are the words that were met so far."""

    setting: Setting
    done: set[Met] = field(default_factory=set)

    def plan(self, moves: tuple[Move, ...], length: int) -> tuple[Word, ...]:
        """Return walks that meet the words of that length which were not met yet."""
        return _spread(tuple(_Planning(self, moves, length).walks()))


class _Planning:
    """The planning of walks for the words of one length."""

    def __init__(self, tours: Tours, alphabet: tuple[Move, ...], length: int) -> None:
        self.done = tours.done
        self.alphabet = alphabet
        self.length = length
        self.start = Place((), (), first_stand(tours.setting))
        wanted = wanted_of(alphabet, length)
        self.left = {met: word for met, word in wanted.items() if met not in self.done}
        self.begun = Counter(met.names[:n] for met in self.left for n in range(1, length))

    @cached_property
    def starts(self) -> tuple[_Branches, ...]:
        """Where a few moves lead that let others have sense; of like places the nearest."""
        helps = [move for move in self.alphabet if move.name in _HELP]
        seen: dict[Hashable, Place] = {shape_of(self.start.stand): self.start}
        level = [self.start]
        for _ in range(_HELPS):
            reached = [p.after(move, self.length) for p in level for move in helps]
            level = []
            for place in reached:
                if place is not None and shape_of(place.stand) not in seen:
                    seen[shape_of(place.stand)] = place
                    level.append(place)
        return tuple(_Branches(place, self.length) for place in seen.values())

    def walks(self) -> Iterator[Word]:
        """Yield walks until nothing is left."""
        while self.left:
            place = self._begin()
            if place is None:
                return
            useful = len(place.moves)
            while len(place.moves) < LONGEST and len(place.moves) - useful <= _STRAYS:
                after = self._step(place)
                useful = len(place.moves) + 1 if after is not None else useful
                after = after or self._stray(place)
                if after is None:
                    break
                place = after
            yield place.moves[:useful]

    def _begin(self) -> Place | None:
        """Return where a walk is that begins with a word that is left; drop those without sense."""
        for met, word in list(self.left.items()):
            for start in self.starts:
                place = start.by((), met, word)
                if place is not None:
                    self._note(self.start, place)
                    return place
            self._drop(met)
        return None

    def _step(self, place: Place) -> Place | None:
        """Return where the best move leads that meets a word which is left."""
        ground = ground_of(place.stand)
        last = place.moves[-self.length + 1 :]
        if len(last) < self.length - 1:
            return None
        news = [move for move in self.alphabet if met_by((*last, move), ground) in self.left]
        return self._best(place, news)

    def _best(self, place: Place, moves: Iterable[Move]) -> Place | None:
        """Return where the best of these moves leads that has sense."""
        ranked = [(self._rank(place, move), move) for move in moves]
        for _, move in sorted(ranked, key=lambda one: one[0], reverse=True):
            after = place.after(move, self.length)
            if after is not None:
                self._note(place, after)
                return after
        return None

    def _rank(self, place: Place, move: Move) -> tuple[int, ...]:
        """Return how good a move is: what may be met after it, and what it needs set up."""
        used = frozenset[str]().union(*(one.uses for one in place.moves))
        buckets = max((one.buckets for one in place.moves), default=1)
        news = len(move.uses - used) + max(0, move.buckets - buckets)
        names = tuple(one.name for one in (*place.moves, move))
        begun = (self.begun[names[-n:]] for n in range(self.length - 1, 0, -1))
        text = f"{move.name} {len(self.left)}"
        mixed = hashlib.sha256(text.encode()).digest()[0]
        return (*(min(n, _ENOUGH) for n in begun), -news, mixed)

    def _stray(self, place: Place) -> Place | None:
        """Return where a move leads that meets nothing new, and after which most words go on."""
        return self._best(place, (move for move in self.alphabet if move.name in _HELP))

    def _note(self, before: Place, after: Place) -> None:
        """Note all that is met between two places."""
        for end in range(len(before.moves) + 1, len(after.moves) + 1):
            for length in range(2, min(_NOTED, end) + 1):
                word = after.moves[end - length : end]
                met = met_by(word, after.grounds[end - 1])
                self.done.add(met)
                self._drop(met)

    def _drop(self, met: Met) -> None:
        if self.left.pop(met, None) is not None:
            for n in range(1, self.length):
                self.begun[met.names[:n]] -= 1


def _spread(walks: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the walks, those that need more set up, which were planned last, spread among them."""
    groups: dict[bool, list[Word]] = {False: [], True: []}
    for walk in walks:
        groups[any(m.buckets > 1 or m.uses & {OWN_KEY, ALIAS} for m in walk)].append(walk)
    placed = [(n / len(group), walk) for group in groups.values() for n, walk in enumerate(group)]
    return tuple(walk for _, walk in sorted(placed, key=itemgetter(0)))


def moves_below(moves: Iterable[Move], tier: Tier) -> tuple[Move, ...]:
    """Return the moves up to a tier."""
    return tuple(move for move in moves if move.tier <= tier)
