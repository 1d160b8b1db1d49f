"""Faults of what the answers to reads show of the encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.request import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY,
    CUSTOMER_KEY_MD5,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
    ObjectCreation,
)
from model.sse import SseKms
from targets.faulty.common import current, read_version, showing, without
from targets.faulty.echo import with_headers
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class HeadOmitsCustomerKey(Fault):
    """HEAD of an object under a customer's key shows neither its algorithm nor its key's MD5."""

    name = "head-omits-customer-key"
    category = "echo of headers"
    origin = "minio/minio#5596"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave the headers out."""
        del before, after
        asked = isinstance(request, HeadObject)
        return without(answer, CUSTOMER_ALGORITHM, CUSTOMER_KEY_MD5) if asked else answer


class GetOmitsKms(Fault):
    """GET of an SSE-KMS object shows neither that it is one nor its KMS key."""

    name = "get-omits-kms"
    category = "echo of headers"
    origin = "adobe/S3Mock#639"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Leave the headers out."""
        del before
        found = read_version(after, request) if isinstance(request, GetObject) else None
        kms = found is not None and isinstance(found.encryption, SseKms)
        return without(answer, SSE, KMS_KEY_ID) if kms else answer


class CustomerKeyIsRepeated(Fault):
    """GET of a range under a customer's key repeats the key itself in its answer."""

    name = "customer-key-is-repeated"
    category = "echo of headers"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Repeat all three headers of the request."""
        del before, after
        if not isinstance(request, GetObject) or request.customer_key is None:
            return answer
        if request.range is None or not answer.succeeded:
            return answer
        return showing(answer, {CUSTOMER_KEY: request.customer_key})


class HeadersOutliveTheObject(Fault):
    """HEAD shows the encryption of an object that was deleted for the one now in its place."""

    name = "headers-outlive-the-object"
    category = "echo of headers"
    deep = True

    def __init__(self) -> None:
        self._shown: dict[tuple[str, str], dict[str, str]] = {}

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Forget the headers when an object is overwritten, and not when it is deleted."""
        if isinstance(request, ObjectCreation) and current(before, request) is not None:
            self._shown.pop((request.bucket, request.object_key), None)
        del answer
        return after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show the headers that were shown before."""
        del before, after
        if not isinstance(request, HeadObject) or not answer.succeeded:
            return answer
        if request.version_id is not None or request.own_key.present:
            return answer
        own = {n: text for n in ENCRYPTION_HEADERS if (text := answer.text(n)) is not None}
        return with_headers(
            answer, self._shown.setdefault((request.bucket, request.object_key), own)
        )
