"""Bucket policies that deny writes by their encryption headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.action import action, opening
from conformance.universe import BODIES
from model.bucket_policy import Condition, DenyStatement, Operator, write_policy
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.bucket_policy import DeleteBucketPolicy, PutBucketPolicy
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.request import CUSTOMER_ALGORITHM, KMS_KEY_ID, SSE
from model.sse import SseAlgorithm
from model.world import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.requests import Requests
    from model.operation import Operation


@action(7, PutBucketPolicy, DeleteBucketPolicy, left_out=78, needs=Capability.BUCKET_POLICY)
def change_policy(build: Requests) -> Operation | None:
    """Return a PutBucketPolicy for a bucket, or the deletion of its policy."""
    choose = build.choose
    made = [b for b in build.universe.buckets if isinstance(build.world.buckets.get(b), Bucket)]
    if not made:
        return None
    bucket = choose.pick(made)
    found = build.world.existing(bucket)
    if found.deny and choose.chance(55):
        return DeleteBucketPolicy(bucket=bucket, secure=build.secure)
    statements = [_statement(build) for _ in range(2 if choose.chance(20) else 1)]
    document = write_policy(bucket, statements)
    return PutBucketPolicy(bucket=bucket, document=document, secure=build.secure)


def _statement(build: Requests) -> DenyStatement:
    choose = build.choose
    ways = [
        Condition(Operator.NULL, SSE, ("true",)),
        Condition(Operator.NOT_EQUALS, SSE, ("aws:kms",)),
        Condition(Operator.NOT_EQUALS, SSE, ("AES256",)),
        Condition(Operator.EQUALS, SSE, ("AES256",)),
    ]
    if build.has(Capability.DSSE_KMS):
        ways.append(Condition(Operator.NOT_EQUALS_IF_EXISTS, SSE, ("aws:kms", "aws:kms:dsse")))
    if build.has(Capability.SSE_C):
        ways += [
            Condition(Operator.NULL, CUSTOMER_ALGORITHM, ("true",)),
            Condition(Operator.NULL, CUSTOMER_ALGORITHM, ("false",)),
        ]
    arns = [key.arn for key in build.universe.kms_keys if key.arn is not None]
    if arns:
        ways.append(Condition(Operator.NOT_EQUALS, KMS_KEY_ID, (choose.pick(arns),)))
    return DenyStatement((choose.pick(ways),))


@opening(6, needs=(Capability.BUCKET_POLICY, Capability.BUCKET_ENCRYPTION, Capability.SSE_KMS))
def demand_what_the_default_gives(build: Requests) -> Iterator[Operation]:
    """Make KMS the default of a bucket, deny what does not name it, and name nothing."""
    bucket, secure = build.universe.buckets[0], build.secure
    document = write_configuration([RuleText(sse_algorithm=SseAlgorithm.AWS_KMS.value)])
    yield PutBucketEncryption(bucket=bucket, document=document, secure=secure)
    demanded = Condition(Operator.NOT_EQUALS, SSE, (SseAlgorithm.AWS_KMS.value,))
    if build.choose.chance(50):
        demanded = Condition(Operator.NULL, SSE, ("true",))
    document = write_policy(bucket, [DenyStatement((demanded,))])
    yield PutBucketPolicy(bucket=bucket, document=document, secure=secure)
    object_key = build.choose.pick(build.universe.object_keys)
    body = build.choose.pick(BODIES)
    yield PutObject(bucket=bucket, object_key=object_key, body=body, secure=secure)
    if build.choose.chance(70):
        yield DeleteBucketPolicy(bucket=bucket, secure=secure)
