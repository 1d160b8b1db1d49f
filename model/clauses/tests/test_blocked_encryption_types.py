"""Buckets that refuse writes with SSE-C."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from model.clause import Order, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    BLOCKING,
    CUSTOMER_KEY,
    EMPTY,
    UNDECIDED,
    Situation,
    copy,
    create,
    customer,
    fires,
    get_default,
    given,
    put,
    put_blocked,
    put_default,
    silent,
)
from model.matchers import Absent, AbsentOr, Equals
from model.operations.get_bucket_encryption import BLOCKED
from model.s3_errors import ACCESS_DENIED, INVALID_ARGUMENT

DENIED = Refuse((ACCESS_DENIED,), step="blocked")
BEFORE_APRIL = replace(EMPTY, context=replace(EMPTY.context, as_of=date(2026, 4, 5)))
FROM_APRIL = replace(EMPTY, context=replace(EMPTY.context, as_of=date(2026, 4, 6)))
UNTOLD = replace(UNDECIDED, context=replace(UNDECIDED.context, as_of=date(2026, 4, 5)))
"""Before April 2026, with nothing said of new buckets: they took SSE-C then."""


@fires("blocked-encryption-types/sse-c-write-is-refused")
def test_a_new_bucket_that_blocks_sse_c_refuses_a_write_with_it() -> Situation:
    request = put(**customer())
    return given(create(), start=BLOCKING).when(request).then(DENIED, answered=(ACCESS_DENIED,))


@silent("blocked-encryption-types/sse-c-write-is-refused")
def test_before_april_2026_a_new_bucket_took_sse_c() -> Situation:
    return given(create(), start=UNTOLD).when(put(**customer()))


@fires("blocked-encryption-types/sse-c-write-is-refused")
def test_a_bucket_told_to_block_sse_c_refuses_a_copy_with_it() -> Situation:
    steps = (create(), put(), put_blocked("SSE-C"))
    return given(*steps).when(copy(**customer())).then(DENIED, answered=(ACCESS_DENIED,))


@silent("blocked-encryption-types/sse-c-write-is-refused")
def test_a_bucket_that_blocks_nothing_does_not_refuse_sse_c() -> Situation:
    return given(create()).when(put(**customer()))


@silent("blocked-encryption-types/sse-c-write-is-refused")
def test_an_unblocked_bucket_does_not_refuse_sse_c() -> Situation:
    return given(create(), put_blocked("NONE"), start=BLOCKING).when(put(**customer()))


@fires("blocked-encryption-types/block-comes-before-key-checks")
def test_a_blocked_write_with_a_wrong_md5_is_denied() -> Situation:
    order = Order({"blocked": frozenset({"write:6", "write:7", "write:8", "write:9"})})
    request = put(**customer(customer_key_md5="AAAA"))
    return given(create(), start=BLOCKING).when(request).then(order, answered=(ACCESS_DENIED,))


@silent("blocked-encryption-types/block-comes-before-key-checks")
def test_a_wrong_md5_is_answered_where_nothing_is_blocked() -> Situation:
    request = put(**customer(customer_key_md5="AAAA"))
    return given(create()).when(request).then(answered=(INVALID_ARGUMENT,))


@fires("blocked-encryption-types/unblocked-bucket-takes-sse-c")
def test_a_sound_customer_key_is_taken_where_nothing_is_blocked() -> Situation:
    return given(create()).when(put(**customer())).then(Succeed())


@fires("blocked-encryption-types/unblocked-bucket-takes-sse-c")
def test_a_bucket_takes_sse_c_after_none_was_put() -> Situation:
    steps = given(create(), put_blocked("NONE"), start=BLOCKING)
    return steps.when(put(**customer())).then(Succeed())


@silent("blocked-encryption-types/unblocked-bucket-takes-sse-c")
def test_a_blocked_bucket_does_not_take_sse_c() -> Situation:
    return given(create(), start=BLOCKING).when(put(**customer()))


@silent("blocked-encryption-types/unblocked-bucket-takes-sse-c")
def test_an_unsound_customer_key_need_not_be_taken() -> Situation:
    return given(create()).when(put(**customer(CUSTOMER_KEY[:31])))


@fires("blocked-encryption-types/other-writes-are-not-blocked")
def test_a_bucket_that_blocks_sse_c_takes_other_encryption() -> Situation:
    return given(create(), start=BLOCKING).when(put(sse="aws:kms")).then(Succeed())


@silent("blocked-encryption-types/other-writes-are-not-blocked")
def test_a_bucket_that_blocks_nothing_is_not_spoken_of() -> Situation:
    return given(create()).when(put(sse="aws:kms"))


@silent("blocked-encryption-types/other-writes-are-not-blocked")
def test_an_unknown_algorithm_is_not_promised_to_succeed() -> Situation:
    return given(create(), start=BLOCKING).when(put(sse="aws:KMS"))


@fires("blocked-encryption-types/block-is-shown")
def test_a_block_that_was_put_is_shown() -> Situation:
    ruling = Require(BLOCKED, Equals("SSE-C", wrong=None))
    return given(create(), put_blocked("SSE-C")).when(get_default()).then(ruling)


@fires("blocked-encryption-types/block-is-shown")
def test_a_later_rule_keeps_the_block() -> Situation:
    steps = (create(), put_blocked("SSE-C"), put_default("aws:kms"))
    ruling = Require(BLOCKED, Equals("SSE-C", wrong=None))
    return given(*steps).when(get_default()).then(ruling)


@fires("blocked-encryption-types/block-is-shown")
def test_none_that_was_put_is_shown() -> Situation:
    ruling = Require(BLOCKED, Equals("NONE", wrong=None))
    steps = given(create(), put_blocked("NONE"), start=BLOCKING)
    return steps.when(get_default()).then(ruling)


@fires("blocked-encryption-types/block-is-shown")
def test_the_block_of_a_new_bucket_may_be_shown() -> Situation:
    ruling = Require(BLOCKED, AbsentOr("SSE-C", wrong="NONE"))
    return given(create(), start=BLOCKING).when(get_default()).then(ruling)


@silent("blocked-encryption-types/block-is-shown")
def test_a_bucket_that_never_blocked_has_no_block_to_show() -> Situation:
    return given(create()).when(get_default())


@fires("blocked-encryption-types/nothing-blocked-is-not-shown")
def test_a_bucket_that_blocks_nothing_does_not_show_sse_c() -> Situation:
    ruling = Require(BLOCKED, AbsentOr("NONE", wrong="SSE-C"))
    return given(create()).when(get_default()).then(ruling)


@silent("blocked-encryption-types/nothing-blocked-is-not-shown")
def test_before_april_2026_that_nothing_is_blocked_went_without_saying() -> Situation:
    return given(create(), start=BEFORE_APRIL).when(get_default())


@fires("blocked-encryption-types/no-types-are-shown-unasked")
def test_before_april_2026_no_blocked_types_were_shown() -> Situation:
    ruling = Require(BLOCKED, Absent("NONE"))
    return given(create(), start=BEFORE_APRIL).when(get_default()).then(ruling)


@silent("blocked-encryption-types/no-types-are-shown-unasked")
def test_from_april_2026_on_none_may_be_shown() -> Situation:
    return given(create(), start=FROM_APRIL).when(get_default())


@silent("blocked-encryption-types/no-types-are-shown-unasked")
def test_types_that_were_put_were_shown_before_april_2026_too() -> Situation:
    steps = given(create(), put_blocked("NONE"), start=BEFORE_APRIL)
    return steps.when(get_default())


@silent("blocked-encryption-types/nothing-blocked-is-not-shown")
def test_a_new_bucket_that_blocks_is_not_one_that_blocks_nothing() -> Situation:
    return given(create(), start=BLOCKING).when(get_default())


@silent("blocked-encryption-types/nothing-blocked-is-not-shown")
def test_where_none_was_put_it_is_not_left_out() -> Situation:
    return given(create(), put_blocked("NONE")).when(get_default())


@fires("blocked-encryption-types/types-are-accepted")
def test_types_to_block_are_accepted_alone_in_a_rule() -> Situation:
    return given(create()).when(put_blocked("SSE-C")).then(Succeed())


@silent("blocked-encryption-types/types-are-accepted")
def test_both_types_at_once_are_not_promised_to_be_accepted() -> Situation:
    return given(create()).when(put_blocked("SSE-C", "NONE"))


@silent("blocked-encryption-types/types-are-accepted")
def test_types_beside_a_flag_are_not_promised_to_be_accepted() -> Situation:
    return given(create()).when(put_blocked("SSE-C", flag="true"))


@silent("blocked-encryption-types/types-are-accepted")
def test_types_for_a_bucket_that_does_not_exist_are_not_accepted() -> Situation:
    return given().when(put_blocked("SSE-C"))
