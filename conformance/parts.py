"""What a worker hands to the run that started it: its findings, counts and leftovers, as a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from dataclasses import field as member
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

TRANSCRIPT = "transcript.jsonl"


@dataclass(slots=True, kw_only=True)
class FoundStep:
    """One step of a minimal sequence, ready to be shown and to be sent again."""

    operation: str
    params: dict[str, Any]
    request: dict[str, Any]
    response: dict[str, Any] | None
    expected: list[str]
    observed: str
    diverges: bool


@dataclass(slots=True, kw_only=True)
class Found:
    """One divergence in its minimal form."""

    id: str
    clause: str
    clauses: list[str]
    severity: str
    operation: str
    title: str
    field: str
    kind: str
    expected: list[str]
    observed: str
    differences: list[dict[str, str]]
    tries: int
    reproduced: int
    occurrences: int
    steps: list[FoundStep]
    aliases: list[str] = member(default_factory=list)
    """Signatures under which the divergence was met before it was minimised."""
    symptoms: list[dict[str, Any]] = member(default_factory=list)
    """The ways in which it shows, the most frequent first: operation, field, kind, occurrences."""
    broken: list[str] = member(default_factory=list)
    """The clauses for which it stands."""


@dataclass(slots=True, kw_only=True)
class Part:
    """One worker's share of a run."""

    worker: str
    endpoint: str = ""
    server: str = ""
    kind: str = ""
    notes: list[str] = member(default_factory=list)
    capabilities: dict[str, dict[str, str]] = member(default_factory=dict)
    found: list[Found] = member(default_factory=list)
    leftovers: list[str] = member(default_factory=list)
    reached: list[dict[str, Any]] = member(default_factory=list)
    """How far each stage of each phase came: phase, stage, done, planned (None: without end)."""
    first_met: tuple[int, float] | None = None
    first_confirmed: tuple[int, float] | None = None
    """After how many requests and seconds a first finding was met, and was confirmed."""
    first_phase: str = ""
    """The phase that met it."""
    requests: int = 0
    sequences: int = 0
    seconds: float = 0.0
    unanswered: int = 0
    lost: str = ""
    interrupted: bool = False


def write_part(part: Part, path: Path) -> None:
    """Write a part, whole or not at all."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(part, default=_members), encoding="utf-8")
    temporary.replace(path)


def _members(one: Any) -> dict[str, Any]:
    """Return the members of a dataclass; ``asdict`` would copy all that they hold."""
    return {f.name: getattr(one, f.name) for f in fields(one)}


def read_part(path: Path) -> Part:
    """Return a part that ``write_part`` wrote."""
    read = json.loads(path.read_text(encoding="utf-8"))
    found = [
        Found(**{**one, "steps": [FoundStep(**step) for step in one["steps"]]})
        for one in read.pop("found")
    ]
    return Part(found=found, **read)
