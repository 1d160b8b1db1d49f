"""Conditions on the ETag: they compare the one that is stored, whatever the encryption."""

from __future__ import annotations

import re

from model.clause import (
    GENERAL_AND_DIRECTORY,
    Capability,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.facts import agreed_etag, bucket_of, opens, source_version, version_read
from model.operations.object_read import ConditionalRead
from model.operations.put_object import PutObject
from model.request import WithCopySource
from model.s3_errors import NO_SUCH_KEY, NOT_IMPLEMENTED, NOT_MODIFIED, PRECONDITION_FAILED
from model.stored import ObjectVersion, Presence
from model.world import World

GET = Source("API/API_GetObject.html", "Conditional requests")
PUT = Source("userguide/conditional-writes.html", "Conditional writes")
COPY = Source("API/API_CopyObject.html", "x-amz-copy-source-if-match")

_ONE_ETAG = re.compile(r'"[^"]*"')


def names(text: str | None, version: object) -> bool | None:
    """Tell whether a condition names the version's ETag, None where that cannot be told.

    One ETag in quotation marks is what is certain: lists, weak ones and ``*`` are not looked into.
    """
    etag = agreed_etag(version) if isinstance(version, ObjectVersion) else None
    if text is None or etag is None:
        return None
    return text == f'"{etag}"' if _ONE_ETAG.fullmatch(text) else None


def _holds(version: object, if_match: str | None, if_none_match: str | None) -> bool | None:
    """Tell whether all conditions hold, None where there are none or one cannot be told."""
    met = []
    if if_match is not None:
        met.append(names(if_match, version))
    if if_none_match is not None:
        named = names(if_none_match, version)
        met.append(None if named is None else not named)
    if None in met or not met:
        return None
    return all(met)


@clause(
    "conditions/read-of-another-etag-is-refused",
    rules=("GP-ETAG-09",),
    source=GET,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def read_of_another_etag_is_refused(world: World, request: ConditionalRead) -> Rulings:
    """GET or HEAD with If-Match and another ETag than the object's fails the precondition."""
    named = names(request.if_match, version_read(world, request))
    return Refuse((PRECONDITION_FAILED,)) if named is False else None


@clause(
    "conditions/known-etag-is-not-modified",
    rules=("GP-ETAG-09",),
    source=GET,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def known_etag_is_not_modified(world: World, request: ConditionalRead) -> Rulings:
    """GET or HEAD with If-None-Match and the object's ETag is answered with 304."""
    named = names(request.if_none_match, version_read(world, request))
    return Refuse((NOT_MODIFIED,)) if named else None


@clause(
    "conditions/read-succeeds-when-met",
    rules=("GP-ETAG-09",),
    source=GET,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def read_succeeds_when_met(world: World, request: ConditionalRead) -> Rulings:
    """GET or HEAD whose conditions on the ETag hold succeeds, whatever the encryption."""
    version = version_read(world, request)
    if not _holds(version, request.if_match, request.if_none_match):
        return None
    read = isinstance(version, ObjectVersion) and opens(world, request, version)
    return Succeed() if read else None


@clause(
    "conditions/write-over-another-etag-is-refused",
    rules=("GP-ETAG-09", "GP-VAL-11"),
    source=PUT,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def write_over_another_etag_is_refused(world: World, request: PutObject) -> Rulings:
    """PutObject with If-Match and another ETag than that of the object there is refused."""
    named = names(request.if_match, world.object(request.bucket, request.object_key))
    return Refuse((PRECONDITION_FAILED,)) if named is False else None


@clause(
    "conditions/write-needs-an-object-to-match",
    rules=("GP-ETAG-09",),
    source=PUT,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def write_needs_an_object_to_match(world: World, request: PutObject) -> Rulings:
    """PutObject with If-Match where no object is, or a delete marker, is refused."""
    if request.if_match is None or bucket_of(world, request) is None:
        return None
    if world.object(request.bucket, request.object_key) is not Presence.ABSENT:
        return None
    return Refuse((NO_SUCH_KEY, PRECONDITION_FAILED))


@clause(
    "conditions/write-succeeds-when-met",
    rules=("GP-ETAG-09",),
    source=PUT,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def write_succeeds_when_met(world: World, request: PutObject) -> Rulings:
    """PutObject with If-Match and the ETag of the object there succeeds in any encryption."""
    if request.if_none_match is not None:
        return None
    return Succeed() if names(request.if_match, _there(world, request)) else None


def _there(world: World, request: PutObject) -> object:
    return world.object(request.bucket, request.object_key)


@clause(
    "conditions/copy-fails-where-not-met",
    rules=("GP-SRC-12", "GP-ETAG-09"),
    source=COPY,
    profile="copy",
    needs=Capability.COPY,
    buckets=GENERAL_AND_DIRECTORY,
)
def copy_fails_where_not_met(world: World, request: WithCopySource) -> Rulings:
    """A copy with a condition on its source's ETag that does not hold is refused."""
    version = source_version(world, request)
    holds = _holds(version, request.source_if_match, request.source_if_none_match)
    return Refuse((PRECONDITION_FAILED,)) if holds is False else None


@clause(
    "conditions/copy-succeeds-when-met",
    rules=("GP-SRC-12", "GP-ETAG-09"),
    source=COPY,
    profile="copy",
    needs=Capability.COPY,
    buckets=GENERAL_AND_DIRECTORY,
)
def copy_succeeds_when_met(world: World, request: WithCopySource) -> Rulings:
    """A copy whose conditions hold succeeds: they are on the stored ETag of any encryption."""
    version = source_version(world, request)
    holds = _holds(version, request.source_if_match, request.source_if_none_match)
    return Succeed() if holds else None


@allowance("GP-ETAG-09", "GP-SRC-12", buckets=GENERAL_AND_DIRECTORY)
def condition_in_doubt(world: World, request: ConditionalRead | PutObject) -> Rulings:
    """A condition in another form than one quoted ETag, or on one that is not known.

    Of PutObject with ``If-Match: *`` AWS was recorded to say that it is not implemented
    (LocalStack's test_put_object_if_match_validation, March 2025).
    """
    if isinstance(request, PutObject):
        found: object = _there(world, request)
        doubt = request.if_match is not None and names(request.if_match, found) is None
        star = (NOT_IMPLEMENTED,) if request.if_match == "*" else ()
        return MayRefuse((PRECONDITION_FAILED, NO_SUCH_KEY, *star)) if doubt else None
    version = version_read(world, request)
    doubt = any(
        text is not None and names(text, version) is None
        for text in (request.if_match, request.if_none_match)
    )
    return MayRefuse((PRECONDITION_FAILED, NOT_MODIFIED)) if doubt else None


@allowance("GP-ETAG-09", buckets=GENERAL_AND_DIRECTORY)
def both_conditions_on_a_write(world: World, request: PutObject) -> Rulings:
    """PutObject with If-Match and If-None-Match: what it breaks is named, or the two of them.

    AWS was recorded to take no two conditions, whether they hold or not (LocalStack's
    test_put_object_if_match_and_if_none_match_validation, March 2025).
    """
    del world
    both = request.if_match is not None and request.if_none_match is not None
    return MayRefuse((NOT_IMPLEMENTED,)) if both else None


@allowance("GP-SRC-12", buckets=GENERAL_AND_DIRECTORY)
def source_condition_in_doubt(world: World, request: WithCopySource) -> Rulings:
    """The same for the conditions of a copy on its source."""
    version = source_version(world, request)
    texts = (request.source_if_match, request.source_if_none_match)
    if any(text is not None and names(text, version) is None for text in texts):
        return MayRefuse((PRECONDITION_FAILED,))
    return None
