"""The phase ``directory-states``: all short sequences of changes in directory buckets.

A directory bucket remembers more than others: the one KMS key of its life, and sessions, each with
the default of its time. So each short sequence over a small alphabet is played twice: in a bucket
under a KMS key that has a session from before, and in a new one.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from conformance.directory_states.play import script_of
from conformance.directory_states.words import all_words, has_variants, rows, starts
from conformance.phase import Depth, Setting, Stage, phase
from model.clause import Capability

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("", "one change", "two changes", "three changes")
_ANY, _PLAIN, _VARIED = frozenset({False, True}), frozenset({False}), frozenset({True})
_QUICK = (((1, _ANY), (2, _PLAIN)), ((2, _VARIED),), ((3, _PLAIN),))
"""Which words are played, by their length and whether they have variants: first a bucket under a
KMS key gets its first ones, where there is more to remember, then a new one gets the same."""
_NIGHTLY = (*_QUICK, ((3, _VARIED),))


@phase("directory-states", percent=10)
def directory_states(setting: Setting) -> Iterator[Stage]:
    """Plan the words of up to three moves, those of three with variants only in a night."""
    if not setting.has(Capability.DIRECTORY_BUCKETS):
        return
    for group in _NIGHTLY if setting.depth is Depth.NIGHTLY else _QUICK:
        for start, (length, variants) in product(starts(setting), group):
            words = all_words(setting, start, length)
            words = (word for word in words if has_variants(word) in variants)
            found = rows(setting, words, start)
            what = f"{_NAMES[length]} with variants" if variants == _VARIED else _NAMES[length]
            yield Stage(name=f"{what} {start}", scripts=map(script_of, found), planned=len(found))
