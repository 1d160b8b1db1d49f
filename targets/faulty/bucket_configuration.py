"""Faults of PutBucketEncryption, GetBucketEncryption and DeleteBucketEncryption, seen at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.encryption_document import write_configuration
from model.kms import look_up_key
from model.operation import existing_bucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.get_bucket_encryption import BUCKET_KEY_ENABLED, KEY_ID, GetBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.s3_errors import KMS_DISABLED, S3Error
from model.world import KeyState, KmsKey
from targets.faulty.common import Refuses, without
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World

NOT_FOUND = S3Error("ServerSideEncryptionConfigurationNotFoundError", 404)
NO_DIGEST = S3Error("MissingContentMD5", 400)


class DeleteRemovesBucket(Fault):
    """DeleteBucketEncryption deletes the bucket: the sub-resource in the query is not read."""

    name = "delete-removes-bucket"
    category = "bucket configuration"
    origin = "ceph/ceph#36264"

    def understand(self, world: World, request: Operation) -> Operation:
        """Delete the bucket."""
        del world
        if not isinstance(request, DeleteBucketEncryption):
            return request
        return DeleteBucket(bucket=request.bucket, secure=request.secure, auth=request.auth)


class NeedsContentMd5(Refuses):
    """PutBucketEncryption without a Content-MD5 header is refused."""

    name = "needs-content-md5"
    category = "bucket configuration"
    origin = "minio/minio#9750"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Refuse what comes without a digest."""
        del world
        plain = isinstance(request, PutBucketEncryption) and request.content_md5 is None
        return NO_DIGEST if plain else None


class FlagAlwaysTrue(Fault):
    """GetBucketEncryption says BucketKeyEnabled true of every default."""

    name = "flag-always-true"
    category = "bucket configuration"
    origin = "localstack/moto#20"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Say true."""
        del before, after
        if not isinstance(request, GetBucketEncryption) or not answer.succeeded:
            return answer
        return replace(answer, fields={**answer.fields, BUCKET_KEY_ENABLED: "true"})


class FlagNotShown(Fault):
    """GetBucketEncryption leaves BucketKeyEnabled out."""

    name = "flag-not-shown"
    category = "bucket configuration"
    origin = "getmoto/moto#4082"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave it out."""
        del before, after
        shows = isinstance(request, GetBucketEncryption)
        return without(answer, BUCKET_KEY_ENABLED) if shows else answer


class BlockedTypesDropped(Fault):
    """Encryption types to block are accepted and dropped: SSE-C is never blocked."""

    name = "blocked-types-dropped"
    category = "bucket configuration"
    origin = "ceph/ceph#71247"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the default alone."""
        bucket = existing_bucket(after, getattr(request, "bucket", ""))
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded or bucket is None:
            return after
        found = before.existing(request.bucket)
        kept = replace(bucket, blocked=found.blocked, blocked_put=found.blocked_put)
        return after.with_bucket(request.bucket, kept)


class NotFoundWhenNew(Refuses):
    """GetBucketEncryption of a bucket whose default was never put says that there is none."""

    name = "not-found-when-new"
    category = "bucket configuration"
    origin = "noobaa/noobaa-core#8478"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Find nothing where nothing was put."""
        if not isinstance(request, GetBucketEncryption):
            return None
        bucket = existing_bucket(world, request.bucket)
        return NOT_FOUND if bucket is not None and bucket.explicit is False else None


class KeyShownByArn(Fault):
    """GetBucketEncryption shows the ARN of the KMS key, whatever name of it was put."""

    name = "key-shown-by-arn"
    category = "bucket configuration"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show the ARN of the key that was put."""
        del before
        named = answer.text(KEY_ID)
        if not isinstance(request, GetBucketEncryption) or named is None:
            return answer
        key = look_up_key(after, after.existing(request.bucket).region, named)
        if not isinstance(key, KmsKey) or key.arn is None:
            return answer
        return replace(answer, fields={**answer.fields, KEY_ID: key.arn})


class FirstOfTwoRules(Fault):
    """A configuration of two rules is accepted, and its first rule taken."""

    name = "first-of-two-rules"
    category = "bucket configuration"

    def understand(self, world: World, request: Operation) -> Operation:
        """Take the first rule."""
        del world
        read = request.configuration if isinstance(request, PutBucketEncryption) else None
        if not isinstance(request, PutBucketEncryption) or read is None or len(read.rules) <= 1:
            return request
        return replace(request, document=write_configuration(read.rules[:1]))


class DisabledKeyRefused(Refuses):
    """A default of SSE-KMS under a key that is disabled is refused, though none is checked."""

    name = "disabled-key-refused"
    category = "bucket configuration"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Refuse a key that cannot be used."""
        rule = request.rule if isinstance(request, PutBucketEncryption) else None
        bucket = existing_bucket(world, getattr(request, "bucket", ""))
        if rule is None or bucket is None or not rule.kms_key_id:
            return None
        key = look_up_key(world, bucket.region, rule.kms_key_id)
        disabled = isinstance(key, KmsKey) and key.state is KeyState.DISABLED
        return KMS_DISABLED if disabled else None
