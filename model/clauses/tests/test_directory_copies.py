"""Copies into directory buckets, and out of them."""

from __future__ import annotations

from model.clause import Facet, MayRefuse, Refuse, Store, Succeed
from model.clauses.tests.notation import (
    KEY,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    OTHER_KEY,
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
    source_customer,
)
from model.clauses.tests.words_directory import (
    DEFAULT_CONTEXT,
    DIRECTORY,
    copy_in,
    copy_out,
    create_directory,
    default_aes256,
    default_kms,
    session,
    write,
)
from model.clauses.tests.words_multipart import begin, complete, part, upload_of
from model.s3_errors import ANY_4XX, ANY_400, ANY_501
from model.world import World

AES256 = given(create_directory(), create(), put())
KMS = given(create_directory(), default_kms(), create(), put())
RESET = given(create_directory(), default_kms(), delete_default(DIRECTORY), create(), put())
OUT = given(create_directory(), session(), write(1), create())
IS_AES256 = Store(Facet.ALGORITHM, ("AES256",))
IS_KMS = Store(Facet.ALGORITHM, ("aws:kms",))
TAGGED = given(create_directory(), create(), put(tagging="team=storage"))
MAYBE = MayRefuse((ANY_400, ANY_501))
UPLOADED = (begin(), part(upload=upload_of(2)), complete(upload=upload_of(2)))
NOT_IMPLEMENTED = Refuse((ANY_501,))


@fires("directory-copies/default-is-taken")
def test_a_copy_gets_the_destinations_default() -> Situation:
    return KMS.when(copy_in()).then(IS_KMS, Succeed())


@fires("directory-copies/default-is-taken")
def test_whatever_its_source_is() -> Situation:
    after = given(create_directory(), create(), put(sse="aws:kms"))
    return after.when(copy_in()).then(IS_AES256, Succeed())


@fires("directory-copies/default-is-taken")
def test_but_a_source_under_dsse_may_be_refused() -> Situation:
    after = given(create_directory(), create(), put(sse="aws:kms:dsse"))
    return after.when(copy_in()).then(IS_AES256)


@fires("directory-copies/default-is-taken")
def test_and_a_copy_in_place_too() -> Situation:
    after = given(create_directory(), session(), write(1))
    return after.when(copy(f"{DIRECTORY}/{OBJECT}", OBJECT, bucket=DIRECTORY)).then(IS_AES256)


@fires("directory-copies/default-is-taken")
def test_but_a_source_in_an_archive_is_not_copied() -> Situation:
    after = given(create_directory(), create(), put(storage_class="GLACIER"))
    return after.when(copy_in()).then(IS_AES256)


@fires("directory-copies/default-is-taken")
def test_nor_one_that_has_tags() -> Situation:
    return TAGGED.when(copy_in()).then(IS_AES256)


@silent("directory-copies/default-is-taken")
def test_a_copy_with_an_algorithm_is_what_it_asks_for() -> Situation:
    return KMS.when(copy_in(sse="AES256"))


@fires("directory-copies/aes256-is-taken")
def test_a_copy_may_override_a_kms_default_with_aes256() -> Situation:
    return KMS.when(copy_in(sse="AES256")).then(IS_AES256, Succeed())


@fires("directory-copies/aes256-is-taken")
def test_with_a_key_beside_it_it_may_be_refused() -> Situation:
    return KMS.when(copy_in(sse="AES256", kms_key_id=KEY_ID)).then(IS_AES256)


@silent("directory-copies/aes256-is-taken")
def test_a_copy_of_kms_is_not_one_of_aes256() -> Situation:
    return KMS.when(copy_in(sse="aws:kms"))


@fires("directory-copies/kms-is-taken-where-it-is-the-default")
def test_a_copy_may_ask_for_the_default_without_its_key() -> Situation:
    return KMS.when(copy_in(sse="aws:kms")).then(Succeed())


@fires("directory-copies/kms-is-taken-where-it-is-the-default")
def test_a_copy_may_name_the_buckets_key_by_its_arn() -> Situation:
    return KMS.when(copy_in(sse="aws:kms", kms_key_id=KEY_ARN)).then(Succeed())


@silent("directory-copies/kms-is-taken-where-it-is-the-default")
def test_with_another_key_it_is_not_taken() -> Situation:
    return KMS.when(copy_in(sse="aws:kms", kms_key_id=OTHER_KEY_ID))


@silent("directory-copies/kms-is-taken-where-it-is-the-default")
def test_with_a_context_it_need_not_be() -> Situation:
    return KMS.when(copy_in(sse="aws:kms", encryption_context=DEFAULT_CONTEXT))


@silent("directory-copies/kms-is-taken-where-it-is-the-default")
def test_where_aes256_is_the_default_it_is_not() -> Situation:
    return AES256.when(copy_in(sse="aws:kms"))


@fires("directory-copies/kms-is-what-it-asked-for")
def test_a_copy_that_asked_for_kms_is_under_kms() -> Situation:
    return KMS.when(copy_in(sse="aws:kms")).then(IS_KMS)


@silent("directory-copies/kms-is-what-it-asked-for")
def test_a_copy_without_headers_asked_for_nothing() -> Situation:
    return KMS.when(copy_in())


@silent("directory-copies/kms-is-what-it-asked-for")
def test_of_a_bucket_of_which_nothing_is_known_nothing_is_said() -> Situation:
    return given(start=World()).when(copy_in(sse="aws:kms"))


@fires("directory-copies/key-is-the-buckets")
def test_a_copy_by_default_uses_the_buckets_key() -> Situation:
    return KMS.when(copy_in()).then(Store(Facet.KMS_KEY, (KEY,)))


@silent("directory-copies/key-is-the-buckets")
def test_a_copy_of_aes256_uses_none() -> Situation:
    return KMS.when(copy_in(sse="AES256"))


@silent("directory-copies/key-is-the-buckets")
def test_another_key_is_not_the_buckets() -> Situation:
    return KMS.when(copy_in(sse="aws:kms", kms_key_id=OTHER_KEY_ID))


@fires("directory-copies/kms-needs-a-kms-default")
def test_a_new_bucket_takes_no_copy_of_kms() -> Situation:
    return AES256.when(copy_in(sse="aws:kms")).then(Refuse((ANY_400,)))


@silent("directory-copies/kms-needs-a-kms-default")
def test_a_bucket_whose_default_is_kms_does() -> Situation:
    return KMS.when(copy_in(sse="aws:kms"))


@fires("directory-copies/sse-c-source-needs-its-key")
def test_a_source_under_a_customer_key_needs_it() -> Situation:
    after = given(create_directory(), create(), put(**customer()))
    return after.when(copy_in()).then(Refuse((ANY_400,)))


@silent("directory-copies/sse-c-source-needs-its-key")
def test_with_the_key_the_copy_may_be_done() -> Situation:
    after = given(create_directory(), create(), put(**customer()))
    return after.when(copy_in(**source_customer()))


@silent("directory-copies/sse-c-source-needs-its-key")
def test_another_source_needs_none() -> Situation:
    return AES256.when(copy_in())


@fires("allowance/kms-copy-after-a-kms-default")
def test_kms_may_be_refused_where_it_is_the_default_no_more() -> Situation:
    after = given(create_directory(), default_kms(), default_aes256(), create(), put())
    return after.when(copy_in(sse="aws:kms")).then(MayRefuse((ANY_400, ANY_4XX)))


@fires("allowance/kms-copy-after-a-kms-default")
def test_any_key_may_be_that_of_a_bucket_that_was_reset() -> Situation:
    ask = copy_in(sse="aws:kms", kms_key_id=OTHER_KEY_ID)
    stored = Store(Facet.KMS_KEY, (OTHER_KEY,))
    return RESET.when(ask).then(MayRefuse((ANY_400, ANY_4XX)), stored)


@silent("allowance/kms-copy-after-a-kms-default")
def test_where_it_is_the_default_nothing_is_open() -> Situation:
    return KMS.when(copy_in(sse="aws:kms"))


@fires("allowance/bucket-key-of-a-copy")
def test_a_copy_into_a_directory_bucket_uses_no_bucket_key() -> Situation:
    return KMS.when(copy_in()).then(Store(Facet.BUCKET_KEY, (False,)))


@silent("allowance/bucket-key-of-a-copy")
def test_a_write_within_a_session_does() -> Situation:
    return given(create_directory(), default_kms(), session()).when(write(2))


@fires("allowance/odd-source-of-a-copy")
def test_a_source_under_dsse_may_be_refused() -> Situation:
    after = given(create_directory(), create(), put(sse="aws:kms:dsse"))
    return after.when(copy_in()).then(MAYBE)


@fires("allowance/odd-source-of-a-copy")
def test_a_copy_onto_itself_may_be_refused() -> Situation:
    after = given(create_directory(), session(), write(1))
    return after.when(copy(f"{DIRECTORY}/{OBJECT}", OBJECT, bucket=DIRECTORY)).then(MAYBE)


@silent("allowance/odd-source-of-a-copy")
def test_a_source_under_sse_kms_is_not_odd() -> Situation:
    after = given(create_directory(), create(), put(sse="aws:kms"))
    return after.when(copy_in())


@fires("allowance/bucket-key-of-a-copy-out")
def test_a_copy_out_may_show_a_bucket_key_or_none() -> Situation:
    ask = copy_out(sse="aws:kms", kms_key_id=KEY_ID, bucket_key_enabled="true")
    return OUT.when(ask).then(Store(Facet.BUCKET_KEY, (False, True)))


@silent("allowance/bucket-key-of-a-copy-out")
def test_a_copy_elsewhere_does_as_the_bucket_says() -> Situation:
    return given(create(), put()).when(copy(sse="aws:kms"))


@fires("allowance/strong-copy-out")
def test_a_copy_out_under_a_customer_key_may_be_refused() -> Situation:
    return OUT.when(copy_out(**customer())).then(MAYBE)


@fires("allowance/strong-copy-out")
def test_a_copy_out_into_a_bucket_whose_default_is_dsse_may_be_refused() -> Situation:
    after = given(create_directory(), session(), write(1), create(), put_default("aws:kms:dsse"))
    return after.when(copy_out()).then(MAYBE)


@silent("allowance/strong-copy-out")
def test_a_copy_out_under_sse_kms_is_done() -> Situation:
    return OUT.when(copy_out(sse="aws:kms"))


@silent("allowance/strong-copy-out")
def test_a_copy_elsewhere_under_dsse_is_done() -> Situation:
    return given(create(), put()).when(copy(sse="aws:kms:dsse"))


@fires("directory-copies/tags-are-not-taken")
def test_a_source_with_tags_is_not_copied() -> Situation:
    return TAGGED.when(copy_in()).then(NOT_IMPLEMENTED, answered=(ANY_501,))


@fires("directory-copies/tags-are-not-taken")
def test_nor_are_other_tags_put_in_their_place() -> Situation:
    ask = copy_in(tagging_directive="REPLACE", tagging="a=b")
    return AES256.when(ask).then(NOT_IMPLEMENTED)


@fires("directory-copies/tags-are-not-taken")
def test_a_copy_of_a_source_with_tags_has_them_too() -> Situation:
    after = given(*TAGGED.steps, copy(tagging_directive="COPY"))
    return after.when(copy_in("bucket/copy")).then(NOT_IMPLEMENTED)


@silent("directory-copies/tags-are-not-taken")
def test_in_the_place_of_tags_there_may_be_none() -> Situation:
    return TAGGED.when(copy_in(tagging_directive="REPLACE"))


@silent("directory-copies/tags-are-not-taken")
def test_a_source_without_tags_brings_none() -> Situation:
    return given(*TAGGED.steps, put(tagging="")).when(copy_in())


@silent("directory-copies/tags-are-not-taken")
def test_objects_of_directory_buckets_have_none() -> Situation:
    after = given(create_directory(), session(), write(1, tagging="a=b"))
    return after.when(copy_in(f"{DIRECTORY}/{OBJECT}"))


@fires("allowance/tags-that-are-not-known")
def test_a_source_that_was_uploaded_in_parts_may_have_tags() -> Situation:
    after = given(create_directory(), create(), *UPLOADED)
    return after.when(copy_in()).then(MAYBE)


@fires("allowance/tags-that-are-not-known")
def test_what_becomes_of_tags_without_a_directive_is_not_said() -> Situation:
    return AES256.when(copy_in(tagging="a=b")).then(MAYBE)


@silent("allowance/tags-that-are-not-known")
def test_of_a_source_without_tags_none_may_be_missed() -> Situation:
    return AES256.when(copy_in())
