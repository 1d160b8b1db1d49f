"""Words over the alphabet of directory buckets, and which of them are played in one sequence."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from conformance.alphabet import mix
from conformance.directory_states.bucket_moves import put_default
from conformance.directory_states.moves import Aim, Name, Pick, Stand, Word, alphabet
from conformance.imagining import imagine, imagine_all
from conformance.small_scope.shared_moves import KMS
from model.bucket_kind import DIRECTORY_SUFFIX
from model.clause import Capability
from model.operations.create_bucket import directory_bucket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.phase import Setting

MOST = 20
"""About so many requests go into a sequence, beside those that all of its words share."""
_ZONE = "--use1-az4"
_THERE = frozenset({Name.ONE, Name.OTHER})


class Start(StrEnum):
    """What a bucket's default is when a word begins.

    Under a KMS key there is a session from before it was put, and ``Name.OTHER`` was written then.
    """

    KMS_KEY = "under a KMS key"
    NEW = "in a new bucket"


class Row(NamedTuple):
    """Words that are played in one sequence: their moves about the bucket are the same."""

    start: Start
    words: tuple[Word, ...]


def starts(setting: Setting) -> tuple[Start, ...]:
    """Return where words can begin at this target."""
    needed = {Capability.SSE_KMS, Capability.BUCKET_ENCRYPTION}
    with_key = needed <= setting.capabilities and bool(setting.kms_keys)
    return (Start.KMS_KEY, Start.NEW) if with_key else (Start.NEW,)


def all_words(setting: Setting, start: Start, length: int) -> Iterator[Word]:
    """Yield all words of that length in which each move has sense."""
    for word in product(alphabet(setting), repeat=length):
        if _has_sense(word, start):
            yield word


def has_variants(word: Word) -> bool:
    """Tell whether a move does much the same as another."""
    return any(move.variant for move in word)


def _has_sense(word: Word, start: Start) -> bool:
    """Tell whether each move finds what it takes, and a session chosen is used or is the last."""
    there, came = _THERE, set[str]()
    several = start is Start.KMS_KEY
    for place, move in enumerate(word):
        if not move.takes <= there or (move.after and not move.after & came):
            return False
        if move.pick is Pick.OLDEST and not several:
            return False
        if move.aim is Aim.SESSION:
            rest = word[place + 1 :]
            after = next((one for one in rest if one.aim is Aim.SESSION), None)
            used = any(one.within for one in rest)
            if (after is not None and after is rest[0] and after.pick is None) or (
                rest and not used and after is None
            ):
                return False
            several = several or move.pick is None
        came.add(move.name)
        there = (there - move.drops) | move.gives
        if move.renews:
            there, came, several = _THERE, set(), False
    return True


def rows(setting: Setting, words: Iterable[Word], start: Start) -> tuple[Row, ...]:
    """Return the words in rows, in an order that is fixed and mixed.

    What the moves of a word are about takes turns, so that the many words about objects alone do
    not keep the others waiting. The more of them are about the bucket, the more rows in a turn:
    such rows are short, and what a bucket remembers decides for all that is in it. Where one of
    them leaves the bucket as it was, as the model sees it, a shorter word has shown most.
    """
    alike: dict[tuple[str, ...], list[tuple[bytes, Word]]] = {}
    for word in words:
        alike.setdefault(_skeleton(word), []).append((mix(move.name for move in word), word))
    kinds: dict[tuple[bool, ...], list[tuple[bool, bytes, Row]]] = {}
    for skeleton, group in alike.items():
        spent, first, row = 0, b"", list[Word]()
        about_the_bucket = any(move.aim is Aim.BUCKET for move in group[0][1])
        found = kinds.setdefault((about_the_bucket, *map(bool, skeleton)), [])
        idle = _is_idle(setting, start, group[0][1])
        for mixed, word in sorted(group, key=itemgetter(0)):
            more = _cost(word)
            if row and spent + more > MOST:
                found.append((idle, first, Row(start, tuple(row))))
                spent, row = 0, []
            first = first if row else mixed
            row.append(word)
            spent += more
        found.append((idle, first, Row(start, tuple(row))))
    for found in kinds.values():
        found.sort(key=itemgetter(0, 1))
    turns: list[tuple[int, Row]] = []
    for found in kinds.values():
        shared = sum(move.aim is Aim.BUCKET for move in found[0][2].words[0])
        turns += ((place // (2 * shared + 1), row) for place, (*_, row) in enumerate(found))
    return tuple(row for _, row in sorted(turns, key=itemgetter(0)))


def _is_idle(setting: Setting, start: Start, word: Word) -> bool:
    """Tell whether a move about the bucket, but the last move, changes nothing about it."""
    name = f"imagined{_ZONE}{DIRECTORY_SUFFIX}"
    stand = Stand(
        world=imagine(setting.world, directory_bucket(name, secure=setting.secure), name),
        bucket=name,
        second="",
        outside="",
        source="",
        keys=tuple(key.key_id for key in setting.kms_keys),
        stem="",
        token=None,
        number=0,
        secure=setting.secure,
    )
    if start is Start.KMS_KEY:
        stand = replace(stand, world=imagine_all(stand.world, put_default(KMS, 0)(stand), start))
    for move in word[:-1]:
        if move.aim is not Aim.BUCKET or move.others:
            continue
        before = stand.world.buckets.get(name)
        for step in move.steps:
            stand = replace(stand, world=imagine_all(stand.world, step(stand), move.name))
        if not move.renews and stand.world.buckets.get(name) == before:
            return True
    return False


def _skeleton(word: Word) -> tuple[str, ...]:
    """Return what the words of a row have in common: their moves about the bucket, if any."""
    shared = tuple(m.name if m.aim is Aim.BUCKET else "" for m in word)
    if any(shared):
        return shared
    return tuple(m.aim if m.aim is Aim.SESSION else "" for m in word)


def _cost(word: Word) -> int:
    """Return about how many requests a word needs beside those that all share."""
    own = [move for move in word if move.aim is not Aim.BUCKET]
    sent = sum(len(move.steps) + len(move.drops | move.gives | move.takes) for move in own)
    ending = 2 if word[-1].aim is Aim.SESSION else 0
    renewed = 4 * sum(move.renews for move in word)
    return sent + ending + renewed + len(names_in(word))


def names_in(word: Word) -> tuple[Name, ...]:
    """Return the objects that must be there before the word begins."""
    taken = frozenset[Name]().union(*(move.takes for move in word))
    return tuple(name for name in Name if name is Name.ONE or name in taken & _THERE)
