"""UploadPartCopy."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.answer import ETAG
from model.operation import with_spaces
from model.operations.object_read import is_obscure
from model.operations.part_upload import PartOperation
from model.request import WithCopySource, header
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.messages import HttpResponse
    from model.operation import Effect, Operation
    from model.sse import ObjectEncryption
    from model.world import World

_SMALL = 5 * 1024 * 1024
"""Of sources that are no longer, in bytes, AWS says that ranges of them are not copied."""
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{1,12})")


@dataclass(frozen=True, kw_only=True)
class UploadPartCopy(PartOperation, WithCopySource):
    """Add a part with the data of an object, or with a range of it."""

    operation: ClassVar[str] = "UploadPartCopy"
    needs: ClassVar[frozenset[str]] = frozenset({"uploadId", "partNumber", "x-amz-copy-source"})

    copy_source_range: str | None = header(
        "x-amz-copy-source-range", "CopySourceRange", "bytes=0-3", "bytes=2-"
    )

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the upload and on the source object."""
        source = self.source
        if super().is_unknown(world):
            return True
        return source is not None and is_obscure(world.version(*source))

    def copied(self, world: World) -> bytes | None:
        """Return the data that the part is made of, None where that is not known."""
        data = self._source_data(world)
        if data is None or self.copy_source_range is None:
            return data
        wanted = copied_range(self.copy_source_range, len(data))
        return None if wanted is None else data[slice(*wanted)]

    def is_range_of_little(self, world: World) -> bool:
        """Tell whether it names a range of a source that is no longer than 5 MiB."""
        data = self._source_data(world)
        return self.copy_source_range is not None and data is not None and len(data) <= _SMALL

    def _source_data(self, world: World) -> bytes | None:
        """Return the data of its source, None where that is not known."""
        found = None if self.source is None else world.version(*self.source)
        return found.body if isinstance(found, ObjectVersion) else None

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The part is stored with the source's data, in place of one of the same number."""
        return self.adds(world, self.copied(world))

    def readings(self) -> tuple[Operation, ...]:
        """A plus in the source's name is one, or a space."""
        other = with_spaces(self.copy_source)
        return (self,) if other is None else (self, replace(self, copy_source=other))

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The part's ETag, which stands in the document."""
        etag = xml_text.read_fields(response.body).get("ETag")
        return {ETAG: etag.strip('"')} if etag else {}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the ETag."""
        etag = fields.get(ETAG)
        shown = f'"{etag}"' if isinstance(etag, str) else ""
        return xml_text.document(
            "CopyPartResult", {"LastModified": "2026-01-01T00:00:00.000Z", "ETag": shown}
        )


def copied_range(text: str, length: int) -> tuple[int, int] | None:
    """Return the half-open range that a copy source range names; None where it is no such range.

    Unlike the range of a read it names both ends, and both lie within the source.
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    first, last = int(match[1]), int(match[2])
    return (first, last + 1) if first <= last < length else None
