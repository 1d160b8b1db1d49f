"""PutObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.bucket_kind import BucketKind
from model.operation import etag_shown
from model.operations.object_creation import CreationOperation
from model.parameter_values import body_from_json, body_to_json, metadata_of_parameters
from model.request import header
from model.world import ObjectVersion, Presence

if TYPE_CHECKING:
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.operation import Effect
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class PutObject(CreationOperation):
    """Store a body as an object."""

    operation: ClassVar[str] = "PutObject"
    method: ClassVar[str] = "PUT"

    body: bytes = b""
    content_md5: str | None = header("content-md5", "ContentMD5")
    if_none_match: str | None = header("if-none-match", "IfNoneMatch")
    write_offset: str | None = header("x-amz-write-offset-bytes", "WriteOffsetBytes")

    def content(self) -> bytes:
        """The object's data."""
        return self.body

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The object's data and its metadata."""
        return {**super().read_content(http), "body": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The data and the metadata."""
        return {"Body": body_to_json(self.body), **super().own_parameters()}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The data and the metadata."""
        return {
            "body": body_from_json(left.pop("Body", "")),
            "metadata": metadata_of_parameters(left),
        }

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket, its default, and a condition on what is there."""
        if self.if_none_match is not None:
            found = world.object(self.bucket, self.object_key)
            if self.if_none_match != "*" or found is Presence.UNKNOWN:
                return True
        if self.write_offset is not None and self._appended(world) is None:
            return True
        return super().is_unknown(world)

    def _appended(self, world: World) -> bytes | None:
        """Return the object's data afterwards, None where it is not known; others cannot append."""
        if self.write_offset is None:
            return self.body
        if self.bucket_kind is not BucketKind.DIRECTORY:
            return None
        found = world.object(self.bucket, self.object_key)
        before = found.body if isinstance(found, ObjectVersion) else None
        fits = before is not None and self.write_offset == str(len(before))
        return before + self.body if before is not None and fits else None

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """The object is stored, in place of what was there, or behind it (in directory buckets)."""
        return self.stores(
            world,
            ObjectVersion(
                encryption=encryption,
                body=self._appended(world),
                storage_class=self.storage_class or "STANDARD",
                metadata=dict(self.metadata) if self.write_offset is None else None,
                encryption_context=self.encryption_context,
            ),
        )

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag, without its quotation marks."""
        return etag_shown(response)
