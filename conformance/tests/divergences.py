"""Divergences as tests of what joins them write them: in which ways each was met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.parsimony import Group, grouped
from conformance.parts import Found
from conformance.verdict import Tally, Way
from model.findings import Kind
from model.request import SSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def way(operation: str, field: str, kind: Kind, *clauses: str, error: str = "") -> Way:
    return Way(operation, field, kind, error, clauses)


def refused(operation: str, error: str, kind: Kind = Kind.REFUSED) -> Way:
    return way(operation, "outcome", kind, error=error)


def shown(operation: str, *clauses: str, field: str = SSE) -> Way:
    return way(operation, field, Kind.DIFFERENT, *clauses)


def met(ways: Mapping[str, Iterable[Way]], **changed: Any) -> tuple[list[Found], Tally]:
    """Return findings that were met in these ways; a name is a clause, ``clause!`` another kind."""
    counted = Tally()
    found = []
    for name, told in ways.items():
        counted.ways[name] = {w if w.clauses else w._replace(clauses=(name,)) for w in told}
        first = next(iter(counted.ways[name]))
        members: dict[str, Any] = {
            "id": name,
            "clause": name.strip("!"),
            "clauses": [name],
            "severity": "major",
            "operation": first.operation,
            "title": name,
            "field": first.field,
            "kind": first.kind.value,
            "expected": [],
            "observed": "",
            "differences": [],
            "tries": 3,
            "reproduced": 3,
            "occurrences": 1,
            "steps": [],
            "symptoms": [{"operation": w.operation} for w in counted.ways[name]],
            "broken": [name],
        }
        found.append(Found(**{**members, **changed}))
    return found, counted


def ids(groups: Iterable[Group]) -> set[tuple[str, ...]]:
    return {(group.first.id, *sorted(one.id for one in group.others)) for group in groups}


def together(ways: Mapping[str, Iterable[Way]]) -> set[tuple[str, ...]]:
    return ids(grouped(*met(ways)))
