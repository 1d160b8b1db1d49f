"""The phase ``histories``."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise, product
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session, probed_setting
from conformance.histories.changes import every_change
from conformance.histories.looks import every_look
from conformance.histories.plan import LENGTH, LOOKS, histories
from conformance.histories.uploads import every_look_at_parts, every_upload
from conformance.phases.histories import plan_histories
from conformance.ranking.mutants import Trigger, mutant_of
from conformance.tests.phase_playing import Played, play_phase, without_capabilities
from model.answer import ETAG
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.delete_object import DeleteObject
from model.operations.object_read import ConditionalRead
from model.operations.put_object import PutObject
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.phase import Setting, Stage
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


@pytest.fixture(scope="module")
def setting() -> Setting:
    return probed_setting(open_session(requests=1000))


def _uploads(setting: Setting) -> Iterator[Stage]:
    return (one for one in plan_histories(setting) if one.name == "one upload behind another")


@pytest.fixture(scope="module")
def uploads() -> Played:
    return play_phase(_uploads, requests=3000)


@pytest.mark.parametrize("secure", [True, False])
def test_a_right_server_is_not_blamed(secure: bool) -> None:
    played = play_phase(plan_histories, requests=2500, secure=secure)
    assert played.findings == []
    assert [type(r) for one in played.sequences for r in one].count(DeleteObject) > 40


def test_a_right_server_is_not_blamed_for_its_uploads(uploads: Played) -> None:
    assert uploads.findings == []
    assert all(p.done == p.planned and p.planned for p in uploads.reached.values())


def test_parts_are_left_out_and_asked_for_of_older_versions(uploads: Played) -> None:
    sent = [request for one in uploads.sequences for request in one]
    listed = Counter(
        tuple(part.number for part in one.parts or ())
        for one in sent
        if isinstance(one, CompleteMultipartUpload)
    )
    assert listed.keys() == {(1,), (2,), (1, 2)}
    assert min(listed.values()) > 10
    asked = Counter(
        (one.part_number, one.version_id is not None)
        for one in sent
        if isinstance(one, ConditionalRead) and one.part_number
    )
    assert len(asked) == 6
    assert min(asked.values()) > 10


def test_uploads_follow_each_other_in_all_pairs(setting: Setting) -> None:
    changes, looks = every_upload(setting), every_look_at_parts(setting)
    planned = list(histories(changes, looks, row=2))
    topics = {one.topic for one in changes}
    pairs = {
        (one.change.topic, other.change.topic)
        for turns in planned
        for one, other in pairwise(turns)
    }
    assert pairs == set(product(topics, repeat=2))
    assert len(planned) < len(topics) ** 2 / 2
    names = {turn.change.name for turns in planned for turn in turns}
    assert names == {one.name for one in changes}
    assert not every_upload(without_capabilities(setting, "multipart"))
    lacking = without_capabilities(setting, "copy", "versioning", "sse-c")
    few = {one.name for one in (*every_upload(lacking), *every_look_at_parts(lacking))}
    assert {"two parts plain", "part 2", "delete"} <= few
    assert not any(word in name for name in few for word in ("copied", "copy", "older", "C1"))


@pytest.mark.parametrize(
    ("operation", "circumstance", "way", "what"),
    [
        ("HeadObject", "a part is asked for", "unread", "part_number"),
        ("GetObject", "object in parts", "stale", "body"),
        ("HeadObject", "older version is named", "stale", "content-length"),
        ("CompleteMultipartUpload", "not all parts are listed", "kept", "nothing"),
        ("CopyObject", "source in parts", "kept", "etag of its source"),
    ],
)
def test_what_an_upload_was_is_found_in_the_next(
    operation: str, circumstance: str, way: str, what: str
) -> None:
    mutant = mutant_of(Trigger(operation, circumstance, way, what))
    assert play_phase(_uploads, requests=600, fault=mutant, stop=True).findings


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
