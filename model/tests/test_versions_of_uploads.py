"""Versions that uploads make: with the versioning of when they end, or of when they began."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model.answer import VERSION_ID
from model.clauses.tests.notation import BUCKET, OBJECT, after, create, get, put
from model.clauses.tests.words_multipart import begin, complete, part, upload_of
from model.clauses.tests.words_versioning import enable, id_of, list_versions, suspend
from model.judge import Belief, Judgement, judge
from model.listing import NAMES
from model.stored import NULL_VERSION, MultipartUpload, ObjectVersion
from model.tests.test_judge import honest
from model.world import Versioning

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import World

pytestmark = pytest.mark.example

NEW_ID = "0" * 32
PART = part(upload=upload_of(3))
DONE = complete(upload=upload_of(3))
EITHER: set[str | None] = {NEW_ID, NULL_VERSION, None}


def ended(world: World, shown: str | None, request: Operation = DONE) -> Judgement:
    """Return what a completion comes to that shows this version id."""
    return judge(Belief((world,)), request, honest(world, request, **{VERSION_ID: shown}))


def allowed(world: World, request: Operation = DONE) -> set[str | None]:
    """Return which of three version ids the completion may show."""
    return {shown for shown in EITHER if not ended(world, shown, request).findings}


@pytest.mark.parametrize(
    ("first", "later", "shown"),
    [
        ((enable(),), (), {NEW_ID}),
        ((enable(),), (suspend(),), EITHER),
        ((suspend(),), (), {NULL_VERSION, None}),
        ((suspend(),), (enable(),), EITHER),
        ((), (enable(),), EITHER),
        ((), (suspend(),), {NULL_VERSION, None}),
        ((), (), EITHER),
    ],
)
def test_a_completion_shows_the_version_of_its_time_or_of_its_uploads(
    first: tuple[Operation, ...], later: tuple[Operation, ...], shown: set[str | None]
) -> None:
    steps: tuple[Operation, ...] = (create(), put(), *first, begin())
    upload_id = upload_of(len(steps) - 1)
    world = after(*steps, part(upload=upload_id), *later)
    assert allowed(world, complete(upload=upload_id)) == shown


def test_an_upload_that_began_nobody_knows_when_may_end_either_way() -> None:
    world = after(create(), enable(), put(), begin(), PART)
    bucket = world.existing(BUCKET)
    upload = bucket.upload(upload_of(3))
    assert isinstance(upload, MultipartUpload)
    unsure = bucket.with_upload(upload_of(3), replace(upload, versioning=None))
    assert allowed(world.with_bucket(BUCKET, unsure)) == EITHER


def test_the_version_is_known_by_its_id() -> None:
    world = after(create(), enable(), put(), begin(), PART)
    (made,) = ended(world, NEW_ID).belief.worlds
    version = made.version(BUCKET, OBJECT, NEW_ID)
    assert isinstance(version, ObjectVersion)
    assert version.part_sizes == {1: 9}
    older = made.version(BUCKET, OBJECT, id_of(2))
    assert isinstance(older, ObjectVersion)
    assert not judge(Belief((made,)), get(version_id=NEW_ID), honest(made, get())).findings


def test_an_id_that_another_version_has_is_not_new() -> None:
    world = after(create(), enable(), put(), begin(), PART)
    (finding,) = ended(world, id_of(2)).findings
    assert finding.clause == "version-ids/completion-shows-a-new-one"


def test_a_null_version_is_replaced_by_one_that_is_null_again() -> None:
    world = after(create(), put(), begin(), part(upload=upload_of(2)), enable(), put())
    done = complete(upload=upload_of(2))
    made, *_ = ended(world, NULL_VERSION, done).belief.worlds
    row = made.existing(BUCKET).row(OBJECT)
    assert [getattr(v, "version_id", v) for v in row] == [NULL_VERSION, id_of(5)]
    assert made.existing(BUCKET).versioning is Versioning.ENABLED


def test_a_completion_that_is_repeated_makes_no_second_version() -> None:
    world = after(create(), enable(), put(), begin(), PART, DONE)
    again = ended(world, NEW_ID)
    assert not again.findings
    request = list_versions()
    (listed,) = again.belief.worlds
    right = honest(listed, request)
    assert not judge(again.belief, request, right).findings
    names = str(right.fields[NAMES])
    longer = names.replace("[", f'["version {NEW_ID} of {OBJECT}", ')
    wrong = honest(listed, request, **{NAMES: longer})
    assert judge(again.belief, request, wrong).findings
