"""Credentials are never written down, and what is written in their place can still be judged."""

import hashlib

import pytest

from model.exchange import redacted
from model.messages import HttpRequest, HttpResponse
from model.redaction import redact_request, redact_response, token_digest
from model.wire import Unmodelled

BUCKET = "b--use1-az4--x-s3"
CREATE = HttpRequest("GET", bucket=BUCKET, query=(("session", ""),))
TOKEN = "hidden/token+1=&"
DIGEST = "session-" + hashlib.sha256(TOKEN.encode()).hexdigest()[:12]


def answer(body: str) -> HttpResponse:
    return HttpResponse(200, (("content-type", "text/xml"),), body.encode())


@pytest.mark.parametrize(
    ("token", "prefix"),
    [
        ("hidden/token+1=&amp;", ""),
        ("<![CDATA[hidden/token+1=&]]>", ""),
        ("hidden/<![CDATA[token+1=&]]>", ""),
        ("hidden/token+1&#x3D;&#38;", "s3:"),
    ],
)
def test_a_new_sessions_credentials_are_not_written(token: str, prefix: str) -> None:
    body = (
        f'<CreateSessionResult xmlns="u"><{prefix}Credentials>'
        f'<{prefix}SessionToken a="b">{token}</{prefix}SessionToken>'
        f"<{prefix}SecretAccessKey>hidden-secret</{prefix}SecretAccessKey>"
        f"<{prefix}AccessKeyId>hidden-id</{prefix}AccessKeyId>"
        "<Expiration>2026-11-23T10:00:00Z</Expiration>"
        f"</{prefix}Credentials></CreateSessionResult>"
    )
    shown = redact_response(CREATE, answer(body)).body.decode()
    assert "hidden" not in shown
    assert f">{DIGEST}</{prefix}SessionToken>" in shown
    assert shown.count(">REDACTED<") == 2
    assert "2026-11-23T10:00:00Z" in shown


@pytest.mark.parametrize(
    "body",
    [
        "<SecretAccessKey>hidden",
        "<SecretAccessKey><![CDATA[hidden <b>",
        "<a><SessionToken>hidden</b>",
    ],
)
def test_a_broken_answer_keeps_its_secrets_too(body: str) -> None:
    assert b"hidden" not in redact_response(CREATE, answer(body)).body


@pytest.mark.parametrize("body", ["<SessionToken></SessionToken>", "<SessionToken/>text", ""])
def test_what_is_empty_stays_empty(body: str) -> None:
    given = answer(body)
    assert redact_response(CREATE, given) is given


def test_the_body_of_another_answer_is_data() -> None:
    given = answer("<SecretAccessKey>mine</SecretAccessKey>")
    assert redact_response(HttpRequest("GET", bucket=BUCKET, path="/k"), given) is given


@pytest.mark.parametrize("name", ["x-amz-s3session-token", "X-Amz-S3session-Token"])
def test_the_same_token_is_the_same_text_wherever_it_stands(name: str) -> None:
    given = HttpRequest("PUT", bucket=BUCKET, headers=((name, TOKEN),), query=((name, TOKEN),))
    shown = redact_request(given)
    assert shown.headers == shown.query == ((name, DIGEST),)
    assert redact_request(shown) == shown


def test_a_request_without_secrets_is_itself() -> None:
    request = HttpRequest("PUT", bucket="b", headers=(("x-amz-meta-a", "b"),))
    assert redact_request(request) is request
    empty = HttpRequest("PUT", bucket="b", headers=(("x-amz-s3session-token", ""),))
    assert redact_request(empty) == empty


def test_a_digest_is_its_own_digest() -> None:
    assert token_digest(TOKEN) == DIGEST
    assert token_digest(DIGEST) == DIGEST
    assert token_digest("session-x") != "session-x"


def test_a_typed_request_is_shown_without_secrets() -> None:
    plain = Unmodelled(http=HttpRequest("GET", bucket="b", path="/k", query=(("acl", ""),)))
    assert redacted(plain) is plain
    secret = HttpRequest("GET", bucket="b", query=(("acl", ""), ("X-Amz-Signature", "hidden")))
    assert "hidden" not in repr(redacted(Unmodelled(http=secret)))
