"""How many bytes came of a body, held against what the head of the answer announced: in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from model.answer import CONTENT_LENGTH
from model.messages import BodyEnd
from model.replacing import replace

if TYPE_CHECKING:
    from model.messages import HttpResponse

AS_ANNOUNCED = "as announced"
_BROKEN_OFF = re.compile(r"broke off after \d+(?: of (\d+))? bytes")
_OVERRUN = re.compile(r"more than the (\d+) bytes announced")


def broken_off(came: int, announced: str | None) -> str:
    """Return the words for a body of which only so many bytes came."""
    of = "" if announced is None else f" of {announced}"
    return f"broke off after {came}{of} bytes"


def overrun(announced: int) -> str:
    """Return the words for a body of which more bytes came than were announced."""
    return f"more than the {announced} bytes announced"


def is_broken_off(words: str) -> bool:
    """Tell whether the words say that fewer bytes came than were announced."""
    return _BROKEN_OFF.fullmatch(words) is not None


def read_length(response: HttpResponse) -> str:
    """Return in words how many bytes came of an answer's body."""
    if response.ended is BodyEnd.BROKEN_OFF:
        coded = response.header("transfer-encoding") is not None
        announced = None if coded else response.header(CONTENT_LENGTH)
        return broken_off(len(response.body), announced)
    if response.ended is BodyEnd.OVERRUN:
        return overrun(len(response.body))
    return AS_ANNOUNCED


def with_length(response: HttpResponse, words: str) -> HttpResponse:
    """Return the answer whose body ends as the words say (for the reference)."""
    short, long = _BROKEN_OFF.fullmatch(words), _OVERRUN.fullmatch(words)
    if short is None and long is None:
        return response
    ended = BodyEnd.BROKEN_OFF if short else BodyEnd.OVERRUN
    announced = len(response.body)
    if short is not None:
        announced = max(announced + 1, int(short[1] or 0))
    kept = tuple(pair for pair in response.headers if pair[0] != CONTENT_LENGTH)
    return replace(response, headers=(*kept, (CONTENT_LENGTH, str(announced))), ended=ended)
