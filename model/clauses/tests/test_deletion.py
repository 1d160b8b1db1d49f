"""Examples beside ``model/clauses/deletion.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.clause import MayRefuse, Require, Succeed
from model.clauses.tests.notation import (
    KEY_ID,
    OBJECT,
    create,
    customer,
    delete,
    disable,
    fires,
    given,
    put,
    silent,
)
from model.clauses.tests.words_versioning import (
    ENABLED,
    MARKED,
    NEW,
    NEWER,
    OLDER,
    SUSPENDED,
    TWO,
    delete_several,
    delete_version,
)
from model.clauses.version_ids import NO_VERSION
from model.delete_document import Named
from model.matchers import Absent, AbsentOr, Equals, NewVersionId
from model.operations.delete_objects import DeleteObjects
from model.s3_errors import ANY_400

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation
    from model.matchers import Matcher

UNDER_KMS = (create(), put(sse="aws:kms", kms_key_id=KEY_ID))


def no_error(name: str) -> Require:
    return Require(f"Error of {name}", Absent("AccessDenied"))


def deleted(name: str) -> Require:
    return Require(f"Deleted of {name}", Equals("yes", wrong=None))


def marker(version_id: Matcher) -> tuple[Require, Require]:
    is_marker = Require(f"DeleteMarker of {OBJECT}", Equals("true", wrong=None))
    return is_marker, Require(f"DeleteMarkerVersionId of {OBJECT}", version_id)


@fires("deletion/kms-key-is-not-needed")
def test_an_object_under_a_disabled_key_is_deleted() -> Situation:
    return given(*UNDER_KMS, disable()).when(delete()).then(Succeed())


@silent("deletion/kms-key-is-not-needed")
def test_an_object_under_a_usable_key_is_no_question() -> Situation:
    return given(*UNDER_KMS).when(delete())


@fires("deletion/several-need-no-key")
def test_objects_under_customer_keys_are_deleted_together() -> Situation:
    steps = given(create(), put(**customer()), put("other"))
    told = (no_error(OBJECT), deleted(OBJECT), no_error("other"), deleted("other"))
    return steps.when(delete_several(OBJECT, "other")).then(Succeed(), *told)


@fires("deletion/several-need-no-key")
def test_a_quiet_deletion_tells_of_errors_alone() -> Situation:
    return NEW.when(delete_several(OBJECT, quiet=True)).then(Succeed(), no_error(OBJECT))


@fires("deletion/several-need-no-key")
def test_of_a_version_that_is_not_there_nothing_is_expected() -> Situation:
    gone = Named(OBJECT, "no-such-version")
    return TWO.when(delete_several(gone)).then(Succeed())


@silent("deletion/several-need-no-key")
def test_without_the_md5_of_the_document_it_may_be_refused() -> Situation:
    return NEW.when(delete_several(OBJECT, told=False))


@silent("deletion/several-need-no-key")
def test_nothing_is_deleted_in_a_missing_bucket() -> Situation:
    return given().when(delete_several(OBJECT))


@silent("deletion/several-need-no-key")
def test_a_document_of_another_form_deletes_nothing_for_certain() -> Situation:
    return NEW.when(DeleteObjects(bucket="bucket", document=b"<Remove/>"))


@fires("deletion/several-leave-markers")
def test_each_new_marker_is_told() -> Situation:
    new = NewVersionId(frozenset({OLDER, NEWER}))
    return TWO.when(delete_several(OBJECT, "other")).then(*marker(new))


@fires("deletion/several-leave-markers")
def test_with_versioning_suspended_the_markers_are_null() -> Situation:
    null = AbsentOr("null", wrong=NO_VERSION)
    return SUSPENDED.when(delete_several(OBJECT)).then(*marker(null))


@silent("deletion/several-leave-markers")
def test_versions_that_are_named_leave_no_markers() -> Situation:
    return TWO.when(delete_several(Named(OBJECT, OLDER)))


@silent("deletion/several-leave-markers")
def test_a_quiet_deletion_tells_of_no_markers() -> Situation:
    return TWO.when(delete_several(OBJECT, quiet=True))


@silent("deletion/several-leave-markers")
def test_where_no_object_is_there_may_be_no_marker() -> Situation:
    return ENABLED.when(delete_several(OBJECT))


@fires("allowance/deletion-without-its-md5")
def test_a_deletion_of_several_without_a_checksum_may_be_refused() -> Situation:
    return NEW.when(delete_several(OBJECT, told=False)).then(MayRefuse((ANY_400,)))


@silent("allowance/deletion-without-its-md5")
def test_a_deletion_of_several_with_its_md5_is_no_question() -> Situation:
    return NEW.when(delete_several(OBJECT))


@fires("deletion/object-is-deleted")
def test_an_object_under_sse_kms_is_deleted() -> Situation:
    return given(*UNDER_KMS).when(delete()).then(Succeed())


@fires("deletion/object-is-deleted")
def test_a_version_is_deleted_by_its_id() -> Situation:
    return TWO.when(delete_version(OLDER)).then(Succeed())


@fires("deletion/object-is-deleted")
def test_an_object_under_a_delete_marker_is_deleted_again() -> Situation:
    return MARKED.when(delete()).then(Succeed())


@silent("deletion/object-is-deleted")
def test_of_an_object_that_is_not_there_it_says_nothing() -> Situation:
    return given(create()).when(delete())


@silent("deletion/object-is-deleted")
def test_of_an_object_under_a_disabled_key_another_clause_speaks() -> Situation:
    return given(*UNDER_KMS, disable()).when(delete())


@silent("deletion/object-is-deleted")
def test_of_an_object_under_a_customer_key_another_clause_speaks() -> Situation:
    return given(create(), put(**customer())).when(delete())
