"""RestoreObject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.operation import Effect, Operation
from model.operations.object_read import is_obscure
from model.operations.put_bucket_encryption import DOCUMENT
from model.parameter_values import body_from_json, body_to_json
from model.request import ObjectRequest, query
from model.stored import DeleteMarker, ObjectVersion, Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

FOR_A_DAY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<RestoreRequest xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Days>1</Days>'
    b"<GlacierJobParameters><Tier>Bulk</Tier></GlacierJobParameters></RestoreRequest>"
)
"""The document that asks for a copy that lasts a day, made when it costs least."""
_PARAMETER = "RestoreRequest"
_FOR_A_DAY: dict[str, Json] = {"Days": 1, "GlacierJobParameters": {"Tier": "Bulk"}}


@dataclass(frozen=True, kw_only=True)
class RestoreObject(ObjectRequest, Operation):
    """Have a copy made of an archived object, so that it can be read; ``document`` says how."""

    operation: ClassVar[str] = "RestoreObject"
    method: ClassVar[str] = "POST"
    sub_resource: ClassVar[str] = "restore"
    success_status: ClassVar[int] = 202

    version_id: str | None = query("versionId", "VersionId")
    document: bytes = FOR_A_DAY

    def content(self) -> bytes:
        """The document."""
        return self.document

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The document, as it came."""
        return {"document": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The usual document in boto3's form, or the body as it is."""
        if self.document == FOR_A_DAY:
            return {_PARAMETER: _FOR_A_DAY}
        return {DOCUMENT: body_to_json(self.document)}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The document."""
        if DOCUMENT in left:
            return {"document": body_from_json(left.pop(DOCUMENT))}
        if left.pop(_PARAMETER) != _FOR_A_DAY:
            raise ValueError("another restoration than for a day is outside the model")
        return {}

    def status(self, version: ObjectVersion | None) -> int | None:  # noqa: ARG002
        """202, or 200 where a copy is there already and is only kept for longer."""
        return None

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the object."""
        return is_obscure(self.subject(world))

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The version that is restored; the answer shows nothing of it."""
        found = world.version(self.bucket, self.object_key, self.version_id)
        return Presence.ABSENT if isinstance(found, DeleteMarker) else found

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the version that is restored."""
        bucket = world.existing(self.bucket)
        if self.version_id is None:
            changed = bucket.with_object(self.object_key, version)
        else:
            changed = bucket.with_version(self.object_key, self.version_id, version)
        # The restoration is no change of the object: what kept it so far is still to be seen.
        return world.with_bucket(self.bucket, replace(changed, suspects=bucket.suspects))

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """From now on the object can be read, or still cannot: it takes its time."""
        version = self.subject(world)
        if isinstance(version, Presence):
            return Effect(world)
        return Effect(self.with_subject(world, replace(version, restoring=True)))

    def obscured(self, world: World) -> World:
        """The object can perhaps be read."""
        return self.effect(world, None).world

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """That it is being restored already says so."""
        if answer.error_code == "RestoreAlreadyInProgress":
            return self.effect(world, None).world
        return world
