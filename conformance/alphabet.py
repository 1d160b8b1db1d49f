"""An alphabet of moves, of which short sequences are made: what is common to all of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from conformance.gathering import import_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.phase import Setting
    from model.clause import Capability
    from model.operation import Operation

StandT = TypeVar("StandT")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Letter(Generic[StandT]):
    """One request, mostly, or several, each made after the one before, with where it stands.

    A step that makes no sense makes none. ``keys`` is how many of the run's KMS keys it names.
    """

    name: str
    steps: tuple[Callable[[StandT], tuple[Operation, ...]], ...]
    needs: frozenset[Capability]
    keys: int

    def is_known_to(self, setting: Setting) -> bool:
        """Tell whether the target has all that the move needs."""
        return self.needs <= setting.capabilities and len(setting.kms_keys) >= self.keys


LetterT = TypeVar("LetterT", bound=Letter[Any])


class Alphabet(Generic[LetterT]):
    """The moves that the files of a package register, in their order."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._moves: list[LetterT] = []

    def add(self, move: LetterT) -> None:
        """Register a move."""
        self._moves.append(move)

    def every(self) -> tuple[LetterT, ...]:
        """Return all moves."""
        import_files(self._package)
        return tuple(self._moves)

    def known_to(self, setting: Setting) -> tuple[LetterT, ...]:
        """Return the moves that the target can be asked for."""
        return tuple(move for move in self.every() if move.is_known_to(setting))


def mix(names: Iterable[str]) -> bytes:
    """Return what sequences are put in order by, so that like ones do not stand together."""
    return hashlib.sha256("/".join(names).encode()).digest()
