"""The ranks of scripts, as they were found once for a target that can do everything.

To find them takes minutes, which a short run has not. ``conformance/write_catalogue.py`` writes
the file. What a target lacks is in no script of it; the others keep the order of what they show.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.phase import Stage

FILE = "ranks.json"
Ranks = dict[str, dict[str, dict[str, int]]]
"""By phase and stage: the rank of the script in which something of that name is played."""


def ranks_text(ranks: Ranks) -> str:
    """Return the text of the file: a line for each stage."""
    phases = []
    for phase, stages in ranks.items():
        lines = (f"  {json.dumps(name)}: {json.dumps(own)}" for name, own in stages.items())
        phases.append(f" {json.dumps(phase)}: {{\n" + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(phases) + "\n}\n"


@cache
def read_ranks() -> Ranks:
    """Return the ranks. A stage without any was too long to be ranked, or shows nothing new."""
    ranks: Ranks = json.loads(resources.files(__package__).joinpath(FILE).read_bytes())
    return ranks


def stage_key(stage: Stage) -> str:
    """Return the stage's name without what depends on the target."""
    return stage.name.partition(" (")[0]


def rank_of(names: Iterable[str], ranks: Mapping[str, int]) -> int | None:
    """Return the rank of a script in which all of these are played: the first of theirs."""
    return min((ranks[name] for name in names if name in ranks), default=None)
