"""Finding the ranks: each script is played against the reference, to see what it shows."""

from __future__ import annotations

import heapq
from collections import defaultdict
from math import fsum
from typing import TYPE_CHECKING

from conformance.clearing import remove_what_was_made
from conformance.corpus.tells import Told, read_tells
from conformance.ranking.killing import Killing, killings, shown_by_probes, told_by
from conformance.ranking.scripts import every_script, every_stage, explorer_of
from conformance.ranking.shown import KINDS, Played, Shown, played, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence

    from conformance.ranking.mutants import Trigger
    from conformance.ranking.ranks import Ranks

WORTH = dict(zip(KINDS, (100.0, 20.0, 1.0, 1.0, 5.0, 0.5), strict=True))
"""What a thing that is new is worth: the fewer there are of its kind, the more."""
CANDIDATES = 30_000
"""The scripts that show most that is new meet the mutants: those that take so many requests."""
MOST_REQUESTS = 10_000
"""What is ranked takes about so many requests. By then nearly nothing new is left for each request,
and the phases know better, each in its way, what goes deeper."""
_AGAIN = 0.1
"""What it is worth to show a mutant once more that was shown; for each time that it was, so much of
that."""
_CLAUSE = 4.0
"""What it is worth to tell of a clause that nothing before tells of."""
_LENGTH = 0.7
"""Mutants are a draw of what can go wrong. A longer script shows more beside them than its requests
say: these count to that power."""


def found_ranks() -> Ranks:
    """Return the ranks of the scripts that show most which none before them does."""
    ranks = _no_ranks()
    numbers = sorted(ranked(shown(list(_all_played())), CANDIDATES))
    killed = {n: _with_told(n, one) for n, one in killings(numbers).items()}
    already = shown_by_probes({mutant for one in killed.values() for mutant in one.chances})
    for rank, number in enumerate(ranked_by_kills(killed, MOST_REQUESTS, already)):
        known = every_script()[number]
        names = ranks[known.phase][known.stage]
        names.update({name: rank for name in known.names if name not in names})
    return ranks


def kept_ranks(ranks: Ranks) -> Ranks:
    """Return the ranks that are known, of what is planned still: what is new comes behind them."""
    kept = _no_ranks()
    for known in every_script():
        old = ranks.get(known.phase, {}).get(known.stage, {})
        kept[known.phase][known.stage].update({n: old[n] for n in known.names if n in old})
    every = {rank for stages in kept.values() for own in stages.values() for rank in own.values()}
    places = {rank: place for place, rank in enumerate(sorted(every))}
    return {
        phase: {
            stage: {name: places[rank] for name, rank in own.items()}
            for stage, own in stages.items()
        }
        for phase, stages in kept.items()
    }


def _no_ranks() -> Ranks:
    return {phase: {stage: {} for stage in stages} for phase, stages in every_stage().items()}


def _all_played() -> Iterator[Played]:
    explorer = explorer_of()
    session = explorer.session
    for known in every_script():
        before = session.counts.requests
        explorer.perform(known.script)
        steps = tuple(session.steps)
        remove_what_was_made(session)
        requests = session.counts.requests - before
        yield played(steps, requests, {told for name in known.names for told in _told(name)})


def _with_told(number: int, one: Killing) -> Killing:
    """Return what a script shows, with the clauses that its scenarios are known to tell of."""
    told = {told for name in every_script()[number].names for told in _told(name)}
    return one._replace(clauses=one.clauses | {clause for clause in told if " " not in clause})


def _told(name: str) -> Iterator[str]:
    """Yield what a scenario tells: of clauses in operations, and of the clauses themselves."""
    for told in read_tells().get(name, Told()).tells:
        yield from (told, told.partition(" ")[0])


def ranked(scripts: Sequence[Shown], most: int) -> Iterator[int]:
    """Yield the places of scripts, that which shows most new per request first.

    It ends where nothing new is left, or where they take so many requests together.
    """
    known: list[set[Hashable]] = [set() for _ in KINDS]
    worths = tuple(WORTH.values())

    def gain(place: int) -> float:
        things = scripts[place].things
        new = (len(shown - old) for shown, old in zip(things, known, strict=True))
        return sum(w * n for w, n in zip(worths, new, strict=True))

    def take(place: int) -> None:
        for old, things in zip(known, scripts[place].things, strict=True):
            old.update(things)

    return _in_order({n: one.requests for n, one in enumerate(scripts)}, gain, take, most)


def ranked_by_kills(
    scripts: Mapping[int, Killing], most: int, already: Collection[Trigger] = ()
) -> Iterator[int]:
    """Yield the numbers of scripts, that which shows most mutants per request first.

    A mutant that was shown (some were ``already``) counts less each time: what shows it again may
    show another defect of the kind. It ends where nothing is left, or where they take so many
    requests together.
    """
    seen: defaultdict[Trigger, float] = defaultdict(float, dict.fromkeys(already, 1.0))
    clauses = set(told_by(already))

    def gain(number: int) -> float:
        one = scripts[number]
        # The exact sum: it does not hang on the order.
        mutants = fsum(chance * _AGAIN ** seen[mutant] for mutant, chance in one.chances.items())
        return _CLAUSE * len(one.clauses - clauses) + mutants

    def take(number: int) -> None:
        for mutant, chance in scripts[number].chances.items():
            seen[mutant] += chance
        clauses.update(scripts[number].clauses)

    requests = {n: one.requests for n, one in scripts.items()}
    return _in_order(requests, gain, take, most, _LENGTH)


def _in_order(
    requests: Mapping[int, int],
    gain: Callable[[int], float],
    take: Callable[[int], None],
    most: int,
    power: float = 1.0,
) -> Iterator[int]:
    """Yield those first that gain most for their requests (to that power), when it is their turn.

    What one gains only gets less: it is looked at again when its turn comes.
    """
    left = most
    cost = {one: count**power for one, count in requests.items()}
    heap = [(-gain(one) / cost[one], one) for one in requests]
    heapq.heapify(heap)
    while heap and left > 0:
        told, one = heapq.heappop(heap)
        now = -gain(one) / cost[one]
        if now > told and heap and now > heap[0][0]:
            heapq.heappush(heap, (now, one))
        elif now < 0:
            yield one
            left -= requests[one]
            take(one)
