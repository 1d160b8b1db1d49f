"""What may be behind divergences that come after others, on the same things: what went before.

It takes more than that they were met there each time: the clauses must have held elsewhere, or else
it is not known what they have to do with it. What stands in the same answer takes more still: they
must have held in answers of the same operation, since one that is always wrong goes with anything.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from math import lgamma, log
from typing import TYPE_CHECKING

from conformance.causes import ENOUGH, PARTS, Cause, shown_part
from model.findings import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.causes import Ways
    from conformance.parts import Found
    from conformance.surroundings import Surroundings
    from conformance.verdict import Borne, Tally, Way

    Told = Callable[[Surroundings], bool]

CHANCE = 0.05
"""What is likelier than that may be chance, of all that is compared together."""


def changes(left: Sequence[Found], ways: Ways, counted: Tally) -> Iterator[Cause]:
    """Yield the broken clauses that say that something stays as it was.

    Such a clause explains what is wrong of the same things once it was seen to be broken. Where it
    is broken again and again, it explains what it may have brought about unseen, too.
    """
    noted = [one for one in left if _always(ways[one.id], partial(_is_noted, one.clause))]
    for clause in sorted({one.clause for one in noted}):
        told, seen = partial(_is_noted, clause), partial(_is_changed, clause)
        own = [one for one in noted if one.clause == clause]
        among = {one.id for one in own}
        for one in left:
            met = ways[one.id]
            if _always(met, seen) and _holds_without(seen, one, counted):
                among.add(one.id)
            often = min(sum(o.occurrences for o in own), _weight(one, met)) >= ENOUGH
            if often and _always(met, told) and _holds_without(told, one, counted):
                among.add(one.id)
        why = f"{clause} is broken: what was to stay as it was has changed"
        yield Cause(why, partial(_is_told, told), 2, clause=clause, among=frozenset(among))


def companions(left: Sequence[Found], ways: Ways, counted: Tally) -> Iterator[Cause]:
    """Yield the divergences that others were met with each time, which is no chance.

    They stand in the same answer; or before it, where they show that something is encrypted,
    configured or kept otherwise than it should be.
    """
    chance = log(CHANCE / max(1, len(left) * (len(left) - 1)))
    for first in left:
        if any(way.is_outcome for way in ways[first.id]):
            continue
        lasts = all(shown_part(way) in PARTS for way in ways[first.id])
        told = partial(_is_met, frozenset((first.id, *first.aliases)), lasts)
        among = frozenset(
            one.id for one in left if _log_chance(told, one, ways[one.id], counted) <= chance
        )
        why = f"they show where {first.clause} is broken, and nowhere else"
        yield Cause(why, partial(_is_told, told), 2, first, among=among)


def _is_noted(clause: str, around: Surroundings) -> bool:
    return clause in around.kept


def _is_changed(clause: str, around: Surroundings) -> bool:
    return clause in around.changed


def _is_met(signatures: frozenset[str], lasts: bool, around: Surroundings) -> bool:
    return bool(signatures & (around.beside | around.after if lasts else around.beside))


def _is_told(told: Told, way: Way) -> bool:
    return told(_informative(way))


def _informative(way: Way) -> Surroundings:
    """Return what is known of where a divergence was met, which could have been otherwise.

    Where a request was taken that must be refused, the answer shows what a refusal never shows.
    """
    return way.around._replace(beside=frozenset()) if way.kind is Kind.ACCEPTED else way.around


def _always(ways: frozenset[Way], told: Told) -> bool:
    return bool(ways) and all(told(way.around) for way in ways)


def _weight(one: Found, ways: frozenset[Way]) -> int:
    """Return how much a divergence says: one about success and refusal, more than a field."""
    return max(one.occurrences, ENOUGH * all(way.is_outcome for way in ways))


def _held(one: Found, counted: Tally) -> Counter[Borne]:
    """Return where the clause held, and how often."""
    return counted.borne_out.get(one.clause, Counter())


def _holds_without(told: Told, one: Found, counted: Tally) -> bool:
    held = _held(one, counted)
    return sum(count for borne, count in held.items() if not told(borne.around)) >= ENOUGH


def _log_chance(told: Told, one: Found, ways: frozenset[Way], counted: Tally) -> float:
    """Return how likely it is chance that a clause was broken only where that had been told.

    That is a logarithm. It is sure to be chance where the clause was not broken often enough, did
    not hold elsewhere often enough, or held there often. Of answers, those of other operations do
    not count.
    """
    broken = one.occurrences
    operations = {way.operation for way in ways}
    held = {b: n for b, n in _held(one, counted).items() if b.operation in operations}
    there = sum(count for borne, count in held.items() if told(borne.around))
    elsewhere = sum(held.values()) - there
    if min(broken, elsewhere) < ENOUGH or there >= broken:
        return 0.0
    return _log_comb(there + broken, broken) - _log_comb(there + elsewhere + broken, broken)


def _log_comb(all_of_them: int, some: int) -> float:
    """Return the logarithm of the number of ways to choose some: the number itself is too large."""
    return lgamma(all_of_them + 1) - lgamma(some + 1) - lgamma(all_of_them - some + 1)
