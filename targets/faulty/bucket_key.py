"""Faults of S3 Bucket Keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.facts import default_of, kms_lookup
from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.request import BUCKET_KEY, SSE, ObjectRead
from model.sse import SseAlgorithm, SseKms
from model.stored import ObjectVersion
from model.world import KmsKey
from targets.faulty.common import current, read_version, showing, without
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


def flag_of(version: ObjectVersion | None) -> bool:
    """Tell whether there is a version under SSE-KMS with a Bucket Key."""
    encryption = None if version is None else version.encryption
    return isinstance(encryption, SseKms) and encryption.bucket_key_enabled


class CopyAnswerLacksTheFlag(Fault):
    """The answer to a copy does not show the Bucket Key that the copy uses."""

    name = "copy-answer-lacks-the-flag"
    category = "bucket key"
    origin = "getmoto/moto#4793"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave the flag out."""
        del before, after
        return without(answer, BUCKET_KEY) if isinstance(request, CopyObject) else answer


class FlagReachesBack(Fault):
    """A default with a Bucket Key brings all objects under its KMS key to the Bucket Key."""

    name = "flag-reaches-back"
    category = "bucket key"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the flag with the KMS key, and not with the object."""
        del before
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded:
            return after
        bucket = existing_bucket(after, request.bucket)
        rule = None if bucket is None else bucket.rule
        if bucket is None or rule is None or not rule.kms_key_id or not rule.bucket_key_enabled:
            return after
        key = kms_lookup(after, request, rule.kms_key_id)
        if not isinstance(key, KmsKey):
            return after
        old, new = SseKms(key.key_id), SseKms(key.key_id, bucket_key_enabled=True)
        for object_key, version in bucket.objects.items():
            if isinstance(version, ObjectVersion) and version.encryption == old:
                changed = replace(version, encryption=new)
                after = after.with_object(request.bucket, object_key, changed)
        return after


class FlagAloneIsNoChange(Fault):
    """A default that differs from the one before in its Bucket Key flag alone is not taken over."""

    name = "flag-alone-is-no-change"
    category = "bucket key"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Compare algorithm and KMS key, find no change, and write nothing."""
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded:
            return after
        old, new = default_of(before, request), default_of(after, request)
        if old is None or new is None or new.sse_algorithm is not SseAlgorithm.AWS_KMS:
            return after
        same = replace(new, bucket_key_enabled=old.bucket_key_enabled) == old
        return before if same else after


class VersionsShareTheFlag(Fault):
    """HEAD and GET of an older version show whether the newest one uses a Bucket Key."""

    name = "versions-share-the-flag"
    category = "bucket key"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show the flag of the current version."""
        del before
        if not isinstance(request, ObjectRead) or answer.text(SSE) != SseAlgorithm.AWS_KMS:
            return answer
        newest = current(after, request)
        if request.version_id is None or newest is None or newest == read_version(after, request):
            return answer
        told = without(answer, BUCKET_KEY)
        return showing(told, {BUCKET_KEY: "true"}) if flag_of(newest) else told


class CompletionForgetsTheFlag(Fault):
    """An object that was uploaded in parts with a Bucket Key is stored without one."""

    name = "completion-forgets-the-flag"
    category = "bucket key"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Take over the algorithm and the KMS key of the upload, and nothing else."""
        del before
        made = current(after, request) if isinstance(request, CompleteMultipartUpload) else None
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        if made is None or not isinstance(made.encryption, SseKms):
            return after
        plain = replace(made, encryption=SseKms(made.encryption.kms_key_id))
        return after.with_object(request.bucket, request.object_key, plain)
