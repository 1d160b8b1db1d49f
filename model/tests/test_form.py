"""Forms as bodies, both ways, and what a transcript shows of them."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import wire
from model.answer import ETAG
from model.clauses.tests.words_forms import post
from model.exchange import Exchange, entry_of, exchange_of
from model.form import (
    Form,
    auth_of,
    form_of,
    names_for_policy,
    read_form,
    redact_form,
    with_form,
    write_form,
)
from model.messages import Auth, HttpRequest, HttpResponse
from model.parameters import ParameterError, from_parameters, to_parameters
from model.tests.properties import REPEATABLE
from model.transcript_context import TranscriptContext, UnreadableTranscriptError
from model.wire import Unmodelled
from model.world import World

if TYPE_CHECKING:
    from model.operations.post_object import PostObject

pytestmark = pytest.mark.example

FORM = Form((("key", "k"), ("x-amz-meta-a", "b c")), b"data\r\nof two lines")
FOREIGN = (
    b"preamble\r\n--X\r\n"
    b'content-disposition: form-data; name="Key"\r\n\r\nuser/a\r\n'
    b'--X\r\nContent-Disposition: form-data; name="X-Amz-Server-Side-Encryption"\r\n'
    b"Content-Type: text/plain\r\n\r\nAES256\r\n"
    b'--X\r\nContent-Disposition: form-data; filename="name"; name="file"\r\n\r\n\x00\xff\r\n'
    b'--X\r\nContent-Disposition: form-data; name="behind"\r\n\r\nlost\r\n--X--\r\n'
)
CONTEXT = TranscriptContext(endpoint="https://s3.invalid")


def sent(request: PostObject, *more: tuple[str, str]) -> HttpRequest:
    """Return the request with more fields in front, as a connection puts them in."""
    http = wire.render(request)
    form = form_of(http)
    assert form is not None
    return with_form(http, Form((*more, *form.fields), form.data))


@pytest.mark.property
@REPEATABLE
@given(
    fields=st.lists(
        st.tuples(
            st.from_regex(r"[a-z-]{1,9}", fullmatch=True).filter(lambda n: n != "file"),
            st.text(st.characters(exclude_categories=["Cs"])),
        ),
        max_size=4,
    ),
    data=st.binary(),
)
def test_a_form_is_read_as_it_was_written(fields: list[tuple[str, str]], data: bytes) -> None:
    form = Form(tuple(fields), data)
    assert read_form(*write_form(form)) == form


def test_the_same_form_is_written_alike_and_another_one_otherwise() -> None:
    assert write_form(FORM) == write_form(FORM)
    assert write_form(FORM)[0] != write_form(FORM._replace(data=b"other"))[0]


def test_a_form_that_another_client_wrote_is_read() -> None:
    fields = (("key", "user/a"), ("x-amz-server-side-encryption", "AES256"))
    assert read_form('multipart/form-data; charset=x; boundary="X"', FOREIGN) == Form(
        fields, b"\x00\xff"
    )


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", FOREIGN),
        ("multipart/form-data; boundary=Y", FOREIGN),
        ("multipart/form-data; boundary=X", b"--X\r\nContent-Type: text/plain\r\n\r\na\r\n--X--"),
        ("multipart/form-data; boundary=X", b'--X\r\na: b; name="key"\r\n\r\na'),
    ],
)
def test_what_is_no_form_with_a_file_is_not_read(content_type: str, body: bytes) -> None:
    assert read_form(content_type, body) is None


def test_only_a_post_uploads_a_form() -> None:
    headers = (("content-type", write_form(FORM)[0]),)
    http = HttpRequest("PUT", bucket="b", headers=headers, body=write_form(FORM)[1])
    assert form_of(http) is None
    assert form_of(replace(http, method="POST")) == FORM


def test_a_form_goes_to_the_bucket_and_names_the_key_in_a_field() -> None:
    request = post("dir/k", sse="AES256", success_action_status="201")
    http = wire.render(request)
    assert (http.method, http.bucket, http.path, http.query) == ("POST", "bucket", "/", ())
    assert [name for name, _ in http.headers] == ["content-type"]
    form = form_of(http)
    assert form is not None
    assert form.fields[0] == ("key", "dir/k")
    assert ("x-amz-server-side-encryption", "AES256") in form.fields
    assert wire.parse(http) == request


def test_what_signs_a_form_is_no_field_of_the_request() -> None:
    request = post(sse="AES256")
    http = sent(request, ("policy", "p"), ("x-amz-signature", "s"), ("Content-Type", "text/plain"))
    assert wire.parse(replace(http, auth=Auth.ANONYMOUS)) == request


def test_a_form_that_nobody_signed_is_anonymous() -> None:
    http = wire.render(replace(post(), auth=Auth.ANONYMOUS))
    assert wire.parse(http).auth is Auth.ANONYMOUS


@pytest.mark.parametrize(
    "field", [("success_action_redirect", "http://x"), ("key", "again"), ("x-amz-new", "1")]
)
def test_a_form_with_a_field_that_is_read_otherwise_is_outside_the_model(
    field: tuple[str, str],
) -> None:
    assert isinstance(wire.parse(sent(post(), field)), Unmodelled)


@pytest.mark.parametrize("object_key", ["", "user/${filename}"])
def test_a_form_that_names_no_key_is_outside_the_model(object_key: str) -> None:
    assert isinstance(wire.parse(wire.render(post(object_key))), Unmodelled)


def test_a_post_that_is_no_form_is_outside_the_model() -> None:
    http = replace(wire.render(post()), body=b"")
    assert isinstance(wire.parse(http), Unmodelled)


def test_parameters_of_a_form_are_its_fields_and_its_file() -> None:
    request = replace(post(sse="AES256"), metadata=(("a", "b"),), auth=Auth.ANONYMOUS)
    given_ = to_parameters(request)
    assert given_ == {
        "Bucket": "bucket",
        "_auth": "anonymous",
        "Fields": {
            "key": "object",
            "x-amz-server-side-encryption": "AES256",
            "x-amz-meta-a": "b",
        },
        "File": "some data",
    }
    assert from_parameters("PostObject", given_) == request


@pytest.mark.parametrize("fields", ["x", {"file": "y"}, {"key": "k", "x-new": "1"}])
def test_parameters_that_make_no_form_are_refused(fields: object) -> None:
    given_ = {"Bucket": "b", "Fields": fields}
    with pytest.raises(ParameterError):
        from_parameters("PostObject", given_)  # type: ignore[arg-type]


def test_a_signature_that_is_none_is_no_parameter() -> None:
    with pytest.raises(ParameterError, match="is not a valid Auth"):
        from_parameters("GetObject", {"Bucket": "b", "Key": "k", "_auth": "by telegram"})


def test_the_answer_to_a_form_has_a_document_where_201_was_asked_for() -> None:
    request = post(success_action_status="201")
    shown = {"Bucket": "bucket", "Key": "object"}
    body = request.write_answer(shown, World())
    assert b"PostResponse" in body
    response = HttpResponse(201, (("etag", '"e"'),), body)
    assert request.read_answer(response) == {**shown, ETAG: "e"}
    assert post().write_answer(shown, World()) == b""
    assert post().read_answer(HttpResponse(204)) == {}


def test_a_checksum_in_a_form_leaves_open_what_is_stored() -> None:
    assert post(checksum_crc32="2cLpHg==").stored_checksums() is None
    assert set(post().stored_checksums() or {}) == {"x-amz-checksum-crc64nvme"}


def test_a_transcript_shows_nothing_of_what_signs_a_form() -> None:
    http = sent(post(), ("policy", "secret1"), ("x-amz-signature", "secret2"))
    entry = entry_of(Exchange(request=http, response=HttpResponse(204)), CONTEXT)
    assert "secret" not in str(entry)
    assert exchange_of(entry, CONTEXT).operation() == post()
    assert redact_form(wire.render(post())) == wire.render(post())


@pytest.mark.parametrize("auth", Auth)
def test_a_transcript_tells_how_a_request_was_signed(auth: Auth) -> None:
    http = replace(wire.render(post()), auth=auth)
    entry = entry_of(Exchange(request=http, response=HttpResponse(204)), CONTEXT)
    assert exchange_of(entry, CONTEXT).request.auth is auth


def test_a_transcript_that_tells_of_an_unknown_signature_is_unreadable() -> None:
    entry = entry_of(Exchange(request=wire.render(post()), response=None), CONTEXT)
    mark = entry["_s3sse"]
    assert isinstance(mark, dict)
    mark["auth"] = "by telegram"
    with pytest.raises(UnreadableTranscriptError, match="auth is unknown"):
        exchange_of(entry, CONTEXT)


SSE_FIELD = ("x-amz-server-side-encryption", "AES256")


def signed(policy: str) -> Form:
    return Form((("policy", policy), ("x-amz-signature", "0"), SSE_FIELD), b"")


def policy_of(*conditions: object) -> str:
    return base64.b64encode(json.dumps({"conditions": conditions}).encode()).decode()


@pytest.mark.parametrize(
    ("policy", "auth"),
    [
        (policy_of({"X-Amz-Server-Side-Encryption": "AES256"}), Auth.HEADER),
        (policy_of(["starts-with", "$x-amz-server-side-encryption", ""]), Auth.HEADER),
        (policy_of({"bucket": "b"}, ["eq", "$key", "k"]), Auth.POLICY_WITHOUT_ENCRYPTION),
        ("no base64", Auth.HEADER),
        ("REDACTED", Auth.HEADER),
        (base64.b64encode(b"[]").decode(), Auth.HEADER),
        (policy_of([]), Auth.HEADER),
    ],
)
def test_a_policy_tells_whether_it_names_the_fields_about_encryption(
    policy: str, auth: Auth
) -> None:
    assert auth_of(signed(policy)) is auth


def test_a_form_without_a_signature_is_not_signed_by_a_policy() -> None:
    assert auth_of(Form((SSE_FIELD,), b"")) is None


def test_a_policy_names_every_field_or_all_that_are_not_about_encryption() -> None:
    names = ("key", SSE_FIELD[0], "x-amz-server-side-encryption-customer-key", "x-amz-meta-a")
    assert names_for_policy(names, Auth.HEADER) == names
    assert names_for_policy(names, Auth.POLICY_WITHOUT_ENCRYPTION) == ("key", "x-amz-meta-a")
