"""What a sequence may do: actions register themselves, one file of them for each topic."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.requests import Requests
    from model.clause import Capability
    from model.operation import Operation

    Draw = Callable[[Requests], Operation | None]
    Open = Callable[[Requests], Iterator[Operation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One way to go on: ``draw`` returns a request, or None where there is nothing to ask.

    ``weight`` is how often it is chosen beside the others, ``left_out`` in how many of a hundred
    sequences it does not occur at all, so that others come in rows. ``after`` is the opening of the
    sequences in which it occurs, None where it occurs in all.
    """

    draw: Draw
    weight: int
    left_out: int
    needs: frozenset[Capability]
    topic: str
    after: Open | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Requests that come before the others, in ``percent`` of a hundred sequences.

    ``focus`` is how much rarer the actions are, in its sequences, that belong to no opening.
    """

    open: Open
    percent: int
    focus: int
    needs: frozenset[Capability]


_actions: list[Action] = []
_openings: list[Opening] = []


def action(
    weight: int,
    *,
    left_out: int = 0,
    needs: Capability | tuple[Capability, ...] = (),
    after: Open | None = None,
) -> Callable[[Draw], Draw]:
    """Register the decorated function as an action; its file names the topic."""

    def register(draw: Draw) -> Draw:
        topic = draw.__module__.rpartition(".")[2]
        _actions.append(
            Action(
                draw=draw,
                weight=weight,
                left_out=left_out,
                needs=_all(needs),
                topic=topic,
                after=after,
            )
        )
        return draw

    return register


def opening(
    percent: int, *, needs: Capability | tuple[Capability, ...] = (), focus: int = 1
) -> Callable[[Open], Open]:
    """Register the decorated generator of requests as a way to begin a sequence."""

    def register(begin: Open) -> Open:
        _openings.append(Opening(open=begin, percent=percent, needs=_all(needs), focus=focus))
        return begin

    return register


def _all(needs: Capability | tuple[Capability, ...]) -> frozenset[Capability]:
    return frozenset(needs if isinstance(needs, tuple) else (needs,))


@cache
def _load() -> None:
    package = importlib.import_module("conformance.actions")
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        if not module.startswith("test"):
            importlib.import_module(f"conformance.actions.{module}")


def every_action() -> tuple[Action, ...]:
    """Return all actions, in the order of their files and within these."""
    _load()
    return tuple(_actions)


def every_opening() -> tuple[Opening, ...]:
    """Return all openings."""
    _load()
    return tuple(_openings)
