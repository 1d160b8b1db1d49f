"""What may be true before the first step of an observation case.

A case starts in an empty account part: what it makes is not there before, what it names and does
not make is there, in a state that is not told.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from model.case_symbols import ACCOUNT, MISSING, REGION, Symbols
from model.operations.create_bucket import SSE_C_TYPE
from model.sse import SseAlgorithm
from model.stored import Presence
from model.world import MANAGED_KEY, Bucket, Context, KmsKey, ServerSideEncryptionRule, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from model.parameter_values import Json

MOST_WORLDS = 40
_DAYS = {
    "2023-01..2026-04": date(2026, 3, 1),
    "2026-04..": date(2026, 11, 23),
}
_WRITES = frozenset({"PutObject", "PostObject", "CopyObject", "CreateMultipartUpload"})


def region_of(steps: list[Json]) -> str:
    """Return the region in which the case makes its buckets."""
    for operation, params in _params(steps):
        made = params.get("CreateBucketConfiguration")
        if operation == "CreateBucket" and isinstance(made, dict):
            named = str(made.get("LocationConstraint", REGION))
            return REGION if named.startswith("$") else named
    return REGION


def first_worlds(era: str, symbols: Symbols, steps: list[Json]) -> tuple[World, ...]:
    """Return every world in which the case may start."""
    context = Context(
        region=symbols.region,
        as_of=_DAYS.get(era, date(2026, 11, 23)),
        new_buckets_block_sse_c={"2023-01..2026-04": False, "2026-04..": True}.get(era),
        keys_complete=True,
    )
    made = frozenset(str(p.get("_as", "$kms1")) for o, p in _params(steps) if o == "CreateKey")
    keys = symbols.existing_keys(json.dumps(steps), made)
    absent = (MISSING, *_names(steps, symbols, "CreateBucket"))
    world = World(
        context=context,
        account=ACCOUNT,
        keys=keys,
        buckets=dict.fromkeys(absent, Presence.ABSENT),
    )
    found = [name for name in _written_first(steps, symbols) if name not in absent]
    buckets = list(_buckets(symbols.region, keys))
    if not found or len(buckets) ** len(found) > MOST_WORLDS:
        return (world,)
    return tuple(
        replace(world, buckets={**world.buckets, **dict(zip(found, chosen, strict=True))})
        for chosen in product(buckets, repeat=len(found))
    )


def _params(steps: list[Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for step in steps:
        params = step.get("params") if isinstance(step, dict) else None
        if isinstance(step, dict) and isinstance(params, dict):
            yield str(step.get("op")), params


def _names(steps: list[Json], symbols: Symbols, operation: str) -> list[str]:
    return [
        symbols.text(str(params.get("Bucket")))
        for named, params in _params(steps)
        if named == operation
    ]


def _written_first(steps: list[Json], symbols: Symbols) -> list[str]:
    """Return the buckets whose first use is a write: that shows of them what matters."""
    first: dict[str, str] = {}
    for operation, params in _params(steps):
        if isinstance(params.get("Bucket"), str):
            first.setdefault(symbols.text(str(params["Bucket"])), operation)
    return [name for name, operation in first.items() if operation in _WRITES]


def _buckets(region: str, keys: Mapping[str, KmsKey]) -> Iterator[Bucket]:
    """Yield a bucket for each default that it may have, and each setting of SSE-C."""
    kms, dsse = SseAlgorithm.AWS_KMS, SseAlgorithm.AWS_KMS_DSSE
    new = ServerSideEncryptionRule()
    rules = [(new, False), (new, True), (replace(new, bucket_key_enabled=True), True)]
    for key_id in (None, *(k for k in keys if k != MANAGED_KEY)):
        named = replace(new, kms_key_id=key_id)
        rules += [
            (replace(named, sse_algorithm=kms), True),
            (replace(named, sse_algorithm=kms, bucket_key_enabled=True), True),
            (replace(named, sse_algorithm=dsse), True),
        ]
    for (rule, explicit), blocked in product(rules, (frozenset({SSE_C_TYPE}), frozenset[str]())):
        yield Bucket(region=region, rule=rule, explicit=explicit, blocked=blocked, complete=False)
