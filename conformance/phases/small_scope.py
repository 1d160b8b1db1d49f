"""The phase ``small-scope``: all short sequences over a small alphabet, shortest first.

Most defects show after few steps, if they are the right ones. Each move is played in each state
that fewer moves lead to, as the model sees it; states that differ in names alone are one. What a
server remembers may differ where the model's state does not: so all words of two moves are played
at last, and those of three, whatever they lead to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.phase import Depth, Setting, Stage, phase
from conformance.small_scope.play import script_of
from conformance.small_scope.words import all_words, edges, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.small_scope.moves import Word

_NAMES = ("", "one change", "two changes", "three changes", "four changes")


@phase("small-scope", percent=15)
def small_scope(setting: Setting) -> Iterator[Stage]:
    """Plan the words of up to three moves, or of four in a night."""
    longest = 4 if setting.depth is Depth.NIGHTLY else 3
    for length in range(1, longest + 1):
        pruned = (edge.word for edge in edges(setting, length) if len(edge.word) == length)
        yield _stage(_NAMES[length], pruned)
        if length == 2:  # noqa: PLR2004 - every two moves are played, whatever they lead to
            yield _stage("any two changes", _others(setting, length))
    yield _stage("any three changes", _others(setting, 3))


def _stage(name: str, words: Iterable[Word]) -> Stage:
    rows = row_of(words)
    return Stage(name=name, scripts=map(script_of, rows), planned=len(rows))


def _others(setting: Setting, length: int) -> Iterator[Word]:
    """Yield the words of that length that the pruned ones leave out."""
    done = {edge.word for edge in edges(setting, length)}
    return (word for word in all_words(setting, length) if word not in done)
