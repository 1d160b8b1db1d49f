"""CreateBucket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree as ET

from model import xml_text
from model.operation import Effect, Operation
from model.operations.delete_bucket import DeleteBucket
from model.request import BucketRequest
from model.world import SSE_C_BLOCKED_SINCE, Bucket, Presence

if TYPE_CHECKING:
    from model.answer import Answer
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

SSE_C_TYPE = "SSE-C"


@dataclass(frozen=True, kw_only=True)
class CreateBucket(BucketRequest, Operation):
    """Make a general purpose bucket."""

    operation: ClassVar[str] = "CreateBucket"
    method: ClassVar[str] = "PUT"

    location: str | None = None

    def content(self) -> bytes:
        """The location constraint, where one is asked for."""
        if self.location is None:
            return b""
        root = ET.Element("CreateBucketConfiguration", {"xmlns": xml_text.NAMESPACE})
        ET.SubElement(root, "LocationConstraint").text = self.location
        return xml_text.to_bytes(root)

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The location constraint of the document."""
        read = xml_text.read_fields(http.body) if http.body else {}
        return {"location": read.get("LocationConstraint")}

    def own_parameters(self) -> dict[str, Json]:
        """The location constraint."""
        if self.location is None:
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self.location}}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The location constraint."""
        wanted = left.pop("CreateBucketConfiguration", None)
        if not isinstance(wanted, dict):
            return {}
        return {"location": str(wanted["LocationConstraint"])}

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:  # noqa: ARG002
        """The deletion of the bucket."""
        return (DeleteBucket(bucket=self.bucket, secure=self.secure),)

    def is_unknown(self, world: World) -> bool:
        """Nothing is said here of a name that is taken."""
        return world.bucket(self.bucket) is not Presence.ABSENT

    def effects(
        self,
        world: World,
        encryption: ObjectEncryption | None,  # noqa: ARG002
    ) -> tuple[Effect, ...]:
        """The bucket exists; whether it blocks SSE-C may not be known (GP-BLK-02, GP-BLK-14)."""
        if isinstance(world.bucket(self.bucket), Bucket):
            return (Effect(world),)
        region = self.location or world.context.region or ""
        blocks = world.context.new_buckets_block_sse_c
        if world.context.as_of < SSE_C_BLOCKED_SINCE and blocks is None:
            blocks = False
        choices = (False, True) if blocks is None else (blocks,)
        return tuple(Effect(self._made(world, region, blocks=choice)) for choice in choices)

    def _made(self, world: World, region: str, *, blocks: bool) -> World:
        """Return the world with the new bucket; all new buckets of a world are alike."""
        context = replace(world.context, new_buckets_block_sse_c=blocks)
        blocked = frozenset({SSE_C_TYPE}) if blocks else frozenset()
        return replace(world, context=context).with_bucket(
            self.bucket, Bucket(region=region, blocked=blocked)
        )
