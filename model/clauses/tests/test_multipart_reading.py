"""GET and HEAD of one part of an object."""

from __future__ import annotations

from dataclasses import replace

from model.answer import BODY, CONTENT_LENGTH
from model.clause import MayRefuse, Refuse, Require
from model.clauses.multipart_completion import LEAST_PART
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    OBJECT,
    Situation,
    copy,
    create,
    fires,
    get,
    given,
    head,
    put,
    silent,
)
from model.clauses.tests.words_multipart import MD5, begin, complete, part
from model.matchers import BodyIs, Equals
from model.open_matchers import BodyIsOneOf, OneOf
from model.s3_errors import ANY_400, INVALID_ARGUMENT, INVALID_PART_NUMBER, NO_SUCH_KEY
from model.sse import SseS3, md5_hex
from model.stored import ObjectVersion

LARGE = b"m" * LEAST_PART
ONE = given(create(), begin(), part(), complete())
TWO = given(
    create(),
    begin(),
    part("1", body=LARGE),
    part("2"),
    complete((1, md5_hex(LARGE)), (2, MD5)),
)
GAP = given(create(), begin(), part("7"), complete((7, MD5)))
GAPS = given(
    create(),
    begin(),
    part("1", body=LARGE),
    part("1000"),
    complete((1, md5_hex(LARGE)), (1000, MD5)),
)
SHIFTED = given(
    create(),
    begin(),
    part("2", body=LARGE),
    part("3"),
    complete((2, md5_hex(LARGE)), (3, MD5)),
)
EMPTY_PART = given(create(), begin(), part(body=b""), complete((1, md5_hex(b""))))
PUT = given(create(), put())
END = len(LARGE) + len(DATA)
BEYOND = Refuse((INVALID_PART_NUMBER,))
MAYBE = MayRefuse((ANY_400, INVALID_PART_NUMBER))


@fires("multipart-reading/part-is-of-the-data")
def test_the_second_part_is_what_was_uploaded_as_that() -> Situation:
    shown = f"bytes {len(LARGE)}-{END - 1}/{END}"
    rulings = (Require(BODY, BodyIs(DATA)), Require("content-range", Equals(shown)))
    return TWO.when(get(part_number="2")).then(*rulings)


@fires("multipart-reading/part-is-of-the-data")
def test_an_empty_part_has_no_range() -> Situation:
    return EMPTY_PART.when(get(part_number="1")).then(Require(BODY, BodyIs(b"")))


@silent("multipart-reading/part-is-of-the-data")
def test_the_whole_object_is_no_part() -> Situation:
    return TWO.when(get())


@silent("multipart-reading/part-is-of-the-data")
def test_of_a_part_beside_a_range_nothing_is_said() -> Situation:
    return TWO.when(get(part_number="2", range="bytes=0-1"))


@fires("multipart-reading/whole-object-is-its-one-part")
def test_an_object_that_was_put_at_once_is_its_own_first_part() -> Situation:
    return PUT.when(get(part_number="1")).then(Require(BODY, BodyIs(DATA)))


@fires("multipart-reading/whole-object-is-its-one-part")
def test_a_copy_of_an_object_in_parts_has_one_part() -> Situation:
    copied = given(*ONE.steps, copy())
    return copied.when(get("copy", part_number="1")).then(Require(BODY, BodyIs(DATA)))


@silent("multipart-reading/whole-object-is-its-one-part")
def test_of_an_object_in_one_part_another_clause_speaks() -> Situation:
    return ONE.when(get(part_number="1"))


@silent("multipart-reading/whole-object-is-its-one-part")
def test_of_an_object_whose_etag_is_not_known_the_parts_are_not() -> Situation:
    world = PUT.when(get()).world
    unsure = world.with_object(BUCKET, OBJECT, ObjectVersion(encryption=SseS3(), body=DATA))
    return given(start=unsure).when(get(part_number="1"))


@fires("multipart-reading/length-is-that-of-the-part")
def test_the_length_of_the_second_part_is_that_of_its_data() -> Situation:
    ruling = Require(CONTENT_LENGTH, Equals("9", wrong="25"))
    return TWO.when(head(part_number="2")).then(ruling)


@silent("multipart-reading/length-is-that-of-the-part")
def test_the_length_of_the_whole_object_is_spoken_of_elsewhere() -> Situation:
    return TWO.when(head())


@fires("multipart-reading/parts-are-counted")
def test_a_read_of_a_part_tells_how_many_there_are() -> Situation:
    return TWO.when(head(part_number="1")).then(Require("x-amz-mp-parts-count", Equals("2")))


@silent("multipart-reading/parts-are-counted")
def test_a_read_of_the_whole_object_need_not_count_its_parts() -> Situation:
    return TWO.when(get())


@fires("multipart-reading/part-beyond-the-last-is-refused")
def test_the_second_part_of_one_is_refused() -> Situation:
    return ONE.when(get(part_number="2")).then(BEYOND, answered=(INVALID_PART_NUMBER,))


@fires("multipart-reading/part-beyond-the-last-is-refused")
def test_the_second_part_of_an_object_that_was_put_at_once_is_refused() -> Situation:
    return PUT.when(head(part_number="2")).then(BEYOND, answered=(INVALID_PART_NUMBER,))


@fires("multipart-reading/part-beyond-the-last-is-refused")
def test_the_last_number_that_a_part_can_have_is_only_out_of_range() -> Situation:
    return TWO.when(get(part_number="10000")).then(BEYOND, answered=(INVALID_PART_NUMBER,))


@fires("multipart-reading/part-beyond-the-last-is-refused")
def test_a_number_that_no_part_can_have_may_be_called_no_argument() -> Situation:
    errors = (INVALID_PART_NUMBER, INVALID_ARGUMENT)
    return TWO.when(get(part_number="10001")).then(Refuse(errors), answered=errors)


@fires("multipart-reading/part-beyond-the-last-is-refused")
def test_a_part_that_is_neither_there_nor_in_that_place_is_refused() -> Situation:
    return GAP.when(get(part_number="2")).then(BEYOND, answered=(INVALID_PART_NUMBER, ANY_400))


@silent("multipart-reading/part-beyond-the-last-is-refused")
def test_a_part_that_is_in_that_place_need_not_be_refused() -> Situation:
    return GAPS.when(get(part_number="2"))


@silent("multipart-reading/part-beyond-the-last-is-refused")
def test_a_part_of_a_missing_object_is_refused_for_that() -> Situation:
    return PUT.when(get("missing", part_number="1")).then(answered=(NO_SUCH_KEY,))


@silent("multipart-reading/part-beyond-the-last-is-refused")
def test_the_last_part_is_not_refused() -> Situation:
    return TWO.when(get(part_number="2"))


@fires("multipart-reading/part-of-parts-with-gaps")
def test_where_numbers_are_missing_a_number_may_be_a_place() -> Situation:
    return GAPS.when(get(part_number="2")).then(Require(BODY, BodyIsOneOf((DATA,))))


@fires("multipart-reading/part-of-parts-with-gaps")
def test_where_numbers_are_missing_a_number_may_be_that_of_a_part() -> Situation:
    return GAPS.when(get(part_number="1000")).then(Require(BODY, BodyIsOneOf((DATA,))))


@fires("multipart-reading/part-of-parts-with-gaps")
def test_a_number_may_be_that_of_one_part_and_the_place_of_another() -> Situation:
    lengths = OneOf((str(len(DATA)), str(len(LARGE))), wrong=str(END + 16))
    return SHIFTED.when(head(part_number="2")).then(Require(CONTENT_LENGTH, lengths))


@silent("multipart-reading/part-of-parts-with-gaps")
def test_where_no_number_is_missing_a_part_is_that_of_its_number() -> Situation:
    return TWO.when(get(part_number="2"))


@silent("multipart-reading/part-of-parts-with-gaps")
def test_the_whole_of_parts_with_gaps_is_no_part() -> Situation:
    return GAPS.when(get())


@silent("multipart-reading/part-of-parts-with-gaps")
def test_of_parts_with_gaps_a_range_beside_a_number_may_be_anything() -> Situation:
    return GAPS.when(get(part_number="2", range="bytes=0-1"))


@fires("allowance/odd-part-number")
def test_a_part_beside_a_range_may_be_refused() -> Situation:
    return TWO.when(get(part_number="2", range="bytes=0-1")).then(MAYBE)


@fires("allowance/odd-part-number")
def test_part_0_may_be_refused() -> Situation:
    return TWO.when(head(part_number="0")).then(MAYBE)


@fires("allowance/odd-part-number")
def test_a_part_of_an_object_whose_parts_have_gaps_may_be_refused() -> Situation:
    return GAP.when(get(part_number="1")).then(MAYBE)


@silent("allowance/odd-part-number")
def test_the_first_part_may_not_be_refused() -> Situation:
    return TWO.when(get(part_number="1"))


@silent("allowance/odd-part-number")
def test_a_read_of_the_whole_object_may_not_be_refused_for_its_parts() -> Situation:
    return TWO.when(get(range="bytes=0-1"))


@silent("allowance/odd-part-number")
def test_a_part_of_a_missing_object_may_not_be_refused_for_the_part() -> Situation:
    return PUT.when(get("missing", part_number="1"))


def test_a_part_of_data_that_are_not_known_is_not_known() -> None:
    version = TWO.when(get()).world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    assert get(part_number="2").part_read(replace(version, part_sizes=None)) is None


def test_a_part_is_partial_content_but_an_empty_one_may_be_all() -> None:
    for steps, number, status in ((TWO, "2", 206), (EMPTY_PART, "1", None), (GAPS, "2", None)):
        version = steps.when(get()).world.object(BUCKET, OBJECT)
        assert isinstance(version, ObjectVersion)
        assert get(part_number=number).status(version) == status
        assert head(part_number=number).status(version) == status
