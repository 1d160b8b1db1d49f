"""What scenarios would notice: each is played against references that leave a clause out.

``conformance/write_catalogue.py`` writes the file, which ``tells.py`` reads.
"""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from conformance.corpus.rehearsal import Rehearsal, rehearse_probing
from conformance.corpus.tells import FILES, PROBES, Told
from conformance.corpus.written import read_corpus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.corpus.rehearsal import Rehearsed
    from conformance.corpus.written import Written

PROCESSES = 2
_CHUNK = 50


def noticed(known: Mapping[str, Told], *, processes: int = PROCESSES) -> dict[str, Told]:
    """Return what all scenarios and the probes tell; of those that are known, what is known."""
    every = sorted((*_scenarios(), PROBES))
    found = {name: known[name] for name in every if name in known}
    return found | _seen([name for name in every if name not in known], processes)


def _seen(names: Sequence[str], processes: int) -> dict[str, Told]:
    """Play scenarios, and return what they tell."""
    chunks = [names[first : first + _CHUNK] for first in range(0, len(names), _CHUNK)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        exercised = {name: fired for part in pool.map(exercised_by, chunks) for name, fired in part}
        mutants: dict[str, list[str]] = defaultdict(list)
        for name, fired in exercised.items():
            for clause_id in fired:
                mutants[clause_id].append(name)
        told: dict[str, set[str]] = {name: set() for name in names}
        for clause_id, found in zip(mutants, pool.map(objected, *_columns(mutants)), strict=True):
            for name, operations in found:
                told[name].update(f"{clause_id} {operation}" for operation in operations)
    return {name: Told(tuple(sorted(exercised[name])), tuple(sorted(told[name]))) for name in names}


def _columns(mutants: dict[str, list[str]]) -> tuple[list[str], list[list[str]]]:
    return list(mutants), list(mutants.values())


def exercised_by(ids: list[str]) -> list[tuple[str, list[str]]]:
    """Return the clauses that each of these scenarios exercises."""
    rehearsals = _Rehearsals(frozenset())
    return [(name, sorted(rehearsals.play(name).exercised)) for name in ids]


def objected(clause_id: str, ids: list[str]) -> list[tuple[str, list[str]]]:
    """Return to which operations' answers the judge objects in each of these scenarios.

    They are played against a reference that leaves the clause out.
    """
    rehearsals = _Rehearsals(frozenset({clause_id}))
    return [
        (name, sorted({one.operation for one in rehearsals.play(name).findings})) for name in ids
    ]


class _Rehearsals:
    """A reference for each kind of scenario; all leave the same out."""

    def __init__(self, without: frozenset[str]) -> None:
        self._without = without
        self._made: dict[tuple[bool, bool], Rehearsal] = {}

    def play(self, name: str) -> Rehearsed:
        if name == PROBES:
            return rehearse_probing(self._without)
        told = _scenarios()[name]
        kind = (told.plain_http, told.blocked)
        if kind not in self._made:
            self._made[kind] = Rehearsal(
                plain_http=told.plain_http, blocked=told.blocked, without=self._without
            )
        return self._made[kind].glance(told)


@cache
def _scenarios() -> dict[str, Written]:
    return {one.id: one for file in FILES for one in read_corpus(file).scenarios}
