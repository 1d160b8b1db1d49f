"""Findings that stand in a transcript and that no worker handed over: shown whole, unconfirmed.

A worker that was ended, or whose time was up, has not minimised everything that it met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.evidence import found_from
from conformance.journal import stream_transcript
from conformance.verdict import SETUP, judged_steps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.parts import Found, Part
    from conformance.session import Step
    from conformance.verdict import Place, Tally


def unconfirmed(transcript: Path, counted: Tally, parts: Iterable[Part]) -> list[Found]:
    """Return the findings of the transcript that are in none of the parts."""
    known = {s for part in parts for one in part.found for s in (one.id, *one.aliases)}
    missing = [place for signature, place in counted.places.items() if signature not in known]
    if not missing:
        return []
    wanted = {place.sequence for place in missing}
    context, exchanges = stream_transcript(transcript)
    told = (e for e in exchanges if e.sequence in wanted or e.sequence.endswith(SETUP))
    steps: dict[str, list[Step]] = {}
    for step in judged_steps(told, context.world()):
        steps.setdefault(step.exchange.sequence, []).append(step)
    return [
        found_from(context, place.finding, steps[place.sequence][: place.step + 1])
        for place in missing
        if _is_there(place, steps)
    ]


def _is_there(place: Place, steps: dict[str, list[Step]]) -> bool:
    return len(steps.get(place.sequence, ())) > place.step
