"""Which changes follow which, and which looks follow which change."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.histories.history import Kind

LENGTH = 7
"""So many changes has a history."""
LOOKS = 4
"""So many looks follow a change."""


class Turn(NamedTuple):
    """A change, and the looks that follow it."""

    change: Kind
    looks: tuple[Kind, ...]


def histories(
    changes: Sequence[Kind], looks: Sequence[Kind], *, row: int = 3
) -> Iterator[tuple[Turn, ...]]:
    """Yield histories until the topics of changes have followed each other in all rows so long.

    What comes next is the topic that came least often behind the two before, and of that the change
    that came least often behind the one before; the same each time.
    """
    plan = _Plan(changes, looks, row)
    while plan.left:
        yield plan.next()


class _Plan:
    """What came up so far."""

    def __init__(self, changes: Sequence[Kind], looks: Sequence[Kind], row: int) -> None:
        self.changes = changes
        self.looks = looks
        topics = tuple(dict.fromkeys(one.topic for one in changes))
        self.row = row
        self.left = set(product(topics, repeat=row))
        self.came: Counter[tuple[str, ...]] = Counter()
        self.looked: Counter[tuple[str, str]] = Counter()

    def next(self) -> tuple[Turn, ...]:
        """Return the next history."""
        turns: list[Turn] = []
        while len(turns) < LENGTH:
            before = [turn.change for turn in turns]
            change = min(self.changes, key=lambda one: self._worn(before, one))
            topics = tuple(one.topic for one in (*before[-2:], change))
            self.left.discard(topics[-self.row :])
            names = [one.name for one in (*before[-1:], change)]
            rows = {topics[-n:] for n in range(1, len(topics) + 1)} | {
                (*names[-1:], ""),
                (*names, ""),
            }
            self.came.update(rows)
            turns.append(self._turn(change, turns[-1].looks if turns else ()))
        return tuple(turns)

    def _worn(self, before: Sequence[Kind], one: Kind) -> tuple[int, ...]:
        """Return how often it came up behind these: its topic, and itself."""
        topics = tuple(kind.topic for kind in (*before[-2:], one))
        names = tuple(kind.name for kind in (*before[-1:], one))
        by_topic = (self.came[topics[-n:]] for n in range(len(topics), 0, -1))
        return (*by_topic, self.came[*names, ""], self.came[one.name, ""])

    def _turn(self, change: Kind, before: Sequence[Kind]) -> Turn:
        """Return the change with its looks: half of them as before it, for what is remembered."""
        again = list(before[-(LOOKS // 2) :])
        others = (one for one in self.looks if one not in again)
        order = sorted(
            others, key=lambda one: (self.looked[change.topic, one.name], self.looked["", one.name])
        )
        chosen = (*again, *order[: LOOKS - len(again)])
        for one in chosen:
            self.looked.update([(change.topic, one.name), ("", one.name)])
        return Turn(change, chosen)
