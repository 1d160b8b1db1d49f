"""The phase ``paths``: the same through every path must end in the same.

A server has many ways to write an object, and each may be another piece of code: what one does
right another forgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.paths.plans import (
    again,
    aliases,
    between,
    buckets,
    intents,
    large_parts,
    misnamed,
    more_intents,
    names,
    other_refusals,
    parts,
    reading,
    refusals,
    sizes,
    together,
)
from conformance.phase import Setting, Stage, phase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Script


@phase("paths", percent=16)
def paths(setting: Setting) -> Iterator[Stage]:
    """Plan a script for each intent; all paths are in it."""
    for name, plan in (
        ("alias moved in between", aliases),
        ("read again", again),
        ("parts replaced", parts),
        ("two buckets", buckets),
        ("uploads under other names", misnamed),
        ("two uploads at once", together),
        ("intents", intents),
        ("default changed in between", between),
        ("refused", refusals),
        ("refused for other reasons", other_refusals),
        ("read through every path", reading),
        ("names", names),
        ("sizes", sizes),
        ("more intents", more_intents),
        ("parts of 5 MiB", large_parts),
    ):
        scripts: list[Script] = list(plan(setting))
        yield Stage(name=name, scripts=iter(scripts), planned=len(scripts))
