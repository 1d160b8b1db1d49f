"""The document that lists the parts of an upload, read as it came and written anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from model import xml_text
from model.parameter_values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.parameter_values import Json

_ROOT = "CompleteMultipartUpload"
_NUMBER = re.compile(r"-?[0-9]{1,9}")


class ListedPart(NamedTuple):
    """One part of the list: its number, the ETag as sent, and whether checksums stand beside."""

    number: int
    etag_text: str
    has_checksum: bool = False

    @property
    def etag(self) -> str:
        """The ETag without its quotation marks."""
        return self.etag_text.strip('"')


def read_completion(document: bytes) -> tuple[ListedPart, ...] | None:
    """Return the parts that the document lists, or None when it is no such document."""
    try:
        root = xml_text.read(document)
    except xml_text.UnreadableXmlError:
        return None
    if root.tag != _ROOT:
        return None
    parts = []
    for element in root:
        texts = {child.tag: (child.text or "").strip() for child in element}
        number = texts.get("PartNumber", "")
        if element.tag != "Part" or "ETag" not in texts or not _NUMBER.fullmatch(number):
            return None
        has_checksum = any(name.startswith("Checksum") for name in texts)
        parts.append(ListedPart(int(number), texts["ETag"], has_checksum))
    return tuple(parts)


def write_completion(parts: Iterable[ListedPart]) -> bytes:
    """Return the document that lists these parts; checksums are left out."""
    root = ET.Element(_ROOT, {"xmlns": xml_text.NAMESPACE})
    for part in parts:
        element = ET.SubElement(root, "Part")
        ET.SubElement(element, "ETag").text = part.etag_text
        ET.SubElement(element, "PartNumber").text = str(part.number)
    return xml_text.to_bytes(root)


def part_to_json(part: ListedPart) -> Json:
    """Return a part as the boto3 parameter has it."""
    return {"ETag": part.etag_text, "PartNumber": part.number}


def part_from_json(value: Json) -> ListedPart:
    """Return the part of a boto3 parameter; raises TypeError, ValueError and KeyError."""
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no part")
    has_checksum = any(name.startswith("Checksum") for name in value)
    return ListedPart(int(text_of(value["PartNumber"])), text_of(value["ETag"]), has_checksum)
