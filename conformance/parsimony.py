"""Divergences that one defect explains are one divergence: the others stand beside it.

The judge looks at one answer at a time, and names the clause that speaks of it. A defect can break
several: a server that refuses each PutBucketEncryption breaks all that say what one may put. Only
the whole run shows that they are one. Nothing is hidden: the others keep their id, their clause,
which counts as failed, and their proof.

What breaks one clause is one divergence. More makes divergences one, each of which must hold for
*every* time that each was met (``causes.py``):

- *one clause*: it is among those that can be blamed for what each shows, and was broken by itself,
  in the same field and way; or it is blamed for the encryption that is shown where a request was
  taken that must be refused, and the clause that says so is about the same feature;
- *one refusal*: sound requests of one operation are refused with one error, whatever they are
  about, or what is there is missing for all operations;
- *one oversight*: what is not there is named, and that is not noticed, whoever names it;
- *one answer*: one field of one operation's answers is wrong, or the status of its successes,
  whichever clause speaks of it;
  encryption, a configuration and the parts of an upload are one field, as an object's data is for
  all operations;
- *one decision*: encryption is wrong in whatever clauses of one topic decide it.

The last four take ``ENOUGH`` clauses, and so does the first where its clause was never broken by
itself: two that are broken alike may each have a defect of its own.

Then there is what went before in the same sequence, on the same things (``aftermath.py``):

- *one change*: what was to stay as it was did not, which a clause says that was seen to be broken;
- *one companion*: something was shown to be encrypted, or configured, otherwise than it should be,
  and where that was not so, nothing was wrong in answers of the same operation; which is no chance,
  however many are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.aftermath import changes, companions
from conformance.causes import answers, clauses, oversights, refusals, topics
from model.findings import Kind, Severity, signature_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.causes import Cause
    from conformance.parts import Found
    from conformance.verdict import Tally, Way
    from conformance.waivers import Waivers


@dataclass(frozen=True, slots=True)
class Group:
    """A divergence, those that the same defect explains, and why they are held to be one."""

    first: Found
    others: tuple[Found, ...] = ()
    why: str = ""
    waived: dict[str, str] | None = None
    named: bool = False
    """Whether the first was never met by itself: it stands for a clause that explains the rest."""

    @property
    def met(self) -> tuple[Found, ...]:
        """Those that were met."""
        return self.others if self.named else (self.first, *self.others)

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
    groups = [Group(one) for one in sorted(found, key=_order)]
    for causes in (changes, refusals, oversights, clauses, answers, topics, companions):
        while joined := _widest(causes(_leaders(groups), ways, counted), groups, ways):
            groups = joined
    return _one_of_each_clause(groups)


def _leaders(groups: Iterable[Group]) -> list[Found]:
    return [group.first for group in groups if not group.named]


def _one_of_each_clause(groups: Sequence[Group]) -> list[Group]:
    """Join divergences of one clause, which is broken in several ways."""
    told: list[Group] = []
    for group in sorted(groups, key=lambda one: (-len(one.others), _order(one.first))):
        place = next((i for i, known in enumerate(told) if _has_clause_of(known, group)), None)
        if place is None:
            told.append(group)
            continue
        known, clause = told[place], group.first.clause
        told[place] = replace(
            known,
            others=(*known.others, *group.met),
            why=known.why or f"all of them break {clause}",
        )
    return told


def _has_clause_of(known: Group, group: Group) -> bool:
    """Tell whether a clause that leads stands in a group already, and is no rarer there."""
    first = group.first
    return known.first.clause == first.clause or any(
        one.clause == first.clause and one.occurrences >= first.occurrences for one in known.others
    )


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
    causes: Iterable[Cause], groups: Sequence[Group], ways: Mapping[str, frozenset[Way]]
) -> list[Group] | None:
    """Return the groups, those joined that one cause explains: the cause that explains most.

    None where none explains enough.
    """
    best: Group | None = None
    joined: list[Group] = []
    for cause in causes:
        told = [group for group in groups if _is_explained(group, cause, ways)]
        met = sorted((one for group in told for one in group.met), key=_order)
        fewest = cause.enough if best is None else len(best.met) + 1
        alike = {Kind(one.kind) for one in met}
        if len(told) > 1 and len(met) >= fewest and (cause.kind is None or cause.kind in alike):
            best, joined = _led(cause, met), told
    if best is None:
        return None
    left = [group for group in groups if not any(group is one for one in joined)]
    return sorted([best, *left], key=lambda group: _order(group.first))


def _led(cause: Cause, met: Sequence[Found]) -> Group:
    """Return what a cause explains as a group, with the one that leads."""
    own = [one for one in met if one.clause == cause.clause]
    first = cause.first or _named(_leading(own or met), cause.clause)
    others = tuple(one for one in met if one is not first)
    return Group(first, others, cause.why, named=len(others) == len(met))


def _is_explained(group: Group, cause: Cause, ways: Mapping[str, frozenset[Way]]) -> bool:
    """Tell whether a cause explains each time that each divergence of a group was met."""
    return group.first is cause.first or all(
        ways[one.id]
        and (cause.among is None or one.id in cause.among)
        and all(map(cause.explains, ways[one.id]))
        for one in group.met
    )


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
