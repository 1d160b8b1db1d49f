"""Do the findings follow a server's own history? Old releases of moto are judged in turn.

    python benchmarks/releases.py [--requests 3000] [--seed 1] [--cache DIR] [--json] [RELEASE...]

Each release is installed from the package index into an environment of its own, started on
loopback and judged by `s3sse run --phase corpus`, the oldest first. Each run tries what the one
before it found first of all (`--earlier`), so a finding that is gone was looked for.

The first table says which divergence each release shows. The second one has the fixes that moto's
change log names, each with the releases around it. A finding is a clause and what is wrong with it;
where one clause is broken in several ways, the fix of one shows in the finding's symptoms: which
operation, which field. `finding` is a symptom in a finding that was confirmed by sending it again;
`symptom` was met and is not confirmed; `none` says that the clause was exercised and the symptom
not met; `not seen`, that the clause could not be judged. A fix is confirmed where the release
before it has a finding, and it and all later ones have none. `whole` says that no other symptom
is left.

The exit status is 1 where fewer than three fixes are confirmed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measuring import parser_for, say, show, table

from reports.record import RunRecord, load
from targets.process import LOOPBACK, accepts_connections, reserved_ports, running_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.record import DivergenceRecord

NEWEST = "5.2.5"
ENOUGH = 3
PLAYED = ("earlier findings", "most telling")
"""The stages that have to be done before a run can say that something is not there."""
PROFILES = ("bucket-default", "bucket-keys", "copy", "dsse-kms", "versioning")
"""What the fixes are about. Other findings would only be minimised, and take most of the time."""
SERVER_NEEDS = ("flask", "flask-cors")
"""What a server of S3 and KMS needs. The extra `server` is for all services: minutes to install."""
ANY_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
"""moto looks at none; the environment's own win."""
COMMAND = (sys.executable, "-c", "from conformance.cli import app; app()")


@dataclass(frozen=True, slots=True)
class Fix:
    """One entry of moto's change log: the releases around it, and the symptom that it takes away.

    ``field`` is where the answer differed: a header, or ``outcome`` for a request that was
    refused or accepted; ``kind`` says how it differed.
    """

    thread: str
    before: str
    release: str
    what: str
    clause: str
    operation: str
    field: str
    kind: str


FIXES = (
    Fix(
        "getmoto/moto#6264",
        "4.1.8",
        "4.1.9",
        "a copy shows that it uses a Bucket Key as true",
        "answer-headers/bucket-key-is-shown",
        "CopyObject",
        "x-amz-server-side-encryption-bucket-key-enabled",
        "different",
    ),
    Fix(
        "getmoto/moto#6264",
        "4.1.8",
        "4.1.9",
        "a copy does not take over its source's Bucket Key",
        "precedence/bucket-key-comes-from-the-bucket",
        "CopyObject",
        "x-amz-server-side-encryption-bucket-key-enabled",
        "unexpected",
    ),
    Fix(
        "getmoto/moto#6264",
        "4.1.8",
        "4.1.9",
        "a copy takes the destination bucket's default, not its source's",
        "bucket-default/copy-takes-the-destination-default",
        "CopyObject",
        "x-amz-server-side-encryption",
        "different",
    ),
    Fix(
        "getmoto/moto#6264",
        "4.1.8",
        "4.1.9",
        "a copy of a version shows which version it copied",
        "version-ids/copy-shows-the-source-version",
        "CopyObject",
        "x-amz-copy-source-version-id",
        "missing",
    ),
    Fix(
        "getmoto/moto#6303",
        "4.1.9",
        "4.1.10",
        "only aws:kms shows a Bucket Key: an object under DSSE does not",
        "answer-headers/no-bucket-key-for-dsse",
        "PutObject",
        "x-amz-server-side-encryption-bucket-key-enabled",
        "unexpected",
    ),
    Fix(
        "getmoto/moto#6300",
        "4.1.9",
        "4.1.10",
        "an object is copied in place in a bucket whose default was put",
        "copy/in-place-under-a-put-default-succeeds",
        "CopyObject",
        "outcome",
        "refused",
    ),
    Fix(
        "getmoto/moto#7300",
        "5.0.0",
        "5.0.1",
        "an object is copied in place from an older version of itself",
        "versioning/older-version-is-restored-in-place",
        "CopyObject",
        "outcome",
        "refused",
    ),
)


def main() -> int:
    """Print the tables; return the exit status."""
    around = {NEWEST, *chain.from_iterable((fix.before, fix.release) for fix in FIXES)}
    parser = parser_for(__doc__)
    parser.add_argument("releases", nargs="*", default=sorted(around, key=version))
    parser.add_argument("--requests", type=int, default=3000, help="requests of each run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="keep environments and results there")
    options = parser.parse_args()
    begun = time.monotonic()
    kept = nullcontext(options.cache) if options.cache else tempfile.TemporaryDirectory()
    with kept as folder:
        records: dict[str, RunRecord] = {}
        for release in sorted(options.releases, key=version):
            before = max(records, key=version, default=None)
            records[release] = judged(
                Path(folder), release, before, requests=options.requests, seed=options.seed
            )
    found = summary(records) | {"seconds": round(time.monotonic() - begun)}
    show(found, _text(found, list(records)), as_json=options.json)
    return 0 if sum(fix["confirmed"] for fix in found["fixes"]) >= ENOUGH else 1


def judged(
    folder: Path, release: str, before: str | None, *, requests: int, seed: int
) -> RunRecord:
    """Run the suite against one release, what another showed first, and return the record."""
    python = installed(folder / f"moto-{release}", release)
    out = folder / f"result-{release}"
    say(f"moto {release}: {requests} requests")
    with reserved_ports(1) as (port,):
        command = (str(python.with_name("moto_server")), "-H", LOOPBACK, "-p", str(port))
        with running_server(f"moto {release}", command, {}) as server:
            server.wait_until(lambda: accepts_connections(port))
            url = f"http://{LOOPBACK}:{port}"
            told = ("--endpoint-url", url, "--kms-endpoint-url", url, "--sse-c-over-http")
            what = ("--phase", "corpus", "--requests", str(requests), "--seed", str(seed))
            profiles = chain.from_iterable(("--profile", name) for name in PROFILES)
            earlier = ("--earlier", str(folder / f"result-{before}")) if before else ()
            done = subprocess.run(  # noqa: S603 - our own command
                [*COMMAND, "run", *told, *what, *profiles, *earlier, "--out", out, "--no-color"],
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
        venv.create(folder)
        pip = (sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check")
        wanted = (f"moto[s3]=={release}", *SERVER_NEEDS)
        subprocess.run([*pip, "install", "--quiet", *wanted], check=True)  # noqa: S603
    return python


def summary(records: dict[str, RunRecord]) -> dict[str, Any]:
    """Return which divergence each release shows, and what became of the known fixes."""
    rows: dict[str, Any] = {}
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
    shown = {release: _seen(fix, record) for release, record in records.items()}
    after = {shown[r] for r in records if version(r) >= version(fix.release)}
    left = [one for r in records if r == fix.release for one in _broken(fix, records[r])]
    return {
        "thread": fix.thread,
        "release": fix.release,
        "what": fix.what,
        "clause": fix.clause,
        "operation": fix.operation,
        "field": fix.field,
        "kind": fix.kind,
        "shown": shown,
        "whole": not left,
        "confirmed": shown.get(fix.before) == "finding" and after == {"none"},
    }


def _seen(fix: Fix, record: RunRecord) -> str:
    """Return what one run shows of the symptom that a fix takes away."""
    showing = [one for one in _broken(fix, record) if _has_symptom(fix, one)]
    if any(0 < one.confirmed.tries == one.confirmed.reproduced for one in showing):
        return "finding"
    if showing:
        return "symptom"
    was_judged = any(
        c.id == fix.clause and c.profile in PROFILES and c.exercised for c in record.clauses
    )
    return "none" if was_judged and _was_played(record) else "not seen"


def _broken(fix: Fix, record: RunRecord) -> list[DivergenceRecord]:
    return [one for one in record.divergences if one.clause == fix.clause]


def _has_symptom(fix: Fix, one: DivergenceRecord) -> bool:
    wanted = (fix.operation, fix.field, fix.kind)
    return any((s.operation, s.field, s.kind) == wanted for s in one.symptoms)


def _was_played(record: RunRecord) -> bool:
    """Tell whether the run came to the end of what it must have tried to miss nothing."""
    stages = {stage.name: stage for phase in record.phases for stage in phase.stages}
    return all(name in stages and stages[name].is_complete for name in PLAYED)


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
            ("whole" if fix["whole"] else "yes") if fix["confirmed"] else "no",
        )
        for fix in found["fixes"]
    ]
    lines.append(table(("fix that the change log names", *releases, "confirmed"), fixes))
    lines.append(f"\nrequests: {found['requests']}, {found['seconds']} s")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
