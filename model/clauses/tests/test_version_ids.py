"""Examples beside ``model/clauses/version_ids.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import SOURCE_VERSION_ID, VERSION_ID
from model.clause import MayRefuse, Refuse, Require
from model.clauses.tests.notation import (
    BUCKET,
    OBJECT,
    copy,
    create,
    delete,
    fires,
    get,
    given,
    head,
    put,
    silent,
)
from model.clauses.tests.words_forms import post
from model.clauses.tests.words_multipart import begin, complete, part, upload_of
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
    delete_version,
    enable,
    suspend,
)
from model.clauses.version_ids import NO_VERSION
from model.matchers import Absent, AbsentOr, Equals, NewVersionId
from model.s3_errors import INVALID_ARGUMENT, INVALID_REQUEST, NO_SUCH_KEY, NO_SUCH_VERSION
from model.stored import NULL_VERSION

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation

NULL = Require(VERSION_ID, Equals(NULL_VERSION, wrong=None))
NULL_IF_ANY = Require(VERSION_ID, AbsentOr(NULL_VERSION, wrong=NO_VERSION))
NONE = Require(VERSION_ID, Absent(NULL_VERSION))
UPLOADED = given(create(), enable(), put(), begin(), part(upload=upload_of(3)))
LIKE_OTHERS = "0" * 32
UNLIKE_OTHERS = "0" * 20


def new(*known: str) -> Require:
    return Require(VERSION_ID, NewVersionId(frozenset(known)))


@fires("version-ids/write-shows-a-new-one")
def test_a_write_shows_the_id_of_its_version() -> Situation:
    return ENABLED.when(put()).then(new())


@fires("version-ids/write-shows-a-new-one")
def test_a_copy_over_two_versions_shows_an_id_that_is_neither_of_theirs() -> Situation:
    return TWO.when(copy(object_key=OBJECT, sse="AES256")).then(new(OLDER, NEWER))


@silent("version-ids/write-shows-a-new-one")
def test_a_write_without_versioning_shows_no_new_id() -> Situation:
    return NEW.when(put())


@fires("version-ids/completion-shows-a-new-one")
def test_a_completed_upload_shows_the_id_of_its_version() -> Situation:
    return UPLOADED.when(complete(upload=upload_of(3))).then(new(OLDER))


@fires("version-ids/completion-shows-a-new-one")
def test_an_upload_that_is_completed_with_versioning_suspended_shows_null_or_nothing() -> Situation:
    steps = given(create(), suspend(), begin(), part(upload=upload_of(2)))
    return steps.when(complete(upload=upload_of(2))).then(NULL_IF_ANY)


@silent("version-ids/completion-shows-a-new-one")
def test_an_upload_without_versioning_shows_no_new_id() -> Situation:
    return given(create(), begin(), part()).when(complete())


@fires("version-ids/suspended-copy-is-null")
def test_a_copy_with_versioning_suspended_is_the_null_version() -> Situation:
    return given(create(), put(), suspend()).when(copy()).then(NULL)


@silent("version-ids/suspended-copy-is-null")
def test_a_copy_with_versioning_enabled_is_not_the_null_version() -> Situation:
    return TWO.when(copy())


@silent("version-ids/suspended-copy-is-null")
def test_an_upload_with_versioning_suspended_need_not_show_null() -> Situation:
    return SUSPENDED.when(put())


@fires("version-ids/suspended-upload-has-no-other-id")
def test_an_upload_with_versioning_suspended_shows_null_or_nothing() -> Situation:
    return SUSPENDED.when(put()).then(NULL_IF_ANY)


@fires("version-ids/suspended-upload-has-no-other-id")
def test_a_form_with_versioning_suspended_shows_null_or_nothing() -> Situation:
    return SUSPENDED.when(post()).then(NULL_IF_ANY)


@silent("version-ids/suspended-upload-has-no-other-id")
def test_an_upload_with_versioning_enabled_has_an_id_of_its_own() -> Situation:
    return ENABLED.when(put())


@fires("version-ids/none-without-versioning")
def test_without_versioning_a_write_shows_no_version_id() -> Situation:
    return NEW.when(put()).then(NONE)


@fires("version-ids/none-without-versioning")
def test_without_versioning_a_read_shows_no_version_id() -> Situation:
    return given(create(), put()).when(head()).then(NONE)


@silent("version-ids/none-without-versioning")
def test_a_read_that_names_the_null_version_may_show_its_id() -> Situation:
    return given(create(), put()).when(get(version_id=NULL_VERSION))


@silent("version-ids/none-without-versioning")
def test_with_versioning_an_answer_shows_version_ids() -> Situation:
    return ENABLED.when(put())


@fires("version-ids/read-shows-the-version")
def test_a_read_of_the_current_version_shows_its_id() -> Situation:
    return TWO.when(get()).then(Require(VERSION_ID, Equals(NEWER, wrong=None)))


@fires("version-ids/read-shows-the-version")
def test_a_read_of_an_older_version_shows_its_id() -> Situation:
    shown = Require(VERSION_ID, Equals(OLDER, wrong=None))
    return TWO.when(head(version_id=OLDER)).then(shown)


@fires("version-ids/read-shows-the-version")
def test_a_read_of_the_null_version_shows_no_other_id() -> Situation:
    return NULL_FIRST.when(get()).then(NULL_IF_ANY)


@silent("version-ids/read-shows-the-version")
def test_without_versioning_a_read_need_not_show_the_null_version() -> Situation:
    return given(create(), put()).when(get())


@fires("version-ids/marker-has-one")
def test_a_deletion_shows_the_id_of_its_marker() -> Situation:
    return TWO.when(delete()).then(new(OLDER, NEWER))


@fires("version-ids/marker-has-one")
def test_with_versioning_suspended_the_marker_is_null() -> Situation:
    return SUSPENDED.when(delete()).then(NULL_IF_ANY)


@silent("version-ids/marker-has-one")
def test_where_no_object_is_there_may_be_no_marker() -> Situation:
    return ENABLED.when(delete())


@silent("version-ids/marker-has-one")
def test_the_deletion_of_a_version_makes_no_marker() -> Situation:
    return TWO.when(delete_version(OLDER))


@fires("version-ids/deletion-shows-the-version")
def test_the_deletion_of_a_version_shows_its_id() -> Situation:
    shown = Require(VERSION_ID, Equals(OLDER, wrong=None))
    return TWO.when(delete_version(OLDER)).then(shown)


@fires("version-ids/deletion-shows-the-version")
def test_the_deletion_of_the_null_version_shows_no_other_id() -> Situation:
    return NULL_FIRST.when(delete_version(NULL_VERSION)).then(NULL_IF_ANY)


@silent("version-ids/deletion-shows-the-version")
def test_the_deletion_of_no_version_shows_none() -> Situation:
    return TWO.when(delete_version(LIKE_OTHERS))


@silent("version-ids/deletion-shows-the-version")
def test_without_versioning_the_null_version_need_not_be_shown() -> Situation:
    return given(create(), put()).when(delete_version(NULL_VERSION))


@fires("allowance/deletion-of-no-version")
def test_the_deletion_of_a_version_that_is_not_there_may_be_refused() -> Situation:
    allowed = MayRefuse((INVALID_ARGUMENT, NO_SUCH_VERSION, NO_SUCH_KEY))
    return TWO.when(delete_version("nothing of the kind")).then(allowed)


@silent("allowance/deletion-of-no-version")
def test_a_version_that_is_there_is_deleted() -> Situation:
    return MARKED.when(delete_version(MARKER))


@silent("allowance/deletion-of-no-version")
def test_a_deletion_that_names_no_version_has_no_wrong_id() -> Situation:
    return ENABLED.when(delete())


@fires("version-ids/copy-shows-the-source-version")
def test_a_copy_shows_the_version_that_it_names() -> Situation:
    shown = Require(SOURCE_VERSION_ID, Equals(OLDER, wrong=None))
    return TWO.when(copy_version(OLDER)).then(shown)


@fires("version-ids/copy-shows-the-source-version")
def test_a_copy_that_names_no_version_shows_which_it_read() -> Situation:
    shown = Require(SOURCE_VERSION_ID, Equals(NEWER, wrong=None))
    return TWO.when(copy()).then(shown)


@silent("version-ids/copy-shows-the-source-version")
def test_a_copy_of_the_null_version_shows_no_source_version() -> Situation:
    return NULL_FIRST.when(copy())


@fires("version-ids/null-source-is-not-shown")
def test_the_null_version_is_not_shown_as_source() -> Situation:
    return NULL_FIRST.when(copy()).then(Require(SOURCE_VERSION_ID, Absent(NULL_VERSION)))


@fires("version-ids/null-source-is-not-shown")
def test_a_source_in_a_bucket_without_versioning_is_not_shown() -> Situation:
    shown = Require(SOURCE_VERSION_ID, Absent(NULL_VERSION))
    return given(create(), put()).when(copy()).then(shown)


@fires("version-ids/null-source-is-not-shown")
def test_the_null_version_may_be_shown_as_source_where_it_is_named() -> Situation:
    shown = Require(SOURCE_VERSION_ID, AbsentOr(NULL_VERSION, wrong=NO_VERSION))
    return NULL_FIRST.when(copy_version(NULL_VERSION)).then(shown)


@silent("version-ids/null-source-is-not-shown")
def test_a_source_with_an_id_is_shown() -> Situation:
    return TWO.when(copy())


@fires("version-ids/missing-version-is-named")
def test_a_read_of_a_removed_version_gets_no_such_version() -> Situation:
    steps = given(create(), enable(), put(), put(), delete_version(OLDER))
    refused = (NO_SUCH_VERSION,)
    return steps.when(get(version_id=OLDER)).then(Refuse(refused), answered=refused)


@fires("version-ids/missing-version-is-named")
def test_a_read_of_a_removed_marker_gets_no_such_version() -> Situation:
    steps = given(*MARKED.steps, delete_version(MARKER))
    refused = (NO_SUCH_VERSION,)
    return steps.when(head(version_id=MARKER)).then(Refuse(refused), answered=refused)


@fires("version-ids/missing-version-is-named")
def test_a_read_of_the_version_of_another_object_gets_no_such_version() -> Situation:
    steps = given(*TWO.steps, put("another"))
    refused = (NO_SUCH_VERSION,)
    return steps.when(get("another", version_id=OLDER)).then(Refuse(refused), answered=refused)


@fires("version-ids/missing-version-is-named")
def test_an_id_unlike_all_others_may_be_malformed() -> Situation:
    errors = Refuse((NO_SUCH_VERSION, INVALID_ARGUMENT))
    return TWO.when(attributes(version_id=UNLIKE_OTHERS)).then(errors)


@fires("version-ids/missing-version-is-named")
def test_an_id_that_was_never_given_may_be_malformed_however_it_looks() -> Situation:
    errors = (NO_SUCH_VERSION, INVALID_ARGUMENT)
    made_up = OLDER[:-4] + "ABCD"
    return TWO.when(get(version_id=made_up)).then(Refuse(errors), answered=errors)


@fires("version-ids/missing-version-is-named")
def test_that_there_is_no_null_version_may_be_said_in_two_ways() -> Situation:
    errors = (NO_SUCH_VERSION, INVALID_ARGUMENT)
    return TWO.when(get(version_id=NULL_VERSION)).then(Refuse(errors), answered=errors)


@fires("version-ids/missing-version-is-named")
def test_a_copy_of_a_version_of_nothing_may_be_told_that_there_is_no_object() -> Situation:
    errors = Refuse((NO_SUCH_VERSION, NO_SUCH_KEY, INVALID_ARGUMENT))
    return ENABLED.when(copy_version(LIKE_OTHERS)).then(errors)


@silent("version-ids/missing-version-is-named")
def test_a_text_that_can_be_no_id_is_another_fault() -> Situation:
    return TWO.when(get(version_id="no id!"))


@silent("version-ids/missing-version-is-named")
def test_a_version_that_is_there_is_not_missing() -> Situation:
    return TWO.when(get(version_id=OLDER))


@silent("version-ids/missing-version-is-named")
def test_in_a_missing_bucket_no_version_is_missing() -> Situation:
    return given().when(get(version_id=LIKE_OTHERS))


@fires("version-ids/malformed-id-is-refused")
def test_a_read_with_a_text_that_can_be_no_id_is_refused() -> Situation:
    refused = (INVALID_ARGUMENT,)
    return TWO.when(get(version_id="no id!")).then(Refuse(refused), answered=refused)


@fires("version-ids/malformed-id-is-refused")
def test_an_empty_id_is_malformed() -> Situation:
    return TWO.when(head(version_id="")).then(Refuse((INVALID_ARGUMENT,)))


@silent("version-ids/malformed-id-is-refused")
def test_an_id_that_could_be_one_is_not_malformed() -> Situation:
    return TWO.when(get(version_id=LIKE_OTHERS))


@silent("version-ids/malformed-id-is-refused")
def test_a_copy_source_that_names_nothing_has_no_version_id() -> Situation:
    return TWO.when(copy("nothing"))


@fires("version-ids/copy-of-a-marker-is-refused")
def test_a_copy_of_a_delete_marker_is_refused() -> Situation:
    refused = (INVALID_REQUEST,)
    return MARKED.when(copy_version(MARKER)).then(Refuse(refused), answered=refused)


@silent("version-ids/copy-of-a-marker-is-refused")
def test_a_copy_of_an_object_under_a_marker_finds_no_object() -> Situation:
    return MARKED.when(copy(f"{BUCKET}/{OBJECT}"))


@silent("version-ids/copy-of-a-marker-is-refused")
def test_a_null_version_is_no_marker() -> Situation:
    return given(create(), put(), enable(), suspend()).when(copy_version(NULL_VERSION))
