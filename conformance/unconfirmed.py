"""Findings that stand in a transcript and that no worker handed over: shown whole, unconfirmed.

A worker that was ended, or whose time was up, has not minimised everything that it met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.evidence import found_from
from conformance.journal import stream_transcript
from conformance.session import Step
from conformance.verdict import SETUP
from model.judge import Belief, Judgement, judge, without_answer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.parts import Found, Part
    from conformance.verdict import Place, Tally


def unconfirmed(transcript: Path, counted: Tally, parts: Iterable[Part]) -> list[Found]:
    """Return the findings of the transcript that are in none of the parts."""
    known = {s for part in parts for one in part.found for s in (one.id, *one.aliases)}
    missing = [place for signature, place in counted.places.items() if signature not in known]
    if not missing:
        return []
    wanted = {place.sequence for place in missing}
    steps = _steps_of(transcript, wanted)
    context, _ = stream_transcript(transcript)
    return [
        found_from(context, place.finding, steps[place.sequence][: place.step + 1])
        for place in missing
        if _is_there(place, steps)
    ]


def _is_there(place: Place, steps: dict[str, list[Step]]) -> bool:
    return len(steps.get(place.sequence, ())) > place.step


def _steps_of(transcript: Path, wanted: set[str]) -> dict[str, list[Step]]:
    """Return the steps of these sequences, judged again."""
    context, exchanges = stream_transcript(transcript)
    base = Belief((context.world(),))
    belief = base
    current = ""
    found: dict[str, list[Step]] = {}
    for exchange in exchanges:
        if exchange.sequence != current:
            if current.endswith(SETUP):
                base = belief
            current = exchange.sequence
            belief = base
        if exchange.sequence not in wanted and not exchange.sequence.endswith(SETUP):
            continue
        request = exchange.operation()
        answer = exchange.answer(request)
        judgement: Judgement = (
            without_answer(belief, request) if answer is None else judge(belief, request, answer)
        )
        belief = judgement.belief
        found.setdefault(current, []).append(Step(request, exchange, answer, judgement))
    return found
