"""``s3sse judge``: recorded traffic and observation cases, without a target."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

from conformance.journal import load_transcript
from conformance.settings import UsageError, parse_day
from conformance.verdict import tally
from model.cases import ACCEPTED, NOT_JUDGED, REJECTED, CaseResult, judge_case
from model.era import FIRST_DAY
from model.transcript_context import UnreadableTranscriptError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class EvidenceError(Exception):
    """What is to be judged cannot be read: the file, and where in it, in one line."""


def judge_case_files(files: Iterable[Path]) -> list[CaseResult]:
    """Return a result a case. Raises EvidenceError and UsageError."""
    results: list[CaseResult] = []
    for path in files:
        try:
            read = json.loads(_text(path))
        except ValueError as error:
            raise EvidenceError(f"{path}: is no JSON: {error}") from error
        if not isinstance(read, list) or not all(isinstance(case, dict) for case in read):
            raise EvidenceError(f"{path}: is no list of cases")
        values = _named_values(path)
        results.extend(judge_case(case, values) for case in read)
    return results


def _named_values(path: Path) -> dict[str, str]:
    """Return the named values beside the cases, or those that come with the suite."""
    beside = path.parent / "symbols.json"
    text = ""
    if beside.is_file():
        text = _text(beside)
    else:
        kept = resources.files("model").joinpath("observations", "symbols.json")
        if kept.is_file():
            text = kept.read_text(encoding="utf-8")
    try:
        read = json.loads(text) if text else {}
    except ValueError as error:
        raise EvidenceError(f"{beside}: is no JSON: {error}") from error
    values = read.get("values", read) if isinstance(read, dict) else {}
    return {k: v for k, v in values.items() if isinstance(v, str)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{path}: is no UTF-8 text: {error}") from error


def judge_transcripts(
    files: Iterable[Path], *, as_of: str | None, sse_c_over_http: bool
) -> list[CaseResult]:
    """Return a result a file. Raises EvidenceError and UsageError."""
    day = None if as_of is None else parse_day(as_of)
    results = []
    for path in files:
        try:
            context, exchanges = load_transcript(path)
        except FileNotFoundError as error:
            raise UsageError(f"{path}: there is no such file") from error
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
        except UnreadableTranscriptError as error:
            raise EvidenceError(f"{path}: {error}") from error
        if day is not None:
            context = replace(context, as_of=day)
        if sse_c_over_http:
            context = replace(context, sse_c_over_http=True)
        if context.as_of is not None and context.as_of < FIRST_DAY:
            reason = f"it is as of {context.as_of}; the model begins with {FIRST_DAY}"
            results.append(CaseResult(id=str(path), verdict=NOT_JUDGED, reason=reason))
            continue
        counted = tally((e for e in exchanges if not e.foreign), context.world())
        results.append(_result(str(path), counted))
    return results


def _result(name: str, counted: Any) -> CaseResult:
    if counted.places:
        place = next(iter(counted.places.values()))
        others = len(counted.places) - 1
        more = f" (and {others} other findings)" if others else ""
        return CaseResult(
            id=name,
            verdict=REJECTED,
            step=place.index,
            clauses=tuple(dict.fromkeys(p.finding.clause for p in counted.places.values())),
            expected=place.expected,
            observed=f"{place.finding.field}: {place.finding.observed}",
            reason=place.finding.title + more,
        )
    if not counted.judged:
        why = "; ".join(counted.not_judged) or "it holds no exchange"
        return CaseResult(id=name, verdict=NOT_JUDGED, reason=why)
    beside = sum(counted.not_judged.values())
    reason = f"{beside} of {counted.requests} exchanges were not judged" if beside else ""
    return CaseResult(id=name, verdict=ACCEPTED, reason=reason)


def to_json(results: Sequence[CaseResult]) -> dict[str, Any]:
    """Return the object that ``s3sse judge --json`` prints."""
    verdicts = [r.verdict for r in results]
    return {
        "judged": len(results) - verdicts.count(NOT_JUDGED),
        "accepted": verdicts.count(ACCEPTED),
        "rejected": verdicts.count(REJECTED),
        "not_judged": verdicts.count(NOT_JUDGED),
        "results": [
            {
                "id": r.id,
                "verdict": r.verdict,
                "step": r.step,
                "clauses": list(r.clauses),
                "expected": list(r.expected),
                "observed": r.observed,
                "reason": r.reason,
            }
            for r in results
        ],
    }
