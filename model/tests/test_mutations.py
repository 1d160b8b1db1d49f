"""An observation with one wrong statement is rejected."""

from collections import Counter

import pytest

from model.case_mutations import NOT_TOLD, Part, changes, mutations, permitted_by
from model.case_symbols import NAMED_VALUES
from model.cases import ACCEPTED, NOT_JUDGED, REJECTED, judge_case, judged_steps
from model.parameter_values import Json
from model.tests.observations import Case, accepted, observations

LEAST = 0.97


@pytest.mark.property
def test_nearly_all_wrong_observations_are_rejected() -> None:
    every = [mutation for case in accepted() for mutation in mutations(case)]
    sample = every[::5]
    verdicts = Counter(judge_case(m.case, NAMED_VALUES).verdict for m in sample)
    assert len(sample) > 1000
    assert verdicts[NOT_JUDGED] == 0
    assert verdicts[REJECTED] / len(sample) >= LEAST, verdicts


def test_every_part_of_the_observations_is_changed_somewhere() -> None:
    changed = {mutation.part for case in accepted() for mutation in mutations(case)}
    assert changed == set(Part)


def test_a_mutation_leaves_the_case_that_it_came_from_as_it_was() -> None:
    case = observations()["aws-ls-0011"]
    before = repr(case)
    found = list(mutations(case))
    assert repr(case) == before
    assert all(m.case != case for m in found)
    assert found[0].name == "aws-ls-0011 step 0: success True -> False"
    assert all(m.case["id"] == "aws-ls-0011" for m in found)


def test_a_changed_configuration_differs_in_one_member() -> None:
    rule: dict[str, Json] = {
        "ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": "$kms1.id",
        },
        "BucketKeyEnabled": True,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    expect: dict[str, Json] = {"body": {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}}
    assert [text for _, text, _ in changes(expect)] == [
        "no rule",
        "two rules",
        "SSEAlgorithm -> AES256",
        "SSEAlgorithm -> aws:kms:dsse",
        "KMSMasterKeyID $kms1.id -> another",
        "KMSMasterKeyID -> absent",
        "BucketKeyEnabled True -> False",
        "BlockedEncryptionTypes -> NONE",
        "BlockedEncryptionTypes -> absent",
    ]


@pytest.mark.parametrize(
    "expect",
    [
        {},
        {"headers": [], "absent": {}},
        {"absent": [7, "body:KMSMasterKeyID"]},
        {"body": {"ServerSideEncryptionConfiguration": {"Rules": "none"}}},
        {"headers": {"x-amz-server-side-encryption-aws-kms-key-id": 7}},
        {"body_text": "$same", "extra": {"ContentLength": None}},
    ],
)
def test_what_states_nothing_is_changed_in_nothing_but_its_form(expect: dict[str, Json]) -> None:
    parts = {part for part, _, _ in changes(expect)}
    assert parts <= {Part.CONFIGURATION, Part.HEADER_VALUE, Part.HEADER_REMOVED}


@pytest.mark.parametrize(
    "rules",
    [[], ["no object"], [{}], [{"ApplyServerSideEncryptionByDefault": "AES256"}]],
)
def test_an_odd_configuration_is_changed_as_a_whole(rules: list[Json]) -> None:
    expect: dict[str, Json] = {"body": {"ServerSideEncryptionConfiguration": {"Rules": rules}}}
    assert [text for _, text, _ in changes(expect)] == ["no rule", "two rules"]


@pytest.mark.parametrize("steps", [None, [], "none", ["no step"], [{"expect": None}]])
def test_a_case_without_answers_has_no_mutations(steps: Json) -> None:
    assert list(mutations({"id": "x", "steps": steps})) == []


def _case(*steps: tuple[str, dict[str, Json], dict[str, Json]]) -> Case:
    listed: list[Json] = [{"op": o, "params": p, "expect": e} for o, p, e in steps]
    return {"id": "x", "era": "2023-01..2026-04", "steps": listed}


MADE: tuple[str, dict[str, Json], dict[str, Json]] = (
    "CreateBucket",
    {"Bucket": "$bucket1"},
    {"success": True},
)


def test_what_an_open_question_permits_is_named_after_it() -> None:
    params: dict[str, Json] = {
        "Bucket": "$bucket1",
        "Key": "k",
        "ServerSideEncryption": "AES256",
        "BucketKeyEnabled": True,
    }
    case = _case(MADE, ("PutObject", params, {"status": 400, "error_code": "InvalidArgument"}))
    steps = list(judged_steps(case, {}))
    assert judge_case(case, {}).verdict == ACCEPTED
    assert permitted_by(steps[0]) == ()
    assert permitted_by(steps[1]) == ("allowance/flag-or-context-beside-aes256",)


def test_the_steps_end_with_the_one_that_is_rejected() -> None:
    told: dict[str, Json] = {"success": True, "absent": ["x-amz-server-side-encryption"]}
    params: dict[str, Json] = {"Bucket": "$bucket1", "Key": "k"}
    write = ("PutObject", params, told)
    steps = list(judged_steps(_case(MADE, write, write), {}))
    assert len(steps) == 2
    assert steps[1].judgement.findings


def test_what_the_case_does_not_tell_is_named_so() -> None:
    case = _case(
        ("GetObject", {"Bucket": "$bucket1", "Key": "k"}, {"status": 403}),
        ("GetObject", {"Bucket": "$bucket1", "Key": "k"}, {"success": True}),
    )
    steps = list(judged_steps(case, {}))
    assert [permitted_by(step) for step in steps] == [(NOT_TOLD,), (NOT_TOLD,)]
