"""CopyObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.answer import ETAG
from model.clause import Law
from model.operation import suspect_version
from model.operations.object_creation import CreationOperation
from model.operations.object_read import is_obscure
from model.request import WithCopySource, header
from model.world import ObjectVersion, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.messages import HttpResponse
    from model.operation import Effect
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class CopyObject(CreationOperation, WithCopySource):
    """Write an object with the data of another."""

    operation: ClassVar[str] = "CopyObject"
    method: ClassVar[str] = "PUT"
    needs: ClassVar[frozenset[str]] = frozenset({"x-amz-copy-source"})

    metadata_directive: str | None = header("x-amz-metadata-directive", "MetadataDirective")
    acl: str | None = header("x-amz-acl", "ACL")
    tagging: str | None = header("x-amz-tagging", "Tagging")
    tagging_directive: str | None = header("x-amz-tagging-directive", "TaggingDirective")
    checksum_algorithm: str | None = header("x-amz-checksum-algorithm", "ChecksumAlgorithm")

    @property
    def in_place(self) -> bool:
        """Whether source and destination are the same object."""
        return self.source is not None and self.source[:2] == (self.bucket, self.object_key)

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the destination bucket and on the source object."""
        source = self.source
        if super().is_unknown(world):
            return True
        return source is not None and is_obscure(world.version(*source))

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """The destination is stored with the source's data, in place of what was there."""
        source = self.source
        found = Presence.UNKNOWN if source is None else world.version(*source)
        known = found if isinstance(found, ObjectVersion) else None
        replaced = self.metadata_directive == "REPLACE"
        sent: Mapping[str, str] = dict(self.metadata)
        copied = None if known is None else known.metadata
        return self.stores(
            world,
            ObjectVersion(
                encryption=encryption,
                body=None if known is None else known.body,
                storage_class=self.storage_class or "STANDARD",
                metadata=sent if replaced else copied,
                foreign_metadata=frozenset(copied or ()) | frozenset(sent),
                encryption_context=self.encryption_context,
            ),
        )

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """A refused copy keeps the destination, and every copy keeps the source."""
        if law is Law.SOURCE_OF_COPY:
            return suspect_source(world, self, clause_id)
        return super().suspect(world, law, clause_id)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag of the destination, which stands in the document."""
        etag = xml_text.read_fields(response.body).get("ETag")
        return {ETAG: etag.strip('"')} if etag else {}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the ETag."""
        etag = fields.get(ETAG)
        shown = f'"{etag}"' if isinstance(etag, str) else ""
        return xml_text.document(
            "CopyObjectResult", {"LastModified": "2026-01-01T00:00:00.000Z", "ETag": shown}
        )


def suspect_source(world: World, request: WithCopySource, clause_id: str) -> World:
    """Return the world with the clause noted as one that keeps the source of a copy."""
    source = request.source
    if source is None or source[:2] == (request.bucket, request.object_key):
        return world
    return suspect_version(world, *source, clause_id)
