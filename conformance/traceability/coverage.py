"""Which clauses and allowances carry which rule: counts by confidence, and the whole as rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.traceability.rules import Confidence, NotAClause, Rule, every_rule, find_rule
from model.clause import every_allowance, every_clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from model.clause import Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A rule with the ids of what carries it."""

    rule: Rule
    clauses: tuple[str, ...] = ()
    allowances: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing carries the rule, and nothing says why."""
        carried = self.clauses or self.allowances
        return not carried and self.rule.not_a_clause is None

    @property
    def has_stale_reason(self) -> bool:
        """Whether a clause carries the rule although it is said to be none."""
        return bool(self.clauses) and self.rule.not_a_clause is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How the rules of one confidence are carried; each is counted under one of the last four."""

    confidence: Confidence
    total: int
    visible: int
    by_clauses: int
    by_allowances_only: int
    left_out: Mapping[NotAClause, int]
    unaccounted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One rule as text, for a page."""

    rule: str
    confidence: str
    says: str
    clauses: tuple[str, ...]
    allowances: tuple[str, ...]
    reason: str


def carriers_of(rule_id: str) -> tuple[Clause, ...]:
    """Return the clauses, then the allowances that carry a rule. Raises KeyError."""
    rule = find_rule(rule_id)
    return tuple(c for c in (*every_clause(), *every_allowance()) if rule.rule_id in c.rules)


def trace(
    rules: Iterable[Rule], clauses: Iterable[Clause], allowances: Iterable[Clause]
) -> tuple[Traced, ...]:
    """Return each rule with what carries it, in the order of the rules."""
    by_clauses, by_allowances = _by_rule(clauses), _by_rule(allowances)
    return tuple(
        Traced(
            rule=rule,
            clauses=tuple(by_clauses.get(rule.rule_id, ())),
            allowances=tuple(by_allowances.get(rule.rule_id, ())),
        )
        for rule in rules
    )


def _by_rule(carriers: Iterable[Clause]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for carrier in carriers:
        for rule_id in dict.fromkeys(carrier.rules):
            found.setdefault(rule_id, []).append(carrier.id)
    return found


def trace_all() -> tuple[Traced, ...]:
    """Return every rule of the table with what carries it, by id."""
    return trace(every_rule(), every_clause(), every_allowance())


def coverage(traced: Iterable[Traced]) -> tuple[Coverage, ...]:
    """Return the counts of each confidence, the surest first."""
    rules = tuple(traced)
    return tuple(
        _count(confidence, [t for t in rules if t.rule.confidence is confidence])
        for confidence in Confidence
    )


def _count(confidence: Confidence, traced: list[Traced]) -> Coverage:
    uncarried = [t for t in traced if not (t.clauses or t.allowances)]
    reasons = Counter(t.rule.not_a_clause for t in uncarried)
    return Coverage(
        confidence=confidence,
        total=len(traced),
        visible=sum(t.rule.visible for t in traced),
        by_clauses=sum(bool(t.clauses) for t in traced),
        by_allowances_only=sum(bool(t.allowances) and not t.clauses for t in traced),
        left_out={why: reasons[why] for why in NotAClause if reasons[why]},
        unaccounted=reasons[None],
    )


def rows() -> tuple[Row, ...]:
    """Return the whole table as rows, by rule id."""
    return tuple(_row(traced) for traced in trace_all())


def _row(traced: Traced) -> Row:
    rule = traced.rule
    sure = rule.confidence.value
    return Row(
        rule=rule.rule_id,
        confidence=f"{sure}, partly {rule.partly.value}" if rule.partly else sure,
        says=rule.says,
        clauses=traced.clauses,
        allowances=traced.allowances,
        reason=f"{rule.not_a_clause.value}: {rule.reason}" if rule.not_a_clause else "",
    )
