"""Which scenarios come first, and which share their buckets.

The first requests are to tell most: the scenario comes next that exercises the most clauses, per
request, that none before it did. When all were exercised it begins anew with those that are left.
"""

from __future__ import annotations

import heapq
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.corpus.finishing import REQUESTS
from conformance.corpus.playing import Pack, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import JsonValue

    from conformance.corpus.written import Written, WrittenStep

LONGEST = 26
"""A sequence has at most so many steps, looks aside; one that is longer by itself stays whole."""
_OVERHEAD = 3
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


def rounds(scenarios: Iterable[Written]) -> Iterator[list[Written]]:
    """Yield all scenarios, those first that tell most; each round exercises what is left to."""
    left = list(scenarios)
    while left:
        chosen = _covering(left)
        yield chosen
        taken = {one.id for one in chosen}
        left = [one for one in left if one.id not in taken]


def _covering(scenarios: Sequence[Written]) -> list[Written]:
    """Return scenarios that together exercise what all of them do; all where they do nothing."""
    met: set[str] = set()
    chosen = []
    queue = [(-_worth(one, met), place) for place, one in enumerate(scenarios)]
    heapq.heapify(queue)
    while queue:
        _, place = heapq.heappop(queue)
        worth = _worth(scenarios[place], met)
        if not worth:
            continue
        if queue and -worth > queue[0][0]:
            heapq.heappush(queue, (-worth, place))
            continue
        chosen.append(scenarios[place])
        met |= set(scenarios[place].clauses)
    return chosen or list(scenarios)


def _worth(scenario: Written, met: set[str]) -> float:
    new = sum(clause_id not in met for clause_id in scenario.clauses)
    return new / (len(scenario.steps) + _OVERHEAD)


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
        opening, rest = _split(scenario.steps)
        kind = _kind(rest)
        if not opening or kind is None:
            done.append(_Open((), [Part(scenario, 0, scenario.steps)]))
            continue
        begins = [step.model_dump() for step in opening]
        name = json.dumps([kind, scenario.plain_http, scenario.blocked, begins])
        current = open_ones.get(name)
        cost = _requests(rest)
        if current is None or current.steps + cost > LONGEST:
            current = open_ones[name] = _Open(opening, steps=len(opening))
            done.append(current)
        number = len(current.parts)
        steps = tuple(_elsewhere(step, number) for step in rest)
        current.parts.append(Part(scenario, len(opening), steps, number))
        current.steps += cost
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


def clauses_of(packs: Iterable[Pack]) -> Counter[str]:
    """Return how often each clause is exercised by these sequences, as was seen before."""
    return Counter(c for pack in packs for one in pack.scenarios for c in one.clauses)
