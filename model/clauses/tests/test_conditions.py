"""Examples beside ``model/clauses/conditions.py``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.clause import MayRefuse, Refuse, Succeed
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    KEY_ID,
    OBJECT,
    UNKNOWN,
    after,
    copy,
    create,
    customer,
    delete,
    disable,
    fires,
    get,
    given,
    head,
    put,
    silent,
    source_customer,
)
from model.clauses.tests.words_directory import (
    DIRECTORY,
    copy_in,
    create_directory,
    fetch,
    in_directory,
    look,
    rename,
    session,
    write,
)
from model.clauses.tests.words_versioning import MARKED, NEW, OLDER, TWO
from model.s3_errors import NO_SUCH_KEY, NOT_IMPLEMENTED, NOT_MODIFIED, PRECONDITION_FAILED
from model.sse import md5_hex
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from model.clauses.tests.notation import Situation
    from model.operation import Operation

ETAG = f'"{md5_hex(DATA)}"'
OTHER = f'"{md5_hex(b"other data")}"'
WRITTEN = given(create(), put())
UNDER_KEY = given(create(), put(**customer()))
UNDER_KMS = given(create(), put(sse="aws:kms", kms_key_id=KEY_ID))
FAILED = Refuse((PRECONDITION_FAILED,))
SUCCEED = Succeed()


def etag_of(*steps: Operation) -> str:
    """The ETag that the last write answered, in quotation marks."""
    world = after(*steps)
    version = world.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    return f'"{version.etag}"'


UNDER_KEY_ETAG = etag_of(*UNDER_KEY.steps)
UNDER_KMS_ETAG = etag_of(*UNDER_KMS.steps)


@fires("conditions/read-of-another-etag-is-refused")
def test_a_read_of_another_etag_fails() -> Situation:
    return WRITTEN.when(get(if_match=OTHER)).then(FAILED, answered=(PRECONDITION_FAILED,))


@fires("conditions/read-of-another-etag-is-refused")
def test_the_md5_of_the_data_does_not_match_under_a_customer_key() -> Situation:
    return UNDER_KEY.when(head(if_match=ETAG, **customer())).then(FAILED)


@silent("conditions/read-of-another-etag-is-refused")
def test_a_read_of_the_etag_that_is_there_does_not_fail() -> Situation:
    return WRITTEN.when(get(if_match=ETAG))


@silent("conditions/read-of-another-etag-is-refused")
def test_a_missing_object_matches_nothing_and_is_missing() -> Situation:
    return NEW.when(get(if_match=ETAG))


@fires("conditions/known-etag-is-not-modified")
def test_what_is_known_is_not_sent_again() -> Situation:
    return WRITTEN.when(get(if_none_match=ETAG)).then(Refuse((NOT_MODIFIED,)))


@silent("conditions/known-etag-is-not-modified")
def test_what_is_not_known_is_sent() -> Situation:
    return WRITTEN.when(get(if_none_match=OTHER))


@fires("conditions/read-succeeds-when-met")
def test_a_read_under_its_key_succeeds_when_the_etag_matches() -> Situation:
    return UNDER_KEY.when(get(if_match=UNDER_KEY_ETAG, **customer())).then(SUCCEED)


@fires("conditions/read-succeeds-when-met")
def test_a_read_under_kms_succeeds_when_the_etag_is_another() -> Situation:
    return UNDER_KMS.when(head(if_none_match=ETAG)).then(SUCCEED)


@fires("conditions/read-succeeds-when-met")
def test_a_read_of_an_older_version_is_held_against_its_own_etag() -> Situation:
    return TWO.when(get(version_id=OLDER, if_match=ETAG)).then(SUCCEED)


@fires("conditions/read-succeeds-when-met")
def test_both_conditions_may_hold() -> Situation:
    return WRITTEN.when(get(if_match=ETAG, if_none_match=OTHER)).then(SUCCEED)


@silent("conditions/read-succeeds-when-met")
def test_a_condition_that_holds_does_not_open_an_object_without_its_key() -> Situation:
    return UNDER_KEY.when(get(if_match=UNDER_KEY_ETAG))


@silent("conditions/read-succeeds-when-met")
def test_a_condition_that_holds_does_not_make_a_key_usable() -> Situation:
    steps = given(*UNDER_KMS.steps, disable())
    return steps.when(get(if_match=UNDER_KMS_ETAG))


@silent("conditions/read-succeeds-when-met")
def test_one_condition_that_fails_is_enough() -> Situation:
    return WRITTEN.when(get(if_match=ETAG, if_none_match=ETAG))


@silent("conditions/read-succeeds-when-met")
def test_a_condition_that_cannot_be_told_is_not_met() -> Situation:
    return WRITTEN.when(get(if_match=ETAG, if_none_match="*"))


@silent("conditions/read-succeeds-when-met")
def test_a_read_with_an_algorithm_does_not_succeed() -> Situation:
    return WRITTEN.when(get(if_match=ETAG, sse="AES256"))


@fires("conditions/write-over-another-etag-is-refused")
def test_a_write_over_something_else_fails() -> Situation:
    return WRITTEN.when(put(if_match=OTHER)).then(FAILED, answered=(PRECONDITION_FAILED,))


@silent("conditions/write-over-another-etag-is-refused")
def test_a_write_over_what_it_names_does_not_fail() -> Situation:
    return WRITTEN.when(put(if_match=ETAG))


@fires("conditions/write-needs-an-object-to-match")
def test_a_write_over_nothing_cannot_match() -> Situation:
    errors = (NO_SUCH_KEY, PRECONDITION_FAILED)
    return NEW.when(put(if_match=ETAG)).then(Refuse(errors), answered=errors)


@fires("conditions/write-needs-an-object-to-match")
def test_a_write_over_a_delete_marker_cannot_match() -> Situation:
    return MARKED.when(put(if_match=ETAG)).then(Refuse((NO_SUCH_KEY, PRECONDITION_FAILED)))


@silent("conditions/write-needs-an-object-to-match")
def test_a_write_without_a_condition_needs_no_object() -> Situation:
    return given(create(), put(), delete()).when(put())


@silent("conditions/write-needs-an-object-to-match")
def test_an_object_that_is_there_can_match() -> Situation:
    return WRITTEN.when(put(if_match=ETAG))


@fires("conditions/write-succeeds-when-met")
def test_a_write_over_an_object_under_a_customer_key_succeeds_by_its_etag() -> Situation:
    return UNDER_KEY.when(put(if_match=UNDER_KEY_ETAG)).then(SUCCEED)


@silent("conditions/write-succeeds-when-met")
def test_a_write_only_where_nothing_is_has_another_condition() -> Situation:
    answered = (PRECONDITION_FAILED, NOT_IMPLEMENTED)
    return WRITTEN.when(put(if_match=ETAG, if_none_match="*")).then(answered=answered)


@silent("conditions/write-succeeds-when-met")
def test_a_write_over_another_etag_is_not_met() -> Situation:
    return WRITTEN.when(put(if_match=OTHER))


@fires("conditions/copy-fails-where-not-met")
def test_a_copy_of_another_etag_fails() -> Situation:
    return WRITTEN.when(copy(source_if_match=OTHER)).then(FAILED, answered=(PRECONDITION_FAILED,))


@fires("conditions/copy-fails-where-not-met")
def test_a_copy_of_what_is_known_fails() -> Situation:
    return WRITTEN.when(copy(source_if_none_match=ETAG)).then(FAILED)


@silent("conditions/copy-fails-where-not-met")
def test_a_copy_of_the_etag_that_is_there_does_not_fail() -> Situation:
    return WRITTEN.when(copy(source_if_match=ETAG, source_if_none_match=OTHER))


@fires("conditions/copy-succeeds-when-met")
def test_a_copy_from_a_customer_key_is_held_against_the_stored_etag() -> Situation:
    copied = copy(source_if_match=UNDER_KEY_ETAG, **source_customer())
    return UNDER_KEY.when(copied).then(SUCCEED)


@silent("conditions/copy-succeeds-when-met")
def test_a_copy_without_a_condition_has_none_to_meet() -> Situation:
    return WRITTEN.when(copy())


@fires("allowance/condition-in-doubt")
def test_an_etag_without_quotation_marks_may_match() -> Situation:
    allowed = MayRefuse((PRECONDITION_FAILED, NOT_MODIFIED))
    return WRITTEN.when(get(if_match=ETAG.strip('"'))).then(allowed)


@fires("allowance/condition-in-doubt")
def test_a_write_over_any_object_may_be_refused() -> Situation:
    errors = (PRECONDITION_FAILED, NO_SUCH_KEY, NOT_IMPLEMENTED)
    return WRITTEN.when(put(if_match="*")).then(MayRefuse(errors), answered=errors)


@fires("allowance/condition-in-doubt")
def test_a_write_over_any_object_where_none_is_may_be_called_not_implemented() -> Situation:
    errors = (PRECONDITION_FAILED, NO_SUCH_KEY, NOT_IMPLEMENTED)
    return NEW.when(put(if_match="*")).then(MayRefuse(errors), answered=errors)


@fires("allowance/condition-in-doubt")
def test_a_write_over_a_list_of_etags_is_no_other_feature() -> Situation:
    request = put(if_match=f"{ETAG}, {OTHER}")
    errors = (PRECONDITION_FAILED, NO_SUCH_KEY)
    return WRITTEN.when(request).then(MayRefuse(errors), answered=errors)


@fires("allowance/condition-in-doubt")
def test_an_etag_that_is_not_known_may_match() -> Situation:
    unknown = replace(UNKNOWN, buckets={}).with_object(
        BUCKET, OBJECT, ObjectVersion(encryption=None, body=None)
    )
    allowed = MayRefuse((PRECONDITION_FAILED, NOT_MODIFIED))
    return given(start=unknown).when(head(if_none_match=ETAG)).then(allowed)


@silent("allowance/condition-in-doubt")
def test_one_quoted_etag_is_no_question() -> Situation:
    return WRITTEN.when(get(if_match=ETAG))


@silent("allowance/condition-in-doubt")
def test_a_write_without_a_condition_is_no_question() -> Situation:
    return WRITTEN.when(put())


@fires("allowance/both-conditions-on-a-write")
def test_two_conditions_that_are_not_met_may_be_called_not_implemented() -> Situation:
    request = put(if_match=OTHER, if_none_match="*")
    answered = (PRECONDITION_FAILED, NOT_IMPLEMENTED)
    return WRITTEN.when(request).then(MayRefuse((NOT_IMPLEMENTED,)), answered=answered)


@fires("allowance/both-conditions-on-a-write")
def test_two_conditions_where_nothing_is_may_be_called_not_implemented() -> Situation:
    request = put(if_match=ETAG, if_none_match="*")
    answered = (NO_SUCH_KEY, PRECONDITION_FAILED, NOT_IMPLEMENTED)
    return NEW.when(request).then(MayRefuse((NOT_IMPLEMENTED,)), answered=answered)


@silent("allowance/both-conditions-on-a-write")
def test_one_condition_that_is_not_met_is_implemented() -> Situation:
    return WRITTEN.when(put(if_match=OTHER)).then(answered=(PRECONDITION_FAILED,))


@silent("allowance/both-conditions-on-a-write")
def test_a_write_that_must_be_the_first_is_implemented() -> Situation:
    return WRITTEN.when(put(if_none_match="*")).then(answered=(PRECONDITION_FAILED,))


@fires("allowance/source-condition-in-doubt")
def test_a_list_of_etags_of_a_source_may_match() -> Situation:
    allowed = MayRefuse((PRECONDITION_FAILED,))
    return WRITTEN.when(copy(source_if_match=f"{ETAG}, {OTHER}")).then(allowed)


@silent("allowance/source-condition-in-doubt")
def test_a_copy_without_a_condition_is_no_question() -> Situation:
    return WRITTEN.when(copy())


IN_DIRECTORY = in_directory(session(), write(1))
_held = IN_DIRECTORY.when(look(1)).world.object(DIRECTORY, OBJECT)
assert isinstance(_held, ObjectVersion)
RANDOM_ETAG = f'"{_held.etag}"'


@fires("conditions/read-of-another-etag-is-refused")
def test_conditions_hold_in_directory_buckets_too() -> Situation:
    return IN_DIRECTORY.when(look(1, if_match=OTHER)).then(FAILED, answered=(PRECONDITION_FAILED,))


@fires("conditions/known-etag-is-not-modified")
def test_what_is_known_is_not_sent_again_from_a_directory_bucket() -> Situation:
    return IN_DIRECTORY.when(fetch(1, if_none_match=RANDOM_ETAG)).then(Refuse((NOT_MODIFIED,)))


@fires("conditions/read-succeeds-when-met")
def test_a_read_of_a_random_etag_succeeds() -> Situation:
    return IN_DIRECTORY.when(look(1, if_match=RANDOM_ETAG)).then(SUCCEED)


@fires("conditions/write-over-another-etag-is-refused")
def test_a_write_over_something_else_fails_within_a_session() -> Situation:
    failed = FAILED
    return IN_DIRECTORY.when(write(1, if_match=OTHER)).then(failed, answered=(PRECONDITION_FAILED,))


@fires("conditions/write-succeeds-when-met")
def test_a_write_over_what_it_names_succeeds_within_a_session() -> Situation:
    return IN_DIRECTORY.when(write(1, if_match=RANDOM_ETAG)).then(SUCCEED)


@fires("conditions/copy-fails-where-not-met")
def test_a_copy_of_another_etag_into_a_directory_bucket_fails() -> Situation:
    after = given(create_directory(), create(), put())
    copied = copy_in(source_if_match=OTHER)
    return after.when(copied).then(FAILED, answered=(PRECONDITION_FAILED,))


@silent("conditions/read-of-another-etag-is-refused")
def test_of_the_etag_of_a_renamed_object_nothing_is_said() -> Situation:
    after = given(*IN_DIRECTORY.steps, rename(1))
    return after.when(replace(look(1, if_match=OTHER), object_key="new name"))
