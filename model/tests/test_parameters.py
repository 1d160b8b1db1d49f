"""Requests as boto3 parameters: both ways, and what cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.encryption_document import RuleText, rule_from_json, write_configuration
from model.messages import HttpRequest
from model.operations.create_bucket import CreateBucket
from model.operations.get_object import GetObject
from model.operations.kms import CreateAlias, CreateKey, ScheduleKeyDeletion
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.parameter_values import Json, body_from_json
from model.parameters import (
    ParameterError,
    from_parameters,
    to_parameters,
)
from model.tests.properties import REPEATABLE
from model.tests.requests import requests_of
from model.wire import Unmodelled, operations

if TYPE_CHECKING:
    from model.operation import Operation


@pytest.mark.property
@pytest.mark.parametrize("kind", operations().values(), ids=operations())
@REPEATABLE
@given(data=st.data())
def test_a_request_comes_back_from_its_parameters(
    kind: type[Operation], data: st.DataObject
) -> None:
    request = data.draw(requests_of(kind))
    shown = json.loads(json.dumps(to_parameters(request)))
    read = from_parameters(request.operation, shown, secure=request.secure)
    if isinstance(request, CreateKey):
        assert to_parameters(read) == to_parameters(request)
    assert read == request


RULE = RuleText("aws:kms", "k", "true", ("SSE-C",))


@pytest.mark.parametrize(
    "rule",
    [
        RULE,
        RuleText(),
        RuleText("AES256", bucket_key_enabled="maybe"),
        RuleText(has_default=False, blocked=("NONE",)),
        RuleText(has_default=False, blocked=()),
    ],
)
def test_a_configuration_comes_back_from_its_parameters(rule: RuleText) -> None:
    request = PutBucketEncryption(bucket="b", document=write_configuration([rule]))
    shown = to_parameters(request)
    assert "_document" not in shown
    assert from_parameters("PutBucketEncryption", shown) == request


def test_a_document_that_is_none_is_kept_as_it_is() -> None:
    for document in (b"<a/>", b"\xff", write_configuration([RULE]) + b"\n"):
        request = PutBucketEncryption(bucket="b", document=document)
        shown = to_parameters(request)
        assert "_document" in shown
        assert from_parameters("PutBucketEncryption", shown) == request


def test_a_configuration_without_rules_is_empty() -> None:
    empty = PutBucketEncryption(bucket="b", document=write_configuration([]))
    configurations: list[Json] = [{}, {"Rules": []}, {"Rules": "x"}, None, "x"]
    for configuration in configurations:
        given: dict[str, Json] = {"Bucket": "b", "ServerSideEncryptionConfiguration": configuration}
        assert from_parameters("PutBucketEncryption", given) == empty
    assert from_parameters("PutBucketEncryption", {"Bucket": "b"}) == empty


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ({}, RuleText(has_default=False)),
        ({"BlockedEncryptionTypes": {}}, RuleText(has_default=False)),
        ({"BlockedEncryptionTypes": "x"}, RuleText(has_default=False)),
        ({"ApplyServerSideEncryptionByDefault": {}}, RuleText()),
        ({"BucketKeyEnabled": False}, RuleText(has_default=False, bucket_key_enabled="false")),
    ],
)
def test_a_rule_is_read_leniently(rule: Json, read: RuleText) -> None:
    assert rule_from_json(rule) == read


def test_a_rule_that_is_no_object_is_refused() -> None:
    with pytest.raises(TypeError):
        rule_from_json("x")


def test_what_changes_nothing_is_left_out() -> None:
    given: dict[str, Json] = {"Bucket": "b", "Key": "k", "ContentType": "x", "Origin": "y"}
    assert from_parameters("PutObject", given) == PutObject(bucket="b", object_key="k")


def test_numbers_and_flags_are_what_stands_in_the_header() -> None:
    given: dict[str, Json] = {"Bucket": "b", "Key": 7, "BucketKeyEnabled": True}
    put = from_parameters("PutObject", given)
    assert put == PutObject(bucket="b", object_key="7", bucket_key_enabled="true")
    put = from_parameters("PutObject", {**given, "BucketKeyEnabled": False})
    assert put == PutObject(bucket="b", object_key="7", bucket_key_enabled="false")


def test_the_names_of_metadata_are_lower_case_as_on_the_wire() -> None:
    given: dict[str, Json] = {"Bucket": "b", "Key": "k", "Metadata": {"Owner": "Me"}}
    put = from_parameters("PutObject", given)
    assert put == PutObject(bucket="b", object_key="k", metadata=(("owner", "Me"),))


def test_a_body_is_text_or_base64() -> None:
    assert body_from_json("abc") == b"abc"
    assert body_from_json("é") == "é".encode()
    assert body_from_json({"base64": "/w=="}) == b"\xff"
    assert body_from_json({}) == body_from_json(None) == b""


def test_a_location_is_read_where_there_is_one() -> None:
    given: dict[str, Json] = {"Bucket": "b", "CreateBucketConfiguration": None}
    assert from_parameters("CreateBucket", given) == CreateBucket(bucket="b")
    given["CreateBucketConfiguration"] = {"LocationConstraint": "EU"}
    assert from_parameters("CreateBucket", given) == CreateBucket(bucket="b", location="EU")


def test_kms_requests_are_read() -> None:
    assert from_parameters("CreateKey", {}) == CreateKey()
    given: dict[str, Json] = {"KeyId": "k", "PendingWindowInDays": 9}
    assert from_parameters("ScheduleKeyDeletion", given) == ScheduleKeyDeletion(key_id="k", days=9)
    given = {"TargetKeyId": "k", "AliasName": "alias/a"}
    assert from_parameters("CreateAlias", given) == CreateAlias(key_id="k", alias="alias/a")
    assert to_parameters(CreateAlias(key_id="k", alias="alias/a")) == {
        "TargetKeyId": "k",
        "AliasName": "alias/a",
    }


@pytest.mark.parametrize(
    ("operation", "given", "message"),
    [
        ("ListBuckets", {}, "ListBuckets: operation: is outside the model"),
        ("GetObject", {"Bucket": "b"}, "GetObject: Key: is missing"),
        ("GetObject", {"Bucket": "b", "Key": ""}, "GetObject: parameters: Key is empty"),
        ("GetObject", {"Bucket": [], "Key": "k"}, "GetObject: parameters: [] is no text"),
        (
            "GetObject",
            {"Bucket": "b", "Key": "k", "RequestPayer": "1"},
            "GetObject: RequestPayer: is outside the model",
        ),
        (
            "GetObject",
            {"Bucket": "b", "Key": "k", "Metadata": {}},
            "GetObject: Metadata: is outside the model",
        ),
        (
            "PutBucketEncryption",
            {"Bucket": "b", "ServerSideEncryptionConfiguration": {"Rules": [7]}},
            "PutBucketEncryption: parameters: a rule must be an object",
        ),
        (
            "CreateBucket",
            {"Bucket": "b", "CreateBucketConfiguration": {}},
            "CreateBucket: LocationConstraint: is missing",
        ),
        ("CreateAlias", {}, "CreateAlias: AliasName: is missing"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    operation: str, given: dict[str, Json], message: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        from_parameters(operation, given)
    assert str(caught.value) == message


def test_a_request_outside_the_model_has_no_parameters() -> None:
    assert to_parameters(Unmodelled(http=HttpRequest("GET"))) == {}


def test_a_request_is_sent_over_tls_unless_told() -> None:
    given: dict[str, Json] = {"Bucket": "b", "Key": "k"}
    read = GetObject(bucket="b", object_key="k")
    assert from_parameters("GetObject", given) == read
    assert from_parameters("GetObject", given, secure=False) == replace(read, secure=False)
