"""UploadPart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.checksums import BY_HEADER, checksum_of
from model.operation import etag_shown
from model.operations.checksummed_data import ChecksummedData
from model.operations.part_upload import PartOperation
from model.parameter_values import body_from_json, body_to_json
from model.request import header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.operation import Effect
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class UploadPart(ChecksummedData, PartOperation):
    """Add a part with this data."""

    operation: ClassVar[str] = "UploadPart"
    needs: ClassVar[frozenset[str]] = frozenset({"uploadId", "partNumber"})

    content_md5: str | None = header("content-md5", "ContentMD5")

    def content(self) -> bytes:
        """The part's data."""
        return self.body

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The part's data."""
        return {"body": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The part's data."""
        return {"Body": body_to_json(self.body)}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The part's data."""
        return {"body": body_from_json(left.pop("Body", ""))}

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The part is stored, in place of one of the same number."""
        return self.adds(world, self.body, self._right_checksums())

    def _right_checksums(self) -> Mapping[str, str] | None:
        """Return the checksums that were sent, None where they are not known to be right."""
        sent = self.checksums
        right = {name: checksum_of(self.body, BY_HEADER[name]) for name in sent}
        return sent if sent and sent == right else None

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The part's ETag."""
        return etag_shown(response)
