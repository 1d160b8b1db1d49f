"""Examples beside ``model/clauses/object_attributes.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model import wire
from model.clause import MayRefuse, Require
from model.clauses.multipart_completion import LEAST_PART
from model.clauses.tests.notation import (
    DATA,
    OTHER_CUSTOMER_KEY,
    copy,
    create,
    customer,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_multipart import begin, complete, etag_of, part
from model.clauses.tests.words_versioning import NEW, OLDER, TWO, attributes
from model.judge import Belief, judge
from model.matchers import Absent, AbsentOr, Equals
from model.messages import BodyEnd, HttpResponse
from model.object_parts import SIZES, PartSizes
from model.request import ENCRYPTION_HEADERS
from model.s3_errors import ACCESS_DENIED, INVALID_ARGUMENT, INVALID_REQUEST
from model.sse import md5_hex

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation

WRITTEN = given(create(), put())
UNDER_KEY = given(create(), put(**customer()))
MD5 = md5_hex(DATA)


def shown(number: int, length: int) -> bytes:
    return b"<Part><PartNumber>%d</PartNumber><Size>%d</Size></Part>" % (number, length)


def size(length: int) -> Require:
    return Require("ObjectSize", Equals(str(length), wrong=str(length + 16)))


@fires("object-attributes/etag-has-no-quotation-marks")
def test_the_attribute_is_the_etag_alone() -> Situation:
    return WRITTEN.when(attributes("ETag")).then(Require("ETag", Equals(MD5, wrong=f'"{MD5}"')))


@silent("object-attributes/etag-has-no-quotation-marks")
def test_an_etag_that_is_not_asked_for_is_not_expected() -> Situation:
    return WRITTEN.when(attributes("ObjectSize"))


@silent("object-attributes/etag-has-no-quotation-marks")
def test_a_missing_object_has_no_etag() -> Situation:
    return NEW.when(attributes())


@fires("object-attributes/size-is-that-of-the-data")
def test_the_size_is_that_of_the_data() -> Situation:
    return WRITTEN.when(attributes()).then(size(len(DATA)))


@fires("object-attributes/size-is-that-of-the-data")
def test_the_size_is_that_of_the_version_that_is_named() -> Situation:
    return TWO.when(attributes("ObjectSize", version_id=OLDER)).then(size(len(DATA)))


@silent("object-attributes/size-is-that-of-the-data")
def test_beside_an_unknown_attribute_nothing_is_expected() -> Situation:
    return WRITTEN.when(attributes("ObjectSize,Color"))


LARGE = b"m" * LEAST_PART
LISTED = ((1, md5_hex(LARGE)), (2, MD5))
IN_PARTS = given(create(), begin(), part("1", body=LARGE), part("2"), complete(*LISTED))
WITH_GAP = given(create(), begin(), part("7"), complete((7, MD5)))
UPLOADED = ((1, LEAST_PART), (2, len(DATA)))


@fires("object-attributes/parts-are-counted")
def test_the_parts_that_an_object_is_made_of_are_counted() -> Situation:
    count = Require("PartsCount", AbsentOr("2", wrong="3", told=True))
    return IN_PARTS.when(attributes("ObjectParts")).then(count)


@fires("object-attributes/parts-are-counted")
def test_a_part_that_was_not_listed_is_not_counted() -> Situation:
    steps = given(create(), begin(), part("1"), part("2"), complete((1, MD5)))
    count = Require("PartsCount", AbsentOr("1", wrong="2", told=True))
    return steps.when(attributes("ETag,ObjectParts")).then(count)


@silent("object-attributes/parts-are-counted")
def test_parts_that_are_not_asked_for_are_not_counted() -> Situation:
    return IN_PARTS.when(attributes())


@silent("object-attributes/parts-are-counted")
def test_how_many_parts_an_object_has_that_was_put_at_once_is_not_said() -> Situation:
    return WRITTEN.when(attributes("ObjectParts"))


@fires("object-attributes/part-sizes-are-those-of-the-data")
def test_parts_have_the_sizes_of_the_data() -> Situation:
    sizes = Require(SIZES, PartSizes(UPLOADED, told=False))
    return IN_PARTS.when(attributes("ObjectParts")).then(sizes)


@fires("object-attributes/part-sizes-are-those-of-the-data")
def test_parts_of_an_sse_c_object_have_the_sizes_of_the_data() -> Situation:
    steps = given(
        create(),
        begin(**customer()),
        part(**customer()),
        complete((1, etag_of(2)), **customer()),
    )
    sizes = Require(SIZES, PartSizes(((1, len(DATA)),), told=False))
    return steps.when(attributes("ObjectParts", **customer())).then(sizes)


@silent("object-attributes/part-sizes-are-those-of-the-data")
def test_of_sizes_that_are_not_asked_for_nothing_is_said() -> Situation:
    return IN_PARTS.when(attributes("ObjectSize"))


@silent("object-attributes/part-sizes-are-those-of-the-data")
def test_which_part_has_which_number_where_one_is_missing_is_an_open_question() -> Situation:
    return WITH_GAP.when(attributes("ObjectParts"))


@silent("object-attributes/part-sizes-are-those-of-the-data")
def test_a_copy_is_made_of_no_parts() -> Situation:
    asked = attributes("ObjectParts", object_key="copy")
    return given(*IN_PARTS.steps, copy()).when(asked)


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        (b"", []),
        (b"<ObjectParts />", []),
        (b"<ObjectParts><PartsCount>2</PartsCount></ObjectParts>", []),
        (b"<ObjectParts><PartsCount>3</PartsCount></ObjectParts>", ["PartsCount"]),
        (b"<ObjectParts>%s%s</ObjectParts>" % (shown(1, 5242880), shown(2, 9)), []),
        (b"<ObjectParts>%s</ObjectParts>" % shown(2, 9), []),
        (b"<ObjectParts><Part><PartNumber>2</PartNumber></Part></ObjectParts>", []),
        (b"<ObjectParts>%s%s</ObjectParts>" % (shown(1, 5245440), shown(2, 41)), [SIZES]),
        (b"<ObjectParts>%s</ObjectParts>" % shown(3, 9), [SIZES]),
    ],
)
def test_what_is_shown_of_parts_must_be_right(parts: bytes, fields: list[str]) -> None:
    asked = attributes("ObjectParts")
    document = b"<GetObjectAttributesResponse>%s</GetObjectAttributesResponse>" % parts
    answer = wire.read_answer(asked, HttpResponse(200, (), document))
    before = Belief((IN_PARTS.when(asked).world,))
    judgement = judge(before, asked, answer)
    assert [f.field for f in judgement.findings] == fields
    assert judge(judgement.belief, asked, answer).findings == ()


def test_part_sizes_can_be_said_and_are_told_where_they_are_to_be() -> None:
    told, untold = PartSizes(UPLOADED, told=True), PartSizes(UPLOADED, told=False)
    assert told.text == "absent or 1: 5242880, 2: 9"
    assert (told.answer(""), untold.answer("")) == ("1: 5242880, 2: 9", None)
    for matcher in (told, untold):
        assert matcher.accepts(matcher.answer(""))
        assert not matcher.accepts(matcher.contrary(""))


def test_attributes_that_break_off_show_nothing() -> None:
    asked = attributes()
    cut = HttpResponse(200, (), b"<GetObjectAttributesResponse><ETag>", BodyEnd.BROKEN_OFF)
    before = Belief((WRITTEN.when(asked).world,))
    findings = judge(before, asked, wire.read_answer(asked, cut)).findings
    assert {f.field for f in findings} == {"ETag", "ObjectSize"}


@fires("object-attributes/no-encryption-is-shown")
def test_attributes_show_no_encryption() -> Situation:
    headers = [Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS]
    elements = Require("encryption elements", Absent("ServerSideEncryption"))
    return WRITTEN.when(attributes()).then(*headers, elements)


@silent("object-attributes/no-encryption-is-shown")
def test_a_write_is_no_question_of_attributes() -> Situation:
    return NEW.when(put())


@fires("allowance/attributes-with-another-key")
def test_another_key_gets_403_or_400() -> Situation:
    allowed = MayRefuse((INVALID_REQUEST, INVALID_ARGUMENT))
    asked = attributes(**customer(OTHER_CUSTOMER_KEY))
    answered = (ACCESS_DENIED, INVALID_REQUEST, INVALID_ARGUMENT)
    return UNDER_KEY.when(asked).then(allowed, answered=answered)


@silent("allowance/attributes-with-another-key")
def test_the_key_itself_is_no_question() -> Situation:
    return UNDER_KEY.when(attributes(**customer()))


@silent("allowance/attributes-with-another-key")
def test_an_object_under_no_key_has_no_other() -> Situation:
    return WRITTEN.when(attributes(**customer()))


@fires("allowance/attributes-with-a-key-of-no-use")
def test_a_key_for_an_object_under_none_may_be_refused() -> Situation:
    return WRITTEN.when(attributes(**customer())).then(MayRefuse((INVALID_REQUEST,)))


@silent("allowance/attributes-with-a-key-of-no-use")
def test_a_key_is_of_use_for_an_object_under_it() -> Situation:
    return UNDER_KEY.when(attributes(**customer()))


@silent("allowance/attributes-with-a-key-of-no-use")
def test_without_a_key_none_is_of_no_use() -> Situation:
    return WRITTEN.when(attributes())


@fires("allowance/attributes-without-the-key-md5")
def test_a_key_without_its_md5_may_be_refused() -> Situation:
    asked = attributes(**customer(customer_key_md5=None))
    return UNDER_KEY.when(asked).then(MayRefuse((INVALID_ARGUMENT, INVALID_REQUEST)))


@silent("allowance/attributes-without-the-key-md5")
def test_without_a_key_there_is_no_md5_to_leave_out() -> Situation:
    return WRITTEN.when(attributes())
