"""The phase ``histories``."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session
from conformance.histories.changes import every_change
from conformance.histories.looks import every_look
from conformance.histories.plan import LENGTH, LOOKS, histories
from conformance.phases.histories import plan_histories
from conformance.tests.phase_playing import make_setting, play_phase, without_capabilities
from model.answer import ETAG
from model.operations.delete_object import DeleteObject
from model.operations.object_read import ConditionalRead
from model.operations.put_object import PutObject
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from conformance.phase import Setting
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


@pytest.fixture(scope="module")
def setting() -> Setting:
    return make_setting(open_session(requests=1000))


@pytest.mark.parametrize("secure", [True, False])
def test_a_right_server_is_not_blamed(secure: bool) -> None:
    played = play_phase(plan_histories, requests=2500, secure=secure)
    assert played.findings == []
    assert [type(r) for one in played.sequences for r in one].count(DeleteObject) > 40


def test_topics_follow_each_other_in_all_rows_of_three(setting: Setting) -> None:
    changes, looks = every_change(setting), every_look(setting)
    topics = {one.topic for one in changes}
    planned = list(histories(changes, looks))
    rows = {
        tuple(turn.change.topic for turn in turns[n : n + 3])
        for turns in planned
        for n in range(LENGTH - 2)
    }
    assert len(rows) == len(topics) ** 3
    assert {turn.change.name for turns in planned for turn in turns} == {c.name for c in changes}


def test_every_look_follows_every_topic_and_some_are_repeated(setting: Setting) -> None:
    changes, looks = every_change(setting), every_look(setting)
    planned = list(histories(changes, looks))
    turns = [turn for one in planned for turn in one]
    seen = {(turn.change.topic, look.name) for turn in turns for look in turn.looks}
    assert len(seen) == len({one.topic for one in changes}) * len(looks)
    assert all(len(turn.looks) == LOOKS for turn in turns)
    for one in planned:
        for before, after in pairwise(one):
            assert len({*before.looks} & {*after.looks}) >= LOOKS // 2


def test_the_plan_is_the_same_each_time(setting: Setting) -> None:
    def planned() -> list[list[str]]:
        found = histories(every_change(setting), every_look(setting))
        return [[turn.change.name for turn in turns] for turns in found]

    assert planned() == planned()


def test_a_target_that_can_do_little_is_asked_for_little(setting: Setting) -> None:
    lacking = without_capabilities(setting, "versioning", "sse-c", "multipart", "copy")
    names = {one.name for one in (*every_change(lacking), *every_look(lacking))}
    assert {"put plain", "put K1", "delete", "its data"} <= names
    assert not any("version" in one or "C1" in one or "upload" in one for one in names)
    assert not any("K1" in one.name for one in every_change(replace(setting, kms_keys=())))


class Remembers(Fault):
    """A condition is held against the first ETag that an object had."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def understand(self, world: World, request: Operation) -> Operation:
        """Let the first ETag stand for any."""
        first = self._first.get(getattr(request, "object_key", ""))
        if isinstance(request, ConditionalRead) and request.if_match and first:
            current = world.object(request.bucket, request.object_key)
            fits = request.if_match == f'"{first}"'
            return replace(request, if_match=f'"{getattr(current, ETAG, "")}"' if fits else '"-"')
        return request

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Note the first ETag."""
        del before, after
        if isinstance(request, PutObject) and answer.succeeded:
            self._first.setdefault(request.object_key, answer.text(ETAG) or "")
        return answer


def test_what_an_object_was_is_found_in_what_it_is() -> None:
    found = play_phase(plan_histories, requests=1500, fault=Remembers(), stop=True)
    assert any("condition" in one.clause for one in found.findings)


def test_the_key_of_another_day_is_tried() -> None:
    left_out = frozenset({"sse-c-object/read-needs-the-same-key"})
    found = play_phase(plan_histories, requests=1500, without=left_out, stop=True)
    assert {one.clause for one in found.findings} == left_out
