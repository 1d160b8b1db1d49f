"""Whatever is asked in whatever world, the model has an answer and does not contradict itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.clauses.tests.notation import (
    ALIAS,
    BLOCKING,
    EMPTY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OTHER_KEY_ID,
    SIGNING_KEY_ID,
    UNDECIDED,
    UNKNOWN,
    answer_to,
    base64_of,
    copy,
    create,
    customer,
    delete,
    delete_default,
    disable,
    get,
    get_default,
    head,
    put,
    put_rules,
    schedule_deletion,
    source_customer,
)
from model.encryption_document import RuleText
from model.judge import follow
from model.operations.kms import EnableKey
from model.predict import SuccessOutcome, predict
from model.tests.properties import REPEATABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.matchers import Matcher
    from model.operation import Operation
    from model.world import World

KEYS = st.sampled_from([None, KEY_ID, KEY_ARN, ALIAS, OTHER_KEY_ID, SIGNING_KEY_ID, "", "fake"])
ALGORITHMS = st.sampled_from([None, None, "AES256", "aws:kms", "aws:kms:dsse", "aws:fsx", "x"])
FLAGS = st.sampled_from([None, None, "true", "false", "True"])
CONTEXTS = st.sampled_from([None, None, None, base64_of(b'{"a": "b"}'), base64_of(b"{}"), "x"])
BUCKETS = st.sampled_from(["bucket", "target"])
OBJECTS = st.sampled_from(["object", "copy"])
CUSTOMER_KEYS = st.sampled_from(
    [
        customer(),
        customer(b"another key of 32 bytes, not it."),
        customer(b"short"),
        customer(customer_key_md5=None),
        customer(customer_key_md5="x"),
        customer(customer_algorithm="x"),
    ]
)
NO_CUSTOMER_KEY = customer(customer_algorithm=None, customer_key=None, customer_key_md5=None)
HEADERS = st.one_of(st.just(NO_CUSTOMER_KEY), st.just(NO_CUSTOMER_KEY), CUSTOMER_KEYS)
RULES = st.builds(
    RuleText,
    st.sampled_from(["AES256", "aws:kms", "aws:kms:dsse", "x"]),
    KEYS,
    FLAGS,
    st.sampled_from([None, None, ("SSE-C",), ("NONE",)]),
    st.sampled_from([True, True, False]),
)


@st.composite
def _puts(draw: st.DrawFn) -> Operation:
    return put(
        draw(OBJECTS),
        bucket=draw(BUCKETS),
        body=draw(st.sampled_from([b"", b"some data"])),
        secure=draw(st.sampled_from([True, True, False])),
        sse=draw(ALGORITHMS),
        kms_key_id=draw(KEYS),
        bucket_key_enabled=draw(FLAGS),
        encryption_context=draw(CONTEXTS),
        storage_class=draw(st.sampled_from([None, None, "GLACIER", "GOLD"])),
        if_none_match=draw(st.sampled_from([None, None, "*"])),
        **draw(HEADERS),
    )


@st.composite
def _copies(draw: st.DrawFn) -> Operation:
    source = draw(CUSTOMER_KEYS) if draw(st.booleans()) else NO_CUSTOMER_KEY
    return copy(
        f"{draw(BUCKETS)}/{draw(OBJECTS)}",
        draw(OBJECTS),
        bucket=draw(BUCKETS),
        sse=draw(ALGORITHMS),
        kms_key_id=draw(KEYS),
        bucket_key_enabled=draw(FLAGS),
        encryption_context=draw(CONTEXTS),
        metadata_directive=draw(st.sampled_from([None, "COPY", "REPLACE"])),
        tagging_directive=draw(st.sampled_from([None, None, "REPLACE"])),
        **draw(HEADERS),
        **source_customer(**source),
    )


@st.composite
def _reads(draw: st.DrawFn) -> Operation:
    read: Callable[..., Operation] = get if draw(st.booleans()) else head
    return read(
        draw(OBJECTS),
        bucket=draw(BUCKETS),
        secure=draw(st.sampled_from([True, True, False])),
        sse=draw(st.sampled_from([None, None, "AES256"])),
        bucket_key_enabled=draw(FLAGS),
        **draw(HEADERS),
    )


@st.composite
def _ranges(draw: st.DrawFn) -> Operation:
    wanted = draw(st.sampled_from(["bytes=0-3", "bytes=-1", "bytes=99-", "x"]))
    return get(draw(OBJECTS), bucket=draw(BUCKETS), range=wanted, **draw(HEADERS))


REQUESTS: st.SearchStrategy[Operation] = st.one_of(
    _puts(),
    _puts(),
    _copies(),
    _reads(),
    _ranges(),
    st.builds(delete, OBJECTS, bucket=BUCKETS),
    st.builds(create, BUCKETS),
    st.builds(put_rules, RULES, bucket=BUCKETS),
    st.builds(get_default, BUCKETS),
    st.builds(delete_default, BUCKETS),
    st.builds(disable, st.sampled_from([KEY_ID, NO_KEY_ID])),
    st.builds(schedule_deletion, st.sampled_from([OTHER_KEY_ID])),
    st.builds(EnableKey, key_id=st.just(KEY_ID)),
)


@st.composite
def _worlds(draw: st.DrawFn) -> World:
    """Return a world that requests lead to, each followed into one of its outcomes."""
    world = draw(st.sampled_from([EMPTY, EMPTY, BLOCKING, UNDECIDED, UNKNOWN]))
    steps = [create(), create("target"), *draw(st.lists(REQUESTS, max_size=6))]
    for number, request in enumerate(steps):
        outcome = draw(st.sampled_from(predict(world, request).outcomes))
        if isinstance(outcome, SuccessOutcome):
            world = follow(outcome, world, request, answer_to(outcome, f"answer {number}"))
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


@pytest.mark.property
@REPEATABLE
@given(_worlds(), REQUESTS)
def test_every_refusal_has_an_error_and_changes_no_fact(world: World, request: Operation) -> None:
    for outcome in predict(world, request).outcomes:
        if not isinstance(outcome, SuccessOutcome):
            assert outcome.errors
            assert outcome.world == world
