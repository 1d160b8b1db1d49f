"""The walks as they were planned once, for a target that can do everything.

To plan them takes seconds, which a short run has not. ``conformance/write_catalogue.py`` writes the
file; of a target that lacks something the moves are left out that it does not know.
"""

from __future__ import annotations

import json
from importlib import resources
from itertools import zip_longest
from typing import TYPE_CHECKING

from conformance.small_scope.moves import Tier, alphabet
from conformance.small_scope.tours import Tours, moves_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Setting
    from conformance.small_scope.moves import Word

FILE = "walks.json"
_STAGES = (
    ("two changes that tell most", ((Tier.INNER, 2),)),
    ("two changes, and three that tell most", ((Tier.CORE, 2), (Tier.INNER, 3))),
    ("two changes with variants", ((Tier.VARIANT, 2),)),
)
_SHORTEST = 2


def plan_walks(setting: Setting) -> Iterator[tuple[str, list[Word]]]:
    """Yield each stage with its walks."""
    tours = Tours(setting)
    for name, parts in _STAGES:
        planned = [tours.plan(moves_below(alphabet(setting), tier), n) for tier, n in parts]
        yield name, [walk for some in zip_longest(*planned) for walk in some if walk is not None]


def walks_text(stages: Iterator[tuple[str, list[Word]]]) -> str:
    """Return the text of the file: the names of the moves once, and each walk by their numbers."""
    numbers: dict[str, int] = {}
    lines = []
    for name, walks in stages:
        told = [[numbers.setdefault(m.name, len(numbers)) for m in walk] for walk in walks]
        rows = ",\n".join(f"  {json.dumps(one)}" for one in told)
        lines.append(f" {json.dumps(name)}: [\n{rows}\n ]")
    moves = json.dumps(list(numbers))
    return '{"moves": ' + moves + ',\n"stages": {\n' + ",\n".join(lines) + "\n}}\n"


def read_walks(setting: Setting) -> Iterator[tuple[str, dict[int, Word]]]:
    """Yield each stage with its walks, as the file numbers them, without what the target lacks."""
    held = json.loads(resources.files(__package__).joinpath(FILE).read_bytes())
    known = {move.name: move for move in alphabet(setting)}
    for name, walks in held["stages"].items():
        named = ([held["moves"][number] for number in walk] for walk in walks)
        found = (tuple(known[one] for one in walk if one in known) for walk in named)
        yield name, {n: walk for n, walk in enumerate(found) if len(walk) >= _SHORTEST}
