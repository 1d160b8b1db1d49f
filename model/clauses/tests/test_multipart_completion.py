"""CompleteMultipartUpload: the list of parts, and the object that is made of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from model.answer import ETAG
from model.clause import Keep, Law, MayRefuse, Refuse, Require, Succeed
from model.clauses.multipart_completion import LEAST_PART, checks_in_order
from model.clauses.tests.notation import (
    DATA,
    EMPTY,
    UNKNOWN,
    Situation,
    create,
    customer,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_directory import DIRECTORY, in_directory, session, token
from model.clauses.tests.words_multipart import (
    MD5,
    NO_UPLOAD,
    begin,
    complete,
    complete_with,
    etag_of,
    list_parts,
    listing,
    part,
    part_copy,
    upload_of,
)
from model.matchers import Equals, EtagOfParts
from model.open_matchers import SomeText
from model.s3_errors import (
    ANY_400,
    ENTITY_TOO_SMALL,
    INVALID_ARGUMENT,
    INVALID_ENCRYPTION_ALGORITHM,
    INVALID_PART,
    INVALID_PART_ORDER,
    INVALID_REQUEST,
    MALFORMED_XML,
    MISSING_REQUEST_BODY,
    NO_SUCH_UPLOAD,
)
from model.sse import md5_hex
from model.stored import MultipartUpload, Presence, UploadedPart

LARGE = b"m" * LEAST_PART
LARGE_MD5 = md5_hex(LARGE)
FILLED = given(create(), begin(), part())
TWO = given(create(), begin(), part("1"), part("2"))
TWO_LARGE = given(create(), begin(), part("1", body=LARGE), part("2"))
UNDER_SSE_C = given(create(), begin(**customer()), part(**customer()))
DONE = given(create(), begin(), part(), complete())
MALFORMED = Refuse((MALFORMED_XML, INVALID_REQUEST))
NO_PART = Refuse((INVALID_PART,), step="parts")
OTHER_PARTS = MayRefuse((NO_SUCH_UPLOAD, INVALID_PART))
IMPOSSIBLE = Refuse((INVALID_ARGUMENT,), step="part numbers")
TOO_SMALL = Refuse((ENTITY_TOO_SMALL,), step="parts")
ORDER = checks_in_order(EMPTY, complete())


def replaced(upload: MultipartUpload | Presence, etag: str) -> MultipartUpload:
    """Return the upload with another ETag of its first part."""
    assert isinstance(upload, MultipartUpload)
    parts = {1: UploadedPart(body=DATA, etag=etag)}
    return replace(upload, parts=parts)


def etag_made_of(*etags: str) -> str:
    digest = hashlib.md5(b"".join(bytes.fromhex(etag) for etag in etags))
    return f"{digest.hexdigest()}-{len(etags)}"


@fires("multipart-completion/document-must-list-parts")
def test_a_body_that_is_no_list_is_refused() -> Situation:
    request = complete_with(b"<Delete/>")
    return FILLED.when(request).then(MALFORMED, answered=(MALFORMED_XML, INVALID_REQUEST))


@fires("multipart-completion/document-must-list-parts")
def test_a_list_of_no_parts_is_refused() -> Situation:
    return FILLED.when(complete_with(listing())).then(MALFORMED)


@fires("multipart-completion/document-must-list-parts")
def test_a_completion_without_a_body_may_be_told_that_it_has_none() -> Situation:
    errors = (MALFORMED_XML, INVALID_REQUEST, MISSING_REQUEST_BODY)
    return FILLED.when(complete_with(b" ")).then(Refuse(errors), answered=errors)


@silent("multipart-completion/document-must-list-parts")
def test_a_list_of_a_part_is_none_the_less_a_list() -> Situation:
    return FILLED.when(complete())


@fires("multipart-completion/part-numbers-must-be-possible")
def test_a_part_number_below_1_is_refused_before_the_key_and_the_parts_are_looked_at() -> Situation:
    request = complete((-1, MD5), **customer(customer_algorithm="x"))
    return FILLED.when(request).then(IMPOSSIBLE, answered=(INVALID_ARGUMENT,))


@silent("multipart-completion/part-numbers-must-be-possible")
def test_part_number_1_is_possible() -> Situation:
    return FILLED.when(complete())


@fires("multipart-completion/parts-must-be-there")
def test_a_part_that_was_not_uploaded_is_refused() -> Situation:
    return FILLED.when(complete((7, MD5))).then(NO_PART, answered=(INVALID_PART,))


@fires("multipart-completion/parts-must-be-there")
def test_another_etag_of_a_part_is_refused() -> Situation:
    return FILLED.when(complete((1, md5_hex(b"x")))).then(NO_PART, answered=(INVALID_PART,))


@fires("multipart-completion/parts-must-be-there")
def test_a_part_number_that_no_part_can_have_is_refused_as_that_or_as_missing() -> Situation:
    ruling = Refuse((INVALID_PART, INVALID_ARGUMENT), step="parts")
    return FILLED.when(complete((10001, MD5))).then(ruling)


@silent("multipart-completion/parts-must-be-there")
def test_the_quotation_marks_of_an_etag_may_be_left_out() -> Situation:
    return FILLED.when(complete_with(listing((1, MD5)).replace(b'"' + MD5.encode(), MD5.encode())))


@silent("multipart-completion/parts-must-be-there")
def test_of_the_parts_of_an_unknown_upload_nothing_is_known() -> Situation:
    return given(start=UNKNOWN).when(complete())


@fires("multipart-completion/parts-must-be-in-order")
def test_large_parts_in_descending_order_are_refused() -> Situation:
    before = given(create(), begin(), part("1", body=LARGE), part("2", body=LARGE))
    request = complete((2, LARGE_MD5), (1, LARGE_MD5))
    ruling = Refuse((INVALID_PART_ORDER,))
    return before.when(request).then(ruling, answered=(INVALID_PART_ORDER,))


@fires("multipart-completion/parts-must-be-in-order")
def test_small_parts_in_descending_order_are_refused_as_that_or_as_small() -> Situation:
    errors = (INVALID_PART_ORDER, ENTITY_TOO_SMALL)
    return TWO.when(complete((2, MD5), (1, MD5))).then(Refuse(errors), answered=errors)


@silent("multipart-completion/parts-must-be-in-order")
def test_parts_in_ascending_order_with_a_gap_are_in_order() -> Situation:
    before = given(create(), begin(), part("2"), part("7"))
    return before.when(complete((2, MD5), (7, MD5)))


@fires("allowance/part-listed-twice")
def test_a_part_that_is_listed_twice_may_be_refused() -> Situation:
    return FILLED.when(complete((1, MD5), (1, MD5))).then(MayRefuse((ANY_400,)))


@silent("allowance/part-listed-twice")
def test_parts_that_are_listed_once_may_not_be_refused() -> Situation:
    return TWO_LARGE.when(complete((1, LARGE_MD5), (2, MD5)))


@fires("multipart-completion/only-the-last-part-may-be-small")
def test_a_small_part_before_another_is_refused() -> Situation:
    request = complete((1, MD5), (2, MD5))
    return TWO.when(request).then(TOO_SMALL, answered=(ENTITY_TOO_SMALL,))


@silent("multipart-completion/only-the-last-part-may-be-small")
def test_a_small_part_behind_a_large_one_is_not_refused() -> Situation:
    return TWO_LARGE.when(complete((1, LARGE_MD5), (2, MD5)))


@silent("multipart-completion/only-the-last-part-may-be-small")
def test_a_small_part_that_is_not_listed_does_not_count() -> Situation:
    return TWO.when(complete((2, MD5)))


@silent("multipart-completion/only-the-last-part-may-be-small")
def test_of_an_empty_list_no_part_is_small() -> Situation:
    return TWO.when(complete_with(listing()))


@fires("multipart-completion/checks-in-order")
def test_a_wrong_algorithm_is_answered_before_a_missing_part() -> Situation:
    request = complete((7, MD5), **customer(customer_algorithm="x"))
    assert ORDER is not None
    assert not isinstance(ORDER, tuple)
    return UNDER_SSE_C.when(request).then(ORDER, answered=(INVALID_ENCRYPTION_ALGORITHM,))


@silent("multipart-completion/checks-in-order")
def test_where_no_part_is_listed_nothing_is_ordered() -> Situation:
    return UNDER_SSE_C.when(complete_with(b""))


@fires("multipart-completion/needs-no-headers")
def test_an_upload_under_kms_is_completed_without_headers() -> Situation:
    before = given(create(), begin(sse="aws:kms"), part())
    return before.when(complete((1, etag_of(2)))).then(Succeed())


@silent("multipart-completion/needs-no-headers")
def test_of_an_upload_under_sse_c_other_clauses_speak() -> Situation:
    return UNDER_SSE_C.when(complete((1, etag_of(2))))


@silent("multipart-completion/needs-no-headers")
def test_a_completion_with_a_needless_header_need_not_succeed() -> Situation:
    return FILLED.when(complete(bucket_key_enabled="true"))


@silent("multipart-completion/needs-no-headers")
def test_a_completion_of_an_unknown_upload_need_not_succeed() -> Situation:
    return FILLED.when(complete(upload=NO_UPLOAD))


@fires("multipart-completion/etag-is-made-of-the-parts")
def test_the_etag_is_the_md5_of_the_part_etags_and_their_number() -> Situation:
    etag = etag_made_of(LARGE_MD5, MD5)
    request = complete((1, LARGE_MD5), (2, MD5))
    return TWO_LARGE.when(request).then(Require(ETAG, Equals(etag, wrong=etag.removesuffix("-2"))))


@fires("multipart-completion/etag-is-made-of-the-parts")
def test_the_etag_under_sse_c_is_made_of_etags_that_are_no_md5() -> Situation:
    etag = etag_made_of(etag_of(2))
    ruling = Require(ETAG, Equals(etag, wrong=etag.removesuffix("-1")))
    return UNDER_SSE_C.when(complete((1, etag_of(2)))).then(ruling)


@fires("multipart-completion/etag-is-made-of-the-parts")
def test_where_the_etag_of_a_part_was_none_the_number_of_parts_is_shown_all_the_same() -> Situation:
    world = FILLED.when(part()).world
    bucket = world.existing("bucket")
    request = complete((1, "odd"))
    (upload_id, upload), *_ = bucket.uploads.items()
    odd = replaced(upload, "odd")
    changed = world.with_bucket("bucket", bucket.with_upload(upload_id, odd))
    return given(start=changed).when(request).then(Require(ETAG, EtagOfParts(1)))


@silent("multipart-completion/etag-is-made-of-the-parts")
def test_of_an_unknown_upload_the_etag_is_not_known() -> Situation:
    return given(start=UNKNOWN).when(complete())


@fires("multipart-completion/refused-completion-keeps-the-object")
def test_a_refused_completion_keeps_the_object_that_was_there() -> Situation:
    before = given(create(), begin(), put())
    ruling = Keep(Law.DESTINATION_OF_REFUSED_WRITE)
    return before.when(complete()).then(ruling, answered=(INVALID_PART,))


@silent("multipart-completion/refused-completion-keeps-the-object")
def test_of_the_objects_of_an_unknown_bucket_nothing_is_kept() -> Situation:
    return given(start=UNKNOWN).when(complete())


@fires("allowance/completion-that-is-repeated")
def test_a_completion_that_is_repeated_may_be_refused() -> Situation:
    return DONE.when(complete()).then(MayRefuse((NO_SUCH_UPLOAD,)), answered=(NO_SUCH_UPLOAD,))


@fires("allowance/completion-that-is-repeated")
def test_a_repeated_completion_with_another_etag_may_be_held_against_the_parts() -> Situation:
    return DONE.when(complete((1, etag_of(9)))).then(OTHER_PARTS, answered=OTHER_PARTS.errors)


@fires("allowance/completion-that-is-repeated")
def test_a_repeated_completion_with_more_parts_may_be_held_against_them() -> Situation:
    request = complete((1, MD5), (2, MD5))
    return DONE.when(request).then(OTHER_PARTS, answered=OTHER_PARTS.errors)


@silent("allowance/completion-that-is-repeated")
def test_a_completion_of_an_upload_to_another_object_is_no_repetition() -> Situation:
    return DONE.when(replace(complete(), object_key="other"))


@silent("allowance/completion-that-is-repeated")
def test_a_list_of_the_parts_of_a_completed_upload_is_no_repetition() -> Situation:
    return DONE.when(list_parts())


@silent("allowance/completion-that-is-repeated")
def test_the_first_completion_is_no_repetition() -> Situation:
    return FILLED.when(complete())


@silent("multipart-completion/only-the-last-part-may-be-small")
def test_of_a_part_whose_data_are_not_known_it_is_not_known_whether_it_is_small() -> Situation:
    copied = part_copy(copy_source_range="bytes=5-999")
    before = given(create(), begin(), put("source"), copied, part("2"))
    return before.when(complete((1, MD5), (2, MD5)))


@fires("allowance/completion-that-is-repeated")
def test_a_completion_that_is_repeated_may_be_refused_in_a_directory_bucket() -> Situation:
    within: dict[str, Any] = {"bucket": DIRECTORY, "session_token": token(1)}
    upload = upload_of(2)
    done = complete((1, str(SomeText().answer("answer 3"))), upload=upload, **within)
    after = in_directory(session(), begin(**within), part(upload=upload, **within), done)
    return after.when(done).then(MayRefuse((NO_SUCH_UPLOAD,)), answered=(NO_SUCH_UPLOAD,))
