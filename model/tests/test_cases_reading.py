"""How the steps of an observation are read, and what comes of those that are odd."""

import pytest

from model.case_symbols import ACCOUNT, NAMED_VALUES, Symbols
from model.cases import ACCEPTED, NOT_JUDGED, REJECTED, CaseResult, judge_case
from model.parameter_values import Json
from model.sse import decode_customer_key, md5_base64
from model.tests.observations import Case

Params = dict[str, Json]
Step = tuple[str, Params, dict[str, Json]]

OK: dict[str, Json] = {"success": True}
MADE: Step = ("CreateBucket", {"Bucket": "$bucket1"}, OK)
KEY: Step = ("CreateKey", {"_as": "$kms1", "_region": "same as bucket"}, OK)
SSE = "x-amz-server-side-encryption"
KMS_KEY = f"{SSE}-aws-kms-key-id"
DENIED: dict[str, Json] = {"status": 403, "error_code": "AccessDenied"}


def case(*steps: Step, era: str = "2023-01..2026-04") -> Case:
    listed: list[Json] = [{"op": o, "params": p, "expect": e} for o, p, e in steps]
    return {"id": "x", "era": era, "steps": listed}


def judged(*steps: Step, era: str = "2023-01..2026-04") -> CaseResult:
    return judge_case(case(*steps, era=era), {})


def put(expect: dict[str, Json], **params: Json) -> Step:
    return "PutObject", {"Bucket": "$bucket1", "Key": "k", **params}, expect


def get(expect: dict[str, Json], **params: Json) -> Step:
    return "GetObject", {"Bucket": "$bucket1", "Key": "k", **params}, expect


# Answers that cannot be.


@pytest.mark.parametrize(
    ("expect", "observed"),
    [
        (
            {"success": True, "error_code": "AccessDenied"},
            "a success has no error code, and AccessDenied is stated",
        ),
        (
            {"success": True, "status": 404},
            "status 404 and success True contradict each other",
        ),
        (
            {"success": False, "status": 200},
            "status 200 and success False contradict each other",
        ),
        (
            {"status": 200, "error_code": "NoSuchKey"},
            "status 200 has no error code, and NoSuchKey is stated",
        ),
        (
            {"status": 400, "error_code": "NoSuchKey"},
            "NoSuchKey comes with status 404, and 400 is stated",
        ),
        (
            {"status": 404, "error_code": None},
            "an error has an error code, and it is stated that there was none",
        ),
        ({"status": 404, "body_text": "abc"}, "an error answer shows no body_text"),
        ({"status": 404, "etag_is_md5": True}, "an error answer shows no etag_is_md5"),
        (
            {"success": True, "headers": {SSE.upper(): "AES256"}, "absent": [SSE]},
            f"{SSE} is stated to be present and absent",
        ),
        (
            {"success": True, "body_text": "abc", "extra": {"ContentLength": 4}},
            "a body of 3 bytes has no length of 4",
        ),
    ],
)
def test_an_answer_that_contradicts_itself_is_rejected(
    expect: dict[str, Json], observed: str
) -> None:
    result = judged(MADE, put(OK, Body="abc"), get(expect))
    assert (result.verdict, result.step) == (REJECTED, 2)
    assert result.observed == observed
    assert result.reason == "the answer contradicts itself"


def config(*rules: Json) -> dict[str, Json]:
    return {"success": True, "body": {"ServerSideEncryptionConfiguration": {"Rules": list(rules)}}}


AES256: Json = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [AES256, AES256],
        [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "k"}}],
    ],
)
def test_no_bucket_has_such_a_configuration(rules: list[Json]) -> None:
    result = judged(("GetBucketEncryption", {"Bucket": "$bucket1"}, config(*rules)))
    assert result.verdict == REJECTED


@pytest.mark.parametrize(
    "expect",
    [
        config(AES256),
        {"success": True, "body": {"ServerSideEncryptionConfiguration": {"Rules": 7}}},
        {"success": True, "body": {"ServerSideEncryptionConfiguration": "?"}},
        {"success": True, "body": "?"},
    ],
)
def test_a_configuration_that_may_be_is_accepted(expect: dict[str, Json]) -> None:
    step: Step = ("GetBucketEncryption", {"Bucket": "$bucket1"}, expect)
    assert judged(step).verdict == ACCEPTED
    assert judged(MADE, step).verdict == ACCEPTED


def test_a_copy_may_fail_on_its_way_in_a_200() -> None:
    source: Params = {"Bucket": "$bucket1", "Key": "c", "CopySource": "$bucket1/k"}
    late = judged(
        MADE, put(OK), ("CopyObject", source, {"status": 200, "error_code": "InvalidArgument"})
    )
    assert late.observed == "status 200 has no error code, and InvalidArgument is stated"
    inside: dict[str, Json] = {"status": 200, "success": False, "error_code": "InternalError"}
    result = judged(MADE, put(OK), ("CopyObject", source, inside))
    assert (result.verdict, result.observed) == (REJECTED, "outcome: InternalError")


def test_an_answer_that_no_clause_speaks_of_and_no_outcome_has_is_rejected() -> None:
    result = judged(("CreateBucket", {"Bucket": "$bucket1"}, DENIED))
    assert (result.verdict, result.step) == (REJECTED, 0)
    assert result.reason == "no outcome of the model is like this"
    assert result.observed == "403 AccessDenied"


# Data, lengths and ETags.


@pytest.mark.parametrize(
    ("params", "is_md5", "verdict"),
    [
        ({}, True, ACCEPTED),
        ({}, False, REJECTED),
        ({"ServerSideEncryption": "aws:kms"}, False, ACCEPTED),
        ({"ServerSideEncryption": "aws:kms"}, True, REJECTED),
        ({"ServerSideEncryption": "aws:kms:dsse"}, True, ACCEPTED),
        ({"ServerSideEncryption": "aws:kms:dsse"}, False, ACCEPTED),
    ],
)
def test_a_read_alone_tells_whether_the_etag_is_right(
    params: Params, is_md5: bool, verdict: str
) -> None:
    steps = (MADE, put(OK, Body="abc", **params), get({"status": 200, "etag_is_md5": is_md5}))
    assert judged(*steps).verdict == verdict


def test_an_etag_of_parts_is_none_of_a_whole_object() -> None:
    assert judged(MADE, put({"success": True, "etag_suffix": "-2"})).verdict == REJECTED
    assert judged(MADE, put({"success": True, "etag_suffix": ""})).verdict == ACCEPTED


@pytest.mark.parametrize(
    ("body", "length"),
    [
        ("$body:5", 5),
        ("$body", 7),
        ("$body:2KB", 2000),
        ("$body:2 KiB", 2048),
        ("$body:1MiB", 1024**2),
        ("$body:12 bytes of noise", 12),
        ({"base64": "AAECAw=="}, 4),
        ("x$same", 6),
    ],
)
def test_a_body_is_as_long_as_the_case_says(body: Json, length: int) -> None:
    told: dict[str, Json] = {"success": True, "extra": {"ContentLength": length}}
    head: Step = ("HeadObject", {"Bucket": "$bucket1", "Key": "k"}, told)
    assert judged(MADE, put(OK, Body=body), head).verdict == ACCEPTED
    told = {"success": True, "extra": {"ContentLength": length + 1}}
    assert judged(MADE, put(OK, Body=body), (*head[:2], told)).verdict == REJECTED


def test_a_body_that_the_case_left_out_is_as_long_as_its_ranges_need() -> None:
    part: dict[str, Json] = {"status": 206, "extra": {"ContentRange": "bytes 2-4/5"}}
    assert judged(MADE, put(OK), get(part, Range="bytes=2-4")).verdict == ACCEPTED
    whole: dict[str, Json] = {"status": 206}
    assert judged(MADE, put(OK), get(whole, Range="bytes=2-")).verdict == ACCEPTED
    # What a range of an object without data gets is not said.
    assert judged(MADE, put(OK, Body=""), get(whole, Range="bytes=2-")).verdict == ACCEPTED


def test_the_data_itself_is_compared() -> None:
    steps = (MADE, put(OK, Body="abc"))
    assert judged(*steps, get({"success": True, "body_text": "abc"})).verdict == ACCEPTED
    assert judged(*steps, get({"success": True, "body_text": "$same"})).verdict == ACCEPTED
    assert judged(*steps, get({"success": True, "body_text": "abd"})).verdict == REJECTED


# Names of values.


@pytest.mark.parametrize("form", ["id", "arn"])
def test_a_key_that_no_step_makes_is_there(form: str) -> None:
    told: dict[str, Json] = {"success": True, "headers": {SSE: "aws:kms", KMS_KEY: "$kms3.arn"}}
    params: Params = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": f"$kms3.{form}"}
    assert judged(MADE, put(told, **params)).verdict == ACCEPTED
    wrong: dict[str, Json] = {"success": True, "headers": {KMS_KEY: "$kms4.arn"}}
    assert judged(MADE, put(wrong, **params)).verdict == REJECTED
    absent: dict[str, Json] = {"success": True, "absent": [KMS_KEY]}
    assert judged(MADE, put(absent, **params)).verdict == REJECTED


def test_a_key_is_in_the_region_of_the_case_or_in_its_own() -> None:
    params: Params = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "$kms1.arn"}
    gone: dict[str, Json] = {"status": 400, "error_code": "KMS.NotFoundException"}
    for region, expect in (("$region", OK), ("eu-west-1", gone)):
        key: Step = ("CreateKey", {"_region": region}, OK)
        assert judged(MADE, key, put(expect, **params)).verdict == ACCEPTED, region
    here: Params = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    made: Step = ("CreateBucket", {"Bucket": "$bucket1", **here}, OK)
    told: dict[str, Json] = {"success": True, "headers": {KMS_KEY: "$kms1.arn"}}
    assert judged(made, KEY, put(told, **params)).verdict == ACCEPTED
    anywhere: Params = {"CreateBucketConfiguration": {"LocationConstraint": "$region"}}
    made = ("CreateBucket", {"Bucket": "$bucket1", **anywhere}, OK)
    assert judged(made, KEY, put(told, **params)).verdict == ACCEPTED


def test_any_arn_is_there_and_is_no_more() -> None:
    told: dict[str, Json] = {"success": True, "headers": {KMS_KEY: "$any_arn"}}
    assert judged(MADE, put(told, ServerSideEncryption="aws:kms")).verdict == ACCEPTED
    assert judged(MADE, put(told, ServerSideEncryption="AES256")).verdict == REJECTED
    assert judged(MADE, put(told, ServerSideEncryption="AES257")).verdict == REJECTED
    assert judged(MADE, put(told, ServerSideEncryption="aws:kms:dsse")).verdict == ACCEPTED


def test_every_customer_key_has_its_own_value() -> None:
    symbols = Symbols({}, "us-east-1")
    for name in ("$ssec_keyC", "$ssec_key_of_mine", "$ssec_key9"):
        key, md5 = symbols.text(name), symbols.text(f"{name}.md5")
        assert len(decode_customer_key(key)) == 32
        assert md5 == md5_base64(decode_customer_key(key))
        assert symbols.text(f"{name}.md5_corrupted") != md5
    assert symbols.text("$ssec_keyA") == NAMED_VALUES["$ssec_keyA"]
    assert Symbols({"$ssec_keyA": "own"}, "us-east-1").text("$ssec_keyA") == "own"


def test_a_customer_key_that_no_table_holds_is_one() -> None:
    good: Params = {
        "SSECustomerAlgorithm": "AES256",
        "SSECustomerKey": "$ssec_keyZ",
        "SSECustomerKeyMD5": "$ssec_keyZ.md5",
    }
    other: Params = {**good, "SSECustomerKey": "$ssec_keyY", "SSECustomerKeyMD5": "$ssec_keyY.md5"}
    steps = (MADE, put(OK, Body="abc", **good))
    assert judged(*steps, get({"status": 200, "body_text": "abc"}, **good)).verdict == ACCEPTED
    assert judged(*steps, get(DENIED, **other)).verdict == ACCEPTED
    assert judged(*steps, get({"status": 200}, **other)).verdict == REJECTED


def test_other_names_in_a_text_are_left_as_they_are() -> None:
    symbols = Symbols({}, "eu-west-1")
    assert symbols.text("K0+/!@#$cx5Cgo=") == "K0+/!@#$cx5Cgo="
    assert symbols.text("$bucket1/$region/$account") == f"bucket1/eu-west-1/{ACCOUNT}"
    assert symbols.text("$kms_aws_s3.alias_arn").endswith("eu-west-1:111122223333:alias/aws/s3")
    assert symbols.resolve([{"a": "$version1"}, 7, None]) == [{"a": "version1"}, 7, None]
    assert symbols.text("ü") == "ü"


# Callers.


@pytest.mark.parametrize(
    ("params", "expect", "verdict"),
    [
        ({"ServerSideEncryption": "aws:kms"}, DENIED, ACCEPTED),
        ({"ServerSideEncryption": "aws:kms"}, OK, REJECTED),
        (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "no-such"},
            {"status": 400, "error_code": "KMS.NotFoundException"},
            ACCEPTED,
        ),
        ({"ServerSideEncryption": "AES256"}, OK, ACCEPTED),
        ({}, OK, ACCEPTED),
        ({}, DENIED, REJECTED),
    ],
)
def test_a_caller_without_generate_data_key_writes_nothing_under_kms(
    params: Params, expect: dict[str, Json], verdict: str
) -> None:
    caller = "no kms:GenerateDataKey on the key"
    assert judged(MADE, put(expect, _caller=caller, **params)).verdict == verdict


def test_a_caller_without_decrypt_reads_nothing_under_kms() -> None:
    for algorithm, expect, verdict in (
        ("aws:kms", DENIED, ACCEPTED),
        ("aws:kms", OK, REJECTED),
        ("AES256", OK, ACCEPTED),
        ("AES256", DENIED, REJECTED),
    ):
        written = put(OK, ServerSideEncryption=algorithm)
        result = judged(MADE, written, get(expect, _caller="no kms:Decrypt"))
        assert result.verdict == verdict, (algorithm, expect)
    result = judged(MADE, get({"status": 404}, _caller="no kms:Decrypt"))
    assert result.verdict == ACCEPTED


def test_other_permissions_are_outside() -> None:
    assert judged(MADE, put(OK, _caller="no kms:Decrypt")).reason == (
        "PutObject: a caller without kms:Decrypt is outside the model"
    )
    assert judged(MADE, put(OK, _caller="an auditor")).reason == (
        "PutObject: _caller is outside the model"
    )


# Keys and buckets.


def test_making_and_showing_a_usable_key_does_not_fail() -> None:
    failed: dict[str, Json] = {"success": False}
    assert judged(MADE, ("CreateKey", {}, failed)).verdict == REJECTED
    shown: Params = {"KeyId": "$kms1.id"}
    assert judged(KEY, ("DisableKey", shown, failed)).verdict == REJECTED
    assert judged(KEY, ("DisableKey", shown, OK), ("DisableKey", shown, failed)).verdict == ACCEPTED
    for state, verdict in (("Disabled", ACCEPTED), ("Enabled", REJECTED)):
        told: dict[str, Json] = {"success": True, "body": {"KeyState": state}}
        result = judged(KEY, ("DisableKey", shown, OK), ("DescribeKey", shown, told))
        assert result.verdict == verdict


@pytest.mark.parametrize("algorithm", ["AES256", "aws:kms", "aws:kms:dsse"])
def test_a_bucket_that_the_case_does_not_make_has_one_default(algorithm: str) -> None:
    other = {"AES256": "aws:kms"}.get(algorithm, "AES256")
    told: dict[str, Json] = {"success": True, "headers": {SSE: algorithm}}
    changed: dict[str, Json] = {"success": True, "headers": {SSE: other}}
    assert judged(put(told), put(told)).verdict == ACCEPTED
    assert judged(put(told), put(changed)).verdict == REJECTED
    assert judged(put({"success": True, "absent": [SSE]})).verdict == REJECTED


def test_several_buckets_that_the_case_does_not_make_may_be_anything() -> None:
    there: Step = ("PutObject", {"Bucket": "$bucket2", "Key": "k"}, OK)
    assert judged(put(OK), there, get({"status": 404})).verdict in {ACCEPTED, REJECTED}
    third: Step = ("PutObject", {"Bucket": "$bucket3", "Key": "k"}, {"success": False})
    assert judged(put(OK), there, third).verdict == ACCEPTED


def test_a_bucket_is_not_there_before_it_is_made() -> None:
    gone: dict[str, Json] = {"status": 404, "error_code": "NoSuchBucket"}
    assert judged(put(gone), MADE, put(OK)).verdict == ACCEPTED
    assert judged(put(OK), MADE).verdict == REJECTED
    missing: Params = {"Bucket": "$bucket_missing", "Key": "k"}
    assert judged(("GetObject", missing, gone)).verdict == ACCEPTED


@pytest.mark.parametrize(
    ("era", "expect", "verdict"),
    [
        ("2023-01..2026-04", OK, ACCEPTED),
        ("2023-01..2026-04", DENIED, REJECTED),
        ("2026-04..", DENIED, ACCEPTED),
        ("2026-04..", OK, REJECTED),
        ("unknown", OK, ACCEPTED),
        ("unknown", DENIED, ACCEPTED),
        ("pre-2023", OK, NOT_JUDGED),
    ],
)
def test_the_era_tells_whether_new_buckets_block_sse_c(
    era: str, expect: dict[str, Json], verdict: str
) -> None:
    params: Params = {
        "SSECustomerAlgorithm": "AES256",
        "SSECustomerKey": "$ssec_key1",
        "SSECustomerKeyMD5": "$ssec_key1.md5",
    }
    assert judged(MADE, put(expect, **params), era=era).verdict == verdict
