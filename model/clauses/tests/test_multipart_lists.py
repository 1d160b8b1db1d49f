"""Examples beside ``model/clauses/multipart_lists.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from model import wire
from model.clause import Require, Succeed
from model.clauses.tests.notation import (
    OBJECT,
    Situation,
    create,
    customer,
    fires,
    given,
    silent,
)
from model.clauses.tests.words_multipart import (
    UPLOAD,
    abort,
    begin,
    complete,
    list_parts,
    list_uploads,
    part,
    upload_of,
)
from model.judge import Belief, judge
from model.listing import field_of
from model.matchers import Equals
from model.messages import HttpResponse
from model.operations.list_multipart_uploads import KEY, ListMultipartUploads
from model.operations.list_parts import NUMBERS

if TYPE_CHECKING:
    from model.answer import Answer

BEGUN = given(create(), begin())
TWO = given(create(), begin(), begin("dir/other"))
OTHER = upload_of(2)


def shown(upload_id: str = UPLOAD, object_key: str = OBJECT) -> Require:
    return Require(field_of(KEY, upload_id), Equals(object_key))


@fires("multipart-lists/parts-have-their-numbers")
def test_parts_are_listed_by_their_numbers() -> Situation:
    steps = given(create(), begin(), part("7"), part("2"), part("7"))
    return steps.when(list_parts()).then(Require(NUMBERS, Equals("2,7", wrong="3,8")))


@fires("multipart-lists/parts-have-their-numbers")
def test_an_upload_without_parts_lists_none() -> Situation:
    return BEGUN.when(list_parts()).then(Require(NUMBERS, Equals("", wrong="1")))


@silent("multipart-lists/parts-have-their-numbers")
def test_an_upload_that_is_over_lists_nothing() -> Situation:
    return given(create(), begin(), part(), abort()).when(list_parts())


@fires("multipart-lists/uploads-in-progress-are-shown")
def test_uploads_are_listed_with_their_object_keys() -> Situation:
    return TWO.when(list_uploads()).then(shown(), shown(OTHER, "dir/other"))


@fires("multipart-lists/uploads-in-progress-are-shown")
def test_those_of_a_prefix_are_listed() -> Situation:
    request = replace(list_uploads(), prefix="dir/", max_uploads="1000", encoding_type="url")
    return TWO.when(request).then(shown(OTHER, "dir/other"))


@silent("multipart-lists/uploads-in-progress-are-shown")
def test_uploads_that_are_over_are_not_listed() -> Situation:
    return given(create(), begin(), part(), complete()).when(list_uploads())


@pytest.mark.parametrize(
    "asked",
    [
        {"max_uploads": "1"},
        {"max_uploads": "many"},
        {"delimiter": "/"},
        {"key_marker": "dir"},
        {"upload_id_marker": "x"},
        {"encoding_type": "other"},
    ],
)
def test_of_a_part_of_the_list_nothing_is_demanded(asked: dict[str, Any]) -> None:
    request = ListMultipartUploads(bucket="bucket", **asked)
    assert not request.is_whole
    world = TWO.when(request).world
    empty = HttpResponse(200, (), request.write_answer({}, world))
    answer = wire.read_answer(request, empty)
    assert not judge(Belief((world,)), request, answer).findings


@pytest.mark.parametrize("truncated", [True, False])
def test_a_list_without_an_upload_is_wrong_unless_it_is_cut_short(*, truncated: bool) -> None:
    request = list_uploads()
    world = TWO.when(request).world
    body = request.write_answer({"Uploads": OTHER}, world)
    if truncated:
        body = body.replace(b"false", b"true")
    judgement = judge(Belief((world,)), request, answer_of(request, body))
    clauses = [finding.clause for finding in judgement.findings]
    assert clauses == ([] if truncated else ["multipart-lists/uploads-in-progress-are-shown"])


def test_another_object_key_is_wrong() -> None:
    request = list_uploads()
    world = BEGUN.when(request).world
    body = request.write_answer({"Uploads": UPLOAD}, world)
    wrong = judge(Belief((world,)), request, answer_of(request, body.replace(b"object", b"x")))
    assert [finding.field for finding in wrong.findings] == ["Key of *"]


def test_object_keys_are_decoded() -> None:
    request = replace(list_uploads(), encoding_type="url")
    world = given(create(), begin("a b+\u00fc")).when(request).world
    body = request.write_answer({"Uploads": UPLOAD}, world)
    assert b"<Key>a%20b%2B%C3%BC</Key>" in body
    assert answer_of(request, body).fields[field_of(KEY, UPLOAD)] == "a b+\u00fc"
    left_out = request.write_answer({"Uploads": UPLOAD, field_of(KEY, UPLOAD): None}, world)
    assert b"<Upload>" not in left_out


def answer_of(request: ListMultipartUploads, body: bytes) -> Answer:
    return wire.read_answer(request, HttpResponse(200, (), body))


@fires("multipart-lists/uploads-need-no-key")
def test_uploads_under_a_customer_key_are_listed_without_it() -> Situation:
    return given(create(), begin(**customer())).when(list_uploads()).then(Succeed())


@silent("multipart-lists/uploads-need-no-key")
def test_of_a_list_from_a_marker_on_it_is_not_said_that_it_is_given() -> Situation:
    return BEGUN.when(replace(list_uploads(), key_marker=OBJECT))
