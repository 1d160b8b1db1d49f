"""Writes within sessions of directory buckets."""

from __future__ import annotations

from dataclasses import replace

from model.clause import Facet, MayRefuse, Refuse, Store, Succeed
from model.clauses.tests.notation import (
    DATA,
    KEY,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY_ID,
    Situation,
    create,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_directory import (
    DEFAULT_CONTEXT,
    DIRECTORY,
    copy_in,
    create_directory,
    default_kms,
    in_directory,
    in_kms_directory,
    read_only,
    session,
    token,
    write,
)
from model.clauses.tests.words_forms import checksum
from model.s3_errors import (
    ANY_4XX,
    ANY_400,
    ANY_501,
    ENCRYPTION_TYPE_MISMATCH,
    INVALID_REQUEST,
    TOO_MANY_PARTS,
)
from model.sse import SseAlgorithm, SseKms, md5_base64
from model.world import (
    KmsKey,
    ServerSideEncryptionRule,
    Session,
    SessionMode,
    World,
    unknown_bucket,
)

AES256 = in_directory(session())
KMS = in_kms_directory(session())
OVERRIDDEN = in_kms_directory(session(sse="AES256"))
STALE = in_directory(session(), default_kms())
IS_AES256 = Store(Facet.ALGORITHM, ("AES256",))
IS_KMS = Store(Facet.ALGORITHM, ("aws:kms",))
MAYBE = MayRefuse((ANY_400, ANY_4XX))
OFFSET = str(len(DATA))
LACKING = MayRefuse((ANY_4XX, ANY_501))
ODD_APPEND = MayRefuse((INVALID_REQUEST, TOO_MANY_PARTS))
RULE = ServerSideEncryptionRule(sse_algorithm=SseAlgorithm.AWS_KMS, kms_key_id=KEY_ID)


def _session_from(rule: ServerSideEncryptionRule | None) -> World:
    """A world that knows a session of SSE-KMS and the default of that time, and no more."""
    start = World()
    known = Session(
        bucket=DIRECTORY,
        encryption=SseKms(KEY_ID, bucket_key_enabled=True),
        mode=SessionMode.READ_WRITE,
        rule=rule,
    )
    found = start.with_bucket(DIRECTORY, unknown_bucket(start, DIRECTORY))
    return replace(found, sessions={token(1): known})


@fires("directory-writes/session-is-applied")
def test_a_write_without_headers_gets_what_the_session_says() -> Situation:
    return OVERRIDDEN.when(write(2)).then(IS_AES256)


@fires("directory-writes/session-is-applied")
def test_a_write_that_repeats_the_session_gets_it() -> Situation:
    return KMS.when(write(2, sse="aws:kms")).then(IS_KMS)


@fires("directory-writes/session-is-applied")
def test_a_session_from_before_a_new_default_gives_either() -> Situation:
    return STALE.when(write(1)).then(Store(Facet.ALGORITHM, ("AES256", "aws:kms")))


@silent("directory-writes/session-is-applied")
def test_of_a_write_without_a_session_nothing_is_said() -> Situation:
    return KMS.when(put(bucket=DIRECTORY))


@silent("directory-writes/session-is-applied")
def test_a_copy_has_nothing_to_do_with_sessions() -> Situation:
    after = given(create_directory(), session(), create(), put())
    return after.when(copy_in(session_token=token(1)))


@silent("directory-writes/session-is-applied")
def test_a_read_only_session_gives_nothing() -> Situation:
    return in_directory(read_only()).when(write(1))


@silent("directory-writes/session-is-applied")
def test_where_the_default_is_not_known_the_session_may_follow_it() -> Situation:
    return given(start=_session_from(rule=RULE)).when(write(1))


@fires("directory-writes/key-is-the-buckets")
def test_a_write_that_names_no_key_uses_the_buckets() -> Situation:
    return KMS.when(write(2, sse="aws:kms")).then(Store(Facet.KMS_KEY, (KEY,)))


@fires("directory-writes/key-is-the-buckets")
def test_a_key_that_the_world_does_not_list_is_used_all_the_same() -> Situation:
    after = given(start=_session_from(rule=None))
    return after.when(write(1)).then(Store(Facet.KMS_KEY, (KmsKey(key_id=KEY_ID),)))


@silent("directory-writes/key-is-the-buckets")
def test_a_write_of_aes256_uses_no_key() -> Situation:
    return AES256.when(write(1))


@fires("directory-writes/bucket-key-is-on")
def test_a_bucket_key_is_used_though_the_write_says_false() -> Situation:
    ask = write(2, sse="aws:kms", bucket_key_enabled="false")
    return KMS.when(ask).then(Store(Facet.BUCKET_KEY, (True,)))


@silent("directory-writes/bucket-key-is-on")
def test_a_write_of_aes256_uses_no_bucket_key() -> Situation:
    return OVERRIDDEN.when(write(2))


@fires("directory-writes/no-header-is-needed")
def test_a_write_needs_no_headers() -> Situation:
    return KMS.when(write(2)).then(Succeed())


@silent("directory-writes/no-header-is-needed")
def test_a_write_with_headers_has_some() -> Situation:
    return KMS.when(write(2, sse="aws:kms"))


@silent("directory-writes/no-header-is-needed")
def test_a_write_with_a_condition_may_fail_by_that() -> Situation:
    return KMS.when(write(2, if_none_match="*"))


@fires("directory-writes/equal-headers-are-accepted")
def test_the_sessions_algorithm_may_be_named() -> Situation:
    return AES256.when(write(1, sse="AES256")).then(Succeed())


@fires("directory-writes/equal-headers-are-accepted")
def test_the_buckets_key_may_be_named_by_its_arn() -> Situation:
    return KMS.when(write(2, sse="aws:kms", kms_key_id=KEY_ARN)).then(Succeed())


@silent("directory-writes/equal-headers-are-accepted")
def test_a_key_beside_aes256_need_not_be_accepted() -> Situation:
    return OVERRIDDEN.when(write(2, sse="AES256", kms_key_id=KEY_ID))


@silent("directory-writes/equal-headers-are-accepted")
def test_another_key_is_not_equal() -> Situation:
    return KMS.when(write(2, sse="aws:kms", kms_key_id=OTHER_KEY_ID))


@silent("directory-writes/equal-headers-are-accepted")
def test_a_context_need_not_be_accepted() -> Situation:
    return KMS.when(write(2, sse="aws:kms", encryption_context=DEFAULT_CONTEXT))


@fires("directory-writes/other-algorithm-is-refused")
def test_another_algorithm_than_the_sessions_is_refused() -> Situation:
    return OVERRIDDEN.when(write(2, sse="aws:kms")).then(Refuse((ANY_400, ANY_4XX)))


@fires("directory-writes/other-algorithm-is-refused")
def test_aes256_is_refused_within_a_session_of_kms() -> Situation:
    return KMS.when(write(2, sse="AES256")).then(Refuse((ANY_400, ANY_4XX)))


@silent("directory-writes/other-algorithm-is-refused")
def test_the_sessions_algorithm_is_not_refused() -> Situation:
    return KMS.when(write(2, sse="aws:kms"))


@silent("directory-writes/other-algorithm-is-refused")
def test_an_algorithm_that_is_none_is_refused_for_that() -> Situation:
    return KMS.when(write(2, sse="aws:kms:dsse"))


@fires("directory-writes/append-keeps-the-kind")
def test_nothing_is_appended_under_another_kind() -> Situation:
    after = in_kms_directory(session(), session(sse="AES256"), write(2))
    ask = write(3, body=b"more", write_offset=OFFSET)
    return after.when(ask).then(Refuse((ENCRYPTION_TYPE_MISMATCH,)))


@silent("directory-writes/append-keeps-the-kind")
def test_under_the_same_kind_data_is_appended() -> Situation:
    after = in_kms_directory(session(), write(2))
    return after.when(write(2, body=b"more", write_offset=OFFSET))


@silent("directory-writes/append-keeps-the-kind")
def test_where_there_is_no_object_there_is_no_other_kind() -> Situation:
    return KMS.when(write(2, write_offset="0"))


@silent("directory-writes/append-keeps-the-kind")
def test_without_a_session_nothing_is_said_of_it() -> Situation:
    after = in_kms_directory(session(), write(2))
    return after.when(put(bucket=DIRECTORY, write_offset=OFFSET))


@fires("allowance/session-from-before-a-new-default")
def test_headers_may_have_to_equal_the_new_default() -> Situation:
    return STALE.when(write(1, sse="AES256")).then(MAYBE)


@silent("allowance/session-from-before-a-new-default")
def test_in_a_new_session_they_are_what_they_are() -> Situation:
    return KMS.when(write(2, sse="aws:kms"))


@fires("allowance/append-of-which-little-is-said")
def test_an_append_at_another_offset_may_be_refused() -> Situation:
    after = in_directory(session(), write(1))
    return after.when(write(1, write_offset="3")).then(MAYBE)


@fires("allowance/append-of-which-little-is-said")
def test_an_append_to_nothing_may_be_refused() -> Situation:
    return AES256.when(write(1, write_offset="0")).then(MAYBE)


@silent("allowance/append-of-which-little-is-said")
def test_an_append_at_the_end_is_said_to_work() -> Situation:
    after = in_directory(session(), write(1))
    return after.when(write(1, write_offset=OFFSET))


@silent("allowance/append-of-which-little-is-said")
def test_a_plain_write_appends_nothing() -> Situation:
    return AES256.when(write(1))


WRITTEN = in_directory(session(), write(1))


@fires("allowance/append-of-what-an-object-may-not-take")
def test_an_append_with_metadata_may_be_refused() -> Situation:
    ask = replace(write(1, write_offset=OFFSET), metadata=(("a", "b"),))
    errors = (INVALID_REQUEST, TOO_MANY_PARTS)
    return WRITTEN.when(ask).then(ODD_APPEND, answered=errors)


@fires("allowance/append-of-what-an-object-may-not-take")
def test_an_append_of_nothing_may_be_refused() -> Situation:
    return WRITTEN.when(write(1, body=b"", write_offset=OFFSET)).then(ODD_APPEND)


@fires("allowance/append-of-what-an-object-may-not-take")
def test_an_append_with_another_checksum_may_be_refused() -> Situation:
    ask = write(1, write_offset=OFFSET, checksum_crc32=checksum("CRC32"))
    return WRITTEN.when(ask).then(ODD_APPEND)


@fires("allowance/append-of-what-an-object-may-not-take")
def test_any_append_may_be_one_part_too_many() -> Situation:
    own = checksum("CRC64NVME")
    ask = write(1, write_offset=OFFSET, checksum_crc64nvme=own)
    return WRITTEN.when(ask).then(MayRefuse((TOO_MANY_PARTS,)), answered=(TOO_MANY_PARTS,))


@silent("allowance/append-of-what-an-object-may-not-take")
def test_a_write_of_nothing_is_no_append() -> Situation:
    return WRITTEN.when(write(1, body=b""))


@fires("allowance/header-that-directory-buckets-lack")
def test_an_access_control_list_may_be_refused() -> Situation:
    return AES256.when(write(1, acl="private")).then(LACKING)


@fires("allowance/header-that-directory-buckets-lack")
def test_a_content_md5_may_be_refused() -> Situation:
    ask = write(1, content_md5=md5_base64(DATA))
    return AES256.when(ask).then(LACKING, answered=(ANY_4XX, ANY_501))


@fires("allowance/header-that-directory-buckets-lack")
def test_a_storage_class_of_other_buckets_may_be_refused() -> Situation:
    after = given(create_directory(), create(), put())
    return after.when(copy_in(storage_class="STANDARD_IA")).then(LACKING)


@silent("allowance/header-that-directory-buckets-lack")
def test_the_storage_class_of_directory_buckets_may_not() -> Situation:
    return AES256.when(write(1, storage_class="EXPRESS_ONEZONE"))


@silent("allowance/header-that-directory-buckets-lack")
def test_metadata_may_not() -> Situation:
    return AES256.when(replace(write(1), metadata=(("a", "b"),)))


@silent("allowance/header-that-directory-buckets-lack")
def test_of_the_tags_of_a_copy_more_is_said() -> Situation:
    after = given(create_directory(), create(), put())
    return after.when(copy_in(tagging_directive="REPLACE", tagging="a=b"))
