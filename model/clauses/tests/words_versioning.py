"""Words of the notation for versions, listings, attributes and deletions of several objects."""

from __future__ import annotations

from typing import Any

from model.clauses.tests.notation import BUCKET, OBJECT, create, given, put
from model.delete_document import Deletion, Named, write_deletion
from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.operations.delete_objects import DeleteObjects
from model.operations.get_bucket_versioning import GetBucketVersioning
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.list_object_versions import ListObjectVersions
from model.operations.list_objects import ListObjects, ListObjectsV2
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.sse import md5_base64, md5_hex
from model.world import Versioning

BOTH = "ETag,ObjectSize"


def id_of(step: int) -> str:
    """The version id that the answer to the step of that number shows, the first being 0."""
    return md5_hex(f"answer {step}".encode())


def versioning(status: Versioning, *, bucket: str = BUCKET) -> PutBucketVersioning:
    return PutBucketVersioning(bucket=bucket, document=versioning_document(status.value))


def enable(bucket: str = BUCKET) -> PutBucketVersioning:
    return versioning(Versioning.ENABLED, bucket=bucket)


def suspend(bucket: str = BUCKET) -> PutBucketVersioning:
    return versioning(Versioning.SUSPENDED, bucket=bucket)


def get_versioning(bucket: str = BUCKET) -> GetBucketVersioning:
    return GetBucketVersioning(bucket=bucket)


def delete_version(version_id: str, object_key: str = OBJECT) -> DeleteObject:
    return DeleteObject(bucket=BUCKET, object_key=object_key, version_id=version_id)


def copy_version(version_id: str, object_key: str = "copy", **headers: Any) -> CopyObject:
    return CopyObject(
        bucket=BUCKET,
        object_key=object_key,
        copy_source=f"{BUCKET}/{OBJECT}?versionId={version_id}",
        metadata=(),
        secure=True,
        **headers,
    )


def attributes(
    asked: str | None = BOTH, object_key: str = OBJECT, **headers: Any
) -> GetObjectAttributes:
    return GetObjectAttributes(
        bucket=BUCKET, object_key=object_key, object_attributes=asked, secure=True, **headers
    )


def list_objects(bucket: str = BUCKET, **asked: Any) -> ListObjects:
    return ListObjects(bucket=bucket, secure=True, **asked)


def list_v2(bucket: str = BUCKET, **asked: Any) -> ListObjectsV2:
    return ListObjectsV2(bucket=bucket, secure=True, **asked)


def list_versions(bucket: str = BUCKET, **asked: Any) -> ListObjectVersions:
    return ListObjectVersions(bucket=bucket, secure=True, **asked)


def delete_several(
    *named: Named | str, quiet: bool = False, told: bool = True, bucket: str = BUCKET
) -> DeleteObjects:
    """A DeleteObjects; ``told``: with the MD5 of its document."""
    each = tuple(one if isinstance(one, Named) else Named(one) for one in named)
    document = write_deletion(Deletion(each, quiet=quiet))
    md5 = md5_base64(document) if told else None
    return DeleteObjects(bucket=bucket, document=document, content_md5=md5)


NEW = given(create())
"""A bucket that never had versioning."""
ENABLED = given(create(), enable())
"""A bucket that keeps versions; the next step has the number 2."""
TWO = given(create(), enable(), put(), put(body=b"newer"))
"""Two versions of the object, made by the steps 2 and 3."""
OLDER, NEWER = id_of(2), id_of(3)
MARKED = given(create(), enable(), put(), DeleteObject(bucket=BUCKET, object_key=OBJECT))
"""A version, made by step 2, under a delete marker, made by step 3."""
MARKER = NEWER
SUSPENDED = given(create(), enable(), put(), suspend(), put(body=b"newer"))
"""The null version over an older one, made by step 2."""
NULL_FIRST = given(create(), put(), enable())
"""An object from before versioning was enabled: it is the null version."""
