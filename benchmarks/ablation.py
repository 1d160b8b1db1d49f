"""Would the suite notice? After how many requests it does, for each clause that is left out.

    python benchmarks/ablation.py [--limit 3000] [--seeds 2] [--clause ID] [--json]

For each clause in turn the reference answers as though nobody had heard of it, and the suite runs
until it meets its first finding. The number is that of the requests sent until then, probing
included. Each is tried as a run over TLS, and where that stays silent as one over plain HTTP,
where SSE-C is to be refused: ``limit`` holds for each of the two, and the number is that of the
one which noticed. ``missed`` says for how many seeds neither did. Seeds are whole runs apart.

The exit status is 1 where a clause is missed with any seed.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

from measuring import parser_for, say, show, table

from conformance.ablation import notice
from model.clause import every_clause


def main() -> int:
    """Print the table; return the exit status."""
    parser = parser_for(__doc__)
    parser.add_argument("--limit", type=int, default=3000, help="requests until a clause is missed")
    parser.add_argument("--seeds", type=int, default=2, help="how many seeds")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--clause", action="append", help="this clause alone; may be repeated")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    clauses = options.clause or [clause.id for clause in every_clause()]
    unknown = set(clauses) - {clause.id for clause in every_clause()}
    if unknown:
        parser.error(f"there is no clause {', '.join(sorted(unknown))}: see s3sse clauses")
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    begun = time.perf_counter()
    needs: dict[str, dict[int, int | None]] = {clause: {} for clause in clauses}
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.processes, mp_context=spawn) as pool:
        tasks = {
            pool.submit(notice, clause, limit=options.limit, seed=seed): (clause, seed)
            for seed in seeds
            for clause in clauses
        }
        for done, task in enumerate(as_completed(tasks), 1):
            clause, seed = tasks[task]
            needs[clause][seed] = task.result()
            if done % 50 == 0:
                say(f"{done} of {len(tasks)}")
    rows = sorted(
        (_row(c, [needs[c][s] for s in seeds], options.limit) for c in clauses), key=_worst
    )
    found = _summary(rows, needs, seconds=time.perf_counter() - begun)
    text = table(
        ("clause left out", "median", "most", "missed", *(f"seed {s}" for s in seeds)),
        [(r["clause"], r["median"], r["most"], r["missed"], *r["needs"]) for r in rows],
    )
    missed = [r["clause"] for r in rows if r["missed"]]
    text += (
        f"\n\n{len(clauses)} clauses, {len(seeds)} seeds, limit {options.limit:,}:"
        f" median {found['median']:,.0f}, 90 % within {found['p90']:,.0f},"
        f" most {found['most']:,} requests, {found['misses']} of {found['tries']} missed"
        f" ({found['seconds']:,.0f} s)"
    )
    text += "".join(f"\nmissed: {clause}" for clause in missed)
    show(found, text, as_json=options.json)
    return 1 if missed else 0


def _row(clause: str, needs: list[int | None], limit: int) -> dict[str, Any]:
    """Return one clause's line; a miss counts as the limit."""
    counted = [limit if need is None else need for need in needs]
    return {
        "clause": clause,
        "median": int(statistics.median(counted)),
        "most": max(counted),
        "missed": needs.count(None),
        "needs": needs,
    }


def _worst(row: dict[str, Any]) -> tuple[int, int, int, str]:
    return (-row["missed"], -row["median"], -row["most"], row["clause"])


def _summary(
    rows: list[dict[str, Any]], needs: dict[str, dict[int, int | None]], *, seconds: float
) -> dict[str, Any]:
    tries = [need for of_seeds in needs.values() for need in of_seeds.values()]
    noticed = sorted(need for need in tries if need is not None)
    return {
        "clauses": rows,
        "tries": len(tries),
        "misses": tries.count(None),
        "median": statistics.median(noticed) if noticed else 0,
        "p90": noticed[int(len(noticed) * 0.9)] if noticed else 0,
        "most": max(noticed, default=0),
        "seconds": seconds,
    }


if __name__ == "__main__":
    sys.exit(main())
