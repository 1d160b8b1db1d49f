"""UploadPart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.operation import etag_shown
from model.operations.part_upload import PartOperation
from model.parameter_values import body_from_json, body_to_json
from model.request import header

if TYPE_CHECKING:
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.operation import Effect
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class UploadPart(PartOperation):
    """Add a part with this data."""

    operation: ClassVar[str] = "UploadPart"
    needs: ClassVar[frozenset[str]] = frozenset({"uploadId", "partNumber"})

    body: bytes = b""
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
        return self.adds(world, self.body)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The part's ETag."""
        return etag_shown(response)
