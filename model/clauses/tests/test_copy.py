"""Copies: their source, and copies of an object to itself."""

from __future__ import annotations

from model.clause import MayRefuse, Refuse, Succeed
from model.clauses.tests.notation import (
    BLOCKING,
    UNKNOWN,
    Situation,
    copy,
    copy_in_place,
    create,
    customer,
    delete_default,
    fires,
    given,
    put,
    put_blocked,
    put_default,
    silent,
    source_customer,
)
from model.clauses.tests.words_versioning import MARKED, NULL_FIRST, TWO, copy_version
from model.s3_errors import (
    ACL_NOT_SUPPORTED,
    ANY_400,
    INVALID_ARGUMENT,
    INVALID_REQUEST,
    NO_SUCH_BUCKET,
    NO_SUCH_KEY,
)

STORED = given(create(), put())
UNDER_KMS = given(create(), put(sse="aws:kms"))
UNDER_SSE_C = given(create(), put(**customer()))
ILLEGAL = Refuse((INVALID_REQUEST,))
MAYBE_ILLEGAL = MayRefuse((INVALID_REQUEST,))


@fires("copy/malformed-source-is-refused")
def test_a_source_without_an_object_is_refused() -> Situation:
    ruling = Refuse((INVALID_ARGUMENT,))
    return STORED.when(copy("bucket")).then(ruling, answered=(INVALID_ARGUMENT,))


@silent("copy/malformed-source-is-refused")
def test_a_source_with_a_leading_slash_is_not_refused() -> Situation:
    return STORED.when(copy("/bucket/object"))


@fires("allowance/half-a-source")
def test_a_source_with_a_slash_and_no_object_may_be_refused() -> Situation:
    ruling = MayRefuse((ANY_400, NO_SUCH_BUCKET, NO_SUCH_KEY))
    return STORED.when(copy("bucket/")).then(ruling)


@silent("allowance/half-a-source")
def test_a_source_without_a_slash_may_not_pass() -> Situation:
    return STORED.when(copy("bucket"))


@fires("copy/missing-source-is-refused")
def test_a_copy_of_a_missing_object_is_refused() -> Situation:
    ruling = Refuse((NO_SUCH_KEY,))
    return STORED.when(copy("bucket/nothing")).then(ruling, answered=(NO_SUCH_KEY,))


@fires("copy/missing-source-is-refused")
def test_an_object_under_a_delete_marker_is_no_source() -> Situation:
    return MARKED.when(copy()).then(Refuse((NO_SUCH_KEY,)), answered=(NO_SUCH_KEY,))


@silent("copy/missing-source-is-refused")
def test_a_version_that_does_not_exist_is_another_fault() -> Situation:
    return TWO.when(copy_version("0" * 32))


@silent("copy/missing-source-is-refused")
def test_a_copy_of_an_object_that_exists_is_not_refused() -> Situation:
    return STORED.when(copy("bucket/object"))


@silent("copy/missing-source-is-refused")
def test_a_copy_from_a_missing_bucket_is_refused_for_its_bucket() -> Situation:
    return STORED.when(copy("nowhere/object")).then(answered=(NO_SUCH_BUCKET,))


@fires("copy/missing-source-bucket-is-refused")
def test_a_copy_from_a_missing_bucket_is_refused() -> Situation:
    ruling = Refuse((NO_SUCH_BUCKET,))
    return STORED.when(copy("nowhere/object")).then(ruling, answered=(NO_SUCH_BUCKET,))


@silent("copy/missing-source-bucket-is-refused")
def test_a_copy_of_a_missing_object_is_no_matter_of_its_bucket() -> Situation:
    return STORED.when(copy("bucket/nothing"))


@fires("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_is_refused() -> Situation:
    return STORED.when(copy_in_place()).then(ILLEGAL, answered=(INVALID_REQUEST,))


@fires("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_with_an_acl_is_refused() -> Situation:
    errors = (INVALID_REQUEST, ACL_NOT_SUPPORTED)
    return STORED.when(copy_in_place(acl="private")).then(ILLEGAL, answered=errors)


@fires("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_with_metadata_and_the_directive_copy_is_refused() -> Situation:
    request = copy(object_key="object", metadata_directive="COPY", metadata=(("a", "b"),))
    return STORED.when(request).then(ILLEGAL, answered=(INVALID_REQUEST,))


@fires("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_that_would_drop_its_storage_class_is_refused() -> Situation:
    steps = given(create(), put(storage_class="STANDARD_IA"))
    return steps.when(copy_in_place()).then(ILLEGAL, answered=(INVALID_REQUEST,))


@fires("copy/in-place-without-a-change-is-refused")
def test_with_versioning_a_copy_that_changes_nothing_makes_no_version() -> Situation:
    return TWO.when(copy_in_place()).then(ILLEGAL, answered=(INVALID_REQUEST,))


@silent("copy/in-place-without-a-change-is-refused")
def test_of_a_copy_of_the_null_version_that_is_not_said() -> Situation:
    return NULL_FIRST.when(copy_in_place())


@silent("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_another_object_is_not_refused() -> Situation:
    return STORED.when(copy())


@silent("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_with_a_storage_class_is_not_refused() -> Situation:
    return STORED.when(copy_in_place(storage_class="STANDARD"))


@silent("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_under_a_put_default_is_not_refused() -> Situation:
    return given(create(), put_default("AES256"), put()).when(copy_in_place())


@silent("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_in_a_new_bucket_that_blocks_sse_c_need_not_be_refused() -> Situation:
    return given(create(), put(), start=BLOCKING).when(copy_in_place())


@silent("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_of_a_kms_object_is_not_refused() -> Situation:
    return UNDER_KMS.when(copy_in_place())


@silent("copy/in-place-without-a-change-is-refused")
def test_a_copy_to_itself_with_only_a_tagging_directive_is_an_open_question() -> Situation:
    return STORED.when(copy_in_place(tagging_directive="REPLACE"))


@silent("copy/in-place-without-a-change-is-refused")
def test_a_copy_of_a_missing_object_to_itself_is_refused_for_its_absence() -> Situation:
    return given(create()).when(copy_in_place()).then(answered=(NO_SUCH_KEY,))


@fires("copy/in-place-with-new-metadata-succeeds")
def test_a_copy_to_itself_that_replaces_the_metadata_succeeds() -> Situation:
    return STORED.when(copy_in_place(metadata_directive="REPLACE")).then(Succeed())


@fires("copy/in-place-with-new-metadata-succeeds")
def test_a_copy_to_itself_with_a_website_redirect_succeeds() -> Situation:
    return STORED.when(copy_in_place(website_redirect="/there")).then(Succeed())


@silent("copy/in-place-with-new-metadata-succeeds")
def test_a_copy_to_itself_that_keeps_the_metadata_need_not_succeed() -> Situation:
    return STORED.when(copy_in_place(metadata_directive="COPY"))


@silent("copy/in-place-with-new-metadata-succeeds")
def test_new_metadata_for_an_sse_c_object_need_its_key() -> Situation:
    return UNDER_SSE_C.when(copy_in_place(metadata_directive="REPLACE"))


@fires("copy/in-place-with-a-storage-class-succeeds")
def test_a_copy_to_itself_with_the_class_that_it_has_succeeds() -> Situation:
    return STORED.when(copy_in_place(storage_class="STANDARD")).then(Succeed())


@silent("copy/in-place-with-a-storage-class-succeeds")
def test_a_copy_to_itself_without_a_storage_class_need_not_succeed() -> Situation:
    return STORED.when(copy_in_place())


@silent("copy/in-place-with-a-storage-class-succeeds")
def test_a_storage_class_for_an_sse_c_object_needs_its_key() -> Situation:
    return UNDER_SSE_C.when(copy_in_place(storage_class="STANDARD"))


@fires("copy/in-place-with-encryption-succeeds")
def test_a_copy_to_itself_with_the_encryption_that_it_has_succeeds() -> Situation:
    return STORED.when(copy_in_place(sse="AES256")).then(Succeed())


@fires("copy/in-place-with-encryption-succeeds")
def test_a_copy_of_a_kms_object_to_itself_with_kms_succeeds() -> Situation:
    return UNDER_KMS.when(copy_in_place(sse="aws:kms")).then(Succeed())


@silent("copy/in-place-with-encryption-succeeds")
def test_a_copy_to_itself_with_an_unknown_encryption_does_not_succeed() -> Situation:
    return STORED.when(copy_in_place(sse="AES-256")).then(answered=(INVALID_ARGUMENT,))


@silent("copy/in-place-with-encryption-succeeds")
def test_a_new_encryption_for_an_sse_c_object_needs_its_key() -> Situation:
    return UNDER_SSE_C.when(copy_in_place(sse="AES256"))


@fires("copy/in-place-back-to-the-default-succeeds")
def test_a_copy_to_itself_takes_a_kms_object_back_to_sse_s3() -> Situation:
    return UNDER_KMS.when(copy_in_place()).then(Succeed())


@silent("copy/in-place-back-to-the-default-succeeds")
def test_a_copy_to_itself_takes_an_sse_s3_object_nowhere() -> Situation:
    return STORED.when(copy_in_place())


@silent("copy/in-place-back-to-the-default-succeeds")
def test_a_copy_to_itself_under_a_kms_default_is_another_matter() -> Situation:
    return given(create(), put_default("aws:kms"), put()).when(copy_in_place())


@silent("copy/in-place-back-to-the-default-succeeds")
def test_a_copy_to_another_object_is_none_in_place() -> Situation:
    return UNDER_KMS.when(copy())


@fires("copy/in-place-under-a-put-default-succeeds")
def test_a_copy_to_itself_succeeds_where_aes256_was_put_as_the_default() -> Situation:
    return given(create(), put_default("AES256"), put()).when(copy_in_place()).then(Succeed())


@silent("copy/in-place-under-a-put-default-succeeds")
def test_a_copy_to_itself_need_not_succeed_where_no_default_was_put() -> Situation:
    return STORED.when(copy_in_place())


@silent("copy/in-place-under-a-put-default-succeeds")
def test_a_copy_to_itself_need_not_succeed_where_only_types_to_block_were_put() -> Situation:
    return given(create(), put_blocked("SSE-C"), put()).when(copy_in_place())


@fires("copy/in-place-under-a-put-default-succeeds")
def test_a_default_stays_put_where_types_to_block_are_put_after_it() -> Situation:
    steps = given(create(), put_default("AES256"), put_blocked("SSE-C"), put())
    return steps.when(copy_in_place()).then(Succeed())


@silent("copy/in-place-under-a-put-default-succeeds")
def test_a_copy_of_a_kms_object_to_itself_under_a_put_default_is_another_matter() -> Situation:
    return given(create(), put_default("aws:kms"), put()).when(copy_in_place())


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_to_itself_after_a_reset_may_be_refused() -> Situation:
    steps = given(create(), put_default("AES256"), put(), delete_default())
    return steps.when(copy_in_place()).then(MAYBE_ILLEGAL, answered=(INVALID_REQUEST,))


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_to_itself_where_only_types_to_block_were_put_may_be_refused() -> Situation:
    steps = given(create(), put_blocked("SSE-C"), put())
    return steps.when(copy_in_place()).then(MAYBE_ILLEGAL, answered=(INVALID_REQUEST,))


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_to_itself_in_a_new_bucket_that_blocks_sse_c_may_be_refused() -> Situation:
    steps = given(create(), put(), start=BLOCKING)
    return steps.when(copy_in_place()).then(MAYBE_ILLEGAL, answered=(INVALID_REQUEST,))


@silent("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_back_to_sse_s3_in_such_a_bucket_may_not_be_refused() -> Situation:
    steps = given(create(), put(sse="aws:kms"), start=BLOCKING)
    return steps.when(copy_in_place())


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_to_itself_with_only_a_checksum_algorithm_may_be_refused() -> Situation:
    return STORED.when(copy_in_place(checksum_algorithm="SHA256")).then(MAYBE_ILLEGAL)


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_of_a_kms_object_to_itself_under_a_kms_default_may_be_refused() -> Situation:
    steps = given(create(), put_default("aws:kms"), put())
    return steps.when(copy_in_place()).then(MAYBE_ILLEGAL)


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_of_an_sse_c_object_to_itself_without_headers_may_be_refused() -> Situation:
    return UNDER_SSE_C.when(copy_in_place(**source_customer())).then(MAYBE_ILLEGAL)


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_of_an_sse_c_object_to_itself_with_the_same_key_may_be_refused() -> Situation:
    request = copy_in_place(**source_customer(), **customer())
    return UNDER_SSE_C.when(request).then(MAYBE_ILLEGAL)


@fires("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_of_a_kms_object_to_itself_under_a_customer_key_may_be_refused() -> Situation:
    return UNDER_KMS.when(copy_in_place(**customer())).then(MAYBE_ILLEGAL)


@silent("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_of_an_sse_c_object_to_itself_with_a_new_key_is_no_open_question() -> Situation:
    return UNDER_SSE_C.when(copy_in_place(**source_customer(), **customer(bytes(32))))


@fires("copy/in-place-under-another-customer-key-succeeds")
def test_a_copy_of_an_sse_c_object_to_itself_with_a_new_key_succeeds() -> Situation:
    request = copy_in_place(**source_customer(), **customer(bytes(32)))
    return UNDER_SSE_C.when(request).then(Succeed())


@fires("copy/in-place-under-another-customer-key-succeeds")
def test_a_copy_to_itself_under_a_customer_key_succeeds() -> Situation:
    return STORED.when(copy_in_place(**customer())).then(Succeed())


@silent("copy/in-place-under-another-customer-key-succeeds")
def test_a_copy_of_an_sse_c_object_to_itself_with_its_own_key_may_change_nothing() -> Situation:
    return UNDER_SSE_C.when(copy_in_place(**source_customer(), **customer()))


@silent("copy/in-place-under-another-customer-key-succeeds")
def test_a_copy_to_another_name_under_a_customer_key_is_not_in_place() -> Situation:
    return STORED.when(copy(**customer()))


@silent("copy/in-place-under-another-customer-key-succeeds")
def test_an_algorithm_beside_a_customer_key_is_another_fault() -> Situation:
    return STORED.when(copy_in_place(sse="AES256", **customer()))


@silent("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_to_itself_that_names_an_encryption_is_no_open_question() -> Situation:
    steps = given(create(), put_default("AES256"), put(), delete_default())
    return steps.when(copy_in_place(sse="AES256"))


@silent("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_to_itself_that_replaces_the_metadata_is_no_open_question() -> Situation:
    steps = given(create(), put_default("AES256"), put(), delete_default())
    return steps.when(copy_in_place(metadata_directive="REPLACE"))


@silent("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_to_itself_under_a_put_default_is_no_open_question() -> Situation:
    return given(create(), put_default("AES256"), put()).when(copy_in_place())


@silent("allowance/in-place-of-which-nothing-is-said")
def test_a_copy_of_a_kms_object_back_to_sse_s3_is_no_open_question() -> Situation:
    return UNDER_KMS.when(copy_in_place())


@silent("allowance/in-place-of-which-nothing-is-said")
def test_new_metadata_beside_a_customer_key_are_no_open_question() -> Situation:
    return STORED.when(copy_in_place(metadata_directive="REPLACE", **customer()))


@silent("copy/missing-source-is-refused")
def test_a_source_in_a_bucket_of_which_nothing_is_known_need_not_be_missing() -> Situation:
    return given(start=UNKNOWN).when(copy("elsewhere/object"))
