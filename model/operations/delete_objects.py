"""DeleteObjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.delete_document import (
    ERROR,
    MARKER_ID,
    Deletion,
    Named,
    deletion_from_json,
    deletion_to_json,
    distinct,
    field_of,
    read_deletion,
    read_result,
    write_deletion,
    write_result,
)
from model.operation import Effect, Operation, existing_bucket, suspect_other_versions
from model.operations.delete_object import DeleteObject, deleted, obscured, with_marker
from model.operations.object_write import is_plain_known
from model.parameter_values import body_from_json, body_to_json
from model.request import BucketRequest, header
from model.stored import NULL_VERSION, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.clause import Law
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

DOCUMENT = "_document"
"""A body that asks for nothing in a form that is known."""


@dataclass(frozen=True, kw_only=True)
class DeleteObjects(BucketRequest, Operation):
    """Remove several objects, or versions; ``document`` is the body as sent."""

    operation: ClassVar[str] = "DeleteObjects"
    method: ClassVar[str] = "POST"
    sub_resource: ClassVar[str] = "delete"

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
        """What is to be deleted, or the body as it is where it is of no known form."""
        read = read_deletion(self.document)
        if read is None or write_deletion(read) != self.document:
            return {DOCUMENT: body_to_json(self.document)}
        return {"Delete": deletion_to_json(read)}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The document."""
        if DOCUMENT in left:
            return {"document": body_from_json(left.pop(DOCUMENT))}
        return {"document": write_deletion(deletion_from_json(left.pop("Delete")))}

    @property
    def deletion(self) -> Deletion | None:
        """What is asked for, None where it is of no known form, or names an object twice."""
        read = read_deletion(self.document)
        return read if read is not None and read.named and distinct(read.named) else None

    @property
    def named(self) -> tuple[Named, ...]:
        """All that the document names."""
        read = read_deletion(self.document)
        return () if read is None else read.named

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket and on the document."""
        return not is_plain_known(world, self.bucket) or self.deletion is None

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Each is deleted as DeleteObject would delete it."""
        if self.deletion is None:
            return Effect(self.obscured(world))
        bucket = world.existing(self.bucket)
        for one in self.named:
            bucket = deleted(bucket, *one)
        return Effect(world.with_bucket(self.bucket, bucket))

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the ids of new delete markers; what was not deleted may be there."""
        bucket = world.existing(self.bucket)
        deletion = self.deletion or Deletion((), quiet=True)
        for one in deletion.named:
            if answer.text(field_of(ERROR, one.object_key)) is not None:
                bucket = bucket.obscure(one.object_key)
            elif one.version_id is None and not deletion.quiet:
                shown = answer.value(field_of(MARKER_ID, one.object_key))
                bucket = with_marker(bucket, one.object_key, shown)
        return world.with_bucket(self.bucket, bucket)

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The ids of new delete markers."""
        fields = (field_of(MARKER_ID, one.object_key) for one in self.named)
        return tuple(answer.text(field) or NULL_VERSION for field in fields)

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The deletion of the delete markers that it made."""
        if answer is None or not answer.succeeded:
            return ()
        made = {one: answer.text(field_of(MARKER_ID, one.object_key)) for one in self.named}
        return tuple(
            DeleteObject(
                bucket=self.bucket,
                object_key=one.object_key,
                version_id=version_id,
                secure=self.secure,
            )
            for one, version_id in made.items()
            if one.version_id is None and version_id is not None
        )

    def obscured(self, world: World) -> World:
        """Whether any of it is there is unknown."""
        found = existing_bucket(world, self.bucket)
        if found is None:
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        for one in self.named:
            found = obscured(found, *one)
        return world.with_bucket(self.bucket, found)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """Each deletion keeps all versions but the one that it names."""
        for one in self.named:
            world = suspect_other_versions(
                world, self.bucket, one.object_key, clause_id, but_newest=one.version_id is None
            )
        return world

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """What is told of each object."""
        return read_result(response.body)

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document that tells of each object."""
        return write_result(self.deletion or Deletion(()), fields)
