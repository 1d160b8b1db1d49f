"""Tables: factors with their values, rules that exclude combinations, and rows that cover them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from model.clause import Capability

Row = Mapping[str, str]
"""A value for each factor."""

Combined = tuple[tuple[str, str], ...]
"""Some factors, each with a value: a pair, or a triple."""


class Rule(NamedTuple):
    """What must hold of the values of some factors; ``holds`` is given them in this order."""

    factors: tuple[str, ...]
    holds: Callable[..., bool]


def when(factor: str, values: Iterable[str], other: str, allowed: Iterable[str]) -> Rule:
    """Return the rule that with these values of one factor the other has one of those allowed."""
    conditions, wanted = frozenset(values), frozenset(allowed)
    return Rule((factor, other), lambda one, two: one not in conditions or two in wanted)


def one_at_a_time(wrong: Mapping[str, Iterable[str]]) -> tuple[Rule, ...]:
    """Return the rules that of these values, by their factors, a row has one at the most."""
    named = [(factor, frozenset(values)) for factor, values in wrong.items()]
    return tuple(_not_both(*one, *two) for one, two in combinations(named, 2))


def _not_both(one: str, values: frozenset[str], two: str, others: frozenset[str]) -> Rule:
    return Rule((one, two), lambda first, second: first not in values or second not in others)


Needs = Callable[[str, str], "frozenset[Capability]"]
"""What a target must be able to do for a factor's value."""


def _nothing(factor: str, value: str) -> frozenset[Capability]:
    del factor, value
    return frozenset()


@dataclass(frozen=True, kw_only=True)
class Table:
    """Factors and rules. The first value of each factor is the plainest."""

    name: str
    factors: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...] = ()
    needs: Needs = _nothing

    def within(self, capabilities: frozenset[Capability]) -> Table:
        """Return the table without the values for which these capabilities do not suffice."""
        kept = {
            factor: tuple(v for v in values if self.needs(factor, v) <= capabilities)
            for factor, values in self.factors.items()
        }
        return self if kept == self.factors else replace(self, factors=kept)

    @cached_property
    def _rules_of(self) -> dict[str, tuple[Rule, ...]]:
        return {f: tuple(r for r in self.rules if f in r.factors) for f in self.factors}

    @cached_property
    def _beside(self) -> dict[str, tuple[str, ...]]:
        """The factors that share a rule with each factor, those with the fewest values first."""
        sizes = {factor: len(values) for factor, values in self.factors.items()}
        shared = {f: {other for r in self._rules_of[f] for other in r.factors} for f in sizes}
        return {
            f: tuple(sorted(others - {f}, key=lambda x: sizes[x])) for f, others in shared.items()
        }

    def _linked(self, begun: Iterable[str]) -> list[str]:
        """Return the other factors that rules link with these, the nearest first.

        What a rule makes impossible is found at once in this order, and not after all else was
        tried.
        """
        order = list(begun)
        first = len(order)
        for factor in order:
            order += [other for other in self._beside[factor] if other not in order]
        return order[first:]

    def _suits(self, row: Row, factor: str) -> bool:
        """Tell whether no rule about that factor is broken by what the row has so far."""
        return all(
            rule.holds(*(row[f] for f in rule.factors))
            for rule in self._rules_of[factor]
            if all(f in row for f in rule.factors)
        )

    def allows(self, row: Row) -> bool:
        """Tell whether a whole row has known values and breaks no rule."""
        known = all(row.get(f) in values for f, values in self.factors.items())
        return known and all(self._suits(row, f) for f in self.factors)

    def completed(self, begun: Row) -> Row | None:
        """Return a row that has the values of the one begun; None where the rules leave none.

        Of the values that are left it prefers the plainest.
        """
        if not all(begun[f] in self.factors[f] and self._suits(begun, f) for f in begun):
            return None
        left = self._linked(begun)
        left += [f for f in self.factors if f not in begun and f not in left]
        return self._extended(dict(begun), left)

    def _extended(self, row: dict[str, str], left: Sequence[str]) -> Row | None:
        if not left:
            return {factor: row[factor] for factor in self.factors if factor in row}
        factor, rest = left[0], left[1:]
        for value in self.factors[factor]:
            row[factor] = value
            if self._suits(row, factor):
                found = self._extended(row, rest)
                if found is not None:
                    return found
        row.pop(factor, None)
        return None

    def can_hold(self, some: Combined) -> bool:
        """Tell whether there is a row with these values."""
        begun = dict(some)
        if not all(self._suits(begun, factor) for factor in begun):
            return False
        return self._extended(begun, self._linked(begun)) is not None

    def combined(
        self, strength: int, *, but: frozenset[Combined] = frozenset()
    ) -> Iterator[Combined]:
        """Yield all pairs (or triples) of values that a row can hold, but those."""
        possible = {
            f: [v for v in vs if self.can_hold(((f, v),))] for f, vs in self.factors.items()
        }
        for names in combinations(self.factors, strength):
            for values in product(*(possible[name] for name in names)):
                some = tuple(zip(names, values, strict=True))
                if some not in but and self.can_hold(some):
                    yield some


def covered(rows: Iterable[Row], strength: int) -> set[Combined]:
    """Return the pairs (or triples) of values that stand together in some row."""
    return {some for row in rows for some in combinations(row.items(), strength)}


def fitted(table: Table, rows: Iterable[Row], strength: int) -> list[Row]:
    """Return rows like these that the table allows, and more where it wants more.

    Rows that were made for a table with more values are mended, not dropped; in the end every
    pair (or triple) is there.
    """
    kept: dict[Combined, Row] = {}
    for row in rows:
        mended = row if table.allows(row) else _mended(table, row)
        if mended is not None:
            kept[tuple(mended.items())] = mended
    there = frozenset(covered(kept.values(), strength))
    missing = dict.fromkeys(table.combined(strength, but=there))
    while missing:
        row = _with_many(table, missing)
        for some in combinations(row.items(), strength):
            missing.pop(some, None)
        kept[tuple(row.items())] = row
    return list(kept.values())


def _mended(table: Table, row: Row) -> Row | None:
    """Return an allowed row with as many values of this one as can be."""
    begun: dict[str, str] = {}
    for factor, values in table.factors.items():
        value = row.get(factor)
        if value in values and table.can_hold((*begun.items(), (factor, str(value)))):
            begun[factor] = str(value)
    return table.completed(begun)


def _with_many(table: Table, missing: Iterable[Combined]) -> Row:
    """Return an allowed row with the first of what is missing, and more of it where that fits."""
    begun: dict[str, str] = {}
    for some in missing:
        fits = all(begun.get(factor, value) == value for factor, value in some)
        if fits and table.can_hold(tuple((begun | dict(some)).items())):
            begun |= dict(some)
        if len(begun) == len(table.factors):
            break
    found = table.completed(begun)
    if found is None:
        raise ValueError(f"the table {table.name} has no row with {begun}")
    return found


def by_news(rows: Sequence[Row], strength: int) -> list[Row]:
    """Return the rows in another order: each is the one that tells most that is new."""
    left = {number: set(combinations(row.items(), strength)) for number, row in enumerate(rows)}
    order: list[Row] = []
    while left:
        number = max(left, key=lambda one: (len(left[one]), -one))
        told = left.pop(number)
        order.append(rows[number])
        left = {number: others - told for number, others in left.items()}
    return order
