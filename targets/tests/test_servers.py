"""The targets that start a server, and those that only reach one."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from model.messages import HttpRequest, HttpResponse
from targets.aws import AwsTarget
from targets.endpoint_target import EndpointTarget
from targets.errors import TargetError, TargetMisconfigured, TargetUnavailable
from targets.minio import MinioTarget
from targets.moto import MotoTarget
from targets.options import TargetOptions
from targets.process import reserved_ports
from targets.registry import make_target
from targets.seaweedfs import SeaweedFsTarget
from targets.serving import serve
from targets.target import Connection, NotSent
from targets.tests.toy_s3 import ToyS3, error

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.server

AES256 = (("x-amz-server-side-encryption", "AES256"),)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Give the tests credentials and a temporary folder of their own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def use(connection: Connection) -> None:
    """Put and get an object that is encrypted with a KMS key, where there is a KMS."""
    bucket = "s3sse-test-bucket"
    assert connection.send(HttpRequest("PUT", bucket=bucket)).status == 200
    put = HttpRequest("PUT", bucket=bucket, path="/k", headers=AES256, body=b"abc")
    assert connection.send(put).header("x-amz-server-side-encryption") == "AES256"
    assert connection.send(HttpRequest("GET", bucket=bucket, path="/k")).body == b"abc"
    if connection.endpoint.kms_url is not None:
        create = HttpRequest(
            "POST",
            service="kms",
            headers=(
                ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", "TrentService.CreateKey"),
            ),
            body=b"{}",
        )
        arn = json.loads(connection.send(create).body)["KeyMetadata"]["Arn"]
        headers = (
            ("x-amz-server-side-encryption", "aws:kms"),
            ("x-amz-server-side-encryption-aws-kms-key-id", arn),
        )
        put = HttpRequest("PUT", bucket=bucket, path="/kms", headers=headers, body=b"abc")
        assert connection.send(put).status == 200
        assert connection.send(HttpRequest("GET", bucket=bucket, path="/kms")).body == b"abc"


@pytest.mark.parametrize("name", ["moto", "seaweedfs", "minio"])
def test_a_server_is_started_used_and_gone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target = make_target(name, TargetOptions())
    missing = target.available()
    if missing is not None:
        pytest.skip(missing)
    # Not tmp_path: the path of a Unix socket must be short.
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        with target.connect() as connection:
            assert connection.endpoint.server
            use(connection)
        assert list(Path(folder).iterdir()) == []
    with pytest.raises(NotSent):
        connection.send(HttpRequest("GET"))


def test_a_server_that_is_not_here_is_explained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    target = MinioTarget(TargetOptions())
    assert "go install" in str(target.available())
    with pytest.raises(TargetUnavailable, match="no minio program"), target.connect():
        pass


@pytest.mark.parametrize("kind", [MinioTarget, SeaweedFsTarget])
def test_a_program_that_is_no_server_is_quoted(
    kind: type[MinioTarget | SeaweedFsTarget], tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho this is no server; exit 7\n")
    program.chmod(0o755)
    target = kind(TargetOptions(binary=program))
    with pytest.raises(TargetUnavailable, match="status 7: this is no server"), target.connect():
        pass


def test_moto_runs_without_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with MotoTarget(TargetOptions()).connect() as connection:
        assert connection.send(HttpRequest("GET")).status == 200


def test_any_endpoint_is_reached_by_its_url() -> None:
    with serve(ToyS3()) as server:
        options = TargetOptions(endpoint_url=server.url, kms_keys=("k",), sse_c_over_http=True)
        with EndpointTarget(options).connect() as connection:
            endpoint = connection.endpoint
            assert connection.send(HttpRequest("PUT", bucket="b")).status == 200
    assert (endpoint.kms_keys, endpoint.sse_c_over_http) == (("k",), True)


def test_an_endpoint_may_refuse_its_list_of_buckets() -> None:
    answers = iter((error(403, "AccessDenied"),))
    with (
        serve(lambda *_: next(answers)) as server,
        EndpointTarget(TargetOptions(endpoint_url=server.url)).connect(),
    ):
        assert next(answers, None) is None


PAGE = HttpResponse(200, (("content-type", "text/html"),), b"<html><p>Welcome!</html>")


def unusable() -> Iterator[tuple[HttpResponse, type[TargetError], str]]:
    yield PAGE, TargetUnavailable, r"is no S3: to GET / it answers 200, text/html, '<html><p>Wel"
    yield HttpResponse(200, (), b"<a/>"), TargetUnavailable, "is no S3"
    yield HttpResponse(404), TargetUnavailable, "is no S3: to GET / it answers 404, no content type"
    for code in ("InvalidAccessKeyId", "SignatureDoesNotMatch"):
        yield error(403, code), TargetMisconfigured, f"does not accept the credentials: {code}"
    yield error(400, "AuthorizationHeaderMalformed"), TargetMisconfigured, "region 'us-east-1'"
    yield error(403, "RequestTimeTooSkewed"), TargetUnavailable, "clock is wrong"


@pytest.mark.parametrize(("answer", "kind", "text"), tuple(unusable()))
def test_an_endpoint_that_cannot_be_used_is_explained(
    answer: HttpResponse, kind: type[TargetError], text: str
) -> None:
    with serve(lambda *_: answer) as server:
        target = EndpointTarget(TargetOptions(endpoint_url=server.url, region="us-east-1"))
        with pytest.raises(kind, match=text) as caught, target.connect():
            pass
    assert "\n" not in str(caught.value)


def test_a_kms_endpoint_that_is_none_is_explained() -> None:
    with serve(ToyS3()) as server, serve(lambda *_: PAGE) as page:
        options = TargetOptions(endpoint_url=server.url, kms_endpoint_url=page.url)
        with (
            pytest.raises(TargetUnavailable, match="is no KMS"),
            EndpointTarget(options).connect(),
        ):
            pass


def test_an_endpoint_where_nothing_listens_is_unavailable() -> None:
    with (
        reserved_ports(1) as (port,),
        pytest.raises(TargetUnavailable, match=r"gives no answer: .*refused"),
        EndpointTarget(TargetOptions(endpoint_url=f"http://127.0.0.1:{port}")).connect(),
    ):
        pass


def test_without_a_url_or_credentials_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TargetMisconfigured, match="--endpoint-url"):
        EndpointTarget(TargetOptions()).connect().__enter__()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    target = EndpointTarget(TargetOptions(endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(TargetMisconfigured, match="no AWS credentials"), target.connect():
        pass


def test_aws_needs_a_budget_a_region_and_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert AwsTarget(TargetOptions()).available() is None
    with (
        pytest.raises(TargetMisconfigured, match="--requests N"),
        AwsTarget(TargetOptions()).connect(),
    ):
        pass
    with (
        pytest.raises(TargetMisconfigured, match="AWS_REGION"),
        AwsTarget(TargetOptions(request_budget=9)).connect(),
    ):
        pass
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert "no AWS credentials" in str(AwsTarget(TargetOptions()).available())
    with (
        pytest.raises(TargetMisconfigured, match="no AWS credentials"),
        AwsTarget(TargetOptions(request_budget=9, region="eu-west-1")).connect(),
    ):
        pass
