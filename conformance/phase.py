"""A phase: one way to look for disagreements, with its share of what a run may spend.

A phase stands in a file of ``conformance/phases/`` and registers itself. It plans stages, and each
stage is a row of scripts: generators of requests, each of which is asked for when the answer to
the one before is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from conformance.gathering import import_files
from conformance.requests import Requests
from conformance.settings import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.universe import KeyText
    from model.clause import Capability
    from model.operation import Operation
    from model.world import World

Script = Callable[[Requests], Iterator["Operation"]]
"""The requests of one sequence."""


class Depth(StrEnum):
    """How far the phases that end go: what a run of a minute has, or what a night has."""

    QUICK = "quick"
    NIGHTLY = "nightly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a phase plans for.

    ``world`` is what is known after the set-up. ``first_seed`` differs from worker to worker: only
    a phase that never ends may look at it, for the others are divided among the workers script by
    script. ``earlier`` are result folders whose findings are to be tried first.
    """

    capabilities: frozenset[Capability]
    kms_keys: tuple[KeyText, ...]
    world: World
    first_seed: int
    depth: Depth = Depth.QUICK
    secure: bool = True
    earlier: tuple[Path, ...] = ()

    def has(self, capability: Capability) -> bool:
        """Tell whether the target has the capability."""
        return capability in self.capabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A part of a phase that is complete or not: ``planned`` scripts, None where it never ends.

    ``shared`` scripts are divided among the workers; others are every worker's own. A stage that is
    ``first`` is played before what other phases have. ``names`` are, for each script, those of what
    is played in it, where its number does not tell: of a target that lacks something, there are
    fewer.
    """

    name: str
    scripts: Iterator[Script]
    planned: int | None = None
    shared: bool = True
    first: bool = False
    names: Sequence[tuple[str, ...]] = ()

    def names_of(self, number: int) -> tuple[str, ...]:
        """Return the names of what the script of that number plays."""
        return self.names[number] if self.names else (str(number),)


Plan = Callable[[Setting], Iterator[Stage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """``percent`` is its part of what is spent while other phases still have something to do."""

    name: str
    percent: int
    plan: Plan


_phases: list[Phase] = []


def phase(name: str, *, percent: int) -> Callable[[Plan], Plan]:
    """Register the decorated function as the plan of a phase."""

    def register(plan: Plan) -> Plan:
        _phases.append(Phase(name=name, percent=percent, plan=plan))
        return plan

    return register


def wanted_phases(names: tuple[str, ...]) -> tuple[Phase, ...]:
    """Return the phases of these names, all where none is named. Raises UsageError."""
    known = {one.name: one for one in every_phase()}
    for name in names:
        if name not in known:
            raise UsageError(f"--phase {name}: there is no such phase: they are {', '.join(known)}")
    return tuple(one for one in known.values() if not names or one.name in names)


@cache
def every_phase() -> tuple[Phase, ...]:
    """Return all phases, by their names."""
    import_files("conformance.phases")
    return tuple(sorted(_phases, key=lambda one: one.name))
