from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import DATA, OBJECT, copy, create, get, head, put
from model.clauses.tests.words_multipart import MD5, begin, complete, part, part_copy
from model.clauses.tests.words_versioning import attributes, enable
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of, version_of

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = b"other data"


@shows("etag/md5-of-ciphertext")
def test_an_object_under_aes256_has_not_the_md5_of_its_data() -> Requests:
    yield create()
    yield put(sse="AES256")


@shows("etag/sealed-part-etag")
def test_a_part_under_kms_has_a_long_etag() -> Requests:
    yield create()
    upload = upload_of((yield begin(sse="aws:kms")))
    yield part(upload=upload)


@shows("etag/copy-keeps-part-count")
def test_a_copy_of_an_object_in_parts_looks_as_in_parts() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield complete(upload=upload)
    yield copy()


@shows("etag/completed-is-md5")
def test_an_object_in_parts_has_the_md5_of_its_data() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield complete(upload=upload)


@shows("etag/no-etag-of-a-copied-part")
def test_a_copied_part_has_no_etag() -> Requests:
    yield create()
    yield put("source")
    upload = upload_of((yield begin()))
    yield part_copy(upload=upload)


@shows("etag/part-shows-its-own")
def test_a_part_is_read_with_its_own_etag() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    yield part(upload=upload)
    yield complete(upload=upload)
    yield head(part_number="1")


@shows("etag/older-shows-the-newest")
def test_an_older_version_is_read_with_the_etag_of_the_newest() -> Requests:
    yield create()
    yield enable()
    older = version_of((yield put()))
    yield put(body=OTHER)
    yield head(version_id=older)


@shows("etag/content-is-known")
def test_the_same_data_under_another_etag_is_said_to_be_known() -> Requests:
    yield create()
    yield put()
    yield put(sse="aws:kms")
    yield get(if_none_match=f'"{MD5}"')


@shows("etag/condition-on-the-oldest")
def test_the_etag_of_the_newest_version_does_not_match() -> Requests:
    yield create()
    yield enable()
    yield put()
    newest = etag_of((yield put(body=OTHER)))
    yield put(body=DATA, if_match=f'"{newest}"')


@shows("etag/attributes-are-quoted")
def test_the_etag_among_the_attributes_is_quoted() -> Requests:
    yield create()
    yield put()
    yield attributes("ETag", OBJECT)


@shows("etag/checksum-of-the-overwritten")
def test_an_overwritten_object_shows_the_old_checksum() -> Requests:
    yield create()
    yield put()
    yield put(body=OTHER)
    yield head(checksum_mode="ENABLED")
