"""Which policies are read, what they deny, and what the world knows of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from model import wire
from model.bucket_policy import (
    Condition,
    DenyStatement,
    Operator,
    denies,
    read_conditions,
    read_policy,
    resource_of,
    write_policy,
)
from model.clauses.tests.notation import BUCKET, KEY_ARN, KEY_ID, UNKNOWN, after, create
from model.clauses.tests.words_forms import MUST_BE_KMS, MUST_NAME, delete_policy, put_policy
from model.parameters import from_parameters, to_parameters
from model.request import KMS_KEY_ID, SSE
from model.stored import Presence
from model.world import Bucket

if TYPE_CHECKING:
    from model.operations.bucket_policy import DeleteBucketPolicy, PutBucketPolicy
    from model.parameter_values import Json

pytestmark = pytest.mark.example

STATEMENT: dict[str, Json] = {
    "Sid": "any",
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": ["s3:PutObject"],
    "Resource": [resource_of(BUCKET)],
    "Condition": {"Null": {"s3:X-Amz-Server-Side-Encryption": True}},
}


def document(*statements: Json, **changes: Json) -> bytes:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **changes}).encode()


def statement(**changes: Json) -> Json:
    return {**STATEMENT, **changes}


def test_a_policy_is_read_in_each_form_that_says_the_same() -> None:
    assert read_policy(document(STATEMENT), BUCKET) == (MUST_NAME,)
    one = json.dumps({"Statement": statement(Principal="*", Action="s3:PutObject")})
    assert read_policy(one.encode(), BUCKET) == (MUST_NAME,)


def test_a_policy_is_read_as_it_was_written() -> None:
    either = DenyStatement((Condition(Operator.EQUALS, SSE, ("aws:kms", "AES256")),))
    both = DenyStatement((*either.conditions, *MUST_NAME.conditions))
    assert read_policy(write_policy(BUCKET, [either, both]), BUCKET) == (either, both)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[1]",
        b'{"Statement": []}',
        b'{"Statement": 7}',
        b'{"Other": 1}',
        b"[" * 100_000,
        document(STATEMENT, Version="2008-10-17"),
        document(STATEMENT, statement(Effect="Allow")),
        document(statement(Principal={"AWS": "arn:aws:iam::1:root"})),
        document(statement(Action="s3:*")),
        document(statement(Action=[])),
        document(statement(Action=[7])),
        document(statement(Resource=resource_of("another"))),
        document(statement(NotAction="s3:GetObject")),
        document(statement(Condition={})),
        document(statement(Condition=7)),
        document(statement(Condition={"StringLike": {f"s3:{SSE}": "a"}})),
        document(statement(Condition={"Null": 7})),
        document(statement(Condition={"Null": {}})),
        document(statement(Condition={"Null": {f"s3:{SSE}": "perhaps"}})),
        document(statement(Condition={"Null": {"aws:SecureTransport": "true"}})),
        document(statement(Condition={"StringEquals": {f"s3:{SSE}": "${aws:userid}"}})),
    ],
)
def test_a_policy_of_another_form_is_not_read(text: bytes) -> None:
    assert read_policy(text, BUCKET) is None


def test_conditions_that_are_none_are_not_read() -> None:
    assert read_conditions("x") is None


@pytest.mark.parametrize(
    ("operator", "values", "header", "expected"),
    [
        (Operator.NULL, ("true",), None, True),
        (Operator.NULL, ("true",), "AES256", False),
        (Operator.NULL, ("false",), None, False),
        (Operator.NULL, ("false",), "AES256", True),
        (Operator.EQUALS, ("AES256",), "AES256", True),
        (Operator.EQUALS, ("AES256",), "aws:kms", False),
        (Operator.EQUALS, ("AES256",), None, False),
        (Operator.EQUALS, ("AES256", "aws:kms"), "aws:kms", True),
        (Operator.EQUALS_IF_EXISTS, ("AES256",), None, True),
        (Operator.NOT_EQUALS, ("aws:kms",), "AES256", True),
        (Operator.NOT_EQUALS, ("aws:kms",), "aws:kms", False),
        (Operator.NOT_EQUALS, ("aws:kms",), None, True),
        (Operator.NOT_EQUALS, ("AES256", "aws:kms"), "aws:kms", False),
        (Operator.NOT_EQUALS_IF_EXISTS, ("aws:kms",), None, True),
        (Operator.NULL, ("true",), "", None),
    ],
)
def test_a_condition_holds_as_iam_says(
    operator: Operator, values: tuple[str, ...], header: str | None, *, expected: bool | None
) -> None:
    found = denies([DenyStatement((Condition(operator, SSE, values),))], {SSE: header})
    assert found is expected


@pytest.mark.parametrize(
    ("named", "expected"), [(None, True), (KEY_ARN, False), (KEY_ID, None), ("alias/a", None)]
)
def test_a_key_is_compared_by_its_arn_alone(named: str | None, *, expected: bool | None) -> None:
    one_key = DenyStatement((Condition(Operator.NOT_EQUALS, KMS_KEY_ID, (KEY_ARN,)),))
    assert denies([one_key], {KMS_KEY_ID: named}) is expected


def test_one_statement_that_surely_denies_is_enough() -> None:
    headers = {SSE: "", KMS_KEY_ID: None}
    surely = DenyStatement((Condition(Operator.NULL, KMS_KEY_ID, ("true",)),))
    assert denies([MUST_NAME], headers) is None
    assert denies([MUST_NAME, surely], headers) is True
    assert denies([DenyStatement((*MUST_NAME.conditions, *surely.conditions))], headers) is None


def denied_in(*requests: PutBucketPolicy | DeleteBucketPolicy) -> object:
    found = after(create(), *requests).bucket(BUCKET)
    assert isinstance(found, Bucket)
    return found.deny


def test_a_policy_is_known_until_it_is_deleted_or_another_is_put() -> None:
    assert denied_in() == ()
    assert denied_in(put_policy(MUST_NAME)) == (MUST_NAME,)
    assert denied_in(put_policy(MUST_NAME), put_policy(MUST_BE_KMS)) == (MUST_BE_KMS,)
    assert denied_in(put_policy(MUST_NAME), delete_policy()) == ()


def test_without_an_answer_the_policy_is_not_known() -> None:
    world = after(create())
    for request in (put_policy(MUST_NAME), delete_policy()):
        found = request.obscured(world).bucket(BUCKET)
        assert isinstance(found, Bucket)
        assert found.deny is None
        assert request.obscured(UNKNOWN).bucket(BUCKET) is Presence.UNKNOWN
        assert request.is_unknown(UNKNOWN)


def test_a_policy_is_removed_before_its_bucket() -> None:
    (undone,) = put_policy(MUST_NAME).undone_by(None)
    assert undone == delete_policy()
    assert delete_policy().undone_by(None) == ()


def test_the_wire_and_the_parameters_carry_the_document() -> None:
    request = put_policy(MUST_NAME)
    http = wire.render(request)
    assert (http.method, http.query, http.body) == ("PUT", (("policy", ""),), request.document)
    assert wire.parse(http) == request
    assert wire.parse(wire.render(delete_policy())) == delete_policy()
    given = to_parameters(request)
    assert json.loads(str(given["Policy"]))["Version"] == "2012-10-17"
    assert from_parameters("PutBucketPolicy", given) == request
