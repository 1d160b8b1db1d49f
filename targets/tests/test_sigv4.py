"""Our quicker way to a signature and botocore's own come to the same."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from targets.credentials import Credentials
from targets.sigv4 import Signer, canonical_request, render_query

NOW = datetime(2026, 11, 23, 23, 59, 58, tzinfo=UTC)
TEXTS = ("", "a", "  b  c ", "\td\te", "x=y&z", "Åé", "a,b", "/p//q", "~-_.", "+ %2F")


def draw_pairs(source: random.Random, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((source.choice(names), source.choice(TEXTS)) for _ in range(source.randrange(6)))


@pytest.mark.agreement
@pytest.mark.parametrize("service", ["s3", "kms"])
def test_every_signature_equals_botocores(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(service)  # noqa: S311 - examples, not secrets
    clock = [NOW]
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: clock[0])
    signers = {
        token: Signer(
            lambda token=token: Credentials("AK", "SK", token),  # type: ignore[misc]
            service,
            "eu-west-1",
            now=lambda: clock[0],
        )
        for token in (None, "token")
    }
    for _ in range(400):
        clock[0] += timedelta(seconds=source.randrange(20000))
        token = source.choice((None, "token"))
        headers = (
            ("host", "h:9000"),
            *draw_pairs(
                source, ("x-amz-meta-a", "x-amz-meta-b", "content-type", "expect", "range")
            ),
        )
        query = render_query(draw_pairs(source, ("versionId", "uploads", "a b", "A", "partNumber")))
        path = "/" if service == "kms" else quote(f"/b{source.choice(TEXTS)}", safe="/~")
        body = source.choice((b"", b"body"))
        method = source.choice(("GET", "PUT", "POST", "DELETE", "HEAD"))
        request: Any = AWSRequest(
            method, f"http://h:9000{path}?{query}" if query else f"http://h:9000{path}", data=body
        )
        for name, value in headers:
            request.headers.add_header(name, value)
        kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
        kind(BotocoreCredentials("AK", "SK", token), service, "eu-west-1").add_auth(request)
        added = dict(signers[token].signed_headers_for(method, path, query, headers, body))
        assert added == {name: request.headers[name] for name in added}
        assert ("x-amz-content-sha256" in added) == (service == "s3")
        assert ("x-amz-security-token" in added) == (token is not None)


SESSION = Credentials("SAK", "SSK", "session-token")


class Cache:
    """What botocore keeps sessions in; only its presence is asked for here."""


def sdk_request(
    method: str, path: str, query: str, headers: tuple[tuple[str, str], ...], body: bytes
) -> Any:
    url = f"http://h:9000{path}?{query}" if query else f"http://h:9000{path}"
    request: Any = AWSRequest(method, url, data=body)
    for name, value in headers:
        request.headers.add_header(name, value)
    return request


@pytest.mark.agreement
@pytest.mark.parametrize("token", [None, "token"])
def test_every_presigned_query_equals_botocores(
    token: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = random.Random(token)  # noqa: S311 - examples, not secrets
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: NOW)
    signer = Signer(lambda: Credentials("AK", "SK", token), "s3", "eu-west-1", now=lambda: NOW)
    theirs = botocore.auth.S3SigV4QueryAuth(
        BotocoreCredentials("AK", "SK", token), "s3", "eu-west-1", expires=300
    )
    for _ in range(200):
        headers = (
            ("host", "h:9000"),
            *draw_pairs(source, ("x-amz-server-side-encryption", "range", "content-md5", "te")),
        )
        # botocore takes a query apart, and with it the second of two values.
        names = source.sample(("versionId", "uploads", "a b", "A"), source.randrange(4))
        query = render_query((name, source.choice(TEXTS[1:])) for name in names)
        path = quote(f"/b{source.choice(TEXTS)}", safe="/~")
        # Given a body, botocore takes it for parameters; S3 does not sign it.
        request = sdk_request("PUT", path, query, headers, b"")
        theirs.add_auth(request)
        ours = signer.presigned_query_for("PUT", path, query, headers, b"body")
        assert ours == request.url.partition("?")[2]
        assert ("X-Amz-Security-Token=token" in ours) == (token is not None)


@pytest.mark.agreement
def test_a_presigned_kms_query_has_its_body_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: NOW)
    signer = Signer(lambda: Credentials("AK", "SK"), "kms", "eu-west-1", now=lambda: NOW)
    request = sdk_request("POST", "/", "a=b", (("host", "h:9000"),), b"")
    botocore.auth.SigV4QueryAuth(
        BotocoreCredentials("AK", "SK"), "kms", "eu-west-1", expires=300
    ).add_auth(request)
    ours = signer.presigned_query_for("POST", "/", "a=b", (("host", "h:9000"),), b"")
    assert ours == request.url.partition("?")[2]


@pytest.mark.agreement
def test_a_session_signs_as_botocore_lets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: NOW)
    signer = Signer(lambda: Credentials("AK", "SK", "t"), "s3express", "r", now=lambda: NOW)
    credentials = BotocoreCredentials(SESSION.access_key, SESSION.secret_key, SESSION.token)
    given = (("host", "h:9000"), ("x-amz-meta-a", "b"))
    path, query = "/b--use1-az4--x-s3/k", "partNumber=1"

    request = sdk_request("PUT", path, query, given, b"body")
    botocore.auth.S3ExpressAuth(credentials, "s3express", "r", identity_cache=Cache()).add_auth(
        request
    )
    carried = (*given, ("x-amz-s3session-token", "session-token"))
    added = dict(signer.signed_headers_for("PUT", path, query, carried, b"body", session=SESSION))
    assert added == {name: request.headers[name] for name in added}
    assert "x-amz-security-token" not in added
    assert "x-amz-security-token" not in request.headers
    assert "/r/s3express/aws4_request" in added["authorization"]

    request = sdk_request("PUT", path, query, given, b"")
    botocore.auth.S3ExpressQueryAuth(
        credentials, "s3express", "r", identity_cache=Cache(), expires=300
    ).add_auth(request)
    ours = signer.presigned_query_for("PUT", path, query, given, b"body", session=SESSION)
    assert ours == request.url.partition("?")[2]
    assert "X-Amz-S3session-Token=session-token" in ours


def test_a_path_is_neither_normalised_nor_encoded_again() -> None:
    canonical, _ = canonical_request("PUT", "//a/../%2f%7E", "", (("host", "h"),), "UNSIGNED")
    assert canonical == "PUT\n//a/../%2f%7E\n\nhost:h\n\nhost\nUNSIGNED"


def test_a_signing_key_is_derived_again_for_another_day_and_another_secret() -> None:
    secrets = iter(("one", "one", "two", "one"))
    days = iter((NOW, NOW + timedelta(days=1), NOW, NOW))
    signer = Signer(lambda: Credentials("a", next(secrets)), "s3", "r", now=lambda: next(days))
    seen = [signer.signed_headers_for("GET", "/", "", (), b"")[-1] for _ in range(4)]
    assert len(set(seen)) == 3
    assert seen[0] == seen[3]
