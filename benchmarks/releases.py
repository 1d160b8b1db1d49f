"""Do the findings follow a server's own history? Old releases of moto are judged in turn.

    python benchmarks/releases.py [--budget 60s] [--seed 1] [--cache DIR] [--json] [RELEASE...]

Each release is installed from the package index into an environment of its own, started on
loopback and judged by a run of `s3sse run`. The table says which divergence each release shows;
below stand the fixes that moto's change log names, with what the runs say of the releases around
them. A fix is confirmed where its divergence is there before, and its clause is exercised and held
after; `not seen` is a clause that a run did not exercise.

The exit status is 1 where fewer than three fixes are confirmed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import parser_for, say, show, table

from reports.record import RunRecord, load
from targets.process import LOOPBACK, accepts_connections, reserved_ports, running_server

if TYPE_CHECKING:
    from collections.abc import Sequence

RELEASES = ("4.1.0", "4.2.14", "5.0.0", "5.2.5")
ENOUGH = 3
ANY_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
"""moto looks at none; the environment's own win."""
COMMAND = (sys.executable, "-c", "from conformance.cli import app; app()")


@dataclass(frozen=True, slots=True)
class Fix:
    """One entry of moto's change log: what was mended, in which release, and where it shows."""

    thread: str
    release: str
    what: str
    clause: str
    operation: str


FIXES = (
    Fix(
        "getmoto/moto#6264",
        "4.1.9",
        "a copy takes the destination bucket's default, not its source's key",
        "bucket-default/copy-takes-the-destination-default",
        "CopyObject",
    ),
    Fix(
        "getmoto/moto#4793",
        "4.1.9",
        "a copy shows that it uses the Bucket Key that was asked for",
        "answer-headers/bucket-key-is-shown",
        "CopyObject",
    ),
    Fix(
        "getmoto/moto#6303",
        "4.1.10",
        "an AES256 object shows no Bucket Key of the bucket's default",
        "answer-headers/no-bucket-key-is-not-shown",
        "PutObject",
    ),
    Fix(
        "getmoto/moto#7300",
        "5.0.1",
        "an object can be copied in place from a version of itself",
        "versioning/older-version-is-restored-in-place",
        "CopyObject",
    ),
)


def main() -> int:
    """Print the tables; return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("releases", nargs="*", default=RELEASES, metavar="RELEASE")
    parser.add_argument("--budget", default="60s", help="time of each run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="keep environments and results there")
    options = parser.parse_args()
    kept = nullcontext(options.cache) if options.cache else tempfile.TemporaryDirectory()
    with kept as folder:
        records = {
            release: judged(Path(folder), release, budget=options.budget, seed=options.seed)
            for release in options.releases
        }
    found = summary(records)
    show(found, _text(found, list(records)), as_json=options.json)
    return 0 if sum(fix["confirmed"] for fix in found["fixes"]) >= ENOUGH else 1


def judged(folder: Path, release: str, *, budget: str, seed: int) -> RunRecord:
    """Run the suite against one release, and return the record."""
    python = installed(folder / f"moto-{release}", release)
    out = folder / f"result-{release}"
    say(f"moto {release}: {budget}")
    with reserved_ports(1) as (port,):
        command = (str(python.with_name("moto_server")), "-H", LOOPBACK, "-p", str(port))
        with running_server(f"moto {release}", command, {}) as server:
            server.wait_until(lambda: accepts_connections(port))
            url = f"http://{LOOPBACK}:{port}"
            told = ("--endpoint-url", url, "--kms-endpoint-url", url, "--sse-c-over-http")
            rest = ("--budget", budget, "--seed", str(seed), "--out", str(out), "--no-color")
            done = subprocess.run(  # noqa: S603 - our own command
                [*COMMAND, "run", *told, *rest],
                check=False,
                capture_output=True,
                text=True,
                env={**ANY_CREDENTIALS, **os.environ},
            )
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"moto {release}: no verdict: {done.stderr.strip() or done.stdout}")
    return load(out)


def installed(folder: Path, release: str) -> Path:
    """Return the Python of an environment that has this release of moto."""
    python = folder / "bin" / "python"
    if not (folder / "bin" / "moto_server").exists():
        venv.create(folder, with_pip=True)
        wanted = f"moto[server,s3]=={release}"
        quiet = ("--quiet", "--disable-pip-version-check")
        subprocess.run([python, "-m", "pip", "install", *quiet, wanted], check=True)  # noqa: S603
    return python


def summary(records: dict[str, RunRecord]) -> dict[str, Any]:
    """Return which divergence each release shows, and what became of the known fixes."""
    rows = {}
    for release, record in records.items():
        for one in record.divergences:
            row = rows.setdefault(
                one.id, {"clause": one.clause, "title": one.title, "releases": {}}
            )
            row["releases"][release] = list(one.operations)
    return {
        "requests": {release: record.summary.requests for release, record in records.items()},
        "divergences": rows,
        "fixes": [_fix(fix, records) for fix in FIXES],
    }


def _fix(fix: Fix, records: dict[str, RunRecord]) -> dict[str, Any]:
    """Return what the releases around a fix show of it."""
    shown = {}
    for release, record in records.items():
        broken = any(
            fix.clause in {one.clause, *one.clauses}
            and any(s.operation == fix.operation for s in one.symptoms)
            for one in record.divergences
        )
        held = any(c.id == fix.clause and c.exercised for c in record.clauses)
        shown[release] = "diverges" if broken else "holds" if held else "not seen"
    before = [shown[r] for r in records if version(r) < version(fix.release)]
    after = [shown[r] for r in records if version(r) >= version(fix.release)]
    return {
        "thread": fix.thread,
        "release": fix.release,
        "what": fix.what,
        "clause": fix.clause,
        "shown": shown,
        "confirmed": "diverges" in before and bool(after) and set(after) == {"holds"},
    }


def version(text: str) -> tuple[int, ...]:
    """Return a release's number, for comparison."""
    return tuple(int(part) for part in text.split("."))


def _text(found: dict[str, Any], releases: Sequence[str]) -> str:
    rows = [
        (
            f"{row['clause']}: {row['title']}"[:96],
            *("x" if r in row["releases"] else "" for r in releases),
        )
        for row in sorted(found["divergences"].values(), key=lambda row: row["clause"])
    ]
    lines = [table(("divergence", *releases), rows), ""]
    fixes = [
        (
            f"{fix['thread']}, {fix['release']}: {fix['what']}",
            *fix["shown"].values(),
            "yes" if fix["confirmed"] else "no",
        )
        for fix in found["fixes"]
    ]
    lines.append(table(("fix that the change log names", *releases, "confirmed"), fixes))
    lines.append(f"\nrequests: {found['requests']}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
