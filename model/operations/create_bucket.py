"""CreateBucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple
from xml.etree import ElementTree as ET

from model import xml_text
from model.bucket_kind import DIRECTORY_SUFFIX, BucketKind, bucket_kind
from model.operation import Effect, Operation
from model.operations.delete_bucket import DeleteBucket
from model.replacing import replace
from model.request import BucketRequest
from model.stored import Presence
from model.world import SSE_C_BLOCKED_SINCE, Bucket

if TYPE_CHECKING:
    from model.answer import Answer
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

SSE_C_TYPE = "SSE-C"


class Layout(NamedTuple):
    """Where and how a directory bucket is made (DB-068)."""

    zone: str
    zone_type: str = "AvailabilityZone"
    redundancy: str = "SingleAvailabilityZone"
    bucket_type: str = "Directory"

    def to_json(self) -> dict[str, Json]:
        """Return the members in boto3's form, in the order of the document."""
        return {
            "Location": {"Type": self.zone_type, "Name": self.zone},
            "Bucket": {"DataRedundancy": self.redundancy, "Type": self.bucket_type},
        }

    @classmethod
    def from_json(cls, read: Json) -> Layout | None:
        """Return the layout of a configuration in that form, None where it holds none."""
        wanted = read if isinstance(read, dict) else {}
        location, bucket = wanted.get("Location"), wanted.get("Bucket")
        if not isinstance(location, dict) or not isinstance(bucket, dict):
            return None
        texts = (location.get("Name"), location.get("Type"))
        return cls(
            *(str(t or "") for t in (*texts, bucket.get("DataRedundancy"), bucket.get("Type")))
        )


@dataclass(frozen=True, kw_only=True)
class CreateBucket(BucketRequest, Operation):
    """Make a general purpose bucket, or with a layout a directory bucket."""

    operation: ClassVar[str] = "CreateBucket"
    method: ClassVar[str] = "PUT"

    location: str | None = None
    layout: Layout | None = None

    def content(self) -> bytes:
        """The location constraint or the layout, where one is asked for."""
        wanted = self._configuration()
        if not wanted:
            return b""
        root = ET.Element("CreateBucketConfiguration", {"xmlns": xml_text.NAMESPACE})
        for name, value in wanted.items():
            element = ET.SubElement(root, name)
            if isinstance(value, dict):
                for member, text in value.items():
                    ET.SubElement(element, member).text = str(text)
            else:
                element.text = str(value)
        return xml_text.to_bytes(root)

    def _configuration(self) -> dict[str, Json]:
        wanted: dict[str, Json] = {} if self.layout is None else self.layout.to_json()
        return wanted if self.location is None else {"LocationConstraint": self.location, **wanted}

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The location constraint and the layout of the document."""
        read = xml_text.read_nested(http.body) if http.body else {}
        location = read.get("LocationConstraint")
        return {
            "location": location if isinstance(location, str) else None,
            "layout": Layout.from_json(read),
        }

    def own_parameters(self) -> dict[str, Json]:
        """The location constraint and the layout."""
        wanted = self._configuration()
        return {"CreateBucketConfiguration": wanted} if wanted else {}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The location constraint and the layout."""
        wanted = left.pop("CreateBucketConfiguration", None)
        if not isinstance(wanted, dict):
            return {}
        layout = Layout.from_json(wanted)
        named = wanted.get("LocationConstraint") if layout else wanted["LocationConstraint"]
        return {"location": None if named is None else str(named), "layout": layout}

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
        if bucket_kind(self.bucket) is BucketKind.DIRECTORY:
            made = Bucket(region=world.context.region or "", kind=BucketKind.DIRECTORY)
            return (Effect(world.with_bucket(self.bucket, made)),)
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


def directory_bucket(name: str, *, secure: bool = True) -> CreateBucket:
    """Return the making of a directory bucket in the zone that its name tells."""
    zone = name.removesuffix(DIRECTORY_SUFFIX).rpartition("--")[2]
    return CreateBucket(bucket=name, layout=Layout(zone), secure=secure)
