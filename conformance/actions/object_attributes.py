"""GetObjectAttributes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.action import action
from model.clause import Capability
from model.operations.get_object_attributes import GetObjectAttributes
from model.request import ObjectRead, header_places

if TYPE_CHECKING:
    from conformance.requests import Requests
    from model.operation import Operation

ASKED = (
    "ETag,ObjectSize",
    "ETag",
    "ObjectSize,StorageClass",
    "ETag,Checksum,ObjectSize",
    "ETag,ObjectParts,ObjectSize",
)
_HEADERS = tuple(place.attribute for place in header_places(ObjectRead))


@action(6, GetObjectAttributes, left_out=35, needs=Capability.ATTRIBUTES)
def get_object_attributes(build: Requests) -> Operation | None:
    """Return a GetObjectAttributes of an object or a version, with the headers of any read."""
    choose = build.choose
    found: list[tuple[str, str, str | None]] = [(b, k, None) for b, k, _ in build.objects()]
    found += [(b, k, v) for b, k, v, _ in build.versions()]
    if not found:
        return None
    bucket, object_key, version_id = choose.pick(found)
    read = build.read(bucket, object_key, version_id=version_id)
    asked = GetObjectAttributes(
        bucket=bucket,
        object_key=object_key,
        version_id=version_id,
        object_attributes=choose.pick(ASKED),
        secure=build.secure,
    )
    return replace(asked, **{name: getattr(read, name) for name in _HEADERS})
