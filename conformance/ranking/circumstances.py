"""In which circumstances a request comes: what a server may treat otherwise, and wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from model.facts import keeps_versions
from model.kms import look_up_key
from model.messages import Auth
from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.kms import KmsOperation, named_key
from model.operations.object_read import ConditionalRead
from model.request import (
    BucketRequest,
    ObjectRequest,
    PartOfUpload,
    PartUpload,
    WithCopySource,
    WithEncryptionHeaders,
    names_no_encryption,
)
from model.sse import DsseKms, SseKms
from model.stored import MultipartUpload, ObjectVersion
from model.world import Bucket, KeyState, KmsKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.ranking.past import Past
    from model.operation import Operation
    from model.stored import StoredVersion
    from model.world import World

ANY = "any"
"""The circumstance in which each request comes."""
_LARGE = 64 * 1024
_CONDITIONS = ("if_match", "if_none_match", "source_if_match", "source_if_none_match")


def circumstances(world: World, request: Operation, past: Past) -> frozenset[str]:
    """Return the names of the circumstances in which a request comes."""
    return frozenset(_circumstances(world, request, past))


def _circumstances(world: World, request: Operation, past: Past) -> Iterator[str]:
    yield ANY
    if request.auth is not Auth.HEADER:
        yield request.auth.value
    if isinstance(request, KmsOperation):
        yield from _of_what_hangs(world, request)
    if not isinstance(request, BucketRequest):
        return
    bucket = existing_bucket(world, request.bucket)
    yield f"{request.bucket_kind.name.lower()} bucket"
    if any(name != request.bucket and name.startswith(request.bucket) for name in world.buckets):
        yield "another bucket's name begins like it"
    if bucket is None:
        return
    yield from past.circumstances(request, bucket)
    yield from _of_bucket(world, bucket)
    if isinstance(request, ObjectRequest):
        yield from _of_object(world, bucket, request)


def _of_what_hangs(world: World, request: KmsOperation) -> Iterator[str]:
    """Yield what hangs on the KMS key that a request names."""
    key = named_key(world, request.key_id)
    if key is None:
        return
    for bucket in world.buckets.values():
        if not isinstance(bucket, Bucket):
            continue
        text = None if bucket.rule is None else bucket.rule.kms_key_id
        if text and look_up_key(world, bucket.region, text) == key:
            yield "a default hangs on the key"
        if any(_is_under(key, one) for row in bucket.versions.values() for one in row):
            yield "an object hangs on the key"
        if any(_is_under(key, one) for one in bucket.objects.values()):
            yield "an object hangs on the key"
        uploads = (one for one in bucket.uploads.values() if isinstance(one, MultipartUpload))
        if any(_is_under(key, one.version) for one in uploads):
            yield "an upload hangs on the key"


def _is_under(key: KmsKey, version: object) -> bool:
    encryption = version.encryption if isinstance(version, ObjectVersion) else None
    return isinstance(encryption, SseKms | DsseKms) and encryption.kms_key_id == key.key_id


def _of_bucket(world: World, bucket: Bucket) -> Iterator[str]:
    if keeps_versions(bucket):
        yield "versioning"
    if bucket.rule is not None:
        yield f"default {bucket.rule.sse_algorithm}"
        yield from _of_key("default's key", world, bucket, bucket.rule.kms_key_id)
    if bucket.explicit:
        yield "default was put"
    if len(bucket.objects) > 1:
        yield "other objects"


def _of_object(world: World, bucket: Bucket, request: ObjectRequest) -> Iterator[str]:
    row = bucket.row(request.object_key)
    if any(isinstance(one, ObjectVersion) for one in row):
        yield "object is there"
    if len(row) > 1:
        yield "older versions"
    version_id = getattr(request, "version_id", None)
    if version_id is not None:
        yield "version is named"
        if not bucket.is_current(request.object_key, version_id):
            yield "older version is named"
        yield from _of_version("object", world, bucket.version(request.object_key, version_id))
    elif row:
        yield from _of_version("object", world, row[0])
    yield from _of_request(world, bucket, request)


def _of_request(world: World, bucket: Bucket, request: ObjectRequest) -> Iterator[str]:
    yield from _of_name("object", request.object_key)
    if isinstance(request, WithEncryptionHeaders):
        yield from _of_encryption(world, bucket, request)
    if isinstance(request, WithCopySource) and request.source is not None:
        yield "same bucket" if request.source.bucket == request.bucket else "other bucket"
        yield from _of_name("source", request.source.object_key)
        yield from _of_version("source", world, world.version(*request.source))
    if isinstance(request, PartUpload):
        yield "first part" if request.part_number == "1" else "later part"
    if isinstance(request, ConditionalRead) and request.asks_for_a_part:
        yield "a part is asked for"
    if any(getattr(request, name, None) is not None for name in _CONDITIONS):
        yield "on a condition"
    if isinstance(request, PartOfUpload):
        upload = bucket.upload(request.upload_id or "")
        if isinstance(upload, MultipartUpload):
            yield from _of_version("upload", world, upload.version)
            yield from _of_list(upload, request)
    if getattr(request, "range", None) or getattr(request, "copy_source_range", None):
        yield "a range is named"
    body = getattr(request, "body", None)
    if isinstance(body, bytes):
        yield "no data" if not body else "much data" if len(body) >= _LARGE else "data"


def _of_encryption(world: World, bucket: Bucket, request: WithEncryptionHeaders) -> Iterator[str]:
    """Yield whether a request names an encryption, and how that stands to the default."""
    yield "no encryption named" if names_no_encryption(request) else "encryption named"
    if request.sse and bucket.rule is not None:
        same = request.sse == bucket.rule.sse_algorithm
        yield "named as the default is" if same else "named otherwise than the default is"
    yield from _of_key("named key", world, bucket, request.kms_key_id)


def _of_name(what: str, object_key: str) -> Iterator[str]:
    """Yield what an object key is like, where it is not plain."""
    if quote(object_key) != object_key:
        yield f"{what}'s name needs escaping"
    if object_key.endswith("/"):
        yield f"{what}'s name ends like a folder's"


def _of_list(upload: MultipartUpload, request: PartOfUpload) -> Iterator[str]:
    """Yield which of an upload's parts a completion lists."""
    listed = request.parts if isinstance(request, CompleteMultipartUpload) else None
    if listed is not None and {part.number for part in listed} < upload.parts.keys():
        yield "not all parts are listed"


def _of_version(what: str, world: World, version: StoredVersion) -> Iterator[str]:
    if not isinstance(version, ObjectVersion):
        return
    yield f"{what} has {type(version.encryption).__name__}"
    if isinstance(version.encryption, SseKms | DsseKms):
        key = world.keys.get(version.encryption.kms_key_id)
        if key is not None and key.state is not KeyState.ENABLED:
            yield f"{what}'s key is {key.state}"
    if version.part_sizes is not None:
        yield f"{what} in {'parts' if len(version.part_sizes) > 1 else 'one part'}"
    if version.body == b"":
        yield f"{what} without data"


def _of_key(what: str, world: World, bucket: Bucket, text: str | None) -> Iterator[str]:
    """Yield in what form a KMS key is named, and what is wrong with it."""
    if not text:
        return
    alias = "alias/" in text
    yield f"{what} by {'its alias' if alias else 'ARN' if text.startswith('arn:') else 'id'}"
    found = look_up_key(world, bucket.region, text)
    if not isinstance(found, KmsKey):
        yield f"{what} is {found.value}"
    elif found.state is not KeyState.ENABLED:
        yield f"{what} is {found.state}"
