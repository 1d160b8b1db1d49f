"""The table of researched rules holds together, and agrees with the clauses that name its rules."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conformance.traceability.coverage import (
    Traced,
    carriers_of,
    coverage,
    rows,
    trace,
    trace_all,
)
from conformance.traceability.rules import (
    Confidence,
    NotAClause,
    Rule,
    TraceabilityError,
    every_rule,
    find_rule,
    join_rules,
    read_rules,
)
from model.clause import every_allowance, every_clause, find_clause

WELL_FORMED = re.compile(
    r"GP-[A-Z]{2,5}-(?:\d\d[a-dR]?|E\d)"
    r"|(?:DB|FSX|OP)-0[0-9A-Z][0-9A-Z]"
)
LONGEST = 15

PLAIN = Rule(
    rule_id="GP-ENC-01", confidence=Confidence.DOCUMENTED, says="It is encrypted.", visible=True
)
TEXT = """
[GP-ENC-01]
confidence = "DOCUMENTED"
says = "It is encrypted."
visible = true
"""


def test_every_id_is_well_formed() -> None:
    assert [r.rule_id for r in every_rule() if not WELL_FORMED.fullmatch(r.rule_id)] == []


def test_each_kind_of_research_is_there() -> None:
    kinds = {rule.rule_id.partition("-")[0] for rule in every_rule()}
    assert kinds == {"GP", "DB", "FSX", "OP"}


def test_every_rule_is_said_in_one_short_sentence() -> None:
    wrong = [
        rule.rule_id
        for rule in every_rule()
        if not rule.says.endswith(".") or len(rule.says.split()) > LONGEST
    ]
    assert wrong == []


def test_no_two_rules_say_the_same() -> None:
    said: dict[str, str] = {}
    for rule in every_rule():
        other = said.setdefault(rule.says, rule.rule_id)
        assert other == rule.rule_id, rule.says


def test_a_rule_is_not_partly_what_it_is_as_a_whole() -> None:
    assert [r.rule_id for r in every_rule() if r.partly is r.confidence] == []


def test_every_reason_is_a_sentence() -> None:
    reasons = {r.rule_id: r.reason for r in every_rule() if r.not_a_clause is not None}
    assert reasons
    assert [rule_id for rule_id, text in reasons.items() if not text.endswith(".")] == []


def test_what_no_client_can_see_has_a_reason() -> None:
    assert [r.rule_id for r in every_rule() if not r.visible and r.not_a_clause is None] == []


def test_what_is_called_invisible_is_not_visible() -> None:
    invisible = [r for r in every_rule() if r.not_a_clause is NotAClause.INVISIBLE]
    assert [r.rule_id for r in invisible if r.visible] == []


def test_only_open_questions_are_left_out_as_unknown() -> None:
    unknown = [r for r in every_rule() if r.not_a_clause is NotAClause.UNKNOWN]
    unsure = {Confidence.UNKNOWN, Confidence.REPORTED}
    assert [r.rule_id for r in unknown if not unsure & {r.confidence, r.partly}] == []


def test_no_clause_and_no_allowance_names_a_rule_that_is_not_in_the_table() -> None:
    known = {rule.rule_id for rule in every_rule()}
    named = {(c.id, rule) for c in (*every_clause(), *every_allowance()) for rule in c.rules}
    assert sorted(pair for pair in named if pair[1] not in known) == []


def test_every_clause_and_every_allowance_names_a_rule() -> None:
    assert [c.id for c in (*every_clause(), *every_allowance()) if not c.rules] == []


def test_no_rule_that_a_clause_carries_has_a_reason_to_be_none() -> None:
    stale = {t.rule.rule_id: t.clauses for t in trace_all() if t.has_stale_reason}
    assert stale == {}, "take the reason out of the table, or the id out of the clause"


def test_every_rule_is_found_by_its_id() -> None:
    assert [rule for rule in every_rule() if find_rule(rule.rule_id) is not rule] == []
    with pytest.raises(KeyError):
        find_rule("GP-ENC-99")


def test_the_carriers_of_a_rule_are_its_clauses_and_allowances() -> None:
    for traced in trace_all():
        carriers = carriers_of(traced.rule.rule_id)
        assert tuple(c.id for c in carriers) == (*traced.clauses, *traced.allowances)
        assert all(traced.rule.rule_id in c.rules for c in carriers)
    assert any(c.binding for c in carriers_of("GP-RES-01"))
    assert not any(c.binding for c in carriers_of("GP-RD-09"))
    with pytest.raises(KeyError):
        carriers_of("GP-ENC-99")


def test_a_rule_is_traced_to_what_names_it() -> None:
    binding = replace(find_clause("bucket-default/base-is-sse-s3"), rules=("GP-ENC-01",) * 2)
    silent = replace(find_clause("allowance/empty-key-id"), rules=("GP-ENC-02",))
    other = replace(PLAIN, rule_id="GP-ENC-02")
    nobody = replace(PLAIN, rule_id="GP-ENC-03")
    carried, allowed, uncarried = trace((PLAIN, other, nobody), (binding,), (silent,))
    assert (carried.clauses, carried.allowances) == ((binding.id,), ())
    assert (allowed.clauses, allowed.allowances) == ((), (silent.id,))
    assert [t.is_open for t in (carried, allowed, uncarried)] == [False, False, True]


def test_a_reason_is_stale_beside_a_clause_and_not_beside_an_allowance() -> None:
    left_out = replace(PLAIN, not_a_clause=NotAClause.UNKNOWN, reason="Nothing is claimed.")
    assert Traced(rule=left_out, clauses=("a/b",)).has_stale_reason
    assert not Traced(rule=left_out, allowances=("allowance/b",)).has_stale_reason
    assert not Traced(rule=PLAIN, clauses=("a/b",)).has_stale_reason


def test_each_rule_is_counted_once() -> None:
    traced = trace_all()
    counted = coverage(traced)
    assert [count.confidence for count in counted] == list(Confidence)
    assert sum(count.total for count in counted) == len(traced)
    for count in counted:
        accounted = count.by_clauses + count.by_allowances_only + sum(count.left_out.values())
        assert accounted + count.unaccounted == count.total


def test_rules_are_counted_by_what_carries_them() -> None:
    left_out = replace(PLAIN, not_a_clause=NotAClause.VENDOR, reason="Another.", visible=False)
    (documented, *others) = coverage(
        (
            Traced(rule=PLAIN, clauses=("a/b",), allowances=("allowance/b",)),
            Traced(rule=PLAIN, allowances=("allowance/b",)),
            Traced(rule=left_out),
            Traced(rule=PLAIN),
        )
    )
    assert (documented.total, documented.visible) == (4, 3)
    assert (documented.by_clauses, documented.by_allowances_only) == (1, 1)
    assert (documented.left_out, documented.unaccounted) == ({NotAClause.VENDOR: 1}, 1)
    assert {count.total for count in others} == {0}


def test_the_table_as_rows_has_every_rule_with_its_carriers() -> None:
    found = {row.rule: row for row in rows()}
    assert list(found) == [rule.rule_id for rule in every_rule()]
    assert "bucket-default/base-is-sse-s3" in found["GP-RES-01"].clauses
    assert "allowance/empty-key-id" in found["GP-VAL-09"].allowances
    assert found["GP-RD-11"].confidence == "DOCUMENTED, partly UNKNOWN"
    assert found["GP-TRAP-01"].reason.startswith("advice: ")


def test_a_file_of_the_table_is_read() -> None:
    assert read_rules(TEXT) == (PLAIN,)
    more = TEXT + 'partly = "UNKNOWN"\nnot_a_clause = "advice"\nreason = "So be it."\n'
    assert read_rules(more) == (
        replace(
            PLAIN,
            partly=Confidence.UNKNOWN,
            not_a_clause=NotAClause.ADVICE,
            reason="So be it.",
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT + TEXT, "no TOML"),
        ("a = 1", "a: is no table"),
        (TEXT + 'clauses = "a/b"', "mean nothing: clauses"),
        (TEXT.replace("true", '"yes"'), "neither true nor false"),
        (TEXT + 'not_a_clause = "advice"', "go together"),
        (TEXT + 'reason = "So be it."', "go together"),
        (TEXT + 'not_a_clause = "lazy"\nreason = "So be it."', "'lazy'"),
        (TEXT.replace("DOCUMENTED", "SURE"), "'SURE'"),
        (TEXT.replace("It is encrypted.", " "), "says is no text"),
    ],
)
def test_a_wrong_table_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(TraceabilityError, match=said) as caught:
        read_rules(text)
    assert "\n" not in str(caught.value)


def test_an_id_in_two_files_is_refused() -> None:
    with pytest.raises(TraceabilityError, match="GP-ENC-01: stands in the table twice"):
        join_rules(((PLAIN,), (PLAIN,)))
