"""What all requests have in common that decide how an object is encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.bucket_kind import BucketKind
from model.operation import Operation
from model.parameter_values import metadata_of_parameters
from model.request import ObjectWrite, header, uses_sse_c
from model.stored import Presence
from model.world import Bucket

if TYPE_CHECKING:
    from model.messages import HttpRequest, Pairs
    from model.parameter_values import Json
    from model.world import World

METADATA_PREFIX = "x-amz-meta-"


@dataclass(frozen=True, kw_only=True)
class WriteOperation(ObjectWrite, Operation):
    """A write with what goes with every object: metadata and storage class."""

    storage_class: str | None = header("x-amz-storage-class", "StorageClass")
    website_redirect: str | None = header(
        "x-amz-website-redirect-location", "WebsiteRedirectLocation"
    )
    metadata: Pairs = ()

    def extra_headers(self) -> Pairs:
        """The user metadata."""
        return tuple((METADATA_PREFIX + name, value) for name, value in self.metadata)

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The user metadata, which stands in headers."""
        return {"metadata": metadata_of(http.headers)}

    def own_parameters(self) -> dict[str, Json]:
        """The user metadata."""
        return {"Metadata": dict(self.metadata)} if self.metadata else {}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The user metadata."""
        return {"metadata": metadata_of_parameters(left)}

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket, or on its default."""
        found = world.bucket(self.bucket)
        if not isinstance(found, Bucket):
            return found is Presence.UNKNOWN
        if found.kind is BucketKind.FSX_ACCESS_POINT:
            return False  # nothing of it can be set
        if found.rule is None and self.sse is None and not uses_sse_c(self):
            return True
        return found.blocked is None and uses_sse_c(self)


def metadata_of(headers: Pairs) -> Pairs:
    """Return the user metadata among the headers, without the prefix."""
    return tuple(
        (name.removeprefix(METADATA_PREFIX), value)
        for name, value in headers
        if name.startswith(METADATA_PREFIX)
    )


def has_tags(tagging: str | None) -> bool | None:
    """Tell whether there are tags in a header of them, None where that cannot be told."""
    if not tagging:
        return False
    return True if tagging.partition("=")[0].strip("&") else None


def is_plain_known(world: World, bucket: str) -> bool:
    """Tell whether the bucket is known to exist or known to be absent."""
    found = world.bucket(bucket)
    return isinstance(found, Bucket) or found is Presence.ABSENT
