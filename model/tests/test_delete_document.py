"""What DeleteObjects asks for, and what it is told."""

from __future__ import annotations

import pytest

from model import wire
from model.delete_document import (
    Deletion,
    Named,
    deletion_from_json,
    deletion_to_json,
    read_deletion,
    read_result,
    write_deletion,
    write_result,
)
from model.messages import HttpResponse
from model.operations.delete_objects import DeleteObjects

pytestmark = pytest.mark.example

SEVERAL = Deletion((Named("a"), Named("dir/b & c", "v1")))


@pytest.mark.parametrize("deletion", [SEVERAL, SEVERAL._replace(quiet=True), Deletion(())])
def test_a_deletion_is_read_as_it_was_written(deletion: Deletion) -> None:
    assert read_deletion(write_deletion(deletion)) == deletion
    assert deletion_from_json(deletion_to_json(deletion)) == deletion


@pytest.mark.parametrize(
    "body", [b"", b"<Remove/>", b"<Delete><Object/></Delete>", b"<Delete><Object><Key/></Object>"]
)
def test_what_asks_for_nothing_in_the_known_form_is_no_deletion(body: bytes) -> None:
    assert read_deletion(body) is None


@pytest.mark.parametrize("value", [None, "a", {"Objects": ["a"]}])
def test_parameters_of_another_form_are_no_deletion(value: None) -> None:
    with pytest.raises(TypeError):
        deletion_from_json(value)


def test_parameters_without_objects_delete_nothing() -> None:
    assert deletion_from_json({}) == Deletion(())
    with pytest.raises(KeyError):
        deletion_from_json({"Objects": [{}]})


def test_a_result_is_read_as_it_was_written() -> None:
    fields = {
        "Deleted of a": "yes",
        "DeleteMarker of a": "true",
        "DeleteMarkerVersionId of a": "m",
        "Error of dir/b & c": "AccessDenied",
    }
    assert read_result(write_result(SEVERAL, fields)) == fields


def test_of_several_the_first_may_not_be_deleted() -> None:
    request = DeleteObjects(bucket="b", document=write_deletion(SEVERAL), secure=True)
    body = write_result(SEVERAL, {"Error of a": "AccessDenied", "Deleted of dir/b & c": "yes"})
    answer = wire.read_answer(request, HttpResponse(200, (), body))
    assert answer.succeeded
    assert answer.text("Error of a") == "AccessDenied"
    assert answer.text("Deleted of dir/b & c") == "yes"


def test_what_is_not_told_of_is_left_out() -> None:
    assert read_result(write_result(SEVERAL, {})) == {}
    assert read_result(b"<") == {}
    assert read_result(b"<DeleteResult><Other/></DeleteResult>") == {}
