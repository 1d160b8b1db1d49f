"""One phase by itself against a server in this process, as tests play it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.ablation import PREFIX, Noticed, open_session, probed_setting
from conformance.exploring import Explorer
from conformance.phase import Phase
from targets.faulty.server import with_fault
from targets.reference import ReferenceConnection

if TYPE_CHECKING:
    from conformance.agenda import Progress
    from conformance.phase import Plan, Setting
    from conformance.session import Session, Step
    from model.findings import Finding
    from model.operation import Operation
    from targets.faulty.fault import Fault


@dataclass(slots=True)
class Played:
    """What came of it: requests sent, findings, how far the stages came, each with its steps."""

    requests: int
    findings: list[Finding]
    reached: dict[str, Progress]
    sequences: list[list[Operation]]

    def of(self, wanted: str) -> list[list[Operation]]:
        """Return the sequences of one stage."""
        done = 0
        for stage, progress in self.reached.items():
            if stage == wanted:
                return self.sequences[done : done + progress.done]
            done += progress.done
        raise KeyError(wanted)


def play_phase(
    plan: Plan,
    *,
    requests: int,
    without: frozenset[str] = frozenset(),
    secure: bool = True,
    stop: bool = False,
    fault: Fault | None = None,
) -> Played:
    """Play a plan; ``stop`` at the first finding. The probes are not held against the server."""
    session = open_session(without=without, requests=requests, sse_c_over_http=secure)
    if fault is not None:
        _plant(session, fault)
    setting = probed_setting(session)
    before = session.counts.requests
    findings: list[Finding] = []
    sequences: list[list[Operation]] = []

    def met(_: list[Step], step: Step) -> None:
        findings.extend(step.findings)
        if stop:
            raise Noticed(step.findings)

    def ended() -> None:
        sequences.append([step.request for step in session.steps])

    explorer = Explorer(
        session=session,
        prefix=PREFIX,
        setting=setting,
        on_finding=met,
        between=ended,
        phases=(Phase(name="it", percent=100, plan=plan),),
    )
    with contextlib.suppress(Noticed):
        explorer.explore()
    reached = {stage: progress for (_, stage), progress in explorer.reached.items()}
    return Played(session.counts.requests - before, findings, reached, sequences)


def _plant(session: Session, fault: Fault) -> None:
    """Let the session's server have a fault."""
    connection = session.connection
    if not isinstance(connection, ReferenceConnection):
        raise TypeError(f"a reference is needed, not {connection!r}")
    faulty = with_fault(connection.reference, fault)
    session.connection = replace(connection, reference=faulty)


def without_capabilities(setting: Setting, *names: str) -> Setting:
    """Return the setting of a target that lacks these capabilities."""
    left = frozenset(one for one in setting.capabilities if one.value not in names)
    return replace(setting, capabilities=left)
