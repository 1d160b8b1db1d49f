"""An exchange that is written down can be read again, whatever was in it."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.exchange import (
    ContextKey,
    Exchange,
    TranscriptContext,
    UnreadableTranscriptError,
    entry_of,
    exchange_of,
)
from model.messages import Auth, BodyEnd, HttpRequest, HttpResponse
from model.stored import Presence
from model.tests.properties import REPEATABLE
from model.transcript import context_line, har_of, read_transcript
from model.world import KeyState

PATH = TranscriptContext(
    addressing="path",
    endpoint="http://127.0.0.1:9000",
    kms_endpoint="http://127.0.0.1:9000",
    region="us-east-1",
    account="000000000000",
)
VIRTUAL = TranscriptContext(
    addressing="virtual",
    endpoint="https://s3.example.org:443/base/",
    kms_endpoint="https://kms.example.org",
    region="eu-west-1",
)
CONTEXTS = (PATH, VIRTUAL)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.from_regex(r"x-amz-meta-[a-z0-9]{1,6}|content-type|if-none-match", fullmatch=True)
headers = st.lists(st.tuples(names, texts), max_size=4).map(tuple)
query = st.lists(
    st.tuples(st.one_of(st.just("encryption"), texts.map(lambda t: "q" + t)), texts), max_size=3
).map(tuple)
paths = st.one_of(
    st.just("/"),
    st.from_regex(r"/([A-Za-z0-9/._~+=;@!-]|%[0-9A-Fa-f]{2}){1,20}", fullmatch=True),
)
buckets = st.one_of(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.-]{1,20}[a-z0-9]", fullmatch=True))
bodies = st.one_of(st.binary(max_size=40), texts.map(str.encode))
s3_requests = st.builds(
    HttpRequest,
    method=st.sampled_from(["GET", "PUT", "HEAD", "DELETE", "POST"]),
    bucket=buckets,
    path=paths,
    query=query,
    headers=headers,
    body=bodies,
    auth=st.sampled_from(Auth),
)
kms_requests = st.builds(
    HttpRequest,
    method=st.just("POST"),
    service=st.just("kms"),
    headers=headers.map(lambda h: (("x-amz-target", "TrentService.CreateKey"), *h)),
    body=bodies,
)
response_headers = st.lists(
    st.tuples(st.one_of(names, st.just("content-length"), st.just("date")), texts), max_size=4
).map(tuple)
responses = st.builds(
    HttpResponse,
    status=st.integers(100, 599),
    headers=response_headers,
    body=bodies,
    ended=st.sampled_from(BodyEnd),
)
exchanges = st.builds(
    Exchange,
    request=st.one_of(s3_requests, kms_requests),
    response=st.one_of(st.none(), responses),
    secure=st.booleans(),
    started=st.just("2026-11-23T10:00:00.000+00:00"),
    elapsed=st.floats(0, 1e5),
    sequence=texts,
    step=st.integers(0, 999),
    phase=st.sampled_from(["", "probe"]),
)


@pytest.mark.property
@REPEATABLE
@given(exchange=exchanges, context=st.sampled_from(CONTEXTS))
def test_an_exchange_comes_back_as_it_was_written(
    exchange: Exchange, context: TranscriptContext
) -> None:
    line = json.dumps(entry_of(exchange, context))
    assert "\n" not in line
    assert exchange_of(json.loads(line), context) == exchange


@pytest.mark.property
@REPEATABLE
@given(every=st.lists(exchanges, max_size=4), context=st.sampled_from(CONTEXTS))
def test_a_transcript_comes_back_from_lines_and_from_har(
    every: list[Exchange], context: TranscriptContext
) -> None:
    entries = [entry_of(exchange, context) for exchange in every]
    lines = "\n".join([context_line(context), *(json.dumps(entry) for entry in entries), ""])
    har = json.dumps(har_of(context, entries), indent=2)
    for text in (lines, har, "\ufeff" + har):
        read = read_transcript(text)
        assert read.exchanges == tuple(every)
        assert read.context == context
        assert read.has_context


EXAMPLE = Exchange(
    request=HttpRequest(
        "PUT",
        bucket="b1",
        path="/k%201",
        query=(("encryption", ""), ("x-id", "a b")),
        headers=(("content-type", "text/plain"),),
        body=b"data",
    ),
    response=HttpResponse(200, (("etag", '"x"'), ("content-type", "text/xml")), b"\xff"),
    secure=False,
    started="2026-11-23T10:00:00+00:00",
    elapsed=3.5,
    sequence="s-17",
    step=3,
)


def test_an_entry_is_as_transcripts_are_documented() -> None:
    assert entry_of(EXAMPLE, PATH) == {
        "startedDateTime": "2026-11-23T10:00:00+00:00",
        "time": 3.5,
        "request": {
            "method": "PUT",
            "url": "http://127.0.0.1:9000/b1/k%201?encryption&x-id=a%20b",
            "headers": [{"name": "content-type", "value": "text/plain"}],
            "queryString": [
                {"name": "encryption", "value": ""},
                {"name": "x-id", "value": "a b"},
            ],
            "postData": {"text": "data"},
        },
        "response": {
            "status": 200,
            "headers": [
                {"name": "etag", "value": '"x"'},
                {"name": "content-type", "value": "text/xml"},
            ],
            "content": {"text": "/w==", "encoding": "base64"},
        },
        "_s3sse": {"sequence": "s-17", "step": 3},
    }


def test_a_har_document_has_what_har_demands() -> None:
    document = har_of(PATH, [entry_of(EXAMPLE, PATH)])
    log = document["log"]
    assert isinstance(log, dict)
    entries = log["entries"]
    assert isinstance(entries, list)
    entry = entries[0]
    assert isinstance(entry, dict)
    assert {"cache", "timings", "time", "startedDateTime"} <= set(entry)
    request, response = entry["request"], entry["response"]
    assert isinstance(request, dict)
    assert isinstance(response, dict)
    assert {"httpVersion", "cookies", "headersSize", "bodySize", "postData"} <= set(request)
    assert request["postData"] == {"mimeType": "text/plain", "text": "data"}
    assert {"statusText", "redirectURL", "httpVersion"} <= set(response)
    content = {"size": 1, "mimeType": "text/xml", "text": "/w==", "encoding": "base64"}
    assert response["content"] == content


def test_an_entry_of_another_form_cannot_be_completed() -> None:
    with pytest.raises(TypeError):
        har_of(PATH, [{"request": None, "response": None}])


def test_a_har_entry_without_a_content_type_is_called_a_stream() -> None:
    exchange = Exchange(request=HttpRequest("GET", bucket="b"), response=None)
    log = har_of(PATH, [entry_of(exchange, PATH)])["log"]
    assert "application/octet-stream" in json.dumps(log)


def test_secrets_are_not_written() -> None:
    request = HttpRequest(
        "GET",
        bucket="b",
        path="/k",
        query=(("X-Amz-Signature", "sig-secret"), ("X-Amz-Security-Token", "token-secret")),
        headers=(("authorization", "auth-secret"), ("x-amz-security-token", "token-secret")),
    )
    response = HttpResponse(200, (("set-cookie", "cookie-secret"),), b"")
    line = json.dumps(entry_of(Exchange(request=request, response=response), PATH))
    assert "secret" not in line
    assert line.count("REDACTED") == 7


def test_how_a_request_was_signed_is_noted_where_it_is_not_as_usual() -> None:
    for auth in Auth:
        request = HttpRequest("GET", bucket="b", path="/k", auth=auth)
        entry = entry_of(Exchange(request=request, response=None, secure=False), PATH)
        expected = {} if auth is Auth.HEADER else {"auth": auth.value}
        assert entry["_s3sse"] == {"sequence": "", "step": 0, **expected}
        assert exchange_of(entry, PATH).request.auth is auth


def test_an_unknown_way_to_sign_is_unreadable() -> None:
    entry = entry_of(EXAMPLE, PATH)
    entry["_s3sse"] = {"auth": "by hand"}
    with pytest.raises(UnreadableTranscriptError) as caught:
        exchange_of(entry, PATH, 7)
    assert str(caught.value) == "line 7: _s3sse: auth is unknown: 'by hand'"


def test_how_a_body_ended_is_noted_where_it_is_not_as_announced() -> None:
    request = HttpRequest("GET", bucket="bucket", path="/k")
    for ended in BodyEnd:
        response = HttpResponse(200, (("content-length", "9"),), b"abc", ended)
        entry = entry_of(Exchange(request=request, response=response, secure=False), PATH)
        noted = {} if ended is BodyEnd.AS_ANNOUNCED else {"body_ended": ended.value}
        assert entry["_s3sse"] == {"sequence": "", "step": 0, **noted}
        assert exchange_of(entry, PATH).response == response


def test_an_unknown_end_of_a_body_is_unreadable() -> None:
    request = HttpRequest("GET", bucket="bucket")
    entry = entry_of(Exchange(request=request, response=HttpResponse(200)), PATH)
    entry["_s3sse"] = {"body_ended": "badly"}
    with pytest.raises(UnreadableTranscriptError, match="body_ended is unknown: 'badly'"):
        exchange_of(entry, PATH, 4)


def test_a_session_can_be_followed_without_its_secrets() -> None:
    bucket = "b--use1-az4--x-s3"
    body = b"<Credentials><SessionToken>the-token</SessionToken></Credentials>"
    created = Exchange(
        request=HttpRequest("GET", bucket=bucket, query=(("session", ""),)),
        response=HttpResponse(200, (), body),
    )
    headers = (("x-amz-s3session-token", "the-token"),)
    used = Exchange(request=HttpRequest("GET", bucket=bucket, headers=headers), response=None)
    lines = [json.dumps(entry_of(one, PATH)) for one in (created, used)]
    assert "the-token" not in "".join(lines)
    first, second = (exchange_of(json.loads(line), PATH) for line in lines)
    assert first.response is not None
    shown = second.request.headers[0][1]
    assert f"<SessionToken>{shown}</SessionToken>".encode() in first.response.body


def test_a_text_that_nothing_can_encode_is_written_all_the_same() -> None:
    request = HttpRequest("GET", bucket="b\ud800", path="/k", query=(("q", "\udc00"),))
    line = json.dumps(entry_of(Exchange(request=request, response=None), PATH))
    assert exchange_of(json.loads(line), PATH).response is None


def test_a_bucket_that_is_no_host_name_is_addressed_by_path() -> None:
    request = HttpRequest("GET", bucket="a b/c", path="/k")
    entry = entry_of(Exchange(request=request, response=None), VIRTUAL)
    assert "https://s3.example.org:443/base/a%20b%2Fc/k" in json.dumps(entry)
    assert exchange_of(entry, VIRTUAL).request == request


def test_a_request_without_a_bucket_comes_back() -> None:
    exchange = Exchange(request=HttpRequest("GET"), response=None)
    for context in CONTEXTS:
        assert exchange_of(entry_of(exchange, context), context).request == exchange.request


# The context.

CONTEXT = TranscriptContext(
    addressing="path",
    endpoint="https://s3.example.org",
    region="us-east-1",
    account="111122223333",
    new_buckets_block_sse_c=True,
    keys=(
        ContextKey(id="k1", arn="arn:aws:kms:us-east-1:111122223333:key/k1", state="Disabled"),
        ContextKey(id="k2"),
    ),
    sse_c_over_http=True,
    bucket_prefix="run-7-",
    keys_complete=True,
    as_of=date(2026, 3, 1),
)


@pytest.mark.parametrize("context", [PATH, VIRTUAL, CONTEXT, TranscriptContext()])
def test_a_context_comes_back_from_its_json(context: TranscriptContext) -> None:
    assert TranscriptContext.from_json(json.loads(json.dumps(context.to_json()))) == context


def test_the_world_is_what_the_context_says() -> None:
    world = CONTEXT.world()
    assert (world.account, world.context.region) == ("111122223333", "us-east-1")
    assert world.context.as_of == date(2026, 3, 1)
    assert world.context.new_buckets_block_sse_c
    assert world.context.sse_c_over_http
    assert world.context.keys_complete
    assert world.bucket("run-7-b") is Presence.ABSENT
    assert world.bucket("other") is Presence.UNKNOWN
    assert {k.key_id: k.state for k in world.keys.values()} == {
        "k1": KeyState.DISABLED,
        "k2": KeyState.ENABLED,
    }


def test_an_empty_context_knows_nothing() -> None:
    world = TranscriptContext().world()
    assert (world.account, world.context.region, dict(world.keys)) == (None, None, {})
    assert world.context.new_buckets_block_sse_c is None


def test_a_key_in_an_odd_state_is_one_of_which_nothing_is_known() -> None:
    context = TranscriptContext(keys=(ContextKey(id="k", state="Creating"),), keys_complete=True)
    world = context.world()
    assert dict(world.keys) == {}
    assert not world.context.keys_complete


def test_a_key_may_be_named_by_its_text_alone() -> None:
    arn = "arn:aws:kms:us-east-1:111122223333:key/k2"
    read = TranscriptContext.from_json({"keys": ["k1", arn, {"arn": arn}]})
    assert read.keys == (
        ContextKey(id="k1"),
        ContextKey(id="k2", arn=arn),
        ContextKey(id="k2", arn=arn),
    )


@pytest.mark.parametrize(
    ("read", "problem"),
    [
        ([], "the context is no JSON object"),
        ({"format": 2}, "the transcript has format 2, this version reads 1"),
        ({"format": True}, "context: format must be int"),
        ({"endpoint": 7}, "context: endpoint must be str"),
        ({"as_of": "yesterday"}, "context: as_of is no date: 'yesterday'"),
        ({"keys": {}}, "context: keys must be list"),
        ({"keys": [7]}, "context: a key must be an object"),
        ({"keys": [{}]}, "context: a key has neither id nor arn"),
        (
            {"new_buckets_block_sse_c": "no"},
            "context: new_buckets_block_sse_c must be true, false or null",
        ),
    ],
)
def test_a_malformed_context_is_refused_in_one_line(read: object, problem: str) -> None:
    with pytest.raises(UnreadableTranscriptError) as caught:
        read_transcript(json.dumps({"_s3sse": read}))
    assert (caught.value.line_number, caught.value.problem) == (1, problem)
    assert str(caught.value) == f"line 1: {problem}"
