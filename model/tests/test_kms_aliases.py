"""Aliases that are pointed elsewhere: what they name then, and what stays under the old key."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from model import wire
from model.answer import ETAG
from model.clause import Law
from model.clauses.tests.notation import (
    ALIAS,
    BUCKET,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OBJECT,
    OTHER_KEY_ARN,
    OTHER_KEY_ID,
    after,
    answer_to,
    create,
    first_success,
    get,
    put,
    put_default,
)
from model.judge import Belief, judge
from model.messages import HttpResponse
from model.operations.kms import CreateKey, KmsOperation
from model.operations.kms_aliases import DeleteAlias, UpdateAlias
from model.parameters import from_parameters, to_parameters
from model.request import KMS_KEY_ID
from model.sse import SseKms, md5_hex
from model.stored import ObjectVersion, Presence
from model.tests.test_wire_agreement import SDK
from model.world import Bucket, World

POINT = UpdateAlias(alias=ALIAS, key_id=OTHER_KEY_ID)
DELETE = DeleteAlias(alias=ALIAS)
BY_ALIAS = put(sse="aws:kms", kms_key_id=ALIAS)
WRITTEN = after(create(), BY_ALIAS, POINT)


def key_of(world: World, object_key: str = OBJECT) -> str | None:
    version = world.object(BUCKET, object_key)
    assert isinstance(version, ObjectVersion)
    return version.encryption.kms_key_id if isinstance(version.encryption, SseKms) else None


@pytest.mark.agreement
@pytest.mark.parametrize("request_", [POINT, DELETE, CreateKey(multi_region=True)])
def test_an_sdk_writes_it_as_the_model_does(request_: KmsOperation) -> None:
    SDK.send(request_, HttpResponse(200, (), b"{}"))
    theirs, ours = SDK.sent_http(), wire.render(request_)
    assert json.loads(theirs.body) == json.loads(ours.body)
    assert dict(theirs.headers)["x-amz-target"] == dict(ours.headers)["x-amz-target"]


@pytest.mark.example
@pytest.mark.parametrize("request_", [POINT, DELETE, CreateKey(multi_region=True)])
def test_a_request_is_read_back(request_: KmsOperation) -> None:
    assert wire.parse(wire.render(request_)) == request_
    assert from_parameters(request_.operation, to_parameters(request_)) == request_


@pytest.mark.example
def test_an_alias_names_the_key_that_it_was_pointed_to() -> None:
    assert after(POINT).aliases == {ALIAS: OTHER_KEY_ID}
    assert after(DELETE).aliases == {}
    assert after(UpdateAlias(alias=ALIAS, key_id=NO_KEY_ID)).aliases == {}


@pytest.mark.example
def test_a_later_write_by_the_alias_uses_the_new_key_and_the_old_object_stays() -> None:
    world = after(put("later", sse="aws:kms", kms_key_id=ALIAS), start=WRITTEN)
    assert (key_of(world), key_of(world, "later")) == (KEY_ID, OTHER_KEY_ID)


@pytest.mark.example
def test_a_default_that_names_an_alias_follows_it() -> None:
    world = after(create(), put_default("aws:kms", ALIAS), put(), POINT, put("later"))
    assert (key_of(world), key_of(world, "later")) == (KEY_ID, OTHER_KEY_ID)


def blamed(shown: dict[str, str]) -> list[str]:
    answer = answer_to(first_success(WRITTEN, get()))
    answer = replace(answer, fields={**answer.fields, **shown})
    return [f.clause for f in judge(Belief((WRITTEN,)), get(), answer).findings]


@pytest.mark.example
def test_an_object_that_shows_the_new_key_is_blamed_on_the_alias() -> None:
    assert blamed({KMS_KEY_ID: KEY_ARN}) == []
    alias_clause = "kms-keys/new-alias-target-keeps-the-objects"
    assert blamed({KMS_KEY_ID: OTHER_KEY_ARN}) == [alias_clause]


@pytest.mark.example
def test_another_etag_is_not_blamed_on_the_alias() -> None:
    assert blamed({ETAG: md5_hex(b"other")}) == ["reading/etag-is-that-of-the-write"]


@pytest.mark.example
def test_only_objects_under_other_keys_are_suspected() -> None:
    steps = (create(), put(), BY_ALIAS, put("other", sse="aws:kms", kms_key_id=OTHER_KEY_ID))
    world = after(*steps, put("plain")).with_bucket("gone", Presence.ABSENT)
    noted = POINT.suspect(world, Law.OBJECTS_ON_NEW_ALIAS, "a/b").buckets[BUCKET]
    assert isinstance(noted, Bucket)
    assert set(noted.suspects) == {(OBJECT, None)}
    world = world.with_object(BUCKET, "unknown", Presence.UNKNOWN)
    every = DELETE.suspect(world, Law.OBJECTS_ON_NEW_ALIAS, "a/b").buckets[BUCKET]
    assert isinstance(every, Bucket)
    assert set(every.suspects) == {(OBJECT, None), ("other", None)}
    assert DELETE.suspect(EMPTY, Law.OBJECTS_ON_NEW_ALIAS, "a/b") is EMPTY
