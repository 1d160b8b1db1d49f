from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    NO_KEY_ID,
    copy,
    copy_in_place,
    create,
    delete,
    get,
    get_default,
    head,
    put,
    put_rules,
)
from model.clauses.tests.words_versioning import enable, suspend
from model.encryption_document import RuleText
from model.operations.delete_bucket import DeleteBucket
from model.sse import md5_base64
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER_MD5 = md5_base64(DATA + b".")


@shows("atomicity/digest-is-checked-too-late")
def test_an_object_is_there_though_its_digest_was_refused() -> Requests:
    yield create()
    yield put(content_md5=OTHER_MD5)
    yield get()


@shows("atomicity/kms-fails-too-late")
def test_an_object_is_gone_after_a_write_without_a_kms_key() -> Requests:
    yield create()
    yield put()
    yield put(sse="aws:kms", kms_key_id=NO_KEY_ID)
    yield get()


@shows("atomicity/refused-copy-leaves-a-version")
def test_a_refused_copy_leaves_an_empty_version() -> Requests:
    yield create()
    yield enable()
    yield put("copy")
    yield copy()
    yield get("copy")


@shows("atomicity/refused-write-leaves-a-marker")
def test_a_refused_write_leaves_a_marker() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield put()
    yield put(content_md5=OTHER_MD5)
    yield get()


@shows("atomicity/refused-write-revives-the-object")
def test_a_refused_write_brings_a_deleted_object_back() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield suspend()
    yield delete()
    yield put(content_md5=OTHER_MD5)
    yield get()


@shows("atomicity/refused-configuration-is-kept")
def test_the_first_of_two_rules_is_in_force() -> Requests:
    yield create()
    yield put_rules(RuleText("aws:kms"), RuleText("AES256"))
    yield get_default()


@shows("atomicity/refused-copy-changes-the-encryption")
def test_a_refused_copy_in_place_changes_the_encryption() -> Requests:
    yield create()
    yield put()
    yield copy_in_place(sse="aws:kms", source_if_match='"another"')
    yield head()


@shows("atomicity/refused-bucket-deletion-stops-versioning")
def test_nothing_is_deleted_after_a_refused_deletion_of_the_bucket() -> Requests:
    yield create()
    yield enable()
    yield put()
    yield DeleteBucket(bucket=BUCKET)
    yield delete()
