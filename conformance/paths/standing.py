"""What stands where something is written, or refused: nothing, an object, versions, a marker."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from conformance.paths.ways import METADATA
from model.clause import Capability
from model.operations.delete_object import DeleteObject
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.operations.put_object import PutObject
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.phase import Setting
    from conformance.requests import Requests
    from model.operation import Operation


class Standing(StrEnum):
    """What stands there before."""

    OBJECT = "an object"
    VERSIONS = "two versions"
    NOTHING = "nothing"
    NULL_MARKER = "a null marker over a version"
    MARKER = "a delete marker over a version"
    SUSPENDED = "a null version over another"

    @property
    def is_versioned(self) -> bool:
        """Whether its bucket keeps versions, or did."""
        return self not in {Standing.OBJECT, Standing.NOTHING}

    @property
    def is_suspended(self) -> bool:
        """Whether its bucket keeps versions no longer."""
        return self in {Standing.NULL_MARKER, Standing.SUSPENDED}


def standings(setting: Setting) -> list[Standing]:
    """Return what can stand in a bucket of the target."""
    versions = setting.has(Capability.VERSIONING)
    return [one for one in Standing if versions or not one.is_versioned]


def put_there(
    build: Requests, standing: Standing, bucket: str, object_keys: list[str], headers: Fields
) -> Iterator[Operation]:
    """Yield what makes it stand there, under each of the object keys."""
    if standing.is_versioned:
        yield put_versioning(build, bucket, Versioning.ENABLED)
    if standing is not Standing.NOTHING:
        yield from _puts(build, bucket, object_keys, headers, b"there before")
    if standing.is_suspended:
        yield put_versioning(build, bucket, Versioning.SUSPENDED)
    if standing in {Standing.VERSIONS, Standing.SUSPENDED}:
        yield from _puts(build, bucket, object_keys, headers, b"there at last")
    if standing in {Standing.MARKER, Standing.NULL_MARKER}:
        for object_key in object_keys:
            yield DeleteObject(bucket=bucket, object_key=object_key, secure=build.secure)


def _puts(
    build: Requests, bucket: str, object_keys: list[str], headers: Fields, body: bytes
) -> Iterator[Operation]:
    for number, object_key in enumerate(object_keys):
        yield PutObject(
            bucket=bucket,
            object_key=object_key,
            body=body + b" %d" % number,
            metadata=METADATA,
            secure=build.secure,
            **headers,
        )


def put_versioning(build: Requests, bucket: str, wanted: Versioning) -> Operation:
    """Return the request after which a bucket keeps versions, or keeps them no longer."""
    document = versioning_document(wanted.value)
    return PutBucketVersioning(bucket=bucket, document=document, secure=build.secure)
