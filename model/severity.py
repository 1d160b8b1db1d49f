"""How much a mismatch harms: data first, then what is recorded, then what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.answer import BODY, BODY_LENGTH
from model.encryption_strength import requested_strength, shown_strength
from model.findings import OUTCOME, Kind, Severity
from model.operation import existing_bucket, suspects_of
from model.operations.get_object import GetObject
from model.request import (
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY,
    KMS_KEY_ID,
    SSE,
    BucketConfiguration,
    ObjectRead,
    ObjectWrite,
    WithCopySource,
)
from model.world import KEY_ARN

if TYPE_CHECKING:
    from model.answer import Answer
    from model.findings import Mismatch
    from model.operation import Operation
    from model.world import World


_NEED_THE_KEY = frozenset(
    {
        "sse-c-object/read-needs-the-key",
        "sse-c-object/read-needs-the-same-key",
        "sse-c-object/copy-needs-the-source-key",
        "sse-c-object/copy-needs-the-same-source-key",
    }
)
"""Clauses that keep an SSE-C object's data from those who have not its key."""


def severity_of(mismatch: Mismatch, world: World, request: Operation, answer: Answer) -> Severity:
    """Return the harm of one mismatch of the answer to the request in that world."""
    if mismatch.field == OUTCOME:
        return _of_outcome(mismatch, world, request)
    if mismatch.kind in {Kind.ERROR, Kind.STATUS}:
        return Severity.COSMETIC
    if mismatch.field in {BODY, CUSTOMER_KEY}:
        return Severity.CRITICAL
    if mismatch.field == BODY_LENGTH:
        return Severity.CRITICAL if answer.broken_off else Severity.MAJOR
    if mismatch.field in {SSE, CUSTOMER_ALGORITHM}:
        return _of_encryption(mismatch, request, answer)
    if mismatch.field == KMS_KEY_ID and mismatch.kind is Kind.DIFFERENT:
        return Severity.MAJOR if KEY_ARN.fullmatch(mismatch.observed) else Severity.MINOR
    if isinstance(request, BucketConfiguration) and mismatch.kind is Kind.DIFFERENT:
        return Severity.MAJOR
    return Severity.MINOR


def _of_outcome(mismatch: Mismatch, world: World, request: Operation) -> Severity:
    if mismatch.kind is Kind.ACCEPTED:
        without_key = _NEED_THE_KEY & set(mismatch.because)
        data = isinstance(request, GetObject | WithCopySource)
        return Severity.CRITICAL if without_key and data else Severity.MAJOR
    if isinstance(request, ObjectRead):
        # An object that a refused write (or a copy from it) must have left alone is gone.
        bucket = existing_bucket(world, request.bucket)
        if bucket is not None and suspects_of(bucket, request):
            return Severity.CRITICAL
    return Severity.MAJOR


def _of_encryption(mismatch: Mismatch, request: Operation, answer: Answer) -> Severity:
    if mismatch.kind is Kind.UNEXPECTED:
        return Severity.MINOR
    if isinstance(request, ObjectWrite):
        asked = requested_strength(request)
        if asked and shown_strength(answer) < asked:
            return Severity.CRITICAL
    other = mismatch.kind is Kind.DIFFERENT or shown_strength(answer) > 0
    return Severity.MAJOR if other else Severity.MINOR
