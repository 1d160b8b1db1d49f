"""Divergences that one defect explains are one divergence: the others stand beside it.

The judge looks at one answer at a time, and names the clause that speaks of it. A defect can break
several: a server that refuses each PutBucketEncryption breaks all that say what one may put. Only
the whole run shows that they are one. Nothing is hidden: the others keep their id, their clause,
which counts as failed, and their proof.

What breaks one clause is one divergence. Three things more make divergences one, each of which must
hold for *every* time that each was met:

- *one clause*: it is among those that can be blamed for what each shows, and was broken by itself,
  in the same field and way; or it is blamed for what else is wrong where a request was taken that
  must be refused;
- *one refusal*: sound requests of one operation are refused with one error, whatever they are
  about, or what is there is missing for all operations;
- *one answer*: one field of one operation's answers is wrong, whichever clause speaks of it.

The last two take ``ENOUGH`` clauses, and so does the first where its clause was never broken by
itself: two that are broken alike may each have a defect of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from model.findings import Kind, Severity, signature_of
from model.request import ENCRYPTION_HEADERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.parts import Found
    from conformance.verdict import Tally, Way
    from conformance.waivers import Waivers

ENOUGH = 3
"""So many clauses are broken alike before that is held to be one defect."""
_MISSING = {
    "404 NoSuchBucket": "a bucket",
    "404 NoSuchKey": "an object",
    "404 NoSuchVersion": "an object",
    "404 NoSuchUpload": "an upload",
}
"""Errors that say that something is not there, which then holds for all operations."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What may be behind several divergences: the ways of showing that it explains.

    ``enough`` are the divergences that it takes. ``first`` is the one that is the cause itself;
    ``clause`` is the clause that is, where nothing else is known of it.
    """

    why: str
    explains: Callable[[Way], bool]
    enough: int
    first: Found | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A divergence, those that the same defect explains, and why they are held to be one."""

    first: Found
    others: tuple[Found, ...] = ()
    why: str = ""
    waived: dict[str, str] | None = None

    @property
    def severity(self) -> str:
        """That of the worst of them."""
        found = (self.first, *self.others)
        return min((Severity(one.severity) for one in found), key=lambda s: s.rank).value

    @property
    def broken(self) -> list[str]:
        """The clauses for which they stand."""
        return list(dict.fromkeys(c for one in (self.first, *self.others) for c in one.broken))


def open_and_waived(found: Sequence[Found], counted: Tally, waivers: Waivers) -> list[Group]:
    """Return the divergences, each with its waiver where one covers it.

    A waiver covers what it names and nothing beside it: what else the same defect explains stands
    by itself then. Only where a clause leads that was never broken by itself, its id covers all.
    """
    told: list[Group] = []
    left: list[Found] = []
    for one in found:
        waived = waivers.of(one.id, one.clause, [s["operation"] for s in one.symptoms])
        if waived is None:
            left.append(one)
        else:
            told.append(Group(one, waived=waived))
    for group in grouped(left, counted):
        everything = (group.first, *group.others)
        operations = [s["operation"] for one in everything for s in one.symptoms]
        waived = waivers.of(group.first.id, "", operations)
        told.append(group if waived is None else replace(group, waived=waived))
    return told


def grouped(found: Sequence[Found], counted: Tally) -> list[Group]:
    """Return the divergences, each once: by itself, or beside the one that explains it."""
    ways = {one.id: _ways(one, counted) for one in found}
    left = sorted(found, key=_order)
    groups: list[Group] = []
    for causes in (_refusals, _clauses, _answers):
        while best := _widest(list(causes(left, ways)), left, ways):
            groups.append(best)
            taken = {one.id for one in (best.first, *best.others)}
            left = [one for one in left if one.id not in taken]
    return _one_of_each_clause([*groups, *(Group(one) for one in left)])


def _one_of_each_clause(groups: Sequence[Group]) -> list[Group]:
    """Join divergences of one clause, which is broken in several ways."""
    by_clause: dict[str, Group] = {}
    for group in sorted(groups, key=lambda one: (-len(one.others), _order(one.first))):
        known = by_clause.setdefault(group.first.clause, group)
        if known is not group:
            by_clause[group.first.clause] = replace(
                known,
                others=(*known.others, group.first, *group.others),
                why=known.why or f"all of them break {group.first.clause}",
            )
    return list(by_clause.values())


def _ways(one: Found, counted: Tally) -> frozenset[Way]:
    """Return all the ways in which a divergence was met."""
    return frozenset(
        way for signature in (one.id, *one.aliases) for way in counted.ways.get(signature, ())
    )


def _order(one: Found) -> tuple[bool, bool, int, str, str]:
    """Put wrong refusals last; first comes what is confirmed, what harms.

    How long its sequence is does not count: with another seed it is another.
    """
    return (*_weight(one), one.clause, one.kind)


def _weight(one: Found) -> tuple[bool, bool, int]:
    return one.kind == Kind.ERROR, one.reproduced < one.tries, Severity(one.severity).rank


def _leading(told: Sequence[Found]) -> Found:
    """Return which of several leads, so that their id is the same with another seed.

    That is the first of those that a run meets half as often as any: a rare one may be missing.
    """
    alike = [one for one in told if _weight(one) == _weight(told[0])]
    most = max(one.occurrences for one in alike)
    return next(one for one in alike if 2 * one.occurrences >= most)


def _widest(
    causes: Sequence[Cause], left: Sequence[Found], ways: dict[str, frozenset[Way]]
) -> Group | None:
    """Return what the cause explains that explains most; None where none explains enough."""
    best: Group | None = None
    for cause in causes:
        told = [
            one
            for one in left
            if one is cause.first or (ways[one.id] and all(map(cause.explains, ways[one.id])))
        ]
        if len(told) < cause.enough or (best is not None and len(told) <= len(best.others) + 1):
            continue
        own = [one for one in told if one.clause == cause.clause]
        first = cause.first or (own[0] if own else _named(_leading(told), cause.clause))
        best = Group(first, tuple(one for one in told if one is not first), cause.why)
    return best


def _named(one: Found, clause: str) -> Found:
    """Return a divergence as one of another clause that can be blamed for it."""
    if clause in {"", one.clause}:
        return one
    return replace(
        one,
        id=signature_of(clause, Kind(one.kind)),
        clause=clause,
        clauses=[clause, *(c for c in one.clauses if c != clause)],
        broken=[clause],
    )


def _refusals(left: Sequence[Found], ways: dict[str, frozenset[Way]]) -> Iterator[Cause]:
    """Yield the errors with which sound requests are refused, of one operation and of all."""
    seen = {w for one in left for w in ways[one.id] if w.kind is Kind.REFUSED}
    for what in sorted({_MISSING[w.error] for w in seen if w.error in _MISSING}):
        why = f"{what} that is there is said to be missing"
        yield Cause(why, partial(_is_refused, None, what), ENOUGH)
    for operation, what in sorted({(w.operation, _said(w.error)) for w in seen}):
        why = f"{operation} is refused ({what}), whatever it is about"
        yield Cause(why, partial(_is_refused, operation, what), ENOUGH)


def _said(error: str) -> str:
    """Return what an error says: that something is missing, or else itself."""
    return _MISSING.get(error, error)


def _is_refused(operation: str | None, what: str, way: Way) -> bool:
    """Tell whether the answer was an error that says that; one to a HEAD has no code."""
    if way.kind not in {Kind.REFUSED, Kind.ERROR} or operation not in {None, way.operation}:
        return False
    errors = [error for error in (*_MISSING, what) if _said(error) == what]
    return way.error in {*errors, *(error.partition(" ")[0] for error in errors)}


def _clauses(left: Sequence[Found], ways: dict[str, frozenset[Way]]) -> Iterator[Cause]:
    """Yield the broken clauses, each with the ways in which it shows by itself."""
    for first in left:
        shown = frozenset((way.field, way.kind, way.error) for way in ways[first.id])
        why = f"{first.clause} speaks of them all"
        yield Cause(why, partial(_is_blamed, first.clause, shown), 2, first)
    seen = {w for one in left for w in ways[one.id] if not w.is_outcome}
    for clause in sorted({clause for way in seen for clause in way.clauses}):
        shown = frozenset((w.field, w.kind, w.error) for w in seen if clause in w.clauses)
        why = f"{clause} speaks of them all"
        yield Cause(why, partial(_is_blamed, clause, shown), ENOUGH, clause=clause)


def _is_blamed(clause: str, shown: frozenset[tuple[str, Kind, str]], way: Way) -> bool:
    """Tell whether the clause can be blamed, broken as it shows when it is broken alone."""
    if clause in way.clauses and (way.field, way.kind, way.error) in shown:
        return True
    return any(one == clause and (field, kind, "") in shown for field, kind, one in way.beside)


def _answers(left: Sequence[Found], ways: dict[str, frozenset[Way]]) -> Iterator[Cause]:
    """Yield what is wrong in the answers of one operation: its encryption, or another field."""
    shown = {(w.operation, _part(w)) for one in left for w in ways[one.id] if not w.is_outcome}
    for operation, part in sorted(shown):
        why = f"the answer to {operation} shows the wrong {part}, whatever decides it"
        yield Cause(why, partial(_is_shown, operation, part), ENOUGH)


def _is_shown(operation: str, part: str, way: Way) -> bool:
    return not way.is_outcome and way.operation == operation and _part(way) == part


def _part(way: Way) -> str:
    return "encryption" if way.field in ENCRYPTION_HEADERS else way.field
