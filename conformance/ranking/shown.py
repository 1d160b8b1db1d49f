"""What a script shows: the clauses that speak in it, behind which others, and what is sent.

Nobody knows what a server does wrong. But what is new in some way, a clause in an operation, a
clause behind another, a value, two values together, can show a defect that what came before could
not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, fields
from itertools import combinations, product
from typing import TYPE_CHECKING

from conformance.session import READS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from conformance.session import Step
    from model.operation import Operation

KINDS = ("tells", "clauses", "clauses behind others", "values", "values together")
"""The ways in which something is new."""
_NO_VALUES = frozenset({"secure", "bucket"})
_BLOCK = 64 * 1024
_SMALL = 2

Value = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a script shows, in each of the ways; ``requests`` are those that it takes."""

    requests: int
    things: tuple[frozenset[Hashable], ...]


@dataclass(frozen=True, slots=True)
class Played:
    """What was seen of a script when it was played; ``tells`` is what is known of it by itself."""

    requests: int
    tells: frozenset[str]
    clauses: frozenset[Hashable]
    behind: frozenset[Hashable]
    sent: frozenset[tuple[str, tuple[Value, ...]]]


def played(steps: Iterable[Step], requests: int, tells: Iterable[str]) -> Played:
    """Return what is to be seen in the steps of a script."""
    clauses: set[tuple[str, str]] = set()
    behind: set[Hashable] = set()
    sent: set[tuple[str, tuple[Value, ...]]] = set()
    changed: tuple[tuple[str, str], ...] = ()
    for step in steps:
        operation = step.request.operation
        spoke = tuple((c, operation) for c in step.judgement.fired if not c.startswith("allowance"))
        clauses.update(spoke)
        behind.update(product(changed, spoke))
        if step.exchange.request.method not in READS:
            changed = spoke
        sent.add((operation, tuple(sorted(_values(step.request)))))
    return Played(
        requests, frozenset(tells), frozenset(clauses), frozenset(behind), frozenset(sent)
    )


def _values(request: Operation) -> Iterator[Value]:
    for field in fields(request):
        value = getattr(request, field.name)
        if value in (None, "", ()) or field.name in _NO_VALUES:
            continue
        is_data = isinstance(value, bytes) and field.name != "document"
        yield field.name, _size(len(value)) if is_data else repr(value)


def _size(length: int) -> str:
    """Return how much data that is: exactly where servers may care, roughly elsewhere."""
    if length < _SMALL or abs(length - _BLOCK) < _SMALL:
        return str(length)
    return "small" if length < _BLOCK else "large"


def shown(scripts: Iterable[Played]) -> list[Shown]:
    """Return what each script shows; values that one script alone sends count by their shape."""
    scripts = list(scripts)
    seen: Counter[Value] = Counter()
    for one in scripts:
        seen.update({value for _, values in one.sent for value in values})
    return [_shown(one, seen) for one in scripts]


def _shown(one: Played, seen: Counter[Value]) -> Shown:
    single: set[Hashable] = set()
    together: set[Hashable] = set()
    for operation, values in one.sent:
        known = sorted(value if seen[value] > 1 else _shape(value) for value in values)
        single.update((operation, value) for value in known)
        together.update((operation, *both) for both in combinations(known, 2))
    things = (one.tells, one.clauses, one.behind, frozenset(single), frozenset(together))
    return Shown(one.requests, things)


def _shape(value: Value) -> Value:
    name, text = value
    text = re.sub(r"[A-Za-z0-9]{6,}", "x", text)
    return name, re.sub(r"[A-Za-z]+", "a", re.sub(r"[0-9]+", "9", text))
