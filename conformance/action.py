"""What a sequence may do: actions register themselves, one file of them for each topic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from conformance.gathering import import_files
from conformance.plain_drawing import draw_plainly
from model.request import KmsRequest
from model.wire import operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.requests import Requests
    from conformance.session import Step
    from model.clause import Capability
    from model.operation import Operation

    Draw = Callable[[Requests], Operation | None]
    Open = Callable[[Requests], Iterator[Operation]]
    Glance = Callable[[Requests, Step], Operation | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One way to go on: ``draw`` returns a request, or None where there is nothing to ask.

    ``weight`` is how often it is chosen beside the others, ``left_out`` in how many of a hundred
    sequences it does not occur at all, so that others come in rows. ``draws`` are the operations
    that it is for: those that no action is for are drawn by the kinds that they are of. ``after``
    is the opening of the sequences in which it occurs, None where it occurs in all.
    """

    draw: Draw
    draws: frozenset[type[Operation]]
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


PLAIN_WEIGHT, PLAIN_LEFT_OUT = 5, 40
"""How often an operation is drawn that has no action of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A way to look at what a request did: ``draw`` returns a request, or None.

    It is tried after so many of a hundred requests, before the usual look at what was written.
    """

    draw: Glance
    percent: int
    needs: frozenset[Capability]


_actions: list[Action] = []
_openings: list[Opening] = []
_looks: list[Look] = []


def action(
    weight: int,
    *draws: type[Operation],
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
                draws=frozenset(draws),
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


def look(
    percent: int, *, needs: Capability | tuple[Capability, ...] = ()
) -> Callable[[Glance], Glance]:
    """Register the decorated function as a way to look at what a request did."""

    def register(draw: Glance) -> Glance:
        _looks.append(Look(draw=draw, percent=percent, needs=_all(needs)))
        return draw

    return register


def _all(needs: Capability | tuple[Capability, ...]) -> frozenset[Capability]:
    return frozenset(needs if isinstance(needs, tuple) else (needs,))


@cache
def _load() -> None:
    import_files("conformance.actions")


@cache
def every_action() -> tuple[Action, ...]:
    """Return all actions, in the order of their files and within these; then the plain ones."""
    _load()
    drawn = frozenset[type["Operation"]]().union(*(one.draws for one in _actions))
    plain = (kind for kind in operations().values() if kind not in drawn)
    return (*_actions, *(_plain(kind) for kind in plain if not issubclass(kind, KmsRequest)))


def _plain(kind: type[Operation]) -> Action:
    """Return the action of an operation that has none of its own."""
    return Action(
        draw=partial(draw_plainly, kind),
        draws=frozenset({kind}),
        weight=PLAIN_WEIGHT,
        left_out=PLAIN_LEFT_OUT,
        needs=frozenset(),
        after=None,
        topic=kind.operation,
    )


@cache
def every_opening() -> tuple[Opening, ...]:
    """Return all openings."""
    _load()
    return tuple(_openings)


def every_look() -> tuple[Look, ...]:
    """Return all ways to look at what a request did."""
    _load()
    return tuple(_looks)
