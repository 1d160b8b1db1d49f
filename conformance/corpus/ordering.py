"""Which scenarios are played first: the first requests are to tell most.

The scenario comes next that tells of most, per request, that none before it tells of. What it takes
depends on those chosen before: in a bucket that is there already it costs no more than its own
requests. When all was told of once it begins anew with the scenarios that are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from conformance.corpus.packing import LONGEST, OVERHEAD, Cut, cut, packed, requests_of
from conformance.corpus.tells import PROBES, Told, read_tells

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

    from conformance.corpus.playing import Pack
    from conformance.corpus.written import Written

_TELLS, _EXERCISES = 8, 1
"""What it is worth to tell of something for the first time, and merely to exercise a clause."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What scenarios tell of and exercise, as sets of bits."""

    tells: int = 0
    exercises: int = 0

    def beyond(self, other: Worth) -> int:
        """Return what this is worth where the other is known."""
        return (
            _TELLS * (self.tells & ~other.tells).bit_count()
            + _EXERCISES * (self.exercises & ~other.exercises).bit_count()
        )

    def __or__(self, other: Worth) -> Worth:
        return Worth(self.tells | other.tells, self.exercises | other.exercises)


class Worths:
    """What each scenario is worth: what was seen, or what it says itself that it exercises."""

    def __init__(self, scenarios: Iterable[Written], bugs: Collection[str] = ()) -> None:
        self._bugs = bugs
        self._bits: dict[Hashable, int] = {}
        self.probes = Worth(self._worth(PROBES, ()).tells)
        self._worths = {one.id: self._worth(one.id, one.clauses) for one in scenarios}

    def __getitem__(self, scenario: Written) -> Worth:
        return self._worths[scenario.id]

    def of(self, pack: Pack) -> Worth:
        """Return what a sequence is worth."""
        worth = Worth()
        for one in pack.scenarios:
            worth |= self[one]
        return worth

    def _worth(self, name: str, clauses: tuple[str, ...]) -> Worth:
        exercises, tells = read_tells().get(name, Told(clauses))
        whole = (text.partition(" ")[0] for text in tells)
        itself = [name] if name in self._bugs else []
        return Worth(self._set((*tells, *whole, *itself)), self._set(exercises))

    def _set(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= 1 << self._bits.setdefault(name, len(self._bits))
        return found


def most_telling(scenarios: Iterable[Written], bugs: Iterable[Written] = ()) -> list[Pack]:
    """Return sequences that together tell of all that the scenarios tell of, with all the bugs.

    What a server did once is worth as much as anything to tell of.
    """
    return next(rounds(scenarios, bugs), [])


def rounds(scenarios: Iterable[Written], bugs: Iterable[Written] = ()) -> Iterator[list[Pack]]:
    """Yield all scenarios in sequences; each round tells of all that is left to tell of."""
    known_bugs = list(bugs)
    left = [*scenarios, *known_bugs]
    worths = Worths(left, {one.id for one in known_bugs})
    while left:
        chosen = covering(left, worths) or left
        yield densest(packed(chosen), worths)
        taken = {one.id for one in chosen}
        left = [one for one in left if one.id not in taken]


class _Candidate(NamedTuple):
    scenario: Written
    cut: Cut
    worth: Worth


def covering(scenarios: Iterable[Written], worths: Worths) -> list[Written]:
    """Return scenarios that together tell of all that all of them tell of, the best first."""
    known = worths.probes
    chosen: list[Written] = []
    sizes: dict[str, int] = {}
    left = [_Candidate(one, cut(one), worths[one]) for one in scenarios]
    while True:
        gains = [(one.worth.beyond(known), one) for one in left]
        left = [one for gain, one in gains if gain]
        if not left:
            return chosen
        _, best = max(gains, key=lambda found: found[0] / _cost(found[1].cut, sizes))
        known |= best.worth
        chosen.append(best.scenario)
        _add(best.cut, sizes)


def _cost(found: Cut, sizes: dict[str, int]) -> int:
    """Return how many requests a scenario takes where there are sequences of these sizes."""
    return found.cost if _fits(found, sizes) else found.cost + len(found.opening) + OVERHEAD


def _fits(found: Cut, sizes: dict[str, int]) -> bool:
    return found.name is not None and sizes.get(found.name, LONGEST) + found.cost <= LONGEST


def _add(found: Cut, sizes: dict[str, int]) -> None:
    if found.name is not None:
        begun = sizes[found.name] if _fits(found, sizes) else len(found.opening)
        sizes[found.name] = begun + found.cost


def densest(packs: Sequence[Pack], worths: Worths) -> list[Pack]:
    """Return the sequences, those first that tell most per request."""
    known = worths.probes
    row: list[Pack] = []
    left = [(pack, worths.of(pack), requests_of(pack)) for pack in packs]
    while left:
        best = max(left, key=lambda one: one[1].beyond(known) / one[2])
        left.remove(best)
        known |= best[1]
        row.append(best[0])
    return row
