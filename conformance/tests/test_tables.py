"""The phase ``tables``: its rows hold what they are to hold, and a right server is not blamed."""

from __future__ import annotations

import contextlib
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import PREFIX, Noticed, open_session
from conformance.exploring import Explorer
from conformance.phase import Depth, Setting, every_phase
from conformance.probe import Prober, make_keys
from conformance.tables.arrays import Row, Rule, Table, covered, fitted, one_at_a_time, when
from conformance.tables.batches import batches, parted
from conformance.tables.every import EVERY, PAIRS, Planned
from conformance.tables.refusal_tables import ONE_WRONG
from conformance.tables.stored import rows_of
from conformance.tables.write import make_rows
from conformance.worker import POOL_KEYS, judged_capabilities
from model.clause import Capability

if TYPE_CHECKING:
    from conformance.session import Session, Step
    from conformance.tables.arrays import Combined
    from model.exchange import Exchange
    from model.messages import HttpRequest

ALL = frozenset(Capability)
SMALL = Table(
    name="small",
    factors={"a": ("1", "2", "3"), "b": ("x", "y"), "c": ("p", "q", "r"), "d": ("k", "l")},
    rules=(
        when("a", ("3",), "b", ("x",)),
        Rule(("b", "c", "d"), lambda b, c, d: b + c + d != "xpk"),
    ),
)


def _by_name(planned: Planned) -> str:
    return planned.table.name


def _by_brute_force(table: Table, strength: int) -> set[Combined]:
    """Return all pairs (or triples) that some row holds, found by looking at every row.

    Values that no rule tells from each other stand for one another: else there are too many rows.
    """
    alike = {factor: _alike(table, factor) for factor in table.factors}
    factors = {factor: tuple(values) for factor, values in alike.items()}
    small = Table(name=table.name, factors=factors, rules=table.rules)
    return {
        tuple(zip((f for f, _ in some), values, strict=True))
        for some in _within(_whole_rows(small, list(factors)), strength)
        for values in product(*(alike[factor][value] for factor, value in some))
    }


def _alike(table: Table, factor: str) -> dict[str, list[str]]:
    """Return the factor's values that no rule tells from each other, by the first of them."""
    found: dict[tuple[bool, ...], list[str]] = {}
    for value in table.factors[factor]:
        told = tuple(
            rule.holds(*values)
            for rule in table.rules
            if factor in rule.factors
            for values in product(*((value,) if f == factor else table.factors[f] for f in rule[0]))
        )
        found.setdefault(told, []).append(value)
    return {values[0]: values for values in found.values()}


def _whole_rows(table: Table, factors: list[str]) -> list[Row]:
    """Return all rows of these factors that no rule excludes."""
    rows: list[dict[str, str]] = [{}]
    for factor in factors:
        rows = [{**row, factor: value} for row in rows for value in table.factors[factor]]
        rows = [row for row in rows if all(_holds(rule, row) for rule in table.rules)]
    return list(rows)


def _holds(rule: Rule, row: Row) -> bool:
    if not all(factor in row for factor in rule.factors):
        return True
    return rule.holds(*(row[factor] for factor in rule.factors))


def _within(rows: list[Row], strength: int) -> set[Combined]:
    return {some for row in rows for some in combinations(row.items(), strength)}


def test_what_a_table_allows_is_what_brute_force_finds() -> None:
    for strength in (2, 3):
        rows = _whole_rows(SMALL, list(SMALL.factors))
        assert set(SMALL.combined(strength)) == _within(rows, strength)


@pytest.mark.parametrize("planned", EVERY, ids=_by_name)
def test_every_allowed_pair_stands_in_a_row(planned: Planned) -> None:
    allowed = _by_brute_force(planned.table, PAIRS)
    rows = rows_of(planned.table, ALL)
    assert len(allowed) > 100
    assert allowed == set(planned.table.combined(PAIRS))
    assert allowed <= covered(rows, PAIRS)
    assert all(planned.table.allows(row) for row in rows)


@pytest.mark.parametrize("planned", EVERY, ids=_by_name)
def test_the_rows_were_made_for_the_table_as_it_is(planned: Planned) -> None:
    for strength in planned.strengths:
        rows = rows_of(planned.table, ALL, strength)
        assert covered(rows, 1) == set(planned.table.combined(1))
        assert all(planned.table.allows(row) for row in rows)


def test_every_allowed_triple_stands_in_a_row() -> None:
    for planned in EVERY:
        for strength in planned.strengths[1:]:
            rows = rows_of(planned.table, ALL, strength)
            assert set(planned.table.combined(strength)) <= covered(rows, strength)


@pytest.mark.parametrize("planned", EVERY, ids=_by_name)
@pytest.mark.parametrize(
    "lacking",
    [
        {Capability.KMS_API, Capability.DSSE_KMS, Capability.BLOCKED_TYPES},
        {Capability.SSE_C, Capability.VERSIONING, Capability.POST_FORM},
    ],
    ids=["KMS API, DSSE, blocked types", "SSE-C, versioning, forms"],
)
def test_what_a_target_lacks_is_left_out_and_all_else_is_paired(
    planned: Planned, lacking: set[Capability]
) -> None:
    here = ALL - lacking
    table = planned.table.within(here)
    rows = rows_of(planned.table, here)
    if not all(table.factors.values()):
        assert not rows
        return
    assert set(table.combined(PAIRS)) <= covered(rows, PAIRS)
    needed = [planned.table.needs(f, v) for row in rows for f, v in row.items()]
    assert all(needs <= here for needs in needed)


def test_rows_are_made_with_few_of_them() -> None:
    rows = make_rows(SMALL, PAIRS)
    assert set(SMALL.combined(PAIRS)) == covered(rows, PAIRS)
    assert len(rows) <= 12
    assert covered(fitted(SMALL, [], 3), 3) == set(SMALL.combined(3))


def test_a_row_that_fits_no_more_is_mended() -> None:
    broken = {"a": "3", "b": "y", "c": "q", "d": "l"}
    rows = fitted(SMALL, [broken], PAIRS)
    assert rows[0] == {"a": "3", "b": "x", "c": "q", "d": "l"}


def test_one_thing_at_a_time_is_wrong() -> None:
    factors = {"a": ("right", "wrong"), "b": ("right", "wrong"), "c": ("right", "wrong")}
    table = Table(
        name="wrong", factors=factors, rules=one_at_a_time({name: ["wrong"] for name in factors})
    )
    rows = _whole_rows(table, list(factors))
    assert sorted(list(row.values()).count("wrong") for row in rows) == [0, 1, 1, 1]


def test_rows_of_one_state_are_one_script_and_none_is_lost() -> None:
    rows = rows_of(ONE_WRONG, ALL)
    cut = batches(rows, lambda row: row["default"], 9)
    assert sum(len(batch) for batch in cut) == len(rows)
    assert all(len({row["default"] for row in batch}) == 1 for batch in cut)
    assert len({batch[0]["default"] for batch in cut[:4]}) == 4
    first, others = parted(rows)
    assert covered(first, 1) == covered(rows, 1)
    assert len(first) < len(others)
    for planned in EVERY:
        made = rows_of(planned.table, ALL)
        assert sum(len(batch) for batch in planned.cut(made)) == len(made)


def _explored(
    session: Session, lacking: frozenset[Capability] = frozenset(), wanted: str = ""
) -> tuple[Explorer, list[Step]]:
    """Play the phase against a session to its end, or until a clause is found to be broken."""
    found: list[Step] = []

    def met(_: list[Step], step: Step) -> None:
        found.append(step)
        if any(finding.clause == wanted for finding in step.findings):
            raise Noticed(step.findings)

    session.begin("setup")
    keys = make_keys(session, POOL_KEYS)
    probed = Prober(session, PREFIX, keys).probe(kms_api=True)
    session.base = session.belief
    explorer = Explorer(
        session=session,
        prefix=PREFIX,
        phases=tuple(one for one in every_phase() if one.name == "tables"),
        setting=Setting(
            capabilities=judged_capabilities(probed) - lacking,
            kms_keys=keys,
            world=session.world,
            first_seed=1,
            depth=Depth.QUICK,
            secure=session.secure,
        ),
        on_finding=met,
        between=lambda: None,
    )
    with contextlib.suppress(Noticed):
        explorer.explore()
    return explorer, found


def test_a_right_server_is_not_blamed_and_all_is_done() -> None:
    session = open_session(requests=60_000)
    explorer, found = _explored(session)
    assert not found
    assert len(explorer.reached) == 1 + len(EVERY)
    assert all(stage.done == stage.planned for stage in explorer.reached.values())


def test_a_server_that_blocks_sse_c_and_lacks_kms_is_not_blamed() -> None:
    session = open_session(requests=60_000, blocks_sse_c=True)
    kms = {Capability.SSE_KMS, Capability.DSSE_KMS, Capability.BUCKET_KEY, Capability.KMS_API}
    explorer, found = _explored(session, frozenset(kms))
    assert not found
    assert all(stage.done == stage.planned for stage in explorer.reached.values())
    assert session.counts.requests > 1000


@pytest.mark.parametrize(
    "clause_id",
    [
        "precedence/dsse-overrides-the-default",
        "bucket-configuration/key-needs-kms",
        "request/unknown-algorithm-is-refused",
    ],
)
def test_a_clause_left_out_is_noticed(clause_id: str) -> None:
    session = open_session(without=frozenset({clause_id}), requests=60_000)
    _, found = _explored(session, wanted=clause_id)
    assert clause_id in {finding.clause for step in found for finding in step.findings}


class _Journal:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.written: list[HttpRequest] = []

    def write(self, exchange: Exchange) -> None:
        """Keep the request."""
        self.written.append(exchange.request)


def test_the_same_rows_ask_for_the_same() -> None:
    sent = []
    for _ in range(2):
        session = open_session(requests=1500)
        journal = session.journal = _Journal()
        _explored(session)
        sent.append(journal.written)
    assert len(sent[0]) > 1000
    assert sent[0] == sent[1]
