"""The corpus: every committed scenario can be read and played, and is about something."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import pytest

from conformance.ablation import able_setting, open_session
from conformance.corpus import observed
from conformance.corpus.earlier import earlier_findings
from conformance.corpus.examples import FILE, rehearsed, tell_examples
from conformance.corpus.needs import is_playable, needs_of
from conformance.corpus.noticing import exercised_by, objected
from conformance.corpus.ordering import most_telling, rounds
from conformance.corpus.packing import LONGEST, clauses_of, packed, requests_of
from conformance.corpus.playing import alone, script_of
from conformance.corpus.rehearsal import Rehearsal
from conformance.corpus.tells import FILES, PROBES, Told, read_tells
from conformance.corpus.written import (
    CorpusError,
    Written,
    WrittenStep,
    parse_corpus,
    read_corpus,
)
from conformance.exploring import Explorer
from conformance.phase import Phase, Setting, every_phase
from conformance.probe import make_keys
from model.clause import Capability, every_clause
from model.parameters import to_parameters

SCENARIO = '{"scenarios": [{"id": "one", "steps": [%s]}]}'
STALE = "run python -m conformance.write_catalogue"
ERAS_OVER = {c.id for c in every_clause() if c.scope.until is not None}
CIRCUMSTANCES = {"sse-c/tls-is-required"}
"""What needs a run over plain HTTP that does not declare SSE-C there as allowed."""


@cache
def setting() -> Setting:
    """A target that can do everything, with two KMS keys."""
    return able_setting(open_session(requests=100))


@cache
def examples() -> tuple[Written, ...]:
    return (*read_corpus(FILE).scenarios, *read_corpus("more.json").scenarios)


@cache
def everything() -> tuple[Written, ...]:
    return tuple(one for file in FILES for one in read_corpus(file).scenarios)


def row() -> list[Written]:
    return [one for part in rounds(examples()) for pack in part for one in pack.scenarios]


def corpus_phase() -> Phase:
    return next(one for one in every_phase() if one.name == "corpus")


def test_the_scenarios_of_the_clauses_are_those_of_their_examples() -> None:
    told, left_out = tell_examples()
    committed = read_corpus(FILE)
    steps = {one.id: one.steps for one in committed.scenarios}
    reasons = {one.id: one.reason for one in committed.left_out}
    assert reasons.items() >= {one.id: one.reason for one in left_out}.items(), STALE
    assert {*steps, *reasons} == {one.id for one, _ in told} | {one.id for one in left_out}, STALE
    assert all(steps.get(one.id, one.steps) == one.steps for one, _ in told), STALE


def test_played_again_they_exercise_the_clauses_that_they_name() -> None:
    committed = {one.id: one for one in read_corpus(FILE).scenarios}
    rehearsal = Rehearsal()
    for told, example in tell_examples()[0][::25]:
        if told.id in committed and not told.plain_http:
            assert rehearsed(told, example, rehearsal) == committed[told.id], STALE


def test_what_aws_was_seen_to_answer_is_played_as_it_was_recorded() -> None:
    committed = {one.id: one for one in read_corpus(observed.FILE).scenarios}
    folder = resources.files("model").joinpath("observations")
    cases = [c for name in observed.FILES for c in json.loads(folder.joinpath(name).read_bytes())]
    assert len(cases) // 2 < len(committed) <= len(cases)
    for case in cases[::9]:
        told = observed.observed_case(case)
        if case["id"] in committed:
            assert told == committed[case["id"]], STALE


def test_every_clause_is_exercised_by_a_scenario() -> None:
    exercised = clauses_of(packed(examples()))
    left = {one.id for one in every_clause()} - set(exercised) - ERAS_OVER
    assert not left - CIRCUMSTANCES


def test_what_is_left_out_is_named_with_its_reason() -> None:
    told = read_corpus(FILE)
    assert told.left_out
    assert {one.id for one in told.left_out}.isdisjoint(one.id for one in told.scenarios)


def test_what_each_scenario_tells_stands_in_the_file() -> None:
    assert set(read_tells()) == {PROBES, *(one.id for one in everything())}, STALE


def test_played_again_scenarios_tell_what_the_file_says() -> None:
    sample = [one.id for one in everything()][::150]
    for name, exercised in exercised_by(sample):
        told = read_tells()[name]
        assert set(exercised) == set(told.exercises), STALE
        for clause_id in exercised[::5]:
            ((_, operations),) = objected(clause_id, [name])
            found = {text for text in told.tells if text.startswith(f"{clause_id} ")}
            assert {f"{clause_id} {one}" for one in operations} == found, STALE


def test_a_scenario_tells_of_nothing_that_it_does_not_exercise() -> None:
    for told in read_tells().values():
        assert {text.partition(" ")[0] for text in told.tells} <= set(told.exercises)


def test_the_most_telling_ones_tell_of_all_with_few_scenarios() -> None:
    told = read_tells()
    first = [one for pack in most_telling(everything()) for one in pack.scenarios]
    assert len(first) < len(everything()) // 2
    for number, _ in enumerate(Told()):
        early = {text for one in first for text in told[one.id][number]}
        early.update(told[PROBES].tells)
        assert early >= {text for one in everything() for text in told[one.id][number]}


def test_all_bugs_are_among_the_first_ones() -> None:
    bugs = read_corpus("bugs.json").scenarios
    first = {one.id for pack in most_telling(examples(), bugs) for one in pack.scenarios}
    assert first >= {one.id for one in bugs}


def test_half_of_what_scenarios_tell_is_told_by_a_tenth_of_the_requests() -> None:
    told = read_tells()
    packs = [pack for part in rounds(everything()) for pack in part]
    left = sum(requests_of(pack) for pack in packs) // 10
    early = set(told[PROBES].tells)
    for pack in packs:
        left -= requests_of(pack)
        if left < 0:
            break
        early.update(text for one in pack.scenarios for text in told[one.id].tells)
    assert len(early) > len({text for one in told.values() for text in one.tells}) // 2


def test_every_round_plays_what_is_left() -> None:
    played = [one.id for part in rounds(everything()) for pack in part for one in pack.scenarios]
    assert sorted(played) == sorted(one.id for one in everything())


def test_packing_loses_no_scenario_and_keeps_sequences_short() -> None:
    packs = packed(row())
    played = [one.id for pack in packs for one in pack.scenarios]
    assert sorted(played) == sorted(one.id for one in examples())
    shared = [pack for pack in packs if len(pack.parts) > 1]
    assert len(packs) < len(played) * 3 // 4
    for pack in shared:
        assert len(pack.opening) + sum(len(part.steps) for part in pack.parts) <= LONGEST


def test_scenarios_of_one_sequence_keep_to_objects_of_their_own() -> None:
    pack = max(packed(row()), key=lambda one: len(one.parts))
    assert len(pack.parts) > 3
    keys = [{step.params.get("Key") for step in part.steps} - {None} for part in pack.parts]
    assert all(one.isdisjoint(other) for one in keys for other in keys if one is not other)


def test_the_same_plan_is_made_again() -> None:
    def plan() -> list[tuple[str, int | None, int]]:
        return [(s.name, s.planned, len(list(s.scripts))) for s in corpus_phase().plan(setting())]

    assert plan() == plan()
    assert [name for name, _, _ in plan()] == [
        "earlier findings",
        "most telling",
        "more observed on AWS",
        "more of the clauses",
    ]
    assert all(planned == scripts for _, planned, scripts in plan())


@pytest.mark.parametrize("capability", list(Capability))
def test_what_a_target_lacks_is_not_asked_for(capability: Capability) -> None:
    lacking = Setting(
        capabilities=frozenset(Capability) - {capability},
        kms_keys=setting().kms_keys,
        world=setting().world,
        first_seed=0,
    )
    everything = (*examples(), *read_corpus("bugs.json").scenarios)
    left = [one for one in everything if is_playable(one, lacking)]
    assert 0 < len(left) < len(everything)
    assert all(capability not in needs_of(one.steps) for one in left)


def test_without_kms_keys_none_is_named() -> None:
    without = Setting(
        capabilities=frozenset(Capability), kms_keys=(), world=setting().world, first_seed=0
    )
    left = [one for one in examples() if is_playable(one, without)]
    assert left
    own = [one for one in left if any(step.op == "CreateKey" for step in one.steps)]
    assert own
    assert not any("$kms1" in one.model_dump_json() for one in left if one not in own)


def test_the_reference_is_blamed_for_none_of_the_bugs_and_observations() -> None:
    session = open_session(requests=10**6)
    findings: list[str] = []
    explorer = Explorer(
        session=session,
        prefix="s3sse-ablation-",
        setting=setting(),
        on_finding=lambda _, step: findings.append(step.findings[0].title),
        between=lambda: None,
        phases=(),
    )
    session.begin("setup")
    make_keys(session, 2)
    session.base = session.belief
    scenarios = [*read_corpus("bugs.json").scenarios, *read_corpus("more.json").scenarios]
    for pack in (*packed(scenarios), *packed(read_corpus(observed.FILE).scenarios[::9])):
        explorer.play(script_of(pack))
        assert not session.belief.lost
    assert not findings
    assert session.counts.requests > 500


def test_each_bug_names_the_thread_where_it_was_told() -> None:
    bugs = read_corpus("bugs.json")
    assert len(bugs.scenarios) + len(bugs.left_out) > 100
    assert all("#" in one.origin and one.title for one in bugs.scenarios)
    assert all("#" in one.id and one.reason for one in bugs.left_out)


def test_a_name_stands_for_what_an_answer_told() -> None:
    steps = (
        WrittenStep(op="CreateBucket", params={"Bucket": "$bucket1"}),
        WrittenStep(
            op="PutBucketVersioning",
            params={"Bucket": "$bucket1", "VersioningConfiguration": {"Status": "Enabled"}},
        ),
        WrittenStep(
            op="PutObject", params={"Bucket": "$bucket1", "Key": "k", "Body": "x"}, called="old"
        ),
        WrittenStep(
            op="GetObject", params={"Bucket": "$bucket1", "Key": "k", "VersionId": "$old.version"}
        ),
    )
    session = open_session(requests=100)
    explorer = Explorer(
        session=session,
        prefix="s3sse-ablation-",
        setting=setting(),
        on_finding=lambda _, step: pytest.fail(step.findings[0].title),
        between=lambda: None,
        phases=(),
    )
    explorer.play(script_of(alone(Written(id="one", steps=steps))))
    put, read = session.steps[2:4]
    assert put.answer is not None
    version = put.answer.text("x-amz-version-id")
    assert version
    assert to_parameters(read.request)["VersionId"] == version
    assert read.answer is not None
    assert read.answer.succeeded


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("{", "more.json: file: Invalid JSON"),
        ('{"scenarios": [{"id": "one", "steps": []}]}', "steps"),
        ('{"scenes": []}', "scenes: Extra inputs"),
        (SCENARIO % '{"op": "PutCake"}', "one: step 0: PutCake: operation: is outside the model"),
        (
            SCENARIO % '{"op": "CreateBucket", "params": {"Bucket": "$bucket1", "Colour": "red"}}',
            "step 0: CreateBucket: Colour: is outside the model",
        ),
        (
            SCENARIO % '{"op": "AbortMultipartUpload", "params": {"Bucket": "$bucket1",'
            ' "Key": "k", "UploadId": "$up.upload"}}',
            "nothing before it tells what $up.upload is",
        ),
    ],
)
def test_a_file_that_is_wrong_is_told_in_one_line(data: str, problem: str) -> None:
    with pytest.raises(CorpusError) as error:
        parse_corpus("more.json", data.encode())
    assert problem in str(error.value)
    assert "\n" not in str(error.value)


def test_two_scenarios_have_not_the_same_id() -> None:
    step = '{"id": "one", "steps": [{"op": "CreateBucket", "params": {"Bucket": "$bucket1"}}]}'
    with pytest.raises(CorpusError, match="another scenario has this id"):
        parse_corpus("more.json", f'{{"scenarios": [{step}, {step}]}}'.encode())


def test_no_folders_mean_no_earlier_findings() -> None:
    assert not list(earlier_findings(()))
