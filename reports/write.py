"""All reports of one run, written together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import html_report, json_report, junit_report

if TYPE_CHECKING:
    from pathlib import Path

    from reports.record import RunRecord


def write_all(record: RunRecord, out_dir: Path) -> tuple[Path, ...]:
    """Write ``result.json``, ``junit.xml`` and ``report.html`` into a folder; return their paths.

    The folder is made where it is missing; each file appears whole or not at all. ``result.json``
    comes first: all else can be made from it again. Raises ReportError when a file cannot be
    written.
    """
    return (
        json_report.write(record, out_dir),
        junit_report.write(record, out_dir),
        html_report.write(record, out_dir),
    )
