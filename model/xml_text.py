"""The little XML that S3 speaks: read without trust, written by the standard library.

A document with a type declaration is not read at all: S3 sends none, and entities in one are the
way to make a reader swell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.parameter_values import Json

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


_ERROR = re.compile(rb"\s*(?:<\?xml[^>]*>)?\s*<Error[\s/>]")


class UnreadableXmlError(Exception):
    """The text is not well-formed XML, or declares a document type."""


def read(data: bytes) -> ET.Element:
    """Return the root element, its tags without name spaces; raises UnreadableXmlError."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableXmlError("the document declares a type")
    try:
        root = ET.fromstring(data)  # noqa: S314 - no type declaration, so no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise UnreadableXmlError(str(error)) from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def read_fields(data: bytes) -> dict[str, str]:
    """Return the text of the root's children by name, empty when the document is unreadable."""
    try:
        root = read(data)
    except UnreadableXmlError:
        return {}
    return fields_of(root)


def is_error(data: bytes) -> bool:
    """Tell whether a document is S3's for an error, even one of which the end is missing.

    Blanks may come before it: S3 sends them as long as a completion takes.
    """
    return _ERROR.match(data) is not None


def fields_of(root: ET.Element) -> dict[str, str]:
    """Return the text of the root's children by name."""
    return {child.tag: child.text or "" for child in root}


def read_nested(data: bytes) -> dict[str, Json]:
    """Return the root's children by name: the text of each, or the texts of its own children."""
    try:
        root = read(data)
    except UnreadableXmlError:
        return {}
    return {
        child.tag: {one.tag: one.text or "" for one in child} if len(child) else child.text or ""
        for child in root
    }


def document(root: str, fields: Mapping[str, str]) -> bytes:
    """Return a document whose root has one child a field, in order."""
    space = f' xmlns="{NAMESPACE}"' if root != "Error" else ""
    inside = "".join(_leaf(name, value) for name, value in fields.items())
    whole = f"<{root}{space}>{inside}</{root}>" if inside else f"<{root}{space} />"
    return _DECLARATION + whole.encode("utf-8", "xmlcharrefreplace")


def _leaf(name: str, text: str) -> str:
    """Return an element as the standard library writes it, which takes much longer."""
    return f"<{name}>{text.translate(_ESCAPED)}</{name}>" if text else f"<{name} />"


def to_bytes(element: ET.Element) -> bytes:
    """Return the element as a document in UTF-8 with its declaration."""
    return bytes(ET.tostring(element, encoding="UTF-8", xml_declaration=True))
