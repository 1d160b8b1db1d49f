"""The phase ``tables``: covering arrays over what requests say and what servers hold.

Every pair of values stands in some row; in a night's run every triple, too, but of wrong values. A
row is a write, a read or a configuration with what must be there before it, and a look at what
became of it. Rows that share a state of the bucket are one script. What is wrong is wrong alone, so
that nothing hides it; two wrong values at once have a small table of their own.
"""

from __future__ import annotations

import hashlib
from itertools import zip_longest
from typing import TYPE_CHECKING

from conformance.phase import Depth, Setting, Stage, phase
from conformance.tables.batches import parted
from conformance.tables.every import EVERY, TRIPLES
from conformance.tables.stored import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.tables.arrays import Row
    from conformance.tables.every import Planned

_DIGITS = 8


@phase("tables", percent=30)
def tables(setting: Setting) -> Iterator[Stage]:
    """Plan the scripts of all tables: first rows with every value, then all pairs, then triples."""
    left: list[tuple[Planned, list[Row]]] = []
    firsts: list[tuple[Planned, list[Row]]] = []
    for planned in EVERY:
        first, others = parted(rows_of(planned.table, setting.capabilities))
        left.append((planned, others))
        firsts.append((planned, first))
    yield _in_turns(firsts)
    for planned, others in left:
        yield from _stage("pairs", planned, others)
    if setting.depth is Depth.NIGHTLY:
        for planned in EVERY:
            if TRIPLES in planned.strengths:
                rows = rows_of(planned.table, setting.capabilities, TRIPLES)
                yield from _stage("triples", planned, rows)


def _in_turns(rows: Sequence[tuple[Planned, Sequence[Row]]]) -> Stage:
    """Plan one stage of the rows of all tables, which take turns: what is new comes first."""
    cut = [[(planned, batch) for batch in planned.cut(own)] for planned, own in rows]
    batches = [one for turn in zip_longest(*cut) for one in turn if one is not None]
    return Stage(
        name=f"values of all tables (scripts of {sum(len(own) for _, own in rows)} rows)",
        scripts=(planned.script(batch) for planned, batch in batches),
        planned=len(batches),
        names=[_names(planned, batch) for planned, batch in batches],
    )


def _stage(what: str, planned: Planned, rows: Sequence[Row]) -> Iterator[Stage]:
    """Plan a table's scripts, where there are any."""
    cut = planned.cut(rows)
    if cut:
        yield Stage(
            name=f"{what}: {planned.table.name} (scripts of {len(rows)} rows)",
            scripts=(planned.script(batch) for batch in cut),
            planned=len(cut),
            names=[_names(planned, batch) for batch in cut],
        )


def _names(planned: Planned, batch: Sequence[Row]) -> tuple[str, ...]:
    """Return a name for each row."""
    texts = (f"{planned.table.name} {sorted(row.items())}" for row in batch)
    return tuple(hashlib.sha256(text.encode()).hexdigest()[:_DIGITS] for text in texts)
