"""What each request made can be removed again, and what the target chose is told."""

from __future__ import annotations

import pytest

from model.answer import VERSION_ID, Answer
from model.clauses.tests.notation import KEY_ARN, KEY_ID, create, put
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.kms import CancelKeyDeletion, CreateKey, ScheduleKeyDeletion

pytestmark = pytest.mark.example

MADE = Answer(status=200, succeeded=True, error_code=None, fields={"KeyId": KEY_ID, "Arn": KEY_ARN})
REFUSED = Answer(status=400, succeeded=False, error_code="LimitExceededException")


def test_a_key_that_was_made_is_deleted_and_one_that_was_not_is_not() -> None:
    assert CreateKey().chosen(MADE) == (KEY_ARN, KEY_ID)
    assert CreateKey().undone_by(MADE) == (ScheduleKeyDeletion(key_id=KEY_ID),)
    assert CreateKey().undone_by(REFUSED) == CreateKey().undone_by(None) == ()


def test_a_key_that_was_saved_is_deleted_after_all() -> None:
    saved = CancelKeyDeletion(key_id=KEY_ID)
    assert saved.undone_by(None) == (ScheduleKeyDeletion(key_id=KEY_ID),)


def test_a_bucket_is_deleted_whatever_was_answered() -> None:
    assert create("one").undone_by(None) == (DeleteBucket(bucket="one"),)
    assert create("one").chosen(MADE) == ()


def test_an_object_is_deleted_in_the_version_that_was_made() -> None:
    written = Answer(status=200, succeeded=True, error_code=None, fields={VERSION_ID: "v"})
    assert put().chosen(written) == ("v", "")
    plain = DeleteObject(bucket="bucket", object_key="object")
    assert put().undone_by(None) == (plain,)
    named = DeleteObject(bucket="bucket", object_key="object", version_id="v")
    assert put().undone_by(written) == (named,)
