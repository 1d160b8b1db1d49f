"""Which scripts show which mutants: where the judge objects to an answer of the mutant."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from math import log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from conformance.ablation import Noticed, open_session, probed_setting, raise_noticed
from conformance.clearing import remove_what_was_made
from conformance.ranking.circumstances import ANY
from conformance.ranking.mutants import CACHED, CLAUSE, Trigger, Watcher, mutant_of
from conformance.ranking.scripts import every_script, explorer_of
from targets.errors import TargetUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.session import Step

PROCESSES = 2
MUTANTS = {
    CLAUSE: 2400,
    "kept": 2100,
    "unread": 1200,
    "default": 900,
    "remembered": 450,
    "silent": 450,
    "stale": 600,
    CACHED: 600,
    "revived": 240,
    "refused": 450,
}
"""How many mutants are made of each way of going wrong. Half of them go wrong in any circumstance,
as far as there are so many of these; of clauses all that can be left out in an operation are among
them."""
MEETS = 10
"""A mutant meets so many of the scripts in which its trigger is, or all. More mutants that meet few
tell more than few that meet many."""
_CHUNK = 10


class Killing(NamedTuple):
    """What playing a script against mutants came to; ``requests`` are those that it takes.

    ``chances`` are those that it shows a mutant: 1 where it does. One that it did not meet it shows
    as likely as those scripts do that met it. ``clauses`` are the clauses of which it tells.
    """

    requests: int
    chances: Mapping[Trigger, float]
    clauses: frozenset[str]


def killings(numbers: Sequence[int], *, processes: int = PROCESSES) -> dict[int, Killing]:
    """Return for each of these scripts which mutants it shows, and its length in requests."""
    requests, met = {}, defaultdict(list)
    for number, length, triggers in _watched(numbers):
        requests[number] = length
        for trigger in triggers:
            met[trigger].append(number)
    jobs = [(one, _some(one, met[one])) for one in chosen(met)]
    found: dict[int, dict[Trigger, float]] = {number: {} for number in numbers}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        for (trigger, tried), shown_by in zip(
            jobs, pool.map(_shown_by, jobs, chunksize=_CHUNK), strict=True
        ):
            for number, chance in chances(met[trigger], tried, shown_by):
                found[number][trigger] = chance
    return {
        n: Killing(
            requests[n], found[n], told_by(t for t, chance in found[n].items() if chance == 1)
        )
        for n in numbers
    }


def shown_by_probes(
    mutants: Iterable[Trigger], *, processes: int = PROCESSES
) -> frozenset[Trigger]:
    """Return those of the mutants that are shown before the first script, by the probes."""
    watcher = Watcher()
    session = open_session(requests=10**9, fault=watcher)
    probed_setting(session)
    met = watcher.triggers | set(_clauses(session.steps, watcher.met))
    jobs = sorted(met & set(mutants))
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        told = pool.map(_is_shown_by_probes, jobs, chunksize=_CHUNK)
        return frozenset(one for one, is_shown in zip(jobs, told, strict=True) if is_shown)


def _is_shown_by_probes(trigger: Trigger) -> bool:
    session = open_session(requests=10**9, fault=mutant_of(trigger))
    try:
        probed_setting(session)
    except TargetUnavailable:
        return True
    return any(step.findings for step in session.steps)


def chances(
    met: Iterable[int], tried: Sequence[int], shown_by: Sequence[int]
) -> Iterator[tuple[int, float]]:
    """Yield each script that may show a mutant, with how likely it does.

    Its trigger is in the scripts ``met``, of which those ``tried`` were played.
    """
    for number in met:
        if number in shown_by:
            yield number, 1.0
        elif number not in tried and shown_by:
            yield number, len(shown_by) / len(tried)


def told_by(mutants: Iterable[Trigger]) -> frozenset[str]:
    """Return the clauses of which it tells to show these mutants."""
    return frozenset(one.what for one in mutants if one.way == CLAUSE)


def chosen(triggers: Iterable[Trigger]) -> list[Trigger]:
    """Return the triggers of which mutants are made: of each way some, by a draw that stays."""
    by_way: dict[str, list[Trigger]] = defaultdict(list)
    for one in triggers:
        by_way[one.way].append(one)
    found = []
    for way, many in MUTANTS.items():
        of_any = _in_drawn_order(one for one in by_way[way] if one.circumstance == ANY)
        others = _in_drawn_order(one for one in by_way[way] if one.circumstance != ANY)
        first = of_any if way == CLAUSE else of_any[: many // 2]
        found += [*first, *others[: max(0, many - len(first))]]
    return found


def _in_drawn_order(triggers: Iterable[Trigger]) -> list[Trigger]:
    """Return them as they are drawn.

    Of an operation of which there are four times as many, twice as many come first: a seldom one
    is not forgotten.
    """
    many = list(triggers)
    of_operation = Counter(one.operation for one in many)

    def turn(one: Trigger) -> float:
        drawn = (int.from_bytes(_drawn(one)[:8], "big") + 1) / (2**64 + 1)
        return -log(drawn) * sqrt(of_operation[one.operation])

    return sorted(many, key=turn)


def _some(trigger: Trigger, numbers: Sequence[int]) -> list[int]:
    return sorted(numbers, key=lambda number: _drawn((trigger, number)))[:MEETS]


def _drawn(one: object) -> bytes:
    return hashlib.sha256(repr(one).encode()).digest()


def _watched(numbers: Sequence[int]) -> Iterator[tuple[int, int, set[Trigger]]]:
    """Play scripts against a right server; yield what there is to be done wrongly in each."""
    watcher = Watcher()
    explorer = explorer_of(watcher)
    session = explorer.session
    for number in numbers:
        watcher.forget()
        before = session.counts.requests
        explorer.perform(every_script()[number].script)
        triggers = watcher.triggers | set(_clauses(session.steps, watcher.met))
        remove_what_was_made(session)
        yield number, session.counts.requests - before, triggers


def _clauses(steps: Iterable[Step], met: Sequence[tuple[str, frozenset[str]]]) -> Iterator[Trigger]:
    """Yield the clauses that spoke of each step, each as one that a server may not know of."""
    for step, (operation, circumstances) in zip(steps, met, strict=False):
        if operation != step.request.operation:
            return  # the server did not get as far as to understand one of them
        for clause in step.clauses:
            yield from (Trigger(operation, one, CLAUSE, clause) for one in circumstances)


def _shown_by(job: tuple[Trigger, Sequence[int]]) -> list[int]:
    """Return which of the scripts show the mutant."""
    trigger, numbers = job
    return [number for number in numbers if shows(trigger, number)]


def shows(trigger: Trigger, number: int) -> bool:
    """Tell whether the judge objects when the script meets the mutant."""
    explorer = explorer_of(mutant_of(trigger), raise_noticed)
    try:
        explorer.perform(every_script()[number].script)
    except Noticed:
        return True
    return False
