"""PutBucketVersioning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.operation import Effect, Operation, existing_bucket
from model.operations.object_write import is_plain_known
from model.operations.put_bucket_encryption import suspect_all
from model.parameter_values import body_from_json, body_to_json, text_of
from model.request import BucketConfiguration, header
from model.world import Versioning

if TYPE_CHECKING:
    from model.clause import Law
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

CONFIGURATION = "VersioningConfiguration"
DOCUMENT = "_document"
"""A body that is no configuration of the known form."""
STATUS = "Status"
_STATUSES = (Versioning.ENABLED.value, Versioning.SUSPENDED.value)


@dataclass(frozen=True, kw_only=True)
class PutBucketVersioning(BucketConfiguration, Operation):
    """Enable or suspend versioning; ``document`` is the body as sent."""

    operation: ClassVar[str] = "PutBucketVersioning"
    method: ClassVar[str] = "PUT"
    sub_resource: ClassVar[str] = "versioning"

    document: bytes = b""
    content_md5: str | None = header("content-md5", "ContentMD5")

    def content(self) -> bytes:
        """The document."""
        return self.document

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The document, as it came."""
        return {"document": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The configuration, or the body as it is where it is not of the known form."""
        status = xml_text.read_fields(self.document).get(STATUS)
        if status is None or versioning_document(status) != self.document:
            return {DOCUMENT: body_to_json(self.document)}
        return {CONFIGURATION: {STATUS: status}}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The document."""
        if DOCUMENT in left:
            return {"document": body_from_json(left.pop(DOCUMENT))}
        configuration = left.pop(CONFIGURATION)
        if not isinstance(configuration, dict):
            raise TypeError(f"{CONFIGURATION} must be an object")
        return {"document": versioning_document(text_of(configuration[STATUS]))}

    @property
    def versioning(self) -> Versioning | None:
        """What the document asks for, None where it asks for nothing that S3 knows."""
        status = xml_text.read_fields(self.document).get(STATUS, "")
        return Versioning(status) if status in _STATUSES else None

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket, and on what the document asks for."""
        return not is_plain_known(world, self.bucket) or self.versioning is None

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Later writes keep what they replace, or replace only what was written without an id."""
        bucket = replace(world.existing(self.bucket), versioning=self.versioning)
        return Effect(world.with_bucket(self.bucket, bucket))

    def obscured(self, world: World) -> World:
        """Whether versions are kept is unknown."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world
        return world.with_bucket(self.bucket, replace(bucket, versioning=None))

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """All objects stay as they are."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world
        return world.with_bucket(self.bucket, suspect_all(bucket, law, clause_id))


def versioning_document(status: str) -> bytes:
    """Return the document that sets this status."""
    return xml_text.document(CONFIGURATION, {STATUS: status})
