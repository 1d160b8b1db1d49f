"""GetObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.answer import BODY, BODY_LENGTH
from model.body_length import read_length
from model.operations.object_read import PARTIAL_CONTENT, ConditionalRead, requested_range

if TYPE_CHECKING:
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.stored import ObjectVersion


@dataclass(frozen=True, kw_only=True)
class GetObject(ConditionalRead):
    """Read an object's data."""

    operation: ClassVar[str] = "GetObject"
    method: ClassVar[str] = "GET"

    def status(self, version: ObjectVersion | None) -> int | None:
        """206 for a part of the data; not known where the data is not, or where there is none."""
        if self.range is None or self.asks_for_a_part:
            return super().status(version)
        if version is None or not version.body:
            return None
        wanted = requested_range(self.range, len(version.body))
        return self.success_status if wanted is None else PARTIAL_CONTENT

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The data, how it ended, and the ETag."""
        told = super().read_answer(response)
        return {**told, BODY: response.body, BODY_LENGTH: read_length(response)}
