"""Traffic that other tools recorded is read, and what they left out is known to be unknown."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.answer import UNSTATED
from model.exchange import Exchange, TranscriptContext, UnreadableTranscriptError, exchange_of
from model.messages import Auth, HttpRequest, HttpResponse
from model.operations.copy_object import CopyObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.put_object import PutObject
from model.parameter_values import Json
from model.tests.properties import REPEATABLE
from model.transcript import read_transcript
from model.wire import Unmodelled

NOWHERE = TranscriptContext()
LOCAL = TranscriptContext(endpoint="http://127.0.0.1:9000", kms_endpoint="http://127.0.0.1:9001/k")
AWS = TranscriptContext(endpoint="https://s3.us-east-1.amazonaws.com", addressing="path")
VIRTUAL = TranscriptContext(addressing="virtual")


def entry(
    url: str, *, method: str = "GET", headers: dict[str, str] | None = None, **more: Json
) -> dict[str, Json]:
    listed: list[Json] = [
        {"name": n, "value": v} for n, v in (headers or {"X-Amz-Date": "now"}).items()
    ]
    request: dict[str, Json] = {"method": method, "url": url, "headers": listed}
    request |= {k: v for k, v in more.items() if k != "response"}
    read: dict[str, Json] = {"request": request}
    if "response" in more:
        read["response"] = more["response"]
    return read


def read(url: str, context: TranscriptContext = NOWHERE, **more: Any) -> Exchange:
    return exchange_of(entry(url, **more), context)


@pytest.mark.parametrize(
    ("url", "context", "bucket", "path"),
    [
        ("https://s3.amazonaws.com/b1/k/1", NOWHERE, "b1", "/k/1"),
        ("https://b1.s3.amazonaws.com/k/1", NOWHERE, "b1", "/k/1"),
        ("https://a.b.s3-eu-west-1.amazonaws.com/k", NOWHERE, "a.b", "/k"),
        ("https://b1.s3.us-east-1.amazonaws.com", NOWHERE, "b1", "/"),
        ("http://localhost:9000/b1", NOWHERE, "b1", "/"),
        ("http://localhost:9000/", NOWHERE, "", "/"),
        ("http://minio.local/b%201/k%2F1", NOWHERE, "b 1", "/k%2F1"),
        ("http://127.0.0.1:9000/b1//k", LOCAL, "b1", "//k"),
        ("http://b1.127.0.0.1:9000/k", LOCAL, "b1", "/k"),
        ("HTTP://user@127.0.0.1:9000/b1/k#part", LOCAL, "b1", "/k"),
        ("https://B1.s3.us-east-1.amazonaws.com/k", AWS, "B1", "/k"),
        ("https://b1.s3.dualstack.us-east-1.amazonaws.com/k", AWS, "b1", "/k"),
        ("https://s3.amazonaws.com:443/b1/k", AWS, "b1", "/k"),
        ("http://b1.storage.local:9000/k", VIRTUAL, "b1", "/k"),
        ("http://127.0.0.1:9000/b1/k", VIRTUAL, "b1", "/k"),
        ("http://s3.local/b1/k", VIRTUAL, "b1", "/k"),
    ],
)
def test_bucket_and_key_are_found(
    url: str, context: TranscriptContext, bucket: str, path: str
) -> None:
    found = read(url, context)
    assert (found.request.bucket, found.request.path) == (bucket, path)
    assert not found.foreign


@pytest.mark.parametrize(
    ("url", "context", "headers"),
    [
        ("https://example.org/b1/k", LOCAL, {"x-amz-date": "now"}),
        ("https://example.org/b1/k", AWS, {"x-amz-date": "now"}),
        ("https://example.org/page", NOWHERE, {"accept": "*/*"}),
        ("https://sqs.example.org/", LOCAL, {"X-Amz-Target": "TrentService.CreateKey"}),
    ],
)
def test_what_goes_elsewhere_is_foreign(
    url: str, context: TranscriptContext, headers: dict[str, str]
) -> None:
    assert read(url, context, headers=headers).foreign


SIGNED = "X-Amz-Algorithm=A&X-Amz-Expires=300&X-Amz-SignedHeaders={}&X-Amz-Signature=1"


@pytest.mark.parametrize(
    ("signed", "auth"),
    [
        ("host%3Bx-amz-server-side-encryption", Auth.PRESIGNED),
        ("host", Auth.PRESIGNED_HEADERS_UNSIGNED),
    ],
)
def test_a_presigned_request_is_told_by_its_query(signed: str, auth: Auth) -> None:
    url = f"http://127.0.0.1:9000/b/k?x-amz-acl=private&{SIGNED.format(signed)}"
    headers = {"x-amz-server-side-encryption": "AES256", "X-Amz-Date": "now", "range": "bytes=0-1"}
    request = read(url, LOCAL, headers=headers).request
    assert request.auth is auth
    assert request.query == (("x-amz-acl", "private"),)
    assert [name for name, _ in request.headers] == ["x-amz-server-side-encryption", "range"]


def test_a_sessions_token_in_a_presigned_query_is_read_as_the_header() -> None:
    url = f"http://127.0.0.1:9000/b/k?{SIGNED.format('host')}&X-Amz-S3session-Token=t%2F1"
    request = read(url, LOCAL, headers={}).request
    assert request.auth is Auth.PRESIGNED
    assert (request.query, request.headers) == ((), (("x-amz-s3session-token", "t/1"),))


@pytest.mark.parametrize("headers", [{"accept": "*/*"}, {"Authorization": "REDACTED"}])
def test_a_request_recorded_without_a_signature_is_taken_for_a_signed_one(
    headers: dict[str, str],
) -> None:
    assert read("http://127.0.0.1:9000/b/k", LOCAL, headers=headers).request.auth is Auth.HEADER


def test_without_a_context_s3_is_known_by_its_answer_or_its_signature() -> None:
    plain = {"accept": "*/*"}
    answer: Json = {"status": 200, "headers": [{"name": "X-Amz-Request-Id", "value": "1"}]}
    assert not read("http://h/b/k", headers=plain, response=answer).foreign
    signed = read("http://h/b/k?X-Amz-Signature=1&X-Amz-Expires=60&x-id=GetObject", headers=plain)
    assert not signed.foreign
    assert signed.request.query == (("x-id", "GetObject"),)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9001/k/", "http://127.0.0.1:9000/", "https://kms.eu.amazonaws.com/"]
)
def test_kms_is_known_by_its_target(url: str) -> None:
    headers = {"X-Amz-Target": "TrentService.CreateKey"}
    found = read(url, LOCAL, method="POST", headers=headers)
    assert (found.request.service, found.request.path, found.foreign) == ("kms", "/", False)
    assert found.operation().operation == "CreateKey"


def test_headers_are_folded_and_kept_twice_and_those_of_the_connection_are_left_out() -> None:
    listed: Json = [
        {"name": "Host", "value": "h"},
        {"name": ":authority", "value": "h"},
        {"name": "Authorization", "value": "AWS4-HMAC-SHA256 x"},
        {"name": "X-Amz-Content-Sha256", "value": "UNSIGNED-PAYLOAD"},
        {"name": "X-Amz-Meta-A", "value": "1", "comment": "a comment"},
        {"name": "x-amz-meta-a", "value": None},
        {"name": "X-Amz-Meta-B", "value": 7},
    ]
    found = exchange_of(
        {"request": {"method": "put", "url": "http://h/b/k", "headers": listed}}, NOWHERE
    )
    assert found.request.headers == (
        ("x-amz-meta-a", "1"),
        ("x-amz-meta-a", ""),
        ("x-amz-meta-b", "7"),
    )
    assert found.request.method == "PUT"
    assert isinstance(found.operation(), Unmodelled)


def test_the_query_is_that_of_the_url_or_else_the_list() -> None:
    listed: Json = [{"name": "encryption", "value": ""}, {"name": "x-amz-date", "value": "1"}]
    assert read("http://h/b", queryString=listed).request.query == (("encryption", ""),)
    assert read("http://h/b?a+b=%2B&&c", queryString=listed).request.query == (
        ("a b", "+"),
        ("c", ""),
    )


def test_tls_is_that_of_the_url_unless_the_entry_says() -> None:
    assert read("https://h/b").secure
    assert not read("http://h/b").secure
    marked = entry("http://h/b") | {"_s3sse": {"secure": True, "sequence": 17, "phase": "probe"}}
    found = exchange_of(marked, NOWHERE)
    assert (found.secure, found.sequence, found.phase) == (True, "17", "probe")


# Bodies.


def put(post_data: Json, headers: dict[str, str] | None = None, **more: Json) -> Exchange:
    given = {"x-amz-date": "now"} | (headers or {})
    made = entry("http://h/b/k", method="PUT", headers=given, postData=post_data, **more)
    return exchange_of(made, NOWHERE)


@pytest.mark.parametrize(
    ("post_data", "headers", "body", "known"),
    [
        (None, {}, b"", True),
        ({}, {}, b"", True),
        ({"text": "abc"}, {}, b"abc", True),
        ({"text": ""}, {"content-length": "3"}, b"", False),
        (None, {"Content-Length": "3"}, b"", False),
        ({"params": []}, {"Content-Length": "0"}, b"", True),
        ({"text": "Zm9v", "encoding": "base64"}, {}, b"foo", True),
        ({"text": "Zm\n9v", "encoding": "base64"}, {}, b"foo", True),
        ({"text": "?", "encoding": "base64"}, {}, b"", False),
        ({"text": 7}, {}, b"", False),
        ({"text": "é"}, {}, "é".encode(), True),
        ({"text": "é"}, {"content-length": "2"}, "é".encode(), True),
        ({"text": "é"}, {"content-length": "1"}, b"\xe9", True),
        ({"text": "é"}, {"content-length": "9"}, "é".encode(), False),
        ({"text": "é", "mimeType": "text/plain; charset=ISO-8859-1"}, {}, b"\xe9", True),
        ({"text": "\u20ac"}, {"content-length": "1"}, "\u20ac".encode(), False),
        ({"text": "a\ufffd"}, {}, "a\ufffd".encode(), False),
        ({"text": "\ud800"}, {}, b"?", True),
    ],
)
def test_the_body_of_a_request_is_read_or_known_to_be_unknown(
    post_data: Json, headers: dict[str, str], body: bytes, known: bool
) -> None:
    found = put(post_data, headers)
    assert (found.request.body, found.request_body_known) == (body, known)
    assert isinstance(found.operation(), PutObject if known else Unmodelled)


def test_a_size_tells_that_a_body_was_left_out() -> None:
    assert not put(None, bodySize=5).request_body_known
    assert put(None, bodySize=-1).request_body_known


@pytest.mark.parametrize(
    ("text", "decoded", "body", "known"),
    [
        (
            "3\r\nabc\r\n2;chunk-signature=00\r\nde\r\n0\r\nx-amz-checksum:1\r\n\r\n",
            "5",
            b"abcde",
            True,
        ),
        ("0\r\n\r\n", "0", b"", True),
        ("abc", "3", b"abc", True),
        ("abc", "7", b"", False),
        ("3\r\nabc", "", b"", False),
    ],
)
def test_the_chunks_that_sdks_write_are_no_data(
    text: str, decoded: str, body: bytes, known: bool
) -> None:
    headers = {
        "X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "X-Amz-Decoded-Content-Length": decoded,
    }
    found = put({"text": text}, headers)
    assert (found.request.body, found.request_body_known) == (body, known)


def get(content: Json, headers: dict[str, str] | None = None, **more: Json) -> Exchange:
    listed: list[Json] = [{"name": n, "value": v} for n, v in (headers or {}).items()]
    response: dict[str, Json] = {"status": 200, "headers": listed, "content": content, **more}
    return read("http://h/b/k", response=response)


@pytest.mark.parametrize(
    ("content", "headers", "body", "known"),
    [
        (None, {}, b"", True),
        ({"size": 0}, {}, b"", True),
        ({"size": 5}, {}, b"", False),
        (None, {"Content-Length": "5"}, b"", False),
        ({"text": "abc"}, {"Content-Length": "3"}, b"abc", True),
        ({"text": "é"}, {"Content-Length": "1"}, b"\xe9", True),
        ({"text": "é"}, {"Content-Length": "20", "Content-Encoding": "gzip"}, "é".encode(), True),
        ({"text": "/w==", "encoding": "base64"}, {}, b"\xff", True),
    ],
)
def test_the_body_of_a_response_is_read_or_known_to_be_unknown(
    content: Json, headers: dict[str, str], body: bytes, known: bool
) -> None:
    found = get(content, headers)
    assert found.response is not None
    assert (found.response.body, found.response_body_known) == (body, known)


def test_our_own_text_is_utf_8_whatever_the_headers_say() -> None:
    ours = entry("http://h/b/k") | {
        "_s3sse": {},
        "response": {
            "status": 200,
            "headers": [{"name": "content-length", "value": "1"}],
            "content": {"text": "é"},
        },
    }
    assert exchange_of(ours, NOWHERE).response == HttpResponse(
        200, (("content-length", "1"),), "é".encode()
    )


@pytest.mark.parametrize("response", [None, {"status": 0}, {"status": 0, "headers": []}, {}])
def test_status_0_is_no_answer(response: Json) -> None:
    found = read("http://h/b/k", response=response)
    assert found.response is None
    assert found.answer(found.operation()) is None


def test_the_head_of_a_response_speaks_where_its_body_is_not_recorded() -> None:
    headers = {"ETag": '"x"', "x-amz-server-side-encryption": "AES256", "Content-Length": "5"}
    found = get(None, headers)
    answer = found.answer(found.operation())
    assert answer is not None
    assert (answer.status, answer.succeeded, answer.complete) == (200, True, False)
    assert answer.value("etag") == "x"
    assert answer.value("x-amz-server-side-encryption") == "AES256"
    assert answer.value("x-amz-server-side-encryption-bucket-key-enabled") is None
    assert answer.value("body") is UNSTATED
    assert answer.value("content-length") is UNSTATED


def test_an_error_without_its_body_has_a_code_that_is_not_known() -> None:
    found = get({"size": 9}, status=404)
    answer = found.answer(found.operation())
    assert answer is not None
    assert (answer.succeeded, answer.error_code) == (False, UNSTATED)
    assert answer.value("etag") is UNSTATED


def test_a_whole_answer_is_read_as_the_wire_reads_it() -> None:
    found = get({"text": "abc"}, {"Content-Length": "3"})
    answer = found.answer(found.operation())
    assert answer is not None
    assert answer.complete
    assert answer.value("body") == b"abc"


def test_a_response_to_head_has_no_body_to_record() -> None:
    listed: Json = [{"name": "Content-Length", "value": "5"}]
    found = read("http://h/b/k", method="HEAD", response={"status": 200, "headers": listed})
    assert found.response_body_known


def test_traffic_is_read_as_typed_requests() -> None:
    copied = {"x-amz-copy-source": "/b/k"}
    assert isinstance(read("http://h/b/k", method="PUT", headers=copied).operation(), CopyObject)
    assert isinstance(read("http://h/b?encryption").operation(), GetBucketEncryption)
    assert isinstance(read("https://h/b/k").operation(), GetObject)


# Whole documents.


def har(*entries: Json, **log: Json) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries), **log}}, indent=1)


def test_a_har_without_our_context_is_read() -> None:
    found = read_transcript(har(entry("http://h/b/k"), creator={"name": "x"}, comment="c"))
    assert not found.has_context
    assert found.context == TranscriptContext()
    assert len(found.exchanges) == 1
    assert len(read_transcript(json.dumps(json.loads(har(entry("http://h/b"))))).exchanges) == 1


def test_other_tools_list_entries_in_any_order() -> None:
    times = ("2026-11-23T10:00:02Z", "2026-11-23T10:00:01.5Z", "2026-11-23T12:00:01.7+02:00")
    entries: list[Json] = [
        entry(f"http://h/b/k{n}") | {"startedDateTime": time} for n, time in enumerate(times)
    ]
    found = read_transcript(har(*entries)).exchanges
    assert [e.request.path for e in found] == ["/k1", "/k2", "/k0"]
    entries[0] = entry("http://h/b/k0") | {"startedDateTime": "at noon"}
    found = read_transcript(har(*entries)).exchanges
    assert [e.request.path for e in found] == ["/k0", "/k1", "/k2"]


def test_lines_without_a_context_are_read() -> None:
    line = json.dumps(entry("http://h/b/k") | {"_s3sse": {}})
    found = read_transcript(f"\n{line}\n\n{line}\n")
    assert not found.has_context
    assert len(found.exchanges) == 2


REQUEST = '{"request": {"url": "http://h/b", "method": "GET"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the transcript is empty"),
        (" \n\n", "the transcript is empty"),
        ("hello", "line 1: no JSON: Expecting value: line 1 column 1 (char 0)"),
        ('{"a": 1', "line 1: no JSON: Expecting ',' delimiter: line 1 column 8 (char 7)"),
        ("{\n}", "this is no HAR document: log.entries is missing"),
        ("7", "line 1: an exchange must be a JSON object"),
        ("{}", "line 1: entry: request is missing or no JSON object"),
        ('{"_s3sse": {}}\n\n[]', "line 3: an exchange must be a JSON object"),
        ('{"_s3sse": {}}\n{"request": {}}', "line 2: request: url is no absolute URL: ''"),
        (
            '{"request": {"url": "/b/k", "method": "GET"}}',
            "line 1: request: url is no absolute URL: '/b/k'",
        ),
        ('{"request": {"url": 7}}', "line 1: request: url must be str"),
        (
            REQUEST + ', "headers": [7]}}',
            "line 1: request: headers must be a list of objects with name and value",
        ),
        (REQUEST + ', "headers": {}}}', "line 1: request: headers must be list"),
        (REQUEST + '}, "response": 7}', "line 1: entry: response is missing or no JSON object"),
        (REQUEST + '}, "response": {"status": "200"}}', "line 1: response: status must be int"),
        (
            REQUEST + '}, "_s3sse": {"secure": 1}}',
            "line 1: _s3sse: secure must be true, false or null",
        ),
        ('{"log": {"entries": 7}}', "this is no HAR document: log.entries is missing"),
        ('{"log": {"entries": [7]}}', "entry 1: an exchange must be a JSON object"),
        ('{"log": {"entries": []}}\n{}', "line 2: more text behind the HAR document"),
        ("[" * 100_000, "line 1: no JSON: maximum recursion depth exceeded"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(UnreadableTranscriptError) as caught:
        read_transcript(text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 600) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["request", "response", "url", "headers", "name", "value", "status", "text"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.property
@REPEATABLE
@given(
    members=st.fixed_dictionaries(
        {},
        optional={
            "url": st.sampled_from(["http://h/b/k", "https://b.s3.x/", "http://", "x"])
            | json_values,
            "method": st.sampled_from(["GET", "PUT"]) | json_values,
            "headers": json_values,
            "queryString": json_values,
            "postData": json_values,
            "bodySize": json_values,
        },
    ),
    response=json_values,
    mark=json_values,
)
def test_any_json_is_an_exchange_or_a_line_that_says_why_not(
    members: dict[str, Json], response: Json, mark: Json
) -> None:
    line = json.dumps({"request": members, "response": response, "_s3sse": mark})
    try:
        found = read_transcript(line)
    except UnreadableTranscriptError as error:
        message = str(error)
    else:
        message = ""
        for exchange in found.exchanges:
            exchange.answer(exchange.operation())
    assert "\n" not in message


def test_base64_of_any_length_is_read() -> None:
    for length in range(5):
        data = bytes(range(length))
        found = put({"text": base64.b64encode(data).decode(), "encoding": "base64"})
        assert found.request == HttpRequest("PUT", bucket="b", path="/k", body=data)
