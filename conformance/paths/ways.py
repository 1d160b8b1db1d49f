"""The ways by which data becomes an object: each takes the same headers for the same intent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.faults import put_customer_key
from conformance.looking import copy_source, key_fields
from conformance.universe import CUSTOMER_KEYS
from conformance.upload_checksums import checksum_fields, listed_part
from model.checksums import BY_NAME
from model.clause import Capability
from model.completion_document import write_completion
from model.messages import Auth
from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.list_parts import ListParts
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.sse import SseAlgorithm
from model.stored import ObjectVersion, is_in_progress

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation
    from model.stored import MultipartUpload


_CRC32 = BY_NAME["CRC32"]
METADATA = (("intent", "the same"), ("color", "blue"))
OTHER_METADATA = (("color", "red"), ("shape", "round"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be written: data under an object key, with headers of an encryption.

    ``source`` is the bucket and the object key of an object that holds the same data.
    """

    bucket: str
    object_key: str
    body: bytes
    headers: Fields
    source: tuple[str, str]

    @property
    def named(self) -> Fields:
        """The names of the object."""
        return {"bucket": self.bucket, "object_key": self.object_key}


Write = Callable[["Requests", Task], Iterator["Operation"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to write."""

    name: str
    write: Write
    needs: frozenset[Capability]


_ways: list[Way] = []


def way(name: str, *needs: Capability) -> Callable[[Write], Write]:
    """Register the decorated function as a way to write."""

    def register(write: Write) -> Write:
        _ways.append(Way(name=name, write=write, needs=frozenset(needs)))
        return write

    return register


def two_ways(build: Requests, number: int) -> list[Way]:
    """Return two of the ways that the target has: the number says which."""
    ways = every_way(build)
    return [ways[place % len(ways)] for place in (number, number + len(ways) // 2)]


def every_way(build: Requests) -> list[Way]:
    """Return the ways that the target has."""
    return [one for one in _ways if one.needs <= build.universe.capabilities]


@way("put")
def put(build: Requests, task: Task) -> Iterator[Operation]:
    """Put it."""
    yield PutObject(
        body=task.body, metadata=METADATA, secure=build.secure, **task.named, **task.headers
    )


@way("presigned put", Capability.PRESIGNED)
def presigned_put(build: Requests, task: Task) -> Iterator[Operation]:
    """Put it by a presigned URL."""
    yield PutObject(
        body=task.body,
        metadata=METADATA,
        auth=Auth.PRESIGNED,
        secure=build.secure,
        **task.named,
        **task.headers,
    )


@way("form", Capability.POST_FORM)
def form(build: Requests, task: Task) -> Iterator[Operation]:
    """Upload it as the file of a form."""
    yield PostObject(
        body=task.body, metadata=METADATA, secure=build.secure, **task.named, **task.headers
    )


@way("copy", Capability.COPY)
def copy(build: Requests, task: Task) -> Iterator[Operation]:
    """Copy it from where it is already."""
    yield CopyObject(
        secure=build.secure, **copied_from(build, *task.source), **task.named, **task.headers
    )


@way("copy in place", Capability.COPY)
def copy_in_place(build: Requests, task: Task) -> Iterator[Operation]:
    """Put it without headers, and copy it to itself with them."""
    if not isinstance(build.world.object(task.bucket, task.object_key), ObjectVersion):
        yield PutObject(body=task.body, metadata=OTHER_METADATA, secure=build.secure, **task.named)
    yield CopyObject(
        metadata_directive="REPLACE",
        metadata=METADATA,
        secure=build.secure,
        **copied_from(build, task.bucket, task.object_key),
        **task.named,
        **task.headers,
    )


@way("upload", Capability.MULTIPART)
def upload(build: Requests, task: Task) -> Iterator[Operation]:
    """Upload it in parts, of which there is one."""
    yield from begin(build, task)
    yield from finish(build, task)


@way("upload of a copied part", Capability.MULTIPART, Capability.COPY)
def upload_of_a_copied_part(build: Requests, task: Task) -> Iterator[Operation]:
    """Upload it in parts, the one of which is copied from where it is already."""
    yield from create(build, task)
    found = upload_of(build, task)
    if found is None:
        return
    fields = task.named | key_fields(found[1].version) | copied_from(build, *task.source)
    yield UploadPartCopy(upload_id=found[0], part_number="1", secure=build.secure, **fields)
    yield from finish(build, task)


@way("upload with checksums", Capability.MULTIPART, Capability.CHECKSUMS)
def upload_with_checksums(build: Requests, task: Task) -> Iterator[Operation]:
    """Upload it in parts, of which there is one, with the checksums that SDKs send."""
    yield from create(build, task, checksum_algorithm=_CRC32.name)
    found = upload_of(build, task)
    if found is None:
        return
    fields = task.named | key_fields(found[1].version) | checksum_fields(_CRC32, task.body)
    yield UploadPart(
        upload_id=found[0],
        part_number="1",
        body=task.body,
        secure=build.secure,
        **fields,
    )
    yield from finish(build, task)


@way("put over another")
def put_over_another(build: Requests, task: Task) -> Iterator[Operation]:
    """Put it over an object of another encryption."""
    fields: Fields = {"sse": SseAlgorithm.AES256.value}
    if build.has(Capability.SSE_C) and "customer_key" not in task.headers:
        fields = {}
        put_customer_key(fields, CUSTOMER_KEYS[2])
    yield PutObject(body=b"what is written over", secure=build.secure, **task.named, **fields)
    yield from put(build, task)


@way("presigned query", Capability.PRESIGNED)
def presigned_query(build: Requests, task: Task) -> Iterator[Operation]:
    """Put it by a presigned URL whose query names the algorithm, where it alone is named."""
    if task.headers.keys() == {"sse"} and task.headers["sse"] in set(SseAlgorithm):
        yield PutObject(
            body=task.body,
            metadata=METADATA,
            auth=Auth.PRESIGNED,
            sse_parameter=task.headers["sse"],
            secure=build.secure,
            **task.named,
        )


def create(build: Requests, task: Task, **checksum: str) -> Iterator[Operation]:
    """Begin an upload."""
    fields = task.named | task.headers | checksum
    yield CreateMultipartUpload(metadata=METADATA, secure=build.secure, **fields)


def begin(build: Requests, task: Task) -> Iterator[Operation]:
    """Begin an upload, and send its part."""
    yield from create(build, task)
    found = upload_of(build, task)
    if found is not None:
        fields = task.named | key_fields(found[1].version)
        yield UploadPart(
            upload_id=found[0], part_number="1", body=task.body, secure=build.secure, **fields
        )


def finish(
    build: Requests, task: Task, numbers: frozenset[int] | None = None
) -> Iterator[Operation]:
    """Complete the upload of the parts that it has, with their checksums where they have some.

    Of those with these ``numbers`` alone, where they are given.
    """
    found = upload_of(build, task)
    parts = () if found is None else found[1].parts
    wanted = sorted(number for number in parts if numbers is None or number in numbers)
    if found is None or not wanted:
        return
    listed = [listed_part(found[1], number) for number in wanted]
    fields = task.named
    if any(part.has_checksum for part in listed):
        fields |= key_fields(found[1].version)
    yield CompleteMultipartUpload(
        upload_id=found[0], document=write_completion(listed), secure=build.secure, **fields
    )


def parts_of(build: Requests, task: Task) -> Iterator[Operation]:
    """List the parts of the upload."""
    found = upload_of(build, task)
    if found is not None:
        yield ListParts(upload_id=found[0], secure=build.secure, **task.named)


def upload_of(build: Requests, task: Task) -> tuple[str, MultipartUpload] | None:
    """Return the newest upload of the object, with its id."""
    bucket = existing_bucket(build.world, task.bucket)
    held = () if bucket is None else tuple(bucket.uploads.items())
    own = [
        (upload_id, one)
        for upload_id, one in held
        if upload_id and is_in_progress(one) and one.object_key == task.object_key
    ]
    return own[-1] if own else None


def copied_from(build: Requests, bucket: str, object_key: str) -> Fields:
    """Return the headers that name the source of a copy, with its customer key."""
    found = build.world.object(bucket, object_key)
    return {"copy_source": copy_source(bucket, object_key)} | key_fields(found, source=True)
