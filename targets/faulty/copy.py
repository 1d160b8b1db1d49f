"""Faults of CopyObject."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operations.copy_object import CopyObject
from model.sse import SseKms
from model.world import ObjectVersion
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.operation import Operation
    from model.world import World


class InheritsFromSource(Fault):
    """A copy without encryption headers keeps its source's SSE-KMS instead of taking the default."""

    name = "inherits-from-source"
    category = "copy"
    origin = "getmoto/moto#6264"

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for the source's encryption, as though the client had."""
        if not isinstance(request, CopyObject) or request.sse or request.source is None:
            return request
        source = world.version(*request.source)
        if not isinstance(source, ObjectVersion) or not isinstance(source.encryption, SseKms):
            return request
        return replace(request, sse="aws:kms", kms_key_id=source.encryption.kms_key_id)
