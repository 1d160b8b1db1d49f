"""What is played next: the scripts that show most, then those of all phases, each in its share."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from conformance.ranking.ranks import rank_of, read_ranks, stage_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.phase import Phase, Script, Setting, Stage

_TURN = 25
"""Requests of a script, more or less."""
_LEAD = 1_000
"""Requests of ranked scripts, of all workers, before a phase that has none takes its share: what is
chosen shows more than what is drawn, until it is played."""
_FIRST = 1_000_000
"""The part of what comes before everything else."""


@dataclass(slots=True)
class Progress:
    """How far a stage came: scripts done of those planned, None where it never ends."""

    planned: int | None
    done: int = 0


class Item(NamedTuple):
    """A script, and where it belongs."""

    phase: str
    stage: str
    script: Script


def _in_turns(rows: Iterable[Iterable[Item]]) -> Iterator[Item]:
    """Yield the first of each row, then the second of each, until all rows are done."""
    return (one for some in zip_longest(*rows) for one in some if one is not None)


@dataclass(slots=True)
class Lane:
    """A row of scripts with its part of what is spent while other lanes have something to do.

    ``spent`` counts its requests, divided by its part. A lane that ``waits`` begins when the ranked
    scripts are done; nothing of it is planned before.
    """

    percent: int
    row: Iterator[Item]
    waits: bool = False
    spent: float = 0.0
    ahead: Item | None = None

    def advance(self) -> None:
        """Go on to the next script."""
        self.ahead = next(self.row, None)

    @property
    def turn(self) -> float:
        """When this lane's turn comes: the one whose next script is due first is the next."""
        return self.spent + _TURN / self.percent


@dataclass(slots=True, kw_only=True)
class Agenda:
    """Tells what is to be played next by worker ``index`` of ``count``.

    The scripts that were ranked come first, those of all phases in one row, beside the phases that
    never end, which begin a little later. Behind them come the others, in the order of their
    phases. ``reached`` tells how far each stage came.
    """

    phases: Sequence[Phase]
    setting: Setting
    index: int = 0
    count: int = 1
    reached: dict[tuple[str, str], Progress] = field(default_factory=dict)
    _lanes: list[Lane] = field(default_factory=list)
    _first: list[Item] = field(default_factory=list)
    _ranked: list[tuple[int, Item]] = field(default_factory=list)
    _ranking: Lane = field(init=False)

    def __post_init__(self) -> None:
        percent = 0
        for phase in self.phases:
            before = len(self._ranked)
            row = self._row(phase)
            waits = len(self._ranked) > before
            percent += phase.percent if waits else 0
            self._lanes.append(Lane(phase.percent, row, waits))
        self._ranking = Lane(percent, self._share_of_ranked())
        if self._ranked:
            for lane in self._lanes:
                lane.spent = _LEAD / self.count / percent
        self._lanes += [self._ranking, Lane(_FIRST, iter(self._first))]
        for lane in self._lanes:
            if not lane.waits:
                lane.advance()
        self._go_on()

    def next(self) -> Lane | None:
        """Return the lane whose turn it is: the one that would be furthest behind its share."""
        left = (lane for lane in self._lanes if lane.ahead is not None)
        return min(left, key=lambda lane: lane.turn, default=None)

    def note(self, lane: Lane, requests: int, *, done: bool) -> None:
        """Note what a lane's script took; it is played again unless it is done."""
        lane.spent += requests / lane.percent
        if done and lane.ahead is not None:
            self.reached[lane.ahead.phase, lane.ahead.stage].done += 1
            lane.advance()
            self._go_on()

    def _go_on(self) -> None:
        """Begin with what waits, where nothing ranked is left."""
        if self._ranking.ahead is not None or not any(lane.waits for lane in self._lanes):
            return
        for lane in self._lanes:
            lane.spent = min(lane.spent, self._ranking.spent)
            if lane.waits:
                lane.waits, lane.spent = False, self._ranking.spent
                lane.advance()

    def _row(self, phase: Phase) -> Iterator[Item]:
        """Take the ranked scripts of a phase, and return the others.

        Those of stages that have ranked ones take turns: the first of each tell most.
        """
        ranks = read_ranks().get(phase.name, {})
        left: list[list[Item]] = []
        plan = phase.plan(self.setting)
        expected = set(ranks)
        # What stands behind the last of them is planned when it is asked for: that takes long.
        while expected and (stage := next(plan, None)) is not None:
            key = stage_key(stage)
            if key not in ranks:
                return chain(_in_turns(left), self._items(phase, chain([stage], plan)))
            expected.discard(key)
            left.append(list(self._unranked(phase, stage, ranks[key])))
        return chain(_in_turns(left), self._items(phase, plan))

    def _unranked(self, phase: Phase, stage: Stage, ranks: dict[str, int]) -> Iterator[Item]:
        """Take the ranked scripts of a stage, and yield this worker's part of the others."""
        planned = 0
        for number, script in enumerate(stage.scripts):
            item = Item(phase.name, stage.name, script)
            rank = rank_of(stage.names_of(number), ranks)
            mine = (number if rank is None else rank) % self.count == self.index
            planned += mine
            if stage.first and mine:
                self._first.append(item)
            elif rank is not None:
                self._ranked.append((rank, item))
            elif mine:
                yield item
        self.reached[phase.name, stage.name] = Progress(planned)

    def _share_of_ranked(self) -> Iterator[Item]:
        """Yield this worker's part of the ranked scripts, the first of them first."""
        for rank, item in sorted(self._ranked, key=lambda one: one[0]):
            if rank % self.count == self.index:
                yield item

    def _items(self, phase: Phase, stages: Iterable[Stage]) -> Iterator[Item]:
        """Yield this worker's part of the scripts of stages, each when it is asked for."""
        for stage in stages:
            self.reached[phase.name, stage.name] = Progress(self._own(stage))
            for number, script in enumerate(stage.scripts):
                if not stage.shared or number % self.count == self.index:
                    yield Item(phase.name, stage.name, script)

    def _own(self, stage: Stage) -> int | None:
        """Return how many of a stage's scripts are this worker's."""
        if stage.planned is None or not stage.shared:
            return stage.planned
        return len(range(self.index, stage.planned, self.count))
