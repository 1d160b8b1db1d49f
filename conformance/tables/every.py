"""All tables: to which strength their rows are made, and what makes scripts of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conformance.tables import (
    configuration,
    directories,
    reads,
    refusal_tables,
    refusals,
    updates,
    writes,
)
from conformance.tables.batches import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.phase import Script
    from conformance.tables.arrays import Row, Table

PAIRS, TRIPLES = 2, 3


class Planned(NamedTuple):
    """A table, and how its rows become scripts: those of a batch are one script."""

    table: Table
    cut: Callable[[Sequence[Row]], list[tuple[Row, ...]]]
    script: Callable[[Sequence[Row]], Script]
    strengths: tuple[int, ...] = (PAIRS,)


EVERY = (
    Planned(
        writes.WRITES,
        lambda rows: batches(rows, writes.states, 5),
        writes.writes,
        (PAIRS, TRIPLES),
    ),
    Planned(
        refusal_tables.ONE_WRONG, lambda rows: batches(rows, refusals.states, 9), refusals.refusals
    ),
    Planned(
        reads.READS, lambda rows: batches(rows, reads.states, 30), reads.reads, (PAIRS, TRIPLES)
    ),
    Planned(
        configuration.CONFIGURATION,
        lambda rows: configuration.cut(rows, 4),
        configuration.configuring,
        (PAIRS, TRIPLES),
    ),
    Planned(
        updates.UPDATES,
        lambda rows: batches(rows, updates.states, 6),
        updates.updates,
        (PAIRS, TRIPLES),
    ),
    Planned(
        directories.SOUND_DIRECTORIES,
        lambda rows: batches(rows, directories.states, 6),
        directories.directories,
        (PAIRS, TRIPLES),
    ),
    Planned(
        directories.DIRECTORIES,
        lambda rows: batches(rows, directories.states, 6),
        directories.directories,
        (PAIRS, TRIPLES),
    ),
    Planned(
        refusal_tables.TWO_WRONG, lambda rows: batches(rows, refusals.states, 9), refusals.refusals
    ),
)
