"""Demands that leave much open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.open_matchers import BodyIsOneOf, KeyByAnyName, OneOf, OtherThanMd5Of, SomeText
from model.s3_errors import ANY_4XX, ANY_400, S3Error

if TYPE_CHECKING:
    from model.matchers import Matcher

ARN = "arn:aws:kms:us-east-1:000000000000:key/k"
OTHER = "arn:aws:kms:us-east-1:000000000000:key/other"

MATCHERS: tuple[Matcher, ...] = (
    SomeText(),
    OneOf(("a", "b"), wrong="c"),
    BodyIsOneOf((b"",)),
    BodyIsOneOf((b"one", b"another")),
    OtherThanMd5Of(b"data"),
    OtherThanMd5Of(None),
    KeyByAnyName("k"),
    KeyByAnyName("k", ARN),
)


@pytest.mark.parametrize("matcher", MATCHERS, ids=repr)
def test_each_accepts_its_answer_and_no_contrary(matcher: Matcher) -> None:
    assert matcher.accepts(matcher.answer("seed"))
    assert not matcher.accepts(matcher.contrary("seed"))
    assert not matcher.accepts(None)
    assert matcher.text


def test_a_body_is_one_of_several() -> None:
    bodies = BodyIsOneOf((b"one", b"another"))
    assert bodies.accepts(b"another")
    assert not bodies.accepts("one")
    assert "the 3 bytes" in bodies.text
    assert "the 7 bytes" in bodies.text


def test_a_key_goes_by_its_id_and_by_its_arn() -> None:
    assert all(KeyByAnyName("k", ARN).accepts(name) for name in ("k", ARN))
    assert KeyByAnyName("k").accepts(ARN)
    assert not KeyByAnyName("k").accepts(OTHER)
    assert not KeyByAnyName("k", ARN).accepts(ARN.replace("us-east-1", "eu-west-1"))
    assert not KeyByAnyName("k").accepts(b"k")


def test_an_etag_has_some_text() -> None:
    assert not OtherThanMd5Of(None).accepts("")
    assert OtherThanMd5Of(None).accepts("anything")


def test_a_status_of_one_digit_stands_for_its_class() -> None:
    assert ANY_4XX.text == "4xx with any error code"
    assert ANY_4XX.has_status(418)
    assert not ANY_4XX.has_status(501)
    assert ANY_400.has_status(400)
    assert not ANY_400.has_status(403)
    assert S3Error("*", 0).has_status(599)
