"""ListObjectVersions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.listing import OF, VERSION, name_of
from model.operations.listing import Known, ListingOperation, Possible
from model.stored import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.world import Bucket


@dataclass(frozen=True, kw_only=True)
class ListObjectVersions(ListingOperation):
    """List the versions and the delete markers of a bucket."""

    operation: ClassVar[str] = "ListObjectVersions"
    sub_resource: ClassVar[str] = "versions"
    root: ClassVar[str] = "ListVersionsResult"
    usual_kind: ClassVar[str] = VERSION

    def known(self, bucket: Bucket) -> Iterator[Known]:
        """Yield each version and each delete marker whose id is known."""
        for object_key in {**bucket.objects, **bucket.versions}:
            row = bucket.row(object_key) if self.is_asked_for(object_key) else ()
            for place, version in enumerate(row):
                if not isinstance(version, Presence) and version.version_id is not None:
                    newest = None if row[0] is Presence.UNKNOWN else place == 0
                    yield Known(object_key, version.version_id, version, newest)

    def possible(self, bucket: Bucket) -> Possible:
        """Return what the listing may name; of an object not all known, versions of any id."""
        names: set[str] = set()
        endings: list[str] = []
        for object_key in {**bucket.objects, **bucket.versions}:
            for version in bucket.row(object_key):
                if isinstance(version, Presence) or version.version_id is None:
                    endings.append(OF + object_key)
                else:
                    names.add(name_of(object_key, version.version_id))
        return Possible(frozenset(names), tuple(endings))
