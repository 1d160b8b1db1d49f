"""Copies of frozen dataclasses with other values, at less cost than ``dataclasses.replace``."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import replace
else:

    def replace(one: object, /, **changes: object) -> object:
        """Return a dataclass object like this one, but for the changes.

        It must have two fields or more, all of which its constructor takes.
        """
        kind = type(one)
        names, values = _reader_of(kind)
        return kind(**{**dict(zip(names, values(one), strict=True)), **changes})


@cache
def _reader_of(kind: Any) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """Return the names of a class's fields, and what reads all of them from an object."""
    names = tuple(one.name for one in fields(kind))
    return names, attrgetter(*names)


__all__ = ["replace"]
