"""The phase ``small-scope``."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import resources
from itertools import islice, pairwise, product
from typing import TYPE_CHECKING

import pytest

from conformance.ablation import able_setting, open_session, probed_setting
from conformance.phases.small_scope import small_scope
from conformance.small_scope.moves import Aim, Tier, alphabet, every_move, is_canonical
from conformance.small_scope.planned import (
    FILE,
    plan_walks,
    read_walks,
    walks_text,
)
from conformance.small_scope.shape import shape_of
from conformance.small_scope.tours import GROUNDS, LONGEST, Met, Tours, moves_below
from conformance.small_scope.words import edges, first_stand, moved, row_of
from conformance.tests.phase_playing import play_phase, without_capabilities
from model.operations.delete_object import DeleteObject
from model.operations.get_object import GetObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.request import KmsRequest
from model.sse import SseC
from model.stored import ObjectVersion
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from conformance.phase import Setting, Stage
    from conformance.small_scope.moves import Word
    from model.operation import Operation
    from model.world import World

LONGEST_SEQUENCE = 75


FIRST = ["one change", "two changes that tell most"]
WALKS = "two changes, and three that tell most"


def _walks(setting: Setting) -> Iterator[Stage]:
    return (stage for stage in small_scope(setting) if stage.name == WALKS)


def _first_two(setting: Setting) -> Iterator[Stage]:
    return islice(small_scope(setting), 2)


@pytest.fixture(scope="module")
def tours(setting: Setting) -> Tours:
    """Tours that were planned for the pairs of moves that tell most."""
    found = Tours(setting)
    found.plan(moves_below(alphabet(setting), Tier.INNER), 2)
    return found


@pytest.fixture(scope="module")
def setting() -> Setting:
    return probed_setting(open_session(requests=1000))


def test_right_servers_are_not_blamed_for_what_two_changes_leave() -> None:
    played = play_phase(small_scope, requests=2500)
    assert played.findings == []
    assert all(played.reached[name].done == played.reached[name].planned for name in FIRST)
    assert list(played.reached)[:2] == FIRST
    longest = max(sum(not _is_removal(r) for r in one) for one in played.sequences)
    assert longest <= LONGEST_SEQUENCE


def test_a_default_that_is_changed_on_a_walk_is_looked_at_every_other_time() -> None:
    played = play_phase(_walks, requests=2500)
    behind: Counter[str] = Counter()
    for sent in played.sequences:
        for one, after in pairwise(sent):
            if isinstance(one, PutBucketEncryption) and not isinstance(after, PutBucketEncryption):
                behind[after.operation] += 1
    changes = behind.total()
    assert changes / 4 <= behind["GetBucketEncryption"] <= changes * 3 / 4
    assert behind["GetObject"] + behind["HeadObject"] > 0


def _is_removal(request: object) -> bool:
    return isinstance(request, DeleteObject | KmsRequest)


def test_nor_where_there_is_no_tls() -> None:
    assert play_phase(_first_two, requests=1200, secure=False).findings == []


def test_the_groups_hold_each_word_once(setting: Setting) -> None:
    words = [edge.word for edge in edges(setting, 2)]
    grouped = [word for length in (1, 2) for word in _grouped(words, length)]
    assert len(words) == len(set(words)) == len(grouped)
    assert set(grouped) == set(words)


def _grouped(words: list[Word], length: int) -> list[Word]:
    rows = row_of(word for word in words if len(word) == length)
    return [word for row in rows for word in row]


def test_each_move_is_played_in_each_state_that_one_other_leads_to(setting: Setting) -> None:
    """Found here by going from every state by every move, without the pruning."""
    covered = {(edge.state, edge.word[-1].name) for edge in edges(setting, 2)}
    start = first_stand(setting)
    wanted: set[tuple[Hashable, str]] = set()
    for first in alphabet(setting):
        reached = moved(start, first, 1)
        if reached is None or not is_canonical((first,)):
            continue
        for second in alphabet(setting):
            if is_canonical((first, second)) and second.steps[0](reached):
                wanted.add((shape_of(reached), second.name))
    assert len(wanted) > 500
    assert wanted - covered == set()


def test_the_states_differ_in_more_than_names(setting: Setting) -> None:
    states = {edge.state for edge in edges(setting, 2)}
    assert len(states) > 25


def test_words_of_a_group_share_what_they_share(setting: Setting) -> None:
    rows = row_of(edge.word for edge in edges(setting, 2))
    for row in rows:
        shared = {tuple(m.name for m in word if m.aim is Aim.SHARED) for word in row}
        assert len(shared) == 1
    assert any(len(row) > 3 for row in rows)


def test_a_target_that_can_do_little_gets_a_small_alphabet(setting: Setting) -> None:
    lacking = without_capabilities(setting, "kms-api", "sse-kms", "multipart", "versioning")
    names = {move.name for move in alphabet(lacking)}
    assert "put C1" in names
    assert not names & {"put K1", "own key disabled", "begin upload", "versioning"}
    assert len(names) < len(every_move())


def test_the_plan_is_the_same_each_time(setting: Setting) -> None:
    def names() -> list[list[str]]:
        words = (edge.word for edge in edges(setting, 2))
        return [[move.name for move in word] for row in row_of(words) for word in row]

    assert names() == names()


class OverACustomerKey(Fault):
    """A write over an object under a customer's key does not look the default up."""

    def understand(self, world: World, request: Operation) -> Operation:
        """Take a write without headers for one that asks for AES256."""
        if not isinstance(request, PutObject) or request.names_in_headers:
            return request
        there = world.object(request.bucket, request.object_key)
        over = isinstance(there, ObjectVersion) and isinstance(there.encryption, SseC)
        return replace(request, sse="AES256") if over else request


def test_a_defect_is_found_that_only_three_changes_show() -> None:
    found = play_phase(small_scope, requests=2500, fault=OverACustomerKey(), stop=True)
    assert found.findings
    assert len(found.sequences) > 1


def test_walks_meet_all_pairs_of_what_is_always_possible(setting: Setting, tours: Tours) -> None:
    names = ("default K1", "no default", "put", "put K1", "put C1", "made anew")
    pairs = {Met(GROUNDS[0], pair) for pair in product(names, repeat=2)}
    assert pairs <= tours.done
    both = (("put", "put"), ("put", "delete"))
    assert {Met(ground, pair) for ground in GROUNDS for pair in both} <= tours.done
    assert tours.plan(moves_below(alphabet(setting), Tier.INNER), 2) == ()


def test_what_cannot_be_is_not_met(tours: Tours) -> None:
    assert Met(GROUNDS[0], ("made anew", "complete")) not in tours.done
    assert Met(GROUNDS[0], ("made anew", "delete newest")) not in tours.done


def test_a_walk_meets_a_word_with_nearly_every_move(setting: Setting) -> None:
    tours = Tours(setting)
    walks = tours.plan(moves_below(alphabet(setting), Tier.INNER), 2)
    met = {met for met in tours.done if len(met.names) == 2}
    assert sum(map(len, walks)) < 1.6 * len(met)
    assert max(map(len, walks)) <= LONGEST + 3


def test_the_walks_are_the_same_each_time(setting: Setting) -> None:
    def names() -> list[list[str]]:
        moves = moves_below(alphabet(setting), Tier.INNER)
        return [[move.name for move in walk] for walk in Tours(setting).plan(moves, 2)]

    assert names() == names()


def test_the_walks_of_the_file_are_those_that_are_planned_now() -> None:
    planned = walks_text(plan_walks(able_setting(open_session(requests=100))))
    held = resources.files("conformance.small_scope").joinpath(FILE).read_text()
    assert planned == held, "run python -m conformance.write_catalogue"


def test_a_target_that_can_do_little_walks_what_is_left(setting: Setting) -> None:
    lacking = without_capabilities(setting, "sse-c", "versioning")
    known = set(alphabet(lacking))
    walks = [walk for _, some in read_walks(lacking) for walk in some.values()]
    assert len(walks) > 100
    assert all(move in known for walk in walks for move in walk)
    assert sum(map(len, walks)) < sum(
        len(w) for _, some in read_walks(setting) for w in some.values()
    )


def test_a_key_that_was_replaced_is_tried() -> None:
    played = play_phase(small_scope, requests=1500)
    reads = [r for one in played.sequences for r in one if isinstance(r, GetObject)]
    assert any(r.customer_key is not None for r in reads)


def test_a_clause_that_only_a_sequence_shows_is_missed_where_it_is_left_out() -> None:
    left_out = frozenset({"kms-keys/new-alias-target-keeps-the-objects"})
    assert play_phase(small_scope, requests=9000, without=left_out, stop=True).findings
