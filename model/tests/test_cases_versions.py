"""How observations of versions, attributes and listings are read."""

from __future__ import annotations

import pytest

from model.cases import ACCEPTED, NOT_JUDGED, REJECTED, CaseResult, judge_case
from model.parameter_values import Json

Step = tuple[str, dict[str, Json], dict[str, Json]]

OK: dict[str, Json] = {"success": True}
THERE: dict[str, Json] = {"Bucket": "$bucket1", "Key": "k"}
MADE: Step = ("CreateBucket", {"Bucket": "$bucket1"}, OK)
ENABLED: Step = (
    "PutBucketVersioning",
    {"Bucket": "$bucket1", "VersioningConfiguration": {"Status": "Enabled"}},
    OK,
)
KEY: dict[str, Json] = {
    "SSECustomerAlgorithm": "AES256",
    "SSECustomerKey": "$ssec_key1",
    "SSECustomerKeyMD5": "$ssec_key1.md5",
}
OTHER_KEY: dict[str, Json] = {
    "SSECustomerAlgorithm": "AES256",
    "SSECustomerKey": "$ssec_key2",
    "SSECustomerKeyMD5": "$ssec_key2.md5",
}
DENIED: dict[str, Json] = {"status": 403, "error_code": "AccessDenied"}
FIRST: Step = ("PutObject", {**THERE, "Body": "one", **KEY}, OK)
SECOND: Step = ("PutObject", {**THERE, "Body": "three", **OTHER_KEY}, OK)
BEFORE = (MADE, ENABLED, FIRST, SECOND)


def judged(*steps: Step) -> CaseResult:
    listed: list[Json] = [{"op": o, "params": p, "expect": e} for o, p, e in steps]
    return judge_case({"id": "x", "era": "2023-01..2026-04", "steps": listed}, {})


def get(version_id: str, expect: dict[str, Json], **params: Json) -> Step:
    return "GetObject", {**THERE, "VersionId": version_id, **params}, expect


@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        (get("$version1", {"success": True, "body_text": "one"}, **KEY), ACCEPTED),
        (get("$version1", {"success": True, "body_text": "three"}, **KEY), REJECTED),
        (get("$version1", DENIED, **OTHER_KEY), ACCEPTED),
        (get("$version1", OK, **OTHER_KEY), REJECTED),
        (get("$version2", OK, **OTHER_KEY), ACCEPTED),
        (get("$version1", {"success": True, "etag_is_md5": False}, **KEY), ACCEPTED),
    ],
)
def test_the_versions_of_a_case_are_told_apart(step: Step, verdict: str) -> None:
    assert judged(*BEFORE, step).verdict == verdict


def test_a_version_id_that_is_stated_must_be_that_of_the_version() -> None:
    for version_id, verdict in (("$version1", ACCEPTED), ("$version2", REJECTED)):
        stated: dict[str, Json] = {"success": True, "extra": {"VersionId": version_id}}
        assert judged(*BEFORE, get("$version1", stated, **KEY)).verdict == verdict


def test_without_versioning_a_write_has_no_version() -> None:
    stated: dict[str, Json] = {"success": True, "extra": {"VersionId": "$version1"}}
    assert judged(MADE, ("PutObject", {**THERE}, stated)).verdict == REJECTED
    open_id: dict[str, Json] = {"success": True, "extra": {"VersionId": "$any"}}
    assert judged(MADE, ("PutObject", {**THERE}, open_id)).verdict == ACCEPTED


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [
        ({"success": True, "extra": {"ObjectSize": 3}, "etag_is_md5": True}, ACCEPTED),
        ({"success": True, "extra": {"ObjectSize": 19}}, REJECTED),
        ({"success": True, "body": {"ObjectSize": 3, "StorageClass": "STANDARD"}}, ACCEPTED),
        ({"success": True, "body": {"ObjectSize": 19}}, REJECTED),
        ({"success": True, "body": {"ObjectSize": "$any"}}, ACCEPTED),
        ({"success": True, "etag_is_md5": False}, REJECTED),
        ({"success": True, "headers": {"x-amz-server-side-encryption": "AES256"}}, REJECTED),
    ],
)
def test_attributes_are_judged(expect: dict[str, Json], verdict: str) -> None:
    asked: dict[str, Json] = {**THERE, "ObjectAttributes": ["ETag", "ObjectSize"]}
    step: Step = ("GetObjectAttributes", asked, expect)
    assert judged(MADE, ("PutObject", {**THERE, "Body": "one"}, OK), step).verdict == verdict


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ({"Contents": [{"Key": "k", "Size": 3}], "IsTruncated": False}, ACCEPTED),
        ({"Contents": [{"Key": "k", "Size": 4}]}, REJECTED),
        ({"Contents": [{"Key": "l"}], "IsTruncated": False}, REJECTED),
        ({"Contents": [{"Key": "l"}]}, ACCEPTED),
        (None, ACCEPTED),
    ],
)
def test_a_listing_is_judged(body: Json, verdict: str) -> None:
    expect: dict[str, Json] = {"success": True, "body": body}
    step: Step = ("ListObjectsV2", {"Bucket": "$bucket1"}, expect)
    written: Step = ("PutObject", {**THERE, "Body": "one"}, OK)
    assert judged(MADE, written, step).verdict == verdict


def test_a_caller_without_decrypt_reads_no_version_under_kms() -> None:
    under_kms: Step = ("PutObject", {**THERE, "ServerSideEncryption": "aws:kms"}, OK)
    plain: Step = ("PutObject", {**THERE}, OK)
    steps = (MADE, ENABLED, under_kms, plain)
    for version_id, verdict in (("$version1", REJECTED), ("$version2", ACCEPTED)):
        step = get(version_id, OK, _caller="no kms:Decrypt")
        assert judged(*steps, step).verdict == verdict


def test_a_header_that_the_model_does_not_know_is_outside() -> None:
    asked: dict[str, Json] = {"Bucket": "$bucket1", "_headers": {"x-other": "y"}}
    assert judged(MADE, ("ListObjects", asked, OK)).verdict == NOT_JUDGED
