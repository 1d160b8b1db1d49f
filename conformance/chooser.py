"""Choices out of drawn bytes: the same bytes and the same questions give the same choices."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_BYTES_A_TIME = 4
_SPACE = 256**_BYTES_A_TIME
_ENOUGH = 64


class Chooser:
    """Chooses by ``entropy``, and when that is used up by numbers that follow from it."""

    def __init__(self, entropy: bytes) -> None:
        self._entropy = entropy
        self._position = 0
        self._rest: random.Random | None = None
        self._value = 0
        self._space = 1

    def _draw(self) -> int:
        end = self._position + _BYTES_A_TIME
        if end <= len(self._entropy):
            drawn = int.from_bytes(self._entropy[self._position : end], "big")
            self._position = end
            return drawn
        if self._rest is None:
            self._rest = random.Random(self._entropy)  # noqa: S311 - nothing secret is chosen
        return self._rest.randrange(_SPACE)

    def below(self, count: int) -> int:
        """Return a number from 0 to ``count`` - 1."""
        if self._space < count * _ENOUGH:
            self._value = self._draw()
            self._space = _SPACE
        self._value, chosen = divmod(self._value, count)
        self._space //= count
        return chosen

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; raises IndexError where there is none."""
        return options[self.below(len(options))] if len(options) > 1 else options[0]

    def chance(self, percent: int) -> bool:
        """Return True so often in a hundred."""
        return self.below(100) < percent

    def weighted(self, options: Sequence[tuple[T, int]]) -> T:
        """Return one of the options, each as often as its weight says."""
        left = self.below(sum(weight for _, weight in options))
        for option, weight in options:
            left -= weight
            if left < 0:
                return option
        raise ValueError("weights must be positive")
