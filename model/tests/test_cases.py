"""What AWS was seen to do is within what the model allows."""

import json
from collections import Counter

import pytest

from model.case_symbols import NAMED_VALUES
from model.cases import ACCEPTED, NOT_JUDGED, REJECTED
from model.tests.observations import FILES, FOLDER, observations, results

OLD = "before 2023-01-05 buckets had no default encryption: outside the model"


@pytest.mark.agreement
@pytest.mark.parametrize(
    "name", [n for n, result in results().items() if result.verdict != NOT_JUDGED]
)
def test_an_observation_of_aws_is_allowed_by_the_model(name: str) -> None:
    result = results()[name]
    assert result.verdict == ACCEPTED, result


def test_these_observations_and_no_others_are_not_judged() -> None:
    reasons = Counter(r.reason for r in results().values() if r.verdict == NOT_JUDGED)
    assert reasons == {
        OLD: 21,
    }


def test_so_many_observations_are_judged() -> None:
    verdicts = Counter(r.verdict for r in results().values())
    assert verdicts == {ACCEPTED: 376, NOT_JUDGED: 21}
    assert REJECTED not in verdicts


def test_old_observations_are_old() -> None:
    for name, result in results().items():
        assert (result.reason == OLD) is (observations()[name]["era"] == "pre-2023"), name


def test_the_committed_files_hold_one_case_a_line_and_no_id_twice() -> None:
    total = 0
    for file in FILES:
        text = (FOLDER / file).read_text(encoding="utf-8")
        lines = text.splitlines()
        assert (lines[0], lines[-1]) == ("[", "]")
        cases = [json.loads(line.removesuffix(",")) for line in lines[1:-1]]
        assert cases == json.loads(text)
        members = {"id", "source", "recorded", "evidence", "era", "steps"}
        assert all(set(case) == members for case in cases)
        assert all(set(s) == {"op", "params", "expect"} for case in cases for s in case["steps"])
        total += len(cases)
    assert total == len(observations()) == 397


def test_the_named_values_of_the_file_are_those_of_the_module() -> None:
    read = json.loads((FOLDER / "symbols.json").read_text(encoding="utf-8"))
    assert read == {"values": dict(NAMED_VALUES)}
