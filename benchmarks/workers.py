"""Whether two workers do twice the work of one, and find the same.

    python benchmarks/workers.py [--budget 20] [--pairs 3] [--fault ID ...] [--requests 6000]

For the rates, `s3sse run --target reference` is given the same time with one worker and with
``--workers``, in turns. That target is in the worker's own process, so that each worker is bound by
its own core and by nothing else; a server that all share (reference-http, moto) would be the
bottleneck, and its own rate be measured. There must be as many cores as workers, and nothing else
for them to do.

rate         requests sent within the budget, by its seconds (connecting and concluding aside)
ratio        rate of many workers to that of one, the median of the pairs: at least 1.7 for two

For the findings, each ``--fault`` of the bank is looked for with the same requests and the same
seed, by one worker and by many, and the ids of what is reported are compared. They are the digests
of the defect, so the same defect has the same id; what was only seen and not confirmed counts, too.

The exit status is 1 where the ratio is below 0.85 for each worker, or the findings differ.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from measuring import parser_for, say, show, table

FAULTS = (
    "copy/inherits-from-source",
    "bucket-configuration/flag-not-shown",
    "paths/upload-misses-the-bucket-key",
)
ENOUGH = 0.85
"""What each worker must add of the rate of one alone."""
_RUN = "import sys; from conformance.cli import app; sys.exit(app())"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The rates of one worker and of many, one right after the other."""

    one: float
    many: float

    @property
    def ratio(self) -> float:
        """How many times the work was done."""
        return self.many / self.one


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one worker and many reported of a fault."""

    fault: str
    one: tuple[str, ...]
    many: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both reported the same."""
        return self.one == self.many


def run(target: str, workers: int, *told: str) -> dict[str, Any]:
    """Do one run of the suite in processes of its own, and return its record."""
    with tempfile.TemporaryDirectory(prefix="s3sse-workers-") as name:
        folder = Path(name) / "run"
        options = ("--target", target, "-n", str(workers), *told, "--out", str(folder))
        ran = subprocess.run(  # noqa: S603 - the suite itself
            (sys.executable, "-c", _RUN, "run", *options),
            capture_output=True,
            check=False,
            text=True,
        )
        if ran.returncode > 1:
            raise RuntimeError(f"the run ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
        record: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        return record


def rate(workers: int, seconds: int, seed: int) -> float:
    """Return how many requests a second were sent to the reference within a budget of time."""
    record = run("reference", workers, "--budget", f"{seconds}s", "--seed", str(seed))
    return int(record["summary"]["requests"]) / seconds


def found(fault: str, workers: int, requests: int, seed: int) -> tuple[str, ...]:
    """Return the ids of what is reported of a fault."""
    record = run(f"faulty:{fault}", workers, "--requests", str(requests), "--seed", str(seed))
    return tuple(sorted(f"{one['id']} {one['clause']}" for one in record["divergences"]))


def main() -> int:
    """Print the tables; return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--budget", type=int, default=20, help="seconds of each run")
    parser.add_argument("--pairs", type=int, default=3, help="0 measures no rates")
    parser.add_argument("--fault", action="append", help="a fault of the bank; several times")
    parser.add_argument("--requests", type=int, default=6000, help="of each run with a fault")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pairs: list[Pair] = []
    for number in range(options.pairs):
        seed = options.seed + number
        one, many = (rate(count, options.budget, seed) for count in (1, options.workers))
        pairs.append(Pair(one=one, many=many))
        say(f"{one:,.0f} and {many:,.0f} requests/s")
    looked = [
        Findings(
            fault=fault,
            one=found(fault, 1, options.requests, options.seed),
            many=found(fault, options.workers, options.requests, options.seed),
        )
        for fault in options.fault or FAULTS
    ]
    ratio = statistics.median(pair.ratio for pair in pairs) if pairs else None
    told = {
        "workers": options.workers,
        "pairs": [{**asdict(pair), "ratio": pair.ratio} for pair in pairs],
        "ratio": ratio,
        "faults": [{**asdict(one), "same": one.same} for one in looked],
    }
    show(told, _text(pairs, ratio, looked, options.workers), as_json=options.json)
    slow = ratio is not None and ratio < ENOUGH * options.workers
    return 1 if slow or not all(one.same for one in looked) else 0


def _text(pairs: list[Pair], ratio: float | None, looked: list[Findings], workers: int) -> str:
    rates = [(number, p.one, p.many, p.ratio) for number, p in enumerate(pairs, 1)]
    lines = [table(("pair", "1 worker, requests/s", f"{workers} workers", "ratio"), rates), ""]
    if ratio is not None:
        lines += [f"ratio, median: {ratio:.2f}", ""]
    faults = [(f.fault, len(f.one), len(f.many), "yes" if f.same else "no") for f in looked]
    lines.append(table(("fault", "found by 1", f"by {workers}", "the same"), faults))
    for one in looked:
        lines += [f"{one.fault}: only 1 worker: {x}" for x in one.one if x not in one.many]
        lines += [f"{one.fault}: only {workers} workers: {x}" for x in one.many if x not in one.one]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
