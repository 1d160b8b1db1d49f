"""What went before may explain what comes after: where it did not, all must have been well."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from conformance.parsimony import grouped
from conformance.surroundings import Surroundings
from conformance.tests.divergences import ids, met, refused, shown, way
from conformance.verdict import Borne
from model.findings import Kind
from model.request import SSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.verdict import Way

KEEPS = "keeps"
NOTHING = Surroundings()
NOTED = Surroundings(kept=frozenset({KEEPS}))
CHANGED = NOTED._replace(changed=NOTED.kept)


def told(
    ways: Mapping[str, Iterable[Way]],
    held: Mapping[str, Mapping[Surroundings, int]],
    **occurrences: int,
) -> set[tuple[str, ...]]:
    """Return what is joined; ``held`` is where each clause held, and how often."""
    found, counted = met(ways)
    for one in found:
        one.occurrences = occurrences.get(one.id, 10)
    counted.borne_out = {
        clause: Counter({Borne(next(iter(ways[clause])).operation, w): n for w, n in where.items()})
        for clause, where in held.items()
    }
    return ids(grouped(found, counted))


def around(what: Surroundings, *ways: Way) -> list[Way]:
    return [one._replace(around=what) for one in ways]


CHANGE = around(CHANGED, shown("GetObject", field="etag"))
LENGTH = shown("HeadObject", field="content-length")
TOGETHER = {(KEEPS, "length")}
APART = {(KEEPS,), ("length",)}


def test_a_clause_that_keeps_explains_what_is_wrong_once_it_was_broken() -> None:
    ways = {KEEPS: CHANGE, "length": around(CHANGED, LENGTH)}
    assert told(ways, {"length": {NOTHING: 3}}, length=1) == TOGETHER
    elsewhere = {KEEPS: CHANGE, "length": around(CHANGED, LENGTH) + around(NOTHING, LENGTH)}
    assert told(elsewhere, {"length": {NOTHING: 3}}) == APART


def test_a_clause_that_never_held_elsewhere_has_a_defect_of_its_own() -> None:
    ways = {KEEPS: CHANGE, "length": around(CHANGED, LENGTH)}
    assert told(ways, {"length": {NOTHING: 2, CHANGED: 9}}) == APART


@pytest.mark.parametrize(
    ("keeps", "length", "joined"), [(3, 3, TOGETHER), (2, 3, APART), (3, 2, APART)]
)
def test_a_change_that_nobody_saw_explains_it_where_both_are_seen_often(
    keeps: int, length: int, joined: set[tuple[str, ...]]
) -> None:
    ways = {KEEPS: CHANGE, "length": around(NOTED, LENGTH)}
    assert told(ways, {"length": {NOTHING: 3}}, keeps=keeps, length=length) == joined


def test_a_read_that_is_refused_once_says_enough() -> None:
    ways = {KEEPS: CHANGE, "read": around(NOTED, refused("GetObject", "404 NoSuchKey"))}
    assert told(ways, {"read": {NOTHING: 3}}, read=1) == {(KEEPS, "read")}


def test_a_clause_that_keeps_and_was_not_broken_explains_nothing() -> None:
    ways = {"a": around(NOTED, LENGTH), "b": around(NOTED, refused("GetObject", "404 NoSuchKey"))}
    assert told(ways, {"a": {NOTHING: 9}, "b": {NOTHING: 9}}) == {("a",), ("b",)}


PLAIN = {"plain": [way("PutObject", SSE, Kind.MISSING)]}
AFTER = Surroundings(after=frozenset({"plain"}))
BESIDE = Surroundings(beside=frozenset({"plain"}))
UPDATE = refused("UpdateObjectEncryption", "400 InvalidRequest")


@pytest.mark.parametrize(
    ("held", "occurrences", "joined"),
    [
        ({NOTHING: 9}, 3, True),
        ({NOTHING: 9, AFTER: 1}, 3, True),
        ({NOTHING: 9, AFTER: 3}, 3, False),
        ({NOTHING: 3, AFTER: 2}, 3, False),
        ({NOTHING: 2}, 9, False),
        ({NOTHING: 99}, 2, False),
        ({NOTHING: 90_000, AFTER: 10}, 30_000, True),
        ({NOTHING: 90_000, AFTER: 29_999}, 30_000, True),
        ({NOTHING: 1, AFTER: 29_999}, 30_000, False),
    ],
    ids=[
        "never-there",
        "seldom-there",
        "often-there",
        "chance",
        "never-elsewhere",
        "too-rare",
        "a-long-run",
        "as-often-in-a-long-run",
        "always-there-in-a-long-run",
    ],
)
def test_what_goes_with_another_is_explained_by_it(
    held: dict[Surroundings, int], occurrences: int, *, joined: bool
) -> None:
    ways = {**PLAIN, "update": around(AFTER, UPDATE)}
    found = told(ways, {"update": held}, update=occurrences)
    assert found == ({("plain", "update")} if joined else {("plain",), ("update",)})


def test_what_only_an_answer_shows_explains_nothing_after_it() -> None:
    ways = {"plain": [way("PutObject", "etag", Kind.MISSING)], "update": around(AFTER, UPDATE)}
    assert len(told(ways, {"update": {NOTHING: 9}})) == 2


def test_what_stands_in_the_same_answers_alone_goes_with_it() -> None:
    header = way("DeleteObject", "x-amz-delete-marker", Kind.MISSING)
    ways = {"plain": [way("DeleteObject", "etag", Kind.MISSING)], "marker": around(BESIDE, header)}
    assert told(ways, {"marker": {NOTHING: 9}}) == {("plain", "marker")}
    assert len(told(ways, {"marker": {NOTHING: 9, BESIDE: 10}})) == 2
    ways["marker"] += [header]
    assert len(told(ways, {"marker": {NOTHING: 9}})) == 2


def test_what_is_wrong_in_every_answer_of_an_operation_goes_with_nothing() -> None:
    header = way("PutObject", "x-amz-version-id", Kind.MISSING)
    ways = {"plain": [way("PutObject", "etag", Kind.MISSING)], "version": around(BESIDE, header)}
    found, counted = met(ways)
    found[1].occurrences = 10
    counted.borne_out = {"version": Counter({Borne("CopyObject"): 9})}
    assert ids(grouped(found, counted)) == {("plain",), ("version",)}
    counted.borne_out["version"][Borne("PutObject")] = 9
    assert ids(grouped(found, counted)) == {("plain", "version")}


def test_what_was_taken_is_not_explained_by_what_no_refusal_shows() -> None:
    taken = way("PutObject", "outcome", Kind.ACCEPTED)
    ways = {"plain": [way("PutObject", "etag", Kind.MISSING)], "policy": around(BESIDE, taken)}
    assert told(ways, {"policy": {NOTHING: 9}}) == {("plain",), ("policy",)}


def test_what_may_be_chance_among_many_goes_with_nothing() -> None:
    header = way("DeleteObject", "x-amz-delete-marker", Kind.MISSING)
    ways = {"plain": [way("DeleteObject", "etag", Kind.MISSING)], "marker": around(BESIDE, header)}
    assert told(ways, {"marker": {NOTHING: 9}}, marker=3) == {("plain", "marker")}
    others = {f"other-{n}": [way("GetObject", f"field-{n}", Kind.MISSING)] for n in range(20)}
    assert ("plain",) in told({**ways, **others}, {"marker": {NOTHING: 9}}, marker=3)
