"""The rows of the tables, made beforehand: to find few rows that cover all takes long.

``python -m conformance.tables.write`` makes them. Rows that do not fit a table any more, or not
what the target can do, are mended when they are read.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from conformance.tables.arrays import fitted

if TYPE_CHECKING:
    from conformance.tables.arrays import Row, Table
    from model.clause import Capability


def file_name(table: Table, strength: int) -> str:
    """Return the name of the file with a table's rows."""
    return f"{table.name.replace(' ', '-')}-{strength}.json"


def to_text(table: Table, rows: list[Row]) -> str:
    """Return the text of the file: the factors, and the place of each value among those."""
    places = [[table.factors[f].index(row[f]) for f in table.factors] for row in rows]
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in places)
    return f'{{"factors": {json.dumps(dict(table.factors), indent=1)},\n"rows": [\n{lines}\n]}}\n'


@cache
def _read(name: str) -> tuple[dict[str, list[str]], list[Row]]:
    file = resources.files("conformance.tables") / "rows" / name
    read = json.loads(file.read_text(encoding="utf-8"))
    factors: dict[str, list[str]] = read["factors"]
    named = list(factors.items())
    rows = [{f: v[i] for (f, v), i in zip(named, row, strict=True)} for row in read["rows"]]
    return factors, list(rows)


def rows_of(table: Table, capabilities: frozenset[Capability], strength: int = 2) -> list[Row]:
    """Return rows that hold every pair (or triple) of what the target can do."""
    here = table.within(capabilities)
    if not all(here.factors.values()):
        return []
    factors, rows = _read(file_name(table, strength))
    if {f: tuple(v) for f, v in factors.items()} == dict(here.factors):
        return rows
    return fitted(here, rows, strength)
