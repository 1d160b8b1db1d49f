"""Examples beside ``model/clauses/lists.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import MayRefuse, Require, Succeed
from model.clauses.lists import NEVER_WRITTEN
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    OBJECT,
    UNKNOWN,
    create,
    customer,
    delete,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_versioning import (
    ENABLED,
    MARKED,
    MARKER,
    NEW,
    NEWER,
    OLDER,
    SUSPENDED,
    TWO,
    id_of,
    list_objects,
    list_v2,
    list_versions,
)
from model.matchers import Absent, Equals, OnlyNames
from model.request import ENCRYPTION_HEADERS
from model.s3_errors import INVALID_ARGUMENT
from model.sse import md5_hex
from model.stored import ObjectVersion
from model.world import World, unknown_bucket

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation

FOUND: World = UNKNOWN.with_bucket(BUCKET, unknown_bucket(UNKNOWN, BUCKET))
"""A bucket that was there before, and of whose objects nothing is known."""
SEEN: World = FOUND.with_object(BUCKET, OBJECT, ObjectVersion(encryption=None, body=None))
"""The same with an object of which nothing is known but that it is there."""
WRITTEN = given(create(), put(), put("dir/b", body=b"more"))
OLDER_NAME, NEWER_NAME = f"version {OLDER} of {OBJECT}", f"version {NEWER} of {OBJECT}"


def is_there(name: str, kind: str = "Contents") -> Require:
    return Require(f"entry of {name}", Equals(kind, wrong=None))


def only(*names: str, wrong: str = NEVER_WRITTEN, endings: tuple[str, ...] = ()) -> Require:
    return Require("list", OnlyNames(frozenset(names), endings, wrong))


def size(name: str, length: int) -> Require:
    return Require(f"Size of {name}", Equals(str(length), wrong=str(length + 16)))


@fires("lists/every-object-is-named")
def test_a_listing_names_what_was_written() -> Situation:
    return WRITTEN.when(list_v2()).then(is_there(OBJECT), is_there("dir/b"))


@fires("lists/every-object-is-named")
def test_a_listing_in_the_old_form_names_an_object_under_a_customer_key() -> Situation:
    return given(create(), put(**customer())).when(list_objects()).then(is_there(OBJECT))


@fires("lists/every-object-is-named")
def test_a_listing_of_a_prefix_names_what_begins_so() -> Situation:
    return WRITTEN.when(list_v2(prefix="dir/")).then(is_there("dir/b"))


@silent("lists/every-object-is-named")
def test_of_an_empty_bucket_no_object_is_named() -> Situation:
    return NEW.when(list_v2())


@silent("lists/every-object-is-named")
def test_a_listing_of_one_object_at_most_may_leave_out_any() -> Situation:
    return WRITTEN.when(list_v2(max_keys="1"))


@silent("lists/every-object-is-named")
def test_an_object_under_a_delete_marker_is_not_named() -> Situation:
    return MARKED.when(list_objects())


@fires("lists/nothing-else-is-named")
def test_a_listing_names_nothing_that_was_not_written() -> Situation:
    return WRITTEN.when(list_v2()).then(only(OBJECT, "dir/b"))


@fires("lists/nothing-else-is-named")
def test_a_listing_does_not_name_what_was_deleted() -> Situation:
    return given(create(), put(), delete()).when(list_objects()).then(only())


@silent("lists/nothing-else-is-named")
def test_a_bucket_that_was_found_may_hold_anything() -> Situation:
    return given(start=FOUND).when(list_v2())


@fires("lists/every-version-is-named")
def test_a_listing_of_versions_names_each() -> Situation:
    kind = "Version"
    named = (is_there(NEWER_NAME, kind), is_there(OLDER_NAME, kind))
    return TWO.when(list_versions()).then(*named)


@fires("lists/every-version-is-named")
def test_a_listing_of_versions_names_delete_markers() -> Situation:
    marker = is_there(f"version {MARKER} of {OBJECT}", "DeleteMarker")
    return MARKED.when(list_versions()).then(is_there(OLDER_NAME, "Version"), marker)


@fires("lists/every-version-is-named")
def test_without_versioning_an_object_is_listed_as_its_null_version() -> Situation:
    named = is_there(f"version null of {OBJECT}", "Version")
    return given(create(), put()).when(list_versions()).then(named)


@silent("lists/every-version-is-named")
def test_of_an_empty_bucket_no_version_is_named() -> Situation:
    return ENABLED.when(list_versions())


@fires("lists/no-other-version-is-named")
def test_a_listing_of_versions_names_no_other() -> Situation:
    wrong = f"version never-made of {NEVER_WRITTEN}"
    return TWO.when(list_versions()).then(only(OLDER_NAME, NEWER_NAME, wrong=wrong))


@silent("lists/no-other-version-is-named")
def test_a_bucket_that_was_found_may_hold_any_versions() -> Situation:
    return given(start=FOUND).when(list_versions())


@fires("lists/latest-version-is-marked")
def test_the_newest_version_is_marked_and_no_other() -> Situation:
    latest = Require(f"IsLatest of {NEWER_NAME}", Equals("true", wrong="false"))
    older = Require(f"IsLatest of {OLDER_NAME}", Equals("false", wrong="true"))
    return TWO.when(list_versions()).then(latest, older)


@fires("lists/latest-version-is-marked")
def test_a_delete_marker_is_the_latest_version() -> Situation:
    name = f"version {MARKER} of {OBJECT}"
    latest = Require(f"IsLatest of {name}", Equals("true", wrong="false"))
    older = Require(f"IsLatest of {OLDER_NAME}", Equals("false", wrong="true"))
    return MARKED.when(list_versions(prefix=OBJECT)).then(latest, older)


@silent("lists/latest-version-is-marked")
def test_of_another_prefix_no_version_is_expected() -> Situation:
    return TWO.when(list_versions(prefix="other"))


@fires("lists/size-is-that-of-the-data")
def test_a_listing_gives_the_length_of_the_data() -> Situation:
    return WRITTEN.when(list_v2()).then(size(OBJECT, len(DATA)), size("dir/b", 4))


@fires("lists/size-is-that-of-the-data")
def test_a_listing_of_versions_gives_the_length_of_each() -> Situation:
    null = f"version null of {OBJECT}"
    older = f"version {id_of(2)} of {OBJECT}"
    return SUSPENDED.when(list_versions()).then(size(null, 5), size(older, len(DATA)))


@silent("lists/size-is-that-of-the-data")
def test_of_data_that_nobody_knows_no_size_is_expected() -> Situation:
    return given(start=SEEN).when(list_v2())


@fires("lists/etag-is-that-of-the-object")
def test_a_listing_gives_the_etag_of_the_write() -> Situation:
    etag = md5_hex(DATA)
    listed = Require(f"ETag of {OBJECT}", Equals(etag, wrong=etag[::-1] + "0"))
    return given(create(), put()).when(list_v2()).then(listed)


@silent("lists/etag-is-that-of-the-object")
def test_an_etag_that_nobody_knows_is_not_expected() -> Situation:
    return given(start=SEEN).when(list_v2())


@fires("lists/no-encryption-is-shown")
def test_a_listing_shows_no_encryption() -> Situation:
    headers = [Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS]
    elements = Require("encryption elements", Absent("ServerSideEncryption"))
    return NEW.when(list_v2()).then(*headers, elements)


@silent("lists/no-encryption-is-shown")
def test_an_answer_to_a_write_is_no_listing() -> Situation:
    return NEW.when(put())


@fires("lists/no-key-is-needed")
def test_a_bucket_is_listed_without_a_key() -> Situation:
    return given(create(), put(**customer())).when(list_versions()).then(Succeed())


@silent("lists/no-key-is-needed")
def test_a_missing_bucket_is_not_listed() -> Situation:
    return given().when(list_v2())


@silent("lists/no-key-is-needed")
def test_a_listing_in_an_unknown_encoding_may_be_refused() -> Situation:
    return NEW.when(list_v2(encoding_type="none"))


@fires("allowance/algorithm-on-a-listing")
def test_an_encryption_header_on_a_listing_may_be_refused() -> Situation:
    return NEW.when(list_objects(sse="AES256")).then(MayRefuse((INVALID_ARGUMENT,)))


@silent("allowance/algorithm-on-a-listing")
def test_a_plain_listing_is_no_question() -> Situation:
    return NEW.when(list_objects())
