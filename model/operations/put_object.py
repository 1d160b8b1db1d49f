"""PutObject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.bucket_kind import BucketKind
from model.messages import Auth
from model.operation import etag_shown
from model.operations.object_upload import UploadOperation
from model.operations.object_write import has_tags
from model.parameter_values import body_from_json, body_to_json, metadata_of_parameters
from model.request import CONTEXT, SSE, header, query
from model.sse import SseAlgorithm
from model.stored import ObjectVersion, Presence

if TYPE_CHECKING:
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class PutObject(UploadOperation):
    """Store a body as an object."""

    operation: ClassVar[str] = "PutObject"
    method: ClassVar[str] = "PUT"

    content_md5: str | None = header("content-md5", "ContentMD5")
    acl: str | None = header("x-amz-acl", "ACL")
    if_match: str | None = header("if-match", "IfMatch")
    if_none_match: str | None = header("if-none-match", "IfNoneMatch")
    write_offset: str | None = header("x-amz-write-offset-bytes", "WriteOffsetBytes")
    tagging: str | None = header("x-amz-tagging", "Tagging")
    sse_parameter: str | None = query(SSE, "_ServerSideEncryptionParameter")
    context_parameter: str | None = query(CONTEXT, "_SSEKMSEncryptionContextParameter")

    @property
    def names_in_query(self) -> bool:
        """Whether the query of a presigned request names an algorithm (GP-PRE-03)."""
        return self.sse_parameter is not None

    @property
    def query_is_understood(self) -> bool:
        """Whether encryption in the query is signed, and an algorithm there stands for a header."""
        if self.sse_parameter is None and self.context_parameter is None:
            return True
        if self.auth not in {Auth.PRESIGNED, Auth.PRESIGNED_HEADERS_UNSIGNED}:
            return False
        named = self.sse_parameter
        return named is None or (named in set(SseAlgorithm) and not self.names_in_headers)

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
        if not self.query_is_understood:
            return True
        if self.write_offset is not None and self._appended(world) is None:
            return True
        return super().is_unknown(world)

    def _appended(self, world: World) -> bytes | None:
        """Return the data after an append, None where it is not known; others cannot append."""
        if self.bucket_kind is not BucketKind.DIRECTORY:
            return None
        found = world.object(self.bucket, self.object_key)
        before = found.body if isinstance(found, ObjectVersion) else None
        fits = before is not None and self.write_offset == str(len(before))
        return before + self.body if before is not None and fits else None

    def stored_version(self, world: World, encryption: ObjectEncryption | None) -> ObjectVersion:
        """What is written stands behind what was there, where it is appended."""
        version = super().stored_version(world, encryption)
        version = replace(version, tagged=has_tags(self.tagging))
        if self.write_offset is None:
            return version
        return replace(version, body=self._appended(world), metadata=None, checksums=None)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag, without its quotation marks."""
        return etag_shown(response)
