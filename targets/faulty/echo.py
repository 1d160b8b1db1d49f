"""Faults of what the answers to writes and deletions show of the encryption."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.operations.put_object import PutObject
from model.request import (
    BUCKET_KEY,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
    ObjectCreation,
    ObjectRead,
    ObjectWrite,
)
from model.sse import DsseKms, SseAlgorithm, SseC, SseKms, SseS3
from targets.faulty.common import current, showing, without
from targets.faulty.fault import Fault
from targets.reference import ACCOUNT, FIRST_REGION

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.sse import ObjectEncryption
    from model.world import World


def headers_of(world: World, encryption: ObjectEncryption | None) -> dict[str, str]:
    """Return the headers that show an encryption."""
    if isinstance(encryption, SseS3):
        return {SSE: SseAlgorithm.AES256.value}
    if isinstance(encryption, SseC):
        return {CUSTOMER_ALGORITHM: "AES256", CUSTOMER_KEY_MD5: encryption.customer_key_md5}
    if not isinstance(encryption, SseKms | DsseKms):
        return {}
    dsse = isinstance(encryption, DsseKms)
    shown = {SSE: (SseAlgorithm.AWS_KMS_DSSE if dsse else SseAlgorithm.AWS_KMS).value}
    key = world.keys.get(encryption.kms_key_id)
    if key is not None and key.arn is not None:
        shown[KMS_KEY_ID] = key.arn
    if isinstance(encryption, SseKms) and encryption.bucket_key_enabled:
        shown[BUCKET_KEY] = "true"
    return shown


def with_headers(answer: Answer, headers: dict[str, str]) -> Answer:
    """Return the answer with these encryption headers instead of its own."""
    return showing(without(answer, *ENCRYPTION_HEADERS), headers)


class PutOmitsKms(Fault):
    """The answer to a PutObject under SSE-KMS shows neither algorithm nor key."""

    name = "put-omits-kms"
    category = "echo of headers"
    origin = "ceph/ceph#17999"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave the headers out."""
        del before, after
        kms = isinstance(request, PutObject) and answer.text(SSE) == SseAlgorithm.AWS_KMS
        return without(answer, SSE, KMS_KEY_ID) if kms else answer


class KeyOfTheServerForAes256(Fault):
    """Answers about SSE-S3 objects show the id of the key that the server uses for the bucket."""

    name = "key-of-the-server-for-aes256"
    category = "echo of headers"
    origin = "scality/cloudserver#146"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show what AES256 is done with."""
        del before, after
        if not isinstance(request, ObjectCreation | ObjectRead):
            return answer
        if answer.text(SSE) != SseAlgorithm.AES256:
            return answer
        key_id = uuid.uuid5(uuid.NAMESPACE_DNS, request.bucket)
        return showing(answer, {KMS_KEY_ID: f"arn:aws:kms:{FIRST_REGION}:{ACCOUNT}:key/{key_id}"})


class KeyIsShownAsItWasNamed(Fault):
    """The answer to a write repeats the text that named its KMS key instead of the key's ARN."""

    name = "key-is-shown-as-it-was-named"
    category = "echo of headers"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Repeat the request's header."""
        del before, after
        if not isinstance(request, ObjectWrite) or not request.kms_key_id or not answer.succeeded:
            return answer
        return showing(answer, {KMS_KEY_ID: request.kms_key_id})


class RefusedWriteShowsIt(Fault):
    """A write that is refused is answered with the encryption header that it asked for."""

    name = "refused-write-shows-it"
    category = "echo of headers"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Set the header before anything is checked."""
        del before, after
        if not isinstance(request, ObjectWrite) or request.sse is None or answer.succeeded:
            return answer
        return showing(answer, {SSE: request.sse})


class DeletionShowsIt(Fault):
    """The answer to a deletion shows the encryption of the object that was deleted."""

    name = "deletion-shows-it"
    category = "echo of headers"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Describe the object as in the answer to a read."""
        del after
        found = current(before, request) if isinstance(request, DeleteObject) else None
        return answer if found is None else showing(answer, headers_of(before, found.encryption))


class CopyShowsTheOverwritten(Fault):
    """A copy over an object is answered with the encryption of the object that it replaced."""

    name = "copy-shows-the-overwritten"
    category = "echo of headers"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Describe the destination as it was looked up at the start."""
        del after
        found = current(before, request) if isinstance(request, CopyObject) else None
        if found is None or not answer.succeeded:
            return answer
        return with_headers(answer, headers_of(before, found.encryption))
