"""The loopback server, through SDKs, through our own connection and with bytes that are wrong."""

from __future__ import annotations

import io
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from model.messages import Auth, HttpRequest, HttpResponse
from targets.credentials import LOCAL_CREDENTIALS, Credentials
from targets.endpoint import HttpConnection
from targets.request_parsing import BadRequest, decode_aws_chunks, parse_query
from targets.serving import Server, make_certificate, serve
from targets.target import Endpoint
from targets.tests.toy_s3 import ToyS3

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.server


def client_of(server: Server, service: str, *, signature: str | None = None, **options: Any) -> Any:
    return boto3.client(
        service,
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
            signature_version=signature,
        ),
        **options,
    )


def say(server: Server, data: bytes) -> bytes:
    """Send bytes as they are and return all that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(data)
        answer = b""
        while got := connection.recv(65536):
            answer += got
        return answer


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_boto3_puts_gets_and_lists(tmp_path: Path, secure: bool) -> None:
    toy = ToyS3()
    tls = make_certificate(tmp_path) if secure else None
    with serve(toy, tls=tls) as server:
        options = {"verify": str(tls[0])} if tls else {}
        s3 = client_of(server, "s3", **options)
        s3.create_bucket(Bucket="b")
        s3.put_object(Bucket="b", Key="a/b c", Body=b"text", Metadata={"m": "v"})
        s3.put_object(Bucket="b", Key="stream", Body=io.BytesIO(b"x" * 100_000))
        got = s3.get_object(Bucket="b", Key="a/b c")
        assert (got["Body"].read(), got["Metadata"]) == (b"text", {"m": "v"})
        assert s3.get_object(Bucket="b", Key="stream")["Body"].read() == b"x" * 100_000
        assert s3.head_object(Bucket="b", Key="stream")["ContentLength"] == 100_000
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["b"]
        with pytest.raises(ClientError, match="NoSuchKey"):
            s3.get_object(Bucket="b", Key="missing")
    stored = dict(toy.buckets["b"]["stream"].headers)
    assert "x-amz-checksum-crc32" in stored
    assert "content-encoding" not in stored


def test_kms_requests_are_told_by_their_target() -> None:
    seen: list[HttpRequest] = []

    def handler(request: HttpRequest, secure: bool) -> HttpResponse:
        assert not secure
        seen.append(request)
        return HttpResponse(200, (), b'{"Keys": []}')

    with serve(handler) as server:
        assert client_of(server, "kms").list_keys()["Keys"] == []
    assert (seen[0].service, seen[0].bucket, seen[0].path) == ("kms", "", "/")


@pytest.mark.parametrize("addressing", ["path", "virtual"])
def test_the_handler_sees_what_the_connection_was_given(addressing: str) -> None:
    toy = ToyS3(buckets={"b.c": {}})
    given = (
        HttpRequest("GET"),
        HttpRequest("PUT", bucket="b.c", query=(("encryption", ""),), body=b"<a/>"),
        HttpRequest(
            "PUT",
            bucket="b.c",
            path="//a%2Fb/../c",
            query=(("partNumber", "1"), ("uploadId", "a b+c/=&")),
            headers=(("x-amz-meta-a", "Å  b"), ("x-amz-meta-a", ""), ("content-type", "")),
            body=b"\r\n\0",
        ),
    )
    with serve(toy) as server:
        endpoint = Endpoint(url=server.url, addressing=addressing)
        with HttpConnection(endpoint, LOCAL_CREDENTIALS) as connection:
            for request in given:
                connection.send(request)
                assert toy.last == request


@pytest.mark.parametrize("auth", [one for one in Auth if one is not Auth.POLICY_WITHOUT_ENCRYPTION])
def test_the_handler_sees_how_a_request_was_signed(auth: Auth) -> None:
    toy = ToyS3(buckets={"b": {}})
    request = HttpRequest(
        "PUT",
        bucket="b",
        path="/k%20/%C3%A9",
        query=(("x-amz-server-side-encryption", "aws:kms"), ("a", "")),
        headers=(("x-amz-meta-a", "Å  b"), ("range", "bytes=0-1"), ("content-md5", "x")),
        body=b"abc",
        auth=auth,
    )
    with serve(toy) as server:
        for token in (None, "token"):
            credentials = Credentials("a", "b", token)
            with HttpConnection(Endpoint(url=server.url), credentials) as connection:
                connection.send(request)
            assert toy.last == request


def test_a_url_that_boto3_presigned_is_known_as_one() -> None:
    toy = ToyS3(buckets={"b": {}})
    with serve(toy) as server:
        client = client_of(server, "s3", signature="s3v4")
        url = client.generate_presigned_url(
            "put_object",
            Params={"Bucket": "b", "Key": "k", "ServerSideEncryption": "AES256"},
        )
        header = {"x-amz-server-side-encryption": "AES256"}
        requests.put(url, data=b"x", headers=header, timeout=5)
        signed = toy.last
        requests.put(url, data=b"x", headers={**header, "x-amz-acl": "private"}, timeout=5)
        unsigned = toy.last
    assert signed is not None
    assert unsigned is not None
    assert (signed.auth, signed.query) == (Auth.PRESIGNED, ())
    assert (unsigned.auth, unsigned.query) == (Auth.PRESIGNED_HEADERS_UNSIGNED, ())


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_defect_of_the_handler_is_a_500_without_details(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, secure: bool
) -> None:
    with (
        serve(ToyS3(), tls=make_certificate(tmp_path) if secure else None) as server,
        HttpConnection(Endpoint(url=server.url), LOCAL_CREDENTIALS, verify=False) as connection,
    ):
        answer = connection.send(HttpRequest("GET", bucket="raise"))
        assert connection.send(HttpRequest("GET")).status == 200
    assert answer.status == 500
    assert b"RuntimeError" not in answer.body
    assert b"defect" not in answer.body
    assert "a defect of the handler" in caplog.text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"what is this\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\na: b\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 300 + b"\r\n", 400),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\ncontent-length: x\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", 400),
        (b"PUT / HTTP/1.1\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\nab", 400),
        (b"PUT / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"PUT / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        (b"PUT / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nfff\r\n", 413),
        (b"PUT / HTTP/1.1\r\ncontent-length: 99999\r\n\r\n" + b"x" * 99999, 413),
        (
            b"PUT / HTTP/1.1\r\nx-amz-content-sha256: STREAMING-X\r\ncontent-length: 2\r\n\r\nab",
            400,
        ),
        (b"GET / HTTP/1.0\r\n\r\n", 200),
        (b"\r\nGET / HTTP/1.1\r\nconnection: close\r\n\r\n", 200),
        (b"GET http://h/ HTTP/1.1\r\nconnection: close\r\n\r\n", 200),
    ],
)
def test_malformed_and_oversized_requests_are_refused(data: bytes, status: int) -> None:
    with serve(ToyS3(), body_limit=1000) as server:
        answer = say(server, data)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"connection: close" in answer


def test_expect_and_chunks_of_http_are_understood() -> None:
    toy = ToyS3(buckets={"b": {}})
    with serve(toy) as server:
        answer = say(
            server,
            b"PUT /b/k HTTP/1.1\r\nexpect: 100-continue\r\ntransfer-encoding: chunked\r\n"
            b"connection: close\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nt: v\r\n\r\n",
        )
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert toy.buckets["b"]["k"] == HttpRequest(
        "PUT", bucket="b", path="/k", body=b"abcde", auth=Auth.ANONYMOUS
    )


def test_head_has_headers_and_no_body() -> None:
    toy = ToyS3(buckets={"b": {"k": HttpRequest("PUT", body=b"12345")}})
    with serve(toy) as server:
        answer = say(server, b"HEAD /b/k HTTP/1.1\r\nconnection: close\r\n\r\n")
    assert b"content-length: 5\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_a_cut_request_and_a_plain_one_at_a_tls_port_harm_nobody(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with serve(ToyS3(), tls=certificate) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with socket.create_connection(("127.0.0.1", server.port)) as plain:
            secured = context.wrap_socket(plain, server_hostname="localhost")
            secured.sendall(b"PUT /b/k HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc")
            secured.close()
        endpoint = Endpoint(url=server.url)
        with HttpConnection(endpoint, LOCAL_CREDENTIALS, ca_bundle=certificate[0]) as connection:
            assert connection.send(HttpRequest("GET")).status == 200


def test_the_end_of_serving_does_not_wait_for_open_connections() -> None:
    with serve(ToyS3()) as server:
        connection = HttpConnection(Endpoint(url=server.url), LOCAL_CREDENTIALS)
        connection.send(HttpRequest("GET"))
        threads = threading.active_count()
    connection.close()
    assert threading.active_count() < threads


def test_a_query_is_decoded_in_order() -> None:
    assert parse_query("encryption&a=b%20c+d&&a=") == (
        ("encryption", ""),
        ("a", "b c d"),
        ("a", ""),
    )


def test_sdk_chunks_are_unwrapped() -> None:
    signed = (
        b"3;chunk-signature=aa\r\nabc\r\n2;chunk-signature=bb\r\nde\r\n0;chunk-signature=cc\r\n"
    )
    trailer = b"x-amz-checksum-crc32:AAAA\r\nx-amz-trailer-signature:dd\r\n\r\n"
    assert decode_aws_chunks(signed + b"\r\n") == (b"abcde", ())
    assert decode_aws_chunks(signed + trailer) == (b"abcde", (("x-amz-checksum-crc32", "AAAA"),))
    for broken in (b"", b"3\r\nab\r\n", b"3\r\nabc\r\n", b"0\r\nno trailer\r\n\r\n"):
        with pytest.raises(BadRequest):
            decode_aws_chunks(broken)
