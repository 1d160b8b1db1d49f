"""Writes and copies without encryption headers."""

from __future__ import annotations

from model.clause import Facet, Store
from model.clauses.tests.notation import (
    ALIAS,
    KEY,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY_ID,
    Situation,
    copy,
    create,
    customer,
    delete_default,
    fires,
    given,
    put,
    put_default,
    silent,
)
from model.world import MANAGED_KEY, KmsKey

MANAGED = Store(Facet.KMS_KEY, (KmsKey(key_id=MANAGED_KEY),))
NAMED = Store(Facet.KMS_KEY, (KEY,))
TRUE = Store(Facet.BUCKET_KEY, (True,))
FALSE = Store(Facet.BUCKET_KEY, (False,))


def algorithm(name: str) -> Store:
    return Store(Facet.ALGORITHM, (name,))


@fires("bucket-default/base-is-sse-s3")
def test_a_new_bucket_encrypts_with_sse_s3() -> Situation:
    return given(create()).when(put()).then(algorithm("AES256"))


@fires("bucket-default/base-is-sse-s3")
def test_a_bucket_that_was_reset_encrypts_with_sse_s3() -> Situation:
    steps = (create(), put_default("aws:kms"), delete_default())
    return given(*steps).when(put()).then(algorithm("AES256"))


@fires("bucket-default/base-is-sse-s3")
def test_an_access_control_list_has_no_say_in_the_encryption() -> Situation:
    return given(create()).when(put(acl="bucket-owner-full-control")).then(algorithm("AES256"))


@silent("bucket-default/base-is-sse-s3")
def test_a_bucket_with_another_default_does_not_encrypt_with_sse_s3() -> Situation:
    return given(create(), put_default("aws:kms")).when(put())


@silent("bucket-default/base-is-sse-s3")
def test_a_write_that_names_its_encryption_does_not_ask_the_default() -> Situation:
    return given(create()).when(put(sse="AES256"))


@fires("bucket-default/kms-is-applied")
def test_a_default_of_kms_encrypts_with_sse_kms() -> Situation:
    return given(create(), put_default("aws:kms")).when(put()).then(algorithm("aws:kms"))


@silent("bucket-default/kms-is-applied")
def test_a_default_of_kms_gives_way_to_a_customer_key() -> Situation:
    return given(create(), put_default("aws:kms")).when(put(**customer()))


@silent("bucket-default/kms-is-applied")
def test_a_default_of_dsse_is_not_kms() -> Situation:
    return given(create(), put_default("aws:kms:dsse")).when(put())


@fires("bucket-default/kms-key-is-used")
def test_a_default_key_is_used() -> Situation:
    return given(create(), put_default("aws:kms", KEY_ID)).when(put()).then(NAMED)


@fires("bucket-default/kms-key-is-used")
def test_a_default_key_named_by_alias_is_used_for_dsse() -> Situation:
    return given(create(), put_default("aws:kms:dsse", ALIAS)).when(put()).then(NAMED)


@silent("bucket-default/kms-key-is-used")
def test_a_default_without_a_key_has_none_to_use() -> Situation:
    return given(create(), put_default("aws:kms")).when(put())


@fires("bucket-default/kms-without-key-is-managed")
def test_a_default_of_kms_without_a_key_uses_the_managed_key() -> Situation:
    return given(create(), put_default("aws:kms")).when(put()).then(MANAGED)


@fires("bucket-default/kms-without-key-is-managed")
def test_a_default_of_dsse_without_a_key_uses_the_managed_key() -> Situation:
    return given(create(), put_default("aws:kms:dsse")).when(put()).then(MANAGED)


@silent("bucket-default/kms-without-key-is-managed")
def test_a_default_with_a_key_does_not_use_the_managed_key() -> Situation:
    return given(create(), put_default("aws:kms", KEY_ARN)).when(put())


@fires("bucket-default/bucket-key-is-applied")
def test_a_default_with_the_flag_uses_a_bucket_key() -> Situation:
    return given(create(), put_default("aws:kms", flag="true")).when(put()).then(TRUE)


@fires("bucket-default/bucket-key-is-applied")
def test_a_default_without_the_flag_uses_no_bucket_key() -> Situation:
    return given(create(), put_default("aws:kms")).when(put()).then(FALSE)


@silent("bucket-default/bucket-key-is-applied")
def test_the_flag_beside_aes256_comes_to_nothing() -> Situation:
    return given(create(), put_default("AES256", flag="true")).when(put())


@fires("bucket-default/dsse-is-applied")
def test_a_default_of_dsse_encrypts_with_dsse_kms() -> Situation:
    return given(create(), put_default("aws:kms:dsse")).when(put()).then(algorithm("aws:kms:dsse"))


@silent("bucket-default/dsse-is-applied")
def test_a_default_of_kms_is_not_dsse() -> Situation:
    return given(create(), put_default("aws:kms")).when(put())


SOURCE = (create(), put(sse="aws:kms", kms_key_id=OTHER_KEY_ID, bucket_key_enabled="true"))
TARGET = create("target")


@fires("bucket-default/copy-takes-the-destination-default")
def test_a_copy_of_a_kms_object_into_a_new_bucket_gets_sse_s3() -> Situation:
    return given(*SOURCE, TARGET).when(copy(bucket="target")).then(algorithm("AES256"))


@fires("bucket-default/copy-takes-the-destination-default")
def test_a_copy_into_a_bucket_with_a_kms_default_gets_sse_kms() -> Situation:
    steps = (create(), put(), TARGET, put_default("aws:kms", bucket="target"))
    return given(*steps).when(copy(bucket="target")).then(algorithm("aws:kms"))


@silent("bucket-default/copy-takes-the-destination-default")
def test_a_copy_that_names_its_encryption_does_not_take_the_default() -> Situation:
    return given(*SOURCE, TARGET).when(copy(bucket="target", sse="AES256"))


@silent("bucket-default/copy-takes-the-destination-default")
def test_a_copy_into_a_missing_bucket_has_no_default_to_take() -> Situation:
    return given(*SOURCE).when(copy(bucket="target"))


@fires("bucket-default/copy-takes-the-destination-key")
def test_a_copy_takes_the_key_of_its_destination() -> Situation:
    steps = (*SOURCE, TARGET, put_default("aws:kms", KEY_ARN, bucket="target"))
    return given(*steps).when(copy(bucket="target")).then(NAMED)


@fires("bucket-default/copy-takes-the-destination-key")
def test_a_copy_into_a_kms_default_without_a_key_uses_the_managed_key() -> Situation:
    steps = (*SOURCE, TARGET, put_default("aws:kms", bucket="target"))
    return given(*steps).when(copy(bucket="target")).then(MANAGED)


@silent("bucket-default/copy-takes-the-destination-key")
def test_a_copy_does_not_take_the_key_of_its_source() -> Situation:
    return given(*SOURCE, TARGET).when(copy(bucket="target"))


@fires("bucket-default/copy-takes-the-destination-bucket-key")
def test_a_copy_takes_the_flag_of_its_destination() -> Situation:
    steps = (create(), put(), TARGET, put_default("aws:kms", flag="true", bucket="target"))
    return given(*steps).when(copy(bucket="target")).then(TRUE)


@fires("bucket-default/copy-takes-the-destination-bucket-key")
def test_a_copy_does_not_take_the_flag_of_its_source() -> Situation:
    steps = (*SOURCE, TARGET, put_default("aws:kms", bucket="target"))
    return given(*steps).when(copy(bucket="target")).then(FALSE)


@silent("bucket-default/copy-takes-the-destination-bucket-key")
def test_a_copy_into_a_dsse_default_takes_no_flag() -> Situation:
    steps = (*SOURCE, TARGET, put_default("aws:kms:dsse", bucket="target"))
    return given(*steps).when(copy(bucket="target"))
