"""What is played first: what shows most that is new, and behind it every phase in its share."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from conformance import agenda
from conformance.ablation import PREFIX, able_setting, open_session
from conformance.agenda import Agenda
from conformance.exploring import Explorer
from conformance.phase import Phase, Stage, every_phase
from conformance.ranking.finding import kept_ranks, ranked
from conformance.ranking.ranks import Ranks, rank_of, ranks_text, read_ranks, stage_key
from conformance.ranking.scripts import LONGEST
from conformance.ranking.shown import KINDS, Shown, played, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Script, Setting
    from conformance.requests import Requests
    from model.operation import Operation


@pytest.fixture(scope="module")
def setting() -> Setting:
    return able_setting(open_session(requests=100))


def _script(name: str) -> Script:
    def nothing(_: Requests) -> Iterator[Operation]:
        yield from ()

    nothing.__name__ = name
    return nothing


def _phase(name: str, percent: int, **stages: str) -> Phase:
    """Return a phase whose stages have a script for each letter; that of ``endless`` never ends."""

    def plan(_: Setting) -> Iterator[Stage]:
        for stage, letters in stages.items():
            yield Stage(
                name=f"{stage} (of so many rows)",
                scripts=map(_script, letters),
                planned=len(letters),
                names=[(letter,) for letter in letters],
                first=stage == "first",
            )

    return Phase(name=name, percent=percent, plan=plan)


def _played(found: Agenda, requests: int = 10) -> Iterator[str]:
    """Yield the names of scripts in the order in which they are played."""
    while (lane := found.next()) is not None:
        assert lane.ahead is not None
        yield lane.ahead.script.__name__
        found.note(lane, requests, done=True)


def _ranked(monkeypatch: pytest.MonkeyPatch, ranks: Ranks) -> None:
    monkeypatch.setattr(agenda, "read_ranks", lambda: ranks)


def test_ranked_scripts_of_all_phases_come_first_and_the_others_in_their_order(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ranked(monkeypatch, {"x": {"one": {"c": 0, "a": 3}}, "y": {"two": {"q": 1, "r": 2}}})
    phases = (_phase("x", 50, one="abcd", more="e"), _phase("y", 50, two="pqr"))
    assert "".join(_played(Agenda(phases=phases, setting=setting))) == "cqrabpde"


def test_stages_of_which_something_is_ranked_take_turns_with_the_rest(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ranked(monkeypatch, {"x": {"one": {"c": 0}, "two": {}, "three": {"s": 1}}})
    phases = (_phase("x", 50, one="abcdef", two="pq", three="rs", more="yz"),)
    assert "".join(_played(Agenda(phases=phases, setting=setting))) == "csaprbqdefyz"


def test_what_comes_first_comes_before_what_is_ranked(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ranked(monkeypatch, {"x": {"first": {}, "one": {"b": 0}}})
    phases = (_phase("x", 50, first="fg", one="ab"),)
    assert "".join(_played(Agenda(phases=phases, setting=setting))) == "fgba"


def test_a_phase_without_ranks_has_its_share_once_it_began(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda, "_LEAD", 0)
    _ranked(monkeypatch, {"x": {"one": {"a": 0, "b": 1, "c": 2, "d": 3}}})
    phases = (_phase("x", 50, one="abcdABCD"), _phase("z", 25, own="123456789"))
    order = "".join(_played(Agenda(phases=phases, setting=setting), requests=25))
    assert [c for c in order[:6] if c in "abcd"] == list("abcd")
    # Nor does the other phase catch up with what its ranked scripts have spent for it.
    for three in (order[:3], order[3:6], order[6:9], order[9:12]):
        assert sum(c in "123456789" for c in three) == 1, order


@pytest.mark.parametrize(("count", "lead"), [(1, 4), (2, 2)])
def test_what_never_ends_begins_when_the_ranked_scripts_have_shown_most(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, count: int, lead: int
) -> None:
    _ranked(monkeypatch, {"x": {"one": {letter: n for n, letter in enumerate("abcdefghijkl")}}})
    monkeypatch.setattr(agenda, "_LEAD", 100)
    phases = (_phase("x", 50, one="abcdefghijkl"), _phase("z", 50, own="123456789"))
    order = "".join(_played(Agenda(phases=phases, setting=setting, count=count), requests=25))
    first = next(n for n, c in enumerate(order) if c in "123456789")
    assert first == lead, order
    # From there on it has its share, and does not catch up.
    assert sum(c in "123456789" for c in order[lead : lead + 4]) == 2, order
    alone = "".join(_played(Agenda(phases=phases[1:], setting=setting, count=count), requests=25))
    assert alone == "123456789"[::count]


def test_what_never_ends_begins_with_the_others_where_little_is_ranked(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ranked(monkeypatch, {"x": {"one": {"a": 0, "b": 1}}})
    phases = (_phase("x", 50, one="abcdef"), _phase("z", 50, own="123456"))
    order = "".join(_played(Agenda(phases=phases, setting=setting), requests=25))
    assert order[:2] == "ab"
    assert sum(c in "123456" for c in order[2:8]) == 3, order


def test_two_workers_play_everything_once(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ranked(monkeypatch, {"x": {"one": {"b": 0, "c": 2, "e": 4}}, "y": {"two": {"q": 5}}})
    phases = (_phase("x", 50, one="abcde", more="fgh"), _phase("y", 20, two="pq"))
    workers = [Agenda(phases=phases, setting=setting, index=n, count=2) for n in (0, 1)]
    parts = [list(_played(one)) for one in workers]
    assert sorted(parts[0] + parts[1]) == list("abcdefghpq")
    assert all(parts)
    for name, planned in (("one", 5), ("more", 3)):
        key = ("x", f"{name} (of so many rows)")
        assert sum(one.reached[key].planned or 0 for one in workers) == planned
        assert all(one.reached[key].done == one.reached[key].planned for one in workers)


def test_a_script_that_was_cut_off_is_played_again(setting: Setting) -> None:
    found = Agenda(phases=(_phase("x", 50, one="ab"),), setting=setting)
    lane = found.next()
    assert lane is not None
    found.note(lane, 3, done=False)
    assert list(_played(found)) == ["a", "b"]


def test_a_target_that_lacks_something_keeps_the_order_of_what_is_left() -> None:
    ranks = {"a": 3, "b": 1, "c": 2}
    assert rank_of(("x", "c", "a"), ranks) == 2
    assert rank_of(("x",), ranks) is None


def test_that_comes_next_which_shows_most_new_per_request() -> None:
    def shows(requests: int, clauses: str) -> Shown:
        things = [frozenset[object]() for _ in KINDS]
        things[KINDS.index("clauses")] = frozenset(clauses)
        return Shown(requests, tuple(things))

    scripts = [shows(10, "abc"), shows(5, "ab"), shows(2, "a"), shows(9, "ab"), shows(4, "cdef")]
    assert list(ranked(scripts, 100)) == [4, 2, 1]
    assert list(ranked(scripts, 5)) == [4, 2]


def test_a_value_that_one_script_alone_sends_counts_by_its_shape() -> None:
    session = open_session(requests=10**6)
    setting = able_setting(session)
    explorer = _explorer(setting, session)
    tables = next(one for one in every_phase() if one.name == "tables")
    stage = next(tables.plan(setting))
    seen = []
    for script in (next(stage.scripts), next(stage.scripts)):
        before = session.counts.requests
        explorer.perform(script)
        seen.append(played(session.steps, session.counts.requests - before, ()))
    values, clauses = KINDS.index("values"), KINDS.index("clauses")
    both, alone = shown(seen), shown(seen[:1])
    assert alone[0].things[clauses] == both[0].things[clauses] == seen[0].clauses
    assert ("PutObject", ("body", "small")) in both[0].things[values]
    # What the second script sends, too, is known by its text.
    assert alone[0].things[values] != both[0].things[values]


def _explorer(found: Setting, session: object, phases: tuple[Phase, ...] = ()) -> Explorer:
    return Explorer(
        session=session,  # type: ignore[arg-type]
        prefix=PREFIX,
        setting=found,
        on_finding=lambda *_: pytest.fail("a right server was blamed"),
        between=lambda: None,
        phases=phases,
    )


def test_the_ranks_are_of_what_is_planned_now(setting: Setting) -> None:
    ranks = read_ranks()
    advice = "run python -m conformance.write_catalogue"
    planned: Ranks = {}
    for phase in every_phase():
        for stage in phase.plan(setting):
            if stage.planned is None or stage.planned > LONGEST:
                break
            names = (n for number in range(stage.planned) for n in stage.names_of(number))
            planned.setdefault(phase.name, {})[stage_key(stage)] = dict.fromkeys(names, 0)
    assert {p: list(s) for p, s in ranks.items()} == {p: list(s) for p, s in planned.items()}, (
        advice
    )
    for phase_name, stages in ranks.items():
        for name, own in stages.items():
            assert set(own) <= set(planned[phase_name][name]), advice
    every = sorted(
        {rank for stages in ranks.values() for own in stages.values() for rank in own.values()}
    )
    assert every == list(range(len(every)))
    assert ranks_text(ranks).count("\n") > len(planned)


def test_known_ranks_are_kept_where_something_is_new() -> None:
    ranks = read_ranks()
    assert kept_ranks(ranks) == ranks
    first = next(name for name, rank in ranks["tables"]["pairs: writes"].items() if rank)
    fewer = {name: rank for name, rank in ranks["tables"]["pairs: writes"].items() if name != first}
    gone = dict.fromkeys(("no such scenario",), 0)
    found = kept_ranks(
        {**ranks, "tables": {"pairs: writes": fewer}, "corpus": {"most telling": gone}}
    )
    assert found["tables"].keys() == ranks["tables"].keys()
    assert found["tables"]["pairs: writes"].keys() == fewer.keys()
    assert not found["corpus"]["most telling"]
    every = {r for stages in found.values() for own in stages.values() for r in own.values()}
    assert every == set(range(len(every)))


def test_in_that_order_more_is_shown_in_the_same_number_of_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phases = tuple(one for one in every_phase() if one.name in {"tables", "paths", "small-scope"})
    pairs = []
    for ranks in ({}, read_ranks()):
        _ranked(monkeypatch, ranks)
        session = open_session(requests=1500)
        explorer = _explorer(able_setting(session), session, phases)
        explorer.explore()
        pairs.append(len(session.counts.pairs))
    unranked, in_order = pairs
    assert in_order > 1.2 * unranked


def test_the_phases_of_a_run_go_on_behind_what_is_ranked(setting: Setting) -> None:
    found = Agenda(phases=every_phase(), setting=replace(setting, first_seed=7))
    stages = []
    while (lane := found.next()) is not None:
        assert lane.ahead is not None
        if lane.ahead.phase == "small-scope" and lane.ahead.stage == "three changes":
            break
        stages.append((lane.ahead.phase, lane.ahead.stage))
        found.note(lane, 25, done=True)
    assert {phase for phase, _ in stages} == {phase.name for phase in every_phase()}
    switches = sum(a != b for a, b in pairwise(phase for phase, _ in stages))
    assert switches > len(stages) / 3
