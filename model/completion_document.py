"""The document that lists the parts of an upload, read as it came and written anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from model import xml_text
from model.parameter_values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from model.parameter_values import Json

_CHECKSUM = "Checksum"
_ROOT = "CompleteMultipartUpload"
_NUMBER = re.compile(r"-?[0-9]{1,9}")


class ListedPart(NamedTuple):
    """One part of the list: its number, and the ETag and the checksums as sent.

    ``checksums`` are pairs of an element's name (``ChecksumCRC32``) and its text.
    """

    number: int
    etag_text: str
    checksums: tuple[tuple[str, str], ...] = ()

    @property
    def has_checksum(self) -> bool:
        """Whether checksums stand beside the ETag."""
        return bool(self.checksums)

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
        parts.append(ListedPart(int(number), texts["ETag"], _checksums_of(texts)))
    return tuple(parts)


def write_completion(parts: Iterable[ListedPart]) -> bytes:
    """Return the document that lists these parts."""
    root = ET.Element(_ROOT, {"xmlns": xml_text.NAMESPACE})
    for part in parts:
        element = ET.SubElement(root, "Part")
        ET.SubElement(element, "ETag").text = part.etag_text
        ET.SubElement(element, "PartNumber").text = str(part.number)
        for name, text in part.checksums:
            ET.SubElement(element, name).text = text
    return xml_text.to_bytes(root)


def part_to_json(part: ListedPart) -> Json:
    """Return a part as the boto3 parameter has it."""
    return {"ETag": part.etag_text, "PartNumber": part.number, **dict(part.checksums)}


def part_from_json(value: Json) -> ListedPart:
    """Return the part of a boto3 parameter; raises TypeError, ValueError and KeyError."""
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no part")
    texts = {n: text_of(v) for n, v in value.items() if n.startswith(_CHECKSUM) and v is not None}
    number, etag_text = int(text_of(value["PartNumber"])), text_of(value["ETag"])
    return ListedPart(number, etag_text, _checksums_of(texts))


def _checksums_of(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in texts.items() if name.startswith(_CHECKSUM))
