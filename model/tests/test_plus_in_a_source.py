"""A bare plus in the name of a source: whether it is one, or a space, AWS does not say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model.answer import BODY, Answer
from model.clauses.tests.notation import EMPTY, after, copy, create, get, put
from model.clauses.tests.words_directory import create_directory, rename, session, write
from model.clauses.tests.words_multipart import begin, part_copy
from model.judge import Belief, judge
from model.predict import predict
from model.s3_errors import NO_SUCH_BUCKET, NO_SUCH_KEY
from model.tests.test_judge import honest, refusal

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import World

pytestmark = pytest.mark.example

BARE = copy("bucket/a+b")
PLUS = put("a+b", body=b"a plus")
SPACE = put("a b", body=b"a space")
BOTH = after(create(), PLUS, SPACE)


def is_accepted(world: World, request: Operation, code: str) -> bool:
    return not judge(Belief((world,)), request, refusal(404, code)).findings


@pytest.mark.parametrize("held", [PLUS, SPACE])
def test_a_copy_succeeds_or_finds_no_source_where_one_of_the_two_is_there(held: Operation) -> None:
    world = after(create(), held)
    assert is_accepted(world, BARE, NO_SUCH_KEY.code)
    assert not is_accepted(world, BARE, NO_SUCH_BUCKET.code)
    encoded = "bucket/a%2Bb" if held is PLUS else "bucket/a%20b"
    done = honest(world, copy(encoded))
    assert not judge(Belief((world,)), BARE, done).findings


def test_a_copy_may_not_fail_where_both_are_there() -> None:
    assert not is_accepted(BOTH, BARE, NO_SUCH_KEY.code)


def test_a_copy_must_fail_where_neither_is_there() -> None:
    world = after(create(), put("b"))
    assert judge(Belief((world,)), BARE, honest(BOTH, BARE)).findings


@pytest.mark.parametrize("name", ["a%2Bb", "a%20b", "a b"])
def test_an_encoded_name_is_read_in_one_way(name: str) -> None:
    request = copy(f"bucket/{name}")
    assert request.readings() == (request,)
    held = PLUS if "%2B" in name else SPACE
    assert not is_accepted(after(create(), held), request, NO_SUCH_KEY.code)


@pytest.mark.parametrize("body", [b"a plus", b"a space"])
def test_a_read_shows_what_was_copied(body: bytes) -> None:
    copied = judge(Belief((BOTH,)), BARE, replace(honest(BOTH, BARE), fields={})).belief
    assert len(copied.worlds) == 2
    shown = Answer(status=200, succeeded=True, error_code=None, fields={BODY: body})
    read = judge(copied, get("copy"), shown)
    assert BODY not in {f.field for f in read.findings}
    other = replace(shown, fields={BODY: b"neither"})
    assert BODY in {f.field for f in judge(copied, get("copy"), other).findings}


@pytest.mark.parametrize("held", [PLUS, SPACE])
def test_a_copied_part_is_read_both_ways(held: Operation) -> None:
    world = after(create(), begin(), held)
    assert is_accepted(world, part_copy("bucket/a+b"), NO_SUCH_KEY.code)
    done = honest(world, part_copy("bucket/a%2Bb" if held is PLUS else "bucket/a%20b"))
    assert not judge(Belief((world,)), part_copy("bucket/a+b"), done).findings


def test_a_renamed_object_is_read_both_ways() -> None:
    world = after(create_directory(), session(), write(1))
    assert len(rename(1, source="a+b").readings()) == 2
    assert predict(world, rename(1, source="a+b")).unknown


def test_other_requests_are_read_in_one_way() -> None:
    assert PLUS.readings() == (PLUS,)
    assert predict(EMPTY, PLUS).outcomes
