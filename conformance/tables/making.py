"""How objects come to be: at once, in parts, by a form, by a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.looking import copy_source
from conformance.tables.values import MADE, NOTHING, Encryption
from model.answer import ETAG
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.tables.scene import Scene
    from model.operation import Operation

PUT, POST, COPY, UPLOAD, PART_COPY = (
    "PutObject",
    "PostObject",
    "CopyObject",
    "UploadPart",
    "UploadPartCopy",
)
PATHS = (PUT, COPY, UPLOAD, POST, PART_COPY)
COPIES = (COPY, PART_COPY)
PATH_NEEDS = {
    PUT: frozenset[Capability](),
    COPY: frozenset({Capability.COPY}),
    UPLOAD: frozenset({Capability.MULTIPART}),
    POST: frozenset({Capability.POST_FORM}),
    PART_COPY: frozenset({Capability.MULTIPART, Capability.COPY}),
}
_CUSTOMER_FIELDS = ("customer_algorithm", "customer_key", "customer_key_md5")


def write(scene: Scene, path: str, fields: Fields, bodies: Sequence[bytes]) -> Iterator[Operation]:
    """Make an object on that path: the fields are those of a copy where it is one.

    The bodies are its parts. An upload that was not created is not gone on with.
    """
    if path == PUT:
        yield PutObject(secure=scene.secure, body=b"".join(bodies), **fields)
    elif path == POST:
        yield PostObject(secure=scene.secure, body=b"".join(bodies), **fields)
    elif path == COPY:
        yield CopyObject(secure=scene.secure, **fields)
    else:
        yield from _upload(scene, fields, () if path == PART_COPY else bodies)


def _upload(scene: Scene, fields: Fields, bodies: Sequence[bytes]) -> Iterator[Operation]:
    """Make an object in parts: of these bodies, or of the source where there are none."""
    source = {n: v for n, v in fields.items() if n.startswith(("source_", "copy_source"))}
    begun = {n: v for n, v in fields.items() if n not in source}
    yield CreateMultipartUpload(secure=scene.secure, **begun)
    named = upload_begun(scene, begun)
    if named is None:
        return
    named |= {n: fields[n] for n in _CUSTOMER_FIELDS if n in fields}
    listed: list[ListedPart] = []
    parts: list[Fields] = [{"body": body} for body in bodies] or [source]
    for number, part in enumerate(parts, start=1):
        kind = UploadPart if bodies else UploadPartCopy
        yield kind(secure=scene.secure, part_number=str(number), **named, **part)
        answer = scene.answer
        etag = None if answer is None or not answer.succeeded else answer.text(ETAG)
        if etag is None:
            return
        listed.append(ListedPart(number, f'"{etag}"'))
    yield CompleteMultipartUpload(secure=scene.secure, document=write_completion(listed), **named)


def upload_begun(scene: Scene, fields: Fields) -> Fields | None:
    """Return what names the upload that was just created; None where it was refused."""
    answer = scene.answer
    upload_id = None if answer is None or not answer.succeeded else answer.text(UPLOAD_ID)
    if not upload_id:
        return None
    kept = ("bucket", "object_key", "session_token")
    return {name: fields[name] for name in kept if name in fields} | {"upload_id": upload_id}


def make(
    scene: Scene, bucket: str, object_key: str, label: str, body: bytes, *, customer: int
) -> Iterator[Operation]:
    """Make an object in the way of that label; ``customer`` is the number of its customer key.

    Where the target cannot do that it is made without headers.
    """
    encryption = MADE[label]
    if not encryption.needs <= scene.universe.capabilities:
        encryption = Encryption(NOTHING)
    yield from scene.keys_for([encryption.key])
    fields: Fields = {"bucket": bucket, "object_key": object_key}
    encryption.put(scene, fields, customer)
    fields["metadata"] = (("made", "before"),)
    path = UPLOAD if label.startswith("in parts") else PUT
    yield from write(scene, path, fields, [body])


def name_source(
    scene: Scene, fields: Fields, bucket: str, object_key: str, version_id: str | None = None
) -> None:
    """Name the source of a copy, with its customer key where it has one."""
    fields["copy_source"] = copy_source(bucket, object_key, version_id)
    texts = scene.customer_key_of(scene.held(bucket, object_key, version_id))
    faults.put_customer_key(fields, texts, source=True)
