"""GetObjectAttributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree as ET

from model import xml_text
from model.listing import STRANGE, encryption_elements
from model.object_parts import PARTS, read_parts, write_parts
from model.operation import Effect, with_shown
from model.operations.object_read import ObjectReadOperation
from model.request import header
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

PARAMETER = "ObjectAttributes"
ETAG_ATTRIBUTE = "ETag"
SIZE_ATTRIBUTE = "ObjectSize"
KNOWN = frozenset({ETAG_ATTRIBUTE, SIZE_ATTRIBUTE, "StorageClass", "Checksum", PARTS})
_ROOT = "GetObjectAttributesResponse"


@dataclass(frozen=True, kw_only=True)
class GetObjectAttributes(ObjectReadOperation):
    """Read chosen attributes of an object; no header and no element shows its encryption."""

    operation: ClassVar[str] = "GetObjectAttributes"
    method: ClassVar[str] = "GET"
    sub_resource: ClassVar[str] = "attributes"

    object_attributes: str | None = header("x-amz-object-attributes", PARAMETER)

    @property
    def asked(self) -> frozenset[str]:
        """The names of the attributes that are asked for."""
        return frozenset(name.strip() for name in (self.object_attributes or "").split(","))

    def own_parameters(self) -> dict[str, Json]:
        """The attributes, which boto3 takes as a list."""
        if self.object_attributes is None:
            return {}
        return {PARAMETER: list(self.object_attributes.split(","))}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The attributes."""
        asked = left.get(PARAMETER)
        if not isinstance(asked, list):
            return {}
        left.pop(PARAMETER)
        return {"object_attributes": ",".join(str(name) for name in asked)}

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the object, and on names that S3 knows."""
        return super().is_unknown(world) or not self.asked <= KNOWN

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes, and nothing that is shown speaks of the encryption."""
        return Effect(world)

    def learn(self, world: World, answer: Answer) -> World:
        """The attributes tell nothing that later answers are held against."""
        del answer
        return world

    def doubted(self, world: World, answer: Answer, names: frozenset[str]) -> World:
        """Return the world with these elements, wrongly shown, noted on the version."""
        version = self.subject(world)
        if not isinstance(version, ObjectVersion):
            return world
        return self.with_subject(world, with_shown(version, {n: answer.text(n) for n in names}))

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The elements, as they stand there: an ETag has no quotation marks here."""
        told: dict[str, Value] = {STRANGE: encryption_elements(response.body)}
        try:
            root = xml_text.read(response.body)
        except xml_text.UnreadableXmlError:
            return told
        return {**xml_text.fields_of(root), **read_parts(root), **told}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the attributes that were asked for."""
        root = ET.Element(_ROOT, {"xmlns": xml_text.NAMESPACE})
        parts = write_parts(fields)
        for name in (ETAG_ATTRIBUTE, SIZE_ATTRIBUTE):
            if isinstance(value := fields.get(name), str):
                ET.SubElement(root, name).text = value
        if parts is not None:
            root.append(parts)
        return xml_text.to_bytes(root)
