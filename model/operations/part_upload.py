"""What UploadPart and UploadPartCopy have in common: they add one part to an upload."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.answer import ETAG
from model.operation import Effect, Operation, existing_bucket, learn_version
from model.operations.upload_in_progress import (
    learn_absence,
    part_shown,
    upload_named,
    with_upload,
    with_what_a_part_showed,
)
from model.replacing import replace
from model.request import PartUpload, uses_sse_c
from model.stored import MultipartUpload, ObjectVersion, Presence, UploadedPart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.world import World

MOST_PARTS = 10_000
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True)
class PartOperation(PartUpload, Operation):
    """Add a part to an upload, in place of one of the same number."""

    method: ClassVar[str] = "PUT"

    @property
    def number(self) -> int | None:
        """The part's number, or None where the text is none that an upload can have."""
        text = self.part_number or ""
        number = int(text) if _NUMBER.fullmatch(text) else 0
        return number if 0 < number <= MOST_PARTS else None

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the upload, and on whether the bucket blocks a customer's key."""
        upload = upload_named(world, self)
        if isinstance(upload, Presence):
            return upload is Presence.UNKNOWN
        bucket = existing_bucket(world, self.bucket)
        if uses_sse_c(self) and bucket is not None and bucket.blocked is None:
            return True
        return upload.version.encryption is None

    def adds(
        self, world: World, body: bytes | None, checksums: Mapping[str, str] | None = None
    ) -> Effect:
        """Return what the success of a part with this data, and these right checksums, does."""
        upload, number = upload_named(world, self), self.number
        part = UploadedPart(body=body, checksums=checksums)
        if not isinstance(upload, MultipartUpload) or number is None:
            return Effect(world, ObjectVersion(encryption=None, body=body))
        changed = replace(upload, parts={**upload.parts, number: part})
        return Effect(with_upload(world, self, changed), part_shown(upload, part))

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The part, under the encryption of the upload."""
        upload = upload_named(world, self)
        if isinstance(upload, Presence):
            return upload
        part = upload.parts.get(self.number or 0)
        return Presence.ABSENT if part is None else part_shown(upload, part)

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the part."""
        upload, number = upload_named(world, self), self.number
        if not isinstance(upload, MultipartUpload) or number is None:
            return world
        part = UploadedPart(body=version.body, etag=version.etag, checksums=version.checksums)
        upload = with_what_a_part_showed(upload, version)
        changed = replace(upload, parts={**upload.parts, number: part})
        return with_upload(world, self, changed)

    def obscured(self, world: World) -> World:
        """What the part is, and whether there is one, is unknown."""
        upload = upload_named(world, self)
        if self.number is None and isinstance(upload, MultipartUpload):
            return with_upload(world, self, replace(upload, has_odd_parts=True))
        return self.with_subject(world, ObjectVersion(encryption=None, body=None))

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the ETag, and what was not known of the upload's encryption."""
        return learn_version(world, self, answer)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """A 404 says that an unknown upload is not there."""
        return learn_absence(world, self, answer)

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The part's ETag, which the completion names."""
        return (answer.text(ETAG) or "",)
