"""Whatever is asked of directory buckets and access points, the model has an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.clauses.tests.notation import (
    ALIAS,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    OTHER_KEY_ID,
    UNKNOWN,
    answer_to,
    base64_of,
    create,
    customer,
    delete,
    delete_default,
    disable,
    get_default,
    head,
    put,
    put_rules,
)
from model.clauses.tests.words_directory import (
    DEFAULT_CONTEXT,
    DIRECTORY,
    OTHER_DIRECTORY,
    create_directory,
    session,
)
from model.encryption_document import RuleText
from model.judge import follow
from model.operations.copy_object import CopyObject
from model.operations.rename_object import RenameObject
from model.predict import SuccessOutcome, predict
from model.tests.properties import REPEATABLE
from model.world import unknown_bucket

if TYPE_CHECKING:
    from model.matchers import Matcher
    from model.operation import Operation
    from model.world import World

FILES = "files-ext-s3alias"
KEYS = st.sampled_from([None, None, KEY_ID, KEY_ARN, ALIAS, OTHER_KEY_ID, ""])
ALGORITHMS = st.sampled_from([None, None, "AES256", "aws:kms", "aws:kms", "aws:fsx", "x"])
FLAGS = st.sampled_from([None, None, None, "true", "false"])
CONTEXTS = st.sampled_from([None, None, None, DEFAULT_CONTEXT, base64_of(b'{"a": "b"}')])
DIRECTORIES = st.sampled_from([DIRECTORY, DIRECTORY, OTHER_DIRECTORY])
BUCKETS = st.sampled_from([DIRECTORY, DIRECTORY, OTHER_DIRECTORY, FILES, "bucket"])
OBJECTS = st.sampled_from(["object", "copy"])
TOKENS = st.sampled_from([None, *(f"token {n}" for n in range(8))])


@st.composite
def _sessions(draw: st.DrawFn) -> Operation:
    return session(
        draw(DIRECTORIES),
        session_mode=draw(st.sampled_from([None, None, "ReadOnly", "x"])),
        sse=draw(ALGORITHMS),
        kms_key_id=draw(KEYS),
        bucket_key_enabled=draw(FLAGS),
        encryption_context=draw(CONTEXTS),
    )


@st.composite
def _puts(draw: st.DrawFn) -> Operation:
    return put(
        draw(OBJECTS),
        bucket=draw(BUCKETS),
        session_token=draw(TOKENS),
        sse=draw(ALGORITHMS),
        kms_key_id=draw(KEYS),
        bucket_key_enabled=draw(FLAGS),
        encryption_context=draw(CONTEXTS),
        write_offset=draw(st.sampled_from([None, None, "9", "0"])),
    )


@st.composite
def _copies(draw: st.DrawFn) -> Operation:
    return CopyObject(
        bucket=draw(BUCKETS),
        object_key=draw(OBJECTS),
        copy_source=f"{draw(BUCKETS)}/{draw(OBJECTS)}",
        session_token=draw(st.sampled_from([None, None, None, "token 1"])),
        sse=draw(ALGORITHMS),
        kms_key_id=draw(KEYS),
        bucket_key_enabled=draw(FLAGS),
        encryption_context=draw(CONTEXTS),
    )


@st.composite
def _others(draw: st.DrawFn) -> Operation:
    bucket, object_key, token = draw(BUCKETS), draw(OBJECTS), draw(TOKENS)
    requests: list[Operation] = [
        head(object_key, bucket=bucket, session_token=token, sse=draw(ALGORITHMS)),
        replace(delete(object_key, bucket=bucket), session_token=token),
        RenameObject(
            bucket=bucket, object_key=object_key, rename_source="object", session_token=token
        ),
        put("object", bucket="bucket", **customer()),
        get_default(bucket),
        delete_default(bucket),
        disable(KEY_ID),
    ]
    return draw(st.sampled_from(requests))


RULES = st.builds(RuleText, ALGORITHMS, KEYS, FLAGS, st.sampled_from([None, None, ("NONE",)]))
REQUESTS: st.SearchStrategy[Operation] = st.one_of(
    _sessions(), _puts(), _puts(), _copies(), _others(), st.builds(put_rules, RULES, bucket=BUCKETS)
)


@st.composite
def _worlds(draw: st.DrawFn) -> World:
    """Return a world that requests lead to, each followed into one of its outcomes."""
    world = draw(st.sampled_from([EMPTY, EMPTY, UNKNOWN]))
    world = world.with_bucket(FILES, unknown_bucket(world, FILES))
    made: list[Operation] = [
        create_directory(),
        create_directory(OTHER_DIRECTORY),
        create(),
        session(),
    ]
    for number, request in enumerate([*made, *draw(st.lists(REQUESTS, max_size=7))]):
        outcome = draw(st.sampled_from(predict(world, request).outcomes))
        if isinstance(outcome, SuccessOutcome):
            answer = answer_to(outcome, f"answer {number}")
            named = {**answer.fields, "SessionToken": f"token {len(world.sessions)}"}
            world = follow(outcome, world, request, replace(answer, fields=named))
    return world


@pytest.mark.property
@REPEATABLE
@given(_worlds(), REQUESTS)
def test_every_request_has_an_outcome_in_every_world(world: World, request: Operation) -> None:
    assert predict(world, request).outcomes


@pytest.mark.property
@REPEATABLE
@given(_worlds(), REQUESTS)
def test_what_one_success_must_show_can_be_shown(world: World, request: Operation) -> None:
    for outcome in predict(world, request).outcomes:
        asked: dict[str, list[Matcher]] = {}
        for requirement in outcome.requirements:
            asked.setdefault(requirement.field, []).append(requirement.matcher)
        for field, matchers in asked.items():
            value = matchers[0].answer("seed")
            assert all(m.accepts(value) for m in matchers), field
