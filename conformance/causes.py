"""What may be behind divergences that are alike: in what they show, and who can be blamed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from model.answer import BODY, BODY_LENGTH, CONTENT_LENGTH, DELETE_MARKER, VERSION_ID
from model.clause import find_clause
from model.findings import Kind
from model.listing import OF, SIZE
from model.operations.get_bucket_encryption import (
    ALGORITHM,
    BLOCKED,
    BUCKET_KEY_ENABLED,
    KEY_ID,
)
from model.operations.get_object_attributes import SIZE_ATTRIBUTE
from model.operations.list_parts import ListParts
from model.request import ENCRYPTION_HEADERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from conformance.parts import Found
    from conformance.verdict import Tally, Way

    Ways = Mapping[str, frozenset[Way]]

ENOUGH = 3
"""So many clauses are broken alike before that is held to be one defect."""
_MISSING = {
    "404 NoSuchBucket": "a bucket",
    "404 NoSuchKey": "an object",
    "404 NoSuchVersion": "an object",
    "404 NoSuchUpload": "an upload",
}
"""Errors that say that something is not there, which then holds for all operations."""
_NOT_THERE = frozenset({*_MISSING, "400 KMS.NotFoundException"})
"""Errors with which a request is refused that names what is not there."""
PARTS = {
    "encryption": frozenset(ENCRYPTION_HEADERS),
    "configuration": frozenset({ALGORITHM, BLOCKED, BUCKET_KEY_ENABLED, KEY_ID}),
    "version": frozenset({VERSION_ID, DELETE_MARKER}),
}
"""What is shown in several fields."""
_DATA = frozenset({BODY, BODY_LENGTH, CONTENT_LENGTH, SIZE_ATTRIBUTE, f"{SIZE}{OF}*"})
"""Fields that show an object's data, or how long it is."""
_ECHO = "answer-headers"
"""The topic of the clauses that say how answers show what others decide."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What may be behind several divergences: the ways of showing that it explains.

    ``enough`` are the divergences that it takes. ``first`` is the one that is the cause itself;
    ``clause`` is the clause that is, where nothing else is known of it.
    """

    why: str
    explains: Callable[[Way], bool]
    enough: int
    first: Found | None = None
    clause: str = ""
    among: frozenset[str] | None = None
    """The ids of those that it may explain; None: of any."""
    kind: Kind | None = None
    """How one of them at least must have been met; None: however."""


def refusals(left: Sequence[Found], ways: Ways, _: Tally) -> Iterator[Cause]:
    """Yield the errors with which sound requests are refused, of one operation and of all."""
    seen = {w for one in left for w in ways[one.id] if w.kind is Kind.REFUSED}
    for what in sorted({_MISSING[w.error] for w in seen if w.error in _MISSING}):
        why = f"{what} that is there is said to be missing"
        yield Cause(why, partial(_is_refused, None, what), ENOUGH, kind=Kind.REFUSED)
    for operation, what in sorted({(w.operation, _said(w.error)) for w in seen}):
        why = f"{operation} is refused ({what}), whatever it is about"
        yield Cause(why, partial(_is_refused, operation, what), ENOUGH, kind=Kind.REFUSED)


def _said(error: str) -> str:
    """Return what an error says: that something is missing, or else itself."""
    return _MISSING.get(error, error)


def _is_refused(operation: str | None, what: str, way: Way) -> bool:
    """Tell whether the answer was an error that says that; one to a HEAD has no code."""
    if way.kind not in {Kind.REFUSED, Kind.ERROR} or operation not in {None, way.operation}:
        return False
    errors = [error for error in (*_MISSING, what) if _said(error) == what]
    return way.error in {*errors, *(error.partition(" ")[0] for error in errors)}


def oversights(left: Sequence[Found], ways: Ways, _: Tally) -> Iterator[Cause]:
    """Yield the errors that do not come, where what a request names is not there."""
    due = {error for one in left for w in ways[one.id] for error in _due(w)}
    for error in sorted(due & _NOT_THERE):
        why = f"what is to be refused with {error} is taken, whatever is named"
        yield Cause(why, partial(_is_due, error), ENOUGH)


def _due(way: Way) -> list[str]:
    """Return the errors, any of which was to come where none did."""
    return way.due.split(" or ") if way.kind is Kind.ACCEPTED else []


def _is_due(error: str, way: Way) -> bool:
    return error in _due(way)


def clauses(left: Sequence[Found], ways: Ways, _: Tally) -> Iterator[Cause]:
    """Yield the broken clauses, each with the ways in which it shows by itself."""
    for first in left:
        shown = frozenset((way.field, way.kind, way.error) for way in ways[first.id])
        why = f"{first.clause} speaks of them all"
        yield Cause(why, partial(_is_blamed, first.clause, shown), 2, first)
    seen = {w for one in left for w in ways[one.id] if not w.is_outcome}
    for clause in sorted({clause for way in seen for clause in way.clauses}):
        shown = frozenset((w.field, w.kind, w.error) for w in seen if clause in w.clauses)
        why = f"{clause} speaks of them all"
        yield Cause(why, partial(_is_blamed, clause, shown), ENOUGH, clause=clause)


def _is_blamed(clause: str, shown: frozenset[tuple[str, Kind, str]], way: Way) -> bool:
    """Tell whether the clause can be blamed, broken as it shows when it is broken alone.

    Of a request that was taken and must be refused, the encryption that is shown is to blame
    if both clauses are about the same feature: a server that has not got it checks nothing of it.
    """
    if clause in way.clauses and (way.field, way.kind, way.error) in shown:
        return True
    encryption = [one for one in way.beside if one[0] in ENCRYPTION_HEADERS]
    blamed = {one for field, kind, one in encryption if (field, kind, "") in shown}
    return clause in blamed and any(_are_of_one_feature(clause, one) for one in way.clauses)


def _are_of_one_feature(clause: str, other: str) -> bool:
    needs = find_clause(clause).needs
    return needs is not None and find_clause(other).needs is needs


def answers(left: Sequence[Found], ways: Ways, _: Tally) -> Iterator[Cause]:
    """Yield what is wrong in the answers of one operation: its encryption, another field, a status.

    What shows an object's data is one field, whichever operation reads it.
    """
    seen = {w for one in left for w in ways[one.id] if not w.is_outcome}
    for operation, part in sorted({(w.operation, shown_part(w)) for w in seen}):
        why = f"the answer to {operation} shows the wrong {part}, whatever decides it"
        yield Cause(why, partial(_is_shown, operation, part), ENOUGH)
    yield Cause("other data is there than was written, however it is read", _is_of_data, ENOUGH)
    succeeded = {w.operation for one in left for w in ways[one.id] if w.kind is Kind.STATUS}
    for operation in sorted(succeeded):
        why = f"{operation} succeeds with another status, whatever it is about"
        yield Cause(why, partial(_is_of_status, operation), ENOUGH)


def _is_shown(operation: str, part: str, way: Way) -> bool:
    return not way.is_outcome and way.operation == operation and shown_part(way) == part


def shown_part(way: Way) -> str:
    """Return what a field shows; one that is no part of more shows itself."""
    if way.operation == ListParts.operation:
        return "parts"
    return next((part for part, fields in PARTS.items() if way.field in fields), way.field)


def _is_of_status(operation: str, way: Way) -> bool:
    return way.kind is Kind.STATUS and way.operation == operation


def _is_of_data(way: Way) -> bool:
    return way.kind is Kind.DIFFERENT and way.field in _DATA


def topics(left: Sequence[Found], ways: Ways, _: Tally) -> Iterator[Cause]:
    """Yield the topics by which encryption is decided, and is decided wrongly.

    Two divergences at least must show nothing else: where a request was taken that must be refused,
    what its answer shows beside that may have a reason of its own.
    """
    seen = {w for one in left for w in ways[one.id] if _shows_encryption(w)}
    for topic in sorted({_topic(way.clauses[0]) for way in seen if way.clauses} - {_ECHO}):
        decided = partial(_is_decided, topic)
        told = (one for one in left if any(map(_shows_encryption, ways[one.id])))
        if sum(all(map(decided, ways[one.id])) for one in told) > 1:
            why = f"the encryption is wrong wherever {topic} decides it"
            yield Cause(why, decided, ENOUGH)


def _shows_encryption(way: Way) -> bool:
    return not way.is_outcome and way.field in ENCRYPTION_HEADERS


def _is_decided(topic: str, way: Way) -> bool:
    """Tell whether a clause of the topic is the first to blame for what an answer shows.

    Where a header is left out that is the clause of the header: it was decided rightly, perhaps.
    """
    if _shows_encryption(way):
        return _topic(way.clauses[0]) == topic if way.clauses else False
    return any(_topic(c) == topic for field, _, c in way.beside if field in ENCRYPTION_HEADERS)


def _topic(clause: str) -> str:
    return clause.partition("/")[0]
