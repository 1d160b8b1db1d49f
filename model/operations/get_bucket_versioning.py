"""GetBucketVersioning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.operation import Effect, Operation
from model.operations.object_write import is_plain_known
from model.operations.put_bucket_versioning import CONFIGURATION, STATUS
from model.request import BucketConfiguration
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class GetBucketVersioning(BucketConfiguration, Operation):
    """Show whether a bucket keeps the versions of its objects."""

    operation: ClassVar[str] = "GetBucketVersioning"
    method: ClassVar[str] = "GET"
    sub_resource: ClassVar[str] = "versioning"

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone."""
        return not is_plain_known(world, self.bucket)

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes."""
        return Effect(world)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt what was not known."""
        if world.existing(self.bucket).versioning is not None:
            return world
        return self.doubted(world, answer)

    def doubted(self, world: World, answer: Answer) -> World:
        """Return the world with what the answer shows, whatever was put."""
        shown = answer.value(STATUS)
        bucket = world.existing(self.bucket)
        versioning = Versioning.NEVER if shown is None else None
        if shown in set(Versioning):
            versioning = Versioning(str(shown))
        return world.with_bucket(self.bucket, replace(bucket, versioning=versioning))

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The status, which is missing where versioning was never enabled."""
        return {STATUS: xml_text.read_fields(response.body).get(STATUS)}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the status."""
        status = fields.get(STATUS)
        return xml_text.document(CONFIGURATION, {STATUS: status} if isinstance(status, str) else {})
