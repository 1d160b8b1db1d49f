"""What a write asks for, in buckets that would do something else."""

from __future__ import annotations

from model.clause import SSE_C_ALGORITHM, Facet, Store
from model.clauses.tests.notation import (
    ALIAS,
    KEY,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY_ARN,
    Situation,
    copy,
    create,
    customer,
    fires,
    given,
    put,
    put_default,
    silent,
)
from model.world import MANAGED_KEY, KmsKey

NAMED = Store(Facet.KMS_KEY, (KEY,))
MANAGED = Store(Facet.KMS_KEY, (KmsKey(key_id=MANAGED_KEY),))
TRUE = Store(Facet.BUCKET_KEY, (True,))
FALSE = Store(Facet.BUCKET_KEY, (False,))
NEW = given(create())
KMS = given(create(), put_default("aws:kms", OTHER_KEY_ARN))
FLAGGED = given(create(), put_default("aws:kms", flag="true"))


def algorithm(name: str) -> Store:
    return Store(Facet.ALGORITHM, (name,))


@fires("precedence/aes256-overrides-the-default")
def test_a_write_that_asks_for_aes256_gets_it_under_a_kms_default() -> Situation:
    return KMS.when(put(sse="AES256")).then(algorithm("AES256"))


@fires("precedence/aes256-overrides-the-default")
def test_a_copy_that_asks_for_aes256_gets_it_under_a_kms_default() -> Situation:
    steps = (create(), put_default("aws:kms"), put())
    return given(*steps).when(copy(sse="AES256")).then(algorithm("AES256"))


@silent("precedence/aes256-overrides-the-default")
def test_a_write_that_asks_for_nothing_is_not_given_aes256() -> Situation:
    return KMS.when(put())


@silent("precedence/aes256-overrides-the-default")
def test_aes256_in_lower_case_is_not_aes256() -> Situation:
    return KMS.when(put(sse="aes256"))


@fires("precedence/kms-overrides-the-default")
def test_a_write_that_asks_for_kms_gets_it() -> Situation:
    return NEW.when(put(sse="aws:kms")).then(algorithm("aws:kms"))


@silent("precedence/kms-overrides-the-default")
def test_a_write_that_asks_for_nothing_is_not_given_kms() -> Situation:
    return NEW.when(put())


@fires("precedence/dsse-overrides-the-default")
def test_a_write_that_asks_for_dsse_gets_it() -> Situation:
    return KMS.when(put(sse="aws:kms:dsse")).then(algorithm("aws:kms:dsse"))


@silent("precedence/dsse-overrides-the-default")
def test_a_write_that_asks_for_kms_is_not_given_dsse() -> Situation:
    return KMS.when(put(sse="aws:kms"))


@fires("precedence/named-key-is-used")
def test_a_key_named_by_its_id_is_used() -> Situation:
    return KMS.when(put(sse="aws:kms", kms_key_id=KEY_ID)).then(NAMED)


@fires("precedence/named-key-is-used")
def test_a_key_named_by_its_arn_is_used_for_dsse() -> Situation:
    return KMS.when(put(sse="aws:kms:dsse", kms_key_id=KEY_ARN)).then(NAMED)


@fires("precedence/named-key-is-used")
def test_a_key_named_by_its_alias_is_used() -> Situation:
    return KMS.when(put(sse="aws:kms", kms_key_id=ALIAS)).then(NAMED)


@fires("precedence/named-key-is-used")
def test_the_alias_of_the_managed_key_names_the_managed_key() -> Situation:
    return KMS.when(put(sse="aws:kms", kms_key_id="alias/aws/s3")).then(MANAGED)


@fires("precedence/named-key-is-used")
def test_a_key_named_by_a_copy_is_used() -> Situation:
    copied = given(create(), put_default("aws:kms"), put())
    request = copy(sse="aws:kms", kms_key_id=KEY_ID, bucket_key_enabled="true")
    return copied.when(request).then(NAMED)


@silent("precedence/named-key-is-used")
def test_a_write_that_names_no_key_is_not_held_to_one() -> Situation:
    return KMS.when(put(sse="aws:kms"))


@silent("precedence/named-key-is-used")
def test_a_key_beside_aes256_is_not_used() -> Situation:
    return KMS.when(put(sse="AES256", kms_key_id=KEY_ID))


@fires("precedence/no-named-key-is-managed")
def test_kms_without_a_key_uses_the_managed_key() -> Situation:
    return NEW.when(put(sse="aws:kms")).then(MANAGED)


@fires("precedence/no-named-key-is-managed")
def test_dsse_without_a_key_uses_the_managed_key() -> Situation:
    return FLAGGED.when(put(sse="aws:kms:dsse")).then(MANAGED)


@silent("precedence/no-named-key-is-managed")
def test_kms_without_a_key_is_an_open_question_where_the_default_names_one() -> Situation:
    return KMS.when(put(sse="aws:kms"))


@silent("precedence/no-named-key-is-managed")
def test_kms_with_a_key_does_not_use_the_managed_key() -> Situation:
    return NEW.when(put(sse="aws:kms", kms_key_id=KEY_ID))


@fires("precedence/bucket-key-header-wins")
def test_a_write_that_declines_a_bucket_key_gets_none() -> Situation:
    return FLAGGED.when(put(sse="aws:kms", bucket_key_enabled="false")).then(FALSE)


@fires("precedence/bucket-key-header-wins")
def test_a_write_that_asks_for_a_bucket_key_gets_one() -> Situation:
    return NEW.when(put(sse="aws:kms", bucket_key_enabled="true")).then(TRUE)


@silent("precedence/bucket-key-header-wins")
def test_a_header_that_is_neither_true_nor_false_does_not_win() -> Situation:
    return NEW.when(put(sse="aws:kms", bucket_key_enabled="True"))


@silent("precedence/bucket-key-header-wins")
def test_the_flag_beside_dsse_does_not_win() -> Situation:
    return NEW.when(put(sse="aws:kms:dsse", bucket_key_enabled="true"))


@fires("precedence/bucket-key-comes-from-the-bucket")
def test_a_write_that_does_not_speak_of_a_bucket_key_does_as_its_bucket() -> Situation:
    return FLAGGED.when(put(sse="aws:kms")).then(TRUE)


@fires("precedence/bucket-key-comes-from-the-bucket")
def test_a_copy_of_an_object_under_a_bucket_key_does_as_its_destination() -> Situation:
    steps = given(create(), put(sse="aws:kms", bucket_key_enabled="true"))
    return steps.when(copy(sse="aws:kms")).then(FALSE)


@silent("precedence/bucket-key-comes-from-the-bucket")
def test_the_flag_beside_a_default_of_aes256_is_an_open_question() -> Situation:
    return given(create(), put_default("AES256", flag="true")).when(put(sse="aws:kms"))


@silent("precedence/bucket-key-comes-from-the-bucket")
def test_a_write_that_speaks_of_a_bucket_key_does_not_ask_its_bucket() -> Situation:
    return FLAGGED.when(put(sse="aws:kms", bucket_key_enabled="true"))


@silent("precedence/bucket-key-comes-from-the-bucket")
def test_a_missing_bucket_has_no_flag_to_give() -> Situation:
    return given().when(put(sse="aws:kms"))


@fires("precedence/sse-c-overrides-the-default")
def test_a_write_with_a_customer_key_gets_sse_c_under_a_kms_default() -> Situation:
    return KMS.when(put(**customer())).then(algorithm(SSE_C_ALGORITHM))


@silent("precedence/sse-c-overrides-the-default")
def test_a_customer_key_beside_aes256_overrides_nothing() -> Situation:
    return KMS.when(put(sse="AES256", **customer()))
