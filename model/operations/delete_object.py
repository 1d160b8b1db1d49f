"""DeleteObject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.answer import DELETE_MARKER, VERSION_ID
from model.operation import Effect, Operation, existing_bucket, suspect_other_versions
from model.operations.object_write import is_plain_known
from model.request import ObjectRequest, query
from model.stored import NULL_VERSION, DeleteMarker, Presence

if TYPE_CHECKING:
    from model.answer import Answer, Unstated
    from model.clause import Law
    from model.matchers import Value
    from model.sse import ObjectEncryption
    from model.world import Bucket, World


@dataclass(frozen=True, kw_only=True)
class DeleteObject(ObjectRequest, Operation):
    """Remove an object, or one of its versions."""

    operation: ClassVar[str] = "DeleteObject"
    method: ClassVar[str] = "DELETE"
    success_status: ClassVar[int] = 204

    version_id: str | None = query("versionId", "VersionId")

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone: a missing object is deleted with success."""
        return not is_plain_known(world, self.bucket)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The object is gone, or lies under a delete marker; a named version is gone for good."""
        after = deleted(world.existing(self.bucket), self.object_key, self.version_id)
        return Effect(world.with_bucket(self.bucket, after))

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the id of a new delete marker."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None or self.version_id is not None:
            return world
        marked = with_marker(bucket, self.object_key, answer.value(VERSION_ID))
        return world if marked is bucket else world.with_bucket(self.bucket, marked)

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The id of a new delete marker."""
        return version_chosen(answer)

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The deletion of the delete marker that it made."""
        if self.version_id is not None or answer is None or not leaves_marker(answer):
            return ()
        return (replace(self, version_id=version_chosen(answer)[0]),)

    def obscured(self, world: World) -> World:
        """Whether the object, or the version, is there is unknown."""
        found = existing_bucket(world, self.bucket)
        if found is None:
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        after = obscured(found, self.object_key, self.version_id)
        return world.with_bucket(self.bucket, after)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """A deletion keeps all versions but the one that it names."""
        return suspect_other_versions(
            world, self.bucket, self.object_key, clause_id, but_newest=self.version_id is None
        )


def deleted(bucket: Bucket, object_key: str, version_id: str | None) -> Bucket:
    """Return the bucket after the deletion of an object, or of one of its versions."""
    if version_id is None:
        return bucket.delete(object_key)
    return bucket.delete_version(object_key, version_id)


def obscured(bucket: Bucket, object_key: str, version_id: str | None) -> Bucket:
    """Return the bucket after such a deletion that was done, or was not."""
    if version_id is None:
        return bucket.obscure(object_key)
    return bucket.obscure_version(object_key, version_id)


def with_marker(bucket: Bucket, object_key: str, shown: Value | Unstated) -> Bucket:
    """Return the bucket with the id that an answer shows for the newest delete marker.

    Where no object was, and no id is shown, no marker was left.
    """
    row = bucket.row(object_key)
    if not row or not (row[0] is Presence.UNKNOWN or row[0] == DeleteMarker()):
        return bucket
    if isinstance(shown, str):
        return bucket.with_row(object_key, (DeleteMarker(version_id=shown), *row[1:]))
    kept = bucket.versioning is not None and bucket.complete
    if shown is None and row == (Presence.UNKNOWN,) and kept:
        return bucket.with_row(object_key, ())
    return bucket


def leaves_marker(answer: Answer) -> bool:
    """Tell whether the answer to a deletion that names no version tells of a delete marker."""
    told = answer.text(DELETE_MARKER) == "true" or answer.text(VERSION_ID) is not None
    return answer.succeeded is True and told


def version_chosen(answer: Answer) -> tuple[str, ...]:
    """Return the version id that an answer shows, or that it shows none."""
    return (answer.text(VERSION_ID) or NULL_VERSION,)
