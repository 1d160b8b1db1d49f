"""Additional checksums, right and wrong, under every kind of encryption."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.action import action
from conformance.actions.copy import copy_object
from conformance.actions.objects import put_object
from model.checksums import ALGORITHMS, ENABLED, checksum_of
from model.clause import Capability
from model.operations.copy_object import CopyObject
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.put_object import PutObject

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation


@action(5, left_out=55, needs=Capability.CHECKSUMS)
def put_with_checksum(build: Requests) -> Operation | None:
    """Return a PutObject with a checksum: mostly that of its data."""
    request = put_object(build)
    if not isinstance(request, PutObject):
        return None
    algorithm = build.choose.pick(ALGORITHMS)
    data = b"other data" if build.choose.chance(30) else request.body
    sent: Fields = {f"checksum_{algorithm.name.lower()}": checksum_of(data, algorithm)}
    return replace(request, **sent)


@action(5, left_out=55, needs=Capability.CHECKSUMS)
def read_checksum(build: Requests) -> Operation | None:
    """Return a GetObject or a HeadObject that asks for the checksum."""
    found = build.objects()
    if not found:
        return None
    bucket, object_key, _ = build.choose.pick(found)
    request = build.read(bucket, object_key, sound=build.choose.chance(85))
    if not isinstance(request, GetObject | HeadObject):
        return None
    return replace(request, checksum_mode=ENABLED)


@action(2, left_out=55, needs=(Capability.CHECKSUMS, Capability.COPY))
def copy_with_checksum(build: Requests) -> Operation | None:
    """Return a CopyObject that names a checksum algorithm."""
    request = copy_object(build)
    if not isinstance(request, CopyObject):
        return None
    return replace(request, checksum_algorithm=build.choose.pick(ALGORITHMS).name)
