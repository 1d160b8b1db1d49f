"""CopyObject."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from urllib.parse import unquote

from model import xml_text
from model.answer import ETAG
from model.clause import Law
from model.operation import Effect, Operation, learn_version, suspect_object
from model.operations.object_read import is_obscure
from model.operations.put_object import is_destination_unknown, metadata_of
from model.request import (
    SOURCE_ALGORITHM,
    SOURCE_KEY,
    SOURCE_KEY_MD5,
    CustomerKeyHeaders,
    KeyRole,
    ObjectWrite,
    header,
)
from model.world import ObjectVersion, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse, Pairs
    from model.sse import ObjectEncryption
    from model.world import World


class CopySource(NamedTuple):
    """The object that a copy reads."""

    bucket: str
    object_key: str


@dataclass(frozen=True, kw_only=True)
class CopyObject(ObjectWrite, Operation):
    """Write an object with the data of another."""

    operation: ClassVar[str] = "CopyObject"
    method: ClassVar[str] = "PUT"

    copy_source: str | None = header("x-amz-copy-source", "CopySource")
    metadata_directive: str | None = header("x-amz-metadata-directive", "MetadataDirective")
    storage_class: str | None = header("x-amz-storage-class", "StorageClass")
    website_redirect: str | None = header(
        "x-amz-website-redirect-location", "WebsiteRedirectLocation"
    )
    acl: str | None = header("x-amz-acl", "ACL")
    tagging_directive: str | None = header("x-amz-tagging-directive", "TaggingDirective")
    checksum_algorithm: str | None = header("x-amz-checksum-algorithm", "ChecksumAlgorithm")
    source_customer_algorithm: str | None = header(
        SOURCE_ALGORITHM, "CopySourceSSECustomerAlgorithm"
    )
    source_customer_key: str | None = header(SOURCE_KEY, "CopySourceSSECustomerKey")
    source_customer_key_md5: str | None = header(SOURCE_KEY_MD5, "CopySourceSSECustomerKeyMD5")
    metadata: Pairs = ()

    @classmethod
    def parse(cls, http: HttpRequest, fields: dict[str, str | None], *, secure: bool) -> CopyObject:
        """Read the typed request from its HTTP form."""
        key = fields.pop("object_key") or ""
        return cls(
            bucket=http.bucket,
            object_key=key,
            metadata=metadata_of(http.headers),
            secure=secure,
            **fields,
        )

    @cached_property
    def source(self) -> CopySource | None:
        """The source that the header names, or None when it names none."""
        return parse_copy_source(self.copy_source or "")

    @cached_property
    def key_groups(self) -> tuple[CustomerKeyHeaders, ...]:
        """The groups of SSE-C headers that were sent, the source's first."""
        groups = (self.source_key_headers, self.own_key)
        return tuple(group for group in groups if group.present)

    @cached_property
    def source_key_headers(self) -> CustomerKeyHeaders:
        """The SSE-C headers that speak of the source."""
        return CustomerKeyHeaders(
            KeyRole.COPY_SOURCE,
            self.source_customer_algorithm,
            self.source_customer_key,
            self.source_customer_key_md5,
        )

    @property
    def in_place(self) -> bool:
        """Whether source and destination are the same object."""
        return self.source == (self.bucket, self.object_key)

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the destination bucket and on the source object."""
        source = self.source
        if is_destination_unknown(world, self):
            return True
        return source is not None and is_obscure(world.object(source.bucket, source.object_key))

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """The destination is stored with the source's data, in place of what was there."""
        source = self.source
        found = (
            Presence.UNKNOWN if source is None else world.object(source.bucket, source.object_key)
        )
        known = None if isinstance(found, Presence) else found
        replaced = self.metadata_directive == "REPLACE"
        metadata: Mapping[str, str] | None = dict(self.metadata)
        if not replaced:
            metadata = None if known is None else known.metadata
        version = ObjectVersion(
            encryption=encryption,
            body=None if known is None else known.body,
            storage_class=self.storage_class or "STANDARD",
            metadata=metadata,
            encryption_context=self.encryption_context,
        )
        return Effect(world.with_object(self.bucket, self.object_key, version), version)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """A refused copy keeps the destination, and every copy keeps the source."""
        if law is Law.SOURCE_OF_COPY:
            source = self.source
            if source is None or self.in_place:
                return world
            return suspect_object(world, source.bucket, source.object_key, clause_id)
        return suspect_object(world, self.bucket, self.object_key, clause_id)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the ETag, and the ARN of the key."""
        return learn_version(world, self.bucket, self.object_key, answer)

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


def parse_copy_source(text: str) -> CopySource | None:
    """Return the bucket and object key of a copy source header, or None when it is malformed."""
    bucket, _, object_key = unquote(text).removeprefix("/").partition("/")
    return CopySource(bucket, object_key) if bucket and object_key else None
