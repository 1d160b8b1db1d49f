"""Requests that are signed in the query, or not at all."""

from __future__ import annotations

from model.clause import Facet, MayRefuse, Refuse, Store, Succeed
from model.clauses.tests.notation import (
    BLOCKING,
    KEY_ARN,
    KEY_ID,
    OTHER_CUSTOMER_KEY,
    Situation,
    create,
    customer,
    delete,
    fires,
    get,
    given,
    head,
    put,
    put_default,
    silent,
)
from model.clauses.tests.words_forms import ANONYMOUS, PRESIGNED, UNSIGNED_HEADERS, post
from model.s3_errors import ACCESS_DENIED, ANY_400, INVALID_ARGUMENT

NEW = given(create())
STORED = given(create(), put())
UNDER_SSE_C = given(create(), put(**customer()))
UNDER_KMS = given(create(), put(sse="aws:kms", kms_key_id=KEY_ID))
BY_DEFAULT = given(create(), put_default("aws:kms", KEY_ARN))
UNSIGNED = Refuse((ACCESS_DENIED,), step="signature")
DENIED = Refuse((ACCESS_DENIED, INVALID_ARGUMENT))
CONTEXT = "eyJwcm9qZWN0IjoiczNzc2UifQ=="


def algorithm(name: str) -> Store:
    return Store(Facet.ALGORITHM, (name,))


@fires("presigned/unsigned-headers-are-refused")
def test_an_algorithm_header_that_is_not_signed_is_refused() -> Situation:
    return NEW.when(put(sse="AES256", auth=UNSIGNED_HEADERS)).then(UNSIGNED)


@fires("presigned/unsigned-headers-are-refused")
def test_metadata_that_are_not_signed_are_refused() -> Situation:
    return NEW.when(put(metadata=(("a", "b"),), auth=UNSIGNED_HEADERS)).then(UNSIGNED)


@fires("presigned/unsigned-headers-are-refused")
def test_a_customer_key_that_is_not_signed_is_refused_before_it_is_looked_at() -> Situation:
    wrong = customer(customer_key_md5="wrong")
    request = put(auth=UNSIGNED_HEADERS, **wrong)
    return NEW.when(request).then(UNSIGNED, answered=(ACCESS_DENIED,))


@silent("presigned/unsigned-headers-are-refused")
def test_a_request_without_such_headers_has_none_that_are_not_signed() -> Situation:
    return STORED.when(get(auth=UNSIGNED_HEADERS))


@silent("presigned/unsigned-headers-are-refused")
def test_headers_that_are_signed_are_not_refused() -> Situation:
    return NEW.when(put(sse="AES256", auth=PRESIGNED))


@fires("presigned/signed-customer-key-is-taken")
def test_a_presigned_write_with_a_customer_key_succeeds() -> Situation:
    return NEW.when(put(auth=PRESIGNED, **customer())).then(Succeed())


@fires("presigned/signed-customer-key-is-taken")
def test_a_presigned_read_with_the_customer_key_succeeds() -> Situation:
    return UNDER_SSE_C.when(get(auth=PRESIGNED, **customer())).then(Succeed())


@silent("presigned/signed-customer-key-is-taken")
def test_a_presigned_read_with_another_key_does_not_succeed() -> Situation:
    return UNDER_SSE_C.when(head(auth=PRESIGNED, **customer(OTHER_CUSTOMER_KEY)))


@silent("presigned/signed-customer-key-is-taken")
def test_a_presigned_read_of_a_plain_object_with_a_key_does_not_succeed() -> Situation:
    return STORED.when(get(auth=PRESIGNED, **customer()))


@silent("presigned/signed-customer-key-is-taken")
def test_a_presigned_write_with_a_short_key_does_not_succeed() -> Situation:
    return NEW.when(put(auth=PRESIGNED, **customer(b"short")))


@silent("presigned/signed-customer-key-is-taken")
def test_a_presigned_write_into_a_blocked_bucket_does_not_succeed() -> Situation:
    return given(create(), start=BLOCKING).when(put(auth=PRESIGNED, **customer()))


@silent("presigned/signed-customer-key-is-taken")
def test_a_write_that_is_signed_in_its_headers_is_none_of_these() -> Situation:
    return NEW.when(put(**customer()))


@fires("presigned/algorithm-in-the-query-counts")
def test_aes256_in_a_signed_query_counts_under_a_kms_default() -> Situation:
    request = put(auth=PRESIGNED, sse_parameter="AES256")
    return BY_DEFAULT.when(request).then(algorithm("AES256"), Succeed())


@fires("presigned/algorithm-in-the-query-counts")
def test_kms_in_a_signed_query_counts() -> Situation:
    request = put(auth=PRESIGNED, sse_parameter="aws:kms")
    return NEW.when(request).then(algorithm("aws:kms"), Succeed())


@fires("presigned/algorithm-in-the-query-counts")
def test_which_key_kms_in_a_signed_query_uses_beside_a_default_is_not_said() -> Situation:
    request = put(auth=PRESIGNED, sse_parameter="aws:kms")
    refused = MayRefuse((ANY_400, ACCESS_DENIED))
    return BY_DEFAULT.when(request).then(algorithm("aws:kms"), refused)


@silent("presigned/algorithm-in-the-query-counts")
def test_an_algorithm_in_a_query_that_is_not_signed_need_not_count() -> Situation:
    return NEW.when(put(sse_parameter="AES256"))


@silent("presigned/algorithm-in-the-query-counts")
def test_an_algorithm_in_the_query_beside_one_in_a_header_need_not_count() -> Situation:
    return NEW.when(put(auth=PRESIGNED, sse_parameter="AES256", sse="aws:kms"))


@silent("presigned/algorithm-in-the-query-counts")
def test_an_unknown_algorithm_in_the_query_need_not_count() -> Situation:
    return NEW.when(put(auth=PRESIGNED, sse_parameter="aes256"))


@silent("presigned/algorithm-in-the-query-counts")
def test_where_the_query_names_no_algorithm_none_counts() -> Situation:
    return NEW.when(put(auth=PRESIGNED))


@fires("presigned/context-in-the-query-has-no-effect")
def test_a_context_in_a_signed_query_is_not_refused() -> Situation:
    return NEW.when(put(auth=PRESIGNED, context_parameter=CONTEXT)).then(Succeed())


@silent("presigned/context-in-the-query-has-no-effect")
def test_a_context_in_a_query_that_is_not_signed_may_be_refused() -> Situation:
    return NEW.when(put(context_parameter=CONTEXT))


@silent("presigned/context-in-the-query-has-no-effect")
def test_a_context_in_the_query_helps_no_missing_bucket() -> Situation:
    return given().when(put(auth=PRESIGNED, context_parameter=CONTEXT))


@silent("presigned/context-in-the-query-has-no-effect")
def test_where_the_query_holds_no_context_nothing_is_said_of_it() -> Situation:
    return NEW.when(put(auth=PRESIGNED))


@fires("presigned/kms-needs-a-signature")
def test_a_kms_object_is_not_read_without_a_signature() -> Situation:
    return UNDER_KMS.when(get(auth=ANONYMOUS)).then(DENIED)


@fires("presigned/kms-needs-a-signature")
def test_kms_is_not_asked_for_without_a_signature() -> Situation:
    return NEW.when(put(sse="aws:kms", auth=ANONYMOUS)).then(DENIED)


@fires("presigned/kms-needs-a-signature")
def test_a_kms_default_is_not_for_writes_without_a_signature() -> Situation:
    return BY_DEFAULT.when(put(auth=ANONYMOUS)).then(DENIED)


@silent("presigned/kms-needs-a-signature")
def test_a_plain_object_may_be_public() -> Situation:
    return STORED.when(get(auth=ANONYMOUS))


@silent("presigned/kms-needs-a-signature")
def test_aes256_may_be_asked_for_without_a_signature_under_a_kms_default() -> Situation:
    return BY_DEFAULT.when(put(sse="AES256", auth=ANONYMOUS))


@silent("presigned/kms-needs-a-signature")
def test_a_form_is_signed_in_itself() -> Situation:
    return NEW.when(post(sse="aws:kms"))


@silent("presigned/kms-needs-a-signature")
def test_a_missing_object_is_not_under_kms() -> Situation:
    return NEW.when(get(auth=ANONYMOUS))


@fires("allowance/anonymous-requests")
def test_what_nobody_signed_may_be_denied() -> Situation:
    return STORED.when(get(auth=ANONYMOUS)).then(MayRefuse((ACCESS_DENIED,)))


@silent("allowance/anonymous-requests")
def test_what_is_signed_is_not_denied_for_that() -> Situation:
    return STORED.when(delete())
