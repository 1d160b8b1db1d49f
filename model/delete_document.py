"""The documents of DeleteObjects: what is to be deleted, and what was."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from model import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from model.matchers import Value
    from model.parameter_values import Json

ROOT = "Delete"
DELETED = "Deleted"
ERROR = "Error"
IS_MARKER = "DeleteMarker"
MARKER_ID = "DeleteMarkerVersionId"
OF = " of "


class Named(NamedTuple):
    """An object, or one of its versions, that is to be deleted."""

    object_key: str
    version_id: str | None = None


class Deletion(NamedTuple):
    """What a document asks for; ``quiet``: only errors are to be told of."""

    named: tuple[Named, ...]
    quiet: bool = False


def read_deletion(data: bytes) -> Deletion | None:
    """Return what a document asks for, None where it is no such document."""
    try:
        root = xml_text.read(data)
    except xml_text.UnreadableXmlError:
        return None
    if root.tag != ROOT:
        return None
    told = [{child.tag: child.text or "" for child in e} for e in root.findall("Object")]
    if not all(one.get("Key") for one in told):
        return None
    named = tuple(Named(one["Key"], one.get("VersionId")) for one in told)
    return Deletion(named, quiet=(root.findtext("Quiet") or "").strip() == "true")


def write_deletion(deletion: Deletion) -> bytes:
    """Return the document that asks for it."""
    root = ET.Element(ROOT, {"xmlns": xml_text.NAMESPACE})
    for one in deletion.named:
        element = ET.SubElement(root, "Object")
        ET.SubElement(element, "Key").text = one.object_key
        if one.version_id is not None:
            ET.SubElement(element, "VersionId").text = one.version_id
    if deletion.quiet:
        ET.SubElement(root, "Quiet").text = "true"
    return xml_text.to_bytes(root)


def deletion_to_json(deletion: Deletion) -> Json:
    """Return it in boto3's form."""
    objects: list[Json] = []
    for one in deletion.named:
        shown: dict[str, Json] = {"Key": one.object_key}
        if one.version_id is not None:
            shown["VersionId"] = one.version_id
        objects.append(shown)
    whole: dict[str, Json] = {"Objects": objects}
    return {**whole, "Quiet": True} if deletion.quiet else whole


def deletion_from_json(value: Json) -> Deletion:
    """Return what boto3's form asks for; raises TypeError and KeyError."""
    if not isinstance(value, dict):
        raise TypeError("Delete must be an object")
    objects = value.get("Objects")
    named: list[Named] = []
    for one in objects if isinstance(objects, list) else []:
        if not isinstance(one, dict):
            raise TypeError("an object to delete must be an object")
        version_id = one.get("VersionId")
        named.append(Named(str(one["Key"]), None if version_id is None else str(version_id)))
    return Deletion(tuple(named), quiet=value.get("Quiet") is True)


def field_of(what: str, object_key: str) -> str:
    """Return the field that says something of an object that was, or was not, deleted."""
    return what + OF + object_key


def read_result(data: bytes) -> dict[str, Value]:
    """Return what an answer tells: of each object whether it was deleted, and of markers."""
    try:
        root = xml_text.read(data)
    except xml_text.UnreadableXmlError:
        return {}
    fields: dict[str, Value] = {}
    for element in root:
        told = {child.tag: child.text or "" for child in element}
        name = told.get("Key", "")
        if element.tag == ERROR:
            fields[field_of(ERROR, name)] = told.get("Code", "")
        elif element.tag == DELETED:
            fields[field_of(DELETED, name)] = "yes"
            for what in (IS_MARKER, MARKER_ID):
                if what in told:
                    fields[field_of(what, name)] = told[what]
    return fields


def write_result(deletion: Deletion, fields: Mapping[str, Value]) -> bytes:
    """Return the document of an answer that shows these fields."""
    root = ET.Element("DeleteResult", {"xmlns": xml_text.NAMESPACE})
    for one in deletion.named:
        error = fields.get(field_of(ERROR, one.object_key))
        if not isinstance(error, str) and fields.get(field_of(DELETED, one.object_key)) is None:
            continue
        element = ET.SubElement(root, ERROR if isinstance(error, str) else DELETED)
        told = {"Key": one.object_key, "VersionId": one.version_id, "Code": error}
        told |= {what: _text(fields, what, one.object_key) for what in (IS_MARKER, MARKER_ID)}
        for name, text in told.items():
            if isinstance(text, str):
                ET.SubElement(element, name).text = text
    return xml_text.to_bytes(root)


def _text(fields: Mapping[str, Value], what: str, object_key: str) -> str | None:
    value = fields.get(field_of(what, object_key))
    return value if isinstance(value, str) else None


def distinct(named: Iterable[Named]) -> bool:
    """Tell whether no object is named twice: of two deletions of one, the order is not told."""
    keys = [one.object_key for one in named]
    return len(set(keys)) == len(keys)
