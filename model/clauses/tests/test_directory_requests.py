"""What no request to a directory bucket may carry."""

from __future__ import annotations

from dataclasses import replace

from model.clause import MayRefuse, Refuse
from model.clauses.tests.notation import (
    ALIAS,
    KEY_ID,
    OBJECT,
    OTHER_KEY_ID,
    Situation,
    create,
    customer,
    delete_default,
    disable,
    fires,
    given,
    head,
    put,
    silent,
    source_customer,
)
from model.clauses.tests.words_directory import (
    ARN,
    DEFAULT_CONTEXT,
    DIRECTORY,
    context,
    copy_in,
    copy_out,
    create_directory,
    default_aes256,
    fetch,
    in_directory,
    in_kms_directory,
    look,
    session,
    write,
)
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.s3_errors import ACCESS_DENIED, ANY_4XX, ANY_400, ANY_501

WITHIN = in_directory(session())
WITHIN_KMS = in_kms_directory(session())
WITH_A_SOURCE = given(create_directory(), create(), put())
WITH_AN_OBJECT = given(create_directory(), session(), write(1), create())
REJECTED = Refuse((ANY_400,))
NOT_THERE = Refuse((ANY_400, ANY_501))
MAYBE = MayRefuse((ANY_400,))


@fires("directory-requests/unsupported-algorithm-is-refused")
def test_a_write_of_dsse_is_refused() -> Situation:
    return WITHIN.when(write(1, sse="aws:kms:dsse")).then(NOT_THERE)


@fires("directory-requests/unsupported-algorithm-is-refused")
def test_a_copy_of_another_services_algorithm_is_refused_with_400() -> Situation:
    return WITH_A_SOURCE.when(copy_in(sse="aws:fsx")).then(REJECTED)


@fires("directory-requests/unsupported-algorithm-is-refused")
def test_a_session_of_an_unknown_algorithm_is_refused_with_400() -> Situation:
    return in_directory().when(session(sse="AES128")).then(REJECTED)


@silent("directory-requests/unsupported-algorithm-is-refused")
def test_aes256_is_supported() -> Situation:
    return WITHIN.when(write(1, sse="AES256"))


@fires("directory-requests/customer-key-is-refused")
def test_a_write_with_a_customer_key_is_refused() -> Situation:
    return WITHIN.when(write(1, **customer())).then(NOT_THERE)


@fires("directory-requests/customer-key-is-refused")
def test_a_copy_with_a_customer_key_is_refused_with_400() -> Situation:
    return WITH_A_SOURCE.when(copy_in(**customer())).then(REJECTED)


@fires("directory-requests/customer-key-is-refused")
def test_a_read_with_a_customer_key_is_refused() -> Situation:
    return WITH_AN_OBJECT.when(look(1, **customer())).then(NOT_THERE)


@silent("directory-requests/customer-key-is-refused")
def test_a_write_without_one_is_not() -> Situation:
    return WITHIN.when(write(1))


@fires("directory-requests/source-customer-key-is-refused")
def test_a_customer_key_for_a_source_in_a_directory_bucket_is_refused() -> Situation:
    return WITH_AN_OBJECT.when(copy_out(**source_customer())).then(REJECTED)


@silent("directory-requests/source-customer-key-is-refused")
def test_one_for_a_source_elsewhere_is_another_question() -> Situation:
    after = given(create_directory(), create(), put(**customer()))
    return after.when(copy_in(**source_customer()))


@silent("directory-requests/source-customer-key-is-refused")
def test_a_source_in_a_directory_bucket_needs_none() -> Situation:
    return WITH_AN_OBJECT.when(copy_out())


@fires("directory-requests/alias-is-refused")
def test_the_buckets_own_key_by_its_alias_is_refused() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", kms_key_id=ALIAS)).then(REJECTED)


@silent("directory-requests/alias-is-refused")
def test_by_its_id_it_is_not() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", kms_key_id=KEY_ID))


@fires("directory-requests/other-key-is-refused")
def test_another_key_than_the_buckets_is_refused() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", kms_key_id=OTHER_KEY_ID)).then(REJECTED)


@fires("directory-requests/other-key-is-refused")
def test_where_the_bucket_has_none_every_key_is_another() -> Situation:
    return WITHIN.when(write(1, sse="aws:kms", kms_key_id=KEY_ID)).then(REJECTED)


@silent("directory-requests/other-key-is-refused")
def test_the_buckets_key_is_not_another() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", kms_key_id=KEY_ID))


@silent("directory-requests/other-key-is-refused")
def test_after_a_reset_nobody_knows_the_buckets_key() -> Situation:
    after = in_kms_directory(delete_default(DIRECTORY))
    return after.when(session(sse="aws:kms", kms_key_id=OTHER_KEY_ID))


@silent("directory-requests/other-key-is-refused")
def test_beside_an_unsupported_algorithm_that_is_what_counts() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms:dsse", kms_key_id=OTHER_KEY_ID))


@silent("directory-requests/other-key-is-refused")
def test_an_empty_key_id_names_no_key() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", kms_key_id=""))


@fires("directory-requests/context-must-be-the-default")
def test_a_context_of_ones_own_is_refused() -> Situation:
    ask = write(2, sse="aws:kms", encryption_context=context(project="s3sse"))
    return WITHIN_KMS.when(ask).then(REJECTED)


@fires("directory-requests/context-must-be-the-default")
def test_a_pair_beside_the_default_context_is_refused() -> Situation:
    both = context(aws_s3express_arn=ARN, project="s3sse")
    return WITHIN_KMS.when(write(2, sse="aws:kms", encryption_context=both)).then(REJECTED)


@fires("directory-requests/context-must-be-the-default")
def test_the_arn_of_an_object_is_not_that_of_the_bucket() -> Situation:
    other = context(aws_s3express_arn=f"{ARN}/object")
    return WITHIN_KMS.when(write(2, sse="aws:kms", encryption_context=other)).then(REJECTED)


@silent("directory-requests/context-must-be-the-default")
def test_the_default_context_may_be_sent() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", encryption_context=DEFAULT_CONTEXT))


@silent("directory-requests/context-must-be-the-default")
def test_beside_aes256_it_is_not_said_what_becomes_of_a_context() -> Situation:
    return WITHIN_KMS.when(write(2, sse="AES256", encryption_context=context(project="s3sse")))


@fires("directory-requests/header-on-a-read-is-refused")
def test_an_algorithm_on_a_read_is_refused() -> Situation:
    return WITH_AN_OBJECT.when(look(1, sse="AES256")).then(REJECTED)


@fires("directory-requests/header-on-a-read-is-refused")
def test_a_key_id_on_a_read_is_refused() -> Situation:
    return WITH_AN_OBJECT.when(fetch(1, kms_key_id=KEY_ID)).then(REJECTED)


@silent("directory-requests/header-on-a-read-is-refused")
def test_a_read_without_headers_is_not() -> Situation:
    return WITH_AN_OBJECT.when(look(1))


@fires("allowance/odd-directory-headers")
def test_a_bucket_key_that_is_turned_off_may_be_refused() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", bucket_key_enabled="false")).then(MAYBE)


@fires("allowance/odd-directory-headers")
def test_a_key_id_alone_may_be_refused() -> Situation:
    return WITHIN_KMS.when(write(2, kms_key_id=KEY_ID)).then(MAYBE)


@fires("allowance/odd-directory-headers")
def test_the_default_context_may_have_another_name() -> Situation:
    ask = write(2, sse="aws:kms", encryption_context=context(aws_s3_arn=ARN))
    return WITHIN_KMS.when(ask).then(MAYBE)


@silent("allowance/odd-directory-headers")
def test_a_bucket_key_that_is_on_anyway_is_not_odd() -> Situation:
    return WITHIN_KMS.when(write(2, sse="aws:kms", bucket_key_enabled="true"))


@fires("allowance/flag-or-context-on-a-directory-read")
def test_the_flag_on_a_read_may_be_refused() -> Situation:
    return WITH_AN_OBJECT.when(look(1, bucket_key_enabled="true")).then(MAYBE)


@silent("allowance/flag-or-context-on-a-directory-read")
def test_a_plain_read_is_not_odd() -> Situation:
    return WITH_AN_OBJECT.when(head(bucket=DIRECTORY))


@fires("allowance/unusable-key-of-a-directory-bucket")
def test_where_the_key_is_disabled_much_may_fail() -> Situation:
    after = in_kms_directory(session(), disable())
    return after.when(write(2)).then(MayRefuse((ANY_400, ACCESS_DENIED)))


@silent("allowance/unusable-key-of-a-directory-bucket")
def test_where_it_is_enabled_nothing_need() -> Situation:
    return WITHIN_KMS.when(write(2))


@silent("allowance/unusable-key-of-a-directory-bucket")
def test_a_bucket_without_a_key_does_not_depend_on_one() -> Situation:
    after = in_directory(default_aes256(), session())
    return after.when(replace(write(2), metadata=(("a", "b"),)))


@fires("directory-requests/update-of-encryption-is-refused")
def test_the_encryption_of_an_object_in_a_directory_bucket_cannot_be_updated() -> Situation:
    update = UpdateObjectEncryption(bucket=DIRECTORY, object_key=OBJECT)
    return given(create_directory()).when(update).then(Refuse((ANY_4XX, ANY_501)))


@silent("directory-requests/update-of-encryption-is-refused")
def test_of_an_update_in_a_missing_directory_bucket_nothing_is_said() -> Situation:
    return given().when(UpdateObjectEncryption(bucket=DIRECTORY, object_key=OBJECT))
