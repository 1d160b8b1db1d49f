"""GetObject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.answer import BODY, BODY_LENGTH
from model.body_length import read_length
from model.operations.object_read import PARTIAL_CONTENT, ConditionalRead
from model.request import header

if TYPE_CHECKING:
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.stored import ObjectVersion

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, kw_only=True)
class GetObject(ConditionalRead):
    """Read an object's data."""

    operation: ClassVar[str] = "GetObject"
    method: ClassVar[str] = "GET"

    range: str | None = header("range", "Range")

    def status(self, version: ObjectVersion | None) -> int | None:
        """206 for a part of the data; not known where the data is not, or where there is none."""
        if self.range is None or self.asks_for_a_part:
            return super().status(version) if self.range is None else None
        if version is None or not version.body:
            return None
        wanted = requested_range(self.range, len(version.body))
        return self.success_status if wanted is None else PARTIAL_CONTENT

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The data, how it ended, and the ETag."""
        told = super().read_answer(response)
        return {**told, BODY: response.body, BODY_LENGTH: read_length(response)}


def requested_range(text: str | None, length: int) -> tuple[int, int] | None:
    """Return the half-open range of bytes that a Range header asks for.

    None when the header is absent or is no single byte range (S3 then answers with the whole
    object). An empty range (start = end) means that it cannot be satisfied.
    """
    match = None if text is None else _RANGE.fullmatch(text)
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        count = min(int(last), length)
        return length - count, length
    start = int(first)
    end = length if not last else min(int(last) + 1, length)
    if last and int(last) < start:
        return None
    return (start, end) if start < length else (start, start)
