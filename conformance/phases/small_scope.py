"""The phase ``small-scope``: all short sequences over a small alphabet, shortest first.

Most defects show after few steps, if they are the right ones. Tours meet all words of two moves,
and those of three that tell most, one on the heels of the other. Behind them each move is played by
itself in each state that two others lead to in a new bucket, as the model sees it; states that
differ in names alone are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.phase import Depth, Setting, Stage, phase
from conformance.small_scope.planned import read_walks
from conformance.small_scope.play import script_of
from conformance.small_scope.walk import walk_script
from conformance.small_scope.words import edges, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("", "one change", "two changes", "three changes", "four changes")


@phase("small-scope", percent=14)
def small_scope(setting: Setting) -> Iterator[Stage]:
    """Plan single moves, tours, and the words of three moves by themselves; in a night, of four."""
    yield _stage(setting, 1)
    for name, walks in read_walks(setting):
        yield Stage(
            name=name,
            scripts=map(walk_script, walks.values(), walks),
            planned=len(walks),
            names=[(str(number),) for number in walks],
        )
    yield _stage(setting, 3)
    if setting.depth is Depth.NIGHTLY:
        yield _stage(setting, 4)


def _stage(setting: Setting, length: int) -> Stage:
    words = (edge.word for edge in edges(setting, length) if len(edge.word) == length)
    rows = row_of(words)
    return Stage(name=_NAMES[length], scripts=map(script_of, rows), planned=len(rows))
