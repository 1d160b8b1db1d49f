"""A list of requests that can be sent again elsewhere: other bucket names, other KMS keys."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from conformance.clearing import remove_what_was_made
from model.bucket_kind import DIRECTORY_SUFFIX, BucketKind, bucket_kind
from model.operations.kms import CreateAlias, CreateKey
from model.request import BucketRequest
from model.sse import md5_base64
from model.stored import NULL_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.session import Session, Step
    from model.operation import Operation

_NEVER_MADE = uuid.UUID("0b9c6a0e-8f0e-4f8e-9b3c-2a9f4f1d7c55")
TELLING = 8
"""A text of so many characters is looked for within others; a shorter one must stand alone."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Requests as they were once sent; ``chosen`` are the texts that each answer chose.

    Such texts are the id of a KMS key, of a version, of an upload: another target chooses others.
    """

    requests: tuple[Operation, ...]
    chosen: tuple[tuple[str, ...], ...]

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
        for index, (request, chosen) in enumerate(zip(self.requests, self.chosen, strict=True)):
            if index in kept:
                continue
            if isinstance(request, CreateKey):
                gone |= {text: str(uuid.uuid5(_NEVER_MADE, text)) for text in chosen[1:] if text}
            if isinstance(request, CreateAlias):
                gone[request.alias] = f"{request.alias}-never-made"
        return Scenario(
            tuple(rename(self.requests[i], gone) for i in wanted),
            tuple(self.chosen[i] for i in wanted),
        )


def scenario_of(steps: Sequence[Step]) -> Scenario:
    """Return what was sent in these steps."""
    return Scenario(tuple(s.request for s in steps), tuple(chosen_in(s) for s in steps))


def chosen_in(step: Step) -> tuple[str, ...]:
    """Return the texts that the step's answer chose."""
    if step.answer is None or not step.answer.succeeded:
        return ()
    return step.request.chosen(step.answer)


def rename(request: Operation, names: Mapping[str, str]) -> Operation:
    """Return the request with names replaced wherever they stand in its fields."""
    changed: dict[str, object] = {}
    for one in fields(request):
        value = getattr(request, one.name)
        new: object = value
        if isinstance(value, str):
            new = _renamed(value, names)
        elif isinstance(value, bytes) and one.name == "document":
            new = value
            for old, fresh in names.items():
                new = new.replace(old.encode(), fresh.encode())
        if new != value:
            changed[one.name] = new
    if not changed:
        return request
    renamed = replace(request, **changed)  # type: ignore[arg-type]
    return with_own_md5(renamed) if has_own_md5(request) else renamed


def with_own_md5(request: Operation) -> Operation:
    """Return the request with the MD5 of what it carries."""
    return replace(request, content_md5=md5_base64(request.content()))  # type: ignore[call-arg]


def has_own_md5(request: Operation) -> bool:
    """Tell whether its Content-MD5 is that of what it carries."""
    return getattr(request, "content_md5", None) == md5_base64(request.content())


def _renamed(value: str, names: Mapping[str, str]) -> str:
    for old, fresh in names.items():
        if len(old) >= TELLING:
            value = value.replace(old, fresh)
        elif value == old:
            return fresh
    return value


def with_own_keys(scenario: Scenario, pool: Sequence[tuple[str, str]]) -> Scenario:
    """Return the scenario with a CreateKey in front for each key of the pool that it names.

    The pool holds the id and the ARN of each key.
    """
    text = repr(scenario.requests)
    named = [key for key in pool if key[0] in text]
    if not named:
        return scenario
    secure = scenario.requests[0].secure
    return Scenario(
        (*(CreateKey(secure=secure) for _ in named), *scenario.requests),
        (*((arn, key_id) for key_id, arn in named), *scenario.chosen),
    )


def play(session: Session, scenario: Scenario, name: str, prefix: str) -> list[Step]:
    """Send a scenario with fresh names, clean up, and return its steps.

    ``prefix`` starts the names of its buckets. Requests are not held to the budget.
    """
    session.begin(name)
    names = fresh_names(scenario, f"{prefix}{name}")
    try:
        for request, chosen in zip(scenario.requests, scenario.chosen, strict=True):
            step = session.send(rename(request, names), free=True)
            now = chosen_in(step)
            if len(now) == len(chosen):
                names = {**_pairs(chosen, now), **names}
        return list(session.steps)
    finally:
        remove_what_was_made(session)


def _pairs(then: tuple[str, ...], now: tuple[str, ...]) -> dict[str, str]:
    return {
        old: new
        for old, new in zip(then, now, strict=True)
        if old and old not in (new, NULL_VERSION)
    }


def fresh_names(scenario: Scenario, stem: str) -> dict[str, str]:
    """Return a new name for each bucket and alias of the scenario."""
    names: dict[str, str] = {}
    for request in scenario.requests:
        if isinstance(request, CreateAlias) and request.alias not in names:
            names[request.alias] = f"alias/{stem}-{len(names)}"
        if isinstance(request, BucketRequest) and request.bucket not in names:
            names[request.bucket] = fresh_bucket(request.bucket, f"{stem}-{len(names)}")
        source = getattr(request, "source", None)
        if source is not None and source.bucket not in names:
            names[source.bucket] = fresh_bucket(source.bucket, f"{stem}-{len(names)}")
    return names


def fresh_bucket(name: str, fresh: str) -> str:
    """Return the new name as that of a bucket of the same kind.

    A directory bucket stays in its zone; an access point is the one that there is.
    """
    kind = bucket_kind(name)
    if kind is BucketKind.DIRECTORY:
        zone = name.removesuffix(DIRECTORY_SUFFIX).rpartition("--")[2]
        return f"{fresh}--{zone}{DIRECTORY_SUFFIX}"
    return name if kind is BucketKind.FSX_ACCESS_POINT else fresh
