"""Sessions of directory buckets."""

from __future__ import annotations

from dataclasses import replace

from model.clause import Facet, MayRefuse, Refuse, Require, Store, Succeed
from model.clauses.tests.notation import (
    KEY,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY,
    OTHER_KEY_ID,
    Situation,
    create,
    delete,
    delete_default,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_directory import (
    DEFAULT_CONTEXT,
    DIRECTORY,
    OTHER_DIRECTORY,
    copy_in,
    create_directory,
    default_aes256,
    fetch,
    in_directory,
    in_kms_directory,
    read_only,
    session,
    token,
    write,
)
from model.clauses.tests.words_multipart import abort, list_parts
from model.open_matchers import SomeText
from model.operations.create_session import CREDENTIALS
from model.s3_errors import ANY_4XX, ANY_400, ANY_403
from model.world import World

NEW = in_directory()
KMS = in_kms_directory()
RESET = in_kms_directory(delete_default(DIRECTORY))
IS_AES256 = Store(Facet.ALGORITHM, ("AES256",))
IS_KMS = Store(Facet.ALGORITHM, ("aws:kms",))
WITH_BUCKET_KEY = Store(Facet.BUCKET_KEY, (True,))
MAYBE = MayRefuse((ANY_400, ANY_4XX))


@fires("directory-session/gives-credentials")
def test_a_session_has_three_credentials() -> Situation:
    return NEW.when(session()).then(*(Require(name, SomeText()) for name in CREDENTIALS))


@silent("directory-session/gives-credentials")
def test_a_write_gives_none() -> Situation:
    return NEW.when(write(0))


@fires("directory-session/default-is-taken")
def test_a_session_of_a_new_bucket_is_one_of_aes256() -> Situation:
    return NEW.when(session()).then(IS_AES256, Succeed())


@fires("directory-session/default-is-taken")
def test_a_session_takes_a_kms_default() -> Situation:
    return KMS.when(session()).then(IS_KMS, WITH_BUCKET_KEY, Succeed())


@fires("directory-session/default-is-taken")
def test_a_session_of_an_unknown_mode_need_not_be_given() -> Situation:
    return NEW.when(session(session_mode="WriteOnly")).then(IS_AES256)


@silent("directory-session/default-is-taken")
def test_a_session_with_an_algorithm_is_what_it_asks_for() -> Situation:
    return NEW.when(session(sse="AES256"))


@fires("directory-session/aes256-is-taken")
def test_a_session_may_override_a_kms_default_with_aes256() -> Situation:
    return KMS.when(session(sse="AES256")).then(IS_AES256, Succeed())


@fires("directory-session/aes256-is-taken")
def test_with_a_context_beside_it_it_may_be_refused() -> Situation:
    ask = session(sse="AES256", encryption_context=DEFAULT_CONTEXT)
    return KMS.when(ask).then(IS_AES256)


@silent("directory-session/aes256-is-taken")
def test_a_session_of_kms_is_not_one_of_aes256() -> Situation:
    return KMS.when(session(sse="aws:kms", kms_key_id=KEY_ID))


@fires("directory-session/kms-is-taken-where-it-is-the-default")
def test_a_session_may_name_the_default_and_its_key() -> Situation:
    return KMS.when(session(sse="aws:kms", kms_key_id=KEY_ARN)).then(Succeed())


@silent("directory-session/kms-is-taken-where-it-is-the-default")
def test_without_the_key_pages_disagree() -> Situation:
    return KMS.when(session(sse="aws:kms"))


@silent("directory-session/kms-is-taken-where-it-is-the-default")
def test_with_another_key_it_is_not_taken() -> Situation:
    return KMS.when(session(sse="aws:kms", kms_key_id=OTHER_KEY_ID))


@silent("directory-session/kms-is-taken-where-it-is-the-default")
def test_with_a_context_it_need_not_be_taken() -> Situation:
    ask = session(sse="aws:kms", kms_key_id=KEY_ID, encryption_context=DEFAULT_CONTEXT)
    return KMS.when(ask)


@fires("directory-session/kms-is-what-it-asked-for")
def test_a_session_that_was_asked_for_with_kms_is_one_of_kms() -> Situation:
    return KMS.when(session(sse="aws:kms")).then(IS_KMS, WITH_BUCKET_KEY)


@silent("directory-session/kms-is-what-it-asked-for")
def test_a_session_without_headers_asked_for_nothing() -> Situation:
    return KMS.when(session())


@fires("directory-session/key-is-the-buckets")
def test_a_session_by_default_uses_the_buckets_key() -> Situation:
    return KMS.when(session()).then(Store(Facet.KMS_KEY, (KEY,)))


@silent("directory-session/key-is-the-buckets")
def test_a_session_of_aes256_uses_none() -> Situation:
    return KMS.when(session(sse="AES256"))


@silent("directory-session/key-is-the-buckets")
def test_a_bucket_that_never_had_a_key_has_none() -> Situation:
    return NEW.when(session())


@fires("directory-session/kms-needs-a-kms-default")
def test_a_new_bucket_has_no_session_of_kms() -> Situation:
    return NEW.when(session(sse="aws:kms")).then(Refuse((ANY_400, ANY_4XX)))


@silent("directory-session/kms-needs-a-kms-default")
def test_a_bucket_whose_default_is_kms_has() -> Situation:
    return KMS.when(session(sse="aws:kms"))


@fires("allowance/kms-session-of-which-pages-differ")
def test_kms_without_its_key_may_be_refused() -> Situation:
    return KMS.when(session(sse="aws:kms")).then(MAYBE)


@fires("allowance/kms-session-of-which-pages-differ")
def test_kms_may_be_refused_where_it_is_the_default_no_more() -> Situation:
    after = in_kms_directory(default_aes256())
    return after.when(session(sse="aws:kms", kms_key_id=KEY_ID)).then(MAYBE)


@fires("allowance/kms-session-of-which-pages-differ")
def test_any_key_may_be_that_of_a_bucket_that_was_reset() -> Situation:
    ask = session(sse="aws:kms", kms_key_id=OTHER_KEY_ID)
    return RESET.when(ask).then(MAYBE, Store(Facet.KMS_KEY, (OTHER_KEY,)))


@fires("allowance/kms-session-of-which-pages-differ")
def test_or_the_one_that_it_had() -> Situation:
    return RESET.when(session(sse="aws:kms")).then(MAYBE)


@silent("allowance/kms-session-of-which-pages-differ")
def test_with_the_key_nothing_is_open() -> Situation:
    return KMS.when(session(sse="aws:kms", kms_key_id=KEY_ID))


@fires("directory-session/read-only-does-not-write")
def test_a_read_only_session_does_not_write() -> Situation:
    return in_directory(read_only()).when(write(1)).then(Refuse((ANY_403,)))


@fires("directory-session/read-only-does-not-write")
def test_a_read_only_session_does_not_delete() -> Situation:
    ask = replace(delete(bucket=DIRECTORY), session_token=token(1))
    return in_directory(read_only()).when(ask).then(Refuse((ANY_403,)))


@fires("directory-session/read-only-does-not-write")
def test_a_read_only_session_does_not_abort() -> Situation:
    ask = abort(bucket=DIRECTORY, session_token=token(1))
    return in_directory(read_only()).when(ask).then(Refuse((ANY_403,)))


@silent("directory-session/read-only-does-not-write")
def test_a_read_only_session_lists_the_parts() -> Situation:
    ask = list_parts(bucket=DIRECTORY, session_token=token(1))
    return in_directory(read_only()).when(ask)


@silent("directory-session/read-only-does-not-write")
def test_another_session_writes() -> Situation:
    return in_directory(session()).when(write(1))


@silent("directory-session/read-only-does-not-write")
def test_a_copy_is_sent_without_a_session() -> Situation:
    after = given(create_directory(), read_only(), create(), put())
    return after.when(copy_in())


@fires("directory-session/serves-one-bucket")
def test_a_session_opens_no_other_bucket() -> Situation:
    after = given(create_directory(), create_directory(OTHER_DIRECTORY), session(OTHER_DIRECTORY))
    return after.when(write(2)).then(Refuse((ANY_403, ANY_4XX)))


@silent("directory-session/serves-one-bucket")
def test_a_session_opens_its_own() -> Situation:
    return in_directory(session()).when(fetch(1))


@silent("directory-session/serves-one-bucket")
def test_what_a_copy_gets_with_a_session_is_not_said() -> Situation:
    after = given(create_directory(), session(), create(), put())
    return after.when(copy_in(session_token=token(1)))


@silent("directory-session/default-is-taken")
def test_where_the_default_is_not_known_it_may_be_anything() -> Situation:
    return given(start=World()).when(session())
