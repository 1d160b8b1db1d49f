"""ListObjects and ListObjectsV2: the current versions of a bucket's objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from model.operations.listing import ListingOperation


@dataclass(frozen=True, kw_only=True)
class ListObjects(ListingOperation):
    """List the objects of a bucket, in the old form."""

    operation: ClassVar[str] = "ListObjects"


@dataclass(frozen=True, kw_only=True)
class ListObjectsV2(ListingOperation):
    """List the objects of a bucket."""

    operation: ClassVar[str] = "ListObjectsV2"
    sub_resource: ClassVar[str] = "list-type"
    sub_resource_value: ClassVar[str] = "2"
