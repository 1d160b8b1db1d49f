"""Whose bucket it is: the account that a request expects, and access control lists."""

from __future__ import annotations

import re

from model.clause import (
    EVERY_BUCKET,
    GENERAL_AND_DIRECTORY,
    Capability,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    allowance,
    clause,
)
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject
from model.request import BucketConfiguration, ObjectRequest, WithCopySource
from model.s3_errors import ACCESS_DENIED, ACL_NOT_SUPPORTED, ANY_400, INVALID_ARGUMENT
from model.world import World

PAGE = Source("API/API_PutBucketEncryption.html", "x-amz-expected-bucket-owner")
COPY = Source("API/API_CopyObject.html", "x-amz-source-expected-bucket-owner")
OWNER_KEEPS_ALL = "bucket-owner-full-control"
_NOT_PUBLIC = frozenset({"private", "bucket-owner-read", "aws-exec-read"})
_PUBLIC = frozenset({"public-read", "public-read-write", "authenticated-read"})
_ACCOUNT = re.compile(r"\d{12}")


def _is_another(world: World, bucket: str, expected: str | None) -> bool:
    """Tell whether the expected owner is an account, and surely not that of the bucket."""
    if expected is None or _ACCOUNT.fullmatch(expected) is None:
        return False
    known = existing_bucket(world, bucket) is not None and world.account is not None
    return known and expected != world.account


@clause(
    "ownership/other-bucket-owner-is-denied",
    rules=("GP-CFG-21",),
    source=PAGE,
    profile="sse-s3",
    buckets=GENERAL_AND_DIRECTORY,
)
def other_bucket_owner_is_denied(
    world: World, request: BucketConfiguration | ObjectRequest
) -> Rulings:
    """A request that expects its bucket to be another account's is denied."""
    if isinstance(request, PostObject):
        return None
    another = _is_another(world, request.bucket, request.expected_bucket_owner)
    return Refuse((ACCESS_DENIED,)) if another else None


@allowance("GP-CFG-21", buckets=GENERAL_AND_DIRECTORY)
def another_owner_in_a_form(world: World, request: PostObject) -> Rulings:
    """A form with a field that expects another account: AWS speaks of a header alone."""
    another = _is_another(world, request.bucket, request.expected_bucket_owner)
    return MayRefuse((ACCESS_DENIED,)) if another else None


@clause(
    "ownership/other-source-owner-is-denied",
    rules=("GP-CFG-21",),
    source=COPY,
    profile="copy",
    needs=Capability.COPY,
    buckets=GENERAL_AND_DIRECTORY,
)
def other_source_owner_is_denied(world: World, request: WithCopySource) -> Rulings:
    """A copy that expects its source bucket to be another account's is denied."""
    source = request.source
    if source is None or not _is_another(world, source.bucket, request.expected_source_owner):
        return None
    return Refuse((ACCESS_DENIED,))


@allowance("GP-CFG-21", buckets=EVERY_BUCKET)
def owner_that_cannot_be_compared(
    world: World, request: BucketConfiguration | ObjectRequest
) -> Rulings:
    """An expected owner that is no account id, or where the bucket's own is not known."""
    expected = [request.expected_bucket_owner]
    if isinstance(request, WithCopySource):
        expected.append(request.expected_source_owner)
    for owner in expected:
        if owner is not None and (world.account is None or _ACCOUNT.fullmatch(owner) is None):
            return MayRefuse((ACCESS_DENIED, ANY_400))
    return None


@allowance("OP-065", "GP-ACL-01", buckets=GENERAL_AND_DIRECTORY)
def access_control_list(world: World, request: PutObject | CopyObject) -> Rulings:
    """An access control list on a write: buckets have them switched off, unless told otherwise."""
    del world
    if request.acl in {None, OWNER_KEEPS_ALL}:
        return None
    if request.acl in _NOT_PUBLIC:
        return MayRefuse((ACL_NOT_SUPPORTED,))
    # Public access may be blocked; what is no list at all may be named as such.
    other = ACCESS_DENIED if request.acl in _PUBLIC else INVALID_ARGUMENT
    return MayRefuse((ACL_NOT_SUPPORTED, other))
