"""How much does the suite find? Each fault of the fault bank is planted in the reference in turn.

    python benchmarks/power.py [--seeds 5] [--budget 60s] [--http] [--fault ID] [--topic NAME]
                               [--whole 4000] [--leave-out PHASE] [--json]

For each fault and seed a run like that of ``s3sse run`` meets a server with the fault, until it
has confirmed a first finding (killed) or its budget is spent (missed). ``met`` is after how many
requests it met that finding, probing included, ``confirmed`` when it had shown it three times
more. With ``--whole N`` each fault gets one run of N requests as well, which is not stopped: that
tells how many findings one defect makes, and how long their sequences are. Last, the same without
a fault: every finding is a false alarm there.

``--leave-out corpus`` tells what is found without the scenarios that are committed. ``--http``
puts the server behind loopback HTTP, in a process of its own.

The exit status is 1 where a fault was missed, or a right server was blamed.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measuring import WORKER, parser_for, say, show, table

from conformance.finalise import make_record
from conformance.phase import every_phase
from conformance.settings import make_settings, parse_time
from conformance.waivers import Waivers
from conformance.worker import Share, run_share
from targets.faulty.fault import every_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run against one fault came to; requests and seconds are those until then."""

    fault: str
    seed: int
    met: int | None
    confirmed: int | None
    seconds: float | None
    phase: str
    findings: tuple[str, ...]
    steps: tuple[int, ...]
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the runs are to be like."""

    http: bool
    leave_out: tuple[str, ...]
    budget: float | None
    requests: int | None
    stop: bool


def run(fault: str, seed: int, plan: Plan) -> Run:
    """Run the suite against a server with the fault; an empty one is none."""
    name = ("faulty" if fault else "reference") + ("-http" if plan.http else "")
    phases = tuple(one.name for one in every_phase() if one.name not in plan.leave_out)
    options: dict[str, Any] = {
        "phase": phases,
        "target": f"{name}:{fault}" if fault else name,
        "seed": seed,
        "requests": plan.requests,
        "stop_after": 1 if plan.stop else None,
        "sse_c_over_http": True,
    }
    settings = make_settings(options)
    with tempfile.TemporaryDirectory() as folder:
        part = run_share(
            Share(
                worker=WORKER,
                index=0,
                count=1,
                seed=seed,
                settings=settings,
                folder=Path(folder),
                requests=plan.requests,
                seconds=plan.budget,
            )
        )
        if part.lost:
            who = fault or "no fault"
            raise RuntimeError(f"{who}, seed {seed}: the target was lost: {part.lost}")
        record = make_record(
            Path(folder), settings, seed=seed, started=datetime.now(UTC), waivers=Waivers()
        )
    found = record.divergences
    confirmed = [one for one in found if one.confirmed.reproduced == one.confirmed.tries]
    return Run(
        fault=fault,
        seed=seed,
        met=part.first_met[0] if part.first_met else None,
        confirmed=part.first_confirmed[0] if part.first_confirmed else None,
        seconds=part.first_confirmed[1] if part.first_confirmed else None,
        phase=part.first_phase,
        findings=tuple(sorted(f"{one.clause} [{one.id}]" for one in found)),
        steps=tuple(len(one.steps) for one in confirmed),
        requests=part.requests,
    )


def main() -> int:
    """Print the tables; return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--budget", type=parse_time, default=60.0, help="time of a run")
    parser.add_argument("--requests", type=int, help="requests of a run, in place of its time")
    parser.add_argument("--whole", type=int, default=0, help="requests of a run to its end")
    parser.add_argument("--http", action="store_true", help="over loopback HTTP")
    parser.add_argument("--fault", action="append", help="this fault alone; may be repeated")
    parser.add_argument("--topic", action="append", help="the faults of that file; may be repeated")
    parser.add_argument("--leave-out", action="append", default=[], metavar="PHASE")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    unknown = set(options.fault or ()) - set(every_fault())
    if unknown:
        parser.error(f"there is no fault {', '.join(sorted(unknown))}: s3sse targets --faults")
    phases = {one.name for one in every_phase()}
    if not set(options.leave_out) < phases:
        parser.error(f"--leave-out: the phases are {', '.join(sorted(phases))}")
    faults = options.fault or [
        fault
        for fault in every_fault()
        if not options.topic or fault.partition("/")[0] in options.topic
    ]
    plan = Plan(
        http=options.http,
        leave_out=tuple(options.leave_out),
        budget=None if options.requests else options.budget,
        requests=options.requests,
        stop=True,
    )
    whole = Plan(
        http=False,
        leave_out=plan.leave_out,
        budget=None,
        requests=options.whole,
        stop=False,
    )
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    tasks = [(fault, seed, plan) for seed in seeds for fault in faults]
    if options.whole:
        tasks += [(fault, options.first_seed, whole) for fault in ["", *faults]]
    begun = time.perf_counter()
    runs = _all(tasks, options.processes)
    stopped = [one for one, (_, _, asked) in zip(runs, tasks, strict=True) if asked.stop]
    complete = [one for one, (_, _, asked) in zip(runs, tasks, strict=True) if not asked.stop]
    found = summary(stopped, complete, seconds=time.perf_counter() - begun)
    show(found, _text(found), as_json=options.json)
    return 1 if found["missed"] or found["false_alarms"] else 0


def _all(tasks: list[tuple[str, int, Plan]], processes: int) -> list[Run]:
    """Do all runs, some at a time, and return them in the order of the tasks."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        waiting = {pool.submit(run, *task): number for number, task in enumerate(tasks)}
        done: dict[int, Run] = {}
        for count, task in enumerate(as_completed(waiting), 1):
            one = done[waiting[task]] = task.result()
            if tasks[waiting[task]][2].stop and one.confirmed is None:
                say(f"missed: {one.fault}, seed {one.seed}, {one.requests:,} requests")
            if count % 25 == 0:
                say(f"{count} of {len(tasks)}")
    return [done[number] for number in range(len(tasks))]


def summary(stopped: list[Run], whole: list[Run], *, seconds: float) -> dict[str, Any]:
    """Return the numbers of all runs; ``whole`` are those that were not stopped."""
    faulty = [one for one in whole if one.fault]
    per_fault = [len(one.findings) for one in faulty]
    shortest = [min(one.steps) for one in faulty if one.steps]
    every = [count for one in faulty for count in one.steps]
    missed = sorted({(r.fault, r.seed) for r in stopped if r.confirmed is None})
    return {
        "faults": len({r.fault for r in stopped}),
        "runs": len(stopped),
        "killed": sum(r.confirmed is not None for r in stopped),
        "missed": [{"fault": fault, "seed": seed} for fault, seed in missed],
        "only_met": sum(r.confirmed is None and r.met is not None for r in stopped),
        "met": _spread([r.met for r in stopped]),
        "confirmed": _spread([r.confirmed for r in stopped]),
        "seconds_to_confirmed": _spread([r.seconds for r in stopped]),
        "phases": _phases(stopped),
        "categories": _categories(stopped),
        "whole_runs": len(faulty),
        "findings_per_fault": _spread(per_fault),
        "more_than_three": {r.fault: r.findings for r in faulty if len(r.findings) > 3},  # noqa: PLR2004
        "shortest_sequence": _spread(shortest),
        "sequences": _spread(every),
        "false_alarms": [f for r in whole if not r.fault for f in r.findings],
        "faultless_requests": sum(r.requests for r in whole if not r.fault),
        "seconds": seconds,
        "all": [asdict(r) for r in (*stopped, *whole)],
    }


def _spread(values: list[Any]) -> dict[str, float]:
    counted = sorted(value for value in values if value is not None)
    if not counted:
        return {}
    return {
        "median": statistics.median(counted),
        "p95": counted[min(len(counted) - 1, int(len(counted) * 0.95))],
        "most": counted[-1],
    }


def _phases(runs: list[Run]) -> dict[str, int]:
    phases: dict[str, int] = {}
    for one in runs:
        if one.met is not None:
            phases[one.phase] = phases.get(one.phase, 0) + 1
    return phases


def _categories(runs: list[Run]) -> dict[str, dict[str, Any]]:
    faults = every_fault()
    rows: dict[str, dict[str, Any]] = {}
    for category in sorted({fault.category for fault in faults.values()}):
        own = [r for r in runs if faults[r.fault].category == category]
        if own:
            rows[category] = {
                "faults": len({r.fault for r in own}),
                "runs": len(own),
                "killed": sum(r.confirmed is not None for r in own),
                "met": _spread([r.met for r in own]),
                "confirmed": _spread([r.confirmed for r in own]),
            }
    return rows


def _text(found: dict[str, Any]) -> str:
    rows = [
        (
            name,
            row["faults"],
            row["runs"],
            f"{100 * row['killed'] / row['runs']:.1f} %",
            row["met"].get("median"),
            row["met"].get("p95"),
            row["confirmed"].get("median"),
            row["confirmed"].get("p95"),
        )
        for name, row in found["categories"].items()
    ]
    head = ("category", "faults", "runs", "killed", "met", "p95", "confirmed", "p95")
    lines = [table(head, rows), ""]
    lines.append(
        f"{found['killed']:,} of {found['runs']:,} runs killed their fault"
        f" ({found['faults']} faults, {found['seconds']:,.0f} s)"
    )
    told = ("met", "confirmed", "seconds_to_confirmed")
    lines += [f"{name.replace('_', ' ')}: {_say(found[name])}" for name in told]
    lines.append(f"first met by phase: {found['phases']}")
    if found["whole_runs"]:
        lines.append(f"findings per fault: {_say(found['findings_per_fault'])}")
        lines.append(f"shortest sequence of a fault: {_say(found['shortest_sequence'])}")
        lines.append(f"all sequences: {_say(found['sequences'])}")
        lines.append(
            f"false alarms: {len(found['false_alarms'])}"
            f" in {found['faultless_requests']:,} requests"
        )
        lines += [
            f"more than three: {f}: {', '.join(x)}" for f, x in found["more_than_three"].items()
        ]
    lines += [f"missed: {one['fault']} with seed {one['seed']}" for one in found["missed"]]
    return "\n".join(lines)


def _say(spread: dict[str, float]) -> str:
    if not spread:
        return "-"
    return ", ".join(f"{name} {value:,.1f}" for name, value in spread.items())


if __name__ == "__main__":
    sys.exit(main())
