"""Judge a transcript from its start: the same judge, without a target. This is what counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from conformance.corpus.needs import needs_of_operation
from conformance.session import READS, Step
from conformance.surroundings import Sequence, Surroundings
from model.clause import Capability, find_clause
from model.findings import Kind
from model.judge import Belief, judge, without_answer
from model.request import ObjectRequest, WithEncryptionHeaders
from model.s3_errors import NOT_IMPLEMENTED
from model.sse import SseAlgorithm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from model.exchange import Exchange
    from model.findings import Finding, Symptom
    from model.operation import Operation
    from model.world import World

SETUP = "setup"
_ASKED_FOR: Mapping[str | None, Capability] = {
    SseAlgorithm.AWS_KMS: Capability.SSE_KMS,
    SseAlgorithm.AWS_KMS_DSSE: Capability.DSSE_KMS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding stands: its sequence, the step in it, and its place among all exchanges."""

    finding: Finding
    sequence: str
    step: int
    index: int
    expected: tuple[str, ...]


class Way(NamedTuple):
    """One way in which a finding was met: where it showed, and all that can be blamed for it.

    ``error`` is the refusal that came, empty where none did.
    """

    operation: str
    field: str
    kind: Kind
    error: str
    clauses: tuple[str, ...]
    beside: frozenset[tuple[str, Kind, str]] = frozenset()
    """What else was wrong in a success that must not be: its field, how, and a clause to blame."""
    around: Surroundings = Surroundings()
    """What went before it."""
    due: str = ""
    """What was expected of an outcome that was another."""

    @property
    def is_outcome(self) -> bool:
        """Whether it is about success and refusal, not about what a success shows."""
        return self.kind in {Kind.ACCEPTED, Kind.REFUSED, Kind.ERROR, Kind.STATUS}


class Borne(NamedTuple):
    """Where an answer was as a clause says: of which operation, and what went before."""

    operation: str
    around: Surroundings = Surroundings()


@dataclass(slots=True)
class PhaseTally:
    """What the exchanges of one phase came to; ``seconds`` were spent waiting for answers."""

    requests: int = 0
    sequences: int = 0
    seconds: float = 0.0
    findings: int = 0


@dataclass(slots=True)
class Tally:
    """What all exchanges of a transcript came to."""

    requests: int = 0
    judged: int = 0
    unanswered: int = 0
    sequences: int = 0
    fired: dict[str, int] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    """The first place of each finding, by its signature."""
    symptoms: dict[str, dict[Symptom, int]] = field(default_factory=dict)
    """How often each finding was met, in each of the ways in which it shows."""
    ways: dict[str, set[Way]] = field(default_factory=dict)
    """All the ways in which each finding was met."""
    borne_out: dict[str, Counter[Borne]] = field(default_factory=dict)
    """How often an answer was as each clause says, and where."""
    not_judged: dict[str, int] = field(default_factory=dict)
    phases: dict[str, PhaseTally] = field(default_factory=dict)


def judged_steps(exchanges: Iterable[Exchange], world: World) -> Iterator[Step]:
    """Judge the exchanges in order, starting from a world, and yield each with its judgement.

    Exchanges that name a sequence are judged sequence by sequence: each starts from what the
    transcript's set-up left. Those that name none are one long conversation.
    """
    base = Belief((world,))
    belief = base
    current: str | None = None
    for exchange in exchanges:
        if exchange.sequence != current:
            if current is not None and current.endswith(SETUP):
                base = belief
            current = exchange.sequence
            belief = base
        request = exchange.operation()
        answer = exchange.answer(request)
        judgement = (
            without_answer(belief, request) if answer is None else judge(belief, request, answer)
        )
        belief = judgement.belief
        yield Step(request, exchange, answer, judgement)


def tally(
    exchanges: Iterable[Exchange], world: World, lacking: frozenset[Capability] = frozenset()
) -> Tally:
    """Judge the exchanges, starting from a world, and count what they came to.

    ``lacking`` are the capabilities that the target turned out not to have.
    """
    found = Tally()
    current: str | None = None
    before: list[Step] = []
    so_far = Sequence()
    for step in judged_steps(exchanges, world):
        exchange = step.exchange
        if exchange.sequence != current:
            current, before, so_far = exchange.sequence, [], Sequence()
            found.sequences += 1
            found.phases.setdefault(exchange.phase, PhaseTally()).sequences += 1
        believed = before[-1].judgement.belief.world if before else world
        around = so_far.around(step.request, believed)
        so_far.note(step.request, around, _count(found, step, before, lacking, around))
        before.append(step)
    return found


def is_an_answer(finding: Finding, lacking: frozenset[Capability], phase: str) -> bool:
    """Tell whether a finding is no defect, but tells what the target can do at all.

    Of what the target lacks all is such an answer: what it then does wrong is not what the clauses
    speak of. In the set-up a refusal is one, too.
    """
    if find_clause(finding.clause).needs in lacking:
        return True
    return phase == SETUP and finding.kind is Kind.REFUSED


def is_spoilt(request: Operation, before: Iterable[Step], lacking: frozenset[Capability]) -> bool:
    """Tell whether what the target lacks has changed the object that a request is about.

    ``before`` are the steps of its sequence so far. A target that takes a request for another one
    does something with the object, of which no clause speaks.
    """
    return isinstance(request, ObjectRequest) and any(
        isinstance(step.request, ObjectRequest)
        and (step.request.bucket, step.request.object_key) == (request.bucket, request.object_key)
        and step.request.method not in READS
        and step.answer is not None
        and step.answer.succeeded
        and needs_of_operation(step.request.operation) & lacking
        for step in before
    )


def is_declined(step: Step, lacking: frozenset[Capability]) -> bool:
    """Tell whether a request was answered with 501 that names an encryption which the target lacks.

    Which other error the request would deserve is then no question: it was not looked at.
    """
    return (
        step.answer is not None
        and step.answer.status == NOT_IMPLEMENTED.status
        and bool(_named_encryption(step.request) & lacking)
    )


def tells_nothing(step: Step, before: Iterable[Step], lacking: frozenset[Capability]) -> bool:
    """Tell whether what a step shows is no defect, since the target lacks what it takes."""
    return is_declined(step, lacking) or is_spoilt(step.request, before, lacking)


def _named_encryption(request: Operation) -> frozenset[Capability]:
    """Return the kinds of encryption that a request names, rightly or not."""
    if not isinstance(request, WithEncryptionHeaders):
        return frozenset()
    named = (
        (Capability.SSE_C, any(group.present for group in request.key_groups)),
        # A value that S3 does not know is one of the header that SSE-S3 is asked for with.
        (_ASKED_FOR.get(request.sse, Capability.SSE_S3), request.sse is not None),
        (Capability.SSE_KMS, (request.kms_key_id, request.encryption_context) != (None, None)),
        (Capability.BUCKET_KEY, request.bucket_key_enabled is not None),
    )
    return frozenset(kind for kind, is_named in named if is_named)


def _count(
    found: Tally,
    step: Step,
    before: Iterable[Step],
    lacking: frozenset[Capability],
    around: Surroundings,
) -> list[Finding]:
    """Count one step, and return what is a defect in it."""
    exchange, judgement = step.exchange, step.judgement
    found.requests += 1
    phase = found.phases.setdefault(exchange.phase, PhaseTally())
    phase.requests += 1
    phase.seconds += exchange.elapsed / 1000
    if step.answer is None or judgement.unanswered:
        found.unanswered += 1
        return []
    if judgement.not_judged:
        reason = judgement.not_judged
        found.not_judged[reason] = found.not_judged.get(reason, 0) + 1
    else:
        found.judged += 1
    for clause_id in judgement.fired:
        found.fired[clause_id] = found.fired.get(clause_id, 0) + 1
    spoilt = bool(judgement.findings) and tells_nothing(step, before, lacking)
    findings = [
        finding
        for finding in judgement.findings
        if not (spoilt or is_an_answer(finding, lacking, exchange.phase))
    ]
    around = around.within(findings)
    blamed = {clause_id for finding in judgement.findings for clause_id in finding.clauses}
    borne = Borne(step.request.operation, around)
    for clause_id in set(judgement.fired) - blamed:
        found.borne_out.setdefault(clause_id, Counter())[borne] += 1
    for finding in findings:
        signature = finding.signature
        symptoms = found.symptoms.setdefault(signature, {})
        symptoms[finding.symptom] = symptoms.get(finding.symptom, 0) + 1
        error = "" if step.answer.succeeded else step.answer.summary
        beside = frozenset((o.field, o.kind, c) for o in finding.beside for c in o.because)
        way = Way(*finding.symptom, error, finding.clauses, beside, around)
        if way.is_outcome:
            way = way._replace(due=" or ".join(finding.expected))
        found.ways.setdefault(signature, set()).add(way)
        if signature not in found.places:
            phase.findings += 1
            found.places[signature] = Place(
                finding=finding,
                sequence=exchange.sequence,
                step=exchange.step,
                index=found.requests - 1,
                expected=judgement.expected,
            )
    return findings
