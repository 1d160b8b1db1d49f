"""An answer as the judge sees it: everything that a response showed, or the part that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value


class Unstated(Enum):
    """The mark for what an observation does not say."""

    UNSTATED = "not stated"


UNSTATED = Unstated.UNSTATED

ETAG = "etag"
BODY = "body"
CONTENT_LENGTH = "content-length"
BODY_LENGTH = "body length"
"""How many bytes came of a body, where those are not as many as were announced."""
VERSION_ID = "x-amz-version-id"
LAST_MODIFIED = "last-modified"
STORAGE_CLASS = "x-amz-storage-class"
DELETE_MARKER = "x-amz-delete-marker"
SOURCE_VERSION_ID = "x-amz-copy-source-version-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of one answer.

    ``status`` and ``succeeded`` are None where an observation does not state them. ``error_code``
    is UNSTATED where it cannot be read (an error of HEAD has no body). ``fields`` holds headers
    (lower-case names), ``etag`` without quotation marks, ``body``, and the elements of documents;
    a field with the value None was absent. When ``complete``, a field that is missing was absent
    too; else nothing is known of it. ``broken_off``: its body ended before it was whole.
    """

    status: int | None
    succeeded: bool | None
    error_code: str | Unstated | None = UNSTATED
    error_message: str = ""
    error_detail: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Value] = field(default_factory=dict)
    complete: bool = True
    broken_off: bool = False

    def value(self, name: str) -> Value | Unstated:
        """Return a field, None when it was absent, UNSTATED when nothing is known of it."""
        if name in self.fields:
            return self.fields[name]
        return None if self.complete else UNSTATED

    def text(self, name: str) -> str | None:
        """Return a field that holds text, else None."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else None

    @property
    def summary(self) -> str:
        """The answer in a few words."""
        return self._outcome + (", the body broke off" if self.broken_off else "")

    @property
    def _outcome(self) -> str:
        """Whether it is a success, its status and its error code."""
        if self.status is None and isinstance(self.error_code, str):
            return self.error_code
        if self.status is None:
            return "success" if self.succeeded else "an error"
        if self.succeeded or not isinstance(self.error_code, str):
            return str(self.status)
        return f"{self.status} {self.error_code}"
