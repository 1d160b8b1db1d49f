"""What can go wrong with a report.

The life of a report: a run ends and its record is written (``unwritable``); later the record is
read (``missing``, ``unreadable``), understood as JSON (``not-json``), recognised by its schema
version (``other-version``) and checked against the schema (``invalid``). Nothing else is an error
here: what a server answered is data, however strange.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReportFault(StrEnum):
    """The step in a report's life that failed."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_JSON = "not-json"
    OTHER_VERSION = "other-version"
    INVALID = "invalid"
    UNWRITABLE = "unwritable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProblem:
    """One failure as data: what happened, why, and what to do about it."""

    code: ReportFault
    message: str
    cause: str
    hint: str

    def __str__(self) -> str:
        """Say all of it in one line."""
        line = f"{self.message}: {self.cause} ({self.code}). {self.hint}"
        return " ".join(line.split())


class ReportError(Exception):
    """A report cannot be read or written. ``problem`` says why; ``str()`` is one line."""

    def __init__(self, problem: ReportProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem
