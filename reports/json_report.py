"""``result.json``: the run record for programs, and the schema that describes it.

``python -m reports.json_report`` writes the schema anew after a change of the record.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from reports.files import write_atomically
from reports.record import RESULT_FILE, dump, json_schema

if TYPE_CHECKING:
    from reports.record import RunRecord

SCHEMA_FILE = Path(__file__).parent / "schema" / "result-1.json"


def write(record: RunRecord, folder: Path) -> Path:
    """Write ``result.json`` into a result folder; return its path. Raises ReportError."""
    return dump(record, folder / RESULT_FILE)


def schema_text() -> str:
    """Return the published schema's text, as it must stand in ``reports/schema``."""
    return json.dumps(json_schema(), indent=2) + "\n"


def publish_schema() -> Path:
    """Write the schema to where it is published; return the path. Raises ReportError."""
    return write_atomically(SCHEMA_FILE, schema_text())


if __name__ == "__main__":  # pragma: no cover
    publish_schema()
