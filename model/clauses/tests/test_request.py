"""Requests that are wrong in themselves."""

from __future__ import annotations

from model.clause import Order, Refuse, Succeed
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    KEY_ID,
    OBJECT,
    UNKNOWN,
    Situation,
    base64_of,
    copy,
    create,
    customer,
    delete,
    delete_default,
    fires,
    get,
    get_default,
    given,
    head,
    put,
    put_default,
    put_document,
    silent,
)
from model.clauses.tests.words_directory import in_directory, session, write
from model.clauses.tests.words_forms import post
from model.clauses.tests.words_versioning import (
    attributes,
    delete_several,
    get_versioning,
    list_v2,
)
from model.s3_errors import (
    ANY_400,
    BAD_DIGEST,
    INVALID_ARGUMENT,
    INVALID_DIGEST,
    INVALID_STORAGE_CLASS,
    NO_SUCH_BUCKET,
    PRECONDITION_FAILED,
)
from model.sse import md5_base64
from model.stored import ObjectVersion, Presence

ARGUMENT = Refuse((INVALID_ARGUMENT,))
NEW = given(create())
STORED = given(create(), put())
MD5 = md5_base64(DATA)
OTHER_MD5 = md5_base64(b"other data")


@fires("request/unknown-algorithm-is-refused")
def test_an_unknown_algorithm_is_refused() -> Situation:
    return NEW.when(put(sse="AES-256")).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@fires("request/unknown-algorithm-is-refused")
def test_an_algorithm_in_lower_case_is_refused_on_a_copy() -> Situation:
    return STORED.when(copy(sse="aes256")).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@fires("request/unknown-algorithm-is-refused")
def test_an_empty_algorithm_is_refused() -> Situation:
    return NEW.when(put(sse="")).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@silent("request/unknown-algorithm-is-refused")
def test_a_known_algorithm_is_not_refused() -> Situation:
    return NEW.when(put(sse="AES256"))


@silent("request/unknown-algorithm-is-refused")
def test_an_unknown_algorithm_beside_a_customer_key_is_refused_for_being_beside_it() -> Situation:
    return NEW.when(put(sse="AES-256", **customer())).then(answered=(INVALID_ARGUMENT,))


@fires("request/other-services-algorithm-is-refused")
def test_aws_fsx_is_refused_with_some_400() -> Situation:
    return NEW.when(put(sse="aws:fsx")).then(Refuse((ANY_400,)), answered=(ANY_400,))


@fires("request/other-services-algorithm-is-refused")
def test_aws_backup_is_refused_with_some_400_on_a_copy() -> Situation:
    return STORED.when(copy(sse="aws:backup")).then(Refuse((ANY_400,)), answered=(ANY_400,))


@silent("request/other-services-algorithm-is-refused")
def test_an_algorithm_of_general_purpose_buckets_is_not_refused() -> Situation:
    return NEW.when(put(sse="aws:kms"))


@fires("request/key-id-needs-kms")
def test_a_key_id_alone_is_refused() -> Situation:
    return NEW.when(put(kms_key_id=KEY_ID)).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@fires("request/key-id-needs-kms")
def test_a_key_id_alone_is_refused_under_a_kms_default() -> Situation:
    steps = given(create(), put_default("aws:kms"))
    return steps.when(put(kms_key_id=KEY_ID)).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@silent("request/key-id-needs-kms")
def test_a_key_id_beside_kms_is_not_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", kms_key_id=KEY_ID))


@silent("request/key-id-needs-kms")
def test_a_key_id_beside_a_customer_key_is_an_open_question() -> Situation:
    return NEW.when(put(kms_key_id=KEY_ID, **customer()))


@fires("request/key-id-beside-aes256-is-refused")
def test_a_key_id_beside_aes256_is_refused() -> Situation:
    request = put(sse="AES256", kms_key_id=KEY_ID)
    return NEW.when(request).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@silent("request/key-id-beside-aes256-is-refused")
def test_a_key_id_beside_dsse_is_not_refused() -> Situation:
    return NEW.when(put(sse="aws:kms:dsse", kms_key_id=KEY_ID))


@fires("request/context-must-be-a-string-map")
def test_a_context_that_is_not_base64_is_refused() -> Situation:
    request = put(sse="aws:kms", encryption_context='{"a": "b"}')
    return NEW.when(request).then(Refuse((ANY_400,)), answered=(ANY_400,))


@fires("request/context-must-be-a-string-map")
def test_a_context_with_a_number_is_refused() -> Situation:
    request = put(sse="aws:kms:dsse", encryption_context=base64_of(b'{"a": 1}'))
    return NEW.when(request).then(Refuse((ANY_400,)), answered=(ANY_400,))


@fires("request/context-must-be-a-string-map")
def test_a_context_in_another_encoding_than_utf8_is_refused() -> Situation:
    context = base64_of('{"a": "b"}'.encode("utf-16"))
    return NEW.when(put(sse="aws:kms", encryption_context=context)).then(Refuse((ANY_400,)))


@silent("request/context-must-be-a-string-map")
def test_how_strict_the_base64_of_a_context_must_be_is_not_said() -> Situation:
    context = base64_of(b'{"a": "b"}').rstrip("=")
    return NEW.when(put(sse="aws:kms", encryption_context=context))


@silent("request/context-must-be-a-string-map")
def test_a_context_of_strings_is_not_refused() -> Situation:
    return NEW.when(put(sse="aws:kms", encryption_context=base64_of(b'{"a": "b"}')))


@silent("request/context-must-be-a-string-map")
def test_a_context_beside_aes256_is_an_open_question() -> Situation:
    return NEW.when(put(sse="AES256", encryption_context='{"a": "b"}'))


@fires("request/algorithm-on-a-read-is-refused")
def test_an_algorithm_on_a_read_is_refused() -> Situation:
    return STORED.when(get(sse="AES256")).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@fires("request/algorithm-on-a-read-is-refused")
def test_an_algorithm_on_a_read_of_attributes_is_refused() -> Situation:
    return STORED.when(attributes(sse="AES256")).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@silent("request/algorithm-on-a-read-is-refused")
def test_an_algorithm_on_a_write_is_not_refused() -> Situation:
    return STORED.when(put(sse="AES256"))


@silent("request/algorithm-on-a-read-is-refused")
def test_a_read_without_an_algorithm_is_not_refused() -> Situation:
    return STORED.when(get())


@fires("request/key-id-on-a-read-is-refused")
def test_a_key_id_on_a_read_is_refused() -> Situation:
    return STORED.when(head(kms_key_id=KEY_ID)).then(ARGUMENT, answered=(INVALID_ARGUMENT,))


@silent("request/key-id-on-a-read-is-refused")
def test_a_read_without_a_key_id_is_not_refused() -> Situation:
    return STORED.when(head())


NO_BUCKET = Refuse((NO_SUCH_BUCKET,))


@fires("request/missing-bucket-is-named")
def test_a_default_of_a_missing_bucket_is_refused() -> Situation:
    ruling = Refuse((NO_SUCH_BUCKET,), step="bucket")
    return given().when(delete_default()).then(ruling, answered=(NO_SUCH_BUCKET,))


@fires("request/missing-bucket-is-named")
def test_a_missing_bucket_is_not_listed() -> Situation:
    ruling = Refuse((NO_SUCH_BUCKET,), step="bucket")
    return given().when(list_v2()).then(ruling, answered=(NO_SUCH_BUCKET,))


@fires("request/missing-bucket-is-named")
def test_nothing_is_deleted_from_a_missing_bucket() -> Situation:
    return given().when(delete_several("a")).then(Refuse((NO_SUCH_BUCKET,), step="bucket"))


@fires("request/missing-bucket-is-named")
def test_a_missing_bucket_has_no_versioning() -> Situation:
    return given().when(get_versioning()).then(Refuse((NO_SUCH_BUCKET,), step="bucket"))


@silent("request/missing-bucket-is-named")
def test_a_default_of_a_bucket_that_exists_is_not_refused() -> Situation:
    return NEW.when(get_default())


@silent("request/missing-bucket-is-named")
def test_a_bucket_of_which_nothing_is_known_need_not_be_missing() -> Situation:
    return given(start=UNKNOWN).when(get_default())


@fires("request/object-in-missing-bucket-is-refused")
def test_a_write_to_a_missing_bucket_is_refused() -> Situation:
    return given().when(put()).then(NO_BUCKET, answered=(NO_SUCH_BUCKET,))


@fires("request/object-in-missing-bucket-is-refused")
def test_a_deletion_in_a_missing_bucket_is_refused() -> Situation:
    return given().when(delete()).then(NO_BUCKET, answered=(NO_SUCH_BUCKET,))


@silent("request/object-in-missing-bucket-is-refused")
def test_a_write_to_a_bucket_that_exists_is_not_refused() -> Situation:
    return NEW.when(put())


GOLD = Refuse((INVALID_STORAGE_CLASS,), step="storage class")


@fires("request/storage-class-must-be-known")
def test_an_unknown_storage_class_is_refused() -> Situation:
    return NEW.when(put(storage_class="GOLD")).then(GOLD, answered=(INVALID_STORAGE_CLASS,))


@fires("request/storage-class-must-be-known")
def test_an_unknown_storage_class_is_refused_on_a_copy() -> Situation:
    return STORED.when(copy(storage_class="GOLD")).then(GOLD, answered=(INVALID_STORAGE_CLASS,))


@fires("request/storage-class-must-be-known")
def test_an_unknown_storage_class_is_refused_in_a_form() -> Situation:
    return NEW.when(post(storage_class="GOLD")).then(GOLD, answered=(INVALID_STORAGE_CLASS,))


@silent("request/storage-class-must-be-known")
def test_a_known_storage_class_is_not_refused_in_a_form() -> Situation:
    return NEW.when(post(storage_class="STANDARD_IA"))


@silent("request/storage-class-must-be-known")
def test_a_known_storage_class_is_not_refused() -> Situation:
    return NEW.when(put(storage_class="STANDARD_IA"))


NO_DIGEST = Refuse((INVALID_DIGEST,), step="Content-MD5")


@fires("request/content-md5-must-be-a-digest")
def test_a_content_md5_that_is_not_base64_is_refused() -> Situation:
    return NEW.when(put(content_md5="no digest")).then(NO_DIGEST, answered=(INVALID_DIGEST,))


@fires("request/content-md5-must-be-a-digest")
def test_a_content_md5_of_fifteen_bytes_is_refused() -> Situation:
    request = put_document(b"", content_md5=base64_of(b"fifteen bytes.."))
    return NEW.when(request).then(NO_DIGEST)


@silent("request/content-md5-must-be-a-digest")
def test_a_content_md5_of_sixteen_bytes_is_a_digest() -> Situation:
    return NEW.when(put(content_md5=MD5))


@silent("request/content-md5-must-be-a-digest")
def test_no_content_md5_is_needed() -> Situation:
    return NEW.when(put())


@fires("request/content-md5-must-match-the-data")
def test_a_content_md5_of_other_data_is_refused() -> Situation:
    request = put(content_md5=OTHER_MD5)
    return NEW.when(request).then(Refuse((BAD_DIGEST,)), answered=(BAD_DIGEST,))


@silent("request/content-md5-must-match-the-data")
def test_the_content_md5_of_the_data_is_not_refused() -> Situation:
    return NEW.when(put(content_md5=MD5))


@silent("request/content-md5-must-match-the-data")
def test_what_is_no_digest_is_that_of_no_data() -> Situation:
    return NEW.when(put(content_md5="no digest"))


CUSTOMER_STEPS = frozenset(f"write:{n}" for n in range(10))
CHECKS = Order({"storage class": CUSTOMER_STEPS | {"Content-MD5"}, "Content-MD5": CUSTOMER_STEPS})


@fires("request/checks-before-encryption-in-order")
def test_an_unknown_storage_class_is_answered_before_a_content_md5() -> Situation:
    request = put(storage_class="GOLD", content_md5="no digest")
    return NEW.when(request).then(CHECKS, answered=(INVALID_STORAGE_CLASS,))


@fires("request/checks-before-encryption-in-order")
def test_a_content_md5_is_answered_before_a_customer_key() -> Situation:
    request = put(content_md5="no digest", **customer(customer_algorithm="AES128"))
    return NEW.when(request).then(CHECKS, answered=(INVALID_DIGEST,))


@silent("request/checks-before-encryption-in-order")
def test_a_storage_class_alone_has_no_order() -> Situation:
    return NEW.when(put(storage_class="GOLD")).then(answered=(INVALID_STORAGE_CLASS,))


@silent("request/checks-before-encryption-in-order")
def test_a_customer_key_alone_has_no_check_before_it() -> Situation:
    return NEW.when(put(**customer(b"")))


@fires("request/if-none-match-keeps-the-object")
def test_a_write_that_must_be_the_first_is_refused_where_an_object_is() -> Situation:
    request = put(if_none_match="*")
    ruling = Refuse((PRECONDITION_FAILED,))
    return STORED.when(request).then(ruling, answered=(PRECONDITION_FAILED,))


@fires("request/if-none-match-keeps-the-object")
def test_a_write_that_must_be_the_first_succeeds_where_no_object_is() -> Situation:
    return NEW.when(put(if_none_match="*")).then(Succeed())


@silent("request/if-none-match-keeps-the-object")
def test_a_write_that_need_not_be_the_first_is_not_refused() -> Situation:
    return STORED.when(put())


@silent("request/if-none-match-keeps-the-object")
def test_it_is_not_known_whether_a_write_is_the_first_in_an_unknown_bucket() -> Situation:
    start = UNKNOWN.with_object(BUCKET, OBJECT, Presence.UNKNOWN)
    return given(start=start).when(put(if_none_match="*"))


@fires("request/if-none-match-keeps-the-object")
def test_an_object_of_unknown_encryption_is_kept_all_the_same() -> Situation:
    start = UNKNOWN.with_object(BUCKET, OBJECT, ObjectVersion(encryption=None, body=None))
    request = put(if_none_match="*")
    return given(start=start).when(request).then(Refuse((PRECONDITION_FAILED,)))


@fires("request/if-none-match-keeps-the-object")
def test_a_write_only_where_nothing_is_keeps_what_is_in_a_directory_bucket() -> Situation:
    after = in_directory(session(), write(1))
    failed = Refuse((PRECONDITION_FAILED,))
    return after.when(write(1, if_none_match="*")).then(failed, answered=(PRECONDITION_FAILED,))
