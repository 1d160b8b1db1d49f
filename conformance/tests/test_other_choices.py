"""A right server may choose where the model leaves a choice: no choice of its is a finding."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

import pytest

from conformance.ablation import PREFIX, open_session, probed_setting
from conformance.exploring import Explorer
from model.clause import Require
from model.matchers import AbsentOr
from model.open_matchers import AbsentOrOneOf, BodyIsOneOf, OneOf
from targets.faulty.server import told_to
from targets.reference import Reference, ReferenceConnection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.session import Session, Step
    from model.clause import Clause
    from model.findings import Finding
    from model.matchers import Matcher, Value
    from model.operation import Operation
    from model.predict import Fired

T = TypeVar("T")

REQUESTS = 2_500
CAUTIOUS = 3
"""One in so many of the refusals that are merely allowed is made."""
KINDS = {"refusal", "error", "encryption", "effect", "caution"}


@dataclass(slots=True)
class OtherChoices(Reference):
    """A reference that chooses by a seed; ``anew`` is whether it may choose otherwise each time."""

    seed: str = ""
    anew: bool = False
    made: Counter[str] = field(default_factory=Counter)

    def _number(self, *what: str) -> int:
        time = str(self._answers) if self.anew else ""
        text = "|".join((self.seed, time, *what))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])

    def choose(self, what: str, options: Sequence[T]) -> T:
        """Return one of the options."""
        chosen = self._number(what, str(len(options))) % len(options)
        self.made[what] += chosen > 0
        return options[chosen]

    def is_cautious(self, request: Operation, clause: Clause) -> bool:
        """Refuse now and then what may be refused."""
        if Reference.is_cautious(self, request, clause):
            return True
        cautious = self._number("caution", clause.id, request.operation) % CAUTIOUS == 0
        self.made["caution"] += cautious
        return cautious

    def _fields(self, fired: Iterable[Fired], status: int | None = None) -> dict[str, Value]:
        fired = list(fired)
        told = Reference._fields(self, fired, status)
        demands: dict[str, list[Matcher]] = {}
        for one in fired:
            if isinstance(one.ruling, Require) and one.ruling.status in {None, status}:
                demands.setdefault(one.ruling.field, []).append(one.ruling.matcher)
        for name, matchers in demands.items():
            left = [
                value
                for value in dict.fromkeys(v for m in matchers for v in _values_of(m))
                if all(m.accepts(value) for m in matchers)
            ]
            if left:
                told[name] = self.choose(f"value of {name}", left)
        return told


def _values_of(matcher: Matcher) -> tuple[Value, ...]:
    """Return the values that a matcher leaves a choice of; none where it leaves none."""
    match matcher:
        case AbsentOr():
            return (None, matcher.value)
        case AbsentOrOneOf():
            return (None, *matcher.values)
        case OneOf():
            return matcher.values
        case BodyIsOneOf():
            return matcher.bodies
        case _:
            return ()


def _played_against(session: Session) -> list[Finding]:
    """Play all phases against the session's server, and return what was found."""
    setting = probed_setting(session)
    found = [one for step in session.steps for one in step.findings]

    def met(_: list[Step], step: Step) -> None:
        found.extend(step.findings)

    explorer = Explorer(
        session=session, prefix=PREFIX, setting=setting, on_finding=met, between=lambda: None
    )
    explorer.explore()
    return found


@pytest.mark.parametrize("anew", [False, True], ids=["of its own", "anew each time"])
@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_right_server_may_choose(seed: str, *, anew: bool) -> None:
    session = open_session(without=frozenset(), requests=REQUESTS, sse_c_over_http=True)
    connection = session.connection
    assert isinstance(connection, ReferenceConnection)
    server = OtherChoices(**told_to(connection.reference), seed=seed, anew=anew)
    session.connection = replace(connection, reference=server)
    assert _played_against(session) == []
    chosen = sum(server.made.values())
    assert chosen >= REQUESTS / 3
    if anew:
        assert {what for what, often in server.made.items() if often} >= KINDS
