"""A finding with its proof: the minimal steps as they went, and what a look at the object says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.parts import Found, FoundStep
from conformance.scenario import Scenario, play
from model.clause import find_clause
from model.completion_document import ListedPart, write_completion
from model.exchange import entry_of, redacted
from model.findings import Finding, Kind, Severity
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.head_object import HeadObject
from model.operations.upload_part import UploadPart
from model.parameters import to_parameters
from model.request import ENCRYPTION_HEADERS, ObjectWrite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.minimise import Minimal
    from conformance.session import Session, Step
    from model.operation import Operation
    from model.transcript_context import TranscriptContext


_ETAG_TO_COME = "0123456789abcdef-to-come"
"""Stands in a completion for the ETag that the answer to the part will choose."""


def found_of(
    session: Session,
    context: TranscriptContext,
    minimal: Minimal | None,
    *,
    steps: Sequence[Step],
    finding: Finding,
    prefix: str,
) -> Found:
    """Return the divergence to report; unconfirmed, and whole, if it was not seen again.

    ``prefix`` starts the names of buckets that are made for a look.
    """
    if minimal is None:
        return found_from(context, finding, steps)
    severity = minimal.finding.severity
    if severity is Severity.CRITICAL and _only_said(minimal.finding):
        severity = _by_looking(session, minimal, f"{prefix}{minimal.finding.signature}-")
    return _found(
        context,
        minimal.finding,
        minimal.steps,
        severity,
        tries=minimal.tries,
        reproduced=minimal.reproduced,
    )


def found_from(context: TranscriptContext, finding: Finding, steps: Sequence[Step]) -> Found:
    """Return a divergence that was met once, with its whole sequence."""
    return _found(context, finding, steps, finding.severity, tries=1, reproduced=0)


def _only_said(finding: Finding) -> bool:
    """Tell whether nothing but an answer to a write speaks for a lack of encryption."""
    return finding.kind is Kind.MISSING and finding.field in ENCRYPTION_HEADERS


def _by_looking(session: Session, minimal: Minimal, prefix: str) -> Severity:
    """Look how the object is really encrypted: a header that only the answer left out is minor."""
    scenario = minimal.scenario
    last = scenario.requests[-1]
    if not isinstance(last, ObjectWrite):
        return Severity.CRITICAL
    looks = _looks(last, scenario.chosen[-1])
    with_look = Scenario(
        (*scenario.requests, *(look for look, _ in looks)),
        (*scenario.chosen, *(chosen for _, chosen in looks)),
    )
    answer = play(session, with_look, "look", prefix)[-1].answer
    shown = None if answer is None or not answer.succeeded else answer.text(minimal.finding.field)
    return Severity.MINOR if shown in minimal.finding.expected else Severity.CRITICAL


def _looks(write: ObjectWrite, chosen: tuple[str, ...]) -> list[tuple[Operation, tuple[str, ...]]]:
    """Return the requests that show how a write encrypted, each with what its answer chooses.

    An upload shows it when it is completed.
    """
    named: dict[str, Any] = {
        "bucket": write.bucket,
        "object_key": write.object_key,
        "secure": write.secure,
    }
    key: dict[str, Any] = {
        "customer_algorithm": write.customer_algorithm,
        "customer_key": write.customer_key,
        "customer_key_md5": write.customer_key_md5,
    }
    head = HeadObject(**named, **key)
    if not isinstance(write, CreateMultipartUpload) or not chosen:
        return [(head, ())]
    upload: dict[str, Any] = {**named, "upload_id": chosen[0]}
    listed = write_completion([ListedPart(1, _ETAG_TO_COME)])
    return [
        (UploadPart(part_number="1", body=b"look", **upload, **key), (_ETAG_TO_COME,)),
        (CompleteMultipartUpload(document=listed, **upload), ()),
        (head, ()),
    ]


def _found(
    context: TranscriptContext,
    finding: Finding,
    steps: Sequence[Step],
    severity: Severity,
    *,
    tries: int,
    reproduced: int,
) -> Found:
    last = steps[-1]
    return Found(
        id=finding.signature,
        clause=finding.clause,
        clauses=list(finding.clauses),
        severity=severity.value,
        operation=finding.operation,
        title=finding.title,
        field=finding.field,
        kind=finding.kind.value,
        expected=list(last.judgement.expected or finding.expected),
        observed=observed(last),
        differences=[
            {
                "field": one.field,
                "expected": one.expected,
                "observed": one.observed,
                "reason": find_clause(one.because[0]).title if one.because else "",
                "clause": one.because[0] if one.because else "",
            }
            for one in finding.differences
        ],
        tries=tries,
        reproduced=reproduced,
        occurrences=1,
        steps=[_step(context, step) for step in steps],
    )


def observed(step: Step) -> str:
    """Return what an answer showed, in one line: status, error code, encryption headers."""
    answer = step.answer
    if answer is None:
        return "no answer"
    shown = [f"{n}: {v}" for n in ENCRYPTION_HEADERS if (v := answer.text(n)) is not None]
    if answer.succeeded and isinstance(step.request, CreateBucket):
        shown = []
    return answer.summary + (f" with {', '.join(shown)}" if shown else "")


def _step(context: TranscriptContext, step: Step) -> FoundStep:
    entry = entry_of(step.exchange, context)
    request, response = entry["request"], entry["response"]
    return FoundStep(
        operation=step.request.operation,
        params=dict(to_parameters(redacted(step.request))),
        request=request if isinstance(request, dict) else {},
        response=None
        if step.exchange.response is None or not isinstance(response, dict)
        else response,
        expected=list(step.judgement.expected),
        observed=observed(step),
        diverges=bool(step.findings),
    )
