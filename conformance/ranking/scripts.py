"""The scripts that can be ranked: those of stages that end soon, each with its place and names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from conformance.ablation import PREFIX, able_setting, open_session
from conformance.exploring import Explorer
from conformance.phase import every_phase
from conformance.ranking.ranks import stage_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.phase import Phase, Script, Setting, Stage
    from conformance.session import Session, Step
    from targets.faulty.fault import Fault

LONGEST = 1000
"""Stages of more scripts than that are not ranked: they are for those who have much time."""


class Known(NamedTuple):
    """A script: where it stands, the names of what is played in it, and itself."""

    phase: str
    stage: str
    names: tuple[str, ...]
    script: Script


@cache
def every_script() -> tuple[Known, ...]:
    """Return every script of the stages that end soon, in each phase up to the first long one."""
    return tuple(
        Known(phase, stage_key(stage), stage.names_of(number), script)
        for phase, stage in _stages()
        for number, script in enumerate(stage.scripts)
    )


def every_stage() -> dict[str, list[str]]:
    """Return the stages whose scripts can be ranked, by phase; some of them have none."""
    found: dict[str, list[str]] = {}
    for phase, stage in _stages():
        found.setdefault(phase, []).append(stage_key(stage))
    return found


def _stages() -> Iterator[tuple[str, Stage]]:
    setting = able_setting(open_session(requests=100))
    for phase in every_phase():
        yield from ((phase.name, stage) for stage in short_stages(phase, setting))


def short_stages(phase: Phase, setting: Setting) -> Iterator[Stage]:
    """Yield the stages of a phase up to the first that takes long."""
    for stage in phase.plan(setting):
        if stage.planned is None or stage.planned > LONGEST:
            return
        yield stage


def explorer_of(
    fault: Fault | None = None, on_finding: Callable[[list[Step], Step], None] | None = None
) -> tuple[Explorer, Session]:
    """Return what plays scripts against a fresh reference, which may have a fault.

    Its KMS keys have the same names each time, so that the scripts of one fit all.
    """
    session = open_session(requests=10**9, fault=fault)
    explorer = Explorer(
        session=session,
        prefix=PREFIX,
        setting=able_setting(session),
        on_finding=on_finding or (lambda *_: None),
        between=lambda: None,
        phases=(),
    )
    return explorer, session
