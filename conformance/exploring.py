"""Explore: play the scripts of all phases against one session, until its budget is spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.chooser import Chooser
from conformance.clearing import remove_what_was_made
from conformance.phase import Phase, Setting, every_phase
from conformance.requests import Requests
from conformance.session import BudgetSpentError
from conformance.universe import OBJECT_KEYS, ODD_KEYS, Universe
from model.bucket_kind import DIRECTORY_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Script, Stage
    from conformance.session import Session, Step

_TURN = 25
"""Requests of a script, more or less."""
Met = Callable[[list["Step"], "Step"], None]


@dataclass(slots=True)
class Progress:
    """How far a stage came: scripts done of those planned, None where it never ends."""

    planned: int | None
    done: int = 0


@dataclass(slots=True)
class _Running:
    """A phase under way; ``spent`` counts its requests, each divided by its part at that time."""

    phase: Phase
    scripts: Iterator[tuple[Stage, Script]]
    spent: float = 0.0
    ahead: tuple[Stage, Script] | None = None

    def advance(self) -> None:
        """Go on to the next script."""
        self.ahead = next(self.scripts, None)

    @property
    def turn(self) -> float:
        """When this phase's turn comes: the one whose next script is due first is the next."""
        return self.spent + _TURN / self.percent

    @property
    def percent(self) -> int:
        """The phase's part now."""
        own = None if self.ahead is None else self.ahead[0].percent
        return own or self.phase.percent


@dataclass(slots=True, kw_only=True)
class Explorer:
    """Plays the phases, each in its share, until the session's budget is spent.

    ``prefix`` starts the names of buckets. This is worker ``index`` of ``count``. ``on_finding`` is
    called with the steps so far and the step that has findings, while the sequence goes on;
    ``between`` is called between sequences. ``reached`` tells afterwards how far each stage came.
    """

    session: Session
    prefix: str
    setting: Setting
    on_finding: Met
    between: Callable[[], None]
    index: int = 0
    count: int = 1
    phases: tuple[Phase, ...] = field(default_factory=every_phase)
    reached: dict[tuple[str, str], Progress] = field(default_factory=dict)
    _running: list[_Running] = field(default_factory=list)
    _played: int = 0

    def __post_init__(self) -> None:
        self._running = [_Running(one, self._scripts(one)) for one in self.phases]
        for running in self._running:
            running.advance()

    def explore(self) -> None:
        """Play scripts until the budget is spent; called again, go on where it stopped.

        Raises TargetLostError.
        """
        while not self.session.budget.is_spent:
            running = self._next()
            if running is None:
                return
            self._play(running)

    def _next(self) -> _Running | None:
        """Return the phase whose turn it is: the one that would be furthest behind its share."""
        left = [one for one in self._running if one.ahead is not None]
        for one in left:
            if one.ahead is not None and one.ahead[0].first:
                return one
        return min(left, key=lambda one: one.turn, default=None)

    def _play(self, running: _Running) -> None:
        if running.ahead is None:
            return
        stage, script = running.ahead
        before, percent = self.session.counts.requests, running.percent
        self.session.phase = running.phase.name
        if self.play(script):
            self.reached[running.phase.name, stage.name].done += 1
            running.advance()
        running.spent += (self.session.counts.requests - before) / percent
        self.between()

    def _scripts(self, one: Phase) -> Iterator[tuple[Stage, Script]]:
        for stage in one.plan(self.setting):
            self.reached[one.name, stage.name] = Progress(self._own(stage))
            for number, script in enumerate(stage.scripts):
                if not stage.shared or number % self.count == self.index:
                    yield stage, script

    def _own(self, stage: Stage) -> int | None:
        """Return how many of a stage's scripts are this worker's."""
        if stage.planned is None or not stage.shared:
            return stage.planned
        return len(range(self.index, stage.planned, self.count))

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
            buckets=(f"{name}-a", f"{name}-b"),
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
