"""Every kind of source copied to every kind of target: the target's kind is what was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from model.clauses.tests.notation import (
    ALIAS,
    BUCKET,
    DATA,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY_ID,
    after,
    copy,
    create,
    customer,
    put,
    put_blocked,
    put_default,
    source_customer,
)
from model.predict import RefusalOutcome, SuccessOutcome, predict
from model.request import BUCKET_KEY, CUSTOMER_ALGORITHM, KMS_KEY_ID, SSE
from model.s3_errors import ACCESS_DENIED
from model.sse import DsseKms, SseC, SseKms, SseS3, md5_base64
from model.world import MANAGED_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.operation import Operation
    from model.operations.put_bucket_encryption import PutBucketEncryption
    from model.sse import ObjectEncryption

    Headers = Mapping[str, Any]

pytestmark = pytest.mark.example

FROM = b"the source's key has 32 bytes..."
TO = b"the target's key has 32 bytes..."
ELSEWHERE = "elsewhere"

SOURCES: dict[str, Headers] = {
    "SSE-S3": {},
    "SSE-KMS": {"sse": "aws:kms", "kms_key_id": KEY_ID},
    "SSE-KMS with a Bucket Key": {
        "sse": "aws:kms",
        "kms_key_id": KEY_ID,
        "bucket_key_enabled": "true",
    },
    "DSSE-KMS": {"sse": "aws:kms:dsse", "kms_key_id": KEY_ID},
    "SSE-C": {**customer(FROM)},
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a copy asks for, the default that it meets, and what the target then is."""

    becomes: ObjectEncryption
    headers: Headers = field(default_factory=dict)
    default: PutBucketEncryption | None = None


def default(*rule: str, flag: str | None = None) -> PutBucketEncryption:
    return put_default(*rule, flag=flag, bucket=ELSEWHERE)


TARGETS = {
    "no headers, default SSE-S3": Target(SseS3()),
    "no headers, default SSE-KMS": Target(
        SseKms(OTHER_KEY_ID, bucket_key_enabled=True),
        default=default("aws:kms", OTHER_KEY_ID, flag="true"),
    ),
    "no headers, default SSE-KMS by alias": Target(
        SseKms(KEY_ID), default=default("aws:kms", ALIAS)
    ),
    "no headers, default aws/s3": Target(SseKms(MANAGED_KEY), default=default("aws:kms")),
    "no headers, default DSSE-KMS": Target(
        DsseKms(OTHER_KEY_ID), default=default("aws:kms:dsse", OTHER_KEY_ID)
    ),
    "SSE-S3": Target(SseS3(), {"sse": "AES256"}, default("aws:kms", OTHER_KEY_ID)),
    "SSE-KMS without a key": Target(SseKms(MANAGED_KEY), {"sse": "aws:kms"}),
    "SSE-KMS with a key": Target(
        SseKms(KEY_ID), {"sse": "aws:kms", "kms_key_id": KEY_ARN}, default("aws:kms", OTHER_KEY_ID)
    ),
    "SSE-KMS with the bucket's flag": Target(
        SseKms(KEY_ID, bucket_key_enabled=True),
        {"sse": "aws:kms", "kms_key_id": KEY_ID},
        default("aws:kms", OTHER_KEY_ID, flag="true"),
    ),
    "SSE-KMS with a Bucket Key": Target(
        SseKms(KEY_ID, bucket_key_enabled=True),
        {"sse": "aws:kms", "kms_key_id": KEY_ID, "bucket_key_enabled": "true"},
    ),
    "DSSE-KMS": Target(DsseKms(KEY_ID), {"sse": "aws:kms:dsse", "kms_key_id": KEY_ID}),
    "SSE-C": Target(
        SseC(md5_base64(TO)),
        {**customer(TO)},
        default("aws:kms", OTHER_KEY_ID),
    ),
}

DIRECTIVES: tuple[Headers, ...] = (
    {},
    {"metadata_directive": "REPLACE"},
    {"metadata_directive": "COPY"},
)


def source_key(source: str) -> Headers:
    """Return the headers that a copy of that source needs to read it."""
    return source_customer(FROM) if source == "SSE-C" else {}


def copied(source: str, target: Target, directive: Headers) -> tuple[object, ...]:
    """Return what may come of the copy: the kinds that the target may have."""
    steps: list[Operation] = [
        create(),
        create(ELSEWHERE),
        put(metadata=(("a", "b"),), **SOURCES[source]),
    ]
    if target.default is not None:
        steps.append(target.default)
    read = source_key(source)
    request = copy(bucket=ELSEWHERE, **target.headers, **read, **directive)
    return predict(after(*steps), request).outcomes


@pytest.mark.parametrize(
    ("source", "target", "directive"), list(product(SOURCES, TARGETS, DIRECTIVES)), ids=str
)
def test_a_copy_has_the_encryption_that_it_asks_for_or_its_buckets_default(
    source: str, target: str, directive: Headers
) -> None:
    (outcome,) = copied(source, TARGETS[target], directive)
    assert isinstance(outcome, SuccessOutcome)
    version = outcome.version
    assert version is not None
    assert (version.encryption, version.body) == (TARGETS[target].becomes, DATA)


@pytest.mark.parametrize("source", SOURCES)
def test_a_copy_with_key_and_flag_shows_both_whatever_the_source_is(source: str) -> None:
    (outcome,) = copied(source, TARGETS["SSE-KMS with a Bucket Key"], {})
    assert isinstance(outcome, SuccessOutcome)
    shown = {r.field: r.matcher.answer("") for r in outcome.requirements}
    assert (shown[SSE], shown[KMS_KEY_ID], shown[BUCKET_KEY]) == ("aws:kms", KEY_ARN, "true")
    assert shown[CUSTOMER_ALGORITHM] is None


@pytest.mark.parametrize("source", SOURCES)
def test_a_blocked_bucket_takes_copies_to_all_but_sse_c(source: str) -> None:
    read = source_key(source)
    world = after(create(), put(**SOURCES[source]), put_blocked("SSE-C"))
    taken: tuple[Headers, ...] = ({}, {"sse": "AES256"}, {"sse": "aws:kms:dsse"})
    for headers in taken:
        outcomes = predict(world, copy(bucket=BUCKET, **headers, **read)).outcomes
        assert [type(o) for o in outcomes] == [SuccessOutcome]
    (refused,) = predict(world, copy(bucket=BUCKET, **customer(TO), **read)).outcomes
    assert isinstance(refused, RefusalOutcome)
    assert refused.errors == (ACCESS_DENIED,)
