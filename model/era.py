"""The eras: the days on which what AWS does with everybody's buckets changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.world import SSE_C_BLOCKED_SINCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """A time in which AWS's defaults stayed as they were; ``until`` is no day of it."""

    since: date
    until: date | None = None
    says: str

    @property
    def text(self) -> str:
        """The era as a reader says it."""
        span = f"since {self.since}"
        if self.until is not None:
            span += f", until {self.until}"
        return f"{span}: {self.says}"

    def holds(self, day: date) -> bool:
        """Tell whether the day lies in the era."""
        return self.since <= day and (self.until is None or day < self.until)


FIRST_DAY = date(2023, 1, 5)
"""Before this day buckets had no default encryption: outside the model."""

ERAS = (
    Era(
        since=FIRST_DAY,
        until=SSE_C_BLOCKED_SINCE,
        says="every bucket has default encryption, and new buckets take SSE-C",
    ),
    Era(
        since=SSE_C_BLOCKED_SINCE,
        says="new buckets refuse SSE-C until told otherwise, some regions and accounts aside",
    ),
)


def era_of(day: date) -> Era | None:
    """Return the era of a day, None before the first one."""
    return next((era for era in ERAS if era.holds(day)), None)
