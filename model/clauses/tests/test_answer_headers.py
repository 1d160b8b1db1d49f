"""What answers show of an object's encryption."""

from __future__ import annotations

from model.clause import Require
from model.clauses.answer_headers import _A_KEY_ARN
from model.clauses.tests.notation import (
    ACCOUNT,
    BUCKET,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    OTHER_KEY_ARN,
    REGION,
    SIGNING_KEY,
    UNKNOWN,
    Situation,
    base64_of,
    copy,
    create,
    customer,
    delete,
    fires,
    get,
    given,
    head,
    put,
    put_default,
    silent,
    source_customer,
)
from model.clauses.tests.words_versioning import delete_several
from model.matchers import Absent, AbsentOr, ContextEcho, Equals, NewKeyArn
from model.request import (
    BUCKET_KEY,
    CONTEXT,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY,
    CUSTOMER_KEY_MD5,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
)
from model.sse import SseS3
from model.stored import ObjectVersion
from model.world import MANAGED_KEY, KmsKey

NEW = given(create())
STORED = given(create(), put())
UNDER_KMS = given(create(), put(sse="aws:kms", kms_key_id=KEY_ID))
UNDER_BUCKET_KEY = given(create(), put(sse="aws:kms", bucket_key_enabled="true"))
UNDER_DSSE = given(create(), put(sse="aws:kms:dsse"))
UNDER_SSE_C = given(create(), put(**customer()))
KEYED = get(**customer())
MD5 = customer()["customer_key_md5"] or ""
HIDDEN = tuple(Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS[:6])


@fires("answer-headers/sse-s3-is-shown")
def test_a_write_under_sse_s3_shows_aes256_though_nobody_asked() -> Situation:
    return NEW.when(put()).then(Require(SSE, Equals("AES256")))


@fires("answer-headers/sse-s3-is-shown")
def test_a_head_of_an_sse_s3_object_shows_aes256() -> Situation:
    return STORED.when(head()).then(Require(SSE, Equals("AES256")))


@silent("answer-headers/sse-s3-is-shown")
def test_an_answer_about_a_kms_object_does_not_show_aes256() -> Situation:
    return UNDER_KMS.when(get())


@fires("answer-headers/sse-kms-is-shown")
def test_a_copy_under_a_kms_default_shows_kms() -> Situation:
    steps = given(create(), put(), put_default("aws:kms"))
    return steps.when(copy()).then(Require(SSE, Equals("aws:kms")))


@silent("answer-headers/sse-kms-is-shown")
def test_a_copy_of_a_kms_object_under_sse_s3_does_not_show_kms() -> Situation:
    return UNDER_KMS.when(copy())


@fires("answer-headers/dsse-kms-is-shown")
def test_a_read_of_a_dsse_object_shows_dsse() -> Situation:
    return UNDER_DSSE.when(get()).then(Require(SSE, Equals("aws:kms:dsse")))


@silent("answer-headers/dsse-kms-is-shown")
def test_a_read_of_a_kms_object_does_not_show_dsse() -> Situation:
    return UNDER_KMS.when(get())


@fires("answer-headers/kms-key-is-shown-by-arn")
def test_a_key_named_by_its_id_is_shown_by_its_arn() -> Situation:
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    return NEW.when(request).then(Require(KMS_KEY_ID, Equals(KEY_ARN, wrong=KEY_ID)))


@fires("answer-headers/kms-key-is-shown-by-arn")
def test_the_managed_key_is_shown_by_an_arn_that_is_new() -> Situation:
    known = frozenset({KEY_ARN, OTHER_KEY_ARN, SIGNING_KEY.arn or ""})
    matcher = NewKeyArn(
        key_id=MANAGED_KEY, region=REGION, account=ACCOUNT, known=known, managed=True
    )
    return NEW.when(put(sse="aws:kms:dsse")).then(Require(KMS_KEY_ID, matcher))


@fires("answer-headers/kms-key-is-shown-by-arn")
def test_a_key_of_which_only_the_id_is_known_is_shown_by_an_arn_with_that_id() -> Situation:
    start = UNKNOWN.with_key(KmsKey(key_id=KEY_ID))
    matcher = NewKeyArn(key_id=KEY_ID, region="", account=None, known=frozenset(), managed=False)
    request = put(sse="aws:kms", kms_key_id=KEY_ID)
    return given(start=start).when(request).then(Require(KMS_KEY_ID, matcher))


@silent("answer-headers/kms-key-is-shown-by-arn")
def test_an_object_under_sse_s3_has_no_key_to_show() -> Situation:
    return NEW.when(put())


NO_KEY = Require(KMS_KEY_ID, Absent(wrong=_A_KEY_ARN))


@fires("answer-headers/no-kms-key-without-kms")
def test_an_answer_about_an_sse_s3_object_shows_no_kms_key_under_a_kms_default() -> Situation:
    return given(create(), put_default("aws:kms")).when(put(sse="AES256")).then(NO_KEY)


@fires("answer-headers/no-kms-key-without-kms")
def test_an_answer_about_an_sse_c_object_shows_no_kms_key() -> Situation:
    return UNDER_SSE_C.when(KEYED).then(NO_KEY)


@silent("answer-headers/no-kms-key-without-kms")
def test_an_answer_about_a_kms_object_shows_a_kms_key() -> Situation:
    return UNDER_KMS.when(get())


@fires("answer-headers/bucket-key-is-shown")
def test_an_answer_about_an_object_under_a_bucket_key_says_true() -> Situation:
    return UNDER_BUCKET_KEY.when(head()).then(Require(BUCKET_KEY, Equals("true", wrong=None)))


@silent("answer-headers/bucket-key-is-shown")
def test_an_answer_about_an_object_without_a_bucket_key_does_not_say_true() -> Situation:
    return UNDER_KMS.when(head())


@fires("answer-headers/no-bucket-key-is-not-shown")
def test_an_answer_about_a_kms_object_without_a_bucket_key_does_not_say_false() -> Situation:
    return UNDER_KMS.when(head()).then(Require(BUCKET_KEY, Absent("false")))


@fires("answer-headers/no-bucket-key-is-not-shown")
def test_an_answer_about_an_sse_s3_object_shows_no_flag_though_the_default_has_it() -> Situation:
    steps = given(create(), put_default("AES256", flag="true"))
    return steps.when(put()).then(Require(BUCKET_KEY, Absent("true")))


@silent("answer-headers/no-bucket-key-is-not-shown")
def test_an_answer_about_an_object_under_a_bucket_key_shows_the_flag() -> Situation:
    return UNDER_BUCKET_KEY.when(head())


@silent("answer-headers/no-bucket-key-is-not-shown")
def test_of_a_dsse_object_another_clause_speaks() -> Situation:
    return UNDER_DSSE.when(head())


@fires("answer-headers/no-bucket-key-for-dsse")
def test_an_answer_about_a_dsse_object_never_says_true() -> Situation:
    request = put(sse="aws:kms:dsse", bucket_key_enabled="true")
    return NEW.when(request).then(Require(BUCKET_KEY, AbsentOr("false", wrong="true")))


@silent("answer-headers/no-bucket-key-for-dsse")
def test_an_answer_about_a_kms_object_may_say_true() -> Situation:
    return NEW.when(put(sse="aws:kms", bucket_key_enabled="true"))


@fires("answer-headers/sse-c-is-shown")
def test_an_answer_about_an_sse_c_object_shows_the_customer_algorithm() -> Situation:
    return UNDER_SSE_C.when(KEYED).then(Require(CUSTOMER_ALGORITHM, Equals("AES256")))


@silent("answer-headers/sse-c-is-shown")
def test_a_copy_of_an_sse_c_object_under_sse_s3_shows_no_customer_algorithm() -> Situation:
    return UNDER_SSE_C.when(copy(**source_customer()))


@fires("answer-headers/customer-key-md5-is-shown")
def test_an_answer_about_an_sse_c_object_shows_the_md5_of_its_key() -> Situation:
    request = get(**customer(customer_key_md5=None))
    return UNDER_SSE_C.when(request).then(Require(CUSTOMER_KEY_MD5, Equals(MD5)))


@silent("answer-headers/customer-key-md5-is-shown")
def test_an_answer_about_an_sse_s3_object_shows_no_md5_of_a_key() -> Situation:
    return STORED.when(get())


@fires("answer-headers/no-algorithm-for-sse-c")
def test_an_answer_about_an_sse_c_object_does_not_show_aes256_as_its_algorithm() -> Situation:
    return NEW.when(put(**customer())).then(Require(SSE, Absent(wrong="AES256")))


@silent("answer-headers/no-algorithm-for-sse-c")
def test_an_answer_about_an_sse_s3_object_shows_its_algorithm() -> Situation:
    return NEW.when(put())


NO_CUSTOMER_KEY = (
    Require(CUSTOMER_ALGORITHM, Absent("AES256")),
    Require(CUSTOMER_KEY_MD5, Absent("JMwgiexXqwuPqIPjYFmIZQ==")),
)


@fires("answer-headers/no-customer-key-without-sse-c")
def test_a_copy_of_an_sse_c_object_says_nothing_of_the_source_key() -> Situation:
    return UNDER_SSE_C.when(copy(**source_customer())).then(*NO_CUSTOMER_KEY)


@silent("answer-headers/no-customer-key-without-sse-c")
def test_an_answer_about_an_sse_c_object_tells_of_its_key() -> Situation:
    return NEW.when(put(**customer()))


@fires("answer-headers/customer-key-is-never-shown")
def test_a_write_with_a_customer_key_does_not_repeat_the_key() -> Situation:
    key = customer()["customer_key"] or ""
    return NEW.when(put(**customer())).then(Require(CUSTOMER_KEY, Absent(key)))


@fires("answer-headers/customer-key-is-never-shown")
def test_no_other_answer_shows_a_customer_key_either() -> Situation:
    return NEW.when(put()).then(Require(CUSTOMER_KEY, Absent("AAAA")))


@silent("answer-headers/customer-key-is-never-shown")
def test_a_deletion_names_no_version_whose_key_could_be_shown() -> Situation:
    return UNDER_SSE_C.when(delete())


CONTEXT_SENT = base64_of(b'{"a": "b"}')


@fires("answer-headers/context-is-not-shown-to-readers")
def test_a_read_does_not_show_the_context_of_the_write() -> Situation:
    steps = given(create(), put(sse="aws:kms", encryption_context=CONTEXT_SENT))
    return steps.when(get()).then(Require(CONTEXT, Absent(CONTEXT_SENT)))


@fires("answer-headers/context-is-not-shown-to-readers")
def test_a_head_of_an_object_without_a_context_shows_none() -> Situation:
    return STORED.when(head()).then(Require(CONTEXT, Absent("eyJhIjoiYiJ9")))


@silent("answer-headers/context-is-not-shown-to-readers")
def test_whether_a_write_shows_its_context_is_another_clause() -> Situation:
    return NEW.when(put(sse="aws:kms", encryption_context=CONTEXT_SENT))


@fires("answer-headers/context-is-what-was-sent")
def test_the_answer_to_a_write_shows_the_context_that_was_sent_or_none() -> Situation:
    request = put(sse="aws:kms", encryption_context=base64_of(b'{"a": "b"}'))
    sent = request.encryption_context
    return NEW.when(request).then(Require(CONTEXT, ContextEcho(sent)))


@fires("answer-headers/context-is-what-was-sent")
def test_the_answer_to_a_write_without_a_context_shows_none_of_the_callers() -> Situation:
    return NEW.when(put(sse="aws:kms")).then(Require(CONTEXT, ContextEcho(None)))


@fires("answer-headers/context-is-what-was-sent")
def test_a_context_that_came_to_nothing_is_not_shown() -> Situation:
    request = put(sse="AES256", encryption_context=base64_of(b'{"a": "b"}'))
    return NEW.when(request).then(Require(CONTEXT, Absent("eyJhIjoiYiJ9")))


@fires("answer-headers/context-is-what-was-sent")
def test_a_copy_does_not_show_the_context_of_its_source() -> Situation:
    source = put(sse="aws:kms", encryption_context=base64_of(b'{"a": "b"}'))
    copied = given(create(), source).when(copy(sse="aws:kms"))
    return copied.then(Require(CONTEXT, ContextEcho(None)))


@silent("answer-headers/context-is-what-was-sent")
def test_of_a_write_whose_encryption_is_unknown_no_context_is_demanded() -> Situation:
    return given(start=UNKNOWN).when(put())


@fires("answer-headers/refusals-show-no-encryption")
def test_a_refused_read_shows_no_encryption() -> Situation:
    return UNDER_SSE_C.when(get()).then(*HIDDEN)


@silent("answer-headers/refusals-show-no-encryption")
def test_what_a_conditional_read_shows_when_it_is_refused_is_not_said() -> Situation:
    return UNDER_SSE_C.when(get(if_match='"x"'))


@silent("answer-headers/refusals-show-no-encryption")
def test_a_refused_deletion_is_not_spoken_of() -> Situation:
    return given().when(delete())


@fires("answer-headers/deletion-shows-no-encryption")
def test_the_deletion_of_an_sse_c_object_shows_no_encryption() -> Situation:
    return UNDER_SSE_C.when(delete()).then(*HIDDEN)


@fires("answer-headers/deletion-shows-no-encryption")
def test_the_deletion_of_several_objects_shows_no_encryption() -> Situation:
    return UNDER_SSE_C.when(delete_several("object")).then(*HIDDEN)


@silent("answer-headers/deletion-shows-no-encryption")
def test_a_head_is_no_deletion() -> Situation:
    return STORED.when(head())


@fires("answer-headers/sse-s3-is-shown")
def test_an_object_found_under_sse_s3_is_shown_so_later() -> Situation:
    start = UNKNOWN.with_object(BUCKET, OBJECT, ObjectVersion(encryption=SseS3(), body=None))
    return given(start=start).when(head()).then(Require(SSE, Equals("AES256")))
