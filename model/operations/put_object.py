"""PutObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.operation import Effect, Operation, etag_shown, learn_version, suspect_object
from model.request import ObjectWrite, header, uses_sse_c
from model.world import Bucket, ObjectVersion, Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.clause import Law
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse, Pairs
    from model.sse import ObjectEncryption
    from model.world import World

METADATA_PREFIX = "x-amz-meta-"


@dataclass(frozen=True, kw_only=True)
class PutObject(ObjectWrite, Operation):
    """Store a body as an object."""

    operation: ClassVar[str] = "PutObject"
    method: ClassVar[str] = "PUT"

    body: bytes = b""
    content_md5: str | None = header("content-md5", "ContentMD5")
    storage_class: str | None = header("x-amz-storage-class", "StorageClass")
    if_none_match: str | None = header("if-none-match", "IfNoneMatch")
    website_redirect: str | None = header(
        "x-amz-website-redirect-location", "WebsiteRedirectLocation"
    )
    metadata: Pairs = ()

    def content(self) -> bytes:
        """The object's data."""
        return self.body

    @classmethod
    def parse(cls, http: HttpRequest, fields: dict[str, str | None], *, secure: bool) -> PutObject:
        """Read the typed request from its HTTP form."""
        return cls(
            bucket=http.bucket,
            object_key=fields.pop("object_key") or "",
            body=http.body,
            metadata=metadata_of(http.headers),
            secure=secure,
            **fields,
        )

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket, its default, and a condition on what is there."""
        if self.if_none_match is not None:
            found = world.object(self.bucket, self.object_key)
            if self.if_none_match != "*" or found is Presence.UNKNOWN:
                return True
        return is_destination_unknown(world, self)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """The object is stored, in place of what was there."""
        version = ObjectVersion(
            encryption=encryption,
            body=self.body,
            storage_class=self.storage_class or "STANDARD",
            metadata=dict(self.metadata),
            encryption_context=self.encryption_context,
        )
        return Effect(world.with_object(self.bucket, self.object_key, version), version)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """A refused write keeps the object that was there."""
        return suspect_object(world, self.bucket, self.object_key, clause_id)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the ETag, and the ARN of the key."""
        return learn_version(world, self.bucket, self.object_key, answer)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag, without its quotation marks."""
        return etag_shown(response)


def metadata_of(headers: Pairs) -> Pairs:
    """Return the user metadata among the headers, without the prefix."""
    return tuple(
        (name.removeprefix(METADATA_PREFIX), value)
        for name, value in headers
        if name.startswith(METADATA_PREFIX)
    )


def is_destination_unknown(world: World, request: ObjectWrite) -> bool:
    """Tell whether the world lacks what decides a write: its bucket, or the bucket's default."""
    found = world.bucket(request.bucket)
    if not isinstance(found, Bucket):
        return found is Presence.UNKNOWN
    if found.rule is None and request.sse is None and not uses_sse_c(request):
        return True
    return found.blocked is None and uses_sse_c(request)


def is_plain_known(world: World, bucket: str) -> bool:
    """Tell whether the bucket is known to exist or known to be absent."""
    found = world.bucket(bucket)
    return isinstance(found, Bucket) or found is Presence.ABSENT
