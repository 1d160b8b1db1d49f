"""The directives of a copy: what goes along with the data, and what does not."""

from __future__ import annotations

from model.clause import Require, Rulings, Source, clause
from model.matchers import Absent
from model.operations.object_read import ConditionalRead
from model.operations.object_write import METADATA_PREFIX
from model.stored import ObjectVersion
from model.world import World


@clause(
    "directives/other-metadata-is-gone",
    rules=("GP-COPY-08", "GP-ENC-04"),
    source=Source("API/API_CopyObject.html", "x-amz-metadata-directive"),
    profile="copy",
)
def other_metadata_is_gone(
    world: World, request: ConditionalRead, version: ObjectVersion
) -> Rulings:
    """GET and HEAD show no metadata that a copy was to replace, or to leave out, or overwrote."""
    del world, request
    names = sorted(version.foreign_metadata)
    return tuple(Require(METADATA_PREFIX + name, Absent("left over")) for name in names) or None
