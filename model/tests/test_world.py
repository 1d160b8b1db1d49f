"""The facts and their look-ups."""

from __future__ import annotations

import pytest

from model.clauses.tests.notation import (
    ACCOUNT,
    BUCKET,
    EMPTY,
    KEY,
    OBJECT,
    REGION,
    UNKNOWN,
    after,
    create,
    put,
)
from model.operation import suspect_version
from model.sse import SseS3
from model.stored import ObjectVersion, Presence
from model.world import Bucket, Context, KmsKey, World, unknown_bucket

pytestmark = pytest.mark.example

VERSION = ObjectVersion(encryption=SseS3(), body=b"")


def test_nothing_is_known_of_a_bucket_that_nobody_named() -> None:
    assert UNKNOWN.bucket(BUCKET) is Presence.UNKNOWN
    assert UNKNOWN.object(BUCKET, OBJECT) is Presence.UNKNOWN


def test_a_bucket_with_the_prefix_of_the_run_is_absent_until_it_is_made() -> None:
    world = World(context=Context(bucket_prefix="run-"))
    assert world.bucket("run-1") is Presence.ABSENT
    assert world.object("run-1", OBJECT) is Presence.ABSENT
    assert world.bucket("other-1") is Presence.UNKNOWN
    assert EMPTY.bucket(BUCKET) is Presence.ABSENT


def test_in_a_new_bucket_every_object_is_absent() -> None:
    assert after(create()).object(BUCKET, OBJECT) is Presence.ABSENT


def test_in_a_bucket_that_was_found_objects_are_unknown() -> None:
    world = UNKNOWN.with_bucket(BUCKET, unknown_bucket(UNKNOWN, BUCKET))
    assert world.object(BUCKET, OBJECT) is Presence.UNKNOWN


def test_an_object_can_be_put_into_a_bucket_of_which_nothing_is_known() -> None:
    world = UNKNOWN.with_object(BUCKET, OBJECT, VERSION)
    assert world.object(BUCKET, OBJECT) == VERSION
    bucket = world.bucket(BUCKET)
    assert isinstance(bucket, Bucket)
    assert (bucket.rule, bucket.explicit, bucket.blocked) == (None, None, None)


def test_a_bucket_is_found_in_the_region_of_the_run() -> None:
    assert unknown_bucket(EMPTY, BUCKET).region == REGION
    assert unknown_bucket(UNKNOWN, BUCKET).region == ""


def test_an_object_that_was_put_anew_is_suspected_no_more() -> None:
    world = suspect_version(after(create(), put()), BUCKET, OBJECT, None, "one/clause")
    world = suspect_version(world, BUCKET, "other", None, "one/clause")
    world = suspect_version(world, BUCKET, "other", None, "two/clause")
    world = world.with_object(BUCKET, OBJECT, VERSION)
    bucket = world.bucket(BUCKET)
    assert isinstance(bucket, Bucket)
    assert bucket.suspects == {("other", None): ("two/clause", "one/clause")}


def test_nothing_can_be_suspected_in_a_missing_bucket() -> None:
    assert suspect_version(EMPTY, BUCKET, OBJECT, None, "one/clause") == EMPTY


def test_the_first_key_arn_tells_the_account() -> None:
    assert UNKNOWN.with_key(KEY).account == ACCOUNT
    assert UNKNOWN.with_key(KmsKey(key_id="x")).account is None
    assert UNKNOWN.with_key(KmsKey(key_id="x", arn="no arn")).account is None
    own = World(account="1" * 12)
    assert own.with_key(KEY).account == "1" * 12
