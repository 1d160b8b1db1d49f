"""The three kinds of bucket, which S3 tells apart by the bucket's name alone."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

DIRECTORY_SUFFIX = "--x-s3"
"""How the name of a directory bucket ends, behind the id of its zone (DB-068)."""

ACCESS_POINT_SUFFIX = "-ext-s3alias"
"""How the alias of an access point attached to an FSx file system ends (FSX-01B)."""


class BucketKind(StrEnum):
    """What a bucket's name leads to: each has rules of its own."""

    GENERAL_PURPOSE = "general purpose bucket"
    DIRECTORY = "directory bucket"
    FSX_ACCESS_POINT = "access point for FSx"


@lru_cache(maxsize=4096)
def bucket_kind(name: str) -> BucketKind:
    """Return the kind of the bucket (or access point) of that name."""
    if name.endswith(DIRECTORY_SUFFIX):
        return BucketKind.DIRECTORY
    if name.endswith(ACCESS_POINT_SUFFIX):
        return BucketKind.FSX_ACCESS_POINT
    return BucketKind.GENERAL_PURPOSE
