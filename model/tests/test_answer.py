"""Answers, messages and errors as values."""

from __future__ import annotations

import pytest

from model.answer import UNSTATED, Answer
from model.messages import HttpResponse
from model.operations.put_object import PutObject
from model.predict import ANY_ERROR
from model.request import header_places
from model.s3_errors import ANY_400, NO_SUCH_KEY

pytestmark = pytest.mark.example


def test_a_missing_field_was_absent_only_where_the_answer_is_complete() -> None:
    fields = {"etag": "e", "x": None, "body": b""}
    whole = Answer(status=200, succeeded=True, fields=fields)
    part = Answer(status=200, succeeded=True, fields=fields, complete=False)
    assert (whole.value("etag"), whole.value("x"), whole.value("y")) == ("e", None, None)
    assert (part.value("etag"), part.value("x"), part.value("y")) == ("e", None, UNSTATED)
    assert (whole.text("etag"), whole.text("body"), whole.text("y")) == ("e", None, None)


@pytest.mark.parametrize(
    ("answer", "summary"),
    [
        (Answer(status=None, succeeded=False, error_code="NoSuchKey"), "NoSuchKey"),
        (Answer(status=None, succeeded=True, error_code=None), "success"),
        (Answer(status=None, succeeded=False, error_code=None), "an error"),
        (Answer(status=404, succeeded=False, error_code="NoSuchKey"), "404 NoSuchKey"),
        (Answer(status=404, succeeded=False), "404"),
        (Answer(status=200, succeeded=True, error_code=None), "200"),
    ],
)
def test_an_answer_is_told_in_a_few_words(answer: Answer, summary: str) -> None:
    assert answer.summary == summary


def test_errors_are_told_with_their_status() -> None:
    assert NO_SUCH_KEY.text == "404 NoSuchKey"
    assert ANY_400.text == "400 with any error code"
    assert ANY_ERROR.text == "any refusal"


def test_the_first_header_of_a_name_counts() -> None:
    response = HttpResponse(200, (("a", "1"), ("b", "2"), ("b", "3")))
    assert (response.header("b"), response.header("c")) == ("2", None)


def test_the_header_fields_of_a_request_are_found_once() -> None:
    places = header_places(PutObject)
    names = [place.name for place in places[:3]]
    assert names == [
        "x-amz-expected-bucket-owner",
        "x-amz-s3session-token",
        "x-amz-server-side-encryption",
    ]
    assert header_places(PutObject) is places
