"""Examples beside ``model/clauses/versioning.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import DELETE_MARKER
from model.clause import Keep, Law, MayRefuse, Refuse, Require, Succeed
from model.clauses.tests.notation import (
    BUCKET,
    KEY_ID,
    OBJECT,
    copy_in_place,
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
from model.clauses.tests.words_versioning import (
    ENABLED,
    MARKED,
    MARKER,
    NEW,
    NEWER,
    NULL_FIRST,
    OLDER,
    SUSPENDED,
    TWO,
    attributes,
    copy_version,
    delete_several,
    delete_version,
    enable,
    get_versioning,
    id_of,
    suspend,
)
from model.matchers import Absent, AbsentOr, Equals
from model.operations.put_bucket_versioning import versioning_document
from model.s3_errors import ACCESS_DENIED, INVALID_REQUEST, METHOD_NOT_ALLOWED, NO_SUCH_KEY
from model.sse import md5_base64
from model.stored import NULL_VERSION

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation

SUCCEED = Succeed()
IS_MARKER = Require(DELETE_MARKER, Equals("true", wrong=None))
TOLD_WITH_404 = Require(DELETE_MARKER, Equals("true", wrong=None), status=404)
OTHERS = Keep(Law.OTHER_VERSIONS)
ILLEGAL = MayRefuse((INVALID_REQUEST,))


@fires("versioning/status-is-shown")
def test_a_bucket_with_versioning_says_so() -> Situation:
    return ENABLED.when(get_versioning()).then(Require("Status", Equals("Enabled", wrong=None)))


@fires("versioning/status-is-shown")
def test_a_bucket_that_never_had_versioning_shows_no_status() -> Situation:
    return NEW.when(get_versioning()).then(Require("Status", Absent("Enabled")))


@fires("versioning/status-is-shown")
def test_a_bucket_whose_versioning_was_suspended_says_so() -> Situation:
    shown = Require("Status", Equals("Suspended", wrong=None))
    return SUSPENDED.when(get_versioning()).then(shown)


@silent("versioning/status-is-shown")
def test_of_a_missing_bucket_no_status_is_expected() -> Situation:
    return given().when(get_versioning())


@fires("versioning/status-is-told")
def test_the_status_of_a_bucket_with_a_default_is_told() -> Situation:
    return given(create(), put_default("aws:kms")).when(get_versioning()).then(SUCCEED)


@silent("versioning/status-is-told")
def test_the_status_of_no_bucket_is_not_told() -> Situation:
    return given().when(get_versioning())


@fires("versioning/status-is-set")
def test_versioning_is_enabled_in_a_bucket_with_a_default() -> Situation:
    return given(create(), put_default("aws:kms")).when(enable()).then(SUCCEED)


@fires("versioning/status-is-set")
def test_versioning_is_suspended() -> Situation:
    return ENABLED.when(suspend()).then(SUCCEED)


@silent("versioning/status-is-set")
def test_of_a_status_that_there_is_not_it_says_nothing() -> Situation:
    return NEW.when(replace(enable(), document=versioning_document("On")))


@silent("versioning/status-is-set")
def test_of_a_request_with_the_md5_of_something_else_it_says_nothing() -> Situation:
    return NEW.when(replace(enable(), content_md5=md5_base64(b"something else")))


@fires("versioning/setting-keeps-the-objects")
def test_enabling_versioning_keeps_the_objects() -> Situation:
    return NEW.when(enable()).then(Keep(Law.OBJECTS_ON_VERSIONING))


@silent("versioning/setting-keeps-the-objects")
def test_in_a_missing_bucket_there_is_nothing_to_keep() -> Situation:
    return given().when(enable())


@fires("versioning/other-versions-stay")
def test_a_new_version_leaves_the_older_ones_alone() -> Situation:
    return ENABLED.when(put()).then(OTHERS)


@fires("versioning/other-versions-stay")
def test_the_deletion_of_a_version_leaves_the_others_alone() -> Situation:
    return TWO.when(delete_version(OLDER)).then(OTHERS)


@fires("versioning/other-versions-stay")
def test_the_deletion_of_several_objects_leaves_their_versions_alone() -> Situation:
    return SUSPENDED.when(delete_several(OBJECT)).then(OTHERS)


@fires("versioning/other-versions-stay")
def test_without_versioning_the_deletion_of_another_version_leaves_the_null_one() -> Situation:
    return given(create(), put()).when(delete_version(OLDER)).then(OTHERS)


@silent("versioning/other-versions-stay")
def test_without_versioning_the_deletion_of_the_null_version_leaves_none() -> Situation:
    return given(create(), put()).when(delete_version(NULL_VERSION))


@silent("versioning/other-versions-stay")
def test_without_versioning_there_are_no_other_versions() -> Situation:
    return NEW.when(put())


@fires("versioning/deletion-leaves-a-marker")
def test_a_deletion_that_names_no_version_leaves_a_marker() -> Situation:
    return TWO.when(delete()).then(IS_MARKER)


@fires("versioning/deletion-leaves-a-marker")
def test_a_deletion_leaves_a_marker_over_a_marker() -> Situation:
    return MARKED.when(delete()).then(IS_MARKER)


@fires("versioning/deletion-leaves-a-marker")
def test_a_deletion_leaves_a_marker_with_versioning_suspended() -> Situation:
    return SUSPENDED.when(delete()).then(IS_MARKER)


@silent("versioning/deletion-leaves-a-marker")
def test_the_deletion_of_a_missing_object_may_leave_no_marker() -> Situation:
    return ENABLED.when(delete())


@silent("versioning/deletion-leaves-a-marker")
def test_without_versioning_no_marker_is_left() -> Situation:
    return given(create(), put()).when(delete())


@fires("versioning/removed-marker-is-told")
def test_the_deletion_of_a_marker_says_that_it_was_one() -> Situation:
    return MARKED.when(delete_version(MARKER)).then(IS_MARKER)


@fires("versioning/removed-marker-is-told")
def test_the_deletion_of_a_version_does_not_say_that_it_was_a_marker() -> Situation:
    told = Require(DELETE_MARKER, AbsentOr("false", wrong="true"))
    return MARKED.when(delete_version(OLDER)).then(told)


@silent("versioning/removed-marker-is-told")
def test_nothing_is_told_of_a_version_that_is_not_there() -> Situation:
    return MARKED.when(delete_version("0" * 32))


@silent("versioning/removed-marker-is-told")
def test_a_deletion_that_names_no_version_removes_no_marker() -> Situation:
    return MARKED.when(delete())


@fires("versioning/marker-tells-of-itself")
def test_a_read_of_an_object_under_a_marker_is_told_of_it() -> Situation:
    return MARKED.when(get()).then(TOLD_WITH_404, answered=(NO_SUCH_KEY,))


@fires("versioning/marker-tells-of-itself")
def test_a_read_that_expects_another_owner_is_told_of_it_if_it_gets_404() -> Situation:
    request = get(expected_bucket_owner="123412341234")
    return MARKED.when(request).then(TOLD_WITH_404, answered=(ACCESS_DENIED, NO_SUCH_KEY))


@silent("versioning/marker-tells-of-itself")
def test_of_an_object_that_never_was_no_marker_tells() -> Situation:
    return ENABLED.when(head())


@silent("versioning/marker-tells-of-itself")
def test_a_read_that_is_wrong_in_itself_need_not_come_to_the_marker() -> Situation:
    return MARKED.when(get(sse="AES256"))


@silent("versioning/marker-tells-of-itself")
def test_an_object_is_no_marker() -> Situation:
    return TWO.when(get(sse=None))


@fires("versioning/marker-cannot-be-read")
def test_a_marker_is_not_read_by_its_id() -> Situation:
    refused = (METHOD_NOT_ALLOWED,)
    return MARKED.when(get(version_id=MARKER)).then(Refuse(refused), answered=refused)


@fires("versioning/marker-cannot-be-read")
def test_a_marker_has_no_attributes() -> Situation:
    refused = (METHOD_NOT_ALLOWED, NO_SUCH_KEY)
    return MARKED.when(attributes(version_id=MARKER)).then(Refuse(refused))


@silent("versioning/marker-cannot-be-read")
def test_a_version_under_a_marker_is_read_by_its_id() -> Situation:
    return MARKED.when(get(version_id=OLDER))


@fires("versioning/older-version-is-restored-in-place")
def test_an_older_version_is_copied_over_its_object_without_a_change() -> Situation:
    return TWO.when(copy_version(OLDER, OBJECT)).then(SUCCEED)


@fires("versioning/older-version-is-restored-in-place")
def test_a_version_under_a_marker_is_copied_over_it() -> Situation:
    return MARKED.when(copy_version(OLDER, OBJECT)).then(SUCCEED)


@silent("versioning/older-version-is-restored-in-place")
def test_the_current_version_is_no_older_one() -> Situation:
    return TWO.when(copy_version(NEWER, OBJECT))


@silent("versioning/older-version-is-restored-in-place")
def test_a_copy_to_another_name_restores_nothing() -> Situation:
    return TWO.when(copy_version(OLDER))


@silent("versioning/older-version-is-restored-in-place")
def test_an_older_version_under_a_customer_key_needs_that_key() -> Situation:
    two = given(create(), enable(), put(**customer()), put())
    return two.when(copy_version(id_of(2), OBJECT, **source_customer()))


@silent("versioning/older-version-is-restored-in-place")
def test_with_versioning_suspended_it_is_not_said_that_an_older_version_is_restored() -> Situation:
    return SUSPENDED.when(copy_version(OLDER, OBJECT))


@fires("allowance/in-place-of-an-older-version-while-suspended")
def test_an_older_version_may_be_restored_with_versioning_suspended() -> Situation:
    return SUSPENDED.when(copy_version(OLDER, OBJECT)).then(ILLEGAL)


@silent("allowance/in-place-of-an-older-version-while-suspended")
def test_an_older_version_that_is_copied_with_a_change_is_no_question() -> Situation:
    return SUSPENDED.when(copy_version(OLDER, OBJECT, sse="AES256"))


@silent("allowance/in-place-of-an-older-version-while-suspended")
def test_with_versioning_enabled_an_older_version_is_restored() -> Situation:
    return TWO.when(copy_version(OLDER, OBJECT))


@silent("allowance/in-place-of-an-older-version-while-suspended")
def test_with_versioning_suspended_a_copy_to_another_name_restores_nothing() -> Situation:
    return SUSPENDED.when(copy_version(OLDER))


@fires("allowance/in-place-over-the-null-version")
def test_a_copy_of_the_null_version_over_itself_may_make_a_version() -> Situation:
    return NULL_FIRST.when(copy_in_place()).then(ILLEGAL, answered=(INVALID_REQUEST,))


@fires("allowance/in-place-over-the-null-version")
def test_a_copy_in_place_where_versioning_is_suspended_is_not_recorded() -> Situation:
    steps = given(create(), enable(), put(), suspend())
    return steps.when(copy_in_place()).then(ILLEGAL)


@silent("allowance/in-place-over-the-null-version")
def test_a_copy_of_a_version_over_itself_is_recorded() -> Situation:
    return TWO.when(copy_in_place())


@silent("allowance/in-place-over-the-null-version")
def test_a_copy_of_the_null_version_with_a_change_is_no_question() -> Situation:
    return NULL_FIRST.when(copy_in_place(sse="AES256"))


@silent("allowance/in-place-over-the-null-version")
def test_a_copy_of_the_null_version_under_a_put_default_is_no_question() -> Situation:
    return given(create(), put_default(), put(), enable()).when(copy_in_place())


@silent("allowance/in-place-over-the-null-version")
def test_a_copy_of_a_null_version_under_kms_goes_back_to_the_default() -> Situation:
    put_first = put(sse="aws:kms", kms_key_id=KEY_ID)
    return given(create(), put_first, enable()).when(copy_in_place())


@fires("allowance/in-place-of-the-current-version-by-its-id")
def test_a_copy_in_place_that_names_the_current_version_may_be_done() -> Situation:
    return TWO.when(copy_version(NEWER, OBJECT)).then(ILLEGAL)


@silent("allowance/in-place-of-the-current-version-by-its-id")
def test_a_change_makes_it_legal_to_name_the_current_version() -> Situation:
    return TWO.when(copy_version(NEWER, OBJECT, sse="AES256"))


@silent("allowance/in-place-of-the-current-version-by-its-id")
def test_a_copy_of_the_current_version_to_another_name_is_no_question() -> Situation:
    return TWO.when(copy_version(NEWER))


@silent("allowance/in-place-of-the-current-version-by-its-id")
def test_a_copy_that_names_the_null_version_of_another_bucket_is_not_in_place() -> Situation:
    copied = copy_version(NULL_VERSION, OBJECT)
    return given(create(), put(), create("other")).when(
        type(copied)(bucket="other", object_key=OBJECT, copy_source=f"{BUCKET}/{OBJECT}")
    )
