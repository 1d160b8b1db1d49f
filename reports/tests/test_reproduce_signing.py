"""Scripts of steps that are not signed in their headers: forms, presigned, anonymous ones."""

from __future__ import annotations

import base64
import json
import shutil
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from botocore.auth import S3SigV4PostAuth
from botocore.credentials import Credentials

from model import wire
from model.form import form_of
from model.messages import Auth, HttpRequest
from model.operations.post_object import PostObject
from model.parameters import to_parameters
from reports.record import HeaderRecord, RequestRecord, StepRecord
from reports.reproduce import awscli_script, boto3_script, curl_script
from reports.tests.examples import ENDPOINT, SSE, headers, step
from reports.tests.recorder import recording
from reports.tests.test_reproduce import SECRET, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.tests.recorder import Seen

    Script = Callable[..., str]

pytestmark = pytest.mark.server
needs_tools = pytest.mark.skipif(
    shutil.which("curl") is None or shutil.which("openssl") is None,
    reason="curl or openssl is not installed",
)
EACH = [
    pytest.param(boto3_script, sys.executable, id="boto3"),
    pytest.param(curl_script, "bash", id="curl", marks=needs_tools),
]


def form_step(auth: Auth = Auth.HEADER) -> StepRecord:
    """A form with a field that a shell would read otherwise."""
    request = PostObject(
        bucket="s3sse-b1",
        object_key="a 'b' $HOME",
        sse="AES256",
        body=b"\x00\xffdata\r\nof two lines",
        metadata=(("quoted", 'it\'s "`id`"'),),
        auth=auth,
    )
    http = wire.render(request)
    return StepRecord(
        index=0,
        operation="PostObject",
        params=to_parameters(request),
        request=RequestRecord(
            method="POST",
            url=f"{ENDPOINT}/s3sse-b1",
            headers=tuple(HeaderRecord(name=n, value=v) for n, v in http.headers),
            body_base64=base64.b64encode(http.body).decode(),
            body_length=len(http.body),
        ),
    )


def as_http(seen: Seen) -> HttpRequest:
    return HttpRequest(
        seen.method, bucket="s3sse-b1", headers=tuple(seen.named.items()), body=seen.body
    )


@pytest.mark.parametrize(("make", "program"), EACH)
def test_a_form_is_signed_anew_and_its_own_fields_stay(
    make: Script, program: str, tmp_path: Path
) -> None:
    one = form_step()
    with recording() as recorder:
        run(make((one,), endpoint=ENDPOINT), recorder, tmp_path, program)
    (seen,) = recorder.seen
    assert (seen.method, seen.target) == ("POST", "/s3sse-b1")
    assert "authorization" not in seen.named
    form = form_of(as_http(seen))
    assert form is not None
    fields = dict(form.fields)
    signer = S3SigV4PostAuth(Credentials("AKIDEXAMPLE", SECRET), "s3", "us-east-1")
    context = SimpleNamespace(context={"timestamp": fields["x-amz-date"]})
    assert fields["x-amz-credential"] == signer.scope(context)
    assert fields["x-amz-signature"] == signer.signature(fields["policy"], context)
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert policy["conditions"][0] == {"bucket": "s3sse-b1"}
    named = {condition[1].removeprefix("$") for condition in policy["conditions"][1:]}
    assert named == set(fields) - {"policy", "x-amz-signature"}
    own = {n: v for n, v in fields.items() if n in one.params["Fields"]}  # type: ignore[operator]
    assert own == one.params["Fields"]
    assert form.data == b"\x00\xffdata\r\nof two lines"


@pytest.mark.parametrize(("make", "program"), EACH)
def test_a_policy_that_named_no_field_about_encryption_names_none_again(
    make: Script, program: str, tmp_path: Path
) -> None:
    one = form_step(Auth.POLICY_WITHOUT_ENCRYPTION)
    with recording() as recorder:
        run(make((one,), endpoint=ENDPOINT), recorder, tmp_path, program)
    (seen,) = recorder.seen
    form = form_of(as_http(seen))
    assert form is not None
    fields = dict(form.fields)
    policy = json.loads(base64.b64decode(fields["policy"]))
    named = {condition[1].removeprefix("$") for condition in policy["conditions"][1:]}
    assert set(fields) - named == {"policy", "x-amz-signature", SSE}


@pytest.mark.parametrize(("make", "program"), EACH)
def test_what_nobody_signed_is_sent_without_a_signature(
    make: Script, program: str, tmp_path: Path
) -> None:
    steps = (
        step(0, "GetObject", "GET", "/b/k", params={"_auth": "anonymous"}),
        step(
            1,
            "PutObject",
            "PUT",
            "/b/k",
            params={"_auth": "anonymous"},
            request=headers(**{SSE: "aws:kms"}),
            body="hello",
        ),
    )
    with recording() as recorder:
        run(make(steps, endpoint=ENDPOINT), recorder, tmp_path, program)
    assert [(s.method, s.target, s.body) for s in recorder.seen] == [
        ("GET", "/b/k", b""),
        ("PUT", "/b/k", b"hello"),
    ]
    assert all("authorization" not in seen.named for seen in recorder.seen)
    assert recorder.seen[1].named[SSE] == "aws:kms"


def test_the_cli_signs_nothing_that_nobody_signed() -> None:
    steps = (step(0, "GetObject", "GET", "/b/k", params={"_auth": "anonymous", "Bucket": "b"}),)
    assert "--no-sign-request" in awscli_script(steps, endpoint=ENDPOINT)


@pytest.mark.parametrize(
    ("auth", "signed"),
    [("presigned", f"host%3B{SSE}"), ("presigned-headers-unsigned", "host")],
)
def test_a_presigned_request_signs_all_of_its_headers_or_none(
    auth: str, signed: str, tmp_path: Path
) -> None:
    one = step(
        0,
        "PutObject",
        "PUT",
        "/b/k",
        params={"_auth": auth},
        request=headers(**{SSE: "AES256"}),
        body="hello",
    )
    with recording() as recorder:
        run(boto3_script((one,), endpoint=ENDPOINT), recorder, tmp_path, sys.executable)
    (seen,) = recorder.seen
    assert f"X-Amz-SignedHeaders={signed}&" in seen.target
    assert seen.named[SSE] == "AES256"
    assert "see the boto3 script" in curl_script((one,), endpoint=ENDPOINT)


def test_no_script_of_a_form_holds_credentials() -> None:
    for make in (boto3_script, curl_script, awscli_script):
        script = make((form_step(),), endpoint=ENDPOINT)
        assert SECRET not in script
        assert "AKIDEXAMPLE" not in script
    assert "the CLI has no such command" in awscli_script((form_step(),), endpoint=ENDPOINT)
