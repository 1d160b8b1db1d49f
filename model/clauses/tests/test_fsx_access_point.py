"""Access points attached to FSx file systems."""

from __future__ import annotations

from model.answer import ETAG
from model.clause import Facet, MayRefuse, Refuse, Require, Store, Succeed
from model.clauses.tests.notation import (
    DATA,
    EMPTY,
    OBJECT,
    Situation,
    copy,
    create,
    customer,
    delete,
    fires,
    get,
    get_default,
    given,
    head,
    put,
    silent,
)
from model.clauses.tests.words_multipart import begin, part, upload_of
from model.open_matchers import OneOf, OtherThanMd5Of, SomeText
from model.request import SSE
from model.s3_errors import ANY_4XX, ANY_400, ANY_501, INVALID_REQUEST
from model.world import World, unknown_bucket

FILES = "files-ext-s3alias"
OTHER_FILES = "other-ext-s3alias"
START: World = EMPTY.with_bucket(FILES, unknown_bucket(EMPTY, FILES))
NEW = given(start=START)
WRITTEN = given(put(bucket=FILES), create(), start=START)
NOT_THERE = Refuse((ANY_400, ANY_501))
ELSEWHERE = Refuse((ANY_400, ANY_4XX, ANY_501))


@fires("fsx-access-point/other-algorithm-is-refused")
def test_aes256_is_refused() -> Situation:
    return NEW.when(put(bucket=FILES, sse="AES256")).then(NOT_THERE)


@fires("fsx-access-point/other-algorithm-is-refused")
def test_an_unknown_algorithm_is_refused() -> Situation:
    return NEW.when(put(bucket=FILES, sse="AES128")).then(NOT_THERE)


@silent("fsx-access-point/other-algorithm-is-refused")
def test_aws_fsx_is_the_one_that_is_not() -> Situation:
    return NEW.when(put(bucket=FILES, sse="aws:fsx"))


@fires("fsx-access-point/customer-key-is-refused")
def test_a_customer_key_is_refused() -> Situation:
    return NEW.when(put(bucket=FILES, **customer())).then(NOT_THERE)


@silent("fsx-access-point/customer-key-is-refused")
def test_a_write_without_one_is_not() -> Situation:
    return NEW.when(put(bucket=FILES))


@fires("fsx-access-point/everything-is-fsx")
def test_what_is_written_is_encrypted_by_the_file_system() -> Situation:
    return NEW.when(put(bucket=FILES)).then(Store(Facet.ALGORITHM, ("aws:fsx",)))


@silent("fsx-access-point/everything-is-fsx")
def test_what_is_written_elsewhere_is_not() -> Situation:
    return WRITTEN.when(get(bucket=FILES))


@fires("fsx-access-point/no-header-is-needed")
def test_a_write_needs_no_header() -> Situation:
    return NEW.when(put(bucket=FILES)).then(Succeed())


@silent("fsx-access-point/no-header-is-needed")
def test_a_condition_need_not_be_known() -> Situation:
    return NEW.when(put(bucket=FILES, if_none_match="*"))


@fires("fsx-access-point/fsx-may-be-named")
def test_a_write_may_name_it() -> Situation:
    return NEW.when(put(bucket=FILES, sse="aws:fsx")).then(Succeed())


@silent("fsx-access-point/fsx-may-be-named")
def test_a_write_need_not() -> Situation:
    return NEW.when(put(bucket=FILES))


@fires("fsx-access-point/fsx-is-shown")
def test_it_is_shown() -> Situation:
    return WRITTEN.when(head(bucket=FILES)).then(
        Require(SSE, OneOf(("aws:fsx", "SSE_FSX"), wrong="AES256"))
    )


@silent("fsx-access-point/fsx-is-shown")
def test_what_is_shown_of_a_file_that_nobody_wrote_is_not_known() -> Situation:
    return NEW.when(head(bucket=FILES))


@fires("fsx-access-point/storage-class-is-the-file-systems")
def test_the_storage_class_is_that_of_the_file_system() -> Situation:
    shown = OneOf(("FSX_ONTAP", "FSX_OPENZFS"), wrong="STANDARD")
    return WRITTEN.when(get(bucket=FILES)).then(Require("x-amz-storage-class", shown))


@silent("fsx-access-point/storage-class-is-the-file-systems")
def test_a_write_does_not_show_it() -> Situation:
    return NEW.when(put(bucket=FILES))


@fires("fsx-access-point/etag-is-not-the-md5")
def test_the_etag_of_a_file_of_ontap_is_no_md5() -> Situation:
    after = given(*WRITTEN.steps, head(bucket=FILES), start=START)
    ask = put("another", bucket=FILES)
    return after.when(ask).then(Require(ETAG, OtherThanMd5Of(DATA)))


@silent("fsx-access-point/etag-is-not-the-md5")
def test_the_etag_of_a_file_of_another_file_system_may_be_one() -> Situation:
    return WRITTEN.when(put("another", bucket=FILES))


@fires("fsx-access-point/etag-is-shown")
def test_a_write_shows_an_etag() -> Situation:
    return WRITTEN.when(put(bucket=FILES)).then(Require(ETAG, SomeText()))


@fires("fsx-access-point/etag-is-shown")
def test_a_part_shows_an_etag() -> Situation:
    after = given(begin(bucket=FILES), start=START)
    return after.when(part(upload=upload_of(0), bucket=FILES)).then(Require(ETAG, SomeText()))


@silent("fsx-access-point/etag-is-shown")
def test_of_a_file_of_ontap_more_is_said() -> Situation:
    after = given(*WRITTEN.steps, head(bucket=FILES), start=START)
    return after.when(put("another", bucket=FILES))


@silent("fsx-access-point/etag-is-not-the-md5")
def test_a_read_repeats_an_etag() -> Situation:
    return WRITTEN.when(get(bucket=FILES))


@fires("fsx-access-point/objects-are-read-and-deleted")
def test_a_file_is_read() -> Situation:
    return WRITTEN.when(get(bucket=FILES)).then(Succeed())


@fires("fsx-access-point/objects-are-read-and-deleted")
def test_a_file_is_deleted() -> Situation:
    return WRITTEN.when(delete(bucket=FILES)).then(Succeed())


@silent("fsx-access-point/objects-are-read-and-deleted")
def test_a_file_that_may_not_be_there_need_not_be() -> Situation:
    return NEW.when(get(bucket=FILES))


@fires("fsx-access-point/versions-are-not-read")
def test_a_file_has_no_versions() -> Situation:
    return WRITTEN.when(get(bucket=FILES, version_id="a version")).then(ELSEWHERE)


@silent("fsx-access-point/versions-are-not-read")
def test_a_read_that_names_none_is_plain() -> Situation:
    return WRITTEN.when(get(bucket=FILES))


@fires("fsx-access-point/copies-stay-within")
def test_a_copy_into_an_access_point_is_refused() -> Situation:
    after = given(create(), put(), start=START)
    return after.when(copy(bucket=FILES)).then(ELSEWHERE)


@fires("fsx-access-point/copies-stay-within")
def test_a_copy_out_of_one_is_refused() -> Situation:
    return WRITTEN.when(copy(f"{FILES}/{OBJECT}")).then(ELSEWHERE)


@fires("fsx-access-point/copies-stay-within")
def test_a_copy_into_another_access_point_is_refused() -> Situation:
    return WRITTEN.when(copy(f"{FILES}/{OBJECT}", bucket=OTHER_FILES)).then(ELSEWHERE)


@silent("fsx-access-point/copies-stay-within")
def test_a_copy_within_one_is_not() -> Situation:
    return WRITTEN.when(copy(f"{FILES}/{OBJECT}", bucket=FILES))


@silent("fsx-access-point/copies-stay-within")
def test_a_copy_elsewhere_has_nothing_to_do_with_it() -> Situation:
    return given(create(), create("target"), put()).when(copy(bucket="target"))


@fires("fsx-access-point/copies-within-succeed")
def test_a_copy_within_an_access_point_is_done() -> Situation:
    return WRITTEN.when(copy(f"{FILES}/{OBJECT}", bucket=FILES)).then(Succeed())


@silent("fsx-access-point/copies-within-succeed")
def test_a_copy_of_a_file_that_may_not_be_there_need_not_be() -> Situation:
    return NEW.when(copy(f"{FILES}/{OBJECT}", bucket=FILES))


@silent("fsx-access-point/copies-within-succeed")
def test_a_copy_onto_itself_need_not_be() -> Situation:
    return WRITTEN.when(copy(f"{FILES}/{OBJECT}", OBJECT, bucket=FILES))


@fires("allowance/bucket-encryption-of-an-access-point")
def test_an_access_point_may_have_no_default_to_show() -> Situation:
    return NEW.when(get_default(FILES)).then(MayRefuse((ANY_400, ANY_4XX, ANY_501)))


@silent("allowance/bucket-encryption-of-an-access-point")
def test_an_object_is_no_default() -> Situation:
    return NEW.when(head(bucket=FILES))


@fires("allowance/odd-request-to-an-access-point")
def test_a_condition_may_be_refused() -> Situation:
    ask = put(bucket=FILES, if_none_match="*")
    return NEW.when(ask).then(MayRefuse((ANY_400, ANY_4XX, ANY_501)))


@silent("allowance/odd-request-to-an-access-point")
def test_a_plain_write_may_not() -> Situation:
    return NEW.when(put(bucket=FILES))


@fires("allowance/copy-onto-itself-through-an-access-point")
def test_a_copy_onto_itself_may_be_refused() -> Situation:
    ask = copy(f"{FILES}/{OBJECT}", OBJECT, bucket=FILES)
    return WRITTEN.when(ask).then(MayRefuse((INVALID_REQUEST,)), answered=(INVALID_REQUEST,))


@silent("allowance/copy-onto-itself-through-an-access-point")
def test_a_copy_to_another_name_may_not() -> Situation:
    return WRITTEN.when(copy(f"{FILES}/{OBJECT}", bucket=FILES))
