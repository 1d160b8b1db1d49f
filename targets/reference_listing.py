"""The S3 requests that the model does not speak of and clients need: lists, a look at a bucket."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree as ET

from model import xml_text
from model.bucket_kind import BucketKind
from model.messages import HttpResponse
from model.stored import DeleteMarker, ObjectVersion
from model.world import Bucket
from targets.reference_dressing import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from model.messages import HttpRequest
    from model.world import World
    from targets.reference_shelf import Shelf

_PAGE, _BUCKET_PAGE = 1000, 10_000
_OK, _BAD_REQUEST, _NOT_FOUND, _NOT_IMPLEMENTED = 200, 400, 404, 501
_FIRST_REGION = "us-east-1"
_STANDARD = "STANDARD"
_OWNER_ID = "0" * 64
_EACH = frozenset({"delimiter", "encoding-type", "max-keys", "prefix", "x-id"})
_OBJECTS = _EACH | {"continuation-token", "fetch-owner", "list-type", "marker", "start-after"}
_VERSIONS = _EACH | {"key-marker", "version-id-marker", "versions"}
_BUCKETS = frozenset({"bucket-region", "continuation-token", "max-buckets", "prefix", "x-id"})


_ENTRIES = frozenset({"Contents", "DeleteMarker", "Version"})


class _BadArgument(Exception):  # noqa: N818 - the error that S3 answers with
    """A value in the query of which no list can be made."""


def answer_beside_the_model(http: HttpRequest, world: World, shelf: Shelf) -> HttpResponse:
    """Answer a list, HeadBucket and GetBucketLocation; anything else is not implemented."""
    query = dict(http.query)
    if http.path in {"", "/"} and http.method in {"GET", "HEAD"}:
        try:
            answer = _answer(http, _Lister(world, shelf, query))
        except _BadArgument as error:
            return refusal(_BAD_REQUEST, "InvalidArgument", str(error))
        if answer is not None:
            return answer
    asked = quote("&".join(query), safe="&")
    what = f"{http.method} {http.path}{'?' if asked else ''}{asked}"
    message = f"The reference does not serve {what}, with these headers."
    return refusal(_NOT_IMPLEMENTED, "NotImplemented", message)


def complete(
    body: bytes, http: HttpRequest, world: World, shelf: Shelf, *, as_it_is: bool
) -> bytes:
    """Return the list of the model with all that a client expects in it beside.

    A list of the world as it is says all that the model asks for. Where something of the model is
    left out, what the model's list says stands, and only what it lacks is added.
    """
    names = dict(http.query).keys()
    if http.method != "GET" or http.path not in {"", "/"} or not http.bucket:
        return body
    if not (names <= _OBJECTS or names <= _VERSIONS):
        return body
    own = answer_beside_the_model(http, world, shelf)
    if own.status != _OK:
        return body
    if as_it_is:
        return own.body
    try:
        whole, shown = xml_text.read(own.body), xml_text.read(body)
    except xml_text.UnreadableXmlError:  # an object key that XML cannot hold
        return body
    entries = {_name_of(entry): entry for entry in whole}
    for entry in shown:
        _fill(entry, entries.get(_name_of(entry), ()))
    _fill(shown, [child for child in whole if child.tag not in _ENTRIES])
    shown.set("xmlns", xml_text.NAMESPACE)
    return xml_text.to_bytes(shown)


def _name_of(entry: ET.Element) -> tuple[str | None, ...]:
    return entry.tag, entry.findtext("Key"), entry.findtext("VersionId")


def _fill(element: ET.Element, children: Iterable[ET.Element]) -> None:
    """Add those children of whose kind there is none."""
    there = {child.tag for child in element}
    element.extend(child for child in children if child.tag not in there)


def _answer(http: HttpRequest, lister: _Lister) -> HttpResponse | None:
    names = lister.query.keys()
    if not http.bucket:
        return lister.buckets() if http.method == "GET" and names <= _BUCKETS else None
    looks = http.method == "HEAD" and names <= {"x-id"}
    if not (looks or "location" in names or names <= _OBJECTS or names <= _VERSIONS):
        return None
    bucket = lister.world.bucket(http.bucket)
    if not isinstance(bucket, Bucket):
        return refusal(_NOT_FOUND, "NoSuchBucket", "There is no bucket of that name.")
    if http.method == "HEAD":
        headers = (("x-amz-bucket-region", bucket.region), ("x-amz-access-point-alias", "false"))
        return HttpResponse(_OK, headers) if looks else None
    if "location" in names:
        root = ET.Element("LocationConstraint", {"xmlns": xml_text.NAMESPACE})
        root.text = None if bucket.region == _FIRST_REGION else bucket.region
        return _document(root)
    if "versions" in names:
        return lister.versions(http.bucket, bucket)
    return lister.objects(http.bucket, bucket)


class _Row(NamedTuple):
    """One entry of a list: its name, what tells it from others of that name, and its element."""

    name: str
    mark: str
    element: ET.Element


class _Page(NamedTuple):
    """What a list shows at once; ``last`` is the last thing in it, where more follows."""

    rows: tuple[_Row, ...]
    prefixes: tuple[str, ...]
    last: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class _Lister:
    """Makes the lists that a query asks for."""

    world: World
    shelf: Shelf
    query: Mapping[str, str]

    def buckets(self) -> HttpResponse:
        """Return ListBuckets, or ListDirectoryBuckets where that is asked for by its name."""
        directories = self.query.get("x-id") == "ListDirectoryBuckets"
        kind = BucketKind.DIRECTORY if directories else BucketKind.GENERAL_PURPOSE
        wanted = self.query.get("bucket-region")
        rows = []
        for name, bucket in sorted(self.world.buckets.items()):
            if isinstance(bucket, Bucket) and bucket.kind is kind:
                if wanted not in {None, bucket.region}:
                    continue
                element = ET.Element("Bucket")
                _add(element, "Name", name)
                _add(element, "CreationDate", _stamp(self.shelf.created(name)))
                _add(element, "BucketRegion", bucket.region)
                rows.append(_Row(name, "", element))
        after = _decoded(self.query.get("continuation-token"))
        page = self._page(rows, (after, ""), self._number("max-buckets", _BUCKET_PAGE))
        word = "Directory" if directories else ""
        root = ET.Element(f"ListAllMy{word}BucketsResult", {"xmlns": xml_text.NAMESPACE})
        _add(ET.SubElement(root, "Owner"), "ID", _OWNER_ID)
        ET.SubElement(root, "Buckets").extend(row.element for row in page.rows)
        if self.query.get("prefix"):
            _add(root, "Prefix", self.query["prefix"])
        if page.last is not None:
            _add(root, "ContinuationToken", _encoded(page.last[0]))
        return _document(root)

    def objects(self, name: str, bucket: Bucket) -> HttpResponse:
        """Return ListObjectsV2, or ListObjects where no type of list is named."""
        second = "list-type" in self.query
        rows = [
            _Row(object_key, "", self._object("Contents", name, object_key, version))
            for object_key, version in sorted(bucket.objects.items())
            if isinstance(version, ObjectVersion)
        ]
        marker = self.query.get("start-after" if second else "marker", "")
        token = self.query.get("continuation-token") if second else None
        after = _decoded(token) if token is not None else marker
        page = self._page(rows, (after, ""), self._number("max-keys", _PAGE))
        root = self._root("ListBucketResult", name, page)
        following = None if page.last is None else page.last[0]
        if second:
            _add(root, "KeyCount", str(len(page.rows) + len(page.prefixes)))
            _add(root, "StartAfter", self._coded(marker) if marker else None)
            _add(root, "ContinuationToken", token)
            _add(root, "NextContinuationToken", following and _encoded(following))
        else:
            _add(root, "Marker", self._coded(marker))
            _add(root, "NextMarker", following and self._coded(following))
        return self._finished(root, page)

    def versions(self, name: str, bucket: Bucket) -> HttpResponse:
        """Return ListObjectVersions."""
        rows = []
        for object_key in sorted({*bucket.objects, *bucket.versions}):
            newest = True
            for version in bucket.row(object_key):
                if isinstance(version, ObjectVersion | DeleteMarker):
                    kind = "Version" if isinstance(version, ObjectVersion) else "DeleteMarker"
                    element = self._object(kind, name, object_key, version)
                    _add(element, "VersionId", version.version_id)
                    _add(element, "IsLatest", "true" if newest else "false")
                    rows.append(_Row(object_key, version.version_id or "", element))
                newest = False
        marker, version_id = self.query.get("key-marker", ""), self.query.get("version-id-marker")
        page = self._page(rows, (marker, version_id or ""), self._number("max-keys", _PAGE))
        root = self._root("ListVersionsResult", name, page)
        _add(root, "KeyMarker", self._coded(marker))
        _add(root, "VersionIdMarker", version_id or "")
        if page.last is not None:
            _add(root, "NextKeyMarker", self._coded(page.last[0]))
            _add(root, "NextVersionIdMarker", page.last[1] or None)
        return self._finished(root, page)

    def _object(
        self, tag: str, bucket: str, object_key: str, version: ObjectVersion | DeleteMarker
    ) -> ET.Element:
        element = ET.Element(tag)
        _add(element, "Key", self._coded(object_key))
        _add(element, "LastModified", _stamp(self.shelf.of(bucket, object_key, version).modified))
        if isinstance(version, ObjectVersion):
            _add(element, "ETag", f'"{version.etag}"')
            _add(element, "Size", str(len(version.body or b"")))
            _add(element, "StorageClass", version.storage_class or _STANDARD)
        if "list-type" not in self.query or self.query.get("fetch-owner") == "true":
            _add(ET.SubElement(element, "Owner"), "ID", _OWNER_ID)
        return element

    def _page(self, rows: Iterable[_Row], after: tuple[str, str], limit: int) -> _Page:
        """Return the rows behind a name (and mark), rolled up at the delimiter."""
        prefix, delimiter = self.query.get("prefix", ""), self.query.get("delimiter", "")
        shown: list[_Row] = []
        rolled: list[str] = []
        last: tuple[str, str] | None = None
        passed = not after[1]
        for row in rows:
            if row.name == after[0] and not passed:
                passed = row.mark == after[1]
                continue
            common = _common(row.name, prefix, delimiter)
            is_behind = row.name > after[0] or (row.name == after[0] and bool(after[1]))
            if not row.name.startswith(prefix) or not is_behind or common in rolled:
                continue
            if common and after[0].startswith(common):
                continue
            if len(shown) + len(rolled) >= limit:
                return _Page(tuple(shown), tuple(rolled), last)
            last = (common, "") if common else row[:2]
            if common:
                rolled.append(common)
            else:
                shown.append(row)
        return _Page(tuple(shown), tuple(rolled), None)

    def _number(self, name: str, most: int) -> int:
        text = self.query.get(name, str(most))
        if not text.isascii() or not text.isdigit():
            raise _BadArgument(f"{name} is a number from 0 to {most}.")
        return min(int(text), most)

    def _root(self, tag: str, bucket: str, page: _Page) -> ET.Element:
        root = ET.Element(tag, {"xmlns": xml_text.NAMESPACE})
        _add(root, "Name", bucket)
        _add(root, "Prefix", self._coded(self.query.get("prefix", "")))
        delimiter = self.query.get("delimiter")
        _add(root, "Delimiter", self._coded(delimiter) if delimiter else None)
        _add(root, "EncodingType", self.query.get("encoding-type"))
        _add(root, "MaxKeys", str(self._number("max-keys", _PAGE)))
        _add(root, "IsTruncated", "false" if page.last is None else "true")
        return root

    def _finished(self, root: ET.Element, page: _Page) -> HttpResponse:
        root.extend(row.element for row in page.rows)
        for prefix in page.prefixes:
            _add(ET.SubElement(root, "CommonPrefixes"), "Prefix", self._coded(prefix))
        return _document(root)

    def _coded(self, text: str) -> str:
        return quote(text) if self.query.get("encoding-type") == "url" else text


def _common(name: str, prefix: str, delimiter: str) -> str | None:
    """Return the name up to the delimiter, where it goes on behind it."""
    at = name.find(delimiter, len(prefix)) if delimiter else -1
    return None if at < 0 else name[: at + len(delimiter)]


def _encoded(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _decoded(token: str | None) -> str:
    try:
        return base64.b64decode(token or "", altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise _BadArgument("The continuation token is none that a list gave.") from None


def _add(element: ET.Element, tag: str, text: str | None) -> None:
    """Add a child, where there is something to say."""
    if text is not None:
        ET.SubElement(element, tag).text = text


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _document(root: ET.Element) -> HttpResponse:
    return HttpResponse(_OK, (("content-type", "application/xml"),), xml_text.to_bytes(root))
