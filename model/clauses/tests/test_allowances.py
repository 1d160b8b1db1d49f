"""What AWS does not say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.clause import Facet, MayRefuse, Store
from model.clauses.allowances import LONG_CONTEXT
from model.clauses.tests.notation import (
    ACCOUNT,
    CUSTOMER_KEY,
    KEY,
    KEY_ARN,
    KEY_ID,
    REGION,
    UNKNOWN,
    Situation,
    after,
    base64_of,
    copy,
    create,
    customer,
    disable,
    fires,
    get,
    given,
    head,
    put,
    put_blocked,
    put_default,
    put_document,
    put_rules,
    rulings_of,
    schedule_deletion,
    silent,
)
from model.clauses.tests.words_versioning import attributes
from model.encryption_document import RuleText
from model.s3_errors import ACCESS_DENIED, ANY_400, INVALID_ARGUMENT, INVALID_RANGE, MALFORMED_XML
from model.world import MANAGED_KEY, KeyState, KmsKey

NEW = given(create())
STORED = given(create(), put())
UNDER_KEY = (create(), put(sse="aws:kms", kms_key_id=KEY_ID))
MANAGED = KmsKey(key_id=MANAGED_KEY)
ARGUMENT = MayRefuse((INVALID_ARGUMENT,))
SOME_400 = MayRefuse((ANY_400,))
SOME_400_OR_DENIED = MayRefuse((ANY_400, ACCESS_DENIED))
PAIRS = base64_of(b'{"a": "b"}')
EITHER_FLAG = Store(Facet.BUCKET_KEY, (False, True))


@fires("allowance/no-named-key-beside-a-default-key")
def test_kms_without_a_key_may_use_the_managed_key_or_the_default_key() -> Situation:
    steps = given(create(), put_default("aws:kms", KEY_ARN))
    return steps.when(put(sse="aws:kms")).then(Store(Facet.KMS_KEY, (MANAGED, KEY)))


@fires("allowance/no-named-key-beside-a-default-key")
def test_where_the_default_names_the_managed_key_only_that_is_used() -> Situation:
    steps = given(create(), put_default("aws:kms", "alias/aws/s3"))
    return steps.when(put(sse="aws:kms:dsse")).then(Store(Facet.KMS_KEY, (MANAGED,)))


@fires("allowance/no-named-key-beside-a-default-key")
def test_where_the_default_key_cannot_be_used_the_write_may_be_refused() -> Situation:
    steps = given(create(), put_default("aws:kms", KEY_ARN), disable())
    stored = Store(Facet.KMS_KEY, (MANAGED, replace(KEY, state=KeyState.DISABLED)))
    return steps.when(put(sse="aws:kms")).then(stored, SOME_400_OR_DENIED)


@silent("allowance/no-named-key-beside-a-default-key")
def test_kms_without_a_key_is_no_open_question_where_the_default_has_none() -> Situation:
    return given(create(), put_default("aws:kms")).when(put(sse="aws:kms"))


@silent("allowance/no-named-key-beside-a-default-key")
def test_kms_with_a_key_is_no_open_question() -> Situation:
    steps = given(create(), put_default("aws:kms", KEY_ARN))
    return steps.when(put(sse="aws:kms", kms_key_id=KEY_ID))


@fires("allowance/bucket-key-flag-beside-another-default")
def test_kms_in_a_bucket_with_the_flag_beside_aes256_may_use_a_bucket_key() -> Situation:
    steps = given(create(), put_default("AES256", flag="true"))
    return steps.when(put(sse="aws:kms")).then(EITHER_FLAG)


@silent("allowance/bucket-key-flag-beside-another-default")
def test_kms_in_a_bucket_with_the_flag_beside_kms_is_no_open_question() -> Situation:
    return given(create(), put_default("aws:kms", flag="true")).when(put(sse="aws:kms"))


@silent("allowance/bucket-key-flag-beside-another-default")
def test_kms_in_a_bucket_without_the_flag_is_no_open_question() -> Situation:
    return NEW.when(put(sse="aws:kms"))


@silent("allowance/bucket-key-flag-beside-another-default")
def test_dsse_takes_no_flag_from_its_bucket() -> Situation:
    return given(create(), put_default("AES256", flag="true")).when(put(sse="aws:kms:dsse"))


@fires("allowance/flag-or-context-alone")
def test_the_flag_alone_under_sse_s3_is_ignored_or_refused() -> Situation:
    stored = Store(Facet.ALGORITHM, ("AES256",))
    return NEW.when(put(bucket_key_enabled="true")).then(stored, SOME_400)


@fires("allowance/flag-or-context-alone")
def test_the_flag_alone_under_a_kms_default_is_honoured_or_ignored_or_refused() -> Situation:
    rulings = (
        Store(Facet.ALGORITHM, ("aws:kms",)),
        Store(Facet.KMS_KEY, (KEY,)),
        Store(Facet.BUCKET_KEY, (True, False)),
        SOME_400,
    )
    steps = given(create(), put_default("aws:kms", KEY_ARN, flag="true"))
    return steps.when(put(bucket_key_enabled="false")).then(*rulings)


@fires("allowance/flag-or-context-alone")
def test_the_flag_alone_may_switch_a_bucket_key_on() -> Situation:
    rulings = (
        Store(Facet.ALGORITHM, ("aws:kms",)),
        Store(Facet.KMS_KEY, (MANAGED,)),
        EITHER_FLAG,
        SOME_400,
    )
    return (
        given(create(), put_default("aws:kms")).when(put(bucket_key_enabled="true")).then(*rulings)
    )


@fires("allowance/flag-or-context-alone")
def test_the_context_alone_in_a_bucket_of_unknown_default_may_be_refused() -> Situation:
    return given(start=UNKNOWN).when(put(encryption_context=PAIRS)).then(ARGUMENT)


@silent("allowance/flag-or-context-alone")
def test_neither_flag_nor_context_is_no_open_question() -> Situation:
    return NEW.when(put())


@silent("allowance/flag-or-context-alone")
def test_the_flag_beside_kms_is_not_alone() -> Situation:
    return NEW.when(put(sse="aws:kms", bucket_key_enabled="true"))


@fires("allowance/flag-or-context-beside-aes256")
def test_the_flag_beside_aes256_may_be_refused() -> Situation:
    return NEW.when(put(sse="AES256", bucket_key_enabled="true")).then(ARGUMENT)


@fires("allowance/flag-or-context-beside-aes256")
def test_the_context_beside_aes256_may_be_refused() -> Situation:
    return NEW.when(put(sse="AES256", encryption_context=PAIRS)).then(ARGUMENT)


@silent("allowance/flag-or-context-beside-aes256")
def test_aes256_without_flag_and_context_may_not_be_refused() -> Situation:
    return NEW.when(put(sse="AES256"))


@silent("allowance/flag-or-context-beside-aes256")
def test_the_flag_beside_kms_may_not_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", bucket_key_enabled="true"))


@fires("allowance/bucket-key-beside-dsse")
def test_the_flag_beside_dsse_may_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms:dsse", bucket_key_enabled="true")).then(SOME_400)


@silent("allowance/bucket-key-beside-dsse")
def test_dsse_without_the_flag_may_not_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms:dsse"))


@fires("allowance/bucket-key-neither-true-nor-false")
def test_a_flag_that_is_neither_true_nor_false_is_read_as_either_or_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", bucket_key_enabled="True")).then(EITHER_FLAG, SOME_400)


@fires("allowance/bucket-key-neither-true-nor-false")
def test_such_a_flag_beside_aes256_may_be_refused() -> Situation:
    return NEW.when(put(sse="AES256", bucket_key_enabled="")).then(SOME_400)


@silent("allowance/bucket-key-neither-true-nor-false")
def test_a_flag_of_true_is_no_open_question() -> Situation:
    return NEW.when(put(sse="aws:kms", bucket_key_enabled="true"))


@fires("allowance/empty-key-id")
def test_an_empty_key_id_means_the_managed_key_or_is_refused() -> Situation:
    stored = Store(Facet.KMS_KEY, (MANAGED,))
    return NEW.when(put(sse="aws:kms", kms_key_id="")).then(stored, SOME_400)


@fires("allowance/empty-key-id")
def test_an_empty_key_id_may_mean_the_default_key() -> Situation:
    stored = Store(Facet.KMS_KEY, (MANAGED, KEY))
    steps = given(create(), put_default("aws:kms", KEY_ARN))
    return steps.when(put(sse="aws:kms", kms_key_id="")).then(stored, SOME_400)


@silent("allowance/empty-key-id")
def test_no_key_id_is_not_an_empty_one() -> Situation:
    return NEW.when(put(sse="aws:kms"))


@fires("allowance/kms-headers-beside-sse-c")
def test_a_key_id_beside_a_customer_key_may_be_refused() -> Situation:
    return NEW.when(put(kms_key_id=KEY_ID, **customer())).then(ARGUMENT)


@silent("allowance/kms-headers-beside-sse-c")
def test_a_customer_key_alone_may_not_be_refused() -> Situation:
    return NEW.when(put(**customer()))


@silent("allowance/kms-headers-beside-sse-c")
def test_a_key_id_beside_kms_may_not_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", kms_key_id=KEY_ID))


@fires("allowance/odd-context")
def test_an_empty_context_may_be_refused() -> Situation:
    request = put(sse="aws:kms", encryption_context=base64_of(b"{}"))
    return NEW.when(request).then(SOME_400)


@fires("allowance/odd-context")
def test_a_context_with_a_key_of_aws_may_be_refused() -> Situation:
    request = put(sse="aws:kms", encryption_context=base64_of(b'{"aws:own": "b"}'))
    return NEW.when(request).then(SOME_400)


@fires("allowance/odd-context")
def test_a_context_without_its_padding_may_be_refused() -> Situation:
    request = put(sse="aws:kms", encryption_context=base64_of(b'{"a": "b"}').rstrip("="))
    return NEW.when(request).then(MayRefuse((ANY_400,)))


@fires("allowance/odd-context")
def test_a_long_context_may_be_refused() -> Situation:
    context = base64_of(b'{"a": "%s"}' % (b"b" * LONG_CONTEXT))
    return NEW.when(put(sse="aws:kms", encryption_context=context)).then(MayRefuse((ANY_400,)))


@silent("allowance/odd-context")
def test_a_context_of_own_keys_may_not_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", encryption_context=PAIRS))


@fires("allowance/flag-or-context-on-a-read")
def test_the_flag_on_a_read_may_be_refused() -> Situation:
    return STORED.when(get(bucket_key_enabled="true")).then(ARGUMENT)


@silent("allowance/flag-or-context-on-a-read")
def test_a_read_without_flag_and_context_may_not_be_refused() -> Situation:
    return STORED.when(get())


@fires("allowance/head-with-an-unusable-key")
def test_a_head_of_an_object_under_a_disabled_key_may_be_refused() -> Situation:
    return given(*UNDER_KEY, disable()).when(head()).then(SOME_400_OR_DENIED)


@fires("allowance/head-with-an-unusable-key")
def test_attributes_of_an_object_under_a_disabled_key_may_be_refused() -> Situation:
    ruling = MayRefuse((ANY_400, ACCESS_DENIED))
    return (
        given(create(), put(sse="aws:kms", kms_key_id=KEY_ID), disable())
        .when(attributes())
        .then(ruling)
    )


@silent("allowance/head-with-an-unusable-key")
def test_a_head_of_an_object_under_an_enabled_key_may_not_be_refused() -> Situation:
    return given(*UNDER_KEY).when(head())


@silent("allowance/head-with-an-unusable-key")
def test_a_head_of_an_sse_s3_object_needs_no_key() -> Situation:
    return given(create(), put(), disable()).when(head())


@silent("allowance/head-with-an-unusable-key")
def test_a_head_of_a_missing_object_needs_no_key() -> Situation:
    return given(create(), disable()).when(head())


@fires("allowance/copy-source-with-an-unusable-key")
def test_a_copy_of_an_object_under_a_key_that_is_to_be_deleted_may_be_refused() -> Situation:
    return given(*UNDER_KEY, schedule_deletion()).when(copy()).then(SOME_400_OR_DENIED)


@silent("allowance/copy-source-with-an-unusable-key")
def test_a_copy_of_an_object_under_an_enabled_key_may_not_be_refused() -> Situation:
    return given(*UNDER_KEY).when(copy())


ELSEWHERE = f"arn:aws:kms:{REGION}:123456789012:key/{KEY_ID}"


@fires("allowance/key-beyond-the-world")
def test_a_key_of_another_account_may_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", kms_key_id=ELSEWHERE)).then(SOME_400_OR_DENIED)


@fires("allowance/key-beyond-the-world")
def test_a_default_key_of_another_account_may_be_refused() -> Situation:
    steps = given(create(), put_default("aws:kms", ELSEWHERE))
    return steps.when(put()).then(SOME_400_OR_DENIED)


@silent("allowance/key-beyond-the-world")
def test_a_key_of_the_own_account_may_not_be_refused() -> Situation:
    own = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"
    return NEW.when(put(sse="aws:kms", kms_key_id=own))


@fires("allowance/kms-without-tls")
def test_kms_over_plain_http_may_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", secure=False)).then(ARGUMENT)


@fires("allowance/kms-without-tls")
def test_a_write_over_plain_http_under_a_kms_default_may_be_refused() -> Situation:
    return given(create(), put_default("aws:kms")).when(put(secure=False)).then(ARGUMENT)


@fires("allowance/kms-without-tls")
def test_a_read_of_a_kms_object_over_plain_http_may_be_refused() -> Situation:
    return given(*UNDER_KEY).when(get(secure=False)).then(ARGUMENT)


@silent("allowance/kms-without-tls")
def test_kms_over_tls_may_not_be_refused() -> Situation:
    return NEW.when(put(sse="aws:kms"))


@silent("allowance/kms-without-tls")
def test_sse_s3_over_plain_http_may_not_be_refused() -> Situation:
    return NEW.when(put(secure=False))


@silent("allowance/kms-without-tls")
def test_a_read_of_an_sse_s3_object_over_plain_http_may_not_be_refused() -> Situation:
    return STORED.when(get(secure=False))


@silent("allowance/kms-without-tls")
def test_a_read_of_a_missing_object_over_plain_http_is_no_matter_of_kms() -> Situation:
    return NEW.when(get(secure=False))


TAKEN = given(create(), put(sse="aws:kms", secure=False))


@silent("allowance/kms-without-tls")
def test_an_endpoint_that_took_kms_over_plain_http_may_not_refuse_it_then() -> Situation:
    return TAKEN.when(put(sse="aws:kms", secure=False))


@silent("allowance/kms-without-tls")
def test_nor_may_it_refuse_to_read_what_it_took() -> Situation:
    return TAKEN.when(get(secure=False))


@fires("allowance/kms-without-tls")
def test_kms_over_tls_tells_nothing_of_plain_http() -> Situation:
    return given(create(), put(sse="aws:kms")).when(get(secure=False)).then(ARGUMENT)


@fires("allowance/kms-without-tls")
def test_a_copy_reads_its_source_which_may_be_under_kms() -> Situation:
    return given(*UNDER_KEY).when(copy(sse="AES256", secure=False)).then(ARGUMENT)


@silent("allowance/kms-without-tls")
def test_a_copy_of_an_sse_s3_object_over_plain_http_is_no_matter_of_kms() -> Situation:
    return STORED.when(copy(sse="AES256", secure=False))


STRAY = " " + base64_of(CUSTOMER_KEY)


@fires("allowance/customer-key-with-stray-characters")
def test_a_customer_key_with_a_blank_may_be_refused() -> Situation:
    return NEW.when(put(**customer(customer_key=STRAY))).then(SOME_400_OR_DENIED)


@silent("allowance/customer-key-with-stray-characters")
def test_a_customer_key_in_canonical_base64_may_not_be_refused() -> Situation:
    return NEW.when(put(**customer()))


@fires("allowance/short-key-for-a-plain-object")
def test_a_short_customer_key_for_an_sse_s3_object_may_be_denied() -> Situation:
    return STORED.when(get(**customer(b"short"))).then(SOME_400_OR_DENIED)


@silent("allowance/short-key-for-a-plain-object")
def test_a_whole_customer_key_for_an_sse_s3_object_is_no_open_question() -> Situation:
    return STORED.when(get(**customer()))


@silent("allowance/short-key-for-a-plain-object")
def test_a_short_customer_key_for_an_sse_c_object_is_no_open_question() -> Situation:
    return given(create(), put(**customer())).when(get(**customer(b"short")))


@silent("allowance/short-key-for-a-plain-object")
def test_no_customer_key_is_not_a_short_one() -> Situation:
    return STORED.when(get())


@fires("allowance/range-of-an-empty-object")
def test_a_range_of_an_empty_object_may_be_refused() -> Situation:
    steps = given(create(), put(body=b""))
    return steps.when(get(range="bytes=0-")).then(MayRefuse((INVALID_RANGE,)))


@fires("allowance/range-of-an-empty-object")
def test_a_head_of_a_range_of_an_empty_object_may_be_refused() -> Situation:
    steps = given(create(), put(body=b""))
    return steps.when(head(range="bytes=0-")).then(MayRefuse((INVALID_RANGE,)))


@silent("allowance/range-of-an-empty-object")
def test_a_range_of_one_byte_may_not_be_refused() -> Situation:
    return given(create(), put(body=b"x")).when(get(range="bytes=0-"))


@silent("allowance/range-of-an-empty-object")
def test_the_whole_of_an_empty_object_may_not_be_refused() -> Situation:
    return given(create(), put(body=b"")).when(get())


ODD = MayRefuse((MALFORMED_XML, INVALID_ARGUMENT))


@fires("allowance/odd-configuration")
def test_a_default_of_another_service_may_be_refused() -> Situation:
    return NEW.when(put_default("aws:fsx")).then(ODD)


@fires("allowance/odd-configuration")
def test_a_flag_in_a_configuration_that_is_neither_true_nor_false_may_be_refused() -> Situation:
    return NEW.when(put_default("AES256", flag="yes")).then(ODD)


@silent("allowance/odd-configuration")
def test_a_plain_configuration_may_not_be_refused() -> Situation:
    return NEW.when(put_default("AES256", flag="true", blocked=("NONE",)))


@silent("allowance/odd-configuration")
def test_a_broken_configuration_is_no_open_question() -> Situation:
    return NEW.when(put_document(b"<"))


@pytest.mark.example
@pytest.mark.parametrize(
    "rule",
    [
        RuleText(None),
        RuleText("AES256", blocked=("SSE-C", "NONE")),
        RuleText("AES256", blocked=("NONE", "NONE")),
        RuleText("AES256", blocked=()),
        RuleText("AES256", blocked=("SSE-K",)),
        RuleText(has_default=False),
    ],
)
def test_other_odd_configurations_may_be_refused(rule: RuleText) -> None:
    world = after(create())
    assert rulings_of("allowance/odd-configuration", world, put_rules(rule)) == (ODD,)


@fires("allowance/bucket-key-beside-a-dsse-default")
def test_the_flag_beside_a_dsse_default_may_be_refused() -> Situation:
    return NEW.when(put_default("aws:kms:dsse", flag="true")).then(SOME_400)


@silent("allowance/bucket-key-beside-a-dsse-default")
def test_a_dsse_default_without_the_flag_may_not_be_refused() -> Situation:
    return NEW.when(put_default("aws:kms:dsse"))


@silent("allowance/bucket-key-beside-a-dsse-default")
def test_a_rule_without_a_default_is_no_dsse_default() -> Situation:
    return NEW.when(put_blocked("NONE"))
