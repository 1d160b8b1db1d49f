"""From what the workers left to the run record: the transcript is judged again, from its start."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.journal import merge, stream_transcript, write_har
from conformance.parsimony import Group, open_and_waived
from conformance.parts import TRANSCRIPT, Found, Part, read_part
from conformance.probe import Support
from conformance.profiles import is_wanted
from conformance.settings import MODEL_VERSION, SUITE_VERSION
from conformance.unconfirmed import unconfirmed
from conformance.verdict import Tally, tally
from conformance.worker import prefix_of
from model.clause import Basis, Capability, Clause, every_clause, find_clause
from model.era import era_of
from model.findings import Severity
from model.transcript_context import UnreadableTranscriptError
from reports.record import RunRecord, StepRecord
from reports.reproduce import reproduction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conformance.settings import RunSettings
    from conformance.waivers import Waivers
    from model.findings import Symptom

SEVERITIES = tuple(one.value for one in Severity)


def make_record(
    folder: Path,
    settings: RunSettings,
    *,
    seed: int,
    started: datetime,
    waivers: Waivers,
    broken: str = "",
) -> RunRecord:
    """Merge the workers' parts of a result folder, judge the whole, and return the record.

    ``broken`` says why the run broke off, where it did. The transcript is left in the folder, as
    JSON Lines and as HAR; the parts are removed.
    """
    parts = [read_part(path) for path in sorted(folder.glob("part-*.json"))]
    pieces = sorted(folder.glob("part-*.jsonl"))
    done = {part.worker for part in parts}
    names = [piece.stem.removeprefix("part-") for piece in pieces]
    parts += [_unfinished(name, seed) for name in names if name not in done]
    counted = Tally()
    declared = settings.sse_c_over_http
    transcript = folder / TRANSCRIPT
    if pieces:
        merge(pieces, transcript)
        try:
            context, exchanges = stream_transcript(transcript)
            world = context.world()
            declared = declared or context.sse_c_over_http
            counted = tally(exchanges, world, _lacking(parts))
            parts[0].endpoint = parts[0].endpoint or context.endpoint
            parts[0].found += unconfirmed(transcript, counted, parts)
            write_har(transcript, folder / "transcript.har")
        except UnreadableTranscriptError as error:
            broken = broken or f"the transcript cannot be read again: {error}"
    for path in (*folder.glob("part-*"), *folder.glob("progress-*")):
        path.unlink()
    found = [one for one in _merged(parts, counted) if is_wanted(one.clause, settings.profiles)]
    return RunRecord.model_validate(
        _record(
            settings,
            parts,
            counted,
            found,
            waivers,
            seed=seed,
            started=started,
            broken=broken,
            sse_c_over_http=declared,
        )
    )


def _unfinished(worker: str, seed: int) -> Part:
    """Return what is known of a worker that left no part: its buckets may be there still."""
    prefix = prefix_of(seed, int(worker.removeprefix("w")))
    return Part(
        worker=worker,
        lost="a worker ended before it was done",
        leftovers=[f"buckets {prefix}* (a worker ended before it removed them: see s3sse clean)"],
    )


def _merged(parts: Iterable[Part], counted: Tally) -> Iterable[Found]:
    """Yield each divergence once, the best-confirmed form of it, with all its occurrences."""
    by_id: dict[str, Found] = {}
    for part in parts:
        for one in part.found:
            known = by_id.get(one.id)
            if known is None:
                by_id[one.id] = one
                continue
            known.aliases = sorted({*known.aliases, *one.aliases})
            if (one.reproduced, -len(one.steps)) > (known.reproduced, -len(known.steps)):
                one.aliases = known.aliases
                by_id[one.id] = one
    for one in by_id.values():
        yield _with_symptoms(one, counted)


def _with_symptoms(one: Found, counted: Tally) -> Found:
    """Add in which ways a divergence showed, how often, and which clauses it was held against."""
    met: dict[Symptom, int] = {}
    for signature in dict.fromkeys((one.id, *one.aliases)):
        for symptom, count in counted.symptoms.get(signature, {}).items():
            met[symptom] = met.get(symptom, 0) + count
        if signature in counted.places:
            one.broken.append(counted.places[signature].finding.clause)
    one.broken = list(dict.fromkeys((one.clause, *one.broken)))
    one.occurrences = max(1, sum(met.values()))
    one.symptoms = [
        {"operation": s.operation, "field": s.field, "kind": s.kind.value, "occurrences": count}
        for s, count in sorted(met.items(), key=lambda item: (-item[1], item[0]))
    ] or [{"operation": one.operation, "field": one.field, "kind": one.kind, "occurrences": 1}]
    return one


def _record(
    settings: RunSettings,
    parts: list[Part],
    counted: Tally,
    found: list[Found],
    waivers: Waivers,
    *,
    seed: int,
    started: datetime,
    broken: str,
    sse_c_over_http: bool,
) -> dict[str, Any]:
    finished = datetime.now(UTC)
    capabilities = _capabilities(parts)
    groups = open_and_waived(found, counted, waivers)
    told = [(group.broken, _divergence(group)) for group in sorted(groups, key=_order)]
    divergences = [divergence for _, divergence in told]
    open_ones = [d for d in divergences if d["waived"] is None]
    beyond = _beyond_tls(parts, sse_c_over_http=sse_c_over_http)
    clauses = [
        _clause(c, counted, capabilities, told, profiles=settings.profiles, beyond=beyond)
        for c in every_clause()
        if c.scope.holds_on(settings.as_of)
    ]
    reason = broken or _invalid(parts, counted, clauses, settings.profiles)
    verdict = "invalid" if reason else "diverges" if open_ones else "conforms"
    statuses = [c["status"] for c in clauses]
    return {
        "schema_version": 1,
        "suite_version": SUITE_VERSION,
        "model_version": MODEL_VERSION,
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seed": seed,
        "target": {
            "name": settings.target,
            "kind": parts[0].kind if parts else settings.target,
            "endpoint": parts[0].endpoint if parts else settings.endpoint_url or "",
            "server": parts[0].server if parts else "",
            "as_of": settings.as_of.isoformat(),
            "era": era.text if (era := era_of(settings.as_of)) else "",
            "capabilities": capabilities,
        },
        "summary": {
            "verdict": verdict,
            "reason": reason,
            "requests": counted.requests,
            "sequences": counted.sequences,
            "seconds": round((finished - started).total_seconds(), 3),
            "divergences": len(divergences),
            "waived": len(divergences) - len(open_ones),
            "severities": {
                name: sum(d["severity"] == name for d in open_ones) for name in SEVERITIES
            },
            "clauses": {
                "total": len(clauses),
                "exercised": sum(c["exercised"] > 0 for c in clauses),
                "passed": statuses.count("passed"),
                "failed": statuses.count("failed"),
                "unsupported": statuses.count("unsupported"),
                "not_exercised": statuses.count("not-exercised"),
                "waived": statuses.count("waived"),
            },
        },
        "options": _options(settings),
        "clauses": clauses,
        "divergences": divergences,
        "phases": [
            {
                "name": name or "unnamed",
                "requests": phase.requests,
                "sequences": phase.sequences,
                "seconds": round(phase.seconds, 3),
                "findings": phase.findings,
                "stages": _stages(parts, name),
            }
            for name, phase in counted.phases.items()
        ],
        "not_run": _not_run(capabilities, counted),
        "leftovers": [text for part in parts for text in part.leftovers],
        "notes": list(dict.fromkeys(text for part in parts for text in part.notes))
        + _declared(parts, sse_c_over_http=sse_c_over_http),
    }


def _stages(parts: list[Part], phase: str) -> list[dict[str, Any]]:
    """Return how far each stage of a phase came, all workers together."""
    stages: dict[str, dict[str, Any]] = {}
    for one in (one for part in parts for one in part.reached if one["phase"] == phase):
        stage = stages.setdefault(one["stage"], {"name": one["stage"], "done": 0, "planned": 0})
        stage["done"] += one["done"]
        known = one["planned"] is not None and stage["planned"] is not None
        stage["planned"] = stage["planned"] + one["planned"] if known else None
    return list(stages.values())


def _order(group: Group) -> tuple[int, str, str]:
    return (SEVERITIES.index(group.severity), group.first.clause, group.first.operation)


def _capabilities(parts: list[Part]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for part in parts:
        for name, probed in part.capabilities.items():
            merged.setdefault(name, probed)
    return merged


def _lacking(parts: list[Part]) -> frozenset[Capability]:
    """Return the capabilities that the target turned out not to have."""
    found = _capabilities(parts).items()
    return frozenset(Capability(name) for name, p in found if p["status"] == Support.UNSUPPORTED)


def _invalid(
    parts: list[Part],
    counted: Tally,
    clauses: list[dict[str, Any]],
    profiles: tuple[str, ...],
) -> str:
    """Return why nothing can be concluded from the run, empty where something can."""
    for part in parts:
        if part.lost:
            return f"the target was lost: {part.lost}"
        if part.interrupted:
            return "the run was interrupted"
    if counted.unanswered:
        return f"{counted.unanswered} of {counted.requests} requests got no answer"
    if not parts or not counted.judged:
        return "nothing was judged"
    wanted = [c for c in clauses if not profiles or c["profile"] in profiles]
    if not any(c["exercised"] for c in wanted):
        return "no clause was exercised"
    return ""


def _beyond_tls(parts: list[Part], *, sse_c_over_http: bool) -> str:
    """Return why what AWS does without TLS cannot be seen in this run, empty where it can."""
    if all(urlsplit(part.endpoint).scheme == "https" for part in parts):
        return "the endpoint is reached over TLS alone"
    return "SSE-C over plain HTTP is declared as allowed" if sse_c_over_http else ""


def _declared(parts: list[Part], *, sse_c_over_http: bool) -> list[str]:
    plain = any(urlsplit(part.endpoint).scheme == "http" for part in parts)
    if plain and sse_c_over_http:
        return ["SSE-C over plain HTTP is declared as allowed, for testing; AWS refuses it"]
    return []


def _options(settings: RunSettings) -> dict[str, Any]:
    shown = settings.model_dump(mode="json", exclude_none=True)
    return {k: v for k, v in shown.items() if v not in ([], False)}


def _not_run(capabilities: dict[str, dict[str, str]], counted: Tally) -> list[dict[str, str]]:
    missing = [
        {"what": f"clauses that need {name}", "why": probed["detail"]}
        for name, probed in capabilities.items()
        if probed["status"] == "unsupported"
    ]
    return missing + [
        {"what": f"{count} exchanges were not judged", "why": why}
        for why, count in counted.not_judged.items()
    ]


def _clause(
    clause: Clause,
    counted: Tally,
    capabilities: dict[str, dict[str, str]],
    divergences: list[tuple[list[str], dict[str, Any]]],
    *,
    profiles: tuple[str, ...],
    beyond: str,
) -> dict[str, Any]:
    exercised = counted.fired.get(clause.id, 0)
    broken = [d for clauses, d in divergences if clause.id in clauses]
    need = capabilities.get(clause.needs or "", {})
    reason = ""
    if broken:
        status = "failed" if any(d["waived"] is None for d in broken) else "waived"
        exercised = max(exercised, 1)
    elif profiles and clause.profile not in profiles:
        # Its findings were left aside, so that none was seen says nothing.
        status, exercised = "not-exercised", 0
        reason = f"profile {clause.profile} was not asked for"
    elif clause.scope.without_tls and exercised:
        status = "passed"  # that SSE-C is refused there is what it asks for
    elif need.get("status") == "unsupported":
        status, reason = "unsupported", need["detail"]
    elif clause.scope.without_tls and beyond:
        status, reason = "unsupported", beyond
    elif not exercised:
        status = "not-exercised"
        reason = "no request of this run came to it"
    else:
        status = "passed"
    return {
        "id": clause.id,
        "title": clause.title,
        "level": clause.basis.value,
        "profile": clause.profile,
        "rules": list(clause.rules),
        "source": {
            "page": clause.source.page,
            "section": clause.source.section,
            "url": clause.source.url,
            "read": clause.source.read.isoformat(),
        },
        "status": status,
        "exercised": exercised,
        "reason": reason,
    }


def _divergence(group: Group) -> dict[str, Any]:
    return {
        **_finding(group.first, group.waived),
        "severity": group.severity,
        "why": group.why,
        "also": [_finding(one, group.waived) for one in group.others],
    }


def _finding(one: Found, waived: dict[str, str] | None) -> dict[str, Any]:
    steps = [
        StepRecord.model_validate(
            {
                "index": index,
                "operation": step.operation,
                "params": step.params,
                "request": _request(step.request),
                "response": None if step.response is None else _response(step.response),
                "expected": step.expected,
                "observed": step.observed,
                "diverges": step.diverges and index == len(one.steps) - 1,
            }
        )
        for index, step in enumerate(one.steps)
    ]
    documented = find_clause(one.clause).basis is Basis.DOCUMENTED
    endpoint = _endpoint(one)
    return {
        "id": one.id,
        "clause": one.clause,
        "clauses": one.clauses,
        "severity": one.severity,
        "verdict": "violates" if documented else "deviates",
        "operation": one.operation,
        "title": one.title,
        "expected": one.expected,
        "observed": one.observed,
        "differences": one.differences,
        "confirmed": {"tries": one.tries, "reproduced": one.reproduced},
        "waived": waived,
        "symptoms": one.symptoms,
        "occurrences": one.occurrences,
        "steps": [step.model_dump() for step in steps],
        "reproduce": reproduction(steps, endpoint=endpoint, title=one.title).model_dump(),
    }


def _endpoint(one: Found) -> str:
    url = urlsplit(one.steps[0].request.get("url", ""))
    return f"{url.scheme}://{url.netloc}"


def _request(entry: dict[str, Any]) -> dict[str, Any]:
    sent = entry.get("postData") or {}
    text = sent.get("text", "")
    coded = sent.get("encoding") == "base64"
    length = len(text) * 3 // 4 - text[-2:].count("=") if coded else len(text.encode())
    return {
        "method": entry["method"],
        "url": entry["url"],
        "headers": entry["headers"],
        "body": None if coded or not text else text,
        "body_base64": text if coded else None,
        "body_length": length,
    }


def _response(entry: dict[str, Any]) -> dict[str, Any]:
    content = entry.get("content") or {}
    return {
        "status": entry["status"],
        "headers": entry["headers"],
        "body": content.get("text", ""),
    }
