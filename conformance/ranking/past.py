"""What was done before, as far as a server may go wrong because of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from conformance.session import READS
from model.operation import existing_bucket
from model.request import BucketRequest, ObjectRequest, WithEncryptionHeaders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.operation import Operation
    from model.world import Bucket, World


class Subject(NamedTuple):
    """What a request is about, whoever asks: operation, bucket, object key, and what of it."""

    operation: str
    bucket: str
    object_key: str
    piece: tuple[str | None, ...]


def subject_of(request: Operation) -> Subject | None:
    """Return what a request to a bucket is about; None of another request."""
    if not isinstance(request, BucketRequest):
        return None
    key = request.object_key if isinstance(request, ObjectRequest) else ""
    return Subject(
        request.operation,
        request.bucket,
        key,
        tuple(getattr(request, name, None) for name in _PIECES),
    )


_PIECES = ("version_id", "part_number", "range", "upload_id", "prefix")


class Past:
    """What was asked of a server, and what changed: it is shown each world with what is asked."""

    def __init__(self) -> None:
        self._world: World | None = None
        self._request: Operation | None = None
        self._defaults: Counter[str] = Counter()
        self._writes: Counter[tuple[str, str]] = Counter()
        self._reads: set[tuple[str, str]] = set()
        self._deleted: set[tuple[str, str]] = set()
        self._gone: set[str] = set()
        self._moved: set[str] = set()
        self._asked: Counter[Subject] = Counter()
        self._names: dict[str, str] = {}

    def see(self, world: World, request: Operation) -> None:
        """Note what the request before did, and remember this one."""
        if self._request is not None and self._world is not None:
            self._note(self._world, world, self._request)
        self._world, self._request = world, request

    def _note(self, before: World, after: World, request: Operation) -> None:
        for alias, key in after.aliases.items():
            if self._names.setdefault(alias, key) != key:
                self._moved.add(alias)
        subject = subject_of(request)
        if subject is None:
            return
        self._asked[subject] += 1
        name = subject.bucket
        old, new = existing_bucket(before, name), existing_bucket(after, name)
        if old is not None and new is None:
            self._gone.add(name)
        if old is not None and new is not None:
            self._defaults[name] += old.rule != new.rule
        if not isinstance(request, ObjectRequest):
            return
        place = (name, request.object_key)
        if request.method in READS:
            self._reads.add(place)
        rows = [() if one is None else one.row(request.object_key) for one in (old, new)]
        if rows[0][:1] != rows[1][:1]:
            self._writes[place] += bool(rows[1])
            if request.method == "DELETE":
                self._deleted.add(place)

    def circumstances(self, request: Operation, bucket: Bucket) -> Iterator[str]:
        """Yield what was done before, and matters to a request to that bucket."""
        subject = subject_of(request)
        if subject is None:
            return
        if self._asked[subject]:
            yield "asked before"
        if subject.bucket in self._gone:
            yield "bucket was there before"
        changes = self._defaults[subject.bucket]
        if changes:
            yield "default was changed"
        if changes > 1:
            yield "default was changed again"
        rule = bucket.rule
        if rule is not None and self._is_moved(rule.kms_key_id):
            yield "default's alias was moved"
        if isinstance(request, WithEncryptionHeaders) and self._is_moved(request.kms_key_id):
            yield "named alias was moved"
        if isinstance(request, ObjectRequest):
            place = (subject.bucket, subject.object_key)
            yield from self._of_object(place)

    def _of_object(self, place: tuple[str, str]) -> Iterator[str]:
        if self._writes[place] > 1:
            yield "object was written again"
        if place in self._reads:
            yield "object was read"
        if place in self._deleted:
            yield "object was deleted"

    def _is_moved(self, text: str | None) -> bool:
        return bool(text) and any(str(text).endswith(alias) for alias in self._moved)
