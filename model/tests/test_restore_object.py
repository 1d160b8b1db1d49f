"""RestoreObject: its wire form, and what it makes of an archived object."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model import wire, xml_text
from model.answer import Answer
from model.clauses.tests.notation import BUCKET, OBJECT, after, create, delete, put
from model.operations.restore_object import FOR_A_DAY, RestoreObject
from model.parameters import ParameterError, from_parameters, to_parameters
from model.stored import DeleteMarker, ObjectVersion, Presence
from model.tests.test_wire_agreement import SDK
from model.world import World

if TYPE_CHECKING:
    from model.parameter_values import Json

RESTORE = RestoreObject(bucket=BUCKET, object_key=OBJECT)
ARCHIVED = after(create(), put(storage_class="GLACIER"))


def is_restoring(world: World, version_id: str | None = None) -> bool:
    version = world.version(BUCKET, OBJECT, version_id)
    return isinstance(version, ObjectVersion) and version.restoring


@pytest.mark.agreement
@pytest.mark.parametrize("version_id", ["v", None])
def test_an_sdk_writes_it_as_the_model_does(version_id: str | None) -> None:
    request = replace(RESTORE, version_id=version_id)
    SDK.send(request)
    theirs, ours = SDK.sent_http(), wire.render(request)
    assert (theirs.method, theirs.path) == ("POST", f"/{BUCKET}/{OBJECT}")
    assert sorted(theirs.query) == sorted(ours.query)
    told = [[(e.tag, e.text) for e in xml_text.read(one.body).iter()] for one in (theirs, ours)]
    assert told[0] == told[1]


@pytest.mark.example
@pytest.mark.parametrize("document", [FOR_A_DAY, b"", b"other"])
def test_it_is_read_back(document: bytes) -> None:
    request = replace(RESTORE, document=document, version_id="v")
    assert wire.parse(wire.render(request)) == request
    assert from_parameters("RestoreObject", to_parameters(request)) == request


@pytest.mark.example
def test_another_restoration_than_for_a_day_is_outside_the_model() -> None:
    asked: dict[str, Json] = {"Bucket": BUCKET, "Key": OBJECT, "RestoreRequest": {"Days": 9}}
    with pytest.raises(ParameterError):
        from_parameters("RestoreObject", asked)


@pytest.mark.example
def test_a_restored_version_is_noted() -> None:
    assert is_restoring(RESTORE.effect(ARCHIVED, None).world)
    assert is_restoring(RESTORE.obscured(ARCHIVED), "null")
    named = replace(RESTORE, version_id="null")
    assert is_restoring(named.effect(ARCHIVED, None).world, "null")


@pytest.mark.example
def test_that_it_is_being_restored_is_learnt_from_a_refusal() -> None:
    refused = Answer(status=409, succeeded=False, error_code="RestoreAlreadyInProgress")
    assert is_restoring(RESTORE.learn_refusal(ARCHIVED, refused))
    denied = replace(refused, error_code="AccessDenied")
    assert RESTORE.learn_refusal(ARCHIVED, denied) is ARCHIVED


@pytest.mark.example
def test_what_is_not_there_is_not_restored() -> None:
    gone = after(create(), put(storage_class="GLACIER"), delete())
    assert RESTORE.effect(gone, None).world is gone
    bucket = ARCHIVED.existing(BUCKET).with_row(OBJECT, (DeleteMarker(version_id="m"),))
    marked = ARCHIVED.with_bucket(BUCKET, bucket)
    assert replace(RESTORE, version_id="m").subject(marked) is Presence.ABSENT
    assert RESTORE.is_unknown(World())
