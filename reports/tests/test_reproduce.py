"""The scripts, run against a server that records what arrives."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import botocore
import pytest

from reports.record import HeaderRecord, RequestRecord, ResponseRecord, StepRecord
from reports.reproduce import awscli_script, boto3_script, curl_script
from reports.scripts.names import kebab, snake
from reports.tests.examples import (
    CUSTOMER_KEY,
    ENDPOINT,
    SSE,
    copy_steps,
    customer_key_steps,
    headers,
    multipart_steps,
    step,
)
from reports.tests.recorder import Recorder, Seen, as_recorded, recording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Script = Callable[..., str]
    Steps = tuple[StepRecord, ...]

SECRET = "the-secret-of-the-environment"
NEW_UPLOAD = "anotherUploadId-0815"
NEW_ETAG = "0123456789abcdef0123456789abcdef"
ODD_NAME = "a b'c\"d$e`f\\g%20;é"
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
needs_cli = pytest.mark.skipif(shutil.which("aws") is None, reason="the AWS CLI is not installed")
pytestmark = pytest.mark.server


def kms_step() -> StepRecord:
    return StepRecord(
        index=0,
        operation="DisableKey",
        params={"KeyId": "11111111-2222-3333-4444-555555555555"},
        request=RequestRecord(
            method="POST",
            url=f"{ENDPOINT}/",
            headers=headers(
                **{
                    "content-type": "application/x-amz-json-1.1",
                    "x-amz-target": "TrentService.DisableKey",
                },
            ),
            body='{"KeyId":"11111111-2222-3333-4444-555555555555"}',
            body_length=48,
        ),
    )


def odd_steps() -> tuple[StepRecord, ...]:
    """Return steps that clients like to repair: odd values, raw bodies, unknown operations."""
    binary = RequestRecord(
        method="PUT",
        url=f"{ENDPOINT}/s3sse-b4/raw%20name?versionId=a%2Fb",
        headers=(
            HeaderRecord(name=SSE, value="aws:kms"),
            HeaderRecord(name="x-amz-meta-quoted", value='it\'s "$HOME" `id` \\n'),
            HeaderRecord(name=f"{SSE}-context", value="not json {"),
            HeaderRecord(name="content-type", value="text/plain"),
        ),
        body_base64="AAECAwD/",
        body_length=6,
    )
    return (
        StepRecord(
            index=0,
            operation="PutObject",
            params={"Bucket": "s3sse-b4", "Key": "raw name", "Body": {"base64": "AAECAwD/"}},
            request=binary,
        ),
        step(
            1,
            "PutBucketEncryption",
            "PUT",
            "/s3sse-b4?encryption",
            params={"Bucket": "s3sse-b4", "ServerSideEncryptionConfiguration": "<broken"},
            body="<broken",
        ),
        step(2, "PostObject", "POST", "/s3sse-b4", params={"Bucket": "s3sse-b4"}, body="a=b"),
        step(3, "GetObject", "GET", "/s3sse-b4/x", params={"Bucket": 7, "_headers": {"a": "b"}}),
    )


def environment(url: str) -> dict[str, str]:
    names = ("PATH", "HOME", "PYENV_ROOT")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {
        "S3_ENDPOINT": url,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "*",
    }


def run(script: str, recorder: Recorder, folder: Path, program: str) -> str:
    """Run a script and return what it printed; it must not complain."""
    file = folder / "script"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - our own script
        [program, str(file)],
        env=environment(recorder.url),
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
    )
    complaints = done.stderr.decode()
    assert "Traceback" not in complaints
    assert "syntax error" not in complaints
    assert "command not found" not in complaints
    return done.stdout.decode(errors="replace") + complaints


def compare(seen: Sequence[Seen], wanted: Sequence[Seen]) -> None:
    """Each request is as wanted, states its length, and would pass a strict server's check."""
    assert [(one.method, one.target, one.headers, one.body) for one in seen] == [
        (one.method, one.target, one.headers, one.body) for one in wanted
    ]
    assert all(one.length_is_stated for one in seen)
    assert [one.is_signed_with(SECRET) for one in seen] == [True] * len(seen)


def signed_target(target: str) -> str:
    """Write a query as curl's script does: in the order of the signature, each with its ``=``."""
    path, _, query = target.partition("?")
    pairs = sorted(part.partition("=")[::2] for part in query.split("&"))
    return f"{path}?{'&'.join(f'{n}={v}' for n, v in pairs)}" if query else path


def for_curl(wanted: Sequence[Seen]) -> list[Seen]:
    return [
        Seen(
            method=one.method,
            target=signed_target(one.target),
            all_headers=one.all_headers,
            body=one.body,
        )
        for one in wanted
    ]


each_sequence = pytest.mark.parametrize(
    "steps",
    [copy_steps(), customer_key_steps(), odd_steps(), (kms_step(),)],
    ids=["copy", "customer-key", "odd", "kms"],
)
each_exact_client = pytest.mark.parametrize(
    ("make", "program"),
    [(boto3_script, sys.executable), pytest.param(curl_script, "bash", marks=needs_curl)],
    ids=["boto3", "curl"],
)


@each_sequence
def test_boto3_sends_every_step_as_it_stood(steps: Steps, tmp_path: Path) -> None:
    with recording([one.response for one in steps]) as recorder:
        run(boto3_script(steps, endpoint=ENDPOINT), recorder, tmp_path, sys.executable)
    compare(recorder.seen, as_recorded(steps, ENDPOINT))


@needs_curl
@each_sequence
def test_curl_sends_every_step_as_it_stood(steps: Steps, tmp_path: Path) -> None:
    with recording([one.response for one in steps]) as recorder:
        run(curl_script(steps, endpoint=ENDPOINT), recorder, tmp_path, "bash")
    compare(recorder.seen, for_curl(as_recorded(steps, ENDPOINT)))


@each_sequence
def test_no_script_holds_credentials_or_the_address(steps: Steps) -> None:
    for make in (curl_script, boto3_script, awscli_script):
        text = make(steps, endpoint=ENDPOINT)
        lines = [line for line in text.splitlines() if "for example" not in line]
        assert ENDPOINT not in "\n".join(lines)
        assert "AKID" not in text


@each_exact_client
def test_values_that_the_server_chose_are_taken_from_the_new_answers(
    make: Script,
    program: str,
    tmp_path: Path,
) -> None:
    steps = multipart_steps()
    answers = [
        StepRecord.model_validate_json(
            one.model_dump_json()
            .replace("exampleUploadId-4711", NEW_UPLOAD)
            .replace("9b2cf535f27731c974343645a3985328", NEW_ETAG),
        ).response
        for one in steps
    ]
    script = make(steps, endpoint=ENDPOINT)
    assert "exampleUploadId-4711" not in script
    with recording(answers) as recorder:
        run(script, recorder, tmp_path, program)
    assert [f"uploadId={NEW_UPLOAD}" in one.target for one in recorder.seen[2:]] == [True, True]
    assert f"<ETag>{NEW_ETAG}</ETag>".encode() in recorder.seen[3].body
    assert recorder.seen[2].body == b"x" * 300


@each_exact_client
def test_a_key_that_the_server_made_is_named_by_its_new_arn(
    make: Script,
    program: str,
    tmp_path: Path,
) -> None:
    old, new = (f"arn:aws:kms:us-east-1:0:key/{digit * 8}-key" for digit in "12")
    made = RequestRecord(
        method="POST",
        url=f"{ENDPOINT}/",
        headers=headers(**{"x-amz-target": "TrentService.CreateKey"}),
        body="{}",
        body_length=2,
    )
    answers = [
        ResponseRecord(
            status=200,
            body=f'{{"KeyMetadata": {{"KeyId": "{arn[-12:]}", "Arn": "{arn}"}}}}',
        )
        for arn in (old, new)
    ]
    key_header = f"{SSE}-aws-kms-key-id"
    steps = (
        StepRecord(index=0, operation="CreateKey", request=made, response=answers[0]),
        step(1, "PutObject", "PUT", "/b/k", request=headers(**{key_header: old})),
        step(2, "PutObject", "PUT", "/b/k", request=headers(**{key_header: old[-12:]})),
    )
    with recording(answers[1:]) as recorder:
        run(make(steps, endpoint=ENDPOINT), recorder, tmp_path, program)
    assert [one.named.get(key_header) for one in recorder.seen] == [None, new, new[-12:]]


@each_exact_client
def test_an_md5_of_a_body_that_changes_is_made_anew(
    make: Script,
    program: str,
    tmp_path: Path,
) -> None:
    bodies = [f"<Delete><VersionId>{name}</VersionId></Delete>" for name in ("version1", "other-2")]
    digests = [base64.b64encode(hashlib.md5(body.encode()).digest()).decode() for body in bodies]
    versions = [headers(**{"x-amz-version-id": name}) for name in ("version1", "other-2")]
    steps = (
        step(0, "PutObject", "PUT", "/b/k", answer=versions[0]),
        step(
            1,
            "DeleteObjects",
            "POST",
            "/b?delete",
            request=headers(**{"content-md5": digests[0]}),
            body=bodies[0],
        ),
    )
    with recording([ResponseRecord(status=200, headers=versions[1])]) as recorder:
        run(make(steps, endpoint=ENDPOINT), recorder, tmp_path, program)
    assert recorder.seen[1].body == bodies[1].encode()
    assert recorder.seen[1].headers == [("content-md5", digests[1])]


@each_exact_client
def test_a_server_that_does_not_answer_ends_no_script_early(
    make: Script,
    program: str,
    tmp_path: Path,
) -> None:
    with recording() as gone:
        pass
    printed = run(make(multipart_steps(), endpoint=ENDPOINT), gone, tmp_path, program)
    assert "== 4 CompleteMultipartUpload" in printed


def test_a_body_for_a_bucket_in_the_host_name_gets_no_file_name() -> None:
    request = RequestRecord(
        method="PUT",
        url="https://b1.s3.example.com/?encryption",
        body="<a/>",
        body_length=4,
    )
    steps = (StepRecord(index=0, operation="PutBucketEncryption", request=request),)
    script = curl_script(steps, endpoint="https://s3.example.com")
    assert "--upload-file" not in script
    assert "-H 'content-type:'" in script


@each_exact_client
def test_kms_steps_are_signed_for_kms(make: Script, program: str, tmp_path: Path) -> None:
    with recording() as recorder:
        run(make((kms_step(), copy_steps()[0]), endpoint=ENDPOINT), recorder, tmp_path, program)
    assert [one.service for one in recorder.seen] == ["kms", "s3"]


@each_exact_client
def test_hostile_text_in_a_step_stays_text(make: Script, program: str, tmp_path: Path) -> None:
    marker = tmp_path / "touched"
    attack = f"'; touch {marker}; $(touch {marker}) `touch {marker}` \" {ODD_NAME}"
    steps = (
        step(
            0,
            f"PutObject\ntouch {marker}",
            "PUT",
            "/s3sse-b5/k",
            params={"Bucket": "s3sse-b5", "Key": attack, f"x\n{attack}": attack},
            request=headers(**{"x-amz-meta-a": attack}),
            body=attack,
        ),
    )
    with recording() as recorder:
        title = f"{attack}\ntouch {marker}"
        run(make(steps, endpoint=f"{ENDPOINT}/{attack}", title=title), recorder, tmp_path, program)
    assert not marker.exists()
    assert recorder.seen[0].body == attack.encode()
    assert ("x-amz-meta-a", attack) in recorder.seen[0].headers


def test_a_body_of_which_only_the_length_is_known_is_replaced_and_the_script_says_so() -> None:
    steps = (
        StepRecord(
            index=0,
            operation="PutObject",
            request=RequestRecord(method="PUT", url=f"{ENDPOINT}/b/k", body_length=12),
        ),
    )
    assert "zeros stand in" in curl_script(steps, endpoint=ENDPOINT)
    assert "zeros stand in" in boto3_script(steps, endpoint=ENDPOINT)


def test_a_bucket_in_the_host_name_stays_there() -> None:
    request = RequestRecord(method="GET", url="https://b1.s3.example.com/k")
    steps = (StepRecord(index=0, operation="GetObject", request=request),)
    script = curl_script(steps, endpoint="https://s3.example.com")
    assert '"${S3_ENDPOINT%%://*}://"b1."${S3_ENDPOINT#*://}"/k' in script
    assert "host_style('b1') + '/k'" in boto3_script(steps, endpoint="https://s3.example.com")


def test_a_presigned_url_is_made_anew_with_the_headers_that_were_signed(tmp_path: Path) -> None:
    query = (
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=REDACTED&X-Amz-Date=20261123T000000Z"
        f"&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3B{SSE}&X-Amz-Signature=REDACTED&versionId=v1"
    )
    request = headers(**{SSE: "AES256", "x-amz-meta-unsigned": "yes"})
    steps = (step(0, "PutObject", "PUT", f"/b/k?{query}", request=request, body="hello"),)
    with recording() as recorder:
        run(boto3_script(steps, endpoint=ENDPOINT), recorder, tmp_path, sys.executable)
    (seen,) = recorder.seen
    assert seen.target.startswith("/b/k?versionId=v1&X-Amz-Algorithm=")
    assert f"X-Amz-SignedHeaders=host%3B{SSE}&" in seen.target
    assert "X-Amz-Expires=60&" in seen.target
    assert seen.headers == [("x-amz-meta-unsigned", "yes"), (SSE, "AES256")]
    assert seen.body == b"hello"
    for script in (curl_script(steps, endpoint=ENDPOINT), awscli_script(steps, endpoint=ENDPOINT)):
        assert "boto3" in script
        assert "/b/k" not in script


def test_the_cli_script_says_which_steps_it_cannot_send() -> None:
    script = awscli_script(customer_key_steps(), endpoint=ENDPOINT)
    assert script.count("cannot be expressed with the AWS CLI") == 2
    assert "the CLI adds SSECustomerKeyMD5" in script
    assert "the CLI cannot send this x-amz-server-side-encryption-customer-algorithm" in script
    assert f"--sse-customer-key {CUSTOMER_KEY}" in script


def test_the_cli_script_leaves_out_bodies_and_flags_that_it_cannot_make() -> None:
    script = awscli_script(odd_steps(), endpoint=ENDPOINT)
    assert "the CLI cannot send this body" in script
    assert "the CLI has no such command" in script
    flags = {"Bucket": "b", "Key": "k", "BucketKeyEnabled": "TRUE", "PartNumber": "x"}
    steps = (step(0, "UploadPart", "PUT", "/b/k", params=flags),)
    assert "only true or false for BucketKeyEnabled" in awscli_script(steps)


@needs_cli
def test_the_cli_sends_what_the_model_sees_of_a_step(tmp_path: Path) -> None:
    steps = (*copy_steps()[1:], customer_key_steps()[0])
    with recording([one.response for one in steps]) as recorder:
        run(awscli_script(steps, endpoint=ENDPOINT), recorder, tmp_path, "bash")
    wanted = as_recorded(steps, ENDPOINT)
    assert [(one.method, one.target) for one in recorder.seen] == [
        (one.method, one.target) for one in wanted
    ]
    for one, expected in zip(recorder.seen, wanted, strict=True):
        assert [pair for pair in one.headers if pair[0].startswith("x-amz-")] == expected.headers
        assert one.body == expected.body


@needs_cli
def test_the_cli_takes_upload_ids_and_etags_from_the_new_answers(tmp_path: Path) -> None:
    steps = multipart_steps()
    answers = [
        StepRecord.model_validate_json(
            one.model_dump_json()
            .replace("exampleUploadId-4711", NEW_UPLOAD)
            .replace("9b2cf535f27731c974343645a3985328", NEW_ETAG),
        ).response
        for one in steps
    ]
    with recording(answers) as recorder:
        run(awscli_script(steps, endpoint=ENDPOINT), recorder, tmp_path, "bash")
    assert [NEW_UPLOAD in one.target for one in recorder.seen] == [False, False, True, True]
    assert NEW_ETAG.encode() in recorder.seen[3].body


@pytest.mark.parametrize(
    "name",
    [
        "PutBucketEncryption",
        "SSECustomerKeyMD5",
        "CopySourceSSECustomerKey",
        "SSEKMSEncryptionContext",
        "SSEKMSKeyId",
        "ChecksumCRC32C",
        "ListBucketACLs",
        "ContentMD5",
    ],
)
def test_names_are_those_of_botocore(name: str) -> None:
    assert snake(name) == botocore.xform_name(name)
    assert kebab(name) == botocore.xform_name(name, "-")
