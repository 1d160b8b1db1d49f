"""What is known of the things that a request is about when it is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.surroundings import Sequence, Surroundings
from model.clauses.tests.notation import BUCKET, OBJECT, after, copy, create, delete, head, put
from model.findings import Finding, Kind, Severity
from model.operation import Operation, suspect_version
from model.operations.list_objects import ListObjects
from model.operations.put_object import PutObject

KEEPS = "reading/refused-write-keeps-the-object"
WRONG = Finding(
    clause=KEEPS,
    clauses=(KEEPS,),
    operation="HeadObject",
    field="etag",
    kind=Kind.DIFFERENT,
    severity=Severity.MAJOR,
    expected=("the same",),
    observed="another",
)
BEFORE = after(create(), put())
KEPT = suspect_version(BEFORE, BUCKET, OBJECT, None, KEEPS)
FROM_IT = copy(source=f"{BUCKET}/{OBJECT}", object_key="copy")
CONDITIONAL: Operation = replace(put(), if_none_match="*")


@pytest.mark.parametrize(
    "request_",
    [head(), delete(), FROM_IT, CONDITIONAL, ListObjects(bucket=BUCKET)],
    ids=lambda one: one.operation,
)
def test_what_was_noted_and_what_was_wrong_of_a_thing_is_told(request_: Operation) -> None:
    sequence = Sequence()
    noted = sequence.around(request_, KEPT)
    assert noted == Surroundings(kept=frozenset({KEEPS}))
    sequence.note(head(), sequence.around(head(), KEPT), [WRONG])
    told = sequence.around(request_, BEFORE)
    assert told == Surroundings(frozenset({WRONG.signature}), noted.kept, noted.kept)


@pytest.mark.parametrize("other", [head("other"), create("elsewhere")])
def test_of_other_things_nothing_is_told(other: Operation) -> None:
    sequence = Sequence()
    sequence.note(head(), sequence.around(head(), KEPT), [WRONG])
    assert sequence.around(other, KEPT) == Surroundings()


def test_a_plain_write_depends_on_nothing_that_is_kept() -> None:
    sequence = Sequence()
    sequence.note(head(), sequence.around(head(), KEPT), [WRONG])
    assert isinstance(put(), PutObject)
    assert sequence.around(put(), KEPT) == Surroundings(after=frozenset({WRONG.signature}))


def test_a_clause_that_keeps_nothing_changes_nothing() -> None:
    sequence = Sequence()
    sequence.note(head(), sequence.around(head(), BEFORE), [WRONG])
    assert sequence.around(head(), BEFORE) == Surroundings(after=frozenset({WRONG.signature}))


def test_an_answer_that_shows_the_change_is_told_of_it() -> None:
    around = Surroundings(kept=frozenset({KEEPS, "another"})).within([WRONG])
    assert around.changed == {KEEPS}
    assert around.beside == {WRONG.signature}
