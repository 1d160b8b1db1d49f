"""Finding the ranks: each script is played against the reference, to see what it shows."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

from conformance.ablation import PREFIX, able_setting, open_session
from conformance.clearing import remove_what_was_made
from conformance.corpus.tells import Told, read_tells
from conformance.exploring import Explorer
from conformance.phase import every_phase
from conformance.ranking.ranks import Ranks, stage_key
from conformance.ranking.shown import KINDS, Played, Shown, played, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.phase import Phase, Setting, Stage

WORTH = dict(zip(KINDS, (100.0, 20.0, 1.0, 1.0, 5.0, 0.5), strict=True))
"""What a thing that is new is worth: the fewer there are of its kind, the more."""
LONGEST = 1000
"""Stages of more scripts than that are not ranked: they are for those who have much time."""
MOST_REQUESTS = 10_000
"""What is ranked takes about so many requests. By then nearly nothing new is left for each request,
and the phases know better, each in its way, what goes deeper."""


class Known(NamedTuple):
    """A script: where it stands, and the names of what is played in it."""

    phase: str
    stage: str
    names: tuple[str, ...]


def found_ranks() -> Ranks:
    """Return the ranks of the scripts that show most which none before them does."""
    ranks: Ranks = {}
    scripts: list[Known] = []
    seen: list[Played] = []
    for known, one in _every_script(ranks):
        scripts.append(known)
        seen.append(one)
    for rank, number in enumerate(ranked(shown(seen), MOST_REQUESTS)):
        known = scripts[number]
        names = ranks[known.phase][known.stage]
        names.update({name: rank for name in known.names if name not in names})
    return ranks


def _every_script(ranks: Ranks) -> Iterator[tuple[Known, Played]]:
    """Play every script of the stages that end soon, in each phase up to the first long one.

    Each of these stages is noted among the ranks, even where there is nothing in it.
    """
    session = open_session(requests=10**9)
    setting = able_setting(session)
    explorer = Explorer(
        session=session,
        prefix=PREFIX,
        setting=setting,
        on_finding=lambda *_: None,
        between=lambda: None,
        phases=(),
    )
    for phase in every_phase():
        for stage in _short_stages(phase, setting):
            ranks.setdefault(phase.name, {})[stage_key(stage)] = {}
            for number, script in enumerate(stage.scripts):
                names = stage.names_of(number)
                before = session.counts.requests
                explorer.perform(script)
                steps = tuple(session.steps)
                remove_what_was_made(session)
                requests = session.counts.requests - before
                tells = {told for name in names for told in _told(name)}
                yield Known(phase.name, stage_key(stage), names), played(steps, requests, tells)


def _short_stages(phase: Phase, setting: Setting) -> Iterator[Stage]:
    for stage in phase.plan(setting):
        if stage.planned is None or stage.planned > LONGEST:
            return
        yield stage


def _told(name: str) -> Iterator[str]:
    """Yield what a scenario tells: of clauses in operations, and of the clauses themselves."""
    for told in read_tells().get(name, Told()).tells:
        yield from (told, told.partition(" ")[0])


def ranked(scripts: Sequence[Shown], most: int) -> Iterator[int]:
    """Yield the places of scripts, that which shows most new per request first.

    It ends where nothing new is left, or where they take so many requests together.
    """
    left = most
    known: list[set[object]] = [set() for _ in KINDS]
    worths = tuple(WORTH.values())

    def gain(one: Shown) -> float:
        new = (len(things - old) for things, old in zip(one.things, known, strict=True))
        return sum(w * n for w, n in zip(worths, new, strict=True)) / one.requests

    # What a script shows that is new only gets less: it is looked at again when its turn comes.
    heap = [(-gain(one), place) for place, one in enumerate(scripts)]
    heapq.heapify(heap)
    while heap and left > 0:
        told, place = heapq.heappop(heap)
        now = -gain(scripts[place])
        if now > told and heap and now > heap[0][0]:
            heapq.heappush(heap, (now, place))
        elif now < 0:
            yield place
            left -= scripts[place].requests
            for old, things in zip(known, scripts[place].things, strict=True):
                old.update(things)
