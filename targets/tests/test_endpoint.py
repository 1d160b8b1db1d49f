"""What goes over the wire, byte for byte, and what is made of the ways in which it can fail."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from model.messages import BodyEnd, HttpRequest, HttpResponse
from targets.certificates import make_certificate
from targets.credentials import LOCAL_CREDENTIALS, Credentials
from targets.endpoint import HttpConnection
from targets.errors import TargetMisconfigured
from targets.process import reserved_ports
from targets.serving import serve
from targets.target import Endpoint, NoAnswer, NotSent, while_waiting
from targets.tests.raw_server import OK, hang_up_after, raw_server, reset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def connection_to(url: str, **options: float) -> HttpConnection:
    return HttpConnection(Endpoint(url=url), LOCAL_CREDENTIALS, **options)  # type: ignore[arg-type]


def lines_of(request: bytes) -> list[bytes]:
    return request.partition(b"\r\n\r\n")[0].split(b"\r\n")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "//a//b/",
        "/./a/../b",
        "/a/..",
        "/%2F%2f",
        "/%7E~%7e",
        "/%C3%85",
        "/a%20b+c",
        "/a;b=c:d@e!f$g&h'i(j)k*l,m",
        '/"<>[]^`{|}\\',
        "/%zz%",
        "/a#b",
    ],
)
@pytest.mark.server
def test_a_path_goes_out_byte_for_byte(path: str) -> None:
    with raw_server() as server, connection_to(server.url) as connection:
        connection.send(HttpRequest("GET", path=path))
        connection.send(HttpRequest("GET", bucket="b", path=path, query=(("versionId", "a b"),)))
    expected = "/b" if path == "/" else f"/b{path}"
    assert lines_of(server.received[0])[0] == f"GET {path} HTTP/1.1".encode()
    assert lines_of(server.received[1])[0] == f"GET {expected}?versionId=a%20b HTTP/1.1".encode()


@pytest.mark.server
def test_headers_go_out_as_given_with_only_the_connections_own_added() -> None:
    given = (
        ("x-amz-meta-b", "  blanks \t and\ttabs  "),
        ("x-amz-meta-empty", ""),
        ("x-amz-meta-b", "again"),
        ("x-amz-meta-utf8", "Åé\u2028"),
        ("x-amz-server-side-encryption", "aws:kms:\u00e4"),
    )
    with raw_server() as server, connection_to(server.url) as connection:
        connection.send(HttpRequest("PUT", bucket="b", path="/k", headers=given, body=b"abc"))
    lines = lines_of(server.received[0])
    assert lines[1] == f"host: 127.0.0.1:{server.port}".encode()
    assert lines[2:7] == [f"{name}: {value}".encode() for name, value in given]
    assert [line.partition(b":")[0] for line in lines[7:]] == [
        b"x-amz-date",
        b"x-amz-content-sha256",
        b"authorization",
        b"accept-encoding",
        b"content-length",
    ]
    assert lines[-2:] == [b"accept-encoding: identity", b"content-length: 3"]
    assert server.received[0].endswith(b"\r\n\r\nabc")


@pytest.mark.server
def test_a_token_and_an_own_accept_encoding_go_out() -> None:
    with (
        raw_server() as server,
        HttpConnection(Endpoint(url=server.url), lambda: Credentials("a", "b", "t")) as connection,
    ):
        connection.send(HttpRequest("DELETE", headers=(("accept-encoding", "gzip"),)))
    lines = lines_of(server.received[0])
    assert b"x-amz-security-token: t" in lines
    assert [line for line in lines if line.startswith(b"accept-encoding")] == [
        b"accept-encoding: gzip"
    ]
    assert not any(line.startswith(b"content-length") for line in lines)


@pytest.mark.server
def test_a_query_keeps_its_order_and_bare_names() -> None:
    query = (("uploads", ""), ("b", "1"), ("a", "x/y=&+"), ("b", "0"))
    with raw_server() as server, connection_to(server.url) as connection:
        connection.send(HttpRequest("POST", bucket="b", query=query))
    assert lines_of(server.received[0])[0] == b"POST /b?uploads&b=1&a=x%2Fy%3D%26%2B&b=0 HTTP/1.1"


@pytest.mark.server
def test_a_connection_is_kept_alive_and_a_closed_one_is_noticed() -> None:
    with raw_server(OK, hang_up_after(OK), OK) as server, connection_to(server.url) as connection:
        for _ in range(2):
            assert connection.send(HttpRequest("GET")).body == b"ok"
        assert server.connections == 1
        time.sleep(0.05)
        assert connection.send(HttpRequest("GET")).body == b"ok"
    assert server.connections == 2


@pytest.mark.server
def test_work_is_done_once_while_an_answer_is_awaited() -> None:
    seen: list[int] = []
    with raw_server() as server, connection_to(server.url) as connection:
        while_waiting(connection, lambda: seen.append(1))
        assert connection.send(HttpRequest("GET")).status == 200
        assert connection.send(HttpRequest("GET")).status == 200
    assert seen == [1]


@pytest.mark.server
def test_an_answer_is_returned_as_it_came() -> None:
    raw = (
        b"HTTP/1.1 100 Continue\r\n\r\n"
        b"HTTP/1.1 500 \r\nX-Amz-Meta-A:  \xc3\x85 \r\nx-amz-meta-b: \xff\r\nEmpty:\r\n"
        b"X-AMZ-META-A: 2\r\n"
        b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
    )
    with raw_server(raw) as server, connection_to(server.url) as connection:
        assert connection.send(HttpRequest("GET")) == HttpResponse(
            500,
            (
                ("x-amz-meta-a", "Å"),
                ("x-amz-meta-b", "ÿ"),
                ("empty", ""),
                ("x-amz-meta-a", "2"),
                ("content-encoding", "gzip"),
                ("transfer-encoding", "chunked"),
            ),
            b"abcde",
        )
        assert connection.send(HttpRequest("GET")).status == 200
    assert server.connections == 1


@pytest.mark.server
def test_bodiless_and_open_ended_answers_are_read_to_their_end() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
    redirect = b"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    open_end = hang_up_after(b"HTTP/1.1 200 OK\r\n\r\nuntil the end")
    with (
        raw_server(head, b"HTTP/1.1 204 No Content\r\n\r\n", redirect, open_end) as server,
        connection_to(server.url) as connection,
    ):
        assert connection.send(HttpRequest("HEAD")).header("content-length") == "9"
        assert connection.send(HttpRequest("DELETE")).status == 204
        assert connection.send(HttpRequest("GET")).status == 307
        assert connection.send(HttpRequest("GET")).body == b"until the end"
    assert server.connections == 1


BROKEN: dict[str, bytes | Callable[[socket.socket], None]] = {
    "reset": reset,
    "closed": hang_up_after(b""),
    "truncated head": hang_up_after(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "head without its end": hang_up_after(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"),
    "garbage": b"\x16\x03\x01 what is this\r\n\r\n",
    "bad status": b"HTTP/1.1 2x0 OK\r\n\r\n",
    "other protocol": b"HTTP/2.0 200 OK\r\n\r\n",
    "bad header": b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
    "bad length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "unknown coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 1000,
    "announced too long": b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\nab",
    "too long": hang_up_after(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 9999),
    "too long in chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"400\r\n" + b"x" * 1024 + b"\r\n400\r\n" + b"x" * 1024 + b"\r\n0\r\n\r\n",
    "silent": lambda _: time.sleep(0.4),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.server
def test_a_broken_answer_is_no_answer_and_the_next_request_works(kind: str) -> None:
    with (
        raw_server(BROKEN[kind], OK) as server,
        connection_to(server.url, timeout=0.3, max_response_bytes=1024) as connection,
    ):
        with pytest.raises(NoAnswer, match=r"PUT http://127\.0\.0\.1:\d+/b/k: .") as caught:
            connection.send(HttpRequest("PUT", bucket="b", path="/k", body=b"x"))
        assert "\n" not in str(caught.value)
        assert len(server.received) == 1
        assert connection.send(HttpRequest("GET")).body == b"ok"


LENGTH = b"HTTP/1.1 206 OK\r\nContent-Length: 9\r\n\r\n"
CHUNKED = b"HTTP/1.1 206 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def reset_after(data: bytes) -> Callable[[socket.socket], None]:
    def play(connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(0.05)
        reset(connection)

    return play


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (hang_up_after(LENGTH), b""),
        (hang_up_after(LENGTH + b"abc"), b"abc"),
        (reset_after(LENGTH + b"abc"), b"abc"),
        (LENGTH + b"abc", b"abc"),  # and nothing more
        (hang_up_after(CHUNKED), b""),
        (hang_up_after(CHUNKED + b"9\r\nabc"), b"abc"),
        (hang_up_after(CHUNKED + b"3\r\nabc\r\n"), b"abc"),
        (CHUNKED + b"3\r\nabc\r\nzz\r\n", b"abc"),
    ],
)
@pytest.mark.server
def test_of_a_body_that_breaks_off_there_is_what_came(
    answer: bytes | Callable[[socket.socket], None], came: bytes
) -> None:
    with raw_server(answer, OK) as server, connection_to(server.url, timeout=0.3) as connection:
        got = connection.send(HttpRequest("GET", bucket="b", path="/k"))
        assert (got.status, got.body, got.ended) == (206, came, BodyEnd.BROKEN_OFF)
        assert len(got.headers) == 1
        assert len(server.received) == 1
        assert connection.send(HttpRequest("GET")) == HttpResponse(200, LENGTH_2, b"ok")
    assert server.connections == 2


LENGTH_2 = (("content-length", "2"),)
WHOLE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"


@pytest.mark.parametrize("head", [OK, WHOLE])
@pytest.mark.parametrize(
    ("surplus", "ended"),
    [
        (b"\0" * 16, BodyEnd.OVERRUN),
        (b"x" * 100_000, BodyEnd.OVERRUN),
        (b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n", BodyEnd.AS_ANNOUNCED),
        (b"\r\n", BodyEnd.AS_ANNOUNCED),
    ],
)
@pytest.mark.server
def test_what_comes_behind_a_body_is_no_answer_to_the_next_request(
    head: bytes, surplus: bytes, ended: BodyEnd
) -> None:
    with raw_server(head + surplus, OK) as server, connection_to(server.url) as connection:
        got = connection.send(HttpRequest("GET"))
        assert (got.body, got.ended) == (b"ok", ended)
        assert connection.send(HttpRequest("GET")) == HttpResponse(200, LENGTH_2, b"ok")


@pytest.mark.server
def test_what_comes_late_behind_a_body_is_no_answer_to_the_next_request() -> None:
    def in_two(connection: socket.socket) -> None:
        connection.sendall(OK)
        time.sleep(0.1)
        connection.sendall(b"x" * 100)
        time.sleep(0.3)

    with raw_server(in_two, OK) as server, connection_to(server.url) as connection:
        assert connection.send(HttpRequest("GET")).ended is BodyEnd.AS_ANNOUNCED
        time.sleep(0.2)
        assert connection.send(HttpRequest("GET")).body == b"ok"
    assert server.connections == 2


@pytest.mark.server
def test_a_body_behind_the_head_that_was_asked_for_is_no_answer_to_the_next_request() -> None:
    with raw_server(OK, OK) as server, connection_to(server.url) as connection:
        got = connection.send(HttpRequest("HEAD"))
        assert (got.status, got.body) == (200, b"")
        assert connection.send(HttpRequest("GET")).body == b"ok"
    assert server.connections == 2


@pytest.mark.server
def test_bodies_that_do_not_end_as_announced_come_over_tls_too(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    ways = [BodyEnd.OVERRUN, BodyEnd.AS_ANNOUNCED, BodyEnd.BROKEN_OFF, BodyEnd.AS_ANNOUNCED]
    headers = {BodyEnd.OVERRUN: "2", BodyEnd.BROKEN_OFF: "9", BodyEnd.AS_ANNOUNCED: "2"}
    left = iter(ways)

    def answer(_: HttpRequest, secure: bool) -> HttpResponse:
        assert secure
        ended = next(left)
        return HttpResponse(200, (("content-length", headers[ended]),), b"ok", ended)

    with serve(answer, tls=certificate) as server:
        endpoint = Endpoint(url=server.url)
        with HttpConnection(endpoint, LOCAL_CREDENTIALS, ca_bundle=certificate[0]) as connection:
            got = [connection.send(HttpRequest("GET")) for _ in ways]
    assert [one.ended for one in got] == ways
    assert {one.body for one in got} == {b"ok"}


@pytest.mark.server
@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nx-amz-id-2: "])
def test_a_head_that_arrives_in_drops_is_given_up(begun: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(begun)
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.05)

    with (
        raw_server(drip) as server,
        connection_to(server.url, timeout=0.1) as connection,
        pytest.raises(NoAnswer, match="the head of the answer took longer than 1 s"),
    ):
        connection.send(HttpRequest("GET"))


@pytest.mark.server
def test_a_body_that_arrives_in_drops_is_given_up() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)

    with (
        raw_server(drip) as server,
        connection_to(server.url, timeout=0.1) as connection,
        pytest.raises(NoAnswer, match="took longer than 1 s"),
    ):
        connection.send(HttpRequest("GET"))


@pytest.mark.server
def test_an_answer_before_the_end_of_the_request_is_read() -> None:
    request = HttpRequest("PUT", bucket="b", path="/k", body=bytes(4_000_000))
    with (
        serve(lambda *_: HttpResponse(200), body_limit=1000) as server,
        connection_to(server.url) as connection,
    ):
        assert connection.send(request).status == 413
        assert connection.send(HttpRequest("GET")).status == 200


@pytest.mark.server
def test_an_ipv6_address_is_reached() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    with (
        serve(lambda *_: HttpResponse(200), host="::1") as server,
        connection_to(server.url) as connection,
    ):
        assert server.url.startswith("http://[::1]:")
        assert connection.send(HttpRequest("GET")).status == 200


@pytest.mark.server
def test_a_large_body_goes_and_comes_whole() -> None:
    body = bytes(range(256)) * 8192
    request = HttpRequest("PUT", bucket="b", path="/k", body=body)
    with (
        serve(lambda request, _: HttpResponse(200, (), request.body)) as server,
        connection_to(server.url) as connection,
    ):
        assert connection.send(request).body == body


def test_where_nothing_listens_nothing_was_sent() -> None:
    with reserved_ports(1) as (port,):
        pass
    with (
        connection_to(f"http://127.0.0.1:{port}") as connection,
        pytest.raises(NotSent, match="ef"),
    ):
        connection.send(HttpRequest("GET"))


def test_a_name_that_does_not_resolve_means_that_nothing_was_sent() -> None:
    with connection_to("http://name.invalid") as connection, pytest.raises(NotSent, match="name"):
        connection.send(HttpRequest("GET"))


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("GET", path="/a b"),
        HttpRequest("GET", path="/å"),
        HttpRequest("G ET"),
        HttpRequest("GET", headers=(("x-amz-meta-a", "a\r\nb: c"),)),
        HttpRequest("GET", headers=(("x-amz-meta-a", "a\n b"),)),
        HttpRequest("GET", headers=(("x-amz-meta-a", "a\0"),)),
        HttpRequest("GET", headers=(("bad name", "a"),)),
        HttpRequest("GET", headers=(("x-amz-meta-a", "\ud800"),)),
        HttpRequest("GET", query=(("a", "\ud800"),)),
        HttpRequest("POST", service="kms"),
    ],
)
@pytest.mark.server
def test_what_http_cannot_carry_is_not_sent(request_: HttpRequest) -> None:
    with raw_server() as server, connection_to(server.url) as connection:
        with pytest.raises(NotSent):
            connection.send(request_)
        assert connection.send(HttpRequest("GET")).status == 200
    assert len(server.received) == 1


def test_a_header_that_is_the_connections_own_is_a_mistake() -> None:
    with (
        connection_to("http://127.0.0.1:1") as connection,
        pytest.raises(ValueError, match="'host' is set by the connection"),
    ):
        connection.send(HttpRequest("GET", headers=(("host", "x"),)))


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:9000", "ftp://x", "http://", "http://h:x", "http://a:b@h", "http://h/?q"],
)
def test_an_endpoint_that_is_no_url_is_misconfigured(url: str) -> None:
    with pytest.raises(TargetMisconfigured, match="is no address of a server"):
        connection_to(url)


def test_an_unknown_addressing_is_misconfigured() -> None:
    with pytest.raises(TargetMisconfigured, match="'sideways'"):
        HttpConnection(Endpoint(url="http://h", addressing="sideways"), LOCAL_CREDENTIALS)


@pytest.mark.server
def test_virtual_addressing_puts_the_bucket_into_the_host() -> None:
    with raw_server() as server:
        endpoint = Endpoint(url=server.url, addressing="virtual")
        with HttpConnection(endpoint, LOCAL_CREDENTIALS) as connection:
            connection.send(HttpRequest("PUT", bucket="b.c", path="//k"))
            connection.send(HttpRequest("GET", bucket="b", query=(("encryption", ""),)))
            connection.send(HttpRequest("GET"))
            connection.send(HttpRequest("GET", bucket="no host/name", path="/k"))
    host = f"127.0.0.1:{server.port}"
    assert [lines_of(request)[:2] for request in server.received] == [
        [b"PUT //k HTTP/1.1", f"host: b.c.{host}".encode()],
        [b"GET /?encryption HTTP/1.1", f"host: b.{host}".encode()],
        [b"GET / HTTP/1.1", f"host: {host}".encode()],
        [b"GET /no%20host%2Fname/k HTTP/1.1", f"host: {host}".encode()],
    ]
    assert server.connections == 1


@pytest.mark.server
def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with raw_server() as server, connection_to(server.url) as connection:
        assert connection.send(HttpRequest("GET")).status == 200


@pytest.mark.server
def test_tls_is_verified_unless_waived(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    request = HttpRequest("PUT", bucket="b", path="/k", body=b"x")
    with serve(lambda _, secure: HttpResponse(200, (), str(secure).encode()), tls=certificate) as s:
        endpoint = Endpoint(url=s.url, addressing="virtual")
        with HttpConnection(endpoint, LOCAL_CREDENTIALS, ca_bundle=certificate[0]) as connection:
            assert [connection.send(request).body for _ in range(2)] == [b"True", b"True"]
        with HttpConnection(endpoint, LOCAL_CREDENTIALS, verify=False) as connection:
            assert connection.send(request).body == b"True"
        with (
            HttpConnection(endpoint, LOCAL_CREDENTIALS) as connection,
            pytest.raises(NotSent, match="self-signed certificate"),
        ):
            connection.send(request)
        plain = s.url.replace("https", "http")
        with connection_to(plain) as connection, pytest.raises(NoAnswer):
            connection.send(request)


def test_a_missing_ca_bundle_is_misconfigured(tmp_path: Path) -> None:
    with pytest.raises(TargetMisconfigured, match=r"missing\.pem"):
        HttpConnection(
            Endpoint(url="https://h"), LOCAL_CREDENTIALS, ca_bundle=tmp_path / "missing.pem"
        )


def test_secrets_are_not_shown() -> None:
    assert "hidden" not in repr(Credentials("a", "hidden", "hidden"))
