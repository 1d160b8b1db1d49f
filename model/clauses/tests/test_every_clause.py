"""Every clause and every allowance has an example where it fires and one where it does not."""

from __future__ import annotations

import pytest

from model.clause import every_allowance, every_clause
from model.clauses.tests.notation import every_example

ALL = (*every_clause(), *every_allowance())
IDS = [one.id for one in ALL]


@pytest.mark.parametrize("clause_id", IDS)
@pytest.mark.parametrize("fires", [True, False], ids=["fires", "silent"])
def test_each_has_both_examples(clause_id: str, *, fires: bool) -> None:
    found = [e for e in every_example() if e.clause_id == clause_id and e.fires is fires]
    assert found, f"{clause_id} has no example where it {'fires' if fires else 'is silent'}"


def test_each_example_is_of_a_clause_and_stands_in_the_file_of_its_topic() -> None:
    files = {one.id: one.rule.__module__.rpartition(".")[2] for one in ALL}
    assert {e.clause_id for e in every_example()} <= set(files)
    for example in every_example():
        assert example.module.endswith(f"tests.test_{files[example.clause_id]}"), example.clause_id


def test_no_two_examples_of_a_clause_are_told_alike() -> None:
    told = [(e.clause_id, e.sentence) for e in every_example()]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("one", ALL, ids=IDS)
def test_each_says_what_it_states_and_where_it_is_from(one: object) -> None:
    assert getattr(one, "title", "").endswith(".")
    assert getattr(one, "rules", ())
