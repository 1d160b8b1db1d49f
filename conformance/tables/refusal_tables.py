"""The tables of writes with one thing wrong, and with two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.tables.arrays import Rule, Table, when
from conformance.tables.making import COPIES, PATH_NEEDS
from conformance.tables.making import UPLOAD as PART
from conformance.tables.values import ABSENT, ASKED, BLOCKED, CUSTOMER, NOTHING, VERSIONING
from conformance.tables.writes import NO_SOURCE, write_needs
from conformance.tables.wrong import (
    COMPLETE,
    CREATE,
    CUSTOMER_SOURCES,
    EVERYWHERE,
    GOING_ON,
    WRONG,
)
from model.world import Versioning

if TYPE_CHECKING:
    from model.clause import Capability

BLOCKED_KEY = "customer key: blocked"
ITSELF = "source: itself"
"""A copy in place that changes nothing. It is wrong where the default was never put."""
_CONDITIONS = ("If-None-Match: *", "If-Match another")
_SOURCES = (NO_SOURCE, "Bucket Key", "SSE-C")


def _needs(factor: str, value: str) -> frozenset[Capability]:
    if factor.startswith("wrong") and value in WRONG:
        return WRONG[value].needs
    if factor == "path" and value in {CREATE, COMPLETE}:
        return PATH_NEEDS[PART]
    return write_needs(factor, value)


def _fits_source(wrong: str, path: str, source: str) -> bool:
    if (path in COPIES) is (source == NO_SOURCE):
        return False
    return not WRONG[wrong].sources or source in WRONG[wrong].sources


ONE_WRONG = Table(
    name="one wrong value",
    factors={
        "wrong": tuple(WRONG),
        "path": EVERYWHERE,
        "asked": ASKED,
        "source": _SOURCES,
        "existing": (ABSENT, "SSE-S3", "Bucket Key", "SSE-C"),
        "default": ("never put", "KMS, ARN, Bucket Key", "DSSE, id", BLOCKED),
        "versioning": VERSIONING,
    },
    rules=(
        Rule(("wrong", "path"), lambda wrong, path: path in WRONG[wrong].paths),
        Rule(("wrong", "asked"), lambda wrong, asked: asked in WRONG[wrong].asked),
        Rule(("wrong", "path", "source"), _fits_source),
        Rule(
            ("path", "asked"),
            lambda path, asked: path not in GOING_ON or asked in {NOTHING, CUSTOMER},
        ),
        # What a bucket blocks would be a second thing that is wrong.
        Rule(
            ("wrong", "default"),
            lambda wrong, default: wrong != BLOCKED_KEY or default == BLOCKED,
        ),
        Rule(
            ("wrong", "default", "asked"),
            lambda wrong, default, asked: (
                default != BLOCKED or asked != CUSTOMER or wrong == BLOCKED_KEY
            ),
        ),
        Rule(
            ("wrong", "default"),
            lambda wrong, default: (
                default != BLOCKED or wrong == BLOCKED_KEY or WRONG[wrong].group != "customer key"
            ),
        ),
        Rule(
            ("default", "source", "existing"),
            lambda default, source, existing: (
                default != BLOCKED or (source not in CUSTOMER_SOURCES and existing != "SSE-C")
            ),
        ),
        when("wrong", (ITSELF,), "existing", ("SSE-S3",)),
        when("wrong", (ITSELF,), "default", ("never put",)),
        Rule(
            ("wrong", "existing"),
            lambda wrong, existing: wrong not in _CONDITIONS or existing != ABSENT,
        ),
    ),
    needs=_needs,
)

_TELLING = {
    group: [label for label, wrong in WRONG.items() if wrong.group == group]
    for group in dict.fromkeys(wrong.group for wrong in WRONG.values())
}
_CHOSEN = tuple(
    label
    for labels in _TELLING.values()
    for label in labels[:: max(1, len(labels) // 2)]
    if label not in {BLOCKED_KEY, *_CONDITIONS}
)


def _go_together(first: str, second: str) -> bool:
    """Tell whether both can be wrong at once, in this order: they are of different groups."""
    one, two = WRONG[first], WRONG[second]
    return list(_TELLING).index(one.group) < list(_TELLING).index(two.group)


TWO_WRONG = Table(
    name="two wrong values",
    factors={
        "wrong": _CHOSEN,
        "wrong too": _CHOSEN,
        "path": EVERYWHERE,
        "asked": ASKED,
        "source": _SOURCES,
        "existing": ("SSE-S3", "SSE-C"),
        "default": ("never put", "KMS, ARN, Bucket Key"),
        "versioning": (Versioning.NEVER.value, Versioning.ENABLED.value),
    },
    rules=(
        Rule(("wrong", "wrong too"), _go_together),
        *(
            rule
            for name in ("wrong", "wrong too")
            for rule in (
                Rule((name, "path"), lambda wrong, path: path in WRONG[wrong].paths),
                Rule((name, "asked"), lambda wrong, asked: asked in WRONG[wrong].asked),
                Rule((name, "path", "source"), _fits_source),
            )
        ),
        Rule(
            ("path", "asked"),
            lambda path, asked: path not in GOING_ON or asked in {NOTHING, CUSTOMER},
        ),
    ),
    needs=_needs,
)
