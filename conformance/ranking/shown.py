"""What a script shows: the clauses that speak in it, behind which others, and what is sent.

Nobody knows what a server does wrong. But what is new in some way, a clause in an operation, a
clause behind another, a value, two values together, can show a defect that what came before could
not. What was read before a change and is read again behind it counts, too.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, fields
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from conformance.session import READS
from model.sse import SseAlgorithm

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from conformance.session import Step
    from model.operation import Operation

KINDS = (
    "tells",
    "clauses",
    "clauses behind others",
    "requests behind changes",
    "values",
    "values together",
)
"""The ways in which something is new."""
_NO_VALUES = frozenset({"secure", "bucket"})
_ASKED = frozenset(
    {
        "sse",
        "bucket_key_enabled",
        "encryption_context",
        "version_id",
        "part_number",
        "range",
        "copy_source_range",
    }
)
_KEYS = frozenset({"kms_key_id", "customer_key_md5", "source_customer_key_md5"})
_KEY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNIQUE = re.compile(r"[0-9A-Za-z]{32,}|(?<=alias/)[^<\"]*")
_CHANGES = 2
"""A request is held against so many changes before it."""
_WORDS = frozenset({"true", "false", "1", *SseAlgorithm})
_BLOCK = 64 * 1024
_SMALL = 2

Value = tuple[str, str]
Speaking = tuple[str, str]
"""A clause, and the operation in which it speaks."""


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
    asked: frozenset[Hashable]
    sent: frozenset[tuple[str, tuple[Value, ...]]]


class _Change(NamedTuple):
    """The last request that changed something: its object, and what spoke of it."""

    place: tuple[str, str]
    operation: str
    spoke: tuple[Speaking, ...]


class _Names:
    """Short names for keys, by the order in which they come up: another script has others."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def asked(self, request: Operation) -> Hashable:
        """Return what a request asks for, as far as encryption and versions go."""
        return request.operation, tuple(self._asked(request))

    def _asked(self, request: Operation) -> Iterator[tuple[str, str]]:
        for field in fields(request):
            value = getattr(request, field.name)
            if field.name == "document" and value:
                text = _KEY_ID.sub(lambda found: self._name(found.group()), repr(value))
                yield field.name, _UNIQUE.sub("", text)
            elif field.name in _KEYS and value:
                found = _KEY_ID.search(value)
                yield field.name, self._name(value if found is None else found.group())
            elif field.name in _ASKED and value is not None:
                yield field.name, value if value in _WORDS else "named"

    def _name(self, text: str) -> str:
        return self._known.setdefault(text, f"{len(self._known) + 1}")


def played(steps: Iterable[Step], requests: int, tells: Iterable[str]) -> Played:
    """Return what is to be seen in the steps of a script."""
    clauses: set[Speaking] = set()
    behind: set[Hashable] = set()
    asked: set[Hashable] = set()
    sent: set[tuple[str, tuple[Value, ...]]] = set()
    change = _Change(("", ""), "", ())
    names, changes = _Names(), deque[object](maxlen=_CHANGES)
    read: set[tuple[Speaking, tuple[str, str]]] = set()
    before: set[tuple[Speaking, tuple[str, str]]] = set()
    for step in steps:
        request, operation = step.request, step.request.operation
        spoke = tuple((clause, operation) for clause in step.clauses)
        place = (str(getattr(request, "bucket", "")), str(getattr(request, "object_key", "")))
        clauses.update(spoke)
        near = _nearness(place, change.place)
        behind.update((*pair, near) for pair in product(change.spoke, spoke))
        one = names.asked(request)
        asked.update((one, near, *list(changes)[-n:]) for n in range(1, len(changes) + 1))
        if step.exchange.request.method in READS:
            again = [one for one in spoke if (one, place) in before]
            behind.update((*one, "again behind", change.operation, near) for one in again)
            read.update((one, place) for one in spoke)
        else:
            before |= read
            read.clear()
            change = _Change(place, operation, (*spoke, ("", operation)))
            changes.append(one)
        sent.add((operation, tuple(sorted(_values(request)))))
    return Played(
        requests,
        frozenset(tells),
        frozenset(clauses),
        frozenset(behind),
        frozenset(asked),
        frozenset(sent),
    )


def _nearness(place: tuple[str, str], other: tuple[str, str]) -> int:
    """Tell whether two requests are about the same object, the same bucket, or neither."""
    return 2 if place == other else 1 if place[0] == other[0] else 0


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
    things = (
        one.tells,
        one.clauses,
        one.behind,
        one.asked,
        frozenset(single),
        frozenset(together),
    )
    return Shown(one.requests, things)


def _shape(value: Value) -> Value:
    name, text = value
    text = re.sub(r"[A-Za-z0-9]{6,}", "x", text)
    return name, re.sub(r"[A-Za-z]+", "a", re.sub(r"[0-9]+", "9", text))
