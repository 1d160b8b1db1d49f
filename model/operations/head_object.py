"""HeadObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.answer import ETAG
from model.operation import Effect, Operation, learn_version
from model.operations.get_object import is_obscure, learn_absence, shown_version
from model.request import ObjectRead, header

if TYPE_CHECKING:
    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class HeadObject(ObjectRead, Operation):
    """Read an object's metadata."""

    operation: ClassVar[str] = "HeadObject"
    method: ClassVar[str] = "HEAD"

    checksum_mode: str | None = header("x-amz-checksum-mode", "ChecksumMode")

    @classmethod
    def parse(cls, http: HttpRequest, fields: dict[str, str | None], *, secure: bool) -> HeadObject:
        """Read the typed request from its HTTP form."""
        key = fields.pop("object_key") or ""
        return cls(bucket=http.bucket, object_key=key, secure=secure, **fields)

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the object, and on how it is encrypted."""
        return is_obscure(world.object(self.bucket, self.object_key))

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes; the answer shows the current version."""
        return Effect(world, shown_version(world, self.bucket, self.object_key))

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt what was not known of the object."""
        return learn_version(world, self.bucket, self.object_key, answer)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown object is absent."""
        return learn_absence(world, self.bucket, self.object_key, answer)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ETag; an answer to HEAD has no body."""
        etag = response.header("etag")
        return {ETAG: etag.strip('"')} if etag else {}
