"""ListParts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree as ET

from model import xml_text
from model.operation import Effect, Operation
from model.operations.upload_in_progress import learn_absence, upload_named
from model.request import CUSTOMER_ALGORITHM, CUSTOMER_KEY, CUSTOMER_KEY_MD5, UploadRequest, header
from model.stored import MultipartUpload, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World

NUMBERS = "PartNumber"
ETAGS = "ETag"
SIZES = "Size"
_ELEMENTS = (NUMBERS, ETAGS, SIZES)


@dataclass(frozen=True, kw_only=True)
class ListParts(UploadRequest, Operation):
    """Show the parts of an upload; it may carry the customer's key, and needs none."""

    operation: ClassVar[str] = "ListParts"
    method: ClassVar[str] = "GET"
    needs: ClassVar[frozenset[str]] = frozenset({"uploadId"})

    customer_algorithm: str | None = header(CUSTOMER_ALGORITHM, "SSECustomerAlgorithm")
    customer_key: str | None = header(CUSTOMER_KEY, "SSECustomerKey")
    customer_key_md5: str | None = header(CUSTOMER_KEY_MD5, "SSECustomerKeyMD5")

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the upload alone."""
        return upload_named(world, self) is Presence.UNKNOWN

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes."""
        return Effect(world)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown upload is not there."""
        return learn_absence(world, self, answer)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The numbers, ETags and sizes of the parts, each as one text with commas between."""
        try:
            root = xml_text.read(response.body)
        except xml_text.UnreadableXmlError:
            return {}
        parts = [
            {child.tag: (child.text or "").strip() for child in element}
            for element in root
            if element.tag == "Part"
        ]
        return {
            name: ",".join(part.get(name, "").strip('"') for part in parts) for name in _ELEMENTS
        }

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:
        """The document with the parts; what the fields leave out comes from the world."""
        root = ET.Element("ListPartsResult", {"xmlns": xml_text.NAMESPACE})
        for name, text in (
            ("Bucket", self.bucket),
            ("Key", self.object_key),
            ("UploadId", self.upload_id or ""),
            ("IsTruncated", "false"),
        ):
            ET.SubElement(root, name).text = text
        columns = [(fields.get(name) or listed(world, self).get(name)) for name in _ELEMENTS]
        texts = [column.split(",") if isinstance(column, str) else [] for column in columns]
        for row in zip(*texts, strict=False):
            element = ET.SubElement(root, "Part")
            for name, text in zip(_ELEMENTS, row, strict=True):
                ET.SubElement(element, name).text = f'"{text}"' if name == ETAGS else text
        return xml_text.to_bytes(root)


def listed(world: World, request: ListParts) -> dict[str, str | None]:
    """Return what a list of the upload's parts shows, None for what is not known."""
    upload = upload_named(world, request)
    if not isinstance(upload, MultipartUpload) or upload.has_odd_parts:
        return dict.fromkeys(_ELEMENTS)
    if not upload.parts:
        return {**dict.fromkeys(_ELEMENTS), NUMBERS: ""}
    parts = [upload.parts[number] for number in sorted(upload.parts)]
    sizes = [None if part.body is None else str(len(part.body)) for part in parts]
    known = [part.etag for part in parts]
    return {
        NUMBERS: None if None in sizes else ",".join(str(n) for n in sorted(upload.parts)),
        ETAGS: _joined(known),
        SIZES: _joined(sizes),
    }


def _joined(texts: list[str | None]) -> str | None:
    known = [text for text in texts if text is not None]
    return ",".join(known) if len(known) == len(texts) else None
