"""Whether the target archives objects: they cannot be read then before they are restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.probe import Probed, Support, probe, refusal
from model.clause import Capability
from model.operations.get_object import GetObject
from model.operations.restore_object import RestoreObject

if TYPE_CHECKING:
    from conformance.probe import Prober

OBJECT = "archived"


@probe(Capability.ARCHIVE)
def archive(prober: Prober) -> Probed:
    """Write an object of the class GLACIER, try to read it, and have it restored."""
    bucket, secure = prober.bucket, prober.session.secure
    answer = prober.send(prober.put(OBJECT, storage_class="GLACIER"))
    if answer is None or not answer.succeeded:
        return refusal(answer, "PutObject with GLACIER")
    read = prober.send(GetObject(bucket=bucket, object_key=OBJECT, secure=secure))
    if read is not None and read.succeeded:
        return Probed(Support.UNSUPPORTED, "an object of the class GLACIER is read at once")
    restored = prober.send(RestoreObject(bucket=bucket, object_key=OBJECT, secure=secure))
    if restored is None or not restored.succeeded:
        return refusal(restored, "RestoreObject")
    return Probed(Support.SUPPORTED, "PutObject with GLACIER, and RestoreObject")
