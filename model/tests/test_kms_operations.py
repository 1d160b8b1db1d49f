"""The KMS operations: what they make of the keys of the world."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model import wire
from model.answer import Answer
from model.clauses.tests.notation import (
    ALIAS,
    EMPTY,
    KEY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OTHER_KEY_ID,
    REGION,
    UNKNOWN,
    after,
    create,
    describe,
    disable,
    put,
    schedule_deletion,
)
from model.messages import HttpResponse
from model.operations.kms import (
    CancelKeyDeletion,
    CreateAlias,
    CreateKey,
    EnableKey,
    KmsOperation,
    named_key,
    read_json,
)
from model.world import MANAGED_KEY, KeyState, KmsKey, World

if TYPE_CHECKING:
    from model.matchers import Value

pytestmark = pytest.mark.example


def told(**fields: str) -> Answer:
    return Answer(status=200, succeeded=True, error_code=None, fields=fields)


def state_of(world: World) -> KeyState:
    return world.keys[KEY_ID].state


@pytest.mark.parametrize(
    "request_",
    [
        CreateKey(),
        CreateKey(key_spec="RSA_2048"),
        CreateAlias(alias=ALIAS, key_id=KEY_ID),
        describe(KEY_ARN),
        disable(),
        EnableKey(key_id=KEY_ID),
        schedule_deletion(),
        CancelKeyDeletion(key_id=KEY_ID),
    ],
    ids=lambda r: r.operation,
)
def test_a_request_is_read_back_from_its_http_form(request_: KmsOperation) -> None:
    assert wire.parse(wire.render(request_)) == request_
    assert request_.is_unknown(EMPTY)


def test_a_key_for_something_else_says_what_for() -> None:
    assert CreateKey().arguments() == {}
    assert CreateKey(key_spec="RSA_2048").arguments()["KeyUsage"] == "ENCRYPT_DECRYPT"
    assert CreateKey(key_spec="HMAC_256").arguments()["KeyUsage"] == "GENERATE_VERIFY_MAC"


def test_a_key_that_was_made_is_known() -> None:
    learnt = CreateKey().learn(UNKNOWN, told(KeyId=KEY_ID, Arn=KEY_ARN))
    assert learnt.keys == {KEY_ID: KEY}
    signing = CreateKey(key_spec="RSA_2048").learn(UNKNOWN, told(KeyId=KEY_ID, Arn=KEY_ARN))
    assert signing.keys[KEY_ID].symmetric is False


@pytest.mark.parametrize("answer", [told(), told(KeyId=KEY_ID), told(KeyId=KEY_ID, Arn="no arn")])
def test_an_answer_that_shows_no_key_makes_none_known(answer: Answer) -> None:
    assert CreateKey().learn(UNKNOWN, answer) is UNKNOWN


def test_the_state_of_a_key_changes_as_asked() -> None:
    assert state_of(after(disable())) is KeyState.DISABLED
    assert state_of(after(disable(KEY_ARN), EnableKey(key_id=ALIAS))) is KeyState.ENABLED
    assert state_of(after(schedule_deletion())) is KeyState.PENDING_DELETION
    cancelled = after(schedule_deletion(), CancelKeyDeletion(key_id=KEY_ID))
    assert state_of(cancelled) is KeyState.DISABLED
    assert after(disable(NO_KEY_ID)) == EMPTY


def test_a_description_shows_the_state_of_a_known_key() -> None:
    learnt = describe(KEY_ID).learn(EMPTY, told(Arn=KEY_ARN, KeyState="Disabled"))
    assert learnt.keys[KEY_ID] == replace(KEY, state=KeyState.DISABLED)


def test_a_description_makes_a_customer_managed_key_known() -> None:
    learnt = describe(KEY_ID).learn(UNKNOWN, told(Arn=KEY_ARN, KeyState="Enabled"))
    assert learnt.keys[KEY_ID] == KEY


@pytest.mark.parametrize(
    "answer",
    [
        told(Arn=KEY_ARN),
        told(Arn=KEY_ARN, KeyState="Updating"),
        told(KeyState="Enabled"),
        told(Arn=KEY_ARN, KeyState="Enabled", KeyManager="AWS"),
    ],
)
def test_a_description_of_no_use_makes_no_key_known(answer: Answer) -> None:
    assert describe(KEY_ID).learn(UNKNOWN, answer) is UNKNOWN


def test_an_alias_names_the_key_that_it_was_made_for() -> None:
    world = after(CreateAlias(alias="alias/two", key_id=OTHER_KEY_ID))
    assert world.aliases == {ALIAS: KEY_ID, "alias/two": OTHER_KEY_ID}
    assert after(CreateAlias(alias="alias/two", key_id=NO_KEY_ID)) == EMPTY


def test_a_key_is_named_by_id_arn_alias_and_the_managed_one_by_its_arn() -> None:
    world = after(create(), put(sse="aws:kms"))
    managed = world.keys[MANAGED_KEY]
    assert named_key(world, KEY_ID) == named_key(world, KEY_ARN) == named_key(world, ALIAS) == KEY
    assert named_key(world, managed.arn or "") == managed
    assert named_key(world, NO_KEY_ID) is None


def test_the_text_members_of_an_answer_are_its_fields() -> None:
    body = json.dumps({"KeyId": KEY_ID, "Count": 1, "KeyMetadata": {"Arn": KEY_ARN}}).encode()
    fields = describe(KEY_ID).read_answer(HttpResponse(200, body=body))
    assert fields == {"KeyId": KEY_ID, "Arn": KEY_ARN}
    assert describe(KEY_ID).read_answer(HttpResponse(200, body=b"{}")) == {}


def test_an_answer_is_written_as_it_is_read() -> None:
    shown: dict[str, Value] = {
        "KeyId": KEY_ID,
        "Arn": KEY_ARN,
        "x-amzn-requestid": "r",
        "": "",
        "Blob": b"",
    }
    written = describe(KEY_ID).write_answer(shown, EMPTY)
    fields = describe(KEY_ID).read_answer(HttpResponse(200, body=written))
    assert fields == {"KeyId": KEY_ID, "Arn": KEY_ARN}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff"])
def test_what_is_no_json_object_has_no_members(data: bytes) -> None:
    assert read_json(data) == {}


def test_the_region_of_a_new_key_is_that_of_its_arn() -> None:
    learnt = CreateKey().learn(UNKNOWN, told(KeyId=KEY_ID, Arn=KEY_ARN))
    assert learnt.keys[KEY_ID] == KmsKey(key_id=KEY_ID, arn=KEY_ARN, region=REGION)
