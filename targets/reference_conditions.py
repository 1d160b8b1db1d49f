"""What a request may carry beside what the model speaks of, and the reference honours all the same.

Conditions (If-Match and the like), the expected owner of a bucket, and the headers that a reader
wants in the answer: SDKs send them on their own, to see a change between two parts of a download.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from model.messages import HttpResponse
from model.request import CopySource, ObjectRead, ObjectRequest, WithCopySource
from model.stored import ObjectVersion
from targets.reference_dressing import http_date, refusal
from targets.reference_shelf import checksums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.messages import HttpRequest, Pairs
    from model.operation import Operation
    from model.world import World
    from targets.reference_shelf import Shelf

_CONDITIONS = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
_OF_THE_SOURCE = "x-amz-copy-source-"
_OWNERS = frozenset({"x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"})
_TAKEN_OFF = _OWNERS.union(_CONDITIONS, (_OF_THE_SOURCE + name for name in _CONDITIONS))
_MD5 = "content-md5"
_SIGNATURE = "Signature"
_OLD_SIGNATURE = frozenset({"AWSAccessKeyId", "Expires", _SIGNATURE, _MD5, "content-type"})
"""Signature Version 2 in a query, with which SDKs presign unless they are told otherwise: what it
takes from the headers stands there, too."""
_NOT_MODIFIED, _FORBIDDEN, _NOT_FOUND, _FAILED = 304, 403, 404, 412


def without_extras(http: HttpRequest) -> HttpRequest:
    """Return the request without all that; the model may know what is left."""
    signed = any(name == _SIGNATURE for name, _ in http.query)
    signature = _OLD_SIGNATURE if signed else frozenset()
    return replace(
        http,
        headers=tuple(pair for pair in http.headers if pair[0] not in _TAKEN_OFF),
        query=tuple(
            pair
            for pair in http.query
            if pair[0] not in signature and not pair[0].startswith("response-")
        ),
    )


def with_digest(http: HttpRequest) -> HttpRequest:
    """Return the request with its body's MD5 where it has a checksum in the place of that.

    S3 takes either where it wants to be sure of a document. The model speaks of Content-MD5; SDKs
    send a checksum.
    """
    if http.path not in {"", "/"} or not http.body or not checksums(http.headers):
        return http
    if any(name == _MD5 for name, _ in http.headers):
        return http
    digest = base64.b64encode(hashlib.md5(http.body).digest()).decode()
    return replace(http, headers=(*http.headers, (_MD5, digest)))


def refused_by_condition(
    http: HttpRequest, request: Operation, world: World, shelf: Shelf, account: str
) -> HttpResponse | None:
    """Return the answer where a condition of the request does not hold, else None."""
    headers = dict(http.headers)
    if any(headers.get(name, account) != account for name in _OWNERS):
        return refusal(_FORBIDDEN, "AccessDenied", f"The bucket belongs to account {account}.")
    if isinstance(request, WithCopySource) and request.source is not None:
        of_source = {
            name: headers[_OF_THE_SOURCE + name]
            for name in _CONDITIONS
            if _OF_THE_SOURCE + name in headers
        }
        source = Subject.find(request.source, world, shelf)
        if source is not None and source.unmet(of_source) is not None:
            return _failed()
    if not isinstance(request, ObjectRequest):
        return None
    version_id = request.version_id if isinstance(request, ObjectRead) else None
    place = CopySource(request.bucket, request.object_key, version_id)
    subject = Subject.find(place, world, shelf)
    if subject is None:
        if "if-match" in headers and not isinstance(request, ObjectRead):
            return refusal(_NOT_FOUND, "NoSuchKey", "There is no object to match.")
        return None
    unmet = subject.unmet(headers)
    if unmet == _NOT_MODIFIED and isinstance(request, ObjectRead):
        return HttpResponse(_NOT_MODIFIED, subject.shown)
    return None if unmet is None else _failed()


@dataclass(frozen=True, slots=True)
class Subject:
    """The object version that conditions are about: its ETag and when it was written."""

    etag: str | None
    modified: datetime

    @classmethod
    def find(cls, place: CopySource, world: World, shelf: Shelf) -> Subject | None:
        """Return the version at that place, None where there is none."""
        version = world.version(*place)
        if not isinstance(version, ObjectVersion):
            return None
        noted = shelf.of(place.bucket, place.object_key, version)
        return cls(version.etag, noted.modified.replace(microsecond=0))

    @property
    def shown(self) -> Pairs:
        """The headers of an answer that says that nothing was modified."""
        return (("etag", f'"{self.etag}"'), ("last-modified", http_date(self.modified)))

    def unmet(self, conditions: Mapping[str, str]) -> int | None:
        """Return the status of the answer where a condition does not hold, else None."""
        match, none_match = conditions.get("if-match"), conditions.get("if-none-match")
        since = _moment(conditions.get("if-modified-since"))
        until = _moment(conditions.get("if-unmodified-since"))
        if match is not None and not self._is_named_by(match):
            return _FAILED
        if match is None and until is not None and self.modified > until:
            return _FAILED
        if none_match is not None and self._is_named_by(none_match):
            return _NOT_MODIFIED
        if none_match is None and since is not None and self.modified <= since:
            return _NOT_MODIFIED
        return None

    def _is_named_by(self, condition: str) -> bool:
        tags = {tag.strip().strip('"') for tag in condition.split(",")}
        return "*" in tags or self.etag in tags


def _failed() -> HttpResponse:
    return refusal(_FAILED, "PreconditionFailed", "A condition of the request does not hold.")


def _moment(text: str | None) -> datetime | None:
    """Return the time of a header; one that is no time is no condition."""
    try:
        moment = None if text is None else parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
