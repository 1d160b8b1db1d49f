"""Whether the suite stays silent about its own model, over many seeds, reached both ways.

    python benchmarks/soak.py [--requests 50000] [--seeds 20] [--no-http] [--json]

Each seed is a worker's whole run of requests / seeds requests: once against the reference in the
same process, and once with the same seed against the reference behind loopback HTTP. Counted are

findings    disagreements, while it ran and when the transcript was judged again: must be 0
unjudged    exchanges of which the judge could say nothing
requests/s  of the worker's own wall time, start and end of the run included (two run at a time)
differences requests or answers in which the two transcripts are not the same, place by place:
            method, path and query, headers, body; status, headers and body of the answer. Left
            aside are scheme, host and port, times, and headers that HTTP itself brings with it.

The exit status is 1 where there is a finding or a difference.
"""

from __future__ import annotations

import math
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from measuring import SPARE, Ran, parser_for, run_worker, say, show, table

from conformance.journal import read_lines, stream_transcript
from conformance.verdict import tally

REFERENCE, HTTP = "reference", "reference-http"
_OF_HTTP = frozenset(
    {"connection", "content-length", "date", "host", "keep-alive", "server", "transfer-encoding"}
)


@dataclass(slots=True, kw_only=True)
class Side:
    """One seed against one target."""

    target: str
    requests: int
    sequences: int
    seconds: float
    findings: list[str]
    unjudged: int
    unanswered: int
    clauses: list[str]


@dataclass(slots=True, kw_only=True)
class Seed:
    """One seed, both ways."""

    seed: int
    sides: list[Side]
    compared: int = 0
    differences: int = 0
    first_difference: str = ""
    problems: list[str] = field(default_factory=list)


def soak_seed(seed: int, requests: int, targets: tuple[str, ...]) -> Seed:
    """Run one seed against each target, judge the transcripts again, and compare them."""
    with tempfile.TemporaryDirectory(prefix="s3sse-soak-") as name:
        ran: list[Ran] = []
        found = Seed(seed=seed, sides=[])
        for target in targets:
            folder = Path(name) / target
            folder.mkdir()
            one = run_worker(folder, seed=seed, requests=requests, target=target)
            found.sides.append(_side(target, one))
            if one.part.lost or one.part.leftovers:
                found.problems.append(f"{target}: {one.part.lost or one.part.leftovers}")
            ran.append(one)
        if len(ran) > 1:
            _compare(found, ran[0].transcript, ran[1].transcript)
        return found


def _side(target: str, ran: Ran) -> Side:
    context, exchanges = stream_transcript(ran.transcript)
    again = tally(exchanges, context.world())
    part = ran.part
    met = dict.fromkeys(f"{one.clause}: {one.title}" for one in part.found)
    met.update(
        dict.fromkeys(f"{p.finding.clause}: {p.finding.title}" for p in again.places.values())
    )
    return Side(
        target=target,
        requests=part.requests,
        sequences=part.sequences,
        seconds=part.seconds,
        findings=list(met),
        unjudged=sum(again.not_judged.values()),
        unanswered=part.unanswered,
        clauses=sorted(again.fired),
    )


def _compare(found: Seed, one: Path, other: Path) -> None:
    """Count the places where two transcripts are not the same."""
    pairs = zip_longest(_exchanges(one), _exchanges(other))
    for place, (left, right) in enumerate(pairs):
        found.compared += 1
        if left == right:
            continue
        found.differences += 1
        if not found.first_difference:
            found.first_difference = f"exchange {place}: {_apart(left, right)}"


def _exchanges(transcript: Path) -> list[dict[str, Any]]:
    return [_bare(entry) for _, entry in read_lines(transcript) if "request" in entry]


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what must be the same whichever way the reference is reached."""
    request, response = entry["request"], entry["response"]
    url = urlsplit(request["url"])
    return {
        "method": request["method"],
        "path": url.path,
        "query": url.query,
        "headers": _headers(request),
        "body": request.get("postData"),
        "status": response["status"],
        "answer headers": _headers(response),
        "answer body": response["content"],
        "sequence": entry["_s3sse"]["sequence"],
        "step": entry["_s3sse"]["step"],
    }


def _headers(message: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = [(h["name"].lower(), h["value"]) for h in message["headers"]]
    return sorted(pair for pair in pairs if pair[0] not in _OF_HTTP)


def _apart(left: dict[str, Any] | None, right: dict[str, Any] | None) -> str:
    if left is None or right is None:
        return "one transcript is shorter"
    parts = [f"{k}: {v!r} / {right[k]!r}" for k, v in left.items() if v != right[k]]
    return "; ".join(parts)[:400]


def main() -> int:
    """Print the table; return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("--requests", type=int, default=50_000, help="in all, for each target")
    parser.add_argument("--seeds", type=int, default=20, help="so many seeds share the requests")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    for name, value in (("--http", True), ("--no-http", False)):
        parser.add_argument(name, dest="http", action="store_const", const=value, default=True)
    options = parser.parse_args()
    targets = (REFERENCE, HTTP) if options.http else (REFERENCE,)
    each = math.ceil(options.requests / options.seeds * SPARE)
    begun = time.perf_counter()
    seeds: list[Seed] = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, mp_context=spawn) as pool:
        wanted = range(options.first_seed, options.first_seed + options.seeds)
        for done in pool.map(soak_seed, wanted, *zip(*((each, targets) for _ in wanted))):  # noqa: B905
            seeds.append(done)
            say(f"seed {done.seed}: {sum(len(s.findings) for s in done.sides)} findings")
    seconds = time.perf_counter() - begun
    rows = [
        _row(target, [s for one in seeds for s in one.sides if s.target == target])
        for target in targets
    ]
    compared, apart = sum(s.compared for s in seeds), sum(s.differences for s in seeds)
    text = table(
        (
            "target",
            "seeds",
            "requests",
            "sequences",
            "findings",
            "unjudged",
            "unanswered",
            "requests/s",
            "clauses met",
        ),
        [tuple(row.values()) for row in rows],
    )
    if options.http:
        text += f"\n\n{apart:,} of {compared:,} exchanges differ between the two"
    for one in seeds:
        notes = [*one.problems, *(f for side in one.sides for f in side.findings)]
        notes += [one.first_difference] if one.first_difference else []
        text += "".join(f"\nseed {one.seed}: {note}" for note in notes)
    text += f"\n{seconds:,.0f} s in all, {options.processes} processes"
    found = {
        "seeds": [asdict(s) for s in seeds],
        "targets": rows,
        "compared": compared,
        "differences": apart,
        "seconds": seconds,
    }
    show(found, text, as_json=options.json)
    wrong = apart or any(row["findings"] or row["unanswered"] for row in rows)
    return 1 if wrong or any(s.problems for s in seeds) else 0


def _row(target: str, sides: list[Side]) -> dict[str, Any]:
    requests = sum(s.requests for s in sides)
    return {
        "target": target,
        "seeds": len(sides),
        "requests": requests,
        "sequences": sum(s.sequences for s in sides),
        "findings": sum(len(s.findings) for s in sides),
        "unjudged": sum(s.unjudged for s in sides),
        "unanswered": sum(s.unanswered for s in sides),
        "requests_per_second": requests / sum(s.seconds for s in sides),
        "clauses": len({c for s in sides for c in s.clauses}),
    }


if __name__ == "__main__":
    sys.exit(main())
