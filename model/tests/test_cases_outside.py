"""What an observation says beyond the model makes it one that is not judged, never an error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cases import ACCEPTED, NOT_JUDGED, REJECTED, judge_case
from model.parameter_values import Json
from model.tests.observations import observations
from model.tests.properties import REPEATABLE
from model.tests.test_cases_reading import MADE, OK, SSE, Params, case, config, judged, put


def outside(step: Json) -> str:
    result = judge_case({"id": "x", "era": "unknown", "steps": [step]}, {})
    assert result.verdict == NOT_JUDGED, result
    assert "\n" not in result.reason
    return result.reason


def odd(expect: Json = None, **params: Json) -> Json:
    made: Params = {"Bucket": "$bucket1", "Key": "k", **params}
    return {"op": "PutObject", "params": made, "expect": OK if expect is None else expect}


NOTHING: dict[str, Json] = {"expect": {}}


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (None, "a step must be an object"),
        ({}, "None: params and expect must be objects"),
        (
            {"op": "SelectObjectContent", "params": {}, "expect": {}},
            "SelectObjectContent: operation: is outside the model",
        ),
        ({"op": "PutObject", "params": [], "expect": {}}, "PutObject: params and expect must"),
        (odd(_deny="x"), "PutObject: _deny is outside the model"),
        (odd(_new="x"), "PutObject: _new is outside the model"),
        (odd(Key=""), "PutObject: parameters: Key is empty"),
        (odd(Key=None), "PutObject: parameters: None is no text"),
        (odd(Key="\ud800"), "'\\ud800' is no text that HTTP can carry"),
        (odd(Metadata=["a"]), "PutObject: parameters: Metadata must be an object"),
        (odd(Metadata={"a": {}}), "PutObject: parameters: {} is no text"),
        (odd(Body=7), "PutObject: parameters: 7 is no body"),
        (odd(Body={"base64": "?"}), "PutObject: parameters: "),
        (odd(Body="$body:9GiB"), "a body of 9663676416 bytes is too long to be judged"),
        (odd(SSEKMSKeyId="$kms_aws_sns.arn"), "PutObject: a key of another service is outside"),
        (odd(ServerSideEncryption="$other"), "the value of $other is not known"),
        (odd(SSEKMSKeyId="$kms1.new"), "the value of $kms1.new is not known"),
        (odd(SSECustomerKey="$ssec_key7.new"), "the value of $ssec_key7.new is not known"),
        (odd(ServerSideEncryption="$some_value"), "the value of $some_value is not known"),
        (odd(GrantRead="x"), "PutObject: GrantRead: is outside the model"),
        (odd(_headers=7), "PutObject: _headers must be an object"),
        (odd(_headers={"X-New": "1"}), "PutObject: header X-New is outside the model"),
        (
            odd(_headers={"Content-MD5": "1"}, ContentMD5="2"),
            "PutObject: a repeated header Content-MD5 is outside the model",
        ),
        (odd({"status": "200"}), "PutObject: the status '200' is no number"),
        (odd({"status": True}), "PutObject: the status True is no number"),
        (odd({"error_code": 7}), "PutObject: the error code 7 is no text"),
        (odd({"success": "yes"}), "PutObject: success is 'yes'"),
        (odd({"retries": 3}), "PutObject: expect: retries is outside the model"),
        (odd({"headers": []}), "expect: headers must be an object"),
        (odd({"headers": {"a": []}}), "expect: [] is no text"),
        (odd({"absent": {}}), "expect: absent must be a list"),
        (odd({"extra": {"ContentLength": {}}}), "expect: {} is no text"),
        (odd({"status": 503}), "PutObject: the target said that it was not available (503)"),
        (
            {
                "op": "GetBucketEncryption",
                "params": {"Bucket": "b"},
                "expect": config("no object"),
            },
            "expect: body: a rule must be an object",
        ),
        (
            {"op": "CreateBucket", "params": {}, "expect": {}},
            "CreateBucket: Bucket: is missing",
        ),
        (
            {
                "op": "GetObject",
                "params": {"Bucket": "b", "Key": "k", "Metadata": {}},
                "expect": {},
            },
            "GetObject: Metadata: is outside the model",
        ),
        (
            {"op": "ScheduleKeyDeletion", "params": {"PendingWindowInDays": "x"}, "expect": {}},
            "ScheduleKeyDeletion: parameters: invalid literal",
        ),
    ],
)
def test_what_the_model_does_not_speak_of_is_not_judged(step: Json, reason: str) -> None:
    assert outside(step).startswith(reason)


@pytest.mark.parametrize("steps", [None, [], {}, "steps"])
def test_a_case_without_steps_is_not_judged(steps: Json) -> None:
    result = judge_case({"steps": steps}, {})
    assert (result.id, result.verdict, result.reason) == (
        "?",
        NOT_JUDGED,
        "the case has no steps",
    )


def test_a_case_that_is_nested_too_deeply_is_not_judged() -> None:
    deep: Json = "x"
    for _ in range(5000):
        deep = [deep]
    result = judge_case(case(MADE, put(OK, Tagging=deep)), {})
    assert (result.verdict, result.reason) == (NOT_JUDGED, "the case is nested too deeply")


def test_headers_may_be_given_by_their_names_on_the_wire() -> None:
    told: dict[str, Json] = {"success": True, "headers": {SSE: "aws:kms"}}
    assert judged(MADE, put(told, _headers={SSE.upper(): "aws:kms"})).verdict == ACCEPTED
    assert judged(MADE, put(told, _headers={SSE: "AES256"})).verdict == REJECTED


def test_numbers_and_flags_of_the_answer_are_texts_on_the_wire() -> None:
    flag = f"{SSE}-bucket-key-enabled"
    params: Params = {"ServerSideEncryption": "aws:kms", "BucketKeyEnabled": True}
    told: dict[str, Json] = {"success": True, "headers": {flag: True}}
    assert judged(MADE, put(told, **params)).verdict == ACCEPTED
    assert judged(MADE, put({"headers": {flag: False}}, **params)).verdict == REJECTED


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 600)
    | st.floats(allow_nan=False)
    | st.sampled_from(["$bucket1", "$kms1.arn", "$ssec_keyQ", "AES256", "aws:kms", "k", "$x", ""])
    | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
PATHS = (("params",), ("expect",), ("expect", "headers"), ("expect", "body"), ("op",))


@pytest.mark.property
@REPEATABLE
@given(data=st.data())
def test_no_case_is_so_odd_that_it_raises(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(observations())))
    changed = json.loads(json.dumps(observations()[name]))
    step = data.draw(st.sampled_from(changed["steps"]))
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(PATHS))
        place = step
        for parent in parents:
            place = place.get(parent) if isinstance(place, dict) else None
        inner = place.get(last) if isinstance(place, dict) else None
        value = data.draw(json_values)
        if isinstance(inner, dict) and data.draw(st.booleans()):
            members = sorted(inner) or ["x"]
            inner[data.draw(st.sampled_from([*members, "Body", "SSECustomerKey"]))] = value
        elif isinstance(place, dict):
            place[last] = value
    result = judge_case(changed, {})
    assert result.verdict in {ACCEPTED, REJECTED, NOT_JUDGED}
    assert bool(result.reason) is (result.verdict != ACCEPTED)
    assert "\n" not in result.reason
