"""CompleteMultipartUpload."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.answer import ETAG
from model.clause import Law
from model.completion_document import (
    part_from_json,
    part_to_json,
    read_completion,
    write_completion,
)
from model.operation import (
    Effect,
    Operation,
    existing_bucket,
    learn_version,
    suspect_other_versions,
    suspect_version,
    suspects_of,
)
from model.operations.completion_order import endings, made, settled, with_made
from model.operations.delete_object import version_chosen
from model.operations.object_creation import deletion_of
from model.operations.put_bucket_encryption import DOCUMENT
from model.operations.upload_in_progress import (
    completed,
    is_completed,
    learn_absence,
    upload_named,
    with_upload,
)
from model.parameter_values import body_from_json, body_to_json
from model.replacing import replace
from model.request import KeyRole, PartOfUpload
from model.stored import LOST_UPLOAD, MultipartUpload, ObjectVersion, Presence
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from model.answer import Answer
    from model.completion_document import ListedPart
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.parameter_values import Json
    from model.request import CustomerKeyHeaders
    from model.sse import ObjectEncryption
    from model.stored import UploadedPart
    from model.world import Bucket, World

PARTS = "MultipartUpload"
_HEX_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class CompleteMultipartUpload(PartOfUpload, Operation):
    """Make the object of an upload's parts; ``document`` is the body as sent."""

    operation: ClassVar[str] = "CompleteMultipartUpload"
    method: ClassVar[str] = "POST"
    needs: ClassVar[frozenset[str]] = frozenset({"uploadId"})
    key_role: ClassVar[KeyRole] = KeyRole.COMPLETION
    leaves_object: ClassVar[bool] = True

    document: bytes = b""

    @cached_property
    def key_groups(self) -> tuple[CustomerKeyHeaders, ...]:
        """The SSE-C headers, which S3 looks at only where all three were sent (GP-MPU-11)."""
        return () if None in self.own_key else (self.own_key,)

    @cached_property
    def parts(self) -> tuple[ListedPart, ...] | None:
        """The parts that the document lists, or None when it is no such document."""
        return read_completion(self.document)

    def content(self) -> bytes:
        """The document."""
        return self.document

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The document, as it came."""
        return {"document": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The parts, or the body as it is where it is none of the known forms."""
        if self.parts is None or write_completion(self.parts) != self.document:
            return {DOCUMENT: body_to_json(self.document)}
        return {PARTS: {"Parts": [part_to_json(part) for part in self.parts]}}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The document."""
        if DOCUMENT in left:
            return {"document": body_from_json(left.pop(DOCUMENT))}
        given = left.pop(PARTS, None)
        listed = given.get("Parts") if isinstance(given, dict) else None
        parts = listed if isinstance(listed, list) else []
        return {"document": write_completion(part_from_json(part) for part in parts)}

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the upload and on each of the parts that are named."""
        upload = upload_named(world, self)
        if isinstance(upload, Presence):
            return upload is Presence.UNKNOWN
        if upload.version.encryption is None:
            return True
        return any(part.etag is None or part.body is None for part in self._named(upload).values())

    def _named(self, upload: MultipartUpload) -> Mapping[int, UploadedPart]:
        """Return the parts of the upload that the document lists, in its order."""
        numbers = [part.number for part in self.parts or ()]
        return {number: upload.parts[number] for number in numbers if number in upload.parts}

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """The object is there, made of the parts, in place of what was there; the upload is over.

        A completion that is repeated changes nothing.
        """
        return self.effects(world, encryption)[0]

    def effects(
        self,
        world: World,
        encryption: ObjectEncryption | None,  # noqa: ARG002
    ) -> tuple[Effect, ...]:
        """Do so with the versioning of now, or with that of when the upload was created.

        S3 records a bucket's configuration when an upload is created, and uses it for the rest of
        the upload; whether that is so of versioning the page (API_CreateMultipartUpload) leaves
        open. What came to the object key since may be the later (GP-AMB-23).
        """
        if is_completed(world, self):
            return (Effect(world),)
        upload = upload_named(world, self)
        version, etag = ObjectVersion(encryption=None, body=None), None
        parts: Mapping[int, UploadedPart] = {}
        if isinstance(upload, MultipartUpload):
            parts = self._named(upload)
            version, etag = joined(upload.version, parts), etag_of(parts)
        over = with_upload(world, self, completed(self.object_key, etag, parts))
        found: list[Effect] = []
        for versioning in _versionings(world.existing(self.bucket).versioning, upload):
            buckets = endings(over.existing(self.bucket), *self._upload, version, versioning)
            found.extend(self._effects(over, buckets))
        return tuple(found)

    def _effects(self, world: World, buckets: Iterable[Bucket]) -> Iterator[Effect]:
        """Yield what leads to these buckets; every answer shows the version made in the first."""
        shown = None
        for bucket in buckets:
            shown = shown or made(bucket, *self._upload)
            yield Effect(world.with_bucket(self.bucket, bucket), shown)

    @property
    def _upload(self) -> tuple[str, str]:
        """The id of the upload and its object key."""
        return self.upload_id or LOST_UPLOAD, self.object_key

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The object that was made, until its answer has told of it."""
        return made(world.existing(self.bucket), *self._upload) or Presence.UNKNOWN

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the object that was made."""
        bucket = with_made(world.existing(self.bucket), *self._upload, version)
        return world.with_bucket(self.bucket, bucket)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the ETag, the version id, and what was not known of the encryption."""
        if made(world.existing(self.bucket), *self._upload) is None:
            return world
        world = self._kept_by_the_same(learn_version(world, self, answer))
        return world.with_bucket(self.bucket, settled(world.existing(self.bucket), self._upload[0]))

    def _kept_by_the_same(self, world: World) -> World:
        """What kept the upload as it was keeps the object so."""
        version = self.subject(world)
        current = version is world.object(self.bucket, self.object_key)
        version_id = None if isinstance(version, Presence) else version.version_id
        if version_id is None and not current:
            return world
        name = None if current else version_id
        for clause_id in suspects_of(world.existing(self.bucket), self):
            world = suspect_version(world, self.bucket, self.object_key, name, clause_id)
        return world

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown upload is not there."""
        return learn_absence(world, self, answer)

    def obscured(self, world: World) -> World:
        """What the object is, and whether the upload is still there, is unknown."""
        found = existing_bucket(world, self.bucket)
        if found is None:
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        world = with_upload(world, self, Presence.UNKNOWN)
        unsure = world.existing(self.bucket).obscure(self.object_key)
        return world.with_bucket(self.bucket, unsure)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """A refused completion keeps the object that was there, every one the other versions."""
        if law is Law.OTHER_VERSIONS:
            return suspect_other_versions(world, self.bucket, self.object_key, clause_id)
        return suspect_version(world, self.bucket, self.object_key, None, clause_id)

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The version id, and the ETag, which conditions name."""
        return (*version_chosen(answer), answer.text(ETAG) or "")

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The deletion of what was written; a refused completion may have written all the same."""
        return deletion_of(self, answer)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The object's ETag, which stands in the document."""
        etag = xml_text.read_fields(response.body).get("ETag")
        return {ETAG: etag.strip('"')} if etag else {}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the ETag."""
        etag = fields.get(ETAG)
        shown = f'"{etag}"' if isinstance(etag, str) else ""
        return xml_text.document(
            "CompleteMultipartUploadResult",
            {"Bucket": self.bucket, "Key": self.object_key, "ETag": shown},
        )


def _versionings(
    now: Versioning | None, upload: MultipartUpload | Presence
) -> tuple[Versioning | None, ...]:
    """Return how the bucket may keep versions of what an upload is made to, the likeliest first."""
    if now is None or now is Versioning.NEVER or not isinstance(upload, MultipartUpload):
        return (now,)
    before = upload.versioning
    if before is Versioning.NEVER:
        before = Versioning.SUSPENDED  # a null version as well, and the others stay
    other = Versioning.SUSPENDED if now is Versioning.ENABLED else Versioning.ENABLED
    return (now,) if before is now else (now, other)


def joined(version: ObjectVersion, parts: Mapping[int, UploadedPart]) -> ObjectVersion:
    """Return the object that is made of the parts, as far as these are known."""
    bodies = {number: part.body for number, part in parts.items() if part.body is not None}
    known = len(bodies) == len(parts)
    return replace(
        version,
        body=b"".join(bodies.values()) if known else None,
        part_sizes={number: len(body) for number, body in bodies.items()} if known else None,
        etag=None,
        version_id=None,
    )


def etag_of(parts: Mapping[int, UploadedPart]) -> str | None:
    """Return the ETag that is made of those of the parts, whatever the encryption (GP-ETAG-05)."""
    etags = [part.etag for part in parts.values() if part.etag is not None]
    if not parts or len(etags) < len(parts) or not all(_HEX_MD5.fullmatch(e) for e in etags):
        return None
    return f"{hashlib.md5(bytes.fromhex(''.join(etags))).hexdigest()}-{len(parts)}"
