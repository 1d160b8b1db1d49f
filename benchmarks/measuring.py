"""What the benchmarks share: where they ran, tables, and the suite's own worker as a function."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from conformance.settings import SUITE_VERSION, make_settings
from conformance.worker import Share, run_share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.parts import Part

PACKAGES = ("botocore", "hypothesis", "moto", "urllib3", "werkzeug")
WORKER = "w0"
SPARE = 1.06
"""A run keeps part of its requests back for minimising, and sends those only where it finds."""


def parser_for(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser that explains itself with a script's docstring, and knows ``--json``."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, no table")
    return parser


def machine() -> dict[str, Any]:
    """Return where and with what the numbers were measured."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "s3sse": SUITE_VERSION,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": [round(value, 2) for value in os.getloadavg()],
        **{name: version(name) for name in PACKAGES},
    }


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table; the first column stands left, all others right."""
    cells = [[_say(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = []
    for row in cells:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join((first, *rest)).rstrip())
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join(lines)


def _say(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.3f}" if abs(cell) < 10 else f"{cell:,.1f}"  # noqa: PLR2004
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return "-" if cell is None else str(cell)


def show(found: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print the table, or everything as one JSON object."""
    where = machine()
    if as_json:
        print(json.dumps({**found, "machine": where}))
        return
    print(text)
    print("\n" + ", ".join(f"{name} {value}" for name, value in where.items()))


def say(text: str) -> None:
    """Tell how far it is, beside the output."""
    print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Ran:
    """One worker's run: what it handed over, and its transcript."""

    part: Part
    transcript: Path


def run_worker(folder: Path, *, seed: int, requests: int, **options: Any) -> Ran:
    """Do what a worker of ``s3sse run`` does, in this process, with its files in ``folder``."""
    settings = make_settings({**options, "requests": requests, "seed": seed})
    share = Share(
        worker=WORKER,
        index=0,
        count=1,
        seed=seed,
        settings=settings,
        folder=folder,
        requests=requests,
        seconds=None,
    )
    return Ran(run_share(share), folder / f"part-{WORKER}.jsonl")
