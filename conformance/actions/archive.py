"""Archived objects are restored, or copied in vain; writing them is PutObject's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action
from conformance.looking import copy_source
from conformance.universe import KEYS_BY_MD5
from model.clause import Capability
from model.clauses.archive import is_archived
from model.operations.copy_object import CopyObject
from model.operations.restore_object import RestoreObject
from model.sse import SseC

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation


@action(6, left_out=40, needs=Capability.ARCHIVE)
def use_archived(build: Requests) -> Operation | None:
    """Return a RestoreObject of an archived object or a copy of it, where there is one."""
    found = [one for one in build.objects() if is_archived(one[2])]
    if not found:
        return None
    bucket, object_key, version = build.choose.pick(found)
    if build.choose.chance(40):
        return RestoreObject(bucket=bucket, object_key=object_key, secure=build.secure)
    fields: Fields = {"copy_source": copy_source(bucket, object_key)}
    build.encryption(fields)
    if isinstance(version.encryption, SseC):
        texts = KEYS_BY_MD5.get(version.encryption.customer_key_md5)
        faults.put_customer_key(fields, texts, source=True)
    target = build.choose.pick(build.universe.object_keys)
    return CopyObject(bucket=bucket, object_key=target, secure=build.secure, **fields)
