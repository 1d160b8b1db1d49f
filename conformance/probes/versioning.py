"""Whether a target keeps versions, lists, tells attributes and deletes several objects at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.deleting import deletion_of
from conformance.probe import Probed, Support, probe, refusal
from model.answer import VERSION_ID
from model.clause import Capability
from model.delete_document import DELETED, Named, field_of
from model.listing import NAMES, read_names
from model.operations.create_bucket import CreateBucket
from model.operations.get_bucket_versioning import GetBucketVersioning
from model.operations.get_object_attributes import ETAG_ATTRIBUTE, GetObjectAttributes
from model.operations.list_objects import ListObjectsV2
from model.operations.put_bucket_versioning import (
    STATUS,
    PutBucketVersioning,
    versioning_document,
)
from model.world import Versioning

if TYPE_CHECKING:
    from conformance.probe import Prober


@probe(Capability.VERSIONING, apart=True)
def versioning(prober: Prober) -> Probed:
    """Enable it in a bucket of its own, and see whether a write shows a version id."""
    bucket, secure = f"{prober.bucket}-v", prober.session.secure
    made = prober.send(CreateBucket(bucket=bucket, secure=secure))
    if made is None or not made.succeeded:
        return refusal(made, "CreateBucket of a second bucket")
    document = versioning_document(Versioning.ENABLED.value)
    answer = prober.send(PutBucketVersioning(bucket=bucket, document=document, secure=secure))
    if answer is None or not answer.succeeded:
        return refusal(answer, "PutBucketVersioning")
    put = prober.send(replace(prober.put("plain"), bucket=bucket))
    if put is not None and put.text(VERSION_ID) is not None:
        return Probed(Support.SUPPORTED, "PutBucketVersioning")
    seen = prober.send(GetBucketVersioning(bucket=bucket, secure=secure))
    if seen is not None and seen.text(STATUS) is not None:
        return Probed(Support.SUPPORTED, "PutBucketVersioning")
    return Probed(Support.IGNORED, "PutBucketVersioning succeeds, and nothing shows it")


@probe(Capability.ATTRIBUTES)
def attributes(prober: Prober) -> Probed:
    """Ask for the ETag of an object."""
    answer = prober.send(
        GetObjectAttributes(
            bucket=prober.bucket,
            object_key="plain",
            object_attributes=ETAG_ATTRIBUTE,
            secure=prober.session.secure,
        )
    )
    if answer is None or not answer.succeeded:
        return refusal(answer, "GetObjectAttributes")
    if answer.text(ETAG_ATTRIBUTE) is None:
        return Probed(Support.IGNORED, "GetObjectAttributes succeeds, and shows no attribute")
    return Probed(Support.SUPPORTED, "GetObjectAttributes")


@probe(Capability.LISTS)
def lists(prober: Prober) -> Probed:
    """List the objects of the bucket."""
    answer = prober.send(ListObjectsV2(bucket=prober.bucket, secure=prober.session.secure))
    if answer is None or not answer.succeeded:
        return refusal(answer, "ListObjectsV2")
    if "plain" not in read_names(answer.text(NAMES)):
        return Probed(Support.IGNORED, "ListObjectsV2 succeeds, and does not name an object")
    return Probed(Support.SUPPORTED, "ListObjectsV2")


@probe(Capability.MULTI_DELETE)
def multi_delete(prober: Prober) -> Probed:
    """Delete an object together with one that is not there."""
    named = (Named("copy"), Named("never-written"))
    answer = prober.send(deletion_of(prober.bucket, named, secure=prober.session.secure))
    if answer is None or not answer.succeeded:
        return refusal(answer, "DeleteObjects")
    if answer.text(field_of(DELETED, "copy")) is None:
        return Probed(Support.IGNORED, "DeleteObjects succeeds, and tells of no deletion")
    return Probed(Support.SUPPORTED, "DeleteObjects")
