"""Archived objects."""

from __future__ import annotations

from dataclasses import replace

from model.clause import MayRefuse, Refuse, Succeed
from model.clauses.tests.notation import (
    KEY_ID,
    Situation,
    copy,
    create,
    customer,
    disable,
    fires,
    get,
    given,
    head,
    put,
    silent,
)
from model.clauses.tests.words_directory import copy_in, create_directory
from model.operations.restore_object import RestoreObject
from model.s3_errors import (
    ACCESS_DENIED,
    ANY_400,
    INVALID_OBJECT_STATE,
    METHOD_NOT_ALLOWED,
    NO_SUCH_KEY,
    NO_SUCH_VERSION,
    NOT_IN_ACTIVE_TIER,
    RESTORE_IN_PROGRESS,
)

RESTORE = RestoreObject(bucket="bucket", object_key="object")
ARCHIVED = given(create(), put(storage_class="GLACIER"))
RESTORED = given(create(), put(storage_class="GLACIER"), RESTORE)
PLAIN = given(create(), put())
UNDER_SSE_C = given(create(), put(storage_class="DEEP_ARCHIVE", **customer()))
UNDER_KMS = (create(), put(storage_class="GLACIER", sse="aws:kms", kms_key_id=KEY_ID))
NOT_YET = MayRefuse((INVALID_OBJECT_STATE, NOT_IN_ACTIVE_TIER))


@fires("archive/archived-source-is-not-copied")
def test_an_archived_object_is_not_copied_into_a_directory_bucket() -> Situation:
    errors = (NOT_IN_ACTIVE_TIER, INVALID_OBJECT_STATE)
    ruling = Refuse(errors)
    after = given(create_directory(), *ARCHIVED.steps)
    return after.when(copy_in()).then(ruling, answered=errors)


@fires("archive/archived-object-is-not-read")
def test_an_archived_object_is_not_read() -> Situation:
    ruling = Refuse((INVALID_OBJECT_STATE,))
    return ARCHIVED.when(get()).then(ruling, answered=(INVALID_OBJECT_STATE,))


@silent("archive/archived-object-is-not-read")
def test_what_is_told_of_an_archived_object_can_be_read() -> Situation:
    return ARCHIVED.when(head())


@silent("archive/archived-object-is-not-read")
def test_an_object_that_is_not_archived_is_read() -> Situation:
    return PLAIN.when(get())


@silent("archive/archived-object-is-not-read")
def test_an_object_that_is_restored_may_be_read() -> Situation:
    return RESTORED.when(get())


@fires("archive/archived-source-is-not-copied")
def test_an_archived_object_is_not_copied() -> Situation:
    errors = (NOT_IN_ACTIVE_TIER, INVALID_OBJECT_STATE)
    return ARCHIVED.when(copy(sse="aws:kms")).then(Refuse(errors), answered=errors)


@silent("archive/archived-source-is-not-copied")
def test_an_object_of_a_class_that_is_at_hand_is_copied() -> Situation:
    return given(create(), put(storage_class="GLACIER_IR")).when(copy())


@fires("archive/restore-needs-no-key")
def test_an_archived_sse_c_object_is_restored_without_its_key() -> Situation:
    return UNDER_SSE_C.when(RESTORE).then(Succeed())


@fires("archive/restore-needs-no-key")
def test_an_archived_kms_object_is_restored() -> Situation:
    return given(*UNDER_KMS).when(RESTORE).then(Succeed())


@silent("archive/restore-needs-no-key")
def test_an_object_that_is_not_archived_need_not_be_restored() -> Situation:
    return PLAIN.when(RESTORE)


@silent("archive/restore-needs-no-key")
def test_an_object_under_a_disabled_key_need_not_be_restored() -> Situation:
    return given(*UNDER_KMS, disable(KEY_ID)).when(RESTORE)


@fires("allowance/restored-object")
def test_an_object_that_is_being_restored_may_not_be_there_yet() -> Situation:
    return RESTORED.when(get()).then(NOT_YET)


@fires("allowance/restored-object")
def test_a_copy_into_a_directory_bucket_may_be_too_early_as_well() -> Situation:
    return given(create_directory(), *RESTORED.steps).when(copy_in()).then(NOT_YET)


@fires("allowance/restored-object")
def test_a_copy_of_an_object_that_is_being_restored_may_be_too_early() -> Situation:
    return RESTORED.when(copy()).then(NOT_YET)


@silent("allowance/restored-object")
def test_an_object_that_was_never_archived_is_there() -> Situation:
    return PLAIN.when(copy())


@fires("allowance/restoration-of-anything-else")
def test_restoring_what_is_not_archived_may_be_refused() -> Situation:
    return PLAIN.when(RESTORE).then(MayRefuse((INVALID_OBJECT_STATE, ANY_400)))


@fires("allowance/restoration-of-anything-else")
def test_restoring_what_is_not_there_may_be_refused() -> Situation:
    errors = (NO_SUCH_KEY, NO_SUCH_VERSION, METHOD_NOT_ALLOWED, ANY_400)
    return given(create()).when(RESTORE).then(MayRefuse(errors))


@fires("allowance/restoration-of-anything-else")
def test_restoring_twice_may_be_refused() -> Situation:
    return RESTORED.when(RESTORE).then(MayRefuse((RESTORE_IN_PROGRESS,)))


@fires("allowance/restoration-of-anything-else")
def test_restoring_under_a_disabled_key_is_not_described() -> Situation:
    situation = given(*UNDER_KMS, disable(KEY_ID)).when(RESTORE)
    return situation.then(MayRefuse((ANY_400, ACCESS_DENIED)))


@fires("allowance/restoration-of-anything-else")
def test_a_restoration_in_another_way_may_be_refused() -> Situation:
    request = replace(RESTORE, document=b"")
    return ARCHIVED.when(request).then(MayRefuse((INVALID_OBJECT_STATE, ANY_400)))


@silent("allowance/restoration-of-anything-else")
def test_restoring_an_archived_object_is_described() -> Situation:
    return UNDER_SSE_C.when(RESTORE)
