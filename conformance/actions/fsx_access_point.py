"""An access point attached to an FSx file system: what is written through it, and copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action, opening
from conformance.actions.multipart import completion_of, uploads_in
from conformance.universe import BODIES, CUSTOMER_KEYS
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.sse import FSX_ALGORITHM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation

NEEDS = Capability.FSX_ACCESS_POINT
WITH_PARTS = (NEEDS, Capability.MULTIPART)
OTHERS = ("AES256", "aws:kms", "aws:kms:dsse", "aws:backup", "aes256")


def access_point(build: Requests) -> str:
    """Return the alias of the access point."""
    return build.universe.fsx_access_point or ""


@opening(6, needs=NEEDS, focus=3)
def open_access_point(build: Requests) -> Iterator[Operation]:
    """Write something through the access point, and see which file system it is."""
    yield _put(build)
    for bucket, object_key, _ in build.objects_in(access_point(build)):
        yield build.read(bucket, object_key, sound=True)


@action(34, needs=NEEDS, after=open_access_point)
def put_file(build: Requests) -> Operation:
    """Return a PutObject through the access point."""
    return _put(build)


def _put(build: Requests) -> Operation:
    choose = build.choose
    fields: Fields = {"bucket": access_point(build), "body": choose.pick(BODIES)}
    fields["object_key"] = choose.pick(build.universe.file_keys)
    way = choose.weighted((("none", 30), ("fsx", 20), ("other", 30), ("sse-c", 14), ("odd", 6)))
    if way == "fsx":
        fields["sse"] = FSX_ALGORITHM
    elif way == "other":
        fields["sse"] = choose.pick(OTHERS)
    elif way == "sse-c":
        faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
    elif way == "odd":
        fields["bucket_key_enabled"] = "true"
    return PutObject(secure=build.secure, **fields)


@action(20, needs=NEEDS, after=open_access_point)
def read_or_delete_file(build: Requests) -> Operation | None:
    """Return a GetObject, HeadObject or DeleteObject through the access point."""
    choose, bucket = build.choose, access_point(build)
    found = build.objects_in(bucket)
    if not found:
        return None
    _, object_key, _ = choose.pick(found)
    if choose.chance(15):
        return DeleteObject(bucket=bucket, object_key=object_key, secure=build.secure)
    version_id = "0123456789abcdef0123456789abcdef" if choose.chance(15) else None
    return build.read(bucket, object_key, version_id=version_id, sound=True)


@action(20, needs=(NEEDS, Capability.COPY), after=open_access_point)
def copy_file(build: Requests) -> Operation | None:
    """Return a CopyObject within the access point, into it or out of it."""
    choose, own = build.choose, access_point(build)
    files, objects = build.objects_in(own), build.objects()
    way = choose.weighted((("within", 50), ("into", 25), ("out", 25)))
    sources = objects if way == "into" else files
    if not sources:
        return None
    bucket, object_key, _ = choose.pick(sources)
    fields: Fields = {"copy_source": f"{bucket}/{object_key}"}
    fields["bucket"] = build.bucket() if way == "out" else own
    keys = build.universe.object_keys if way == "out" else build.universe.file_keys
    fields["object_key"] = choose.pick(keys)
    if choose.chance(30):
        fields["sse"] = choose.pick((FSX_ALGORITHM, *OTHERS))
    return CopyObject(secure=build.secure, **fields)


@action(16, CreateMultipartUpload, left_out=30, needs=WITH_PARTS, after=open_access_point)
def upload_file(build: Requests) -> Operation:
    """Return what comes next of an upload of one part through the access point."""
    bucket = access_point(build)
    begun = uploads_in(build, bucket)
    if not begun:
        fields: Fields = {
            "bucket": bucket,
            "object_key": build.choose.pick(build.universe.file_keys),
        }
        way = build.choose.weighted(
            ((None, 60), (FSX_ALGORITHM, 20), (build.choose.pick(OTHERS), 20))
        )
        return CreateMultipartUpload(sse=way, secure=build.secure, **fields)
    named = begun[0]
    if not named.upload.parts:
        body = build.choose.pick(BODIES)
        return UploadPart(part_number="1", body=body, secure=build.secure, **named.fields)
    if build.choose.chance(10):
        return AbortMultipartUpload(secure=build.secure, **named.fields)
    return completion_of(build, named, percent=0)


@action(4, left_out=50, needs=NEEDS, after=open_access_point)
def ask_for_configuration(build: Requests) -> Operation:
    """Return a request about the default encryption of an access point, which has none."""
    choose, bucket, secure = build.choose, access_point(build), build.secure
    if choose.chance(40):
        document = write_configuration([RuleText(sse_algorithm="AES256")])
        return PutBucketEncryption(bucket=bucket, document=document, secure=secure)
    if choose.chance(50):
        return GetBucketEncryption(bucket=bucket, secure=secure)
    return DeleteBucketEncryption(bucket=bucket, secure=secure)
