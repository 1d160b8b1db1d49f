"""Which clauses are to blame for what an answer shows wrongly: those behind it, or those before.

A clause that spoke of this answer may have been broken, or one that says that what it shows was to
stay as it was.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from model.answer import BODY, ETAG, Answer
from model.findings import OUTCOME, Kind, Mismatch
from model.listing import ENTRY, NAMES, OF
from model.operation import existing_bucket, suspects_of
from model.operations.listing import ListingOperation
from model.request import (
    BUCKET_KEY,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
    ObjectRead,
    PartOfUpload,
    WithCopySource,
)
from model.sse import SseC
from model.stored import ObjectVersion
from model.world import KEY_ARN, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.operation import Operation

_FOR_THE_OBJECT = frozenset({"reading/missing-object-is-named", "sse-c-object/read-needs-the-key"})
"""Clauses that refuse a read for what the object is, or because there is none."""
_NOT_OF_ITS_FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "updated-object/keeps-all-else": frozenset(ENCRYPTION_HEADERS),
        "kms-keys/new-alias-target-keeps-the-objects": frozenset(
            {BODY, ETAG, SSE, CUSTOMER_ALGORITHM, CUSTOMER_KEY_MD5}
        ),
    }
)
"""Fields of which a clause that keeps an object does not speak: others are to blame for them."""
_NOT_THERE = frozenset({"NoSuchKey", "NoSuchVersion"})
"""Errors of a copy that speak of its source: what it writes need not be there."""


def blamed(mismatch: Mismatch, answer: Answer) -> tuple[str, ...]:
    """Return the clauses behind a mismatch, the foremost first.

    An answer that shows another encryption, or another key, speaks of what was decided; one that
    leaves a header out, or writes it in another form, speaks of the answer alone.
    """
    echo, *decided = mismatch.because or ("",)
    if not echo:
        return ()
    wrong_state = mismatch.kind is Kind.DIFFERENT
    if mismatch.field == KMS_KEY_ID:
        wrong_state = wrong_state and KEY_ARN.fullmatch(mismatch.observed) is not None
    elif mismatch.field == BUCKET_KEY:
        wrong_state = mismatch.observed == "true"
    elif mismatch.kind is Kind.MISSING:
        wrong_state = any(isinstance(answer.value(n), str) for n in (SSE, CUSTOMER_ALGORITHM))
    if wrong_state and mismatch.field in ENCRYPTION_HEADERS:
        return (*decided, echo)
    return (echo, *decided)


def suspects(
    world: World, request: Operation, mismatch: Mismatch, answer: Answer
) -> tuple[str, ...]:
    """Return the clauses that say that the object, which shows a change, stayed as it was."""
    if isinstance(request, ListingOperation):
        return _listed_suspects(world, request, mismatch, answer)
    if isinstance(request, WithCopySource) and mismatch.kind is Kind.REFUSED:
        return _source_suspects(world, request, answer)
    told = {OUTCOME, BODY, ETAG, SSE, CUSTOMER_ALGORITHM, CUSTOMER_KEY_MD5}
    other_key = mismatch.field == KMS_KEY_ID and KEY_ARN.fullmatch(mismatch.observed) is not None
    if isinstance(request, PartOfUpload):
        other = mismatch.field == SSE or other_key
        return _noted(world, request, mismatch) if other and mismatch.kind is Kind.DIFFERENT else ()
    if not isinstance(request, ObjectRead) or not (mismatch.field in told or other_key):
        return ()
    if mismatch.field != OUTCOME and not answer.succeeded:
        return ()  # a refusal shows nothing of the object
    if mismatch.kind is Kind.ACCEPTED and not _is_about_the_object(mismatch):
        return ()
    if mismatch.kind is Kind.ACCEPTED and _shows_its_key(world, request, answer):
        return ()  # the object is what it was: the read alone is at fault
    return _noted(world, request, mismatch)


def _shows_its_key(world: World, request: ObjectRead, answer: Answer) -> bool:
    """Tell whether the answer shows the customer key that the object is believed to be under."""
    version = world.version(request.bucket, request.object_key, request.version_id)
    if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseC):
        return False
    return answer.text(CUSTOMER_KEY_MD5) == version.encryption.customer_key_md5


def _noted(world: World, request: ObjectRead | PartOfUpload, mismatch: Mismatch) -> tuple[str, ...]:
    """Return the clauses that were noted as keeping this field of what the request reads."""
    bucket = existing_bucket(world, request.bucket)
    found = () if bucket is None else suspects_of(bucket, request)
    return tuple(c for c in found if mismatch.field not in _NOT_OF_ITS_FIELDS.get(c, ()))


def _listed_suspects(
    world: World, request: ListingOperation, mismatch: Mismatch, answer: Answer
) -> tuple[str, ...]:
    """Return the clauses that say that what a listing names, or does not name, was to stay so."""
    bucket = existing_bucket(world, request.bucket)
    named = mismatch.field == NAMES or mismatch.field.startswith(ENTRY + OF)
    if bucket is None or not named:
        return ()
    found = request.told_of(mismatch.field, answer, world)
    if mismatch.field == NAMES:
        # What a refused write left is a version of which nothing was known.
        found = tuple((object_key, None) for object_key, _ in found)
    return tuple(clause_id for version in found for clause_id in bucket.suspected(*version))


def _source_suspects(world: World, request: WithCopySource, answer: Answer) -> tuple[str, ...]:
    """Return the clauses that say that a copy's source, said not to be there, stayed as it was."""
    source = request.source
    if source is None or answer.error_code not in _NOT_THERE:
        return ()
    bucket = existing_bucket(world, source.bucket)
    return () if bucket is None else bucket.suspected(source.object_key, source.version_id)


def _is_about_the_object(mismatch: Mismatch) -> bool:
    """Tell whether the refusal that did not come was for the object's sake, not the request's."""
    return bool(mismatch.because) and all(
        clause_id in _FOR_THE_OBJECT for clause_id in mismatch.because
    )
