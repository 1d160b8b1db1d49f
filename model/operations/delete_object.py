"""DeleteObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.operation import Effect, Operation
from model.operations.put_object import is_plain_known
from model.request import ObjectRequest
from model.world import Presence

if TYPE_CHECKING:
    from model.messages import HttpRequest
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class DeleteObject(ObjectRequest, Operation):
    """Remove an object of a bucket without versioning."""

    operation: ClassVar[str] = "DeleteObject"
    method: ClassVar[str] = "DELETE"
    success_status: ClassVar[int] = 204

    @classmethod
    def parse(
        cls, http: HttpRequest, fields: dict[str, str | None], *, secure: bool
    ) -> DeleteObject:
        """Read the typed request from its HTTP form."""
        return cls(bucket=http.bucket, object_key=fields["object_key"] or "", secure=secure)

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone: a missing object is deleted with success."""
        return not is_plain_known(world, self.bucket)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The object is gone."""
        return Effect(world.with_object(self.bucket, self.object_key, Presence.ABSENT))
