"""The committed observations, read once for the tests that judge them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from model.case_symbols import NAMED_VALUES
from model.cases import ACCEPTED, CaseResult, judge_case
from model.parameter_values import Json

FOLDER = Path(__file__).parent.parent / "observations"
FILES = ("recorded.json", "verified.json", "quoted.json", "wire.json")

Case = dict[str, Json]


@cache
def observations() -> dict[str, Case]:
    """Return every committed observation by its id."""
    found: dict[str, Case] = {}
    for name in FILES:
        for case in json.loads((FOLDER / name).read_text(encoding="utf-8")):
            found[case["id"]] = case
    return found


@cache
def results() -> dict[str, CaseResult]:
    """Return the verdict on every committed observation."""
    return {name: judge_case(case, NAMED_VALUES) for name, case in observations().items()}


@cache
def accepted() -> tuple[Case, ...]:
    """Return the observations that the model judges, and accepts."""
    return tuple(c for name, c in observations().items() if results()[name].verdict == ACCEPTED)
