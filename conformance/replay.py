"""``s3sse replay``: the minimal sequence of a finding, sent to a target again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from conformance.journal import JournalWriter
from conformance.probe import Prober
from conformance.scenario import Scenario, play
from conformance.session import Budget, Session, TargetLostError
from conformance.settings import UsageError, make_settings
from conformance.verdict import SETUP
from conformance.worker import context_of, pool_keys, prefix_of
from model import wire
from model.messages import HttpResponse
from model.parameters import ParameterError, from_parameters
from reports.record import load
from targets.clean import find_leftovers, remove_bucket
from targets.registry import make_target

if TYPE_CHECKING:
    from rich.console import Console

    from conformance.session import Step
    from model.answer import Answer
    from model.operation import Operation
    from reports.record import FindingRecord, RunRecord, StepRecord

REPLAY_SEED = 4_000_000_000
"""A seed that no run has: a replay's buckets have names of their own."""

CONFORMS, DIVERGES, INVALID = 0, 1, 3


def replay_folder(
    folder: Path,
    finding: str | None,
    console: Console,
    *,
    target: str | None = None,
    endpoint_url: str | None = None,
    kms_endpoint_url: str | None = None,
) -> int:
    """Replay one divergence of a result folder, or all, and return the exit status.

    Raises UsageError, ReportError (the folder cannot be read) and TargetError.
    """
    record = load(folder)
    wanted = [one for one in record.findings if finding in (None, one.id)]
    if finding is not None and not wanted:
        known = ", ".join(d.id for d in record.divergences[:8]) or "none"
        raise UsageError(f"{finding}: there is no such divergence in {folder}: it has {known}")
    settings = make_settings(_options(record, target, endpoint_url, kms_endpoint_url))
    made = make_target(settings.target, settings.target_options())
    shown = 0
    with tempfile.TemporaryDirectory() as scratch, made.connect() as connection:
        prefix = prefix_of(REPLAY_SEED, 0)
        context = context_of(settings, connection.endpoint, prefix)
        with JournalWriter(Path(scratch) / "replay.jsonl", context) as journal:
            session = Session(connection, journal, context.world(), Budget())
            try:
                _learn(session, prefix)
                for number, divergence in enumerate(wanted):
                    scenario = scenario_from(divergence, record)
                    steps = play(session, scenario, f"r{number}", prefix)
                    seen = _shows(steps, divergence)
                    shown += seen
                    _print(console, divergence, steps, seen=seen)
            except TargetLostError as error:
                console.print(f"the target was lost: {error}", highlight=False)
                return INVALID
            finally:
                for name in find_leftovers(connection, prefix):
                    remove_bucket(connection, name)
    console.print(f"{shown} of {len(wanted)} shown again", highlight=False)
    return DIVERGES if shown else CONFORMS


def _learn(session: Session, prefix: str) -> None:
    """Learn of the target what the run knew of it when it began its first sequence."""
    session.begin(SETUP)
    keys = pool_keys(session, 1) if not session.secure else ()
    Prober(session, prefix, keys).learn_again()
    session.base = session.belief


def _options(
    record: RunRecord, target: str | None, endpoint_url: str | None, kms_endpoint_url: str | None
) -> dict[str, Any]:
    kept = {k: v for k, v in record.options.items() if k not in {"out", "waivers", "seed"}}
    aliases = {"kms_keys": "kms_key", "phases": "phase", "profiles": "profile"}
    options = {aliases.get(k, k): v for k, v in kept.items()}
    if target is not None:
        options |= {"target": target, "endpoint_url": None, "kms_endpoint_url": None}
        if target == "reference":
            options["client"] = None  # it speaks no HTTP
    if endpoint_url is not None:
        options |= {"target": "endpoint", "endpoint_url": endpoint_url}
    if kms_endpoint_url is not None:
        options["kms_endpoint_url"] = kms_endpoint_url
    return options


def scenario_from(divergence: FindingRecord, record: RunRecord) -> Scenario:
    """Return a divergence's sequence as typed requests. Raises UsageError."""
    requests = []
    chosen: list[tuple[str, ...]] = []
    secure = record.target.endpoint.startswith("https")
    for step in divergence.steps:
        try:
            params = dict(step.params)
            request = from_parameters(step.operation, params, secure=secure)
        except ParameterError as error:
            raise UsageError(f"{divergence.id}: step {step.index}: {error}") from error
        requests.append(request)
        chosen.append(_chosen(request, step))
    return Scenario(tuple(requests), tuple(chosen))


def answer_of(request: Operation, step: StepRecord) -> Answer | None:
    """Return the recorded answer to a step, None where none came."""
    if step.response is None:
        return None
    response = HttpResponse(
        step.response.status,
        tuple((h.name.lower(), h.value) for h in step.response.headers),
        step.response.body.encode(),
    )
    return wire.read_answer(request, response)


def _chosen(request: Operation, step: StepRecord) -> tuple[str, ...]:
    """Return the texts that the target chose in the recorded answer."""
    answer = answer_of(request, step)
    return () if answer is None or not answer.succeeded else request.chosen(answer)


def _shows(steps: list[Step], divergence: FindingRecord) -> bool:
    clauses = {divergence.clause, *divergence.clauses}
    return bool(steps) and any(
        f.signature == divergence.id
        or (f.operation == divergence.operation and f.clause in clauses)
        for f in steps[-1].findings
    )


def _print(console: Console, divergence: FindingRecord, steps: list[Step], *, seen: bool) -> None:
    mark = "[red]diverges[/red]" if seen else "[green]conforms now[/green]"
    console.print(f"{mark} {divergence.id} {escape(divergence.title)}", highlight=False)
    console.print(f"    clause    {divergence.clause}", highlight=False)
    for number, step in enumerate(steps, 1):
        said = "no answer" if step.answer is None else step.answer.summary
        console.print(f"    step {number}    {step.request.operation}: {said}", highlight=False)
    if seen:
        for expected in steps[-1].judgement.expected:
            console.print(f"    expected  {escape(expected)}", highlight=False)
