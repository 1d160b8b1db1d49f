"""Whatever is asked of versions in whatever world, the model does not contradict itself."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.clauses.tests.notation import (
    BUCKET,
    EMPTY,
    UNKNOWN,
    answer_to,
    copy,
    create,
    customer,
    delete,
    disable,
    get,
    head,
    put,
)
from model.clauses.tests.words_versioning import (
    attributes,
    delete_several,
    delete_version,
    enable,
    get_versioning,
    id_of,
    list_objects,
    list_v2,
    list_versions,
    suspend,
)
from model.delete_document import Named
from model.judge import follow
from model.predict import SuccessOutcome, predict
from model.stored import ObjectVersion, Presence
from model.tests.properties import REPEATABLE
from model.world import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.matchers import Matcher
    from model.operation import Operation
    from model.world import World

OBJECTS = st.sampled_from(["object", "copy"])
IDS = st.sampled_from([None, None, "null", "no id!", *(id_of(step) for step in range(2, 8))])
ETAGS = st.sampled_from([None, None, None, '"x"', "*", '"f13fbd6d58ab7c5a2ccd8bf6a4b5d3a3"'])
NO_KEY = customer(customer_algorithm=None, customer_key=None, customer_key_md5=None)
KEYS = st.sampled_from([NO_KEY, NO_KEY, customer()])
ALGORITHMS = st.sampled_from([None, None, None, "aws:kms"])


@st.composite
def _puts(draw: st.DrawFn) -> Operation:
    return put(draw(OBJECTS), sse=draw(ALGORITHMS), if_match=draw(ETAGS), **draw(KEYS))


@st.composite
def _copies(draw: st.DrawFn) -> Operation:
    version_id = draw(IDS)
    named = "" if version_id is None else f"?versionId={version_id}"
    directive = draw(st.sampled_from([None, "REPLACE", "COPY"]))
    return copy(
        f"{BUCKET}/{draw(OBJECTS)}{named}",
        draw(OBJECTS),
        metadata_directive=directive,
        sse=draw(ALGORITHMS),
        source_if_match=draw(ETAGS),
        source_if_none_match=draw(ETAGS),
        **draw(KEYS),
    )


@st.composite
def _reads(draw: st.DrawFn) -> Operation:
    read: Callable[..., Operation] = draw(st.sampled_from([get, head]))
    headers = draw(KEYS)
    conditions = {"if_match": draw(ETAGS), "if_none_match": draw(ETAGS)}
    return read(draw(OBJECTS), version_id=draw(IDS), **headers, **conditions)


@st.composite
def _attributes(draw: st.DrawFn) -> Operation:
    asked = draw(st.sampled_from(["ETag", "ObjectSize,ETag", "Color"]))
    return attributes(asked, draw(OBJECTS), version_id=draw(IDS), **draw(KEYS))


@st.composite
def _deletions(draw: st.DrawFn) -> Operation:
    object_key, version_id = draw(OBJECTS), draw(IDS)
    if draw(st.booleans()):
        return delete_several(Named(object_key, version_id), quiet=draw(st.booleans()))
    return delete(object_key) if version_id is None else delete_version(version_id, object_key)


REQUESTS: st.SearchStrategy[Operation] = st.one_of(
    _puts(),
    _puts(),
    _copies(),
    _reads(),
    _attributes(),
    _deletions(),
    st.sampled_from([enable(), enable(), suspend(), get_versioning(), disable()]),
    st.sampled_from([list_objects(), list_v2(), list_versions(), list_versions(prefix="o")]),
)


@st.composite
def _worlds(draw: st.DrawFn) -> World:
    """Return a world that requests lead to, each followed into one of its outcomes."""
    world = draw(st.sampled_from([EMPTY, EMPTY, EMPTY, UNKNOWN]))
    for number, request in enumerate([create(), *draw(st.lists(REQUESTS, max_size=9))]):
        outcome = draw(st.sampled_from(predict(world, request).outcomes))
        if isinstance(outcome, SuccessOutcome):
            world = follow(outcome, world, request, answer_to(outcome, f"answer {number}"))
        elif draw(st.integers(0, 9)) == 0:
            world = request.obscured(world)
    return world


@pytest.mark.property
@REPEATABLE
@given(_worlds(), REQUESTS)
def test_every_request_has_outcomes_that_can_be_shown(world: World, request: Operation) -> None:
    outcomes = predict(world, request).outcomes
    assert outcomes
    for outcome in outcomes:
        asked: dict[str, list[Matcher]] = {}
        for requirement in outcome.requirements:
            asked.setdefault(requirement.field, []).append(requirement.matcher)
        for field, matchers in asked.items():
            value = matchers[0].answer("seed")
            assert all(m.accepts(value) for m in matchers), field


@pytest.mark.property
@REPEATABLE
@given(_worlds())
def test_the_newest_version_is_the_current_one(world: World) -> None:
    bucket = world.bucket(BUCKET)
    if not isinstance(bucket, Bucket):
        return
    for object_key in {*bucket.objects, *bucket.versions}:
        row, current = bucket.row(object_key), bucket.object(object_key)
        if isinstance(current, ObjectVersion):
            assert row[0] == current
        elif current is Presence.ABSENT:
            assert not row or not isinstance(row[0], ObjectVersion)
        else:
            assert row[0] is Presence.UNKNOWN
        assert not any(a is b is Presence.UNKNOWN for a, b in pairwise(row))


@pytest.mark.property
@REPEATABLE
@given(_worlds())
def test_no_two_versions_of_an_object_have_one_id(world: World) -> None:
    bucket = world.bucket(BUCKET)
    if not isinstance(bucket, Bucket):
        return
    for object_key in bucket.objects:
        row = bucket.row(object_key)
        ids = [v.version_id for v in row if not isinstance(v, Presence) and v.version_id]
        assert len(set(ids)) == len(ids)
