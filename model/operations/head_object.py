"""HeadObject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from model.operations.object_read import ConditionalRead


@dataclass(frozen=True, kw_only=True)
class HeadObject(ConditionalRead):
    """Read an object's metadata; an answer to HEAD has no body."""

    operation: ClassVar[str] = "HeadObject"
    method: ClassVar[str] = "HEAD"
