"""Rows that go well together in one script: they share a state of the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from conformance.tables.arrays import Row


def batches(
    rows: Sequence[Row], shared: Callable[[Row], Hashable], size: int
) -> list[tuple[Row, ...]]:
    """Return the rows in batches of at most that size, each of rows that share something.

    The most telling rows stand in front. So the first batch of each state comes first, then the
    second of each.
    """
    groups: dict[Hashable, list[Row]] = {}
    for row in rows:
        groups.setdefault(shared(row), []).append(row)
    cut = [
        (first // size, tuple(group[first : first + size]))
        for group in groups.values()
        for first in range(0, len(group), size)
    ]
    return [batch for _, batch in sorted(cut, key=lambda one: one[0])]


def parted(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows that together show every single value, and the others.

    A run that has little time sees each value once before it sees them in other company.
    """
    seen: set[tuple[str, str]] = set()
    first: list[Row] = []
    others: list[Row] = []
    for row in rows:
        (others if seen.issuperset(row.items()) else first).append(row)
        seen.update(row.items())
    return first, others
