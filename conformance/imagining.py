"""Go on in a world without a server: each request is answered as the model thinks likeliest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import Answer
from model.judge import follow
from model.predict import RefusalOutcome, SuccessOutcome, predict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.matchers import Value
    from model.operation import Operation
    from model.world import World


def imagine(world: World, request: Operation, seed: str) -> World:
    """Return the world after the likeliest success of a request, or after its refusal."""
    outcomes = predict(world, request).outcomes
    outcome = next((o for o in outcomes if isinstance(o, SuccessOutcome)), outcomes[0])
    fields: dict[str, Value] = {}
    for field, matcher, *_ in outcome.requirements:
        fields.setdefault(field, matcher.answer(seed))
    refused = isinstance(outcome, RefusalOutcome)
    answer = Answer(
        status=None if isinstance(outcome, RefusalOutcome) else outcome.status,
        succeeded=not refused,
        error_code=None,
        fields=fields,
    )
    return follow(outcome, world, request, answer)


def imagine_all(world: World, requests: Iterable[Operation], seed: str) -> World:
    """Return the world after requests, one after the other."""
    for number, request in enumerate(requests):
        world = imagine(world, request, f"{seed} {number}")
    return world


def is_refused(world: World, request: Operation) -> bool:
    """Tell whether a request has no chance in a world."""
    outcomes = predict(world, request).outcomes
    return all(isinstance(one, RefusalOutcome) for one in outcomes)
