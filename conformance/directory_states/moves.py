"""The alphabet of directory buckets: what a move is, and how it registers itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

from conformance.alphabet import Alphabet, Letter
from model.clause import Capability
from model.sse import SseAlgorithm
from model.stored import ObjectVersion, Presence
from model.world import Bucket

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import World


class Aim(StrEnum):
    """What a move changes: what all words of a sequence share, one word's session, or objects."""

    BUCKET = "bucket"
    SESSION = "session"
    OBJECTS = "objects"


class Pick(StrEnum):
    """Which of the sessions that there are a word's later requests are sent within."""

    OLDEST = "oldest"
    ELSEWHERE = "of another bucket"


class Name(Enum):
    """The objects that a word has in the bucket; all but ``NEW`` are there to begin with."""

    ONE = "one"
    OTHER = "other"
    NEW = "new"


class Other(StrEnum):
    """What a move needs beside the bucket."""

    SECOND = "a second directory bucket"
    OUTSIDE = "a general purpose bucket with an object in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What a move is made with: the likeliest world, and the names that it may use.

    ``token`` is the session that the word has chosen. ``number`` tells one write's data from
    another's.
    """

    world: World
    bucket: str
    second: str
    outside: str
    source: str
    keys: tuple[str, ...]
    stem: str
    token: str | None
    number: int
    secure: bool

    @property
    def body(self) -> bytes:
        """Data that no other write of the sequence writes, and no other is as long."""
        return b"what was written by move %d" % self.number + b"." * self.number

    def is_unclear(self, sse: str | None) -> bool:
        """Tell whether it is not said which KMS key that algorithm takes now."""
        found = self.world.buckets.get(self.bucket)
        unclear = isinstance(found, Bucket) and found.pinned_key is Presence.UNKNOWN
        return unclear and sse == SseAlgorithm.AWS_KMS

    def called(self, name: Name) -> str:
        """Return the object key of one of the word's objects."""
        return f"{self.stem}{name.value}"

    def there(self, name: Name) -> ObjectVersion | None:
        """Return the object of that name, if it surely exists."""
        found = self.world.object(self.bucket, self.called(name))
        return found if isinstance(found, ObjectVersion) else None


Make = Callable[[Stand], tuple["Operation", ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Move(Letter[Stand]):
    """One letter of the alphabet.

    It ``takes`` objects that must be there, and ``drops`` and ``gives`` names. ``after`` are moves
    of which one must come before, ``renews``: it makes the bucket anew, and with it the objects.
    Longer words with a ``variant`` come behind those without.
    """

    aim: Aim
    others: frozenset[Other]
    takes: frozenset[Name]
    drops: frozenset[Name]
    gives: frozenset[Name]
    after: frozenset[str]
    pick: Pick | None
    renews: bool
    variant: bool

    @property
    def within(self) -> bool:
        """Whether it is about objects, within the session that a word has chosen: no copy is."""
        return self.aim is Aim.OBJECTS and Capability.COPY not in self.needs


Word = tuple[Move, ...]
_alphabet = Alphabet[Move](__name__.rpartition(".")[0])
every_move = _alphabet.every
alphabet = _alphabet.known_to


def add_move(
    name: str,
    aim: Aim,
    steps: tuple[Make, ...],
    *needs: Capability,
    keys: int = 0,
    others: tuple[Other, ...] = (),
    takes: tuple[Name, ...] = (),
    drops: tuple[Name, ...] = (),
    gives: tuple[Name, ...] = (),
    after: tuple[str, ...] = (),
    pick: Pick | None = None,
    renews: bool = False,
    variant: bool = False,
) -> None:
    """Register a move."""
    _alphabet.add(
        Move(
            name=name,
            aim=aim,
            steps=steps,
            needs=frozenset(needs),
            keys=keys,
            others=frozenset(others),
            takes=frozenset(takes),
            drops=frozenset(drops),
            gives=frozenset(gives),
            after=frozenset(after),
            pick=pick,
            renews=renews,
            variant=variant,
        )
    )
