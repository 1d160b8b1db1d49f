"""Faults of precedence: what a write asks for does not win over the bucket's default."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.bucket_kind import BucketKind
from model.facts import default_of
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.object_write import WriteOperation
from model.request import BUCKET_KEY, ObjectRequest, uses_sse_c
from model.s3_errors import KMS_DISABLED
from model.sse import SseAlgorithm
from targets.faulty.common import Refuses
from targets.faulty.fault import Fault
from targets.faulty.wrong_default import needs_disabled_key, under

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.world import ServerSideEncryptionRule, World

AES256 = SseAlgorithm.AES256
AWS_KMS = SseAlgorithm.AWS_KMS


class DefaultWins(Fault):
    """Some writes get the bucket's default, whatever they ask for."""

    def loses(self, world: World, request: WriteOperation, rule: ServerSideEncryptionRule) -> bool:
        """Tell whether the write loses against the default."""
        raise NotImplementedError

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for what the default says instead."""
        if not isinstance(request, WriteOperation):
            return request
        bucket = existing_bucket(world, request.bucket)
        if bucket is None or bucket.kind is not BucketKind.GENERAL_PURPOSE or bucket.rule is None:
            return request
        if not self.loses(world, request, bucket.rule):
            return request
        bare = replace(
            request, customer_algorithm=None, customer_key=None, customer_key_md5=None, sse=None
        )
        return under(bare, bucket.rule)


class UploadAes256Loses(DefaultWins):
    """An upload in parts that asks for AES256 gets the bucket's default of SSE-KMS."""

    name = "upload-aes256-loses"
    category = "precedence"
    origin = "getmoto/moto#5393"

    def loses(self, world: World, request: WriteOperation, rule: ServerSideEncryptionRule) -> bool:
        """An upload for AES256 loses."""
        del world
        asked = isinstance(request, CreateMultipartUpload) and request.sse == AES256
        return asked and rule.sse_algorithm is AWS_KMS


class Aes256InheritsKey(Fault):
    """A write that asks for AES256 inherits the default's KMS key and is refused for it."""

    name = "aes256-inherits-key"
    category = "precedence"
    origin = "rustfs/rustfs#7511"

    def understand(self, world: World, request: Operation) -> Operation:
        """Add the default's key."""
        if not isinstance(request, WriteOperation) or request.sse != AES256:
            return request
        rule = default_of(world, request)
        if rule is None or rule.kms_key_id is None or request.kms_key_id is not None:
            return request
        return replace(request, kms_key_id=rule.kms_key_id)


class Aes256ShowsBucketKey(Fault):
    """Answers about an SSE-S3 object show the Bucket Key flag that the bucket's default has."""

    name = "aes256-shows-bucket-key"
    category = "precedence"
    origin = "getmoto/moto#6303"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Add the flag of the default."""
        del before
        if not isinstance(request, ObjectRequest) or not answer.succeeded:
            return answer
        rule = default_of(after, request)
        shown = answer.text("x-amz-server-side-encryption")
        if rule is None or not rule.bucket_key_enabled or shown != AES256:
            return answer
        return replace(answer, fields={**answer.fields, BUCKET_KEY: "true"})


class SseCLoses(DefaultWins):
    """A write with a customer key ignores it, and is stored as the bucket's default says."""

    name = "sse-c-loses"
    category = "precedence"
    origin = "localstack/localstack#11356"

    def loses(self, world: World, request: WriteOperation, rule: ServerSideEncryptionRule) -> bool:
        """SSE-C loses."""
        del world, rule
        return uses_sse_c(request) and request.sse is None


class FalseFlagLoses(Fault):
    """A write that asks for no Bucket Key gets one all the same where the default has one."""

    name = "false-flag-loses"
    category = "precedence"

    def understand(self, world: World, request: Operation) -> Operation:
        """Drop a flag that says false."""
        del world
        if not isinstance(request, WriteOperation) or request.bucket_key_enabled != "false":
            return request
        return replace(request, bucket_key_enabled=None)


class DsseBecomesKms(Fault):
    """A write that asks for DSSE-KMS in a bucket whose default is SSE-KMS gets SSE-KMS."""

    name = "dsse-becomes-kms"
    category = "precedence"

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for one layer."""
        asked = isinstance(request, WriteOperation) and request.sse == SseAlgorithm.AWS_KMS_DSSE
        if not asked or not isinstance(request, WriteOperation):
            return request
        rule = default_of(world, request)
        kms = rule is not None and rule.sse_algorithm is AWS_KMS
        return replace(request, sse=AWS_KMS.value) if kms else request


class Aes256NeedsDefaultKey(Refuses):
    """A write that asks for AES256 is refused while the KMS key of the default is disabled."""

    name = "aes256-needs-default-key"
    category = "precedence"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Refuse while the key that is not needed cannot be used."""
        if not isinstance(request, WriteOperation) or request.sse != AES256:
            return None
        needed = needs_disabled_key(world, default_of(world, request))
        return KMS_DISABLED if needed else None


class CopyInPlaceLoses(DefaultWins):
    """A copy of an object over itself that asks for AES256 gets the default of SSE-KMS."""

    name = "copy-in-place-loses"
    category = "precedence"
    deep = True

    def loses(self, world: World, request: WriteOperation, rule: ServerSideEncryptionRule) -> bool:
        """A copy in place loses."""
        del world
        asked = isinstance(request, CopyObject) and request.in_place and request.sse == AES256
        return asked and rule.sse_algorithm is AWS_KMS


class AliasLoses(Fault):
    """A KMS key that a write names by its alias loses against the key of the bucket's default."""

    name = "alias-loses"
    category = "precedence"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Name the default's key instead of an alias."""
        if not isinstance(request, WriteOperation):
            return request
        rule = default_of(world, request)
        if rule is None or not rule.kms_key_id or request.kms_key_id not in world.aliases:
            return request
        return replace(request, kms_key_id=rule.kms_key_id)


class OtherKeyWithoutBucketKey(Fault):
    """A write that names another KMS key than the default's goes without its Bucket Key."""

    name = "other-key-without-bucket-key"
    category = "precedence"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for no Bucket Key beside another key."""
        if not isinstance(request, WriteOperation) or request.sse != AWS_KMS:
            return request
        rule = default_of(world, request)
        if rule is None or request.kms_key_id is None or request.kms_key_id == rule.kms_key_id:
            return request
        return replace(request, bucket_key_enabled=request.bucket_key_enabled or "false")
