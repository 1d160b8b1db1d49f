"""The second client: what boto3 sends for a request, and what it leaves to the raw client."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model import wire
from model.encryption_document import RuleText, write_configuration
from model.messages import Auth, BodyEnd, HttpRequest, HttpResponse
from model.sse import md5_base64
from model.update_document import UpdateText, write_update
from targets.boto3_client import _OF_THE_SDK, CLIENT, Boto3Connection
from targets.certificates import make_certificate
from targets.credentials import LOCAL_CREDENTIALS, Credentials
from targets.endpoint import HttpConnection
from targets.endpoint_target import open_connection, open_started, started_endpoint
from targets.errors import TargetMisconfigured
from targets.options import TargetOptions
from targets.process import reserved_ports
from targets.serving import serve
from targets.target import Endpoint, NoAnswer, NotSent, last_sent
from targets.tests.directory_s3 import BUCKET, CREATE_SESSION, DirectoryS3, token
from targets.tests.raw_server import OK, hang_up_after, raw_server
from targets.tests.toy_s3 import ToyS3

if TYPE_CHECKING:
    from pathlib import Path

    from targets.exact_http import ExactRequest, Origin

KEY = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="
MD5 = "x-amz-server-side-encryption-customer-key-md5"
CUSTOMER = (
    ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
    ("x-amz-server-side-encryption-customer-key", KEY),
)
COPY_CUSTOMER = tuple(
    (name.replace("x-amz-", "x-amz-copy-source-"), value) for name, value in CUSTOMER
)


def boto3_to(url: str, **known: str) -> Boto3Connection:
    endpoint = Endpoint(url=url, **known)  # type: ignore[arg-type]
    return Boto3Connection(HttpConnection(endpoint, LOCAL_CREDENTIALS), LOCAL_CREDENTIALS)


def put(path: str = "/k", *headers: tuple[str, str], body: bytes = b"abc") -> HttpRequest:
    return HttpRequest("PUT", bucket="s3sse-b", path=path, headers=headers, body=body)


def without_the_sdks(request: HttpRequest | None) -> HttpRequest:
    """Leave out what only says which SDK sends."""
    assert request is not None
    kept = tuple(pair for pair in request.headers if pair[0] not in _OF_THE_SDK)
    return replace(request, headers=kept)


SAID = [
    HttpRequest("PUT", bucket="s3sse-b"),
    put(),
    put("/a%20b/%C3%A9%2B~//c/./.."),
    put("/k", *CUSTOMER),
    put("/k", *CUSTOMER, (MD5, "wrong")),
    put("/k", ("x-amz-server-side-encryption", "what is this"), body=b"\xff\0"),
    put(
        "/k",
        ("x-amz-server-side-encryption-aws-kms-key-id", ""),
        ("x-amz-server-side-encryption-bucket-key-enabled", "perhaps"),
        ("x-amz-meta-a", "b"),
    ),
    HttpRequest(
        "PUT",
        bucket="s3sse-b",
        path="/copy",
        headers=(("x-amz-copy-source", "s3sse-b/a%20b%2Fc?versionId=1"), *COPY_CUSTOMER),
    ),
    HttpRequest("GET", bucket="s3sse-b", path="/k", headers=CUSTOMER),
    HttpRequest("HEAD", bucket="s3sse-b", path="/k", headers=CUSTOMER),
    HttpRequest("DELETE", bucket="s3sse-b", path="/k"),
    HttpRequest("GET", bucket="s3sse-b", query=(("encryption", ""),)),
    HttpRequest("DELETE", bucket="s3sse-b", query=(("encryption", ""),)),
    HttpRequest("DELETE", bucket="s3sse-b"),
    HttpRequest("GET", bucket="s3sse-b", query=(("versions", ""),)),
    HttpRequest("GET", bucket="s3sse-b", query=(("uploads", ""),)),
    HttpRequest("GET", bucket="s3sse-b", query=(("list-type", "2"),)),
]


@pytest.mark.server
@pytest.mark.agreement
@pytest.mark.parametrize("request_", SAID)
def test_boto3_sends_what_was_meant_and_repairs_nothing(request_: HttpRequest) -> None:
    toy = ToyS3()
    with serve(toy) as server, boto3_to(server.url) as connection:
        connection.send(request_)
        sent = connection.last_sent
        assert connection.sent_raw == 0
    assert sent is not None
    assert without_the_sdks(toy.last) == sent
    assert wire.parse(sent) == wire.parse(request_)
    assert sorted(sent.headers) == sorted(request_.headers)


@pytest.mark.server
def test_what_boto3_writes_its_own_way_is_known() -> None:
    name = "x-amz-server-side-encryption-bucket-key-enabled"
    with serve(ToyS3()) as server, boto3_to(server.url) as connection:
        connection.send(put("/k", (name, "TRUE")))
        assert connection.last_sent == put("/k", (name, "true"))


@pytest.mark.server
@pytest.mark.agreement
def test_a_document_of_boto3s_says_the_same() -> None:
    rules = [RuleText(sse_algorithm="aws:kms", kms_key_id="k", bucket_key_enabled="true")]
    document = write_configuration(rules)
    request = HttpRequest("PUT", bucket="s3sse-b", query=(("encryption", ""),), body=document)
    toy = ToyS3()
    with serve(toy) as server, boto3_to(server.url) as connection:
        connection.send(request)
        sent = connection.last_sent
        assert connection.sent_raw == 0
    assert sent is not None
    assert without_the_sdks(toy.last) == sent
    typed = wire.parse(sent)
    assert typed.operation == "PutBucketEncryption"
    assert getattr(typed, "configuration", None) == getattr(
        wire.parse(request), "configuration", document
    )
    # A document has to come with a checksum, which boto3 adds.
    assert [name for name, _ in sent.headers if "checksum" in name]


@pytest.mark.server
@pytest.mark.parametrize("right", [True, False])
def test_the_md5_of_a_document_that_boto3_writes_anew_is_left_to_it(right: bool) -> None:
    document = write_update(UpdateText(kms_key_arn="arn:aws:kms:us-east-1:1:key/k"))
    md5 = md5_base64(document if right else b"other data")
    request = HttpRequest(
        "PUT",
        bucket="s3sse-b",
        path="/k",
        query=(("encryption", ""),),
        headers=(("content-md5", md5),),
        body=document,
    )
    with serve(ToyS3()) as server, boto3_to(server.url) as connection:
        connection.send(request)
        sent = connection.last_sent
        assert connection.sent_raw == 0
    assert sent is not None
    assert ("content-md5" in dict(sent.headers)) is not right
    assert right or dict(sent.headers)["content-md5"] == md5


@pytest.mark.server
def test_a_list_is_sent_as_one_header() -> None:
    asked = ("x-amz-object-attributes", "ETag,ObjectSize")
    query = (("attributes", ""),)
    request = HttpRequest("GET", bucket="s3sse-b", path="/k", query=query, headers=(asked,))
    with serve(ToyS3()) as server, boto3_to(server.url) as connection:
        connection.send(request)
        assert connection.last_sent == request
        assert connection.sent_raw == 0


@pytest.mark.server
def test_kms_is_asked_through_boto3_too() -> None:
    seen: list[HttpRequest] = []

    def handler(request: HttpRequest, secure: bool) -> HttpResponse:
        del secure
        seen.append(request)
        return HttpResponse(400, (("content-type", "application/x-amz-json-1.1"),), b"{}")

    given = HttpRequest(
        "POST",
        service="kms",
        headers=(
            ("x-amz-target", "TrentService.ScheduleKeyDeletion"),
            ("content-type", "application/x-amz-json-1.1"),
        ),
        body=b'{"KeyId": "k", "PendingWindowInDays": 7}',
    )
    with serve(handler) as server, boto3_to(server.url, kms_url=server.url) as connection:
        assert connection.send(given).status == 400
        assert connection.sent_raw == 0
        assert connection.last_sent == without_the_sdks(seen[0])
    assert wire.parse(seen[0]) == wire.parse(given)


LEFT = {
    "no operation of the model": HttpRequest("GET"),
    "a header that the operation has not": put("/k", ("x-amz-grant-read", "id=x")),
    "a header that boto3 has not": HttpRequest(
        "GET",
        bucket="s3sse-b",
        path="/k",
        headers=(("x-amz-server-side-encryption", "AES256"),),
    ),
    "a query that the operation has not": replace(put(), query=(("x-id", "PutObject"),)),
    "a document of another form": HttpRequest(
        "PUT", bucket="s3sse-b", query=(("encryption", ""),), body=b"<a/>"
    ),
    "a name that is none": HttpRequest("PUT", bucket="no name", path="/k"),
    "metadata beyond ASCII": put("/k", ("x-amz-meta-a", "Å")),
    "presigned": replace(put(), auth=Auth.PRESIGNED),
    "anonymous": replace(put(), auth=Auth.ANONYMOUS),
}


@pytest.mark.server
@pytest.mark.parametrize("kind", LEFT)
def test_what_boto3_cannot_say_goes_as_it_is(kind: str) -> None:
    toy = ToyS3()
    with serve(toy) as server, boto3_to(server.url) as connection:
        connection.send(put())
        connection.send(LEFT[kind])
        assert connection.last_sent is None
        assert connection.sent_raw == 1
    assert toy.last == LEFT[kind]


@pytest.mark.server
def test_an_answer_is_taken_as_it_came_and_nothing_is_sent_again() -> None:
    redirect = (
        b"HTTP/1.1 301 X\r\nLocation: http://127.0.0.1:1/\r\nX-Amz-Bucket-Region: eu-west-1\r\n"
        b"Content-Length: 4\r\n\r\n<a/>"
    )
    broken = (
        b"HTTP/1.1 200 OK\r\nX-Amz-Meta-A: \xc3\x85\r\nx-amz-meta-a: 2\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\n<Er\r\n0\r\n\r\n"
    )
    failed = b"HTTP/1.1 503 Slow Down\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
    get = HttpRequest("GET", bucket="s3sse-b", path="/k")
    with (
        raw_server(redirect, broken, failed) as server,
        boto3_to(server.url) as connection,
    ):
        moved = connection.send(get)
        assert (moved.status, moved.body) == (301, b"<a/>")
        read = connection.send(HttpRequest("GET", bucket="s3sse-b", query=(("encryption", ""),)))
        assert read.headers[:2] == (("x-amz-meta-a", "Å"), ("x-amz-meta-a", "2"))
        assert (read.status, read.body) == (200, b"<Er")
        assert connection.send(get).status == 503
        assert len(server.received) == 3
        assert connection.sent_raw == 0


@pytest.mark.server
def test_no_answer_and_nothing_sent_are_told_apart() -> None:
    with (
        raw_server(hang_up_after(b"HTTP/1.1 200 OK\r\nContent-Le"), OK) as server,
        boto3_to(server.url) as connection,
    ):
        with pytest.raises(NoAnswer, match=r"PUT http://127\.0\.0\.1:\d+/s3sse-b/k: .*broke off"):
            connection.send(put())
        assert last_sent(connection) is not None
        assert connection.send(put()).body == b"ok"
        assert len(server.received) == 2
    with reserved_ports(1) as (port,):
        pass
    with (
        boto3_to(f"http://127.0.0.1:{port}") as connection,
        pytest.raises(NotSent, match="refused"),
    ):
        connection.send(put())


@pytest.mark.server
def test_of_a_body_that_breaks_off_there_is_what_came() -> None:
    cut = hang_up_after(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
    with raw_server(cut, OK) as server, boto3_to(server.url) as connection:
        got = connection.send(HttpRequest("GET", bucket="s3sse-b", path="/k"))
        assert (got.status, got.body, got.ended) == (200, b"abc", BodyEnd.BROKEN_OFF)
        assert connection.send(put()).body == b"ok"
        assert connection.sent_raw == 0


@pytest.mark.server
def test_the_bytes_are_those_of_an_sdk() -> None:
    with raw_server() as server, boto3_to(server.url) as connection:
        connection.send(put("/k", ("x-amz-server-side-encryption", "AES256")))
    lines = server.received[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert lines[0] == b"PUT /s3sse-b/k HTTP/1.1"
    names = [line.partition(b":")[0] for line in lines[1:]]
    assert names[:2] == [b"Host", b"Accept-Encoding"]
    assert {b"User-Agent", b"Authorization", b"X-Amz-Date", b"Content-Length"} <= set(names)
    assert len(names) == len({name.lower() for name in names})


@pytest.mark.server
def test_over_tls_with_virtual_addressing(tmp_path: Path) -> None:
    toy = ToyS3(buckets={"s3sse-b": {}})
    certificate = make_certificate(tmp_path)
    with serve(toy, tls=certificate) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        endpoint = Endpoint(url=url, addressing="virtual")
        raw = HttpConnection(endpoint, LOCAL_CREDENTIALS, verify=False)
        with Boto3Connection(raw, LOCAL_CREDENTIALS) as connection:
            assert connection.send(put()).status == 200
            sent = connection.last_sent
            assert connection.sent_raw == 0
    assert sent is not None
    assert (sent.bucket, sent.path) == ("s3sse-b", "/k")
    assert without_the_sdks(toy.last) == sent


@pytest.mark.server
def test_credentials_are_those_of_the_moment() -> None:
    current = [Credentials("first", "s"), Credentials("second", "s", "sts-token")]
    with raw_server() as server:
        raw = HttpConnection(Endpoint(url=server.url), lambda: current[0])
        with Boto3Connection(raw, lambda: current[0]) as connection:
            connection.send(put())
            current.pop(0)
            connection.send(put())
    first, second = server.received
    assert b"Credential=first/" in first
    assert b"Credential=second/" in second
    assert b"X-Amz-Security-Token: sts-token" in second


@pytest.mark.server
def test_the_users_configuration_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "missing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_supported")
    with raw_server() as server, boto3_to(server.url) as connection:
        assert connection.send(put()).body == b"ok"
        assert connection.last_sent == put()


@pytest.mark.server
def test_a_session_signs_what_boto3_makes() -> None:
    request = HttpRequest("PUT", bucket=BUCKET, path="/k", headers=token(1), body=b"x")
    directory = DirectoryS3()
    with serve(directory) as server, boto3_to(server.url) as connection:
        connection.send(CREATE_SESSION)
        connection.sent_raw = 0
        connection.send(request)
        connection.send(replace(request, headers=token(2)))
        assert connection.sent_raw == 0
    assert [without_the_sdks(one) for one in directory.seen] == [
        CREATE_SESSION,
        request,
        replace(request, headers=token(2)),
    ]


@pytest.mark.server
def test_a_session_signs_with_its_own_credentials() -> None:
    session = DirectoryS3()(CREATE_SESSION, secure=False).body
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(session), session)
    request = HttpRequest("PUT", bucket=BUCKET, path="/k", headers=token(1), body=b"x")
    with raw_server(answer, OK, OK) as server, boto3_to(server.url) as connection:
        connection.send(CREATE_SESSION)
        connection.send(request)
        connection.send(replace(request, headers=token(2)))
    _, known, unknown = server.received
    assert b"Credential=id-1/" in known
    assert b"/s3express/aws4_request" in known
    assert b"x-amz-s3session-token, Signature" in known
    assert b"X-Amz-Security-Token" not in known
    assert f"Credential={LOCAL_CREDENTIALS.access_key}/".encode() in unknown


AWS_REQUESTS = [
    HttpRequest("PUT", bucket=BUCKET, path="/a%20b"),
    HttpRequest("PUT", bucket=BUCKET),
    HttpRequest("DELETE", bucket=BUCKET),
    HttpRequest("GET", bucket=BUCKET, query=(("encryption", ""),)),
    HttpRequest("HEAD", bucket=BUCKET, path="/k", headers=token(1)),
    put("/a%20b"),
    HttpRequest("GET", bucket="s3sse-b", query=(("encryption", ""),)),
]


@pytest.mark.agreement
@pytest.mark.parametrize("request_", AWS_REQUESTS)
@pytest.mark.parametrize("addressing", ["path", "virtual"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-north-1"])
def test_on_aws_both_clients_go_to_the_same_place(
    request_: HttpRequest, addressing: str, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Origin, str, bytes]] = []

    def keep(origin: Origin, exact: ExactRequest, body: bytes) -> HttpResponse:
        del body
        scope = exact.head.partition(b"Credential=")[2].partition(b",")[0]
        seen.append((origin, exact.where, scope))
        return HttpResponse(200)

    endpoint = Endpoint(
        url=f"https://s3.{region}.amazonaws.com", region=region, addressing=addressing
    )
    raw = HttpConnection(endpoint, LOCAL_CREDENTIALS)
    monkeypatch.setattr(raw, "exchange", keep)
    with Boto3Connection(raw, LOCAL_CREDENTIALS) as connection:
        connection.send(request_)
        assert connection.sent_raw == 0
        raw.send(request_)
        assert connection.last_sent is not None
        assert wire.parse(connection.last_sent) == wire.parse(request_)
    assert seen[0] == seen[1]


def test_a_client_is_chosen_in_one_place() -> None:
    endpoint = started_endpoint("http://127.0.0.1:1", TargetOptions(), server="x")
    assert endpoint.sse_c_over_http
    with open_started(endpoint, TargetOptions()) as raw:
        assert isinstance(raw, HttpConnection)
        assert raw.endpoint == endpoint
        assert last_sent(raw) is None
    with open_started(endpoint, TargetOptions(client="boto3")) as second:
        assert isinstance(second, Boto3Connection)
        assert CLIENT in second.endpoint.notes[-1]
    with pytest.raises(TargetMisconfigured, match="use raw or boto3"):
        open_connection(endpoint, LOCAL_CREDENTIALS, TargetOptions(client="curl"))
