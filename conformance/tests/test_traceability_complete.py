"""Every researched rule is accounted for, and what S3 shows of the sure ones is in clauses.

These look at the whole model. Where one fails, its output lists the rules that want a clause, an
allowance, or a reason in ``conformance/traceability/``.
"""

from __future__ import annotations

import textwrap

import pytest

from conformance.traceability.coverage import Traced, trace_all
from conformance.traceability.rules import Confidence

SURE = {Confidence.DOCUMENTED, Confidence.RECORDED}
ENOUGH = 0.9


def listed(traced: list[Traced]) -> str:
    """Return the ids of rules by topic, for the output of a failed test."""
    topics: dict[str, list[str]] = {}
    for one in traced:
        topics.setdefault(one.rule.rule_id.rpartition("-")[0], []).append(one.rule.rule_id)
    return "".join(
        "\n"
        + textwrap.fill(
            " ".join([f"{topic}:", *ids]),
            subsequent_indent="    ",
            width=98,
            break_on_hyphens=False,
        )
        for topic, ids in topics.items()
    )


def test_every_rule_is_carried_by_a_clause_or_an_allowance_or_has_a_reason() -> None:
    unaccounted = [traced for traced in trace_all() if traced.is_open]
    if unaccounted:
        said = f"{len(unaccounted)} rules have neither clause nor allowance nor reason:"
        pytest.fail(said + listed(unaccounted), pytrace=False)


def test_nine_of_ten_documented_or_recorded_visible_rules_are_carried_by_clauses() -> None:
    visible = [t for t in trace_all() if t.rule.visible and t.rule.confidence in SURE]
    without = [traced for traced in visible if not traced.clauses]
    covered = len(visible) - len(without)
    if covered < ENOUGH * len(visible):
        said = (
            f"clauses carry {covered} of {len(visible)} documented or recorded visible rules, "
            f"that is {covered / len(visible):.1%} where {ENOUGH:.0%} are needed; without a clause:"
        )
        pytest.fail(said + listed(without), pytrace=False)
