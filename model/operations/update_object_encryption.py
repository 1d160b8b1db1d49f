"""UpdateObjectEncryption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.clause import Law
from model.operation import Effect, Operation, existing_bucket, suspect_version
from model.operations.object_read import is_obscure
from model.operations.put_bucket_encryption import DOCUMENT
from model.parameter_values import body_from_json, body_to_json
from model.request import ENCRYPTION_HEADERS, ObjectRequest, header, query
from model.stored import DeleteMarker, ObjectVersion, Presence
from model.update_document import (
    ROOT,
    UpdateText,
    read_update,
    update_from_json,
    update_to_json,
    write_update,
)

if TYPE_CHECKING:
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.stored import StoredVersion
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class UpdateObjectEncryption(ObjectRequest, Operation):
    """Change how a stored object is encrypted, in place; ``document`` is the body as sent.

    It decides by its document alone: no header and no bucket default has a say.
    """

    operation: ClassVar[str] = "UpdateObjectEncryption"
    method: ClassVar[str] = "PUT"
    sub_resource: ClassVar[str] = "encryption"
    leaves_object: ClassVar[bool] = True

    version_id: str | None = query("versionId", "VersionId")
    content_md5: str | None = header("content-md5", "ContentMD5")
    document: bytes = b""

    def content(self) -> bytes:
        """The document."""
        return self.document

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The document, as it came."""
        return {"document": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The document in boto3's form, or the body as it is where it has none."""
        shown = update_to_json(self.update or UpdateText())
        if write_update(update_from_json(shown)) == self.document:
            return {ROOT: shown}
        return {DOCUMENT: body_to_json(self.document)}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The document."""
        if DOCUMENT in left:
            return {"document": body_from_json(left.pop(DOCUMENT))}
        return {"document": write_update(update_from_json(left.pop(ROOT)))}

    @property
    def update(self) -> UpdateText | None:
        """What the document says, or None when it is no such document."""
        return read_update(self.document)

    def _found(self, world: World) -> StoredVersion:
        return world.version(self.bucket, self.object_key, self.version_id)

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the object, and on how it is encrypted."""
        return is_obscure(self._found(world))

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """The version has another encryption, and nothing else of it changes."""
        found = self.subject(world)
        if isinstance(found, Presence):
            found = ObjectVersion(encryption=None, body=None)
        changed = replace(found, encryption=encryption, updated=True, decided_by=())
        if encryption is not None:
            kept = {n: v for n, v in found.shown.items() if n not in ENCRYPTION_HEADERS}
            changed = replace(changed, shown=kept)
        return Effect(self.with_subject(world, changed), changed)

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The version that is updated; the answer shows nothing of it."""
        found = self._found(world)
        return Presence.ABSENT if isinstance(found, DeleteMarker) else found

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the version that is updated."""
        if self.version_id is None:
            return world.with_object(self.bucket, self.object_key, version)
        changed = world.existing(self.bucket).with_version(
            self.object_key, self.version_id, version
        )
        return world.with_bucket(self.bucket, changed)

    def obscured(self, world: World) -> World:
        """How the version is encrypted is unknown; that it is there, and what it holds, is not."""
        found = self.subject(world)
        if isinstance(found, Presence):
            return world
        changed = replace(found, encryption=None, updated=True, decided_by=(), shown={})
        return self.with_subject(world, changed)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """An update keeps all else of the version and the other versions; a refused one all."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world
        row = [v for v in bucket.row(self.object_key) if isinstance(v, ObjectVersion)]
        if law is not Law.UPDATED_OBJECT:
            row = [version for version in row if version == self.subject(world)]
        names = dict.fromkeys((self.version_id, *(version.version_id for version in row)))
        if bucket.object(self.object_key) in row:
            names[None] = None
        for version_id in names:
            world = suspect_version(world, self.bucket, self.object_key, version_id, clause_id)
        return world
