"""The scripts that can be ranked: those of stages that end soon, each with its place and names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from conformance.ablation import able_setting, open_session, player_of
from conformance.phase import every_phase
from conformance.ranking.ranks import stage_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.exploring import Explorer, Met
    from conformance.phase import Phase, Script, Setting, Stage
    from targets.faulty.fault import Fault

LONGEST = 1000
"""Stages of more scripts than that are not ranked: they are for those who have much time."""


class Known(NamedTuple):
    """A script: where it stands, the names of what is played in it, and itself."""

    phase: str
    stage: str
    names: tuple[str, ...]
    script: Script


def every_script() -> tuple[Known, ...]:
    """Return every script of the stages that end soon, in each phase up to the first long one."""
    return tuple(one for scripts in _planned().values() for one in scripts)


def every_stage() -> dict[str, list[str]]:
    """Return the stages whose scripts can be ranked, by phase; some of them have none."""
    found: dict[str, list[str]] = {}
    for phase, stage in _planned():
        found.setdefault(phase, []).append(stage)
    return found


@cache
def _planned() -> dict[tuple[str, str], tuple[Known, ...]]:
    setting = able_setting(open_session(requests=100))
    return {
        (phase.name, key): tuple(
            Known(phase.name, key, stage.names_of(number), script)
            for number, script in enumerate(stage.scripts)
        )
        for phase in every_phase()
        for stage in _short_stages(phase, setting)
        for key in (stage_key(stage),)
    }


def _short_stages(phase: Phase, setting: Setting) -> Iterator[Stage]:
    """Yield the stages of a phase up to the first that takes long."""
    for stage in phase.plan(setting):
        if stage.planned is None or stage.planned > LONGEST:
            return
        yield stage


def explorer_of(fault: Fault | None = None, on_finding: Met = lambda *_: None) -> Explorer:
    """Return what plays scripts against a fresh reference, which may have a fault.

    Its KMS keys have the same names each time, so that the scripts of one fit all.
    """
    return player_of(open_session(requests=10**9, fault=fault), on_finding)
