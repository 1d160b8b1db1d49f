from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import BUCKET, copy, create, head, put, put_default
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OLD = (("colour", "red"),)
NEW = (("shape", "round"),)


@shows("copy/inherits-from-source")
def test_a_copy_keeps_the_encryption_of_its_source() -> Requests:
    yield create()
    yield put(sse="aws:kms")
    yield copy()


@shows("copy/explicit-aes256-ignored")
def test_a_copy_does_not_override_a_default_by_aes256() -> Requests:
    yield create()
    yield put()
    yield put_default("aws:kms")
    yield copy(sse="AES256")


@shows("copy/metadata-is-never-replaced")
def test_a_copy_keeps_the_metadata_that_it_was_to_replace() -> Requests:
    yield create()
    yield put(metadata=OLD)
    yield copy(metadata=NEW, metadata_directive="REPLACE")
    yield head("copy")


@shows("copy/replace-reaches-the-source")
def test_a_copy_that_replaces_the_metadata_changes_its_source() -> Requests:
    yield create()
    yield put(metadata=OLD)
    yield copy(metadata=NEW, metadata_directive="REPLACE")
    yield head()


@shows("copy/old-metadata-shines-through")
def test_a_copy_leaves_metadata_of_what_it_overwrites() -> Requests:
    yield create()
    yield put()
    yield put("copy", metadata=OLD)
    yield copy()
    yield head("copy")


@shows("copy/source-is-not-unescaped")
def test_a_copy_does_not_find_a_source_whose_name_is_escaped() -> Requests:
    yield create()
    yield put("a name")
    yield copy(f"{BUCKET}/a%20name", sse="AES256")


@shows("copy/bucket-key-from-the-source")
def test_a_copy_in_its_bucket_keeps_the_bucket_key_flag() -> Requests:
    yield create()
    yield put(sse="aws:kms", bucket_key_enabled="true")
    yield put_default("aws:kms")
    yield copy()
