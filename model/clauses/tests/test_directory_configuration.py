"""The default encryption of directory buckets."""

from __future__ import annotations

from dataclasses import replace

from model.clause import MayRefuse, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    ALIAS,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OTHER_KEY_ARN,
    OTHER_KEY_ID,
    SIGNING_KEY_ID,
    Situation,
    delete_default,
    disable,
    fires,
    get_default,
    given,
    put_default,
    silent,
)
from model.clauses.tests.words_directory import (
    DIRECTORY,
    create_directory,
    default_aes256,
    default_kms,
    in_directory,
    in_kms_directory,
)
from model.encryption_document import RuleText, write_configuration
from model.matchers import Absent, Equals
from model.open_matchers import KeyByAnyName
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.s3_errors import ANY_4XX, ANY_400, ANY_403, ANY_501
from model.sse import SseAlgorithm
from model.world import MANAGED_KEY, KmsKey, ServerSideEncryptionRule, World, unknown_bucket

REJECTED = Refuse((ANY_400,))
MANAGED_ARN = "arn:aws:kms:us-east-1:000000000000:key/aaaaaaaa-1111-4111-8111-111111111111"
FOREIGN_ARN = KEY_ARN.replace("000000000000", "999999999999")
NEW = in_directory()
PINNED = in_kms_directory()


def other(algorithm: str, key: str | None = None) -> PutBucketEncryption:
    return put_default(algorithm, key, bucket=DIRECTORY)


@fires("directory-configuration/aes256-is-accepted")
def test_a_new_directory_bucket_takes_aes256() -> Situation:
    return NEW.when(default_aes256()).then(Succeed())


@silent("directory-configuration/aes256-is-accepted")
def test_nothing_is_said_of_aes256_after_a_kms_key() -> Situation:
    return PINNED.when(default_aes256())


@silent("directory-configuration/aes256-is-accepted")
def test_aes256_with_a_bucket_key_is_not_said_to_be_accepted() -> Situation:
    return NEW.when(put_default(flag="true", bucket=DIRECTORY))


@silent("directory-configuration/aes256-is-accepted")
def test_a_document_that_is_none_is_no_default() -> Situation:
    return NEW.when(PutBucketEncryption(bucket=DIRECTORY, document=b"<Rule/>"))


@fires("directory-configuration/customer-managed-key-is-accepted")
def test_a_directory_bucket_takes_a_customer_managed_key() -> Situation:
    return NEW.when(default_kms()).then(Succeed())


@fires("directory-configuration/customer-managed-key-is-accepted")
def test_it_takes_one_by_its_arn_with_a_bucket_key() -> Situation:
    return NEW.when(default_kms(KEY_ARN, flag="true")).then(Succeed())


@silent("directory-configuration/customer-managed-key-is-accepted")
def test_it_need_not_take_one_without_a_bucket_key() -> Situation:
    return NEW.when(default_kms(flag="false"))


@silent("directory-configuration/customer-managed-key-is-accepted")
def test_it_need_not_take_one_of_another_account() -> Situation:
    return NEW.when(default_kms(FOREIGN_ARN))


@fires("directory-configuration/managed-key-is-refused")
def test_a_default_without_a_key_is_refused() -> Situation:
    return NEW.when(default_kms(None)).then(REJECTED)


@fires("directory-configuration/managed-key-is-refused")
def test_the_managed_key_by_its_arn_is_refused() -> Situation:
    start = EMPTY.with_key(KmsKey(key_id=MANAGED_KEY, arn=MANAGED_ARN))
    return given(create_directory(), start=start).when(default_kms(MANAGED_ARN)).then(REJECTED)


@silent("directory-configuration/managed-key-is-refused")
def test_a_customer_managed_key_is_not_the_managed_one() -> Situation:
    return NEW.when(default_kms())


@fires("directory-configuration/one-key-for-life")
def test_a_second_key_is_refused() -> Situation:
    return PINNED.when(default_kms(OTHER_KEY_ID)).then(Refuse((ANY_400, ANY_4XX)))


@fires("directory-configuration/one-key-for-life")
def test_a_second_key_is_refused_where_the_default_is_aes256_again() -> Situation:
    after = in_kms_directory(default_aes256())
    return after.when(default_kms(OTHER_KEY_ARN)).then(Refuse((ANY_400, ANY_4XX)))


@silent("directory-configuration/one-key-for-life")
def test_the_first_key_by_its_arn_is_the_same_key() -> Situation:
    return PINNED.when(default_kms(KEY_ARN))


@silent("directory-configuration/one-key-for-life")
def test_a_bucket_that_was_made_again_has_another_life() -> Situation:
    return NEW.when(default_kms(OTHER_KEY_ID))


@silent("directory-configuration/one-key-for-life")
def test_whether_a_deleted_default_frees_the_key_is_not_said() -> Situation:
    return in_kms_directory(delete_default(DIRECTORY)).when(default_kms(OTHER_KEY_ID))


@fires("directory-configuration/alias-is-refused")
def test_an_alias_is_refused() -> Situation:
    return NEW.when(default_kms(ALIAS)).then(REJECTED)


@fires("directory-configuration/alias-is-refused")
def test_an_alias_is_refused_by_its_arn() -> Situation:
    arn = f"arn:aws:kms:us-east-1:000000000000:{ALIAS}"
    return PINNED.when(default_kms(arn)).then(REJECTED)


@silent("directory-configuration/alias-is-refused")
def test_a_key_id_is_no_alias() -> Situation:
    return NEW.when(default_kms())


@fires("directory-configuration/key-is-checked")
def test_a_key_that_does_not_exist_is_refused_at_once() -> Situation:
    return NEW.when(default_kms(NO_KEY_ID)).then(Refuse((ANY_400, ANY_403)))


@silent("directory-configuration/key-is-checked")
def test_a_disabled_key_need_not_be_refused_at_once() -> Situation:
    return in_directory(disable()).when(default_kms())


@fires("allowance/default-key-that-is-not-enabled")
def test_a_disabled_key_may_be_refused_at_once() -> Situation:
    after = in_directory(disable())
    return after.when(default_kms()).then(MayRefuse((ANY_400, ANY_403)))


@silent("allowance/default-key-that-is-not-enabled")
def test_an_enabled_key_may_not_be_refused() -> Situation:
    return in_directory().when(default_kms())


@fires("directory-configuration/key-is-checked")
def test_a_key_that_signs_is_refused_at_once() -> Situation:
    return NEW.when(default_kms(SIGNING_KEY_ID)).then(Refuse((ANY_400, ANY_403)))


@silent("directory-configuration/key-is-checked")
def test_a_key_that_encrypts_is_accepted() -> Situation:
    return NEW.when(default_kms())


@silent("directory-configuration/key-is-checked")
def test_a_key_of_another_account_may_be_usable() -> Situation:
    return NEW.when(default_kms(FOREIGN_ARN))


@fires("directory-configuration/no-other-algorithm")
def test_dsse_is_no_default_of_a_directory_bucket() -> Situation:
    return NEW.when(other("aws:kms:dsse", KEY_ID)).then(REJECTED)


@fires("directory-configuration/no-other-algorithm")
def test_the_algorithm_of_file_systems_is_no_default() -> Situation:
    return NEW.when(other("aws:fsx")).then(REJECTED)


@silent("directory-configuration/no-other-algorithm")
def test_aws_kms_is_one_of_the_two() -> Situation:
    return NEW.when(default_kms())


@fires("directory-configuration/key-needs-kms")
def test_a_key_beside_aes256_is_refused() -> Situation:
    return NEW.when(other("AES256", KEY_ID)).then(REJECTED)


@silent("directory-configuration/key-needs-kms")
def test_a_key_beside_aws_kms_is_not() -> Situation:
    return NEW.when(default_kms())


@fires("directory-configuration/expected-owner-is-not-implemented")
def test_an_expected_owner_is_not_implemented() -> Situation:
    ask = replace(get_default(DIRECTORY), expected_bucket_owner="000000000000")
    return NEW.when(ask).then(Refuse((ANY_501,)))


@silent("directory-configuration/expected-owner-is-not-implemented")
def test_without_one_the_default_is_shown() -> Situation:
    return NEW.when(get_default(DIRECTORY))


@fires("directory-configuration/bucket-key-is-on")
def test_a_default_of_kms_shows_a_bucket_key() -> Situation:
    shown = Require("BucketKeyEnabled", Equals("true", wrong="false"))
    return PINNED.when(get_default(DIRECTORY)).then(shown)


@fires("directory-configuration/bucket-key-is-on")
def test_it_shows_one_also_where_false_was_put() -> Situation:
    shown = Require("BucketKeyEnabled", Equals("true", wrong="false"))
    return in_directory(default_kms(flag="false")).when(get_default(DIRECTORY)).then(shown)


@silent("directory-configuration/bucket-key-is-on")
def test_what_aes256_shows_of_it_is_not_said() -> Situation:
    return in_directory(put_default(flag="true", bucket=DIRECTORY)).when(get_default(DIRECTORY))


@fires("directory-configuration/key-is-shown")
def test_a_key_that_was_put_by_its_arn_is_shown_by_it() -> Situation:
    after = in_directory(default_kms(KEY_ARN))
    return after.when(get_default(DIRECTORY)).then(Require("KMSMasterKeyID", Equals(KEY_ARN)))


@fires("directory-configuration/key-is-shown")
def test_a_key_that_was_put_by_its_id_is_shown_by_id_or_arn() -> Situation:
    shown = Require("KMSMasterKeyID", KeyByAnyName(KEY_ID, KEY_ARN))
    return PINNED.when(get_default(DIRECTORY)).then(shown)


@fires("directory-configuration/key-is-shown")
def test_a_key_that_the_world_does_not_know_is_shown_all_the_same() -> Situation:
    start = World()
    rule = ServerSideEncryptionRule(sse_algorithm=SseAlgorithm.AWS_KMS, kms_key_id="k")
    start = start.with_bucket(DIRECTORY, replace(unknown_bucket(start, DIRECTORY), rule=rule))
    shown = Require("KMSMasterKeyID", KeyByAnyName("k"))
    return given(start=start).when(get_default(DIRECTORY)).then(shown)


@silent("directory-configuration/key-is-shown")
def test_aes256_has_no_key_to_show() -> Situation:
    return NEW.when(get_default(DIRECTORY))


@fires("directory-configuration/no-types-to-block-are-shown")
def test_a_directory_bucket_shows_no_types_to_block() -> Situation:
    return NEW.when(get_default(DIRECTORY)).then(Require("BlockedEncryptionTypes", Absent("SSE-C")))


@silent("directory-configuration/no-types-to-block-are-shown")
def test_nothing_is_said_where_types_were_put() -> Situation:
    after = in_directory(put_default(blocked=("SSE-C",), bucket=DIRECTORY))
    return after.when(get_default(DIRECTORY))


@fires("allowance/default-after-a-kms-key")
def test_the_same_key_may_be_refused_a_second_time() -> Situation:
    return PINNED.when(default_kms()).then(MayRefuse((ANY_400, ANY_4XX)))


@fires("allowance/default-after-a-kms-key")
def test_aes256_may_be_refused_after_a_kms_key() -> Situation:
    return PINNED.when(default_aes256()).then(MayRefuse((ANY_400, ANY_4XX)))


@fires("allowance/default-after-a-kms-key")
def test_a_key_of_another_account_may_be_refused() -> Situation:
    return NEW.when(default_kms(FOREIGN_ARN)).then(MayRefuse((ANY_400, ANY_4XX)))


@silent("allowance/default-after-a-kms-key")
def test_the_first_key_must_be_taken() -> Situation:
    return NEW.when(default_kms())


@silent("allowance/default-after-a-kms-key")
def test_a_configuration_without_a_rule_is_another_question() -> Situation:
    return PINNED.when(PutBucketEncryption(bucket=DIRECTORY, document=write_configuration([])))


@silent("allowance/default-after-a-kms-key")
def test_of_a_bucket_of_which_nothing_is_known_nothing_is_allowed_by_name() -> Situation:
    return given(start=World()).when(default_kms())


@fires("allowance/odd-directory-configuration")
def test_a_bucket_key_of_false_may_be_refused() -> Situation:
    return NEW.when(default_kms(flag="false")).then(MayRefuse((ANY_400, ANY_501)))


@fires("allowance/odd-directory-configuration")
def test_two_rules_may_be_refused() -> Situation:
    document = write_configuration([RuleText("AES256"), RuleText("AES256")])
    ask = PutBucketEncryption(bucket=DIRECTORY, document=document)
    return NEW.when(ask).then(MayRefuse((ANY_400, ANY_501)))


@fires("allowance/odd-directory-configuration")
def test_a_content_md5_may_be_refused() -> Situation:
    ask = replace(default_aes256(), content_md5="x")
    return NEW.when(ask).then(MayRefuse((ANY_400, ANY_501)))


@silent("allowance/odd-directory-configuration")
def test_a_sound_rule_is_not_odd() -> Situation:
    return NEW.when(default_kms(flag="true"))
