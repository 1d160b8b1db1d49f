"""Uploads whose object key is changed before they are completed: either may be the later."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model.answer import BODY, VERSION_ID, Answer
from model.bucket_kind import BucketKind
from model.clauses.tests.notation import BUCKET, OBJECT, after, create, delete, get, put
from model.clauses.tests.words_multipart import begin, complete, part, upload_of
from model.clauses.tests.words_versioning import (
    delete_version,
    enable,
    id_of,
    list_objects,
    list_v2,
    list_versions,
    suspend,
)
from model.judge import Belief, judge, without_answer
from model.listing import LATEST, field_of
from model.operations.delete_bucket import DeleteBucket
from model.predict import SuccessOutcome, predict
from model.sse import md5_hex
from model.stored import ObjectVersion, Presence
from model.tests.test_judge import honest, refusal

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import Bucket, World

pytestmark = pytest.mark.example

BETWEEN = b"written in between"
OTHER = b"of the other upload"
NEW_ID = "0" * 32
MISSING = refusal(404, "NoSuchKey")


def begun(*steps: Operation, start: tuple[Operation, ...] = (create(),)) -> tuple[World, Operation]:
    """Return the world after an upload was begun and those steps, and the upload's completion."""
    upload = upload_of(len(start))
    world = after(*start, begin(), part(upload=upload), *steps)
    return world, complete(upload=upload)


def two_begun(*start: Operation) -> tuple[World, Operation, Operation]:
    """Return the world where two uploads were begun, and the completions of both."""
    first, second = upload_of(len(start)), upload_of(len(start) + 1)
    parts = (part(upload=first), part(upload=second, body=OTHER))
    world = after(*start, begin(), begin(), *parts)
    done = complete((1, md5_hex(OTHER)), upload=second)
    return world, complete(upload=first), done


def completed(world: World, request: Operation, version_id: str | None = None) -> Belief:
    """Return what is believed after a completion that is answered as the model has it."""
    shown = {} if version_id is None else {VERSION_ID: version_id}
    judged = judge(Belief((world,)), request, honest(world, request, **shown))
    assert not judged.findings
    return judged.belief


def bodies(belief: Belief) -> list[bytes | None]:
    """Return what may be read, None where nothing is there."""
    found = [world.object(BUCKET, OBJECT) for world in belief.worlds]
    return [one.body if isinstance(one, ObjectVersion) else None for one in found]


def read(belief: Belief, place: int) -> tuple[Belief, int]:
    """Return what is believed after a read that shows that world, and how many findings it gave."""
    world = belief.worlds[place]
    there = isinstance(world.object(BUCKET, OBJECT), ObjectVersion)
    judged = judge(belief, get(), honest(world, get()) if there else MISSING)
    return judged.belief, len(judged.findings)


def row(belief: Belief, place: int) -> list[str | None]:
    """Return the ids of the object's versions in that world, the newest first."""
    bucket = belief.worlds[place].existing(BUCKET)
    return [None if isinstance(v, Presence) else v.version_id for v in bucket.row(OBJECT)]


def bucket_in(belief: Belief) -> Bucket:
    (world,) = belief.worlds
    return world.existing(BUCKET)


def test_where_nothing_comes_in_between_what_was_completed_is_there() -> None:
    for before in ((create(),), (create(), put(body=BETWEEN)), (create(), enable(), put())):
        world, done = begun(put("other"), start=before)
        belief = completed(world, done)
        assert len(belief.worlds) == 1
        assert judge(belief, get(), MISSING).findings
        assert not bucket_in(belief).since


def test_what_was_put_in_between_may_take_precedence() -> None:
    belief = completed(*begun(put(body=BETWEEN)))
    assert bodies(belief) == [b"some data", BETWEEN]
    for place in (0, 1):
        settled, found = read(belief, place)
        assert (len(settled.worlds), found) == (1, 0)


def test_a_deletion_in_between_may_take_precedence() -> None:
    for before in ((create(),), (create(), put())):
        belief = completed(*begun(delete(), start=before))
        assert bodies(belief) == [b"some data", None]
        assert [read(belief, place)[1] for place in (0, 1)] == [0, 0]


def test_something_third_is_a_finding() -> None:
    world, done = begun(put(body=BETWEEN), start=(create(), put(body=b"before")))
    belief = completed(world, done)
    for wrong in (b"before", BETWEEN + b"some data", BETWEEN[:-1]):
        answer = honest(belief.worlds[1], get(), **{BODY: wrong})
        assert judge(belief, get(), answer).findings
    assert judge(belief, get(), MISSING).findings


def test_the_data_of_the_one_with_the_etag_of_the_other_is_a_finding() -> None:
    belief = completed(*begun(put(body=BETWEEN)))
    answer = honest(belief.worlds[0], get(), **{BODY: BETWEEN})
    assert judge(belief, get(), answer).findings


@pytest.mark.parametrize("first", [0, 1])
def test_what_was_read_once_is_read_again(first: int) -> None:
    belief = completed(*begun(put(body=BETWEEN)))
    settled, _ = read(belief, first)
    other = honest(belief.worlds[1 - first], get())
    assert judge(settled, get(), other).findings
    assert not judge(settled, get(), honest(settled.world, get())).findings


@pytest.mark.parametrize("request_", [list_objects(), list_v2(), list_versions()])
def test_a_listing_settles_which_of_them_is_there(request_: Operation) -> None:
    belief = completed(*begun(delete()))
    for world in belief.worlds:
        listed = judge(belief, request_, honest(world, request_))
        assert not listed.findings
        assert listed.belief.worlds == (world,)


def test_the_next_write_settles_it() -> None:
    belief = completed(*begun(put(body=BETWEEN)))
    written = judge(belief, put(), honest(belief.world, put())).belief
    assert len(written.worlds) == 1


def test_a_bucket_from_which_the_object_was_deleted_may_be_removed() -> None:
    belief = completed(*begun(delete()))
    request = DeleteBucket(bucket=BUCKET)
    for answer in (honest(belief.worlds[1], request), refusal(409, "BucketNotEmpty")):
        assert not judge(belief, request, answer).findings


def test_the_completion_is_answered_as_ever() -> None:
    world, done = begun(put(body=BETWEEN))
    right = honest(world, done)
    assert judge(Belief((world,)), done, refusal(404, "NoSuchUpload")).findings
    for field, value in right.fields.items():
        changed = replace(right, fields={**right.fields, field: "wrong" if value is None else None})
        assert judge(Belief((world,)), done, changed).findings


def test_of_two_uploads_without_versioning_either_may_be_there() -> None:
    world, first, second = two_begun(create())
    for one, other in ((first, second), (second, first)):
        between = completed(world, one)
        assert len(between.worlds) == 1
        assert len(set(bodies(completed(between.world, other)))) == 2


def test_what_was_put_before_an_upload_was_begun_does_not_take_precedence_over_it() -> None:
    start, first, second = (create(),), upload_of(1), upload_of(4)
    parts = (part(upload=first), part(upload=second, body=OTHER))
    world = after(*start, begin(), parts[0], put(body=BETWEEN), begin(), parts[1])
    kept = completed(world, complete(upload=first)).worlds[1]
    done = complete((1, md5_hex(OTHER)), upload=second)
    assert bodies(completed(kept, done)) == [OTHER]


def test_a_refused_write_in_between_is_nothing() -> None:
    world, done = begun()
    judged = judge(Belief((world,)), put(sse="x"), refusal(400, "InvalidArgument"))
    assert len(completed(judged.belief.world, done).worlds) == 1


# With versioning.


def test_the_upload_that_was_begun_later_or_is_completed_later_is_current() -> None:
    world, first, second = two_begun(create(), enable())
    between = completed(world, second, "second")
    belief = completed(between.world, first, "first")
    assert [row(belief, place) for place in (0, 1)] == [["first", "second"], ["second", "first"]]
    assert [read(belief, place)[1] for place in (0, 1)] == [0, 0]
    assert judge(belief, get(), MISSING).findings


def test_the_upload_that_was_begun_and_completed_later_is_current() -> None:
    world, first, second = two_begun(create(), enable())
    between = completed(world, first, "first")
    belief = completed(between.world, second, "second")
    assert row(belief, 0) == ["second", "first"]
    assert len(belief.worlds) == 1


def test_a_version_that_is_older_than_the_upload_stays_below_it() -> None:
    before = (create(), enable(), put(body=b"before"))
    belief = completed(*begun(put(body=BETWEEN), start=before), NEW_ID)
    later, older = id_of(5), id_of(2)
    assert [row(belief, n) for n in (0, 1)] == [[NEW_ID, later, older], [later, NEW_ID, older]]
    assert bodies(belief) == [b"some data", BETWEEN]


def test_the_listing_marks_the_one_or_the_other() -> None:
    belief = completed(*begun(put(body=BETWEEN), start=(create(), enable())), NEW_ID)
    request = list_versions()
    latest = [field_of(LATEST, f"version {one} of {OBJECT}") for one in (NEW_ID, id_of(4))]
    for world, shown in zip(belief.worlds, (("true", "false"), ("false", "true")), strict=True):
        answer = honest(world, request)
        assert tuple(answer.fields[name] for name in latest) == shown
        assert judge(belief, request, answer).belief.worlds == (world,)
    both = replace(answer, fields={**answer.fields, **dict.fromkeys(latest, "true")})
    assert judge(belief, request, both).findings


def test_the_new_version_is_there_whichever_is_current() -> None:
    belief = completed(*begun(put(body=BETWEEN), start=(create(), enable())), NEW_ID)
    request = get(version_id=NEW_ID)
    right = honest(belief.worlds[1], request)
    assert right.fields[BODY] == b"some data"
    assert len(judge(belief, request, right).belief.worlds) == 2
    assert judge(belief, request, refusal(404, "NoSuchVersion")).findings


def test_a_marker_that_was_left_in_between_may_hide_the_new_version() -> None:
    belief = completed(*begun(delete(), start=(create(), enable(), put())), NEW_ID)
    assert bodies(belief) == [b"some data", None]
    hidden = judge(belief, get(), MISSING).belief
    revealed = judge(
        hidden, delete_version(id_of(5)), honest(hidden.world, delete_version(id_of(5)))
    )
    assert bodies(revealed.belief) == [b"some data"]


def test_a_version_that_was_removed_again_hides_nothing() -> None:
    steps = (put(body=BETWEEN), delete_version(id_of(4)))
    belief = completed(*begun(*steps, start=(create(), enable())), NEW_ID)
    assert row(belief, 0) == [NEW_ID]
    assert len(belief.worlds) == 1


def test_the_removal_of_an_older_version_puts_no_other_above() -> None:
    before = (create(), enable(), put(body=b"before"))
    belief = completed(*begun(delete_version(id_of(2)), start=before), NEW_ID)
    assert len(belief.worlds) == 1


def test_what_an_upload_left_below_others_counts_by_when_it_was_begun() -> None:
    start = (create(), enable())
    first, second, third = (upload_of(2 + n) for n in range(3))
    parts = (part(upload=one) for one in (first, second, third))
    world = after(*start, begin(), begin(), begin(), *parts, put(body=BETWEEN))
    below = completed(world, complete(upload=second), "second").worlds[1]
    put_id = id_of(8)
    last = completed(below, complete(upload=third), "third")
    assert row(last, 0) == ["third", put_id, "second"]
    assert row(last, 1) == [put_id, "third", "second"]
    earliest = completed(below, complete(upload=first), "first")
    assert row(earliest, 1) == [put_id, "second", "first"]


# With versioning suspended, or set in between.


def test_with_versioning_suspended_a_null_version_may_stay() -> None:
    start = (create(), enable(), put(body=b"kept"), suspend())
    belief = completed(*begun(put(body=BETWEEN), start=start))
    assert [row(belief, place) for place in (0, 1)] == [["null", id_of(2)]] * 2
    assert bodies(belief) == [b"some data", BETWEEN]


def test_with_versioning_suspended_a_marker_may_stay() -> None:
    start = (create(), enable(), put(body=b"kept"), suspend())
    belief = completed(*begun(delete(), start=start))
    assert bodies(belief) == [b"some data", None]


def test_with_versioning_suspended_a_null_version_that_was_removed_may_stay_so() -> None:
    start = (create(), put(), enable(), suspend())
    belief = completed(*begun(delete_version("null"), start=start))
    assert bodies(belief) == [b"some data", None]


def test_the_removal_of_another_version_while_suspended_is_nothing() -> None:
    start = (create(), enable(), put(body=b"kept"), put(), suspend())
    belief = completed(*begun(delete_version(id_of(2)), start=start))
    assert len(belief.worlds) == 1


def test_a_version_of_when_versioning_was_enabled_may_be_above_or_take_precedence() -> None:
    start = (create(), enable(), suspend())
    belief = completed(*begun(enable(), put(body=BETWEEN), suspend(), start=start))
    kept = id_of(6)
    assert [row(belief, place) for place in range(3)] == [["null", kept], [kept], [kept, "null"]]


# What is not known.


def test_where_nothing_is_known_of_the_versioning_what_is_below_is_not_known() -> None:
    world, done = begun(put(body=BETWEEN))
    unsure = world.with_bucket(BUCKET, replace(world.existing(BUCKET), versioning=None))
    belief = completed(unsure, done)
    assert bodies(belief)[:2] == [b"some data", BETWEEN]


def test_a_write_that_was_done_or_not_may_stand_above() -> None:
    world, done = begun(start=(create(), enable()))
    obscured = put().obscured(world)
    belief = completed(obscured, done, NEW_ID)
    assert row(belief, 1) == [None, NEW_ID, None]
    assert not judge(belief, get(), honest(after(create(), put(body=BETWEEN)), get())).findings


def test_without_an_answer_the_upload_is_done_above_or_below_or_is_not_done() -> None:
    world, done = begun(put(body=BETWEEN))
    belief = without_answer(Belief((world,)), done).belief
    assert bodies(belief) == [BETWEEN, b"some data", BETWEEN]


def test_a_repeated_completion_tells_what_the_first_did_not() -> None:
    world, done = begun(put(body=BETWEEN), start=(create(), enable()))
    belief = without_answer(Belief((world,)), done).belief
    shown = Answer(status=200, succeeded=True, error_code=None, fields={VERSION_ID: NEW_ID})
    told = judge(belief, done, shown).belief
    assert {NEW_ID in row(told, place) for place in range(len(told.worlds))} == {True}


def test_of_a_version_that_is_not_kept_no_facts_are_noted() -> None:
    world, done = begun(delete())
    kept = completed(world, done).worlds[1]
    assert done.subject(kept) is Presence.UNKNOWN
    assert done.with_subject(kept, ObjectVersion(encryption=None, body=b"")) == kept


def test_what_kept_the_upload_keeps_its_version_and_no_other() -> None:
    world, done = begun(put(body=BETWEEN), start=(create(), enable()))
    bucket = world.existing(BUCKET)
    noted = replace(bucket, suspects={(OBJECT, upload_of(2)): ("some/clause",)})
    belief = completed(world.with_bucket(BUCKET, noted), done, NEW_ID)
    for one in belief.worlds:
        assert "some/clause" in one.existing(BUCKET).suspected(OBJECT, NEW_ID)
        assert "some/clause" not in one.existing(BUCKET).suspected(OBJECT, id_of(4))


def test_in_a_directory_bucket_what_is_completed_is_there() -> None:
    world, done = begun(put(body=BETWEEN))
    bucket = replace(world.existing(BUCKET), kind=BucketKind.DIRECTORY)
    outcomes = predict(world.with_bucket(BUCKET, bucket), done).outcomes
    assert len([one for one in outcomes if isinstance(one, SuccessOutcome)]) == 1
