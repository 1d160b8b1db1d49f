"""PutBucketEncryption, GetBucketEncryption, DeleteBucketEncryption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action
from conformance.universe import UNKNOWN_KEY_ID
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.sse import SseAlgorithm

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.requests import Requests
    from model.operation import Operation


@action(13, PutBucketEncryption, left_out=25, needs=Capability.BUCKET_ENCRYPTION)
def put_bucket_encryption(build: Requests) -> Operation:
    """Return a PutBucketEncryption: mostly a sound one."""
    choose = build.choose
    bucket = build.bucket()
    secure = build.secure
    if choose.chance(26):
        document = _bad_document(build)
        if choose.chance(25):
            bucket = build.universe.missing_bucket
        return PutBucketEncryption(bucket=bucket, document=document, secure=secure)
    document = write_configuration([sound_rule(build)])
    fields: Fields = {"bucket": bucket, "document": document}
    if choose.chance(4):
        faults.wrong_content_md5(choose, build.universe, fields)
    return PutBucketEncryption(secure=secure, **fields)


def sound_rule(build: Requests) -> RuleText:
    """Return a rule that S3 takes."""
    choose, has = build.choose, build.has
    ways = [("AES256", 8)]
    if has(Capability.SSE_KMS):
        ways += [("aws:kms", 18)]
    if has(Capability.DSSE_KMS):
        ways += [("aws:kms:dsse", 7)]
    algorithm = choose.weighted(ways)
    blocked = None
    if has(Capability.BLOCKED_TYPES) and choose.chance(35):
        blocked = choose.pick((("SSE-C",), ("SSE-C",), ("NONE",)))
        if choose.chance(15):
            return RuleText(blocked=blocked, has_default=False)
    key = None
    if algorithm != SseAlgorithm.AES256 and not choose.chance(28):
        key = choose.pick(build.key_texts())
        if choose.chance(10):
            key = choose.pick(("aws/s3", UNKNOWN_KEY_ID, build.universe.foreign_arn))
    flag = None
    if algorithm != SseAlgorithm.AWS_KMS_DSSE and choose.chance(60):
        flag = choose.pick(("true", "true", "false"))
    return RuleText(
        sse_algorithm=algorithm, kms_key_id=key, bucket_key_enabled=flag, blocked=blocked
    )


def _bad_document(build: Requests) -> bytes:
    rule = sound_rule(build)
    key = build.universe.kms_keys[0].key_id if build.universe.kms_keys else UNKNOWN_KEY_ID
    return build.choose.pick(
        (
            b"",
            b"<ServerSideEncryptionConfiguration><Rule>",
            write_configuration([]),
            write_configuration([rule, RuleText(sse_algorithm="AES256")]),
            write_configuration([rule._replace(sse_algorithm="SSE-KMS", has_default=True)]),
            write_configuration([RuleText(sse_algorithm="aes256")]),
            write_configuration([RuleText(sse_algorithm="SSE-C")]),
            write_configuration([RuleText(sse_algorithm="AES256", kms_key_id=key)]),
            write_configuration([RuleText(sse_algorithm="aws:fsx")]),
        )
    )


@action(6, GetBucketEncryption, left_out=25, needs=Capability.BUCKET_ENCRYPTION)
def get_bucket_encryption(build: Requests) -> Operation:
    """Return a GetBucketEncryption."""
    return GetBucketEncryption(bucket=build.bucket(), secure=build.secure)


@action(4, DeleteBucketEncryption, left_out=25, needs=Capability.BUCKET_ENCRYPTION)
def delete_bucket_encryption(build: Requests) -> Operation:
    """Return a DeleteBucketEncryption."""
    return DeleteBucketEncryption(bucket=build.bucket(), secure=build.secure)
