"""What each scenario tells, as was seen when it was played: a generated file beside the others.

A scenario tells of a clause and an operation where the judge objected to that operation's answer
when the reference left the clause out. It exercises more clauses than it tells of.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from conformance.corpus.written import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILES = ("clauses.json", "more.json", "bugs.json", "observed.json")
"""Where the scenarios stand."""
TELLS = "tells.json"
PROBES = "probes"
"""What a run begins with stands beside the scenarios: what the probes tell need not be told."""


class Told(NamedTuple):
    """What one scenario exercises (clauses) and tells of (clauses, each with an operation)."""

    exercises: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


@cache
def read_tells() -> dict[str, Told]:
    """Return what each scenario tells, by its id, and what the probes do."""
    read = json.loads(resources.files(PACKAGE).joinpath(TELLS).read_bytes())
    clauses, told = read["clauses"], read["told"]
    return {
        name: Told(tuple(clauses[n] for n in exercises), tuple(told[n] for n in tells))
        for name, (exercises, tells) in read["scenarios"].items()
    }


def tells_text(found: Mapping[str, Told]) -> str:
    """Return the text of the file: all names once, and each scenario on a line of its own."""
    clauses = _numbered(name for one in found.values() for name in one.exercises)
    told = _numbered(name for one in found.values() for name in one.tells)
    lines = [
        f" {json.dumps(name)}: {json.dumps(_numbers(one, clauses, told), separators=(',', ':'))}"
        for name, one in sorted(found.items())
    ]
    return (
        f'{{"clauses": {_listed(clauses)},\n"told": {_listed(told)},\n'
        '"scenarios": {\n' + ",\n".join(lines) + "\n}}\n"
    )


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(set(names)))}


def _numbers(one: Told, clauses: Mapping[str, int], told: Mapping[str, int]) -> list[list[int]]:
    return [[clauses[name] for name in one.exercises], [told[name] for name in one.tells]]


def _listed(names: Iterable[str]) -> str:
    return "[\n" + ",\n".join(f" {json.dumps(name)}" for name in names) + "\n]"
