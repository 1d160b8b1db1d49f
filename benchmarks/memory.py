"""How much memory a run takes, and that it does not grow with the number of requests.

    python benchmarks/memory.py [--requests 100000] [--json]

A worker's run against the reference in its own process, with its transcript on disk, then what
``s3sse run`` does at the end: judge the transcript again, write the HAR and the reports. It
happens in a process of its own; shown is the resident memory (MB of 2**20 bytes) of that process,
which holds the suite, the reference and everything that either remembers.

growth   memory after all requests less memory after the first 1,000: at most 150 MB
peak     the highest that it ever was, before and after the end (re-judging, HAR, reports)

The exit status is 1 where it grew by more, or where the record is no clean verdict.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from measuring import SPARE, parser_for, say, show, table

from conformance.run import Run
from conformance.settings import make_settings
from conformance.worker import Share, run_share
from targets.reference import ReferenceTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.messages import HttpRequest, HttpResponse
    from targets.target import Connection, Endpoint

FIRST = 1000
LIMIT_MB = 150
SEED = 1
_KB = 1024


def memory_mb(name: str = "VmRSS") -> float:
    """Return a figure of this process from Linux: VmRSS is what it has now, VmHWM the peak."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        field, _, value = line.partition(":")
        if field == name:
            return int(value.split()[0]) / _KB
    raise KeyError(name)


@dataclass(slots=True)
class Watched:
    """A connection that looks at the memory at certain numbers of requests."""

    inner: Connection
    marks: list[int]
    seen: dict[int, float]
    count: int = 0

    @property
    def endpoint(self) -> Endpoint:
        """What the connection leads to."""
        return self.inner.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        if self.marks and self.count >= self.marks[0]:
            self.seen[self.marks.pop(0)] = memory_mb()
        self.count += 1
        return self.inner.send(request)


class WatchedTarget(ReferenceTarget):
    """The reference in this process, watched."""

    def __init__(self, marks: list[int], seen: dict[int, float]) -> None:
        super().__init__()
        self.marks, self.seen = marks, seen

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a watched connection to a fresh reference."""
        with super().connect() as connection:
            yield Watched(connection, self.marks, self.seen)


def measure(requests: int, folder: Path) -> dict[str, Any]:
    """Run, and return the figures; to be called in a fresh process."""
    steps = [requests * part // 10 for part in range(1, 11)]
    seen: dict[int, float] = {}
    target = WatchedTarget(sorted({FIRST, *steps}), seen)
    asked = int(requests * SPARE)
    settings = make_settings({"target": "reference", "requests": asked, "out": folder})
    run = Run.prepare(settings)
    share = Share(
        worker="w0",
        index=0,
        count=1,
        seed=SEED,
        settings=settings,
        folder=run.folder,
        requests=asked,
        seconds=None,
    )
    begun = time.perf_counter()
    with mock.patch("conformance.worker.make_target", return_value=target):
        part = run_share(share)
    ran = time.perf_counter()
    after, peak_of_run = memory_mb(), memory_mb("VmHWM")
    record = run.finish()
    return {
        "requests": part.requests,
        "memory_mb": {str(number): value for number, value in seen.items()},
        "after_first_mb": seen[FIRST],
        "after_all_mb": after,
        "growth_mb": after - seen[FIRST],
        "peak_of_run_mb": peak_of_run,
        "after_record_mb": memory_mb(),
        "peak_mb": memory_mb("VmHWM"),
        "verdict": record.summary.verdict,
        "seconds_of_run": ran - begun,
        "seconds_of_record": time.perf_counter() - ran,
        "transcript_mb": sum(p.stat().st_size for p in folder.glob("transcript.*")) / _KB / _KB,
    }


def main() -> int:
    """Print the table; return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--timeout", type=float, default=1800.0, help="seconds until it is ended")
    parser.add_argument(
        "--here", metavar="DIR", help="measure in this process, with its files there"
    )
    options = parser.parse_args()
    if options.requests <= FIRST:
        parser.error(f"--requests {options.requests}: must be more than {FIRST}")
    if options.here:
        print(json.dumps(measure(options.requests, Path(options.here))))
        return 0
    with tempfile.TemporaryDirectory(prefix="s3sse-memory-") as folder:
        command = [sys.executable, __file__, "--requests", str(options.requests), "--here", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            try:
                out, _ = process.communicate(timeout=options.timeout)
            except BaseException as error:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise
                say(f"not finished after {options.timeout:g} s")
                return 1
        if process.returncode:
            return 1
    found = json.loads(out)
    found["limit_mb"] = LIMIT_MB
    rows = [(f"after {int(n):,} requests", mb) for n, mb in found["memory_mb"].items()]
    rows += [
        (f"after the run ({found['requests']:,} requests)", found["after_all_mb"]),
        ("growth since the first 1,000", found["growth_mb"]),
        ("peak of the run", found["peak_of_run_mb"]),
        ("peak with re-judging, HAR and reports", found["peak_mb"]),
    ]
    text = table(("resident memory", "MB"), rows)
    met = "met" if found["growth_mb"] <= LIMIT_MB else "MISSED"
    text += (
        f"\n\ngrowth at most {LIMIT_MB} MB: {met}; verdict {found['verdict']}; run"
        f" {found['seconds_of_run']:,.0f} s, record {found['seconds_of_record']:,.0f} s,"
        f" transcript and HAR {found['transcript_mb']:,.0f} MB"
    )
    show(found, text, as_json=options.json)
    return 0 if met == "met" and found["verdict"] == "conforms" else 1


if __name__ == "__main__":
    sys.exit(main())
