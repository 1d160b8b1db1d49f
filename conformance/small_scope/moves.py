"""The alphabet: what a move is, and how it registers itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from conformance.alphabet import Alphabet, Letter

if TYPE_CHECKING:
    from model.clause import Capability
    from model.operation import Operation
    from model.world import World


class Aim(StrEnum):
    """What a move changes: what all objects of a sequence share, or one pair of objects."""

    SHARED = "shared"
    OBJECTS = "objects"


class Tier(IntEnum):
    """How soon a move is played in longer words; a variant does much the same as another."""

    INNER = 0
    CORE = 1
    VARIANT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What a move is made with: the world as it is believed, and the names that it may use.

    ``one`` and ``other`` are the pair of objects that it is about, in the first of the buckets, or
    in the second by the same name. ``own_key`` is a KMS key of the sequence's own; ``alias`` names
    the first of the keys, to begin with. ``number`` tells one move's data from another's.
    """

    world: World
    buckets: tuple[str, str]
    keys: tuple[str, ...]
    own_key: str = ""
    alias: str = ""
    one: str = "a"
    other: str = "b"
    number: int = 0
    secure: bool = True

    @property
    def bucket(self) -> str:
        """The bucket that nearly all moves are about."""
        return self.buckets[0]

    @property
    def body(self) -> bytes:
        """Data that no other move of the sequence writes."""
        return b"what was written by move %d" % self.number

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """User metadata that no other move of the sequence writes."""
        return (("move", str(self.number)), (f"of-{self.number}", "yes"))

    def about(self, number: int, one: str = "", other: str = "") -> Stand:
        """Return the same for another move, about another pair of objects."""
        return replace(self, number=number, one=one or self.one, other=other or self.other)


Make = Callable[[Stand], tuple["Operation", ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move(Letter[Stand]):
    """One letter of the alphabet.

    ``uses`` are the interchangeable names that it uses; ``opens``: it can be the first of an
    object; ``buckets`` is how many buckets it needs. ``kept``: it is something else where versions
    are kept.
    """

    aim: Aim
    uses: frozenset[str]
    opens: bool
    buckets: int
    tier: Tier
    kept: bool

    @property
    def variant(self) -> bool:
        """Whether it does much the same as another: longer words with it come behind others."""
        return self.tier is Tier.VARIANT


OWN_KEY, ALIAS = "own key", "alias"
_IN_ORDER = (("K1", "K2"), ("C1", "C2"))
"""Names that are interchangeable: the first is used before the second."""
_alphabet = Alphabet[Move](__name__.rpartition(".")[0])
every_move = _alphabet.every
alphabet = _alphabet.known_to


def add_move(
    name: str,
    aim: Aim,
    steps: tuple[Make, ...],
    *needs: Capability,
    uses: tuple[str, ...] = (),
    opens: bool = True,
    buckets: int = 1,
    tier: Tier = Tier.CORE,
    kept: bool = False,
) -> None:
    """Register a move."""
    _alphabet.add(
        Move(
            name=name,
            steps=steps,
            needs=frozenset(needs),
            keys=2 if "K2" in uses else 1 if "K1" in uses else 0,
            aim=aim,
            uses=frozenset(uses),
            opens=opens,
            buckets=buckets,
            tier=tier,
            kept=kept,
        )
    )


Word = tuple[Move, ...]


def is_canonical(word: Word) -> bool:
    """Tell whether a word introduces interchangeable names in their order."""
    used: set[str] = set()
    for move in word:
        used |= move.uses
        if any(second in used and first not in used for first, second in _IN_ORDER):
            return False
    return True
