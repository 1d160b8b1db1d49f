"""Known divergences that do not fail a run: each with a reason, an owner and an end date."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from conformance.settings import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Waiver(BaseModel):
    """One waiver. It names a divergence by id, or a clause (with ``*``) and maybe an operation."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = ""
    clause: str = ""
    operation: str = "*"
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    until: date

    def covers(self, divergence_id: str, clause_id: str, operation: str) -> bool:
        """Tell whether the waiver speaks of that divergence, as the operation shows it."""
        known = self.id == divergence_id if self.id else fnmatchcase(clause_id, self.clause)
        return known and fnmatchcase(operation, self.operation)


@dataclass(frozen=True, slots=True)
class Waivers:
    """All waivers of a run, and the day on which they are looked at."""

    entries: tuple[Waiver, ...] = ()
    today: date = date.max

    def of(
        self, divergence_id: str, clause_id: str, operations: Iterable[str]
    ) -> dict[str, str] | None:
        """Return the reason, owner and end of the waiver that ends first of those that hold.

        None where one of the operations that show the divergence is covered by none.
        """
        holding = [one for one in self.entries if one.until >= self.today]
        found: list[Waiver] = []
        for operation in operations:
            covering = [o for o in holding if o.covers(divergence_id, clause_id, operation)]
            if not covering:
                return None
            found.append(max(covering, key=lambda one: one.until))
        first = min(found, key=lambda one: one.until)
        return {"reason": first.reason, "owner": first.owner, "until": first.until.isoformat()}


def read_waivers(path: Path | None) -> Waivers:
    """Return the waivers of a TOML file with ``[[waiver]]`` tables.

    Raises UsageError naming the file, the entry and what is wrong with it.
    """
    today = datetime.now(UTC).date()
    if path is None:
        return Waivers(today=today)
    try:
        with path.open("rb") as file:
            read = tomllib.load(file)
    except OSError as error:
        raise UsageError(f"--waivers {path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"--waivers {path}: is no valid TOML: {error}") from error
    entries = read.get("waiver", [])
    if not isinstance(entries, list) or set(read) - {"waiver"}:
        raise UsageError(f"--waivers {path}: write one [[waiver]] table for each waiver")
    made = []
    for number, entry in enumerate(entries, 1):
        try:
            made.append(Waiver.model_validate(entry))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "entry"
            raise UsageError(
                f"--waivers {path}: waiver {number}: {where}: {first['msg'].lower()}"
            ) from error
        if not made[-1].id and not made[-1].clause:
            raise UsageError(f"--waivers {path}: waiver {number}: name an id or a clause")
    return Waivers(tuple(made), today)
