"""Faults of memory in what is written: earlier writes, and defaults that count too late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.kms import look_up_key, managed_key
from model.operation import existing_bucket
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import UPLOAD_ID, CreateMultipartUpload
from model.operations.delete_object import DeleteObject
from model.operations.object_creation import CreationOperation
from model.operations.object_write import WriteOperation
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.upload_part import UploadPart
from model.request import SSE, names_no_encryption
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import KmsKey, ServerSideEncryptionRule
from targets.faulty.common import current
from targets.faulty.fault import Fault
from targets.faulty.wrong_default import WrongDefault, key_named, rule_of, takes_default

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import Bucket, World


class HeadersOfWriteBefore(Fault):
    """A write without encryption headers gets the KMS key that the write before it named."""

    name = "headers-of-write-before"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._key: str | None = None

    def understand(self, world: World, request: Operation) -> Operation:
        """Add what is left of the write before, and leave the own key behind."""
        if not isinstance(request, WriteOperation):
            return request
        left, self._key = self._key, request.kms_key_id
        if left is None or not takes_default(request, world):
            return request
        return replace(request, sse=SseAlgorithm.AWS_KMS.value, kms_key_id=left)


class DeletedObjectRemembered(WrongDefault):
    """An object that is written again after its deletion gets the SSE-KMS that it had before."""

    name = "deleted-object-remembered"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._had: dict[tuple[str, str], ServerSideEncryptionRule] = {}

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the encryption of the object that was deleted."""
        del world, bucket
        return self._had.get((request.bucket, request.object_key))

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note how an object is encrypted that is deleted."""
        if isinstance(request, DeleteObject) and answer.succeeded:
            found = current(before, request)
            if found is not None and isinstance(found.encryption, SseKms):
                self._had[request.bucket, request.object_key] = ServerSideEncryptionRule(
                    sse_algorithm=SseAlgorithm.AWS_KMS,
                    kms_key_id=key_named(before, found.encryption.kms_key_id),
                    bucket_key_enabled=found.encryption.bucket_key_enabled,
                )
        return after


class ObjectsFollowDefault(Fault):
    """Objects written without headers show the default of the moment when they are read."""

    name = "objects-follow-default"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._plain: set[tuple[str, str]] = set()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Let those objects follow a new default."""
        del before
        if isinstance(request, CreationOperation) and answer.succeeded:
            named = {(request.bucket, request.object_key)}
            plain = names_no_encryption(request)
            self._plain = self._plain | named if plain else self._plain - named
        if not isinstance(request, PutBucketEncryption) or not answer.succeeded:
            return after
        for bucket, object_key in self._plain:
            version = after.object(bucket, object_key)
            if bucket == request.bucket and isinstance(version, ObjectVersion):
                after = after.with_object(
                    bucket, object_key, _under_default(after, bucket, version)
                )
        return after


class UploadFollowsDefault(Fault):
    """An upload without headers is stored under the default of its completion, not of its start."""

    name = "upload-follows-default"
    category = "state"
    deep = True

    def __init__(self) -> None:
        self._plain: set[str] = set()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Store the object as the default says now."""
        del before
        if isinstance(request, CreateMultipartUpload) and names_no_encryption(request):
            self._plain.add(answer.text(UPLOAD_ID) or "")
        done = isinstance(request, CompleteMultipartUpload) and answer.succeeded
        if not isinstance(request, CompleteMultipartUpload) or not done:
            return after
        made = current(after, request)
        if made is None or request.upload_id not in self._plain:
            return after
        kept = _under_default(after, request.bucket, made)
        return after.with_object(request.bucket, request.object_key, kept)


class PartShowsDefault(Fault):
    """The answer to a part shows the bucket's default of now, not the encryption of the upload."""

    name = "part-shows-default"
    category = "state"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show the default's algorithm."""
        del before
        if not isinstance(request, UploadPart) or answer.text(SSE) is None:
            return answer
        rule = rule_of(after, request.bucket)
        if rule is None:
            return answer
        return replace(answer, fields={**answer.fields, SSE: rule.sse_algorithm.value})


def _under_default(world: World, name: str, version: ObjectVersion) -> ObjectVersion:
    """Return the version under the default that its bucket has, as far as that is no DSSE-KMS."""
    bucket = existing_bucket(world, name)
    if bucket is None or bucket.rule is None:
        return version
    if bucket.rule.sse_algorithm is not SseAlgorithm.AWS_KMS:
        return replace(version, encryption=SseS3())
    found = look_up_key(world, bucket.region, bucket.rule.kms_key_id or "")
    key = found if isinstance(found, KmsKey) else managed_key(world)
    return replace(version, encryption=SseKms(key.key_id, bucket.rule.bucket_key_enabled))
