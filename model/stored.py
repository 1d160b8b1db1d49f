"""What S3 keeps under an object key: versions, delete markers, uploads and their parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.sse import ObjectEncryption
    from model.world import Versioning

NULL_VERSION = "null"
"""The version id of what was written while a bucket had no versioning, or a suspended one."""


class Presence(Enum):
    """What is known of a bucket or an object that the world holds no facts about."""

    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectVersion:
    """A stored object. What is None is not known; ``etag`` is without its quotation marks.

    ``foreign_metadata`` are names of user metadata that it must not have: those of what it replaced
    or was copied from. ``part_sizes`` are the bytes of each part of an object that was uploaded in
    parts, by part number; None for an object that was written at once. ``last_modified`` is the
    text that a read showed. ``updated`` is whether UpdateObjectEncryption changed its encryption
    since, ``restoring`` whether a copy of it, which is archived, is made for reading, ``tagged``
    whether it has tags.
    """

    encryption: ObjectEncryption | None
    body: bytes | None
    etag: str | None = None
    version_id: str | None = None
    storage_class: str = "STANDARD"
    metadata: Mapping[str, str] | None = None
    foreign_metadata: frozenset[str] = frozenset()
    encryption_context: str | None = None
    part_sizes: Mapping[int, int] | None = None
    last_modified: str | None = None
    updated: bool = False
    restoring: bool = False
    tagged: bool | None = None
    checksums: Mapping[str, str] | None = None
    """The checksums that are kept with the data, by the names of their headers."""
    decided_by: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Facets of the encryption and the clauses that decided them: they share the blame when an
    answer shows another."""
    shown: Mapping[str, str | None] = field(default_factory=dict)
    """Fields of an answer that were wrong: one that repeats them later is not reported again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteMarker:
    """What a deletion puts over the versions of an object; its id is None until it is known."""

    version_id: str | None = None


StoredVersion = ObjectVersion | DeleteMarker | Presence
"""One place in the row of an object's versions; ``Presence.UNKNOWN`` stands for any number of them,
or for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedPart:
    """One part of an upload; ``etag`` is without its quotation marks.

    ``checksums`` are those that it was sent with, where they are known to be right.
    """

    body: bytes | None
    etag: str | None = None
    checksums: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipartUpload:
    """An upload that was created and neither completed nor aborted.

    Its encryption is fixed from the start (GP-MPU-01). ``version`` is the object to be, without
    data: encryption, metadata, storage class. ``versioning`` is that of the bucket when it was
    created, None where that is not known. ``checksum_algorithm`` and ``checksum_type`` are the
    texts that it was created with. One that is ``completed`` is over: it is kept only because its
    completion may be asked for again, with the ETags of the parts that were listed.
    ``has_odd_parts`` is whether there may be parts under numbers that no part can have.
    """

    object_key: str
    version: ObjectVersion
    parts: Mapping[int, UploadedPart] = field(default_factory=dict)
    versioning: Versioning | None = None
    checksum_algorithm: str | None = None
    checksum_type: str | None = None
    completed: bool = False
    has_odd_parts: bool = False


def is_in_progress(upload: MultipartUpload | Presence) -> TypeGuard[MultipartUpload]:
    """Tell whether an upload is known to be in progress."""
    return isinstance(upload, MultipartUpload) and not upload.completed


NEW_UPLOAD = ""
"""The id of an upload whose id no answer has shown yet."""

LOST_UPLOAD = "?"
"""The mark for uploads that may be there and whose ids nobody knows."""
