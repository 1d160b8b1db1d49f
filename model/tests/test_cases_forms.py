"""Observations of forms, of presigned requests, of bucket policies and of checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.case_mutations import changes
from model.cases import ACCEPTED, NOT_JUDGED, REJECTED
from model.tests.test_cases_reading import (
    DENIED,
    KEY,
    MADE,
    OK,
    SSE,
    Params,
    Step,
    get,
    judged,
    put,
)

if TYPE_CHECKING:
    from model.parameter_values import Json

pytestmark = pytest.mark.example

POSTED: dict[str, Json] = {"status": 204, "error_code": None, "headers": {SSE: "AES256"}}


def post(expect: dict[str, Json], file: str = "data", **fields: Json) -> Step:
    named: Json = {"key": "k", **fields}
    return "PostObject", {"Bucket": "$bucket1", "Fields": named, "File": file}, expect


def policy(condition: Json, **params: Json) -> Step:
    return "PutBucketPolicy", {"Bucket": "$bucket1", "_deny": condition, **params}, OK


def test_a_form_is_read_with_its_fields_and_its_file() -> None:
    read = get({"status": 200, "body_text": "data", "etag_is_md5": True})
    assert judged(MADE, post({**POSTED, "etag_is_md5": True}), read).verdict == ACCEPTED
    assert judged(MADE, post({**POSTED, "etag_is_md5": False})).verdict == REJECTED
    assert judged(MADE, post(POSTED, **{SSE: "aws:kms"})).verdict == REJECTED
    assert judged(MADE, post({**POSTED, "status": 200})).verdict == REJECTED


def test_the_file_of_a_form_may_be_told_by_its_length() -> None:
    length: dict[str, Json] = {"status": 200, "extra": {"ContentLength": 9}}
    head: Step = ("HeadObject", {"Bucket": "$bucket1", "Key": "k"}, length)
    assert judged(MADE, post(POSTED, "$body:9"), head).verdict == ACCEPTED


def test_the_name_of_a_key_in_a_field_is_resolved() -> None:
    shown: dict[str, Json] = {SSE: "aws:kms", f"{SSE}-aws-kms-key-id": "$kms1.arn"}
    step = post(
        {**POSTED, "headers": shown}, **{SSE: "aws:kms", f"{SSE}-aws-kms-key-id": "$kms1.id"}
    )
    assert judged(MADE, KEY, step).verdict == ACCEPTED


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        ({"ChecksumCRC64NVME": "rosUhgp5mIg=", "ChecksumType": "FULL_OBJECT"}, ACCEPTED),
        ({"ChecksumCRC64NVME": "AAAAAAAAAAA="}, REJECTED),
        ({"ChecksumCRC32": "y/Q5Jg=="}, ACCEPTED),
        ({"ChecksumCRC32": "AAAAAA=="}, REJECTED),
        ({"ChecksumType": "COMPOSITE"}, REJECTED),
    ],
)
def test_checksums_are_held_against_the_data(shown: Json, verdict: str) -> None:
    assert judged(MADE, put({"success": True, "extra": shown}, Body="123456789")).verdict == verdict


def test_a_policy_is_told_by_its_condition() -> None:
    must_be_kms = policy({"StringNotEquals": {f"s3:{SSE}": "aws:kms"}})
    assert judged(MADE, must_be_kms, put(DENIED)).verdict == ACCEPTED
    assert judged(MADE, must_be_kms, put(OK)).verdict == REJECTED
    named: Params = {"ServerSideEncryption": "aws:kms"}
    assert judged(MADE, must_be_kms, put(OK, **named)).verdict == ACCEPTED
    assert judged(MADE, must_be_kms, put(DENIED, **named)).verdict == REJECTED


@pytest.mark.parametrize("condition", ["x", {"IpAddress": {"aws:SourceIp": "::1"}}])
def test_a_policy_of_another_form_is_not_judged(condition: Json) -> None:
    assert judged(MADE, policy(condition)).verdict == NOT_JUDGED


def test_a_request_is_told_to_be_presigned_or_anonymous() -> None:
    kms: Params = {"ServerSideEncryption": "aws:kms"}
    assert judged(MADE, put(OK, _presigned=True, **kms)).verdict == ACCEPTED
    assert judged(MADE, put(OK, _presigned=False, **kms)).verdict == ACCEPTED
    assert judged(MADE, put(OK, _anonymous=True, **kms)).verdict == REJECTED
    assert judged(MADE, put(DENIED, _anonymous=True, **kms)).verdict == ACCEPTED
    assert judged(MADE, put(OK, _presigned="in some other way")).verdict == NOT_JUDGED


def test_a_checksum_and_its_type_are_changed_each_for_itself() -> None:
    extra: Json = {"ChecksumCRC32": "AB==", "ChecksumType": "FULL_OBJECT", "ETag": "e"}
    assert [text for _, text, _ in changes({"extra": extra})] == [
        "ChecksumCRC32 AB== -> ==BA",
        "ChecksumType FULL_OBJECT -> COMPOSITE",
    ]
