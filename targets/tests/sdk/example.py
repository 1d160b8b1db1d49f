"""What an example is, and how an answer is held against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from string import Template
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shown(Enum):
    """The mark for a member of an answer whose value is not known beforehand."""

    THERE = "there"


THERE = Shown.THERE


@dataclass(frozen=True)
class Then:
    """A look afterwards: an operation, its parameters, and what its answer shows.

    A refusal shows its ``Error``, as boto3's ClientError does.
    """

    operation: str
    params: Mapping[str, Any]
    shows: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Example:
    """One request as the documentation of boto3 or of the AWS CLI would show it.

    ``after`` names what is prepared (see ``stage``). ``params`` are boto3's parameters, ``cli`` is
    the command line behind ``aws``, ``shows`` is what the answer has to hold, whoever asks, and
    ``then`` is what a look afterwards finds. A ``$name`` in them stands for a value that the stage
    knows. ``session`` is off for requests that an SDK must not send within a directory bucket's
    session. ``takes`` names operations without which the example makes no sense.
    """

    operation: str
    title: str = ""
    after: tuple[str, ...] = ("bucket",)
    params: Mapping[str, Any] = field(default_factory=dict)
    cli: str
    shows: Mapping[str, Any] = field(default_factory=dict)
    then: Then | None = None
    session: bool = True
    takes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The name of its test."""
        return f"{self.operation} {self.title}".strip()


def filled(value: Any, values: Mapping[str, Any]) -> Any:
    """Return the value with what its ``$names`` stand for."""
    if isinstance(value, str):
        return Template(value).substitute(values)
    if isinstance(value, dict):
        return {filled(name, values): filled(one, values) for name, one in value.items()}
    return [filled(one, values) for one in value] if isinstance(value, list) else value


def assert_shows(expected: Any, answer: Any, where: str = "the answer") -> None:
    """Check that all that is expected stands in the answer; there may be more beside it."""
    if isinstance(expected, dict):
        for name, one in expected.items():
            assert name in answer, f"{where} lacks {name}: {answer}"
            assert_shows(one, answer[name], f"{where}, {name}")
    elif isinstance(expected, list):
        assert len(expected) == len(answer), f"{where}: {answer}"
        for number, (one, other) in enumerate(zip(expected, answer, strict=True)):
            assert_shows(one, other, f"{where}, {number}")
    elif expected is not THERE:
        assert answer == expected, where
