"""Between typed requests and HTTP nothing is lost, and nothing is repaired."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import wire
from model.answer import UNSTATED, Answer
from model.messages import BodyEnd, HttpRequest, HttpResponse
from model.operations.copy_object import CopyObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.kms import CreateKey, KmsOperation
from model.operations.put_object import PutObject
from model.stored import Presence
from model.tests.properties import REPEATABLE
from model.tests.requests import requests_of
from model.wire import Unmodelled
from model.world import Bucket, World

if TYPE_CHECKING:
    from model.operation import Operation

LEAST = 17


def test_every_operation_is_found_under_its_own_name() -> None:
    assert len(wire.operations()) >= LEAST
    assert all(kind.operation == name for name, kind in wire.operations().items())
    assert Unmodelled not in wire.operations().values()


@pytest.mark.property
@pytest.mark.parametrize("kind", wire.operations().values(), ids=wire.operations())
@REPEATABLE
@given(data=st.data())
def test_a_request_is_read_from_http_as_it_was_written(
    kind: type[Operation], data: st.DataObject
) -> None:
    request = data.draw(requests_of(kind))
    http = wire.render(request)
    assert wire.parse(http, secure=request.secure) == request
    assert http.service == ("kms" if isinstance(request, KmsOperation) else "s3")


@pytest.mark.parametrize(
    "http",
    [
        HttpRequest("GET"),
        HttpRequest("GET", bucket="b", query=(("location", ""),)),
        HttpRequest("GET", bucket="b", query=(("list-type", "1"),)),
        HttpRequest("POST", bucket="b", path="/k"),
        HttpRequest("OPTIONS", bucket="b", path="/k"),
        HttpRequest("PUT", bucket="b", path="/k", query=(("uploads", ""),)),
        HttpRequest("GET", bucket="b", path="/k", query=(("encryption", ""),)),
        HttpRequest("HEAD", bucket="b", query=(("encryption", ""),)),
        HttpRequest("PUT", bucket="b", path="/k", headers=(("if-modified-since", "x"),)),
        HttpRequest("PUT", bucket="b", path="/k", headers=(("a", "1"), ("a", "1"))),
        HttpRequest("POST", service="kms"),
        HttpRequest("POST", service="kms", headers=(("x-amz-target", "TrentService.Encrypt"),)),
        HttpRequest("POST", service="kms", headers=(("x-amz-target", "TrentService.PutObject"),)),
    ],
)
def test_what_the_model_does_not_speak_of_is_kept_whole(http: HttpRequest) -> None:
    request = wire.parse(http, secure=False)
    assert isinstance(request, Unmodelled)
    assert not request.secure
    assert wire.render(request) == http
    assert request.is_unknown(World())


def test_the_query_that_sdks_add_changes_nothing() -> None:
    plain = HttpRequest("GET", bucket="b", path="/k")
    named = HttpRequest("GET", bucket="b", path="/k", query=(("x-id", "GetObject"),))
    assert wire.parse(named) == wire.parse(plain) == GetObject(bucket="b", object_key="k")


def test_a_path_that_is_empty_is_that_of_the_bucket() -> None:
    assert wire.parse(HttpRequest("PUT", bucket="b", path="")).operation == "CreateBucket"


def test_a_request_outside_the_model_may_have_changed_what_it_names() -> None:
    world = World(buckets={"b": Bucket(region="")})

    def after(method: str, bucket: str = "b", path: str = "/") -> World:
        http = HttpRequest(method, bucket=bucket, path=path)
        return Unmodelled(http=http).effect(world, None).world

    assert after("GET") == after("HEAD", path="/k") == after("OPTIONS") == world
    assert after("POST", bucket="") == world
    assert after("POST").bucket("b") is Presence.UNKNOWN
    assert after("POST", path="/k%201").object("b", "k 1") is Presence.UNKNOWN
    assert after("POST", bucket="none", path="/k") == world


def test_a_request_outside_the_model_says_what_it_is() -> None:
    query = (("uploadId", "1"), ("partNumber", "2"))
    http = HttpRequest("PUT", bucket="b", path="/k", query=query)
    assert Unmodelled(http=http).text == "PUT /k?uploadId&partNumber"
    assert Unmodelled(http=HttpRequest("GET")).text == "GET /"


# Answers.

READ = GetObject(bucket="b", object_key="k")
WRITE = PutObject(bucket="b", object_key="k")
COPY = CopyObject(bucket="b", object_key="k", copy_source="b/s")
ERROR = (
    b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Message>m</Message><Key>k</Key></Error>"
)


def test_a_success_is_its_headers_and_what_the_operation_reads() -> None:
    headers = (("etag", '"e"'), ("x-amz-a", "1"), ("x-amz-a", "2"))
    answer = wire.read_answer(READ, HttpResponse(200, headers, b"data"))
    assert (answer.status, answer.succeeded, answer.error_code) == (200, True, None)
    data = {"body": b"data", "body length": "as announced"}
    assert dict(answer.fields) == {"etag": "e", "x-amz-a": "1", **data}
    assert answer.complete


@pytest.mark.parametrize("ended", BodyEnd)
def test_how_a_body_ended_is_read_and_written(ended: BodyEnd) -> None:
    announced = {BodyEnd.BROKEN_OFF: "9"}.get(ended, "4")
    response = HttpResponse(200, (("content-length", announced),), b"data", ended)
    answer = wire.read_answer(READ, response)
    assert answer.broken_off == (ended is BodyEnd.BROKEN_OFF)
    assert wire.write_answer(READ, answer, World()) == response


def test_a_body_in_chunks_that_broke_off_is_written_with_some_length() -> None:
    chunks = (("transfer-encoding", "chunked"),)
    answer = wire.read_answer(READ, HttpResponse(200, chunks, b"data", BodyEnd.BROKEN_OFF))
    assert answer.fields["body length"] == "broke off after 4 bytes"
    written = wire.write_answer(READ, answer, World())
    assert written == HttpResponse(200, (("content-length", "5"),), b"data", BodyEnd.BROKEN_OFF)


def test_a_success_without_an_etag_has_none() -> None:
    assert wire.read_answer(COPY, HttpResponse(200, (("etag", '"e"'),))).value("etag") is None


def test_an_error_has_its_code_message_and_detail() -> None:
    answer = wire.read_answer(READ, HttpResponse(404, (("x-amz-a", "1"),), ERROR))
    assert (answer.status, answer.succeeded) == (404, False)
    assert (answer.error_code, answer.error_message) == ("NoSuchKey", "m")
    assert (dict(answer.error_detail), answer.value("x-amz-a")) == ({"Key": "k"}, "1")


def test_an_error_that_cannot_be_read_has_no_code() -> None:
    assert wire.read_answer(READ, HttpResponse(404, (), b"<html>")).error_code is None
    kms = wire.read_answer(CreateKey(), HttpResponse(400, (), b"[]"))
    assert (kms.error_code, kms.error_message) == (None, "")


def test_an_error_of_head_has_a_code_that_nobody_sees() -> None:
    head = HeadObject(bucket="b", object_key="k")
    assert wire.read_answer(head, HttpResponse(404)).error_code is UNSTATED


def test_an_error_inside_of_a_200_is_an_error() -> None:
    answer = wire.read_answer(COPY, HttpResponse(200, (), ERROR))
    assert (answer.status, answer.succeeded, answer.error_code) == (None, False, "NoSuchKey")
    data = wire.read_answer(READ, HttpResponse(200, (), ERROR))
    assert data.succeeded


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'{"__type": "NotFoundException", "message": "m"}', "NotFoundException", "m"),
        (b'{"__type": "com.amazon#DisabledException", "Message": "M"}', "DisabledException", "M"),
        (b"{}", None, ""),
    ],
)
def test_an_error_of_kms_is_json(body: bytes, code: str | None, message: str) -> None:
    answer = wire.read_answer(CreateKey(), HttpResponse(400, (), body))
    assert (answer.error_code, answer.error_message) == (code, message)


def refused(request: Operation, code: str | None = "AccessDenied") -> HttpResponse:
    answer = Answer(
        status=403,
        succeeded=False,
        error_code=code,
        error_message="m",
        error_detail={"ArgumentName": "a"},
        fields={"x-amz-a": "1", "server": "x"},
    )
    return wire.write_answer(request, answer, World())


def test_a_refusal_is_written_and_read_again() -> None:
    written = refused(WRITE)
    assert written.headers == (("x-amz-a", "1"), ("content-type", "application/xml"))
    answer = wire.read_answer(WRITE, written)
    assert (answer.status, answer.error_code, answer.error_message) == (403, "AccessDenied", "m")
    assert dict(answer.error_detail) == {"ArgumentName": "a"}
    assert json.loads(refused(CreateKey()).body) == {"__type": "AccessDenied", "message": "m"}


def test_a_refusal_without_a_code_or_of_head_has_no_body() -> None:
    assert refused(HeadObject(bucket="b", object_key="k")) == HttpResponse(403, (("x-amz-a", "1"),))
    assert refused(WRITE, None).body == b""


def test_a_success_is_written_and_read_again() -> None:
    fields = {"etag": "e", "content-length": "4", "server": "x", "body": b"data", "gone": None}
    answer = Answer(status=None, succeeded=True, fields=fields)
    written = wire.write_answer(READ, answer, World())
    headers = (("content-length", "4"), ("etag", '"e"'))
    assert written == HttpResponse(200, headers, b"data")
    copied = wire.write_answer(
        COPY, Answer(status=200, succeeded=True, fields={"etag": "e"}), World()
    )
    assert wire.read_answer(COPY, copied).value("etag") == "e"
    assert copied.header("content-type") == "text/xml"
    key = wire.write_answer(CreateKey(), Answer(status=200, succeeded=True), World())
    assert key.header("content-type") == "application/x-amz-json-1.1"
    empty = wire.write_answer(WRITE, Answer(status=200, succeeded=True), World())
    assert empty == HttpResponse(200)


def test_a_configuration_is_written_and_read_again() -> None:
    asked = GetBucketEncryption(bucket="b")
    fields = {"Rules": "1", "SSEAlgorithm": "aws:kms", "BucketKeyEnabled": "true"}
    answer = Answer(status=200, succeeded=True, fields=fields)
    read = wire.read_answer(asked, wire.write_answer(asked, answer, World()))
    assert {name: read.value(name) for name in fields} == fields
