"""Questions that several topics ask of the world and a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import ETAG
from model.kms import look_up_key, unlisted_key
from model.operation import existing_bucket
from model.request import (
    CustomerKeyHeaders,
    ObjectWrite,
    WithEncryptionHeaders,
    names_no_encryption,
    uses_sse_c,
)
from model.sse import (
    CUSTOMER_ALGORITHM,
    DsseKms,
    SseAlgorithm,
    SseC,
    SseKms,
    decode_customer_key,
    md5_base64,
)
from model.stored import ObjectVersion, Presence
from model.world import Bucket, KeyState, KmsKey, ServerSideEncryptionRule, Versioning, World

if TYPE_CHECKING:
    from model.kms import NoKey, OtherKey
    from model.request import BucketRequest, ObjectRead, Request, WithCopySource
    from model.stored import StoredVersion

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


def agreed_etag(version: ObjectVersion) -> str | None:
    """Return the ETag that every answer must tell of a version.

    None where it is not known, or where a read told another: which of them it has is then open.
    """
    return version.etag if version.shown.get(ETAG) in {None, version.etag} else None


def source_version(world: World, request: WithCopySource) -> StoredVersion | None:
    """Return the version that a copy reads, or what is known of its absence; None: no source."""
    return None if request.source is None else world.version(*request.source)


def version_read(world: World, request: ObjectRead) -> StoredVersion:
    """Return the version that a read names, or what is known of its absence."""
    return world.version(request.bucket, request.object_key, request.version_id)


def version_ids(world: World, bucket_name: str, object_key: str) -> frozenset[str]:
    """Return the ids of an object's versions and delete markers, as far as they are known."""
    bucket = existing_bucket(world, bucket_name)
    row = () if bucket is None else bucket.row(object_key)
    ids = {v.version_id for v in row if not isinstance(v, Presence)}
    return frozenset(one for one in ids if one is not None)


def keeps_versions(bucket: Bucket | None) -> bool:
    """Tell whether versioning is, or was, enabled in a bucket: its versions have ids."""
    return bucket is not None and bucket.versioning in {Versioning.ENABLED, Versioning.SUSPENDED}


def opens(world: World, request: WithEncryptionHeaders, version: ObjectVersion) -> bool:
    """Tell whether a read carries exactly what the version's encryption asks of it."""
    if isinstance(version.encryption, SseC):
        group = request.own_key
        md5 = version.encryption.customer_key_md5
        complete = (group.algorithm, group.key_md5) == (CUSTOMER_ALGORITHM, md5)
        return request.sse is None and complete and is_same_key(group, md5)
    if not names_no_encryption(request) or version.encryption is None:
        return False
    return not is_locked(world, version)


def is_locked(world: World, version: ObjectVersion) -> bool:
    """Tell whether a version is under a KMS key that is known not to be usable."""
    if not isinstance(version.encryption, SseKms | DsseKms):
        return False
    key = world.keys.get(version.encryption.kms_key_id)
    return key is not None and key.state is not KeyState.ENABLED


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


def kms_may_need_tls(world: World, request: Request) -> bool:
    """Tell whether KMS may be refused to a request for want of TLS, as AWS does.

    An endpoint that was seen to take it over plain HTTP has to go on so.
    """
    return not (request.secure or world.context.kms_over_http)


def may_have_bucket_key(world: World, request: ObjectWrite) -> bool:
    """Tell whether a write under SSE-KMS asks for an S3 Bucket Key, itself or by the default."""
    rule = default_of(world, request)
    algorithm = request.sse or (None if rule is None else rule.sse_algorithm)
    if algorithm != SseAlgorithm.AWS_KMS:
        return False
    if request.bucket_key_enabled is not None:
        return flag(request.bucket_key_enabled) is not False
    return rule is None or rule.bucket_key_enabled


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
