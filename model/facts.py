"""Questions that several topics ask of the world and a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.kms import look_up_key, unlisted_key
from model.operation import existing_bucket
from model.request import (
    CustomerKeyHeaders,
    ObjectWrite,
    WithEncryptionHeaders,
    uses_sse_c,
)
from model.sse import SseAlgorithm, decode_customer_key, md5_base64
from model.world import Bucket, KmsKey, ServerSideEncryptionRule, World

if TYPE_CHECKING:
    from model.kms import NoKey, OtherKey
    from model.request import BucketRequest, ObjectRead, WithCopySource
    from model.world import StoredVersion

KMS_ALGORITHMS = frozenset({SseAlgorithm.AWS_KMS.value, SseAlgorithm.AWS_KMS_DSSE.value})


def bucket_of(world: World, request: BucketRequest) -> Bucket | None:
    """Return the bucket that the request names, if it is known to exist."""
    return existing_bucket(world, request.bucket)


def default_of(world: World, request: BucketRequest) -> ServerSideEncryptionRule | None:
    """Return the default encryption of the request's bucket, None where it is not known."""
    bucket = existing_bucket(world, request.bucket)
    return None if bucket is None else bucket.rule


def customer_key_groups(request: WithEncryptionHeaders) -> tuple[CustomerKeyHeaders, ...]:
    """Return the groups of SSE-C headers that were sent: the copy source's first."""
    return request.key_groups


def source_version(world: World, request: WithCopySource) -> StoredVersion | None:
    """Return the version that a copy reads, or what is known of its absence; None: no source."""
    return None if request.source is None else world.version(*request.source)


def version_read(world: World, request: ObjectRead) -> StoredVersion:
    """Return the version that a read names, or what is known of its absence."""
    return world.version(request.bucket, request.object_key, request.version_id)


def is_same_key(group: CustomerKeyHeaders, customer_key_md5: str) -> bool:
    """Tell whether the key of the headers is that with the given MD5."""
    return md5_base64(decode_customer_key(group.key or "")) == customer_key_md5


def asks_for_kms(request: WithEncryptionHeaders) -> bool:
    """Tell whether the request names SSE-KMS or DSSE-KMS."""
    return request.sse in KMS_ALGORITHMS


def falls_back_on_default(request: ObjectWrite) -> bool:
    """Tell whether the request says neither SSE nor SSE-C, so that the bucket decides."""
    named = request.sse is not None or request.names_in_query or request.kms_key_id is not None
    return not named and not uses_sse_c(request)


def kms_text_in_use(world: World, request: ObjectWrite) -> str | None:
    """Return the text that names the KMS key of a write, None where none is named or used.

    A write that names SSE-KMS is asked for its own key; one that names nothing for its bucket's.
    """
    if asks_for_kms(request):
        return request.kms_key_id or None
    if falls_back_on_default(request):
        rule = default_of(world, request)
        if rule is not None and rule.sse_algorithm in KMS_ALGORITHMS:
            return rule.kms_key_id or None
    return None


def kms_lookup(world: World, request: BucketRequest, text: str) -> KmsKey | NoKey | OtherKey:
    """Find the KMS key that a text names for the request's bucket."""
    bucket = bucket_of(world, request)
    region = (world.context.region or "") if bucket is None else bucket.region
    return look_up_key(world, region, text)


def key_or_unlisted(world: World, request: BucketRequest, text: str) -> KmsKey:
    """Return the key that a text names; a bare stand-in where the world does not know it."""
    found = kms_lookup(world, request, text)
    return found if isinstance(found, KmsKey) else unlisted_key(text)


def flag(text: str | None) -> bool | None:
    """Return what a bucket-key header says, None where it is absent or says neither."""
    return {"true": True, "false": False}.get(text or "")
