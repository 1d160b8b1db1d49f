"""Make the rows of all tables anew: ``python -m conformance.tables.write``, of some by names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from covertable import Controller

from conformance.tables.arrays import by_news, fitted
from conformance.tables.every import EVERY, PAIRS
from conformance.tables.stored import file_name, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.tables.arrays import Row, Rule, Table

FOLDER = Path(__file__).parent / "rows"


def make_rows(table: Table, strength: int) -> list[Row]:
    """Return few rows that hold every pair (or triple); of pairs the most telling come first.

    What makes rows of triples begins with those that tell most by itself.
    """
    factors = {factor: list(values) for factor, values in table.factors.items()}
    constraints = [_constraint(rule) for rule in table.rules]
    made = Controller(factors, strength=strength, constraints=constraints).make()
    found = [{factor: str(row[factor]) for factor in factors} for row in made]
    rows = fitted(table, found, strength)
    return by_news(rows, strength) if strength == PAIRS else rows


def _constraint(rule: Rule) -> dict[str, Any]:
    def evaluate(row: dict[str, str]) -> bool:
        return rule.holds(*(row[factor] for factor in rule.factors))

    tell: Callable[[dict[str, str]], bool] = evaluate
    return {"operator": "fn", "requires": list(rule.factors), "evaluate": tell}


def main(names: Sequence[str]) -> None:
    """Write the files: of the tables of these names, of all where there is none."""
    FOLDER.mkdir(exist_ok=True)
    for planned in EVERY:
        table = planned.table
        for strength in planned.strengths:
            name = file_name(table, strength)
            if not names or name in names:
                text = to_text(table, make_rows(table, strength))
                (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
