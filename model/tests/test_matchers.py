"""Every matcher accepts its own answer and not its contrary."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.clauses.tests.notation import ACCOUNT, KEY_ARN, KEY_ID, REGION, base64_of
from model.matchers import (
    Absent,
    AbsentOr,
    AlsoAccepts,
    BodyIs,
    ContextEcho,
    Equals,
    EtagOfParts,
    Matcher,
    Md5Of,
    Md5Shape,
    NewId,
    NewKeyArn,
    NewVersionId,
    NoneBut,
    NotMd5Of,
    OnlyNames,
    is_perhaps_a_context,
    read_context,
)
from model.sse import md5_hex
from model.tests.properties import REPEATABLE
from model.world import MANAGED_KEY

TEXTS = st.text(max_size=8)
BODIES = st.binary(max_size=32)
IDS = st.text(st.characters(exclude_characters=","), min_size=1, max_size=8)


def _names_nothing_of_its_contrary(matcher: ContextEcho) -> bool:
    return "other" not in (read_context(matcher.sent or "") or {})


@st.composite
def _contexts(draw: st.DrawFn) -> ContextEcho:
    pairs = draw(st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3))
    return ContextEcho(base64.b64encode(json.dumps(pairs).encode()).decode())


@st.composite
def _new_arns(draw: st.DrawFn) -> NewKeyArn:
    managed = draw(st.booleans())
    return NewKeyArn(
        key_id=MANAGED_KEY if managed else KEY_ID,
        region=draw(st.sampled_from(["", REGION, "eu-west-1"])),
        account=draw(st.sampled_from([None, ACCOUNT, "123456789012"])),
        known=frozenset({KEY_ARN}) if managed else frozenset(),
        managed=managed,
    )


MATCHERS: st.SearchStrategy[Matcher] = st.one_of(
    st.builds(Equals, TEXTS),
    st.builds(Equals, TEXTS, TEXTS).filter(lambda m: m.value != m.wrong),
    st.builds(Absent, TEXTS),
    st.builds(AbsentOr, TEXTS, TEXTS).filter(lambda m: m.value != m.wrong),
    st.builds(Md5Of, BODIES),
    st.builds(NotMd5Of, BODIES),
    st.builds(Md5Shape),
    st.builds(NewVersionId, st.frozensets(TEXTS)),
    st.builds(OnlyNames, st.frozensets(TEXTS), st.just(()), st.just("a name of its own")),
    st.builds(BodyIs, BODIES),
    st.builds(EtagOfParts, st.integers(1, 10_000)),
    st.builds(NewId, st.frozensets(TEXTS, max_size=2)),
    st.builds(NoneBut, st.lists(IDS, max_size=2).map(tuple)),
    _new_arns(),
    _contexts().filter(_names_nothing_of_its_contrary),
)


@pytest.mark.property
@REPEATABLE
@given(MATCHERS, st.text(min_size=1, max_size=8))
def test_a_matcher_accepts_its_answer_and_not_its_contrary(matcher: Matcher, seed: str) -> None:
    assert matcher.accepts(matcher.answer(seed)) is True
    assert matcher.accepts(matcher.contrary(seed)) is False
    assert matcher.text == str(matcher.text)


@pytest.mark.property
@REPEATABLE
@given(MATCHERS, TEXTS, st.text(min_size=1, max_size=8))
def test_what_was_reported_once_is_accepted_beside_the_answer(
    matcher: Matcher, reported: str, seed: str
) -> None:
    also = AlsoAccepts(matcher, reported)
    assert also.accepts(reported)
    assert also.accepts(also.answer(seed))
    assert also.accepts(also.contrary(seed)) is (also.contrary(seed) == reported)
    assert also.text == matcher.text


pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.example
@pytest.mark.parametrize(
    ("matcher", "value"),
    [
        (NewKeyArn(KEY_ID, REGION, ACCOUNT, frozenset(), managed=False), None),
        (NewKeyArn(KEY_ID, REGION, ACCOUNT, frozenset(), managed=False), KEY_ID),
        (NewKeyArn(KEY_ID, "eu-west-1", ACCOUNT, frozenset(), managed=False), KEY_ARN),
        (NewKeyArn(KEY_ID, REGION, "1" * 12, frozenset(), managed=False), KEY_ARN),
        (NewKeyArn("another", REGION, ACCOUNT, frozenset(), managed=False), KEY_ARN),
        (NewKeyArn(MANAGED_KEY, REGION, ACCOUNT, frozenset({KEY_ARN}), managed=True), KEY_ARN),
        (NewVersionId(frozenset({"v1"})), "v1"),
        (NewVersionId(frozenset()), "null"),
        (NewVersionId(frozenset()), ""),
        (OnlyNames(frozenset({"a"}), (" of b",), "x"), '["a", "b"]'),
        (OnlyNames(frozenset(), (), "x"), None),
        (NotMd5Of(b"data"), None),
        (NotMd5Of(b"data"), "no digest"),
        (NotMd5Of(b"data"), md5_hex(b"data").upper()),
        (Md5Shape(), None),
        (Md5Shape(), md5_hex(b"data") + "-1"),
        (EtagOfParts(2), None),
        (EtagOfParts(2), md5_hex(b"data") + "-1"),
        (EtagOfParts(2), md5_hex(b"data") + "-02"),
        (EtagOfParts(2), "data-2"),
        (NewId(frozenset({"a"})), "a"),
        (NewId(frozenset()), ""),
        (NoneBut(("a", "b")), "a,c"),
        (NoneBut(("a", "b")), b"a"),
        (Equals("true"), None),
        (BodyIs(b"data"), "data"),
        (ContextEcho(base64_of(b'{"a": "b"}')), b"bytes"),
        (ContextEcho(base64_of(b'{"a": "b"}')), base64_of(b'{"a": "c"}')),
        (ContextEcho("no context"), base64_of(b'{"a": "b"}')),
        (ContextEcho(None), base64_of(b'{"a": "b"}')),
        (ContextEcho(base64_of(b'{"a": "b"}')), base64_of(b'{"a": "b", "c": "d"}')),
    ],
)
def test_what_a_matcher_does_not_accept(matcher: Matcher, value: str | bytes | None) -> None:
    assert not matcher.accepts(value)


@pytest.mark.example
def test_what_else_a_matcher_accepts() -> None:
    arn = NewKeyArn(MANAGED_KEY, REGION, ACCOUNT, frozenset(), managed=True)
    assert arn.accepts(KEY_ARN)
    assert AbsentOr("NONE", wrong="SSE-C").accepts("NONE")
    assert AbsentOr("NONE", wrong="SSE-C", told=True).answer("") == "NONE"
    assert NotMd5Of(None).accepts(md5_hex(b""))
    assert NoneBut(("a", "b")).accepts("b")
    assert NoneBut(("a", "b")).accepts(None)
    sent = base64_of(b'{"a": "b"}')
    more = base64_of(b'{"a": "b", "aws:s3:arn": "arn"}')
    assert ContextEcho(sent).accepts(sent)
    assert ContextEcho(sent).accepts(more)
    assert ContextEcho(None).accepts(base64_of(b'{"aws:s3:arn": "arn"}'))


@pytest.mark.example
@pytest.mark.parametrize("text", ["{", "é", base64_of(b"{"), base64_of(b"[]"), base64_of(b"\xff")])
def test_what_is_no_map_of_strings_is_no_context(text: str) -> None:
    assert read_context(text) is None


@pytest.mark.example
def test_an_empty_map_is_a_context() -> None:
    assert read_context(base64_of(b"{}")) == {}


@pytest.mark.example
@pytest.mark.parametrize(
    ("text", "perhaps"),
    [
        ("eyJhIjoiYiJ9", True),
        ("eyJhIjoiMSIsImIiOiIyIn0=", True),
        ("eyJhIjoiMSIsImIiOiIyIn0", True),
        ("eyJh IjoiYiJ9", True),
        ("eyJhIjoiP_8ifQ", False),
        ("eyJhIjoxfQ==", False),
        ("", False),
        ("%%%", False),
    ],
)
def test_a_lenient_reader_finds_more_contexts_than_a_strict_one(text: str, perhaps: bool) -> None:
    assert is_perhaps_a_context(text) is perhaps
    assert perhaps or read_context(text) is None
