"""Whether the access point that the user named is one of an FSx file system."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.probe import Probed, Support, probe, refusal
from model.clause import Capability
from model.operations.head_object import HeadObject
from model.request import SSE
from model.sse import SHOWN_FOR_FSX

if TYPE_CHECKING:
    from conformance.probe import Prober


@probe(Capability.FSX_ACCESS_POINT, apart=True)
def fsx_access_point(prober: Prober) -> Probed:
    """Write through the access point, and look how the object is said to be encrypted."""
    alias = prober.session.connection.endpoint.fsx_access_point
    if alias is None:
        return Probed(Support.UNSUPPORTED, "no access point was named: use --fsx-access-point")
    put = replace(prober.put(f"files/{prober.bucket}/probe"), bucket=alias)
    answer = prober.send(put)
    if answer is None or not answer.succeeded:
        return refusal(answer, f"PutObject through {alias}")
    head = HeadObject(bucket=alias, object_key=put.object_key, secure=put.secure)
    if prober.is_shown(lambda one: one.text(SSE) in SHOWN_FOR_FSX, answer, head):
        return Probed(Support.SUPPORTED, f"PutObject through {alias}")
    return Probed(Support.IGNORED, f"PutObject through {alias} succeeds, and nothing shows aws:fsx")
