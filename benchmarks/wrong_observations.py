"""How many wrong observations the model rejects, and what lets the others pass.

    python benchmarks/wrong_observations.py [FILE...]

Each right observation is changed in one stated part of one step (``model.case_mutations``). What
is accepted all the same is listed with the open question that allows it; what no open question
allows is a gap in the model. Exits 1 where less than 97 % are rejected.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from model.case_mutations import NOT_TOLD, Mutation, Part, mutations, permitted_by
from model.case_symbols import NAMED_VALUES
from model.cases import ACCEPTED, NOT_JUDGED, REJECTED, judge_case, judged_steps
from model.clause import find_clause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.parameter_values import Json

OBSERVATIONS = Path(__file__).parent.parent / "model" / "observations"
FILES = ("recorded.json", "verified.json", "quoted.json", "wire.json")
LEAST = 0.97
GAP = "(no clause speaks of it)"


def right_cases(files: Iterable[Path]) -> list[dict[str, Json]]:
    """Return the observations that the model judges, and accepts."""
    cases = [case for file in files for case in json.loads(file.read_text(encoding="utf-8"))]
    return [case for case in cases if judge_case(case, NAMED_VALUES).verdict == ACCEPTED]


def reasons_for(mutation: Mutation) -> tuple[str, ...]:
    """Return what lets a wrong observation pass: open questions, or a gap."""
    steps = list(judged_steps(mutation.case, NAMED_VALUES))
    return permitted_by(steps[mutation.step]) or (GAP,)


def describe(reason: str) -> str:
    """Return the reason with the rules that it stands for."""
    if reason in {GAP, NOT_TOLD}:
        return reason
    return f"{reason} ({', '.join(find_clause(reason).rules)})"


def main(arguments: list[str]) -> int:
    """Print the table and the survivors; return the exit status."""
    files = [Path(a) for a in arguments] or [OBSERVATIONS / name for name in FILES]
    counts: Counter[tuple[Part, str]] = Counter()
    survivors: defaultdict[str, list[str]] = defaultdict(list)
    cases = right_cases(files)
    for case in cases:
        for mutation in mutations(case):
            verdict = judge_case(mutation.case, NAMED_VALUES).verdict
            counts[mutation.part, verdict] += 1
            if verdict == ACCEPTED:
                reason = " + ".join(describe(r) for r in reasons_for(mutation))
                survivors[reason].append(mutation.name)
    print(f"{len(cases)} right observations")
    print(f"{'changed part':18}{'wrong':>8}{'rejected':>10}{'accepted':>10}{'not judged':>12}")
    for part in Part:
        row = [counts[part, verdict] for verdict in (REJECTED, ACCEPTED, NOT_JUDGED)]
        print(f"{part.value:18}{sum(row):8}{row[0]:10}{row[1]:10}{row[2]:12}")
    total = counts.total()
    rejected = sum(n for (_, verdict), n in counts.items() if verdict == REJECTED)
    rate = rejected / total if total else 0.0
    print(f"{'all':18}{total:8}{rejected:10}   {rate:.2%} rejected")
    for reason, names in sorted(survivors.items(), key=lambda item: -len(item[1])):
        print(f"\n{len(names)} accepted: {reason}")
        for name in names:
            print(f"  {name}")
    return 0 if rate >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
