"""Faults of default encryption: what the default says is taken wrongly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import ServerSideEncryptionRule
from targets.faulty.fault import Fault
from targets.faulty.wrong_default import (
    BASE,
    MissedDefault,
    WrongDefault,
    needs_disabled_key,
    rule_of,
)

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.operations.object_write import WriteOperation
    from model.world import Bucket, World

_NONE: frozenset[str] = frozenset()
_BASE_CLAUSES = frozenset(
    {"bucket-default/base-is-sse-s3", "bucket-default/copy-takes-the-destination-default"}
)


class AnyDefaultIsKms(WrongDefault):
    """A default of AES256 that was put is applied as SSE-KMS: only its being there is checked."""

    name = "any-default-is-kms"
    category = "default resolution"
    origin = "minio/minio#12295"

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return a default of SSE-KMS where there is any."""
        del world, request
        aes256 = bucket.rule is not None and bucket.rule.sse_algorithm is SseAlgorithm.AES256
        if not bucket.explicit or not aes256:
            return None
        return ServerSideEncryptionRule(sse_algorithm=SseAlgorithm.AWS_KMS)


class UploadMissesDefault(MissedDefault):
    """An upload in parts without encryption headers ignores the bucket's default."""

    name = "upload-misses-default"
    category = "default resolution"
    origin = "getmoto/moto#4385"

    def misses(self, world: World, request: WriteOperation) -> bool:
        """Every upload in parts misses it."""
        del world
        return isinstance(request, CreateMultipartUpload)


class PutMissesDefault(MissedDefault):
    """PutObject without encryption headers ignores the bucket's default, which CopyObject takes."""

    name = "put-misses-default"
    category = "default resolution"
    origin = "sivchari/kumo#846"

    def misses(self, world: World, request: WriteOperation) -> bool:
        """Every PutObject misses it."""
        del world
        return isinstance(request, PutObject)


class NewBucketStoresPlain(Fault):
    """A bucket whose default was never put stores objects without encryption."""

    name = "new-bucket-stores-plain"
    category = "default resolution"
    origin = "localstack/localstack#8800"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Nothing is known of a base default."""
        bucket = existing_bucket(world, getattr(request, "bucket", ""))
        return _NONE if bucket is None or bucket.explicit is not False else _BASE_CLAUSES


class DefaultOnlyInAnswer(Fault):
    """The answer to PutObject shows the default of SSE-KMS, but the object is kept as SSE-S3."""

    name = "default-only-in-answer"
    category = "default resolution"
    origin = "ministackorg/ministack#1439"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep SSE-S3."""
        del before
        if not isinstance(request, PutObject) or not answer.succeeded or request.names_in_headers:
            return after
        version = after.object(request.bucket, request.object_key)
        if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseKms):
            return after
        kept = replace(version, encryption=SseS3())
        return after.with_object(request.bucket, request.object_key, kept)


class DsseIsSingle(WrongDefault):
    """A default of aws:kms:dsse is applied as aws:kms: the name is only compared at its start."""

    name = "dsse-is-single"
    category = "default resolution"

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default with one layer."""
        del world, request
        if bucket.rule is None or bucket.rule.sse_algorithm is not SseAlgorithm.AWS_KMS_DSSE:
            return None
        return replace(bucket.rule, sse_algorithm=SseAlgorithm.AWS_KMS, bucket_key_enabled=False)


class BareKeyIdUnread(WrongDefault):
    """A default that names its KMS key by a bare id, not an ARN, encrypts under the managed key."""

    name = "bare-key-id-unread"
    category = "default resolution"

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default without a key that is no ARN."""
        del world, request
        rule = bucket.rule
        if rule is None or (rule.kms_key_id or "").startswith(("arn:", "alias/")):
            return None
        return replace(rule, kms_key_id=None)


class UploadWithoutBucketKey(WrongDefault):
    """An upload in parts takes algorithm and key of the default, but not its Bucket Key."""

    name = "upload-without-bucket-key"
    category = "default resolution"

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default without its Bucket Key."""
        del world
        if bucket.rule is None or not isinstance(request, CreateMultipartUpload):
            return None
        return replace(bucket.rule, bucket_key_enabled=False)


class ForeignCopyUnderManagedKey(WrongDefault):
    """A copy from another bucket takes the default's SSE-KMS, but the managed key for its key."""

    name = "foreign-copy-under-managed-key"
    category = "default resolution"
    origin = "pgsty/silo#167"
    deep = True

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default without its key for copies between buckets."""
        del world
        if not isinstance(request, CopyObject) or request.source is None or bucket.rule is None:
            return None
        same = request.source.bucket == request.bucket
        return None if same else replace(bucket.rule, kms_key_id=None)


class CopyTakesDefaultOfSource(WrongDefault):
    """A copy between buckets takes the default of the bucket that it reads from."""

    name = "copy-takes-default-of-source"
    category = "default resolution"
    deep = True

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default of the source's bucket."""
        del bucket
        if not isinstance(request, CopyObject) or request.source is None:
            return None
        return rule_of(world, request.source.bucket)


class AliasResolvedOnce(WrongDefault):
    """A default's alias is resolved when it is put: pointed elsewhere, it means the old key."""

    name = "alias-resolved-once"
    category = "default resolution"
    deep = True

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the default with the key that its alias named."""
        del world
        key = self._keys.get(request.bucket)
        if key is None or bucket.rule is None or not bucket.rule.kms_key_id:
            return None
        return replace(bucket.rule, kms_key_id=key)

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note the key that the alias of a new default names."""
        del before
        if isinstance(request, PutBucketEncryption) and answer.succeeded:
            rule = rule_of(after, request.bucket)
            named = "" if rule is None else rule.kms_key_id or ""
            self._keys.pop(request.bucket, None)
            if named in after.aliases:
                self._keys[request.bucket] = after.aliases[named]
        return after


class UnusableKeyFallsBack(WrongDefault):
    """While the KMS key of the default is disabled, writes fall back on SSE-S3 and succeed."""

    name = "unusable-key-falls-back"
    category = "default resolution"
    deep = True

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the base default while the key cannot be used."""
        del request
        return BASE if needs_disabled_key(world, bucket.rule) else None
