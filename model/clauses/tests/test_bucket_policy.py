"""Bucket policies that deny writes by their encryption headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.bucket_policy import DenyStatement, Operator
from model.clause import MayRefuse, Refuse, Succeed, find_clause
from model.clauses.tests.notation import (
    BUCKET,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    OTHER_KEY_ARN,
    UNKNOWN,
    Situation,
    after,
    copy,
    create,
    customer,
    fires,
    get,
    given,
    put,
    put_default,
    silent,
)
from model.clauses.tests.words_forms import (
    MUST_BE_KMS,
    MUST_NAME,
    PRESIGNED,
    delete_policy,
    deny,
    post,
    put_policy,
    put_policy_document,
)
from model.operation import Effect, Operation
from model.request import CUSTOMER_ALGORITHM, KMS_KEY_ID, PartUpload
from model.s3_errors import ACCESS_DENIED, INVALID_ARGUMENT
from model.world import Bucket, unknown_bucket

if TYPE_CHECKING:
    from model.sse import ObjectEncryption
    from model.world import World

DENIED = Refuse((ACCESS_DENIED,))
MAY_BE_DENIED = MayRefuse((ACCESS_DENIED,))
ONE_KEY = deny(Operator.NOT_EQUALS, KEY_ARN, header=KMS_KEY_ID)
NO_SSE_C = deny(Operator.NULL, "false", header=CUSTOMER_ALGORITHM)
KMS_ONLY = given(create(), put_policy(MUST_BE_KMS))
NAMED_ONLY = given(create(), put_policy(MUST_NAME))
KMS_DEFAULT = given(create(), put_default("aws:kms"), put_policy(MUST_BE_KMS))


@fires("bucket-policy/condition-denies-the-write")
def test_another_algorithm_than_the_policy_demands_is_denied() -> Situation:
    return KMS_ONLY.when(put(sse="AES256")).then(DENIED)


@fires("bucket-policy/condition-denies-the-write")
def test_a_copy_with_another_algorithm_is_denied() -> Situation:
    steps = (create(), put(), put_policy(MUST_BE_KMS))
    return given(*steps).when(copy(sse="AES256")).then(DENIED)


@fires("bucket-policy/condition-denies-the-write")
def test_another_kms_key_than_the_policy_demands_is_denied() -> Situation:
    request = put(sse="aws:kms", kms_key_id=OTHER_KEY_ARN)
    return given(create(), put_policy(ONE_KEY)).when(request).then(DENIED)


@fires("bucket-policy/condition-denies-the-write")
def test_a_customer_key_is_denied_where_the_policy_forbids_it() -> Situation:
    return given(create(), put_policy(NO_SSE_C)).when(put(**customer())).then(DENIED)


@fires("bucket-policy/condition-denies-the-write")
def test_a_denied_write_with_wrong_headers_is_refused_for_either() -> Situation:
    request = put(sse="aes256")
    return KMS_ONLY.when(request).then(DENIED, answered=(ACCESS_DENIED, INVALID_ARGUMENT))


@fires("bucket-policy/condition-denies-the-write")
def test_a_form_with_another_algorithm_is_denied() -> Situation:
    return KMS_ONLY.when(post(sse="AES256")).then(DENIED)


@silent("bucket-policy/condition-denies-the-write")
def test_the_algorithm_that_the_policy_demands_is_not_denied() -> Situation:
    return KMS_ONLY.when(put(sse="aws:kms"))


@silent("bucket-policy/condition-denies-the-write")
def test_without_a_policy_nothing_is_denied() -> Situation:
    return given(create(), put_policy(MUST_BE_KMS), delete_policy()).when(put(sse="AES256"))


@fires("bucket-policy/missing-header-is-denied")
def test_a_write_without_headers_is_denied_where_one_is_demanded() -> Situation:
    return NAMED_ONLY.when(put()).then(DENIED)


@silent("bucket-policy/missing-header-is-denied")
def test_a_write_with_the_header_is_not_denied() -> Situation:
    return NAMED_ONLY.when(put(sse="AES256"))


@silent("bucket-policy/missing-header-is-denied")
def test_under_a_kms_default_another_clause_speaks() -> Situation:
    return KMS_DEFAULT.when(put())


@silent("bucket-policy/missing-header-is-denied")
def test_a_missing_header_is_not_denied_where_it_is_forbidden() -> Situation:
    return given(create(), put_policy(NO_SSE_C)).when(put())


@fires("bucket-policy/default-is-no-header")
def test_a_kms_default_is_not_what_the_policy_looks_at() -> Situation:
    return KMS_DEFAULT.when(put()).then(DENIED)


@fires("bucket-policy/default-is-no-header")
def test_a_default_under_another_key_than_the_demanded_one_is_denied() -> Situation:
    steps = given(create(), put_default("aws:kms", OTHER_KEY_ARN), put_policy(ONE_KEY))
    return steps.when(put()).then(DENIED)


@silent("bucket-policy/default-is-no-header")
def test_the_key_that_the_default_names_may_be_what_the_policy_looks_at() -> Situation:
    return given(create(), put_default("aws:kms", KEY_ARN), put_policy(ONE_KEY)).when(put())


@silent("bucket-policy/default-is-no-header")
def test_under_a_kms_default_a_write_that_names_it_is_not_denied() -> Situation:
    return KMS_DEFAULT.when(put(sse="aws:kms"))


@silent("bucket-policy/default-is-no-header")
def test_under_another_default_another_clause_speaks() -> Situation:
    return KMS_ONLY.when(put())


@fires("bucket-policy/other-writes-are-allowed")
def test_a_write_with_the_demanded_header_succeeds() -> Situation:
    return KMS_ONLY.when(put(sse="aws:kms")).then(Succeed())


@fires("bucket-policy/other-writes-are-allowed")
def test_a_write_under_the_demanded_key_succeeds() -> Situation:
    request = put(sse="aws:kms", kms_key_id=KEY_ARN)
    return given(create(), put_policy(ONE_KEY)).when(request).then(Succeed())


@silent("bucket-policy/other-writes-are-allowed")
def test_a_write_that_is_denied_does_not_succeed() -> Situation:
    return KMS_ONLY.when(put(sse="AES256"))


@fires("bucket-policy/other-writes-are-allowed")
def test_a_write_without_headers_succeeds_where_none_is_demanded() -> Situation:
    return given(create(), put_policy(NO_SSE_C)).when(put()).then(Succeed())


@silent("bucket-policy/other-writes-are-allowed")
def test_a_write_without_headers_does_not_succeed_where_one_is_demanded() -> Situation:
    return given(create(), put_policy(MUST_NAME)).when(put())


@silent("bucket-policy/other-writes-are-allowed")
def test_without_a_policy_that_clause_says_nothing() -> Situation:
    return given(create()).when(put(sse="AES256"))


@fires("bucket-policy/encryption-conditions-are-accepted")
def test_a_policy_with_such_conditions_is_accepted() -> Situation:
    return given(create()).when(put_policy(MUST_NAME, NO_SSE_C)).then(Succeed())


@silent("bucket-policy/encryption-conditions-are-accepted")
def test_of_another_policy_it_is_not_said_that_it_is_accepted() -> Situation:
    return given(create()).when(put_policy_document(b"{}"))


@silent("bucket-policy/encryption-conditions-are-accepted")
def test_a_missing_bucket_takes_no_policy() -> Situation:
    return given().when(put_policy(MUST_NAME))


@fires("allowance/condition-of-which-nothing-is-said")
def test_a_key_that_is_named_by_its_id_may_be_denied() -> Situation:
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    return given(create(), put_policy(ONE_KEY)).when(request).then(MAY_BE_DENIED)


@fires("allowance/condition-of-which-nothing-is-said")
def test_an_empty_header_may_be_denied() -> Situation:
    return NAMED_ONLY.when(put(sse="")).then(MAY_BE_DENIED)


@fires("allowance/condition-of-which-nothing-is-said")
def test_a_form_with_the_demanded_field_may_be_denied() -> Situation:
    return NAMED_ONLY.when(post(sse="AES256")).then(MAY_BE_DENIED)


@fires("allowance/condition-of-which-nothing-is-said")
def test_a_query_with_the_demanded_parameter_may_be_denied() -> Situation:
    return NAMED_ONLY.when(put(auth=PRESIGNED, sse_parameter="AES256")).then(MAY_BE_DENIED)


@fires("allowance/condition-of-which-nothing-is-said")
def test_a_write_under_the_demanded_key_by_default_may_be_denied() -> Situation:
    steps = given(create(), put_default("aws:kms", KEY_ARN), put_policy(ONE_KEY))
    return steps.when(put()).then(MAY_BE_DENIED)


@silent("allowance/condition-of-which-nothing-is-said")
def test_a_write_under_another_key_by_default_is_surely_denied() -> Situation:
    return given(create(), put_default("aws:kms", OTHER_KEY_ARN), put_policy(ONE_KEY)).when(put())


@silent("allowance/condition-of-which-nothing-is-said")
def test_a_header_that_is_not_the_demanded_one_is_surely_denied() -> Situation:
    return KMS_ONLY.when(put(sse="AES256"))


@fires("allowance/policy-that-is-not-known")
def test_a_bucket_with_another_policy_may_deny_anything() -> Situation:
    steps = (create(), put(), put_policy_document(b'{"Statement": []}'))
    return given(*steps).when(get()).then(MAY_BE_DENIED)


@fires("allowance/policy-that-is-not-known")
def test_a_bucket_of_which_nothing_is_known_may_have_a_policy() -> Situation:
    start = UNKNOWN.with_bucket(BUCKET, unknown_bucket(UNKNOWN, BUCKET))
    return given(start=start).when(put()).then(MAY_BE_DENIED)


@silent("allowance/policy-that-is-not-known")
def test_a_bucket_without_a_policy_denies_nothing() -> Situation:
    return given(create(), put()).when(get())


class Part(PartUpload, Operation):
    """A request that adds a part."""

    def is_unknown(self, world: World) -> bool:
        """Nothing is asked of the upload here."""
        del world
        return False

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """Nothing is looked at here."""
        del encryption
        return Effect(world)


PART = Part(bucket=BUCKET, object_key=OBJECT)


@fires("allowance/policy-on-parts")
def test_parts_carry_no_algorithm_and_may_be_denied_for_that() -> Situation:
    return KMS_ONLY.when(PART).then(MAY_BE_DENIED)


@silent("allowance/policy-on-parts")
def test_parts_are_not_denied_by_a_condition_that_they_do_not_meet() -> Situation:
    return given(create(), put_policy(NO_SSE_C)).when(PART)


@pytest.mark.example
def test_a_condition_on_several_headers_holds_when_all_do() -> None:
    both = DenyStatement((*MUST_BE_KMS.conditions, *NO_SSE_C.conditions))
    world = after(create(), put_policy(both))
    found = world.bucket(BUCKET)
    assert isinstance(found, Bucket)
    assert found.deny == (both,)
    rule = find_clause("bucket-policy/condition-denies-the-write").rule
    assert rule(world, put(sse="AES256")) is None
    assert rule(world, put(sse="AES256", **customer())) == DENIED
