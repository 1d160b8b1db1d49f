from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    BUCKET,
    create,
    get_default,
    put,
    put_default,
)
from model.clauses.tests.words_forms import MUST_NAME, put_policy
from model.operations.delete_bucket import DeleteBucket
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"
LONGER = f"{BUCKET}-two"


@shows("state-buckets/recreated-keeps-default")
def test_the_default_of_a_deleted_bucket_comes_back() -> Requests:
    yield create()
    yield put_default(KMS)
    yield DeleteBucket(bucket=BUCKET)
    yield create()
    yield get_default()


@shows("state-buckets/recreated-keeps-policy")
def test_the_policy_of_a_deleted_bucket_comes_back() -> Requests:
    yield create()
    yield put_policy(MUST_NAME)
    yield DeleteBucket(bucket=BUCKET)
    yield create()
    yield put()


@shows("state-buckets/default-of-last-bucket")
def test_the_last_default_counts_in_all_buckets() -> Requests:
    yield create()
    yield create("other")
    yield put_default(KMS, bucket="other")
    yield put()


@shows("state-buckets/default-of-shorter-name")
def test_the_default_of_a_shorter_name_counts() -> Requests:
    yield create()
    yield create(LONGER)
    yield put_default(KMS)
    yield put(bucket=LONGER)


@shows("state-buckets/deletion-reaches-neighbours")
def test_the_deletion_of_a_bucket_resets_another() -> Requests:
    yield create()
    yield create(LONGER)
    yield put_default(KMS, bucket=LONGER)
    yield DeleteBucket(bucket=BUCKET)
    yield get_default(LONGER)
