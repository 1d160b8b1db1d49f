"""Faults of DSSE-KMS, the encryption in two layers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import BODY
from model.facts import default_of, falls_back_on_default
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject
from model.operations.object_write import WriteOperation
from model.operations.put_object import PutObject
from model.request import BUCKET_KEY, SSE, ObjectRead
from model.sse import DsseKms, SseAlgorithm, SseKms
from targets.faulty.common import copied, current, data_read, scrambled, showing
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class ReadsShowOneLayer(Fault):
    """GET and HEAD of a DSSE-KMS object show aws:kms."""

    name = "reads-show-one-layer"
    category = "DSSE"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Know of KMS or not, and no more."""
        del before, after
        if not isinstance(request, ObjectRead) or answer.text(SSE) != SseAlgorithm.AWS_KMS_DSSE:
            return answer
        return showing(answer, {SSE: SseAlgorithm.AWS_KMS.value})


class BucketKeyIsShown(Fault):
    """A DSSE-KMS object in a bucket whose default asks for a Bucket Key is said to use one."""

    name = "bucket-key-is-shown"
    category = "DSSE"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Look at the bucket's flag, and not at the algorithm."""
        del before
        if not isinstance(request, PutObject) or answer.text(SSE) != SseAlgorithm.AWS_KMS_DSSE:
            return answer
        rule = default_of(after, request)
        flagged = rule is not None and rule.bucket_key_enabled
        return showing(answer, {BUCKET_KEY: "true"}) if flagged else answer


class DefaultIsCachedByKey(Fault):
    """A default that turns from aws:kms to aws:kms:dsse under the same key has no effect."""

    name = "default-is-cached-by-key"
    category = "DSSE"
    deep = True

    def __init__(self) -> None:
        self._cached: dict[tuple[str, str], SseAlgorithm] = {}

    def understand(self, world: World, request: Operation) -> Operation:
        """Take the algorithm that this key was first used with in the bucket."""
        if not isinstance(request, WriteOperation) or not falls_back_on_default(request):
            return request
        rule = default_of(world, request)
        if rule is None or rule.sse_algorithm is SseAlgorithm.AES256 or not rule.kms_key_id:
            return request
        first = self._cached.setdefault((request.bucket, rule.kms_key_id), rule.sse_algorithm)
        if first is rule.sse_algorithm:
            return request
        return replace(request, sse=first.value, kms_key_id=rule.kms_key_id)


class CopyInPlaceAddsNoLayer(Fault):
    """A copy in place from SSE-KMS to DSSE-KMS under the same key leaves the object as it was."""

    name = "copy-in-place-adds-no-layer"
    category = "DSSE"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """See that the key is the same, and encrypt nothing anew."""
        if not isinstance(request, CopyObject) or not request.in_place or not answer.succeeded:
            return after
        old, new = copied(before, request), current(after, request)
        if old is None or new is None:
            return after
        was, asked = old.encryption, new.encryption
        if not isinstance(was, SseKms) or not isinstance(asked, DsseKms):
            return after
        if was.kms_key_id != asked.kms_key_id:
            return after
        kept = replace(new, encryption=was)
        return after.with_object(request.bucket, request.object_key, kept)


class CompletionDropsALayer(Fault):
    """An upload that was created under DSSE-KMS is completed to an SSE-KMS object."""

    name = "completion-drops-a-layer"
    category = "DSSE"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Join the parts under one layer."""
        del before
        if not isinstance(request, CompleteMultipartUpload) or not answer.succeeded:
            return after
        made = current(after, request)
        if made is None or not isinstance(made.encryption, DsseKms):
            return after
        single = replace(made, encryption=SseKms(made.encryption.kms_key_id))
        return after.with_object(request.bucket, request.object_key, single)


class RangeKeepsALayer(Fault):
    """A range of a DSSE-KMS object, unless it begins at the start, is decrypted once, not twice."""

    name = "range-keeps-a-layer"
    category = "DSSE"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show what is below the outer layer."""
        del before
        read = data_read(after, request, answer)
        if read is None:
            return answer
        if not isinstance(read.version.encryption, DsseKms) or not answer.succeeded:
            return answer
        if read.request.range is None or read.request.range.startswith("bytes=0-"):
            return answer
        return showing(answer, {BODY: scrambled(read.body)})
