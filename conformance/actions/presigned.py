"""Requests that are signed in their query, or by nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.action import action
from conformance.actions.objects import put_object
from conformance.faults import put_customer_key
from conformance.universe import BODIES, CONTEXTS, CUSTOMER_KEYS, METADATA
from model.clause import Capability
from model.messages import Auth
from model.operations.get_object import GetObject
from model.operations.put_object import PutObject
from model.sse import DsseKms, SseAlgorithm, SseKms

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation


@action(5, left_out=55, needs=Capability.PRESIGNED)
def presigned_request(build: Requests) -> Operation | None:
    """Return a presigned write or read, all of its headers signed or none."""
    choose = build.choose
    auth = Auth.PRESIGNED_HEADERS_UNSIGNED if choose.chance(30) else Auth.PRESIGNED
    found = build.objects()
    if found and choose.chance(40):
        bucket, object_key, _ = choose.pick(found)
        return replace(build.read(bucket, object_key), auth=auth)
    if build.has(Capability.SSE_C) and choose.chance(35):
        fields: Fields = {"bucket": build.bucket(), "body": choose.pick(BODIES)}
        fields["object_key"] = choose.pick(build.universe.object_keys)
        put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
        return PutObject(auth=auth, secure=build.secure, **fields)
    request = put_object(build)
    return None if request is None else replace(request, auth=auth)


@action(4, left_out=55, needs=Capability.PRESIGNED)
def presigned_query(build: Requests) -> Operation:
    """Return a presigned PutObject whose query names an encryption, or a context."""
    choose = build.choose
    algorithms = [SseAlgorithm.AES256.value]
    if build.has(Capability.SSE_KMS):
        algorithms += [SseAlgorithm.AWS_KMS.value] * 2
    if build.has(Capability.DSSE_KMS):
        algorithms.append(SseAlgorithm.AWS_KMS_DSSE.value)
    algorithm = None if choose.chance(25) else choose.pick(algorithms)
    context = choose.pick(CONTEXTS) if algorithm is None or choose.chance(30) else None
    return PutObject(
        bucket=build.bucket(),
        object_key=choose.pick(build.universe.object_keys),
        body=choose.pick(BODIES),
        metadata=choose.pick(METADATA),
        sse_parameter=algorithm,
        context_parameter=context,
        auth=Auth.PRESIGNED,
        secure=build.secure,
    )


@action(2, left_out=60, needs=(Capability.SSE_KMS, Capability.PRESIGNED))
def anonymous_kms(build: Requests) -> Operation | None:
    """Return a read or a write of an object under KMS that nobody signs."""
    choose = build.choose
    under = [
        (bucket, object_key)
        for bucket, object_key, version in build.objects()
        if isinstance(version.encryption, SseKms | DsseKms)
    ]
    if under and choose.chance(60):
        bucket, object_key = choose.pick(under)
        return GetObject(
            bucket=bucket, object_key=object_key, auth=Auth.ANONYMOUS, secure=build.secure
        )
    return PutObject(
        bucket=build.bucket(),
        object_key=choose.pick(build.universe.object_keys),
        body=choose.pick(BODIES),
        sse=SseAlgorithm.AWS_KMS.value,
        auth=Auth.ANONYMOUS,
        secure=build.secure,
    )
