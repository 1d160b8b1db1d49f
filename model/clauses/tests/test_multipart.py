"""Uploads in parts: their beginning, their parts, their lists."""

from __future__ import annotations

from dataclasses import replace

from model.answer import ETAG
from model.clause import Keep, Law, MayRefuse, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    DATA,
    KEY_ID,
    UNKNOWN,
    Situation,
    create,
    customer,
    delete_default,
    disable,
    fires,
    given,
    put,
    put_default,
    silent,
    source_customer,
)
from model.clauses.tests.words_directory import DIRECTORY, in_directory, session, token
from model.clauses.tests.words_multipart import (
    MD5,
    NO_UPLOAD,
    UPLOAD,
    abort,
    begin,
    complete,
    etag_of,
    list_parts,
    list_uploads,
    part,
    part_copy,
    upload_of,
)
from model.matchers import Absent, Equals, Md5Of, Md5Shape, NewId, NoneBut, NotMd5Of
from model.request import ENCRYPTION_HEADERS
from model.s3_errors import (
    ACCESS_DENIED,
    ANY_400,
    INVALID_ARGUMENT,
    INVALID_RANGE,
    INVALID_REQUEST,
    NO_SUCH_BUCKET,
    NO_SUCH_UPLOAD,
)

NEW = given(create())
BEGUN = given(create(), begin())
UNDER_KMS = given(create(), begin(sse="aws:kms", kms_key_id=KEY_ID))
UNDER_DSSE = given(create(), begin(sse="aws:kms:dsse"))
UNDER_SSE_C = given(create(), begin(**customer()))
FILLED = given(create(), begin(), part())
DONE = given(create(), begin(), part(), complete())
GONE = given(create(), begin(), abort())
WITH_SOURCE = given(create(), begin(), put("source"))
WITH_MUCH = given(create(), begin(), put("source", body=bytes(5 * 2**20 + 1)))
NOT_SUPPORTED = Refuse((INVALID_ARGUMENT,))
NO_SUCH = Refuse((NO_SUCH_UPLOAD,))


@fires("multipart/upload-id-is-given")
def test_a_new_upload_has_an_id_that_no_other_has() -> Situation:
    return BEGUN.when(begin()).then(Require("UploadId", NewId(frozenset({UPLOAD}))))


@silent("multipart/upload-id-is-given")
def test_an_object_that_is_put_at_once_has_no_upload_id() -> Situation:
    return NEW.when(put())


@fires("multipart/algorithm-on-a-part-is-refused")
def test_a_part_must_not_name_even_the_encryption_of_its_upload() -> Situation:
    return UNDER_KMS.when(part(sse="aws:kms")).then(NOT_SUPPORTED, answered=(INVALID_ARGUMENT,))


@fires("multipart/algorithm-on-a-part-is-refused")
def test_a_copied_part_must_not_name_an_encryption() -> Situation:
    return WITH_SOURCE.when(part_copy(sse="AES256")).then(NOT_SUPPORTED)


@fires("multipart/algorithm-on-a-part-is-refused")
def test_a_completion_must_not_name_an_encryption() -> Situation:
    return FILLED.when(complete(sse="AES256")).then(NOT_SUPPORTED, answered=(INVALID_ARGUMENT,))


@silent("multipart/algorithm-on-a-part-is-refused")
def test_a_part_without_the_header_is_not_refused_for_it() -> Situation:
    return UNDER_KMS.when(part())


@fires("allowance/kms-headers-on-a-part")
def test_a_bucket_key_asked_for_on_a_part_may_be_refused() -> Situation:
    return UNDER_KMS.when(part(bucket_key_enabled="true")).then(MayRefuse((INVALID_ARGUMENT,)))


@silent("allowance/kms-headers-on-a-part")
def test_a_part_without_kms_headers_may_not_be_refused_for_them() -> Situation:
    return UNDER_KMS.when(part())


@fires("multipart/unknown-upload-is-refused")
def test_a_part_of_an_upload_that_never_was_is_refused() -> Situation:
    return BEGUN.when(part(upload=NO_UPLOAD)).then(NO_SUCH, answered=(NO_SUCH_UPLOAD,))


@fires("multipart/unknown-upload-is-refused")
def test_a_part_of_an_upload_of_another_object_is_refused() -> Situation:
    return BEGUN.when(part(object_key="other")).then(NO_SUCH)


@fires("multipart/unknown-upload-is-refused")
def test_a_part_of_an_upload_that_was_aborted_is_refused() -> Situation:
    return GONE.when(part()).then(NO_SUCH)


@fires("multipart/unknown-upload-is-refused")
def test_a_list_of_the_parts_of_an_upload_that_was_completed_is_refused() -> Situation:
    return DONE.when(list_parts()).then(NO_SUCH)


@silent("multipart/unknown-upload-is-refused")
def test_a_completion_that_is_repeated_need_not_be_refused() -> Situation:
    return DONE.when(complete())


@fires("multipart/unknown-upload-is-refused")
def test_a_completion_that_is_repeated_for_another_object_is_refused() -> Situation:
    return DONE.when(replace(complete(), object_key="other")).then(NO_SUCH)


@silent("multipart/unknown-upload-is-refused")
def test_an_abort_that_is_repeated_need_not_be_refused() -> Situation:
    return GONE.when(abort())


@fires("multipart/unknown-upload-is-refused")
def test_an_abort_of_an_upload_that_never_was_is_refused() -> Situation:
    return BEGUN.when(abort(upload=NO_UPLOAD)).then(NO_SUCH)


@fires("allowance/abort-that-is-repeated")
def test_an_abort_of_an_upload_that_was_aborted_may_be_refused() -> Situation:
    return GONE.when(abort()).then(MayRefuse((NO_SUCH_UPLOAD,)))


@fires("allowance/abort-that-is-repeated")
def test_an_abort_of_an_upload_that_was_completed_may_be_refused() -> Situation:
    return DONE.when(abort()).then(MayRefuse((NO_SUCH_UPLOAD,)))


@silent("allowance/abort-that-is-repeated")
def test_an_abort_of_an_upload_in_progress_may_not() -> Situation:
    return BEGUN.when(abort())


@silent("multipart/unknown-upload-is-refused")
def test_an_upload_of_which_nothing_is_known_may_be_there() -> Situation:
    return given(start=UNKNOWN).when(part())


@silent("multipart/unknown-upload-is-refused")
def test_an_upload_in_progress_is_found() -> Situation:
    return BEGUN.when(abort())


@fires("multipart/part-number-is-from-1-to-10000")
def test_part_0_is_refused() -> Situation:
    return BEGUN.when(part("0")).then(NOT_SUPPORTED, answered=(INVALID_ARGUMENT,))


@fires("multipart/part-number-is-from-1-to-10000")
def test_part_10001_is_refused_when_it_is_copied() -> Situation:
    return WITH_SOURCE.when(part_copy(number="10001")).then(NOT_SUPPORTED)


@silent("multipart/part-number-is-from-1-to-10000")
def test_part_10000_is_taken() -> Situation:
    return BEGUN.when(part("10000"))


@fires("multipart/part-needs-no-headers")
def test_a_part_of_an_upload_under_kms_needs_no_headers() -> Situation:
    return UNDER_KMS.when(part()).then(Succeed())


@fires("multipart/part-needs-no-headers")
def test_a_part_copied_from_an_object_under_kms_needs_no_headers() -> Situation:
    return given(create(), begin(), put("source", sse="aws:kms")).when(part_copy()).then(Succeed())


@silent("multipart/part-needs-no-headers")
def test_a_part_of_an_upload_under_sse_c_does_not_go_without() -> Situation:
    return UNDER_SSE_C.when(part())


@silent("multipart/part-needs-no-headers")
def test_a_part_copied_from_a_range_that_is_none_need_not_succeed() -> Situation:
    return WITH_SOURCE.when(part_copy(copy_source_range="bytes=0-"))


@silent("multipart/part-needs-no-headers")
def test_a_part_copied_from_a_range_of_little_need_not_succeed() -> Situation:
    return WITH_SOURCE.when(part_copy(copy_source_range="bytes=0-8"))


@fires("multipart/part-needs-no-headers")
def test_a_part_copied_from_a_range_of_much_needs_no_headers() -> Situation:
    return WITH_MUCH.when(part_copy(copy_source_range="bytes=0-8")).then(Succeed())


@silent("multipart/part-needs-no-headers")
def test_a_part_with_a_needless_header_need_not_succeed() -> Situation:
    return BEGUN.when(part(bucket_key_enabled="true"))


@fires("multipart/part-etag-under-sse-s3-is-the-md5")
def test_the_etag_of_a_part_under_sse_s3_is_its_md5() -> Situation:
    return BEGUN.when(part()).then(Require(ETAG, Md5Of(DATA)))


@fires("multipart/part-etag-under-sse-s3-is-the-md5")
def test_the_etag_of_a_copied_part_is_the_md5_of_what_was_copied() -> Situation:
    request = part_copy(copy_source_range="bytes=1-4")
    return WITH_SOURCE.when(request).then(Require(ETAG, Md5Of(DATA[1:5])))


@silent("multipart/part-etag-under-sse-s3-is-the-md5")
def test_the_etag_of_a_part_under_kms_need_not_be_its_md5() -> Situation:
    return UNDER_KMS.when(part())


@silent("multipart/part-etag-under-sse-s3-is-the-md5")
def test_of_a_part_with_unknown_data_no_md5_is_known() -> Situation:
    return WITH_SOURCE.when(part_copy(copy_source_range="bytes=5-999"))


@fires("multipart/part-etag-under-a-key-is-not-the-md5")
def test_the_etag_of_a_part_under_kms_is_not_its_md5() -> Situation:
    return UNDER_KMS.when(part()).then(Require(ETAG, NotMd5Of(DATA)))


@fires("multipart/part-etag-under-a-key-is-not-the-md5")
def test_the_etag_of_a_part_under_sse_c_is_not_its_md5() -> Situation:
    return UNDER_SSE_C.when(part(**customer())).then(Require(ETAG, NotMd5Of(DATA)))


@silent("multipart/part-etag-under-a-key-is-not-the-md5")
def test_of_a_part_under_dsse_it_is_not_said_whether_its_etag_is_the_md5() -> Situation:
    return UNDER_DSSE.when(part())


@fires("multipart/part-etag-under-dsse-has-32-digits")
def test_the_etag_of_a_part_under_dsse_has_32_digits() -> Situation:
    return UNDER_DSSE.when(part()).then(Require(ETAG, Md5Shape()))


@silent("multipart/part-etag-under-dsse-has-32-digits")
def test_of_a_part_under_sse_s3_more_is_said_than_the_length_of_its_etag() -> Situation:
    return BEGUN.when(part())


@fires("multipart/new-default-leaves-the-uploads")
def test_a_new_default_leaves_an_upload_in_progress() -> Situation:
    return BEGUN.when(put_default("aws:kms")).then(Keep(Law.UPLOADS_ON_NEW_DEFAULT))


@fires("multipart/new-default-leaves-the-uploads")
def test_the_deletion_of_the_default_leaves_an_upload_in_progress() -> Situation:
    return BEGUN.when(delete_default()).then(Keep(Law.UPLOADS_ON_NEW_DEFAULT))


@silent("multipart/new-default-leaves-the-uploads")
def test_where_no_upload_is_in_progress_a_new_default_can_leave_none() -> Situation:
    return DONE.when(put_default("aws:kms"))


@silent("multipart/new-default-leaves-the-uploads")
def test_of_the_uploads_of_an_unknown_bucket_nothing_is_said() -> Situation:
    return given(start=UNKNOWN).when(put_default("aws:kms"))


@fires("multipart/abort-needs-no-key")
def test_an_upload_under_sse_c_is_aborted_without_its_key() -> Situation:
    return UNDER_SSE_C.when(abort()).then(Succeed())


@silent("multipart/abort-needs-no-key")
def test_an_upload_that_is_not_there_is_not_aborted() -> Situation:
    return GONE.when(abort())


@fires("multipart/list-needs-no-key")
def test_the_parts_of_an_upload_under_sse_c_are_listed_without_its_key() -> Situation:
    return UNDER_SSE_C.when(list_parts()).then(Succeed())


@silent("multipart/list-needs-no-key")
def test_of_a_list_with_a_key_it_is_not_said_that_it_needs_none() -> Situation:
    return UNDER_SSE_C.when(list_parts(**customer()))


@silent("multipart/list-needs-no-key")
def test_the_parts_of_an_upload_that_is_not_there_are_not_listed() -> Situation:
    return GONE.when(list_parts())


@fires("allowance/key-on-a-list-of-parts")
def test_a_list_of_parts_with_a_key_may_be_refused() -> Situation:
    ruling = MayRefuse((ANY_400, ACCESS_DENIED))
    return UNDER_SSE_C.when(list_parts(**customer())).then(ruling)


@silent("allowance/key-on-a-list-of-parts")
def test_a_list_of_parts_without_a_key_may_not_be_refused_for_one() -> Situation:
    return UNDER_SSE_C.when(list_parts())


NO_HEADERS = tuple(Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS[:6])


@fires("multipart/lists-show-no-encryption")
def test_a_list_of_parts_shows_no_encryption() -> Situation:
    return UNDER_KMS.when(list_parts()).then(*NO_HEADERS)


@fires("multipart/lists-show-no-encryption")
def test_a_list_of_uploads_shows_no_encryption() -> Situation:
    return UNDER_KMS.when(list_uploads()).then(*NO_HEADERS)


@silent("multipart/lists-show-no-encryption")
def test_a_part_does_show_its_encryption() -> Situation:
    return UNDER_KMS.when(part())


@fires("multipart/listed-etags-are-those-of-the-parts")
def test_a_list_shows_the_etags_of_the_parts_by_number() -> Situation:
    other = etag_of(3)
    before = given(create(), begin(sse="aws:kms"), part("2"), part("1"))
    etags = f"{other},{etag_of(2)}"
    return before.when(list_parts()).then(Require("ETag", Equals(etags, wrong=etags[::-1])))


@silent("multipart/listed-etags-are-those-of-the-parts")
def test_a_list_of_no_parts_shows_no_etags() -> Situation:
    return BEGUN.when(list_parts())


@fires("multipart/listed-sizes-are-those-of-the-data")
def test_a_list_shows_the_sizes_of_what_was_sent() -> Situation:
    before = given(create(), begin(), part("1"), part("3", body=b"ab"))
    return before.when(list_parts()).then(Require("Size", Equals("9,2", wrong="25,18")))


@silent("multipart/listed-sizes-are-those-of-the-data")
def test_of_a_part_whose_data_are_not_known_no_size_is_known() -> Situation:
    before = given(create(), begin(), put("source"), part_copy(copy_source_range="bytes=5-999"))
    return before.when(list_parts())


@fires("multipart/refused-creation-makes-no-upload")
def test_a_list_shows_the_upload_in_progress_and_none_but_that() -> Situation:
    before = given(create(), begin("a"), begin(), abort(upload_of(2)))
    return before.when(list_uploads()).then(Require("Uploads", NoneBut((UPLOAD,))))


@silent("multipart/refused-creation-makes-no-upload")
def test_of_an_unknown_bucket_any_upload_may_be_listed() -> Situation:
    return given(start=UNKNOWN).when(list_uploads())


@fires("multipart/list-of-a-missing-bucket-is-refused")
def test_the_uploads_of_a_missing_bucket_are_not_listed() -> Situation:
    ruling = Refuse((NO_SUCH_BUCKET,))
    return NEW.when(list_uploads("missing")).then(ruling, answered=(NO_SUCH_BUCKET,))


@silent("multipart/list-of-a-missing-bucket-is-refused")
def test_the_uploads_of_a_bucket_are_listed() -> Situation:
    return NEW.when(list_uploads())


@fires("allowance/upload-under-an-unusable-key")
def test_a_part_under_a_disabled_key_may_be_refused() -> Situation:
    before = given(create(), begin(sse="aws:kms", kms_key_id=KEY_ID), disable())
    return before.when(part()).then(MayRefuse((ANY_400, ACCESS_DENIED)))


@silent("allowance/upload-under-an-unusable-key")
def test_a_part_under_a_usable_key_may_not_be_refused() -> Situation:
    return UNDER_KMS.when(part())


@silent("allowance/upload-under-an-unusable-key")
def test_a_part_under_no_kms_key_may_not_be_refused_for_one() -> Situation:
    return BEGUN.when(part())


@fires("allowance/kms-upload-without-tls")
def test_a_part_of_an_upload_under_kms_may_be_refused_without_tls() -> Situation:
    return UNDER_KMS.when(part(secure=False)).then(MayRefuse((INVALID_ARGUMENT,)))


@fires("allowance/kms-upload-without-tls")
def test_a_part_copied_from_a_kms_object_may_be_refused_without_tls() -> Situation:
    stored = given(create(), begin(), put("source", sse="aws:kms"))
    return stored.when(part_copy(secure=False)).then(MayRefuse((INVALID_ARGUMENT,)))


@silent("allowance/kms-upload-without-tls")
def test_an_endpoint_that_took_kms_without_tls_has_to_take_its_parts() -> Situation:
    return given(create(), begin(sse="aws:kms", secure=False)).when(part(secure=False))


@silent("allowance/kms-upload-without-tls")
def test_a_part_of_an_upload_under_sse_s3_needs_no_tls() -> Situation:
    return BEGUN.when(part(secure=False))


@fires("allowance/range-that-the-source-has-not")
def test_a_range_beyond_the_source_may_be_refused() -> Situation:
    request = part_copy(copy_source_range="bytes=5-999")
    return WITH_SOURCE.when(request).then(MayRefuse((ANY_400, INVALID_RANGE)))


@silent("allowance/range-that-the-source-has-not")
def test_a_range_within_the_source_may_not_be_refused() -> Situation:
    return WITH_SOURCE.when(part_copy(copy_source_range="bytes=0-8"))


@fires("allowance/range-of-a-small-source")
def test_a_range_of_a_source_of_a_few_bytes_may_be_refused() -> Situation:
    request = part_copy(copy_source_range="bytes=0-8")
    return WITH_SOURCE.when(request).then(MayRefuse((INVALID_REQUEST,)))


@fires("allowance/range-of-a-small-source")
def test_a_range_of_a_source_of_just_5_mib_may_be_refused() -> Situation:
    steps = given(create(), begin(), put("source", body=bytes(5 * 2**20)))
    request = part_copy(copy_source_range="bytes=0-8")
    return steps.when(request).then(MayRefuse((INVALID_REQUEST,)))


@silent("allowance/range-of-a-small-source")
def test_a_range_of_a_source_of_more_than_5_mib_may_not() -> Situation:
    return WITH_MUCH.when(part_copy(copy_source_range="bytes=0-8"))


@silent("allowance/range-of-a-small-source")
def test_a_small_source_that_is_copied_as_a_whole_may_not_be_refused() -> Situation:
    return WITH_SOURCE.when(part_copy())


@silent("allowance/range-that-the-source-has-not")
def test_a_copy_of_the_whole_source_has_no_range() -> Situation:
    return WITH_SOURCE.when(part_copy())


@silent("allowance/range-that-the-source-has-not")
def test_a_source_that_is_none_has_no_range() -> Situation:
    return WITH_SOURCE.when(part_copy(None, copy_source_range="bytes=0-1"))


@fires("multipart/part-etag-under-sse-s3-is-the-md5")
def test_the_etag_of_a_part_copied_from_sse_c_is_the_md5_again() -> Situation:
    before = given(create(), begin(), put("source", **customer()))
    return before.when(part_copy(**source_customer())).then(Require(ETAG, Md5Of(DATA)))


def test_the_words_agree_with_the_etag_of_a_part() -> None:
    assert Md5Of(DATA).answer("") == MD5


@fires("allowance/abort-that-is-repeated")
def test_an_abort_that_is_repeated_may_be_refused_in_a_directory_bucket() -> Situation:
    begun = begin(bucket=DIRECTORY, session_token=token(1))
    gone = abort(upload_of(2), bucket=DIRECTORY, session_token=token(1))
    after = in_directory(session(), begun, gone)
    return after.when(gone).then(MayRefuse((NO_SUCH_UPLOAD,)), answered=(NO_SUCH_UPLOAD,))
