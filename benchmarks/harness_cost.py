"""What the suite itself costs, beside the target that it waits for.

    python benchmarks/harness_cost.py [--requests 3000] [--repeats 3] [--only PART] [--json]

Three parts; every ratio is taken within one run on one machine.

moto       A worker's run against moto's server, divided by replaying exactly the same requests
           from its transcript (method, URL, headers, body, in the same order) against a fresh moto
           with a bare http.client: kept alive, connected anew where the server closes, each request
           signed with botocore's SigV4 as any client has to. Target: at most 1.3. Ids of keys are
           put in as this moto gave them; "other" counts the replayed answers with another status
           than before: about 0, or another thing was measured. "explore" is the run with the
           minimising of findings left out, "whole" the run as it is. "unsigned" is the same replay
           with one constant Authorization header for each service instead (moto finds the service
           by it). Wall time is what counts; CPU time (both processes) stands beside it, as it
           suffers less from what else the machine does.
reference  Requests a second of one core (of CPU time) for generating and judging, against the
           reference in the same process: altogether, and without the time within
           ``connection.send``, which is the reference's. Target: at least 1,000, the latter way.
           Without a transcript, and with one, as a run has it.
judge      Microseconds for judging an answer (predicting included) and for predicting alone:
           median and 99th percentile over the exchanges, each the least of several passes, so that
           it tells of the code and not of interruptions. Beside it a fixed pure-Python workload;
           the ratio to that can be compared between machines. Target: below 500 us.

The exit status is 0 whether targets are met or not; the table says which are.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from bare_replay import REGION, Clock, Replayed, Took, recorded, replay
from measuring import parser_for, run_worker, say, show, table

from conformance.ablation import PREFIX, NoJournal, explore_reference, open_session
from conformance.journal import JournalWriter
from conformance.minimise import Minimiser
from conformance.settings import make_settings
from conformance.verdict import SETUP
from conformance.worker import context_of
from model.judge import Belief, judge
from model.predict import predict
from targets.moto import moto_server
from targets.registry import find_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.session import Session
    from model.answer import Answer
    from model.exchange import Exchange
    from model.messages import HttpRequest, HttpResponse
    from model.operation import Operation
    from model.world import World
    from targets.target import Connection, Endpoint

PARTS = ("moto", "reference", "judge")
SEED = 1
MOST_RATIO, LEAST_RATE, MOST_US = 1.3, 1000, 500
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "s3sse",
    "AWS_SECRET_ACCESS_KEY": "s3sse-local-only",
    "AWS_EC2_METADATA_DISABLED": "true",
}


# What it costs beside moto.


@dataclass(frozen=True, slots=True)
class Pair:
    """One run against moto, and its requests replayed."""

    requests: int
    suite: Took
    signed: Replayed
    unsigned: Replayed


def beside_moto(requests: int, *, minimising: bool) -> Pair:
    """Run a worker against moto, then replay what it sent, signed and unsigned."""
    with tempfile.TemporaryDirectory(prefix="s3sse-cost-") as name, moto_server() as url:
        options = {"target": "endpoint", "endpoint_url": url, "kms_endpoint_url": url}
        clock = Clock()
        with nullcontext() if minimising else _no_minimising():
            ran = run_worker(
                Path(name),
                seed=SEED,
                requests=requests,
                sse_c_over_http=True,
                region=REGION,
                **options,
            )
        took = clock.read()
        sent = recorded(ran.transcript)
    return Pair(len(sent), took, replay(sent, sign=True), replay(sent, sign=False))


@contextmanager
def _no_minimising() -> Iterator[None]:
    with mock.patch.object(Minimiser, "minimise", return_value=None):
        yield


def moto_part(requests: int, repeats: int) -> dict[str, Any]:
    """Return the ratios of several pairs, with and without minimising."""
    find_targets()  # it imports them all, once in a process
    found: dict[str, Any] = {}
    for name, minimising in (("explore", False), ("whole", True)):
        pairs = []
        for number in range(repeats):
            pairs.append(beside_moto(requests, minimising=minimising))
            say(f"moto, {name}: {number + 1} of {repeats}")
        found[name] = {
            "requests": pairs[0].requests,
            "suite_seconds": [p.suite.wall for p in pairs],
            "signed_seconds": [p.signed.took.wall for p in pairs],
            "unsigned_seconds": [p.unsigned.took.wall for p in pairs],
            "ratio": statistics.median(p.suite.wall / p.signed.took.wall for p in pairs),
            "ratio_of_least": _least(pairs, lambda p: p.suite.wall, lambda p: p.signed.took.wall),
            "ratio_unsigned": statistics.median(p.suite.wall / p.unsigned.took.wall for p in pairs),
            "ratio_cpu": statistics.median(p.suite.cpu / p.signed.took.cpu for p in pairs),
            "own_ms": statistics.median(1000 * p.suite.own / p.requests for p in pairs),
            "own_ms_signed": statistics.median(
                1000 * p.signed.took.own / p.requests for p in pairs
            ),
            "moto_ms": statistics.median(1000 * p.suite.moto / p.requests for p in pairs),
            "moto_ms_signed": statistics.median(
                1000 * p.signed.took.moto / p.requests for p in pairs
            ),
            "other": max(p.signed.other for p in pairs),
            "other_unsigned": max(p.unsigned.other for p in pairs),
            "connected": max(p.signed.connected for p in pairs),
        }
    return found


def _least(
    pairs: list[Pair], one: Callable[[Pair], float], other: Callable[[Pair], float]
) -> float:
    return min(map(one, pairs)) / min(map(other, pairs))


def moto_text(found: dict[str, Any]) -> str:
    """Return the part as a table."""
    text = table(
        ("beside moto", *found),
        [
            ("requests", *(f["requests"] for f in found.values())),
            ("suite, s", *(min(f["suite_seconds"]) for f in found.values())),
            ("replay signed, s", *(min(f["signed_seconds"]) for f in found.values())),
            ("replay unsigned, s", *(min(f["unsigned_seconds"]) for f in found.values())),
            ("ratio to signed, median", *(f["ratio"] for f in found.values())),
            ("ratio of the least times", *(f["ratio_of_least"] for f in found.values())),
            ("ratio to unsigned, median", *(f["ratio_unsigned"] for f in found.values())),
            ("ratio of CPU time, signed", *(f["ratio_cpu"] for f in found.values())),
            ("suite CPU, ms a request", *(f["own_ms"] for f in found.values())),
            ("signed client CPU, ms", *(f["own_ms_signed"] for f in found.values())),
            ("moto CPU under suite, ms", *(f["moto_ms"] for f in found.values())),
            ("moto CPU under replay, ms", *(f["moto_ms_signed"] for f in found.values())),
            ("other answers, signed", *(f["other"] for f in found.values())),
            ("other answers, unsigned", *(f["other_unsigned"] for f in found.values())),
        ],
    )
    met = "met" if found["explore"]["ratio"] <= MOST_RATIO else "MISSED"
    return f"{text}\nratio at most {MOST_RATIO}: {met}"


# What generating and judging cost.


class Timed:
    """A connection that adds up the CPU seconds spent within it."""

    def __init__(self, inner: Connection) -> None:
        self.inner = inner
        self.inside = 0.0

    @property
    def endpoint(self) -> Endpoint:
        """What the connection leads to."""
        return self.inner.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        begun = time.thread_time()
        try:
            return self.inner.send(request)
        finally:
            self.inside += time.thread_time() - begun


@dataclass(frozen=True, slots=True)
class Explored:
    """Exploring the reference: requests, and the CPU seconds for them."""

    requests: int
    cpu: float
    inside: float
    wall: float


def explored(session: Session, seed: int) -> Explored:
    """Explore the reference with this session until its budget is spent."""
    timed = Timed(session.connection)
    session.connection = timed
    wall, cpu = time.perf_counter(), time.thread_time()
    explore_reference(session, seed)
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
    return Explored(session.counts.requests, cpu, timed.inside, wall)


def reference_part(requests: int, repeats: int) -> dict[str, Any]:
    """Return requests a second, the best of several tries."""
    explored(open_session(requests=300), SEED)
    bare = [explored(open_session(requests=requests), SEED) for _ in range(repeats)]
    written = [_with_journal(requests) for _ in range(repeats)]
    found = {}
    for name, tries in (("no transcript", bare), ("transcript", written)):
        best = min(tries, key=lambda one: one.cpu)
        found[name] = {
            "requests": best.requests,
            "total_per_second": best.requests / best.cpu,
            "without_reference_per_second": best.requests / (best.cpu - best.inside),
            "wall_per_second": max(one.requests / one.wall for one in tries),
            "reference_us": 1e6 * best.inside / best.requests,
            "own_us": 1e6 * (best.cpu - best.inside) / best.requests,
        }
    return found


def _with_journal(requests: int) -> Explored:
    session = open_session(requests=requests)
    context = context_of(
        make_settings({"target": "reference"}), session.connection.endpoint, PREFIX
    )
    with (
        tempfile.TemporaryDirectory(prefix="s3sse-cost-") as name,
        JournalWriter(Path(name) / "transcript.jsonl", context) as journal,
    ):
        session.journal = journal
        return explored(session, SEED)


def reference_text(found: dict[str, Any]) -> str:
    """Return the part as a table."""
    names = {
        "total_per_second": "requests/s a core, altogether",
        "without_reference_per_second": "without the reference",
        "wall_per_second": "requests/s on the wall",
        "own_us": "generator and judge, us a request",
        "reference_us": "reference, us a request",
    }
    rows = [(text, *(f[name] for f in found.values())) for name, text in names.items()]
    met = found["no transcript"]["without_reference_per_second"] >= LEAST_RATE
    text = table(("reference in-process", *found), rows)
    return f"{text}\nat least {LEAST_RATE:,} without the reference: {'met' if met else 'MISSED'}"


# What judging costs.


def workload() -> int:
    """Work for about a millisecond as the judge does: small dicts, strings, tuples, calls."""
    counts: dict[str, int] = {}
    for number in range(2500):
        name = f"x-amz-{number % 97}"
        pair = (name.upper(), number)
        counts[name] = counts.get(name, 0) + len(pair[0].partition("-")[2])
    return sum(counts.values())


class Kept(NoJournal):
    """Keeps the exchanges in memory."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def write(self, exchange: Exchange) -> None:
        """Keep the exchange."""
        self.exchanges.append(exchange)


def judged(exchanges: list[Exchange], world: World) -> list[tuple[Belief, Operation, Answer]]:
    """Return what the judge is asked at each exchange."""
    found = []
    base = belief = Belief((world,))
    current = ""
    for exchange in exchanges:
        if exchange.sequence != current:
            if current.endswith(SETUP):
                base = belief
            current, belief = exchange.sequence, base
        request = exchange.operation()
        answer = exchange.answer(request)
        if answer is not None:
            found.append((belief, request, answer))
            belief = judge(belief, request, answer).belief
    return found


def judge_part(requests: int, repeats: int) -> dict[str, Any]:
    """Return the microseconds of judging and predicting, and of the fixed workload."""
    session = open_session(requests=requests)
    world, kept = session.world, Kept()
    session.journal = kept
    explore_reference(session, SEED)
    asked = judged(kept.exchanges, world)
    judging = [float("inf")] * len(asked)
    predicting = list(judging)
    working = []
    for _ in range(repeats):
        for place, (belief, request, answer) in enumerate(asked):
            t0 = time.perf_counter_ns()
            judge(belief, request, answer)
            t1 = time.perf_counter_ns()
            predict(belief.world, request)
            t2 = time.perf_counter_ns()
            judging[place] = min(judging[place], (t1 - t0) / 1000)
            predicting[place] = min(predicting[place], (t2 - t1) / 1000)
            if place % 50 == 0:
                begun = time.perf_counter_ns()
                workload()
                working.append((time.perf_counter_ns() - begun) / 1000)
    fixed = min(working)
    found: dict[str, Any] = {"exchanges": len(asked), "workload_us": fixed}
    for name, times in (("judge", judging), ("predict", predicting)):
        times.sort()
        found[name] = {
            "median_us": statistics.median(times),
            "p99_us": times[int(len(times) * 0.99)],
            "most_us": times[-1],
            "median_to_workload": statistics.median(times) / fixed,
        }
    return found


def judge_text(found: dict[str, Any]) -> str:
    """Return the part as a table."""
    keys = ("median_us", "p99_us", "most_us", "median_to_workload")
    rows = [
        ("predict and judge", *(found["judge"][key] for key in keys)),
        ("predict alone", *(found["predict"][key] for key in keys)),
        ("fixed workload", found["workload_us"], None, None, 1.0),
    ]
    text = table(("us an exchange", "median", "p99", "most", "to workload"), rows)
    met = "met" if found["judge"]["median_us"] < MOST_US else "MISSED"
    return f"{text}\nmedian below {MOST_US} us: {met}"


def main() -> int:
    """Print the tables."""
    parser = parser_for(__doc__)
    parser.add_argument("--requests", type=int, default=3000, help="of each run against moto")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", choices=PARTS, action="append", help="this part alone")
    options = parser.parse_args()
    os.environ.update(_ENVIRONMENT)
    wanted = options.only or PARTS
    found: dict[str, Any] = {}
    texts = []
    if "judge" in wanted:
        found["judge"] = judge_part(options.requests, max(3, options.repeats))
        texts.append(judge_text(found["judge"]))
    if "reference" in wanted:
        found["reference"] = reference_part(options.requests, max(3, options.repeats))
        texts.append(reference_text(found["reference"]))
    if "moto" in wanted:
        found["moto"] = moto_part(options.requests, options.repeats)
        texts.append(moto_text(found["moto"]))
    show(found, "\n\n".join(texts), as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
