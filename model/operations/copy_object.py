"""CopyObject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.answer import ETAG
from model.checksums import ALGORITHMS, BY_HEADER, BY_NAME, CHECKSUM_TYPE, checksum_of
from model.clause import Law
from model.operation import suspect_version, with_spaces
from model.operations.object_creation import CreationOperation
from model.operations.object_read import is_obscure
from model.operations.object_write import has_tags
from model.request import WithCopySource, header
from model.stored import ObjectVersion, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.messages import HttpResponse
    from model.operation import Effect, Operation
    from model.sse import ObjectEncryption
    from model.world import World


_ELEMENTS = {f"Checksum{algorithm.name}": algorithm.header for algorithm in ALGORITHMS}
_ELEMENTS["ChecksumType"] = CHECKSUM_TYPE


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
                checksums=self._checksums(known),
                tagged=self.brings_tags(None if known is None else known.tagged),
            ),
        )

    def brings_tags(self, of_source: bool | None) -> bool | None:
        """Tell whether the copy has tags, its own or the source's; None where that is not known."""
        if self.tagging_directive == "REPLACE":
            return has_tags(self.tagging)
        copied = self.tagging_directive in {None, "COPY"} and self.tagging is None
        return of_source if copied else None

    def _checksums(self, source: ObjectVersion | None) -> Mapping[str, str] | None:
        """Return the checksums of the copy: those asked for, or the source's kinds (GP-CKS-07)."""
        if source is None or source.body is None or source.checksums is None:
            return None
        kinds = [BY_HEADER[name] for name in source.checksums]
        if self.checksum_algorithm is not None:
            kinds = [a for name, a in BY_NAME.items() if name == self.checksum_algorithm]
        made = {kind.header: checksum_of(source.body, kind) for kind in kinds}
        known = {name: value for name, value in made.items() if value is not None}
        return known if known and len(known) == len(made) else None

    def readings(self) -> tuple[Operation, ...]:
        """A plus in the source's name is one, or a space."""
        other = with_spaces(self.copy_source)
        return (self,) if other is None else (self, replace(self, copy_source=other))

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """A refused copy keeps the destination, and every copy keeps the source."""
        if law is Law.SOURCE_OF_COPY:
            return suspect_source(world, self, clause_id)
        return super().suspect(world, law, clause_id)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag of the destination and its checksums, which stand in the document."""
        read = xml_text.read_fields(response.body)
        shown: dict[str, Value] = {n: read[e] for e, n in _ELEMENTS.items() if e in read}
        etag = read.get("ETag")
        return {**shown, ETAG: etag.strip('"')} if etag else shown

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the ETag and the checksums."""
        etag = fields.get(ETAG)
        shown = {"LastModified": "2026-01-01T00:00:00.000Z"}
        shown["ETag"] = f'"{etag}"' if isinstance(etag, str) else ""
        for element, name in _ELEMENTS.items():
            if isinstance(value := fields.get(name), str):
                shown[element] = value
        return xml_text.document("CopyObjectResult", shown)


def suspect_source(world: World, request: WithCopySource, clause_id: str) -> World:
    """Return the world with the clause noted as one that keeps the source of a copy."""
    source = request.source
    if source is None or source[:2] == (request.bucket, request.object_key):
        return world
    return suspect_version(world, *source, clause_id)
