"""Writes with one thing wrong, or with two: what was there must stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.tables.making import (
    COPIES,
    COPY,
    PART_COPY,
    POST,
    PUT,
    make,
    name_source,
    upload_begun,
)
from conformance.tables.making import UPLOAD as PART
from conformance.tables.scene import Scene
from conformance.tables.values import (
    ABSENT,
    DSSE,
    KMS,
    Encryption,
    put_default,
)
from conformance.tables.writes import NO_SOURCE
from conformance.tables.wrong import (
    COMPLETE,
    CREATE,
    GOING_ON,
    WRONG,
)
from model.answer import ETAG
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.list_parts import ListParts
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.stored import MultipartUpload, ObjectVersion
from model.world import Bucket, Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.phase import Script
    from conformance.requests import Requests
    from conformance.tables.arrays import Row
    from model.operation import Operation

_KINDS: dict[str, type[Operation]] = {
    PUT: PutObject,
    COPY: CopyObject,
    POST: PostObject,
    CREATE: CreateMultipartUpload,
    PART: UploadPart,
    PART_COPY: UploadPartCopy,
    COMPLETE: CompleteMultipartUpload,
}
_WITH_BODY = (PUT, POST, PART)


class Refusals:
    """Some rows in a bucket of their own: wrong writes to a few objects that must stay."""

    def __init__(self, rows: Sequence[Row], build: Requests) -> None:
        self.rows = rows
        self.scene = Scene(build)
        self.versioning = Versioning(rows[0]["versioning"])
        self._there: dict[str, object] = {}
        self._begun: dict[tuple[str, str], Fields] = {}

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        scene, first = self.scene, self.rows[0]
        yield from scene.open_bucket(scene.bucket, self.versioning)
        yield from put_default(scene, scene.bucket, first["default"])
        if first["default"] == "never put":
            yield from scene.allow_sse_c(scene.bucket)
        for row in self.rows:
            yield from self._object(row)
            yield from self._source(row)
        if self.versioning is Versioning.SUSPENDED:
            yield scene.versioning(scene.bucket, Versioning.SUSPENDED)
        for number, row in enumerate(self.rows):
            yield from self._row(number, row)
        for (asked, _), begun in self._begun.items():
            yield from self._end(asked, begun)
        for name in dict.fromkeys(map(self._name, self.rows)):
            yield scene.look(scene.bucket, name, data=True)

    def _name(self, row: Row) -> str:
        """Return the object key that a row writes to: rows share what is there."""
        return f"over {row['existing']}"

    def _object(self, row: Row) -> Iterator[Operation]:
        """Make what is there, where it is not as it was made."""
        scene, name = self.scene, self._name(row)
        held = scene.held(scene.bucket, name)
        if row["existing"] == ABSENT or (name in self._there and held == self._there[name]):
            return
        yield from make(scene, scene.bucket, name, row["existing"], b"what must stay", customer=2)
        self._there[name] = scene.held(scene.bucket, name)

    def _source(self, row: Row) -> Iterator[Operation]:
        scene, name = self.scene, f"from {row['source']}"
        known = isinstance(scene.held(scene.bucket, name), ObjectVersion)
        if row["source"] != NO_SOURCE and not known:
            yield from make(
                scene, scene.bucket, name, row["source"], b"data of the source", customer=1
            )

    def _row(self, number: int, row: Row) -> Iterator[Operation]:
        scene, path = self.scene, row["path"]
        wrongs = [WRONG[row[name]] for name in ("wrong", "wrong too") if name in row]
        yield from scene.keys_for([wrong.key for wrong in wrongs])
        fields: Fields = {"bucket": scene.bucket, "object_key": self._name(row)}
        if path in GOING_ON:
            yield from self._upload(row)
            begun = self._begun.get((row["asked"], self._name(row)))
            if begun is None:
                return
            fields = dict(begun)
        Encryption(row["asked"], "id" if row["asked"] in {KMS, DSSE} else ABSENT).put(scene, fields)
        if path in COPIES:
            name_source(scene, fields, scene.bucket, f"from {row['source']}")
        if path in _WITH_BODY:
            fields["body"] = b"what must not be there"
        if path in {PART, PART_COPY}:
            fields["part_number"] = "1"
        if path == COMPLETE:
            fields["document"] = self._completion(fields)
        for wrong in wrongs:
            wrong.spoil(scene, fields)
        yield _KINDS[path](secure=scene.secure, **fields)
        yield from self._look(number, row)

    def _look(self, number: int, row: Row) -> Iterator[Operation]:
        """Look now and then whether the object is as it was, and make it anew where it is not.

        All are looked at in the end; what a part did shows when its upload ends.
        """
        scene, name = self.scene, self._name(row)
        if row["path"] not in {PART, PART_COPY, CREATE} and number % 3 == 0:
            yield scene.look(scene.bucket, name, data=number % 2 == 0)
        yield from self._object(row)

    def _upload(self, row: Row) -> Iterator[Operation]:
        """Begin an upload with one part, unless one like it is under way."""
        scene, named = self.scene, (row["asked"], self._name(row))
        if named in self._begun and self._parts(self._begun[named]):
            return
        fields: Fields = {"bucket": scene.bucket, "object_key": named[1]}
        Encryption(row["asked"]).put(scene, fields)
        yield CreateMultipartUpload(secure=scene.secure, **fields)
        begun = upload_begun(scene, fields)
        self._begun.pop(named, None)
        if begun is None:
            return
        fields |= begun
        body = b"the part that must stay"
        yield UploadPart(secure=scene.secure, part_number="1", body=body, **fields)
        answer = scene.answer
        if answer is not None and answer.succeeded and answer.text(ETAG):
            self._begun[named] = begun

    def _parts(self, begun: Fields) -> list[ListedPart]:
        """Return the parts of an upload in progress, as the world holds them."""
        bucket = self.scene.build.world.buckets.get(self.scene.bucket)
        upload = bucket.upload(begun["upload_id"]) if isinstance(bucket, Bucket) else None
        if not isinstance(upload, MultipartUpload) or upload.completed:
            return []
        parts = sorted(upload.parts.items())
        return [ListedPart(n, f'"{part.etag}"') for n, part in parts if part.etag is not None]

    def _completion(self, begun: Fields) -> bytes:
        return write_completion(self._parts(begun))

    def _end(self, asked: str, begun: Fields) -> Iterator[Operation]:
        """End an upload, and read what was made of it."""
        scene, parts = self.scene, self._parts(begun)
        if not parts:
            return
        if scene.universe.has(Capability.LISTS):
            yield ListParts(secure=scene.secure, **begun)
        fields = dict(begun)
        Encryption(asked).put(scene, fields)
        fields = {name: value for name, value in fields.items() if value is not None}
        document = write_completion(parts)
        yield CompleteMultipartUpload(secure=scene.secure, document=document, **fields)


def states(row: Row) -> tuple[object, ...]:
    """Return what rows of one script share."""
    going_on = row["path"] in GOING_ON
    return row["default"], row["versioning"], going_on, row["existing"] if going_on else ""


def refusals(rows: Sequence[Row]) -> Script:
    """Return the script of these rows."""
    return lambda build: Refusals(rows, build).requests()
