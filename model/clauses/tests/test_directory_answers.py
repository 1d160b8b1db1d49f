"""What answers of directory buckets show."""

from __future__ import annotations

from model.answer import ETAG
from model.clause import Keep, Law, Require
from model.clauses.tests.notation import (
    DATA,
    KEY_ARN,
    KEY_ID,
    OBJECT,
    Situation,
    create,
    delete_default,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_directory import (
    DIRECTORY,
    copy_in,
    create_directory,
    default_kms,
    fetch,
    in_directory,
    in_kms_directory,
    look,
    rename,
    session,
    write,
)
from model.matchers import Absent, AbsentOr, Equals
from model.open_matchers import KeyByAnyName, OtherThanMd5Of, SomeText
from model.request import BUCKET_KEY, CONTEXT, ENCRYPTION_HEADERS, KMS_KEY_ID, SSE
from model.world import World

SHOWS_KEY = Require(KMS_KEY_ID, KeyByAnyName(KEY_ID, KEY_ARN))
NEVER_OFF = Require(BUCKET_KEY, AbsentOr("true", wrong="false"))
WRITTEN = in_directory(session(), write(1))
KMS = in_kms_directory(session(), write(2))


@fires("directory-answers/session-shows-its-algorithm")
def test_a_session_shows_aes256() -> Situation:
    return in_directory().when(session()).then(Require(SSE, Equals("AES256", wrong="aws:kms")))


@fires("directory-answers/session-shows-its-algorithm")
def test_a_session_shows_kms() -> Situation:
    shown = Require(SSE, Equals("aws:kms", wrong="AES256"))
    return in_kms_directory().when(session()).then(shown)


@silent("directory-answers/session-shows-its-algorithm")
def test_what_a_session_shows_of_an_unknown_default_is_not_known() -> Situation:
    return given(start=World()).when(session())


@fires("directory-answers/kms-key-is-shown")
def test_a_session_shows_the_buckets_key() -> Situation:
    return in_kms_directory().when(session()).then(SHOWS_KEY)


@fires("directory-answers/kms-key-is-shown")
def test_a_read_shows_the_buckets_key() -> Situation:
    return KMS.when(look(2)).then(SHOWS_KEY)


@fires("directory-answers/kms-key-is-shown")
def test_some_key_is_shown_where_it_is_not_known_which() -> Situation:
    after = in_kms_directory(delete_default(DIRECTORY))
    return after.when(session(sse="aws:kms")).then(Require(KMS_KEY_ID, SomeText()))


@silent("directory-answers/kms-key-is-shown")
def test_what_aes256_shows_of_keys_is_not_said() -> Situation:
    return WRITTEN.when(look(1))


@fires("directory-answers/bucket-key-is-shown")
def test_a_write_of_kms_shows_a_bucket_key() -> Situation:
    return KMS.when(write(2)).then(Require(BUCKET_KEY, Equals("true")))


@silent("directory-answers/bucket-key-is-shown")
def test_a_copy_uses_none() -> Situation:
    after = given(create_directory(), default_kms(), create(), put())
    return after.when(copy_in())


@silent("directory-answers/bucket-key-is-shown")
def test_a_write_of_aes256_uses_none() -> Situation:
    return WRITTEN.when(write(1))


@fires("directory-answers/bucket-key-is-never-off")
def test_a_read_does_not_say_that_there_is_none() -> Situation:
    return KMS.when(fetch(2)).then(NEVER_OFF)


@fires("directory-answers/bucket-key-is-never-off")
def test_a_session_does_not_say_that_there_is_none() -> Situation:
    return in_kms_directory().when(session()).then(NEVER_OFF)


@silent("directory-answers/bucket-key-is-never-off")
def test_a_write_must_even_show_it() -> Situation:
    return KMS.when(write(2))


@silent("directory-answers/bucket-key-is-never-off")
def test_a_copy_may_say_that_there_is_none() -> Situation:
    steps = (create(), put(), copy_in(object_key=OBJECT), session())
    return given(create_directory(), default_kms(), *steps).when(look(5))


@fires("directory-answers/no-context-for-readers-and-parts")
def test_a_read_shows_no_context() -> Situation:
    return KMS.when(look(2)).then(Require(CONTEXT, Absent("eyJhIjoiYiJ9")))


@silent("directory-answers/no-context-for-readers-and-parts")
def test_a_write_may_show_one() -> Situation:
    return KMS.when(write(2))


@fires("directory-answers/etag-is-not-the-md5")
def test_an_object_under_aes256_has_a_random_etag() -> Situation:
    return WRITTEN.when(write(1)).then(Require(ETAG, OtherThanMd5Of(DATA)))


@silent("directory-answers/etag-is-not-the-md5")
def test_a_read_shows_the_etag_of_the_write() -> Situation:
    return WRITTEN.when(look(1))


@fires("directory-answers/renaming-shows-no-encryption")
def test_a_renaming_shows_no_encryption() -> Situation:
    hidden = (Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS[:6])
    return WRITTEN.when(rename(1)).then(*hidden)


@silent("directory-answers/renaming-shows-no-encryption")
def test_a_write_does() -> Situation:
    return WRITTEN.when(write(1))


@fires("directory-answers/renaming-keeps-the-object")
def test_an_object_is_as_it_was_under_its_new_name() -> Situation:
    return WRITTEN.when(rename(1)).then(Keep(Law.RENAMED_OBJECT))


@silent("directory-answers/renaming-keeps-the-object")
def test_what_is_renamed_to_itself_may_be_refused() -> Situation:
    return WRITTEN.when(rename(1, to=OBJECT))
