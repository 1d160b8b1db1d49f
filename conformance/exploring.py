"""Explore: play the scripts of all phases against one session, until its budget is spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.agenda import Agenda
from conformance.chooser import Chooser
from conformance.clearing import remove_what_was_made
from conformance.phase import Phase, Setting, every_phase
from conformance.requests import Requests
from conformance.session import BudgetSpentError
from conformance.universe import OBJECT_KEYS, ODD_KEYS, Universe
from model.bucket_kind import DIRECTORY_SUFFIX
from model.clause import Capability

if TYPE_CHECKING:
    from conformance.agenda import Progress
    from conformance.phase import Script
    from conformance.session import Session, Step

Met = Callable[[list["Step"], "Step"], None]


@dataclass(slots=True, kw_only=True)
class Explorer:
    """Plays the phases, each in its share, until the session's budget is spent.

    ``prefix`` starts the names of buckets. This is worker ``index`` of ``count``. ``on_finding`` is
    called with the steps so far and the step that has findings, while the sequence goes on;
    ``between`` is called between sequences.
    """

    session: Session
    prefix: str
    setting: Setting
    on_finding: Met
    between: Callable[[], None]
    index: int = 0
    count: int = 1
    phases: tuple[Phase, ...] = field(default_factory=every_phase)
    agenda: Agenda = field(init=False)
    _played: int = 0

    def __post_init__(self) -> None:
        if not self.setting.has(Capability.MULTI_DELETE):
            self.session.deletes_several = False
        self.agenda = Agenda(
            phases=self.phases, setting=self.setting, index=self.index, count=self.count
        )

    @property
    def reached(self) -> dict[tuple[str, str], Progress]:
        """How far each stage of each phase came."""
        return self.agenda.reached

    def explore(self) -> None:
        """Play scripts until the budget is spent; called again, go on where it stopped.

        Raises TargetLostError.
        """
        while not self.session.budget.is_spent:
            lane = self.agenda.next()
            if lane is None or lane.ahead is None:
                return
            before = self.session.counts.requests
            self.session.phase = lane.ahead.phase
            done = self.play(lane.ahead.script)
            self.agenda.note(lane, self.session.counts.requests - before, done=done)
            self.between()

    def play(self, script: Script) -> bool:
        """Play one script, and remove afterwards what it made; tell whether it came to its end."""
        try:
            self.perform(script)
        except BudgetSpentError:
            return False
        finally:
            remove_what_was_made(self.session)
        return True

    def perform(self, script: Script) -> None:
        """Play one script, and leave what it made. Raises BudgetSpentError."""
        universe = self._universe()
        self._played += 1
        self.session.begin(f"s-{self._played}")
        build = Requests(Chooser(b""), universe, self.session)
        for request in script(build):
            step = self.session.send(request)
            if step.findings:
                self.on_finding(list(self.session.steps), step)

    def _universe(self) -> Universe:
        """Return the names of the next sequence."""
        name = f"{self.prefix}{self._played + 1}"
        endpoint = self.session.connection.endpoint
        zone = endpoint.directory_zone + DIRECTORY_SUFFIX
        return Universe(
            # One begins like the other: what is done to one must not reach the other.
            buckets=(f"{name}-a", f"{name}-ab"),
            missing_bucket=f"{name}-none",
            secure=self.session.secure,
            region=self.session.world.context.region or "us-east-1",
            account=self.session.world.account,
            kms_keys=self.setting.kms_keys,
            capabilities=self.setting.capabilities,
            object_keys=(*OBJECT_KEYS[:2], ODD_KEYS[self._played % len(ODD_KEYS)]),
            alias=f"alias/{name}",
            directory_buckets=(f"{name}-d--{zone}", f"{name}-e--{zone}"),
            fsx_access_point=endpoint.fsx_access_point,
            # Right behind the bucket's name they would read like the alias, "...alias/NAME".
            file_keys=(f"files/{name}/a", f"files/{name}/b"),
        )
