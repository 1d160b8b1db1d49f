"""A list of requests that can be sent again elsewhere: other bucket names, other KMS keys."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from conformance.clearing import remove_what_was_made
from model.operations.kms import KEY_ARN_FIELD, KEY_ID, CreateAlias, CreateKey
from model.request import BucketRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.session import Session, Step
    from model.operation import Operation

_NEVER_MADE = uuid.UUID("0b9c6a0e-8f0e-4f8e-9b3c-2a9f4f1d7c55")


@dataclass(frozen=True, slots=True)
class Scenario:
    """Requests as they were once sent; ``keys`` gives the id and ARN that each CreateKey gave."""

    requests: tuple[Operation, ...]
    keys: tuple[tuple[str, str] | None, ...]

    def without(self, index: int) -> Scenario:
        """Return the scenario without one of its requests."""
        return self.only([i for i in range(len(self.requests)) if i != index])

    def with_request(self, index: int, request: Operation) -> Scenario:
        """Return the scenario with another request in that place."""
        requests = (*self.requests[:index], request, *self.requests[index + 1 :])
        return replace(self, requests=requests)

    def only(self, wanted: Sequence[int]) -> Scenario:
        """Return the scenario with these requests alone.

        A key or alias whose making is left out exists at the target all the same, from the time
        before; what still names it names one that never was, as the judge will believe.
        """
        kept = set(wanted)
        gone: dict[str, str] = {}
        for index, (request, made) in enumerate(zip(self.requests, self.keys, strict=True)):
            if index in kept:
                continue
            if made is not None:
                gone[made[0]] = str(uuid.uuid5(_NEVER_MADE, made[0]))
            if isinstance(request, CreateAlias):
                gone[request.alias] = f"{request.alias}-never-made"
        return Scenario(
            tuple(rename(self.requests[i], gone) for i in wanted),
            tuple(self.keys[i] for i in wanted),
        )


def scenario_of(steps: Sequence[Step]) -> Scenario:
    """Return what was sent in these steps."""
    return Scenario(tuple(s.request for s in steps), tuple(_made_key(s) for s in steps))


def _made_key(step: Step) -> tuple[str, str] | None:
    if not isinstance(step.request, CreateKey) or step.answer is None:
        return None
    key_id, arn = step.answer.text(KEY_ID), step.answer.text(KEY_ARN_FIELD)
    return (key_id, arn) if key_id and arn else None


def rename(request: Operation, names: Mapping[str, str]) -> Operation:
    """Return the request with names replaced wherever they stand in its fields."""
    changed: dict[str, object] = {}
    for one in fields(request):
        value = getattr(request, one.name)
        if isinstance(value, str):
            new: object = value
            for old, fresh in names.items():
                if isinstance(new, str) and old in new:
                    new = new.replace(old, fresh)
        elif isinstance(value, bytes) and one.name == "document":
            new = value
            for old, fresh in names.items():
                new = new.replace(old.encode(), fresh.encode())
        else:
            continue
        if new != value:
            changed[one.name] = new
    return replace(request, **changed) if changed else request  # type: ignore[arg-type]


def with_own_keys(scenario: Scenario, pool: Sequence[tuple[str, str]]) -> Scenario:
    """Return the scenario with a CreateKey in front for each key of the pool that it names."""
    text = repr(scenario.requests)
    named = [key for key in pool if key[0] in text]
    if not named:
        return scenario
    secure = scenario.requests[0].secure
    return Scenario(
        (*(CreateKey(secure=secure) for _ in named), *scenario.requests),
        (*named, *scenario.keys),
    )


def play(session: Session, scenario: Scenario, name: str, prefix: str) -> list[Step]:
    """Send a scenario with fresh names, clean up, and return its steps.

    ``prefix`` starts the names of its buckets. Requests are not held to the budget.
    """
    session.begin(name)
    names = fresh_names(scenario, f"{prefix}{name}")
    try:
        for request, made in zip(scenario.requests, scenario.keys, strict=True):
            step = session.send(rename(request, names), free=True)
            now = _made_key(step)
            if made is not None and now is not None:
                names = {made[1]: now[1], made[0]: now[0], **names}
        return list(session.steps)
    finally:
        remove_what_was_made(session)


def fresh_names(scenario: Scenario, stem: str) -> dict[str, str]:
    """Return a new name for each bucket and alias of the scenario."""
    names: dict[str, str] = {}
    for request in scenario.requests:
        if isinstance(request, CreateAlias) and request.alias not in names:
            names[request.alias] = f"alias/{stem}-{len(names)}"
        if isinstance(request, BucketRequest) and request.bucket not in names:
            names[request.bucket] = f"{stem}-{len(names)}"
        source = getattr(request, "source", None)
        if source is not None and source.bucket not in names:
            names[source.bucket] = f"{stem}-{len(names)}"
    return names
