"""The phase ``directory-states``."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import open_session, probed_setting
from conformance.directory_states.moves import Aim, alphabet, every_move
from conformance.directory_states.words import Start, all_words, rows, starts
from conformance.phase import Depth
from conformance.phases.directory_states import directory_states
from conformance.tests.phase_playing import play_phase, without_capabilities
from model.operations.create_session import CreateSession
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from conformance.directory_states.words import Row
    from conformance.phase import Setting
    from model.operation import Operation
    from model.world import World

LONGEST_SEQUENCE = 50


@pytest.fixture(scope="module")
def setting() -> Setting:
    return probed_setting(open_session(requests=1000))


def test_right_servers_are_not_blamed_for_short_sequences() -> None:
    played = play_phase(directory_states, requests=2500)
    assert played.findings == []
    first = played.reached["one change under a KMS key"]
    assert first.done == first.planned
    longest = max(sum(not _is_removal(r) for r in one) for one in played.sequences)
    assert longest <= LONGEST_SEQUENCE


def _is_removal(request: Operation) -> bool:
    return isinstance(request, DeleteObject | DeleteBucket)


def test_nor_where_there_is_no_tls() -> None:
    assert play_phase(directory_states, requests=900, secure=False).findings == []


def test_each_single_change_is_played_within_the_first_600_requests() -> None:
    played = play_phase(directory_states, requests=600)
    first = played.reached["one change under a KMS key"]
    assert first.done == first.planned
    assert played.reached["two changes under a KMS key"].done


@pytest.mark.parametrize("start", Start)
def test_the_rows_hold_each_word_once(setting: Setting, start: Start) -> None:
    words = list(all_words(setting, start, 2))
    grouped = [word for row in rows(setting, words, start) for word in row.words]
    assert len(grouped) == len(words)
    assert set(grouped) == set(words)


def test_words_of_a_row_have_their_changes_of_the_bucket_in_common(setting: Setting) -> None:
    found = rows(setting, all_words(setting, Start.KMS_KEY, 2), Start.KMS_KEY)
    for row in found:
        assert len({tuple(m for m in word if m.aim is Aim.BUCKET) for word in row.words}) == 1
    assert any(len(row.words) > 3 for row in found)


def test_a_word_takes_only_objects_that_are_there(setting: Setting) -> None:
    words = {tuple(m.name for m in w) for w in all_words(setting, Start.NEW, 2)}
    assert ("rename", "rename back") in words
    assert ("made anew", "default K2") in words
    assert not words & {("delete", "append"), ("put", "rename back"), ("put", "complete")}


def test_a_target_without_directory_buckets_is_left_alone(setting: Setting) -> None:
    lacking = without_capabilities(setting, "directory-buckets")
    assert list(directory_states(lacking)) == []


def test_a_target_that_can_do_little_gets_a_small_alphabet(setting: Setting) -> None:
    lacking = without_capabilities(setting, "sse-kms", "multipart", "copy")
    names = {move.name for move in alphabet(lacking)}
    assert {"put", "append", "session", "made anew"} <= names
    assert not names & {"default K1", "session KMS", "copy", "upload"}
    assert len(names) < len(every_move())
    assert starts(lacking) == (Start.NEW,)


def test_the_plan_is_the_same_each_time(setting: Setting) -> None:
    def planned() -> tuple[Row, ...]:
        return rows(setting, all_words(setting, Start.NEW, 2), Start.NEW)

    assert planned() == planned()


def test_the_first_stages_of_a_night_are_those_of_every_run(setting: Setting) -> None:
    def first(depth: Depth) -> list[tuple[str, int | None]]:
        stages = islice(directory_states(replace(setting, depth=depth)), 4)
        return [(stage.name, stage.planned) for stage in stages]

    assert first(Depth.NIGHTLY) == first(Depth.QUICK)


class FirstSessionsAlone(Fault):
    """All sessions but the first are of AES256, whatever the bucket's default is."""

    def understand(self, world: World, request: Operation) -> Operation:
        """Take a session for one that was asked for with AES256, where there is another."""
        if isinstance(request, CreateSession) and world.sessions:
            return replace(request, sse="AES256")
        return request


def test_a_defect_of_later_sessions_is_found() -> None:
    found = play_phase(directory_states, requests=900, fault=FirstSessionsAlone(), stop=True)
    assert found.findings
