"""KMS keys that cannot be used."""

from __future__ import annotations

from dataclasses import replace
from typing import TypedDict

from model.clause import Keep, Law, MayRefuse, Refuse, Require
from model.clauses.tests.notation import (
    ACCOUNT,
    ALIAS,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OTHER_KEY_ID,
    REGION,
    SIGNING_KEY_ID,
    Situation,
    after,
    copy,
    create,
    describe,
    disable,
    fires,
    get,
    given,
    head,
    put,
    put_default,
    put_rules,
    schedule_deletion,
    silent,
)
from model.encryption_document import RuleText
from model.matchers import Equals
from model.operations.kms import CancelKeyDeletion, EnableKey
from model.operations.kms_aliases import DeleteAlias, UpdateAlias
from model.s3_errors import ANY_400, KMS_DISABLED, KMS_INVALID_STATE, KMS_NOT_FOUND
from model.world import MANAGED_KEY

NEW = given(create())
NOT_FOUND = Refuse((KMS_NOT_FOUND,))
SOME_400 = Refuse((ANY_400,))
MAY_400 = MayRefuse((ANY_400,))


class KmsHeaders(TypedDict):
    """The headers that name a KMS key."""

    sse: str
    kms_key_id: str


def kms(key: str) -> KmsHeaders:
    return {"sse": "aws:kms", "kms_key_id": key}


@fires("kms-keys/unknown-name-is-refused")
def test_a_text_that_is_no_key_name_is_refused() -> Situation:
    return NEW.when(put(**kms("fake-key-id"))).then(NOT_FOUND, answered=(KMS_NOT_FOUND,))


@silent("kms-keys/unknown-name-is-refused")
def test_the_id_of_a_key_is_not_refused() -> Situation:
    return NEW.when(put(**kms(KEY_ID)))


@silent("kms-keys/unknown-name-is-refused")
def test_a_text_that_is_no_key_name_is_not_looked_up_beside_aes256() -> Situation:
    return NEW.when(put(sse="AES256", kms_key_id="fake-key-id"))


@fires("kms-keys/unknown-id-is-refused")
def test_the_id_of_no_key_is_refused() -> Situation:
    return NEW.when(put(**kms(NO_KEY_ID))).then(NOT_FOUND, answered=(KMS_NOT_FOUND,))


@fires("kms-keys/unknown-id-is-refused")
def test_the_bare_id_of_a_key_of_another_region_is_refused() -> Situation:
    steps = given(create(location="eu-west-1"))
    return steps.when(put(**kms(KEY_ID))).then(NOT_FOUND, answered=(KMS_NOT_FOUND,))


@silent("kms-keys/unknown-id-is-refused")
def test_the_id_of_a_key_is_known() -> Situation:
    return NEW.when(put(**kms(KEY_ID)))


@fires("kms-keys/unknown-arn-is-refused")
def test_the_arn_of_no_key_is_refused() -> Situation:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{NO_KEY_ID}"
    return NEW.when(put(**kms(arn))).then(NOT_FOUND, answered=(KMS_NOT_FOUND,))


@silent("kms-keys/unknown-arn-is-refused")
def test_the_arn_of_a_key_is_not_refused() -> Situation:
    return NEW.when(put(**kms(KEY_ARN)))


@fires("kms-keys/unknown-alias-is-refused")
def test_an_alias_of_no_key_is_refused_with_some_400() -> Situation:
    return NEW.when(put(**kms("alias/none"))).then(SOME_400, answered=(ANY_400,))


@fires("kms-keys/unknown-alias-is-refused")
def test_an_alias_arn_of_no_key_is_refused_with_some_400() -> Situation:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/none"
    return NEW.when(put(**kms(arn))).then(SOME_400, answered=(ANY_400,))


@silent("kms-keys/unknown-alias-is-refused")
def test_an_alias_of_a_key_is_not_refused() -> Situation:
    return NEW.when(put(**kms(ALIAS)))


@fires("kms-keys/key-of-another-region-is-refused")
def test_the_arn_of_a_key_of_another_region_is_refused() -> Situation:
    steps = given(create(location="eu-west-1"))
    return steps.when(put(**kms(KEY_ARN))).then(NOT_FOUND, answered=(KMS_NOT_FOUND,))


@silent("kms-keys/key-of-another-region-is-refused")
def test_the_arn_of_a_key_of_the_same_region_is_not_refused() -> Situation:
    return NEW.when(put(**kms(KEY_ARN)))


@fires("kms-keys/disabled-key-does-not-write")
def test_a_write_with_a_disabled_key_is_refused() -> Situation:
    ruling = Refuse((KMS_DISABLED,))
    return (
        given(create(), disable()).when(put(**kms(KEY_ID))).then(ruling, answered=(KMS_DISABLED,))
    )


@fires("kms-keys/disabled-key-does-not-write")
def test_a_copy_with_a_disabled_asymmetric_key_is_refused_with_some_400() -> Situation:
    steps = given(create(), put(), disable(SIGNING_KEY_ID))
    return steps.when(copy(**kms(SIGNING_KEY_ID))).then(SOME_400, answered=(ANY_400,))


@silent("kms-keys/disabled-key-does-not-write")
def test_a_key_that_was_enabled_again_writes() -> Situation:
    return given(create(), disable(), EnableKey(key_id=KEY_ID)).when(put(**kms(KEY_ID)))


@silent("kms-keys/disabled-key-does-not-write")
def test_a_bucket_key_may_write_after_its_kms_key_was_disabled() -> Situation:
    return given(create(), disable()).when(put(**kms(KEY_ID), bucket_key_enabled="true"))


@fires("allowance/bucket-key-that-stands-in")
def test_a_write_under_a_bucket_key_of_a_disabled_key_may_be_refused() -> Situation:
    return (
        given(create(), disable()).when(put(**kms(KEY_ID), bucket_key_enabled="true")).then(MAY_400)
    )


@fires("allowance/bucket-key-that-stands-in")
def test_so_may_a_write_under_a_default_with_a_bucket_key() -> Situation:
    default = put_rules(RuleText("aws:kms", KEY_ARN, "true"))
    return given(create(), default, disable()).when(put()).then(MAY_400)


@silent("allowance/bucket-key-that-stands-in")
def test_a_write_without_a_bucket_key_needs_its_kms_key_now() -> Situation:
    return given(create(), disable()).when(put(**kms(KEY_ID)))


@silent("allowance/bucket-key-that-stands-in")
def test_a_bucket_key_of_a_key_that_is_enabled_is_not_refused() -> Situation:
    return NEW.when(put(**kms(KEY_ID), bucket_key_enabled="true"))


@silent("allowance/bucket-key-that-stands-in")
def test_dsse_has_no_bucket_key_that_could_stand_in() -> Situation:
    return given(create(), disable()).when(put(sse="aws:kms:dsse", kms_key_id=KEY_ID))


@fires("kms-keys/key-to-be-deleted-does-not-write")
def test_a_write_with_a_key_that_is_to_be_deleted_is_refused() -> Situation:
    steps = given(create(), schedule_deletion())
    return steps.when(put(**kms(KEY_ID))).then(SOME_400, answered=(ANY_400,))


@silent("kms-keys/key-to-be-deleted-does-not-write")
def test_a_key_that_is_kept_after_all_is_disabled_instead() -> Situation:
    steps = given(create(), schedule_deletion(), CancelKeyDeletion(key_id=KEY_ID))
    return steps.when(put(**kms(KEY_ID))).then(answered=(KMS_DISABLED,))


@fires("kms-keys/asymmetric-key-is-refused")
def test_a_write_with_an_asymmetric_key_is_refused() -> Situation:
    return NEW.when(put(**kms(SIGNING_KEY_ID))).then(SOME_400, answered=(ANY_400,))


@silent("kms-keys/asymmetric-key-is-refused")
def test_a_write_with_a_symmetric_key_is_not_refused() -> Situation:
    return NEW.when(put(**kms(KEY_ID)))


@fires("kms-keys/unusable-default-key-fails-the-write")
def test_a_write_under_a_default_key_that_does_not_exist_is_refused() -> Situation:
    steps = given(create(), put_default("aws:kms", "aws/s3"))
    return steps.when(put()).then(NOT_FOUND, answered=(KMS_NOT_FOUND,))


@fires("kms-keys/unusable-default-key-fails-the-write")
def test_a_write_under_a_default_alias_that_does_not_exist_is_refused_with_some_400() -> Situation:
    steps = given(create(), put_default("aws:kms", "alias/none"))
    return steps.when(put()).then(SOME_400, answered=(ANY_400,))


@fires("kms-keys/unusable-default-key-fails-the-write")
def test_a_write_under_a_default_key_that_is_disabled_is_refused_with_some_400() -> Situation:
    steps = given(create(), put_default("aws:kms", KEY_ARN), disable())
    return steps.when(put()).then(SOME_400, answered=(ANY_400,))


@fires("kms-keys/unusable-default-key-fails-the-write")
def test_no_bucket_key_comes_from_an_asymmetric_default_key() -> Situation:
    default = put_rules(RuleText("aws:kms", SIGNING_KEY_ID, "true"))
    return given(create(), default).when(put()).then(SOME_400, answered=(ANY_400,))


@silent("kms-keys/unusable-default-key-fails-the-write")
def test_a_default_with_a_bucket_key_may_write_after_its_kms_key_was_disabled() -> Situation:
    default = put_rules(RuleText("aws:kms", KEY_ARN, "true"))
    return given(create(), default, disable()).when(put())


@silent("kms-keys/unusable-default-key-fails-the-write")
def test_a_write_under_a_default_key_that_can_be_used_is_not_refused() -> Situation:
    return given(create(), put_default("aws:kms", KEY_ARN)).when(put())


@silent("kms-keys/unusable-default-key-fails-the-write")
def test_a_write_that_asks_for_aes256_does_not_need_the_default_key() -> Situation:
    return given(create(), put_default("aws:kms", "aws/s3")).when(put(sse="AES256"))


@silent("kms-keys/unusable-default-key-fails-the-write")
def test_a_default_key_of_another_account_is_an_open_question() -> Situation:
    arn = f"arn:aws:kms:{REGION}:123456789012:key/{KEY_ID}"
    return given(create(), put_default("aws:kms", arn)).when(put())


UNDER_KEY = (create(), put(**kms(KEY_ID)))


@fires("kms-keys/disabled-key-does-not-read")
def test_a_read_of_an_object_under_a_disabled_key_is_refused() -> Situation:
    ruling = Refuse((KMS_DISABLED,))
    return given(*UNDER_KEY, disable()).when(get()).then(ruling, answered=(KMS_DISABLED,))


@silent("kms-keys/disabled-key-does-not-read")
def test_a_read_of_an_object_under_an_enabled_key_is_not_refused() -> Situation:
    return given(*UNDER_KEY).when(get())


UNDER_BUCKET_KEY = (create(), put(**kms(KEY_ID), bucket_key_enabled="true"))


@silent("kms-keys/disabled-key-does-not-read")
def test_an_object_under_a_bucket_key_may_be_read_after_its_kms_key_was_disabled() -> Situation:
    return given(*UNDER_BUCKET_KEY, disable()).when(get())


@fires("allowance/bucket-key-that-stands-in")
def test_a_read_under_a_bucket_key_of_a_disabled_key_may_be_refused() -> Situation:
    return given(*UNDER_BUCKET_KEY, disable()).when(get()).then(MAY_400)


@silent("allowance/bucket-key-that-stands-in")
def test_a_read_without_a_bucket_key_needs_its_kms_key_now() -> Situation:
    return given(*UNDER_KEY, disable()).when(get())


@silent("kms-keys/disabled-key-does-not-read")
def test_a_read_of_another_object_does_not_need_the_disabled_key() -> Situation:
    return given(create(), put(), disable()).when(get())


@silent("kms-keys/disabled-key-does-not-read")
def test_a_missing_object_is_under_no_key() -> Situation:
    return given(create(), disable()).when(get())


@silent("kms-keys/disabled-key-does-not-read")
def test_a_head_of_an_object_under_a_disabled_key_is_an_open_question() -> Situation:
    return given(*UNDER_KEY, disable()).when(head())


@fires("kms-keys/key-to-be-deleted-does-not-read")
def test_a_read_of_an_object_under_a_key_that_is_to_be_deleted_is_refused() -> Situation:
    ruling = Refuse((KMS_INVALID_STATE,))
    steps = given(*UNDER_KEY, schedule_deletion())
    return steps.when(get()).then(ruling, answered=(KMS_INVALID_STATE,))


@silent("kms-keys/key-to-be-deleted-does-not-read")
def test_a_disabled_key_is_not_to_be_deleted() -> Situation:
    return given(*UNDER_KEY, disable()).when(get())


USED = after(create(), put(sse="aws:kms"))
MANAGED_ARN = USED.keys[MANAGED_KEY].arn or ""


@fires("kms-keys/managed-key-is-aws-managed")
def test_the_key_that_was_used_for_kms_without_a_key_is_aws_managed() -> Situation:
    rulings = (
        Require("KeyManager", Equals("AWS", wrong="CUSTOMER")),
        Require("KeyState", Equals("Enabled", wrong="Disabled")),
    )
    return given(start=USED).when(describe(MANAGED_ARN)).then(*rulings)


@silent("kms-keys/managed-key-is-aws-managed")
def test_another_key_need_not_be_aws_managed() -> Situation:
    return given(start=USED).when(describe(KEY_ARN))


@silent("kms-keys/managed-key-is-aws-managed")
def test_as_long_as_the_managed_key_was_not_used_its_arn_is_not_known() -> Situation:
    return given(start=replace(EMPTY, buckets={})).when(describe(MANAGED_ARN))


UNDER_ALIAS = given(create(), put(sse="aws:kms", kms_key_id=ALIAS))


@fires("kms-keys/new-alias-target-keeps-the-objects")
def test_an_alias_that_names_another_key_leaves_the_objects_alone() -> Situation:
    request = UpdateAlias(alias=ALIAS, key_id=OTHER_KEY_ID)
    return UNDER_ALIAS.when(request).then(Keep(Law.OBJECTS_ON_NEW_ALIAS))


@fires("kms-keys/new-alias-target-keeps-the-objects")
def test_an_alias_that_is_deleted_leaves_the_objects_alone() -> Situation:
    return UNDER_ALIAS.when(DeleteAlias(alias=ALIAS)).then(Keep(Law.OBJECTS_ON_NEW_ALIAS))


@silent("kms-keys/new-alias-target-keeps-the-objects")
def test_an_alias_that_was_none_changes_nothing() -> Situation:
    return UNDER_ALIAS.when(DeleteAlias(alias="alias/none"))


@fires("allowance/blanks-around-a-key")
def test_a_key_with_blanks_around_it_may_be_refused() -> Situation:
    request = put(sse="aws:kms", kms_key_id=f"{KEY_ID} ")
    return given(create()).when(request).then(MayRefuse((ANY_400,)))


@silent("allowance/blanks-around-a-key")
def test_a_key_without_blanks_may_not() -> Situation:
    return given(create()).when(put(sse="aws:kms", kms_key_id=KEY_ID))


@silent("allowance/blanks-around-a-key")
def test_where_no_key_is_named_there_are_no_blanks() -> Situation:
    return given(create()).when(put(sse="aws:kms"))
