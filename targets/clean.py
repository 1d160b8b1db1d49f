"""Finding and removing buckets that runs left behind, with nothing but the oldest operations.

No feature of encryption is used, so it works on a server that fails at those. Servers that do not
know a sub-resource often answer with a plain listing; that is taken for what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from model.messages import BodyEnd, HttpRequest, HttpResponse
from targets.probing import child_text, error_code, local_name, parse_xml
from targets.target import NoAnswer, NotSent

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from model.messages import Pairs
    from targets.target import Connection, Endpoint

#: Each page holds up to 1,000 entries; more than this many pages is a server that goes in circles.
PAGES = 1000
#: So often a bucket is tried to be removed while answers do not come.
ATTEMPTS = 5
_OK = (200, 204)
_NOT_FOUND = 404
_MARKERS = {
    "NextKeyMarker": "key-marker",
    "NextVersionIdMarker": "version-id-marker",
    "NextUploadIdMarker": "upload-id-marker",
    "NextContinuationToken": "continuation-token",
    "NextMarker": "marker",
}
_ENTRIES = ("Version", "DeleteMarker", "Contents", "Upload")


class _CannotClean(Exception):  # noqa: N818 - the name says what happened
    """A step of the cleaning failed; the text says which, and how."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a listing names: an object, one of its versions, or an upload."""

    kind: str
    object_key: str
    version_id: str | None
    upload_id: str | None


@dataclass(slots=True)
class _Heard:
    """A connection that counts the answers that came."""

    within: Connection
    answers: int = 0

    @property
    def endpoint(self) -> Endpoint:
        """What the connection leads to."""
        return self.within.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send a request. Raises NotSent and NoAnswer, that also where an answer broke off."""
        answer = self.within.send(request)
        if answer.ended is BodyEnd.BROKEN_OFF:
            raise NoAnswer(f"{request.method}: the body of the answer broke off")
        self.answers += 1
        return answer


def find_leftovers(connection: Connection, prefix: str) -> tuple[str, ...]:
    """Return the names of the buckets that begin with ``prefix``, in the order of the list.

    Empty where the list is refused. Raises NotSent and NoAnswer. An empty prefix would name
    buckets of other people and raises ValueError.
    """
    if not prefix:
        raise ValueError("a prefix is needed: without one every bucket would be a leftover")
    found: dict[str, None] = {}
    query: Pairs = ()
    heard = _Heard(connection)
    for _ in range(PAGES):
        root = parse_xml(heard.send(HttpRequest("GET", query=query)).body)
        if root is None or local_name(root) != "ListAllMyBucketsResult":
            break
        names = [child_text(e, "Name") or "" for e in root.iter() if local_name(e) == "Bucket"]
        found.update(dict.fromkeys(name for name in names if name.startswith(prefix)))
        token = child_text(root, "ContinuationToken")
        if not token or query == (("continuation-token", token),):
            break
        query = (("continuation-token", token),)
    return tuple(found)


def remove_bucket(connection: Connection, name: str) -> str | None:
    """Remove a bucket with all its objects, versions and uploads.

    Where an answer does not come it begins again, a few times, unless none came at all. Returns
    None when it is gone (or was never there), else in one line why it is not.
    """
    problem = None
    for _ in range(ATTEMPTS):
        heard = _Heard(connection)
        try:
            return _remove_bucket(heard, name)
        except (_CannotClean, NotSent) as error:
            return f"bucket {name}: {error}"
        except NoAnswer as error:
            problem = f"bucket {name}: {error}"
        if not heard.answers:
            break
    return problem


def _remove_bucket(connection: Connection, name: str) -> str | None:
    if _delete_bucket(connection, name):
        return None
    _remove_all(connection, name, "uploads")
    if not _remove_all(connection, name, "versions"):
        _remove_all(connection, name, "list-type")
    if not _delete_bucket(connection, name):
        # Some servers answer ?versions with an empty list and hold objects all the same.
        _remove_all(connection, name, "list-type")
        answer = connection.send(HttpRequest("DELETE", bucket=name))
        if answer.status not in (*_OK, _NOT_FOUND):
            return f"bucket {name}: DeleteBucket was answered with {_outcome(answer)}"
    return None


def _delete_bucket(connection: Connection, name: str) -> bool:
    """Delete the bucket; False where it is still there, empty or not."""
    return connection.send(HttpRequest("DELETE", bucket=name)).status in (*_OK, _NOT_FOUND)


def _remove_all(connection: Connection, bucket: str, listing: str) -> bool:
    """Remove what a listing names; False where the server has no such listing.

    ``listing`` is ``uploads``, ``versions`` or ``list-type`` (the plain list). Each page is removed
    before the next one is asked for.
    """
    base: Pairs = (("list-type", "2"),) if listing == "list-type" else ((listing, ""),)
    removed: set[_Entry] = set()
    query = base
    for _ in range(PAGES):
        answer = connection.send(HttpRequest("GET", bucket=bucket, query=query))
        root = parse_xml(answer.body)
        if answer.status not in _OK or root is None:
            return False
        entries = _entries(root)
        fresh = [entry for entry in entries if entry not in removed]
        for entry in fresh:
            _remove(connection, bucket, entry)
            removed.add(entry)
        following = _next_page(root, base)
        if following is None or (not fresh and following == query):
            return True
        query = following
    raise _CannotClean(f"the list of {listing} does not end after {PAGES} pages")


def _next_page(root: Element, base: Pairs) -> Pairs | None:
    """Return the query for the page after this one, or None where it is the last."""
    if (child_text(root, "IsTruncated") or "").strip().lower() != "true":
        return None
    markers = tuple(
        (parameter, text)
        for element, parameter in _MARKERS.items()
        if (text := child_text(root, element))
    )
    if markers:
        return (*base, *markers)
    entries = _entries(root)
    return (*base, ("marker", entries[-1].object_key)) if entries else None


def _entries(root: Element) -> list[_Entry]:
    """Return what a listing names, whichever listing the server chose to answer with."""
    return [
        _Entry(
            local_name(element),
            child_text(element, "Key") or "",
            child_text(element, "VersionId"),
            child_text(element, "UploadId"),
        )
        for element in root
        if local_name(element) in _ENTRIES and child_text(element, "Key")
    ]


def _remove(connection: Connection, bucket: str, entry: _Entry) -> None:
    """Remove one entry. Raises _CannotClean where the server refuses."""
    query: Pairs = ()
    operation = "DeleteObject"
    if entry.kind == "Upload":
        operation = "AbortMultipartUpload"
        query = (("uploadId", entry.upload_id or ""),)
    elif entry.version_id is not None:
        query = (("versionId", entry.version_id),)
    path = "/" + quote(entry.object_key, safe="/-_.~")
    answer = connection.send(HttpRequest("DELETE", bucket=bucket, path=path, query=query))
    if answer.status not in (*_OK, _NOT_FOUND):
        raise _CannotClean(
            f"{operation} of {entry.object_key!r} was answered with {_outcome(answer)}"
        )


def _outcome(answer: HttpResponse) -> str:
    code = error_code(answer)
    return f"{answer.status} {code}" if code else str(answer.status)
