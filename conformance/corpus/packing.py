"""Which scenarios share their buckets: those that begin alike are played one after the other."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from conformance.corpus.finishing import REQUESTS
from conformance.corpus.playing import Pack, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from conformance.corpus.written import Written, WrittenStep

LONGEST = 26
"""A sequence has at most so many steps, looks aside; one that is longer by itself stays whole."""
OVERHEAD = 3
"""Requests that making and removing a bucket takes."""
_OPENING = frozenset(
    {
        "CreateKey",
        "CreateAlias",
        "CreateBucket",
        "PutBucketEncryption",
        "PutBucketVersioning",
        "PutBucketPolicy",
    }
)
"""What comes before everything else, so that scenarios that begin with the same can share it."""
_APART = frozenset(
    {
        "PutObject",
        "GetObject",
        "HeadObject",
        "CopyObject",
        "DeleteObject",
        "CreateMultipartUpload",
        "UploadPart",
        "UploadPartCopy",
        "CompleteMultipartUpload",
        "AbortMultipartUpload",
        "ListParts",
        "GetObjectAttributes",
        "UpdateObjectEncryption",
        "RestoreObject",
        "GetBucketEncryption",
        "GetBucketVersioning",
    }
)
"""Requests that leave everything alone but the one object that they name."""
_SOURCE = re.compile(r"(?P<bucket>/?\$bucket\d/)(?P<object>[^?]*)(?P<rest>\?.*)?", re.DOTALL)


class Cut(NamedTuple):
    """A scenario as sequences take it.

    Those of one ``name`` can share a sequence, None where it is one by itself; then ``rest`` is all
    of it. ``cost`` is how many requests the rest takes.
    """

    name: str | None
    opening: tuple[WrittenStep, ...]
    rest: tuple[WrittenStep, ...]
    cost: int


def cut(scenario: Written) -> Cut:
    """Return what a scenario begins with, what is left, and with what it can be played."""
    opening, rest = _split(scenario.steps)
    kind = _kind(rest)
    if not opening or kind is None:
        return Cut(None, (), scenario.steps, _requests(scenario.steps))
    begins = [step.model_dump() for step in opening]
    name = json.dumps([kind, scenario.plain_http, scenario.blocked, begins])
    return Cut(name, opening, rest, _requests(rest))


@dataclass(slots=True)
class _Open:
    """A sequence that still takes scenarios."""

    opening: tuple[WrittenStep, ...]
    parts: list[Part] = field(default_factory=list)
    steps: int = 0

    def pack(self) -> Pack:
        return Pack(self.opening, tuple(self.parts))


def packed(scenarios: Iterable[Written]) -> list[Pack]:
    """Return the scenarios in sequences, in their order as far as that can be."""
    done: list[_Open] = []
    open_ones: dict[str, _Open] = {}
    for scenario in scenarios:
        found = cut(scenario)
        if found.name is None:
            done.append(_Open((), [Part(scenario, 0, scenario.steps)]))
            continue
        current = open_ones.get(found.name)
        if current is None or current.steps + found.cost > LONGEST:
            current = open_ones[found.name] = _Open(found.opening, steps=len(found.opening))
            done.append(current)
        number = len(current.parts)
        steps = tuple(_elsewhere(step, number) for step in found.rest)
        current.parts.append(Part(scenario, len(found.opening), steps, number))
        current.steps += found.cost
    return [one.pack() for one in done]


def _split(
    steps: tuple[WrittenStep, ...],
) -> tuple[tuple[WrittenStep, ...], tuple[WrittenStep, ...]]:
    """Return what a scenario begins with, and the rest: at least the request in question."""
    if any("access_point" in json.dumps(step.params) for step in steps):
        return (), steps
    begins = (n for n, step in enumerate(steps[:-1]) if step.op not in _OPENING)
    size = next(begins, len(steps) - 1)
    return steps[:size], steps[size:]


def _kind(rest: tuple[WrittenStep, ...]) -> str | None:
    """Return which scenarios can follow in the same bucket, None where none can."""
    if all(step.op in _APART for step in rest):
        return "objects"
    general = str(rest[0].params.get("Bucket")).startswith("$bucket1")
    if len(rest) == 1 and rest[0].op == "PutBucketEncryption" and general:
        return "defaults"  # each puts the whole of it anew
    return None


def _requests(steps: tuple[WrittenStep, ...]) -> int:
    """Return how many requests steps make, with the looks at what they write."""
    made = [step.op for step in steps]
    left = made.count("CreateMultipartUpload") > made.count("CompleteMultipartUpload")
    keys = {step.params.get("Key") for step in steps}
    return len(steps) + len(keys) + (REQUESTS if left else 0)


def _elsewhere(step: WrittenStep, number: int) -> WrittenStep:
    """Return the step with objects of its own: those of the scenario of that number."""
    if not number:
        return step
    params = {name: _own(name, value, number) for name, value in step.params.items()}
    return step.model_copy(update={"params": params})


def _own(name: str, value: JsonValue, number: int) -> JsonValue:
    if not isinstance(value, str):
        return value
    if name == "Key":
        return f"{value}.{number}"
    if name == "CopySource" and (found := _SOURCE.fullmatch(value)) and found["object"]:
        return f"{found['bucket']}{found['object']}.{number}{found['rest'] or ''}"
    return value


def requests_of(pack: Pack) -> int:
    """Return about how many requests a sequence takes, with looks and removal."""
    return OVERHEAD + len(pack.opening) + sum(_requests(part.steps) for part in pack.parts)


def clauses_of(packs: Iterable[Pack]) -> Counter[str]:
    """Return how often each clause is exercised by these sequences, as was seen before."""
    return Counter(c for pack in packs for one in pack.scenarios for c in one.clauses)
