"""How observations of uploads in parts are read: what S3 chose in them is made up to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.cases import ACCEPTED, NOT_JUDGED, REJECTED
from model.tests.test_cases_reading import DENIED, MADE, OK, SSE, Step, get, judged, put

if TYPE_CHECKING:
    from model.parameter_values import Json

pytestmark = pytest.mark.example

NO_SUCH_UPLOAD: dict[str, Json] = {"status": 404, "error_code": "NoSuchUpload"}


def begin(expect: dict[str, Json] = OK, **params: Json) -> Step:
    return "CreateMultipartUpload", {"Bucket": "$bucket1", "Key": "k", **params}, expect


def part(
    expect: dict[str, Json] = OK, upload: str = "$upload1", number: int = 1, **params: Json
) -> Step:
    named: dict[str, Json] = {"Bucket": "$bucket1", "Key": "k", "UploadId": upload}
    named["PartNumber"] = number
    return "UploadPart", {"Body": "data", **named, **params}, expect


def part_copy(expect: dict[str, Json] = OK, **params: Json) -> Step:
    named: dict[str, Json] = {"Bucket": "$bucket1", "Key": "k", "UploadId": "$upload1"}
    named["PartNumber"] = 1
    return "UploadPartCopy", {"CopySource": "$bucket1/source", **named, **params}, expect


def complete(
    expect: dict[str, Json] = OK, *etags: str, upload: str = "$upload1", **params: Json
) -> Step:
    parts: list[Json] = [{"PartNumber": n, "ETag": e} for n, e in enumerate(etags, 1)]
    listed: dict[str, Json] = {"MultipartUpload": {"Parts": parts}} if etags else {}
    named = {"Bucket": "$bucket1", "Key": "k", "UploadId": upload}
    return "CompleteMultipartUpload", {**named, **listed, **params}, expect


def list_parts(expect: dict[str, Json]) -> Step:
    return "ListParts", {"Bucket": "$bucket1", "Key": "k", "UploadId": "$upload1"}, expect


def test_an_upload_goes_by_the_name_that_later_steps_call_it() -> None:
    steps = (MADE, begin(), part(), complete(OK, '"$part1.etag"'), get({"body_text": "data"}))
    assert judged(*steps).verdict == ACCEPTED


def test_two_uploads_of_one_object_go_by_their_order() -> None:
    second = part(upload="$upload2", Body="other")
    done = complete(OK, "$part1.etag", upload="$upload2")
    steps = (MADE, begin(), part(), begin(), second, done)
    assert judged(*steps, get({"body_text": "other"})).verdict == ACCEPTED
    assert judged(*steps, get({"body_text": "data"})).verdict == REJECTED


def test_an_upload_that_is_not_named_again_has_an_id_all_the_same() -> None:
    assert judged(MADE, begin()).verdict == ACCEPTED


def test_an_upload_that_was_refused_has_no_id() -> None:
    refused: dict[str, Json] = {"status": 400, "error_code": "InvalidArgument"}
    wrong = begin(refused, ServerSideEncryption="x")
    assert judged(MADE, wrong, begin(), part()).verdict == ACCEPTED


def test_a_completion_whose_list_was_left_out_of_the_case_lists_all_parts() -> None:
    steps = (MADE, begin(), part(), complete({"etag_suffix": "-1", "success": True}))
    assert judged(*steps, get({"body_text": "data"})).verdict == ACCEPTED
    other = complete({"etag_suffix": "-2", "success": True})
    assert judged(*steps[:3], other).verdict == REJECTED
    unknown = complete(NO_SUCH_UPLOAD, upload="never-was")
    assert judged(MADE, begin(), unknown).verdict == ACCEPTED


@pytest.mark.parametrize(("is_md5", "verdict"), [(True, ACCEPTED), (False, REJECTED)])
def test_whether_the_etag_of_a_part_is_its_md5_is_held_against_it(
    is_md5: bool, verdict: str
) -> None:
    stated: dict[str, Json] = {"status": 200, "etag_is_md5": is_md5}
    assert judged(MADE, begin(), part(stated)).verdict == verdict
    copied = part_copy(stated, CopySourceRange="bytes=0-1")
    source = put(OK, Key="source", Body="0123")
    assert judged(MADE, source, begin(), copied).verdict == verdict


def test_the_etag_of_a_part_of_which_no_clause_speaks_is_made_up_all_the_same() -> None:
    copied = part_copy(CopySourceRange="bytes=9-99")
    steps = (MADE, put(OK, Key="source", Body="0123"), begin(), copied)
    assert judged(*steps, complete(OK, "$part1.etag")).verdict == ACCEPTED


def test_the_etag_of_an_object_in_parts_is_not_its_md5() -> None:
    steps = (MADE, begin(), part(), complete())
    assert judged(*steps, get({"status": 200, "etag_is_md5": False})).verdict == ACCEPTED
    assert judged(*steps, get({"status": 200, "etag_is_md5": True})).verdict == REJECTED


def test_the_length_of_data_that_are_not_told_is_that_of_a_read() -> None:
    steps = (MADE, begin(), part(Body="$body"), complete())
    three: dict[str, Json] = {"status": 200, "extra": {"ContentLength": 3}}
    head: Step = ("HeadObject", {"Bucket": "$bucket1", "Key": "k"}, three)
    assert judged(*steps, head).verdict == ACCEPTED
    two = part(Body="$body", number=2)
    assert judged(MADE, begin(), two, part(Body="$body"), complete(), head).verdict == REJECTED


def test_a_header_whose_value_is_not_told_has_one() -> None:
    refused: dict[str, Json] = {"status": 400, "error_code": "InvalidArgument"}
    steps = (MADE, begin(), part(refused, _headers={SSE: "$some_value"}))
    assert judged(*steps).verdict == ACCEPTED
    assert judged(MADE, begin(), part(_headers=7)).verdict == NOT_JUDGED


def test_the_parts_that_a_list_shows_are_held_against_it() -> None:
    steps = (MADE, begin(), part())
    row: dict[str, Json] = {"PartNumber": 1, "ETag": '"$part1.etag"', "Size": 4}
    assert judged(*steps, list_parts({"body": {"Parts": [row]}})).verdict == ACCEPTED
    wrong = {**row, "Size": 20}
    assert judged(*steps, list_parts({"body": {"Parts": [wrong]}})).verdict == REJECTED
    part_of_it: dict[str, Json] = {"Size": 4}
    assert judged(*steps, list_parts({"body": {"Parts": [part_of_it]}})).verdict == ACCEPTED


@pytest.mark.parametrize("permission", ["kms:GenerateDataKey", "kms:Decrypt"])
def test_a_caller_without_a_permission_on_the_key_adds_no_part_under_it(permission: str) -> None:
    caller = f"no {permission}"
    under_kms = begin(ServerSideEncryption="aws:kms")
    assert judged(MADE, under_kms, part(DENIED, _caller=caller)).verdict == ACCEPTED
    assert judged(MADE, under_kms, part(_caller=caller)).verdict == REJECTED
    assert judged(MADE, begin(), part(_caller=caller)).verdict == ACCEPTED
    absent = part(NO_SUCH_UPLOAD, upload="never-was", _caller=caller)
    assert judged(MADE, begin(), absent).verdict == ACCEPTED


def test_an_upload_in_a_bucket_that_the_case_did_not_make_shows_its_default() -> None:
    shown: dict[str, Json] = {"status": 200, "headers": {SSE: "aws:kms"}}
    assert judged(begin(shown), part(shown)).verdict == ACCEPTED
    assert judged(begin(shown), part({"headers": {SSE: "AES256"}})).verdict == REJECTED
