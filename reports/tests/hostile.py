"""A record in which every string is hostile."""

from __future__ import annotations

import json
from typing import Any

from reports.record import RunRecord, to_json
from reports.tests.examples import record

HOSTILE = (
    "</script><script>alert(1)</script>\"'><img src=http://evil.example/x onerror=alert(1)>"
    "{{7*7}}<!--]]>&#x3c;\x00\x08\x1b[31m\x7f\x85\u202e\ufffe [red]markup[/red]\n"
)
#: Fields that hold one word of a closed set.
CLOSED = frozenset({"level", "status", "severity", "verdict"})


def spoil(value: Any, field: str, text: str) -> Any:
    """Replace every free string inside a JSON value, names of members included."""
    if isinstance(value, str):
        return value if field in CLOSED and value != "" else text
    if isinstance(value, list):
        return [spoil(item, field, text) for item in value]
    if isinstance(value, dict):
        free = field in {"capabilities", "options", "params"}
        return {
            (f"{text}{number}" if free else name): spoil(
                item,
                "free" if field in {"options", "params"} else name,
                text,
            )
            for number, (name, item) in enumerate(value.items())
        }
    return value


def hostile_record(text: str = HOSTILE) -> RunRecord:
    """Return the example record with hostile text in every string field."""
    return RunRecord.model_validate(spoil(json.loads(to_json(record())), "", text))
