"""A form's policy and signature are those that an SDK makes."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from botocore.auth import S3SigV4PostAuth

from model import wire
from model.form import form_of
from model.messages import Auth, HttpRequest
from model.operations.post_object import PostObject
from targets.credentials import Credentials
from targets.endpoint import HttpConnection
from targets.post_policy import sign_form
from targets.reference import make_reference
from targets.serving import serve
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "eu-south-2"
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
CREDENTIALS = Credentials("AKIDEXAMPLE", "a secret", "a token")
REQUEST = PostObject(bucket="b", object_key="dir/k", sse="AES256", body=b"\r\n\x00data")
FORM = wire.render(REQUEST)


def fields_of(request: HttpRequest) -> dict[str, str]:
    form = form_of(request)
    assert form is not None
    return dict(form.fields)


def test_a_form_is_signed_in_fields_in_front_of_its_own() -> None:
    signed = sign_form(FORM, CREDENTIALS, REGION, NOW)
    fields = fields_of(signed)
    assert list(fields)[-2:] == ["key", "x-amz-server-side-encryption"]
    assert fields["x-amz-credential"] == "AKIDEXAMPLE/20261123/eu-south-2/s3/aws4_request"
    assert fields["x-amz-security-token"] == "a token"
    assert signed.auth is Auth.ANONYMOUS
    assert wire.parse(signed) == REQUEST


def test_the_policy_lets_every_field_be_what_it_is() -> None:
    fields = fields_of(sign_form(FORM, CREDENTIALS, REGION, NOW))
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert policy["expiration"] == "2026-11-23T12:45:00Z"
    assert policy["conditions"][0] == {"bucket": "b"}
    named = {condition[1].removeprefix("$") for condition in policy["conditions"][1:]}
    assert named == set(fields) - {"policy", "x-amz-signature"}


UNNAMED = replace(REQUEST, auth=Auth.POLICY_WITHOUT_ENCRYPTION)


def test_a_policy_that_is_not_to_name_encryption_names_all_else() -> None:
    signed = sign_form(wire.render(UNNAMED), CREDENTIALS, REGION, NOW)
    fields = fields_of(signed)
    policy = json.loads(base64.b64decode(fields["policy"]))
    named = {condition[1].removeprefix("$") for condition in policy["conditions"][1:]}
    missing = set(fields) - {"policy", "x-amz-signature"} - named
    assert missing == {"x-amz-server-side-encryption"}
    assert wire.parse(signed) == UNNAMED


@pytest.mark.agreement
def test_the_signature_is_that_of_an_sdk() -> None:
    fields = fields_of(sign_form(FORM, CREDENTIALS, REGION, NOW))
    signer = S3SigV4PostAuth(CREDENTIALS, "s3", REGION)
    request = SimpleNamespace(context={"timestamp": fields["x-amz-date"]})
    assert fields["x-amz-credential"] == signer.scope(request)
    assert fields["x-amz-signature"] == signer.signature(fields["policy"], request)


def test_without_a_token_none_is_sent() -> None:
    fields = fields_of(sign_form(FORM, replace(CREDENTIALS, token=None), REGION, NOW))
    assert "x-amz-security-token" not in fields


@pytest.mark.parametrize(
    "request_",
    [
        replace(FORM, auth=Auth.ANONYMOUS),
        replace(FORM, bucket=""),
        replace(FORM, method="PUT"),
        HttpRequest("POST", service="kms", body=b"{}"),
    ],
)
def test_what_is_no_form_or_is_not_to_be_signed_stays_as_it_is(request_: HttpRequest) -> None:
    assert sign_form(request_, CREDENTIALS, REGION, NOW) is request_


@pytest.fixture
def connection() -> Iterator[HttpConnection]:
    reference = make_reference()
    with serve(reference.handle) as server:
        endpoint = Endpoint(url=server.url, kms_url=server.url, sse_c_over_http=True)
        with HttpConnection(endpoint, CREDENTIALS) as made:
            yield made


@pytest.mark.server
def test_a_form_goes_through_a_connection_and_stores_its_file(connection: HttpConnection) -> None:
    assert connection.send(HttpRequest("PUT", bucket="b")).status == 200
    assert connection.send(FORM).status == 204
    read = connection.send(HttpRequest("GET", bucket="b", path="/dir/k"))
    assert (read.status, read.body) == (200, REQUEST.body)


@pytest.mark.server
def test_a_form_with_a_field_that_its_policy_does_not_name_is_denied(
    connection: HttpConnection,
) -> None:
    assert connection.send(HttpRequest("PUT", bucket="b")).status == 200
    assert connection.send(wire.render(UNNAMED)).status == 403
    assert connection.send(HttpRequest("GET", bucket="b", path="/dir/k")).status == 404
