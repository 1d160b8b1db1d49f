"""A directory bucket's requests are signed by the session whose token they carry."""

from __future__ import annotations

import pytest

from model.messages import Auth, HttpRequest, HttpResponse
from targets.credentials import Credentials
from targets.endpoint import HttpConnection
from targets.exact_http import ExactRequest, Origin
from targets.serving import serve
from targets.sessions import Sessions
from targets.target import Endpoint
from targets.tests.directory_s3 import BUCKET, CREATE_SESSION, DirectoryS3, session_answer, token
from targets.tests.raw_server import OK, raw_server

ORDINARY = Credentials("ordinary", "secret", "sts-token")


def wire_answer(number: int) -> bytes:
    body = session_answer(number).body
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def head_of(request: bytes) -> dict[str, str]:
    line, *lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return {"line": line, **dict(one.split(": ", 1) for one in lines)}


@pytest.mark.server
def test_the_sessions_own_credentials_sign_what_carries_its_token() -> None:
    put = HttpRequest("PUT", bucket=BUCKET, path="/k", headers=token(1), body=b"x")
    requests = (
        CREATE_SESSION,
        put,
        HttpRequest("PUT", bucket=BUCKET, path="/k", headers=token(9)),
        HttpRequest("PUT", bucket="b", path="/k", headers=token(1)),
        HttpRequest("HEAD", bucket=BUCKET, path="/k"),
    )
    with (
        raw_server(wire_answer(1), *[OK] * 4) as server,
        HttpConnection(Endpoint(url=server.url), ORDINARY) as connection,
    ):
        for request in requests:
            connection.send(request)
    create, used, unknown, elsewhere, plain = (head_of(one) for one in server.received)
    assert create["line"] == f"GET /{BUCKET}?session HTTP/1.1"
    assert used["line"] == f"PUT /{BUCKET}/k HTTP/1.1"
    assert used["x-amz-s3session-token"] == "token/1&="
    assert "x-amz-security-token" not in used
    assert "x-amz-s3session-token" in used["authorization"]
    assert used["authorization"].startswith("AWS4-HMAC-SHA256 Credential=id-1/")
    assert "/s3express/aws4_request" in used["authorization"]
    for one in (create, unknown, plain):
        assert one["x-amz-security-token"] == "sts-token"
        assert "Credential=ordinary/" in one["authorization"]
        assert "/s3express/aws4_request" in one["authorization"]
    assert "/s3/aws4_request" in elsewhere["authorization"]
    assert "Credential=ordinary/" in elsewhere["authorization"]


@pytest.mark.server
@pytest.mark.parametrize("auth", [Auth.PRESIGNED, Auth.PRESIGNED_HEADERS_UNSIGNED, Auth.ANONYMOUS])
def test_a_token_reaches_the_server_however_a_request_is_signed(auth: Auth) -> None:
    directory = DirectoryS3()
    headers = (("x-amz-meta-a", "b"), *token(1))
    request = HttpRequest("PUT", bucket=BUCKET, path="/k", headers=headers, auth=auth)
    with serve(directory) as server:
        endpoint = Endpoint(url=server.url)
        with HttpConnection(endpoint, ORDINARY) as connection:
            connection.send(CREATE_SESSION)
            connection.send(request)
    assert directory.seen == [CREATE_SESSION, request]


@pytest.mark.server
def test_a_presigned_request_has_its_sessions_token_in_the_query() -> None:
    request = HttpRequest("GET", bucket=BUCKET, path="/k", headers=token(1), auth=Auth.PRESIGNED)
    with (
        raw_server(wire_answer(1), OK) as server,
        HttpConnection(Endpoint(url=server.url), ORDINARY) as connection,
    ):
        connection.send(CREATE_SESSION)
        connection.send(request)
    head = head_of(server.received[1])
    assert "&X-Amz-S3session-Token=token%2F1%26%3D&" in head["line"]
    assert "X-Amz-Credential=id-1%2F" in head["line"]
    assert "Security-Token" not in head["line"]
    assert "x-amz-s3session-token" not in head


def learned(*answers: HttpResponse, request: HttpRequest = CREATE_SESSION) -> Sessions:
    sessions = Sessions(limit=2)
    for answer in answers:
        sessions.learn(request, answer)
    return sessions


def known(sessions: Sessions) -> list[int]:
    asked = (HttpRequest("GET", bucket=BUCKET, headers=token(number)) for number in range(5))
    return [number for number, one in enumerate(asked) if sessions.of(one) is not None]


def test_only_the_latest_sessions_are_remembered() -> None:
    answers = [session_answer(number) for number in (1, 2, 3)]
    assert known(learned(*answers)) == [2, 3]
    assert known(learned(answers[0], answers[1], answers[0], answers[2])) == [1, 3]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a",
        b"<CreateSessionResult/>",
        b"<CreateSessionResult><Credentials/></CreateSessionResult>",
        session_answer(1).body.replace(b"secret-1", b""),
    ],
)
def test_an_answer_without_credentials_gives_none(body: bytes) -> None:
    assert known(learned(HttpResponse(200, (), body))) == []


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("GET", bucket="b", query=(("session", ""),)),
        HttpRequest("GET", bucket=BUCKET, path="/k"),
        HttpRequest("PUT", bucket=BUCKET, query=(("session", ""),)),
    ],
)
def test_only_create_session_is_listened_to(request_: HttpRequest) -> None:
    assert known(learned(session_answer(1), request=request_)) == []
    refused = HttpResponse(403, (), session_answer(1).body)
    assert known(learned(refused)) == []


def test_the_secrets_of_a_session_are_not_shown() -> None:
    found = learned(session_answer(1)).of(HttpRequest("GET", bucket=BUCKET, headers=token(1)))
    assert found == Credentials("id-1", "secret-1", "token/1&=")
    assert "secret-1" not in repr(found)


def test_on_aws_a_directory_bucket_has_its_own_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[Origin, bytes]] = []

    def refuse(origin: Origin, exact: ExactRequest, body: bytes) -> HttpResponse:
        del body
        seen.append((origin, exact.head))
        return HttpResponse(200)

    for addressing in ("path", "virtual"):
        endpoint = Endpoint(
            url="https://s3.eu-north-1.amazonaws.com", region="eu-north-1", addressing=addressing
        )
        with HttpConnection(endpoint, ORDINARY) as connection:
            monkeypatch.setattr(connection, "exchange", refuse)
            connection.send(HttpRequest("PUT", bucket=BUCKET, path="/a/b"))
            connection.send(HttpRequest("PUT", bucket=BUCKET, query=(("encryption", ""),)))
    zone = f"{BUCKET}.s3express-use1-az4.eu-north-1.amazonaws.com"
    control = "s3express-control.eu-north-1.amazonaws.com"
    assert [origin for origin, _ in seen] == 2 * [
        Origin("https", zone, 443),
        Origin("https", control, 443),
    ]
    lines = [head.split(b"\r\n")[:2] for _, head in seen]
    assert lines == 2 * [
        [b"PUT /a/b HTTP/1.1", f"host: {zone}".encode()],
        [f"PUT /{BUCKET}?encryption HTTP/1.1".encode(), f"host: {control}".encode()],
    ]
