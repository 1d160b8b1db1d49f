from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import DATA, OBJECT, get, head, put
from model.clauses.tests.words_directory import (
    DIRECTORY,
    OTHER_DIRECTORY,
    create_directory,
    default_aes256,
    default_kms,
    read_only,
    session,
)
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.kms import CreateKey
from model.operations.rename_object import RenameObject
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import token_of

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operations.put_object import PutObject
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"


def key_of(answer: Answer) -> str:
    return answer.text("KeyId") or "none"


def write(
    token: str, body: bytes = DATA, *, name: str = OBJECT, at: int | None = None
) -> PutObject:
    offset = None if at is None else str(at)
    return put(name, bucket=DIRECTORY, body=body, session_token=token, write_offset=offset)


def rename(token: str, source: str, name: str) -> RenameObject:
    return RenameObject(
        bucket=DIRECTORY, object_key=name, rename_source=source, session_token=token
    )


@shows("directory-buckets/session-of-the-first-default")
def test_a_new_session_has_an_old_default() -> Requests:
    kms_key = key_of((yield CreateKey()))
    yield create_directory()
    yield session()
    yield default_kms(kms_key)
    yield session()


@shows("directory-buckets/write-takes-the-default")
def test_a_write_does_not_ask_its_session() -> Requests:
    kms_key = key_of((yield CreateKey()))
    yield create_directory()
    yield default_kms(kms_key)
    token = token_of((yield session(sse="AES256")))
    yield write(token)
    yield head(bucket=DIRECTORY, session_token=token)


@shows("directory-buckets/aes256-frees-the-key")
def test_a_second_key_is_taken_after_aes256() -> Requests:
    first = key_of((yield CreateKey()))
    second = key_of((yield CreateKey()))
    yield create_directory()
    yield default_kms(first)
    yield default_aes256()
    yield default_kms(second)


@shows("directory-buckets/key-outlives-the-bucket")
def test_a_bucket_that_was_made_again_has_its_old_key() -> Requests:
    first = key_of((yield CreateKey()))
    second = key_of((yield CreateKey()))
    yield create_directory()
    yield default_kms(first)
    yield DeleteBucket(bucket=DIRECTORY)
    yield create_directory()
    yield default_kms(second)


@shows("directory-buckets/renaming-copies")
def test_an_object_that_was_renamed_is_there_twice() -> Requests:
    yield create_directory()
    token = token_of((yield session()))
    yield write(token, name="old")
    yield write(token, OTHER, name="new")
    yield rename(token, "old", "new")
    yield head("old", bucket=DIRECTORY, session_token=token)


@shows("directory-buckets/renaming-keeps-what-was-there")
def test_an_object_that_was_renamed_has_other_data() -> Requests:
    yield create_directory()
    token = token_of((yield session()))
    yield write(token, name="old")
    yield write(token, OTHER, name="new")
    yield rename(token, "old", "new")
    yield get("new", bucket=DIRECTORY, session_token=token)


@shows("directory-buckets/appends-across-kinds")
def test_data_is_appended_under_another_encryption() -> Requests:
    kms_key = key_of((yield CreateKey()))
    yield create_directory()
    yield default_kms(kms_key)
    yield write(token_of((yield session())))
    yield write(token_of((yield session(sse="AES256"))), at=len(DATA))


@shows("directory-buckets/second-append-replaces-the-first")
def test_what_was_appended_first_is_lost() -> Requests:
    yield create_directory()
    token = token_of((yield session()))
    yield write(token)
    yield write(token, at=len(DATA))
    yield write(token, at=2 * len(DATA))
    yield get(bucket=DIRECTORY, session_token=token)


@shows("directory-buckets/read-only-deletes")
def test_an_object_is_deleted_within_a_session_that_only_reads() -> Requests:
    yield create_directory()
    yield write(token_of((yield session())))
    reading = token_of((yield read_only()))
    yield DeleteObject(bucket=DIRECTORY, object_key=OBJECT, session_token=reading)


@shows("directory-buckets/any-session-reads")
def test_an_object_is_read_within_the_session_of_another_bucket() -> Requests:
    yield create_directory()
    yield create_directory(OTHER_DIRECTORY)
    yield write(token_of((yield session())))
    other = token_of((yield session(OTHER_DIRECTORY)))
    yield head(bucket=DIRECTORY, session_token=other)


@shows("directory-buckets/etag-is-md5")
def test_an_object_has_the_md5_of_its_data() -> Requests:
    yield create_directory()
    yield write(token_of((yield session())))


@shows("directory-buckets/reads-say-no-bucket-key")
def test_head_says_that_there_is_no_bucket_key() -> Requests:
    kms_key = key_of((yield CreateKey()))
    yield create_directory()
    yield default_kms(kms_key)
    token = token_of((yield session()))
    yield write(token)
    yield head(bucket=DIRECTORY, session_token=token)
