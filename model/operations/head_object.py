"""HeadObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from model.operations.object_read import ObjectReadOperation


@dataclass(frozen=True, kw_only=True)
class HeadObject(ObjectReadOperation):
    """Read an object's metadata; an answer to HEAD has no body."""

    operation: ClassVar[str] = "HeadObject"
    method: ClassVar[str] = "HEAD"
