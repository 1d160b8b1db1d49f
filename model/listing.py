"""Listings of a bucket: their entries as fields of an answer, and their documents, both ways.

A field speaks of one entry (``Size of dir/a``, ``ETag of version v of dir/a``), so that a wrong
one is told by what is wrong with it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote_plus
from xml.etree import ElementTree as ET

from model import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from model.matchers import Value
    from model.parameter_values import Json

ENTRY = "entry"
SIZE = "Size"
ETAG = "ETag"
LATEST = "IsLatest"
NAMES = "list"
STRANGE = "encryption elements"
OF = " of "
VERSION_OF = "version "

OBJECT = "Contents"
VERSION = "Version"
MARKER = "DeleteMarker"
_KINDS = (OBJECT, VERSION, MARKER)
_DATE = "2026-01-01T00:00:00.000Z"


class Entry(NamedTuple):
    """One entry of a listing; ``kind`` is its element, ``version_id`` None in a plain listing."""

    kind: str
    object_key: str
    version_id: str | None = None
    size: str | None = None
    etag: str | None = None
    is_latest: str | None = None

    @property
    def name(self) -> str:
        """The name by which fields speak of it."""
        return name_of(self.object_key, self.version_id)


def name_of(object_key: str, version_id: str | None = None) -> str:
    """Return the name of an object, or of one of its versions, in fields."""
    if version_id is None:
        return object_key
    return f"{VERSION_OF}{version_id}{OF}{object_key}"


def field_of(what: str, name: str) -> str:
    """Return the field that says something of the entry of that name."""
    return what + OF + name


def read_entries(data: bytes, *, url_encoded: bool) -> tuple[Entry, ...] | None:
    """Return the entries of a listing in their order, None where it is no readable document."""
    try:
        root = xml_text.read(data)
    except xml_text.UnreadableXmlError:
        return None
    found = ((e.tag, {child.tag: child.text or "" for child in e}) for e in root)
    return tuple(_entry(kind, told, url_encoded) for kind, told in found if kind in _KINDS)


def _entry(kind: str, told: Mapping[str, str], url_encoded: bool) -> Entry:
    object_key = told.get("Key", "")
    etag = told.get(ETAG)
    return Entry(
        kind=kind,
        object_key=unquote_plus(object_key) if url_encoded else object_key,
        version_id=None if kind == OBJECT else told.get("VersionId", ""),
        size=told.get(SIZE),
        etag=None if etag is None else etag.strip('"'),
        is_latest=told.get(LATEST),
    )


def entries_of_parameters(body: Mapping[str, Json]) -> tuple[Entry, ...]:
    """Return the entries of a listing as boto3 returns it."""
    found: list[Entry] = []
    for kind, member in ((OBJECT, OBJECT), (VERSION, "Versions"), (MARKER, "DeleteMarkers")):
        listed = body.get(member)
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict):
                told = {n: _text(v) for n, v in one.items() if isinstance(v, str | int)}
                found.append(_entry(kind, told, url_encoded=False))
    return tuple(found)


def _text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def fields_of(entries: Iterable[Entry]) -> dict[str, Value]:
    """Return the fields that these entries give, and the names of all."""
    fields: dict[str, Value] = {}
    names: list[str] = []
    for entry in entries:
        names.append(entry.name)
        fields[field_of(ENTRY, entry.name)] = entry.kind
        told = {SIZE: entry.size, ETAG: entry.etag, LATEST: entry.is_latest}
        fields |= {field_of(what, entry.name): v for what, v in told.items() if v is not None}
    return {**fields, NAMES: json.dumps(sorted(names))}


def read_names(text: Value) -> tuple[str, ...]:
    """Return the names that the field of all names holds."""
    return tuple(json.loads(text)) if isinstance(text, str) else ()


def entries_in(fields: Mapping[str, Value], usual_kind: str) -> Iterator[Entry]:
    """Yield the entries that fields speak of; a name of which nothing is said is of that kind."""
    named = dict.fromkeys(read_names(fields.get(NAMES)))
    prefix = field_of(ENTRY, "")
    named |= {f.removeprefix(prefix): None for f in fields if f.startswith(prefix)}
    for name in named:
        kind = fields.get(field_of(ENTRY, name), usual_kind)
        if not isinstance(kind, str):
            continue
        told = {what: fields.get(field_of(what, name)) for what in (SIZE, ETAG, LATEST)}
        text = {what: value for what, value in told.items() if isinstance(value, str)}
        object_key, version_id = split_name(name, versioned=kind != OBJECT)
        yield Entry(kind, object_key, version_id, text.get(SIZE), text.get(ETAG), text.get(LATEST))


def split_name(name: str, *, versioned: bool) -> tuple[str, str | None]:
    """Return the object key and the version id of a name."""
    if not versioned:
        return name, None
    version_id, _, object_key = name.removeprefix(VERSION_OF).partition(OF)
    return object_key, version_id


def write_document(root: str, bucket: str, entries: Iterable[Entry], *, url_encoded: bool) -> bytes:
    """Return the document of a listing."""
    element = ET.Element(root, {"xmlns": xml_text.NAMESPACE})
    told = {"Name": bucket, "Prefix": "", "MaxKeys": "1000", "IsTruncated": "false"}
    if url_encoded:
        told["EncodingType"] = "url"
    _add_all(element, told)
    for entry in sorted(entries, key=lambda e: e.object_key):
        parts = {"Key": quote(entry.object_key) if url_encoded else entry.object_key}
        if entry.version_id is not None:
            parts |= {"VersionId": entry.version_id, LATEST: entry.is_latest or "false"}
        parts["LastModified"] = _DATE
        if entry.kind != MARKER:
            parts |= {ETAG: f'"{entry.etag or ""}"', SIZE: entry.size or "0"}
            parts["StorageClass"] = "STANDARD"
        _add_all(ET.SubElement(element, entry.kind), parts)
    return xml_text.to_bytes(element)


def _add_all(element: ET.Element, parts: Mapping[str, str]) -> None:
    for name, text in parts.items():
        ET.SubElement(element, name).text = text


def encryption_elements(data: bytes) -> str | None:
    """Return the names of a document's elements that speak of encryption, None where none do."""
    try:
        root = xml_text.read(data)
    except xml_text.UnreadableXmlError:
        return None
    tags = dict.fromkeys(element.tag for element in root.iter())
    return ", ".join(t for t in tags if t.startswith("SSE") or "Encrypt" in t or "KMS" in t) or None


def is_truncated(data: bytes) -> bool:
    """Tell whether a listing says that it is only a part of the whole."""
    return xml_text.read_fields(data).get("IsTruncated", "").strip().lower() == "true"
