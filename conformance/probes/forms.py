"""Whether a target takes forms, presigned requests, bucket policies and checksums."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.probe import Probed, Support, probe, refusal
from model.bucket_policy import Condition, DenyStatement, Operator, write_policy
from model.checksums import BY_NAME, ENABLED, checksum_of
from model.clause import Capability
from model.messages import Auth
from model.operations.bucket_policy import DeleteBucketPolicy, PutBucketPolicy
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.post_object import PostObject
from model.request import SSE

if TYPE_CHECKING:
    from conformance.probe import Prober

_DATA = b"probe"
_OBJECT = "requests"
_FORBIDDEN = 403


@probe(Capability.POST_FORM)
def post_form(prober: Prober) -> Probed:
    """Upload a form, and read what it stored."""
    secure = prober.session.secure
    request = PostObject(bucket=prober.bucket, object_key=_OBJECT, body=_DATA, secure=secure)
    answer = prober.send(request)
    if answer is None or not answer.succeeded:
        return refusal(answer, "PostObject")
    seen = prober.send(GetObject(bucket=prober.bucket, object_key=_OBJECT, secure=secure))
    if seen is not None and seen.succeeded:
        return Probed(Support.SUPPORTED, "PostObject")
    return Probed(Support.IGNORED, "PostObject succeeds, and stores nothing")


@probe(Capability.PRESIGNED)
def presigned(prober: Prober) -> Probed:
    """Write and read with a presigned request."""
    secure = prober.session.secure
    for request in (
        prober.put(_OBJECT),
        GetObject(bucket=prober.bucket, object_key=_OBJECT, secure=secure),
    ):
        answer = prober.send(replace(request, auth=Auth.PRESIGNED))
        if answer is None or not answer.succeeded:
            return refusal(answer, f"a presigned {request.operation}")
    return Probed(Support.SUPPORTED, "a presigned PutObject and GetObject")


@probe(Capability.BUCKET_POLICY)
def bucket_policy(prober: Prober) -> Probed:
    """Deny writes without an algorithm, and see whether one is denied."""
    secure = prober.session.secure
    statement = DenyStatement((Condition(Operator.NULL, SSE, ("true",)),))
    document = write_policy(prober.bucket, [statement])
    answer = prober.send(PutBucketPolicy(bucket=prober.bucket, document=document, secure=secure))
    if answer is None or not answer.succeeded:
        return refusal(answer, "PutBucketPolicy")
    denied = prober.send(prober.put(_OBJECT))
    prober.send(DeleteBucketPolicy(bucket=prober.bucket, secure=secure))
    if denied is not None and denied.status == _FORBIDDEN:
        return Probed(Support.SUPPORTED, "a policy denies a write by its headers")
    return Probed(Support.IGNORED, "PutBucketPolicy succeeds, and denies nothing")


@probe(Capability.CHECKSUMS)
def checksums(prober: Prober) -> Probed:
    """Write with a checksum, and see whether it is shown."""
    algorithm = BY_NAME["SHA256"]
    value = checksum_of(_DATA, algorithm)
    answer = prober.send(prober.put(_OBJECT, checksum_sha256=value))
    if answer is None or not answer.succeeded:
        return refusal(answer, "PutObject with a checksum")
    head = HeadObject(
        bucket=prober.bucket,
        object_key=_OBJECT,
        checksum_mode=ENABLED,
        secure=prober.session.secure,
    )
    if prober.is_shown(lambda one: one.text(algorithm.header) == value, answer, head):
        return Probed(Support.SUPPORTED, "PutObject with a checksum")
    return Probed(Support.IGNORED, "PutObject with a checksum succeeds, and nothing shows it")
