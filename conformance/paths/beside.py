"""Scripts of two buckets whose names begin alike: what is done to one does not reach the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.deleting import emptying
from conformance.looking import look
from conformance.paths.intents import AES, DSSE, KMS, Default, is_usable
from conformance.paths.standing import put_versioning
from conformance.paths.ways import begin, finish, parts_of, upload_of
from conformance.paths.writing import Writing
from model.bucket_policy import Condition, DenyStatement, Operator, write_policy
from model.clause import Capability
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.bucket_policy import DeleteBucketPolicy, PutBucketPolicy
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_bucket_versioning import GetBucketVersioning
from model.operations.put_object import PutObject
from model.request import SSE
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.paths.ways import Task
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

_DEFAULTS = (Default(algorithm=KMS, key=0, flag="true"), Default(algorithm=DSSE, key=1))
_NEW_DEFAULTS = (Default(algorithm=AES), Default(algorithm=KMS))
OBJECT, BEGUN = "shared", "begun"
LOOKS = 4
"""So many ways there are to look at a bucket."""


def two_buckets(*, first: bool, versioned: bool) -> Script:
    """Return the script in which one of two buckets is changed, and the other is looked at.

    ``first``: it is the one whose name the other's begins with. ``versioned``: both keep versions.
    In each of the scripts another look follows a change, so that in some each look does.
    """
    shift = 2 * first + versioned

    def requests(build: Requests) -> Iterator[Operation]:
        one, other = build.universe.buckets[:: 1 if first else -1]
        for number, bucket in enumerate((one, other)):
            yield from _set_up(build, bucket, number, versioned=versioned)
        for number, change in enumerate(_changes(build, one), shift):
            yield change
            yield from _looks(build, other, number)
        yield from emptying(build.world, one, secure=build.secure)
        yield DeleteBucket(bucket=one, secure=build.secure)
        yield from _every_look(build, other)
        yield CreateBucket(bucket=one, secure=build.secure)
        for bucket in (one, other):
            yield from _configuration(build, bucket)
            yield from _new(build, bucket, "new at last")
        yield from finish(build, _task(build, other))
        yield look(build.world, other, BEGUN, data=True, secure=build.secure)

    return requests


def _set_up(build: Requests, bucket: str, number: int, *, versioned: bool) -> Iterator[Operation]:
    yield CreateBucket(bucket=bucket, secure=build.secure)
    usable = [one for one in _DEFAULTS if is_usable(one, build.universe)]
    if usable:
        yield from usable[number % len(usable)].put(build, bucket)
    if versioned and build.has(Capability.VERSIONING):
        yield put_versioning(build, bucket, Versioning.ENABLED)
    yield _write(build, bucket, OBJECT)
    if build.has(Capability.MULTIPART):
        yield from begin(build, _task(build, bucket))


def _task(build: Requests, bucket: str) -> Task:
    """Return the upload that is in progress in a bucket."""
    task = Writing(body=f"begun in {bucket[-2:]}".encode()).task(build, BEGUN)
    return replace(task, bucket=bucket)


def _write(build: Requests, bucket: str, object_key: str) -> Operation:
    """Return a request that puts an object as the bucket's default says."""
    body = f"{object_key} in {bucket[-2:]}".encode()
    return PutObject(bucket=bucket, object_key=object_key, body=body, secure=build.secure)


def _changes(build: Requests, bucket: str) -> Iterator[Operation]:
    """Yield what is done to a bucket, one change after the other."""
    secure = build.secure
    for default in _NEW_DEFAULTS:
        if is_usable(default, build.universe):
            yield from default.put(build, bucket)
    yield _write(build, bucket, OBJECT)
    if build.has(Capability.BUCKET_ENCRYPTION):
        yield DeleteBucketEncryption(bucket=bucket, secure=secure)
    if build.has(Capability.BUCKET_POLICY):
        demanded = Condition(Operator.NULL, SSE, ("true",))
        document = write_policy(bucket, [DenyStatement((demanded,))])
        yield PutBucketPolicy(bucket=bucket, document=document, secure=secure)
        yield DeleteBucketPolicy(bucket=bucket, secure=secure)
    yield DeleteObject(bucket=bucket, object_key=OBJECT, secure=secure)
    if build.has(Capability.VERSIONING):
        yield put_versioning(build, bucket, Versioning.SUSPENDED)
    begun = upload_of(build, _task(build, bucket))
    if begun is not None:
        yield AbortMultipartUpload(
            bucket=bucket, object_key=BEGUN, upload_id=begun[0], secure=secure
        )


def _looks(build: Requests, bucket: str, number: int) -> Iterator[Operation]:
    """Yield one way to see that a bucket is what it was, another one each time."""
    match number % LOOKS:
        case 0:
            yield from _configuration(build, bucket)
        case 1:
            yield look(build.world, bucket, OBJECT, data=True, secure=build.secure)
        case 2:
            yield from _new(build, bucket, f"new {number}")
        case _:
            yield from parts_of(build, _task(build, bucket))


def _every_look(build: Requests, bucket: str) -> Iterator[Operation]:
    """Yield all of them."""
    for number in range(LOOKS):
        yield from _looks(build, bucket, number)


def _configuration(build: Requests, bucket: str) -> Iterator[Operation]:
    if build.has(Capability.BUCKET_ENCRYPTION):
        yield GetBucketEncryption(bucket=bucket, secure=build.secure)
    if build.has(Capability.VERSIONING):
        yield GetBucketVersioning(bucket=bucket, secure=build.secure)


def _new(build: Requests, bucket: str, object_key: str) -> Iterator[Operation]:
    yield _write(build, bucket, object_key)
    yield look(build.world, bucket, object_key, data=True, secure=build.secure)
