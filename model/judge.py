"""Compare answers with predictions, and keep what may be true: the belief."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.answer import BODY, BODY_LENGTH, ETAG, SOURCE_VERSION_ID, UNSTATED, Answer
from model.blame import blamed, suspects
from model.body_length import is_broken_off
from model.checksums import BY_HEADER, CHECKSUM_TYPE
from model.error_statuses import STATUS_OF
from model.facts import KMS_ALGORITHMS, kms_may_need_tls
from model.findings import OUTCOME, Finding, Kind, Mismatch
from model.listing import ENTRY, OF
from model.matchers import asked_for
from model.operation import existing_bucket, suspects_of
from model.operations.get_bucket_encryption import ALGORITHM, BUCKET_KEY_ENABLED, KEY_ID
from model.operations.kms import KmsOperation
from model.operations.object_write import METADATA_PREFIX
from model.predict import Prediction, RefusalOutcome, SuccessOutcome, if_taken, predict
from model.request import (
    CUSTOMER_ALGORITHM,
    ENCRYPTION_HEADERS,
    SSE,
    ObjectRead,
    ObjectRequest,
    ObjectWrite,
    PartOfUpload,
)
from model.resynchronise import as_shown
from model.s3_errors import ANY_CODE
from model.severity import severity_of
from model.stored import ObjectVersion
from model.wire import Unmodelled
from model.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.operation import Operation
    from model.predict import Outcome

Foreseen = tuple[tuple[World, Prediction], ...]
"""Worlds that are possible, and what each allows to a request."""

MAX_WORLDS = 64
_SERVER_ERROR = 500
_NOT_FOUND = 404
_UNAVAILABLE = 503
_EXPIRED = "ExpiredToken"
_NO_ANSWER = "no answer came"
_BROKEN_OFF = "the body of the answer broke off"


@dataclass(frozen=True, slots=True)
class Belief:
    """The worlds that are still possible. ``lost``: too many to follow, so nothing is judged."""

    worlds: tuple[World, ...]
    lost: bool = False

    @property
    def world(self) -> World:
        """The likeliest world."""
        return self.worlds[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one exchange came to.

    ``fired`` names the clauses that the answer was held against. ``not_judged`` says why nothing
    could be said, where that is so; ``unanswered`` is whether it was that no whole answer came.
    """

    belief: Belief
    findings: tuple[Finding, ...] = ()
    fired: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    not_judged: str = ""

    @property
    def unanswered(self) -> bool:
        """Whether nothing could be said because no answer came, or not all of it."""
        return self.not_judged in {_NO_ANSWER, _BROKEN_OFF}


def foresee(belief: Belief, request: Operation) -> Foreseen:
    """Return what every possible world allows to a request; it can be done before it is answered.

    Nothing is foreseen where nothing would be judged.
    """
    if belief.lost or isinstance(request, Unmodelled):
        return ()
    return tuple((world, predict(world, request)) for world in belief.worlds)


def judge(
    belief: Belief, request: Operation, answer: Answer, foreseen: Foreseen | None = None
) -> Judgement:
    """Hold one answer against what every possible world allows (``foreseen``, if that is known).

    Of an answer that broke off only what is wrong with it counts: what is believed then is what it
    is where none came.
    """
    judged = _judge(belief, request, answer, foreseen)
    if not answer.broken_off:
        return judged
    undecided = without_answer(belief, request)
    if judged.findings:
        return replace(judged, belief=undecided.belief)
    return replace(undecided, not_judged=_BROKEN_OFF)


def _judge(
    belief: Belief, request: Operation, answer: Answer, foreseen: Foreseen | None
) -> Judgement:
    if belief.lost:
        return Judgement(belief=belief, not_judged="the state before it could not be followed")
    if isinstance(request, Unmodelled):
        worlds = [request.effect(w, None).world for w in belief.worlds]
        reason = f"{request.text} is outside the model"
        return Judgement(belief=_belief(worlds), not_judged=reason)
    if answer.status == _UNAVAILABLE:
        return Judgement(
            belief=without_answer(belief, request).belief,
            not_judged="the target said that it was not available (503)",
        )
    if answer.error_code == _EXPIRED and isinstance(request, ObjectRequest):
        # Nobody here looks at the clock, and a session lasts five minutes (DB-029).
        return Judgement(belief=belief, not_judged="its session, or its credentials, had expired")
    predictions = foresee(belief, request) if foreseen is None else foreseen
    after: list[World] = []
    fired: dict[str, None] = {}
    unknown = True
    for world, prediction in predictions:
        for outcome in prediction.outcomes:
            if not mismatches(outcome, answer):
                after.append(follow(outcome, world, request, answer))
                fired.update(dict.fromkeys(outcome.fired))
                fired.update(dict.fromkeys(_kept(world, request, answer)))
                unknown = unknown and prediction.unknown and not outcome.fired
    if after:
        reason = _why_unknown(request) if unknown else ""
        return Judgement(belief=_belief(after), fired=tuple(fired), not_judged=reason)
    return _disagree(predictions, request, answer)


def _why_unknown(request: Operation) -> str:
    if isinstance(request, KmsOperation):
        return "KMS itself is not judged"
    return "nothing is known of what it names"


def without_answer(belief: Belief, request: Operation) -> Judgement:
    """Return what may be true when a request was sent and no answer came: done, or not done."""
    worlds: list[World] = list(belief.worlds)
    if not belief.lost:
        for world in belief.worlds:
            outcomes = predict(world, request).outcomes
            worlds.extend(o.world for o in outcomes if isinstance(o, SuccessOutcome))
    return Judgement(belief=_belief(worlds, lost=belief.lost), not_judged=_NO_ANSWER, expected=())


def mismatches(outcome: Outcome, answer: Answer) -> list[Mismatch]:
    """Return the fields of the answer that are not as the outcome wants them."""
    if isinstance(outcome, RefusalOutcome):
        return _refusal_mismatches(outcome, answer)
    if answer.succeeded is False:
        return [
            Mismatch(
                field=OUTCOME,
                kind=Kind.REFUSED,
                expected=_status(outcome),
                observed=answer.summary,
                because=outcome.because,
            )
        ]
    found = []
    if answer.status is not None and outcome.status not in {None, answer.status}:
        found.append(
            Mismatch(
                field="status",
                kind=Kind.STATUS,
                expected=_status(outcome),
                observed=str(answer.status),
                because=outcome.because,
            )
        )
    return found + _wrong_fields(outcome, answer)


def _wrong_fields(outcome: Outcome, answer: Answer) -> list[Mismatch]:
    """Return the stated fields of the answer that do not meet the outcome's demands."""
    return [
        Mismatch(
            field=field,
            kind=_kind(value, accepts_none=asked_for(matcher).accepts(None)),
            expected=matcher.text,
            observed=_say(value),
            because=because,
        )
        for field, matcher, because, status in outcome.requirements
        if (status is None or status == _status_of(answer))
        and (value := answer.value(field)) is not UNSTATED
        and not matcher.accepts(value)
    ]


def _status_of(answer: Answer) -> int | None:
    """Return the status of an answer, that of its error code where it states none."""
    known = answer.status is None and isinstance(answer.error_code, str)
    return STATUS_OF.get(str(answer.error_code)) if known else answer.status


def _kind(value: object, *, accepts_none: bool) -> Kind:
    if value is None:
        return Kind.MISSING
    return Kind.UNEXPECTED if accepts_none else Kind.DIFFERENT


def _say(value: object) -> str:
    if value is None:
        return "absent"
    if isinstance(value, bytes):
        return f"{len(value)} other bytes"
    return str(value)


def _refusal_mismatches(outcome: RefusalOutcome, answer: Answer) -> list[Mismatch]:
    expected = " or ".join(error.text for error in outcome.errors)
    if answer.succeeded:
        return [
            Mismatch(
                field=OUTCOME,
                kind=Kind.ACCEPTED,
                expected=expected,
                observed=answer.summary,
                because=outcome.because,
            )
        ]
    for error in outcome.errors:
        code_fits = error.code in {ANY_CODE, answer.error_code} or answer.error_code is UNSTATED
        if code_fits and (answer.status is None or error.has_status(answer.status)):
            break
    else:
        return [
            Mismatch(
                field="error",
                kind=Kind.ERROR,
                expected=expected,
                observed=answer.summary,
                because=outcome.because,
            )
        ]
    return _wrong_fields(outcome, answer)


def follow(outcome: Outcome, world: World, request: Operation, answer: Answer) -> World:
    """Return the world after an outcome, with what the answer told beside it."""
    if isinstance(outcome, SuccessOutcome):
        after = request.learn(outcome.world, answer)
    else:
        after = request.learn_refusal(outcome.world, answer)
    if (
        kms_may_need_tls(after, request)
        and answer.succeeded
        and answer.value(SSE) in KMS_ALGORITHMS
    ):
        after = replace(after, context=replace(after.context, kms_over_http=True))
    if not isinstance(request, ObjectRead) or not _kept(world, request, answer):
        return after
    bucket = after.existing(request.bucket).unsuspected(request.object_key, request.version_id)
    return after.with_bucket(request.bucket, bucket)


def _kept(world: World, request: Operation, answer: Answer) -> tuple[str, ...]:
    """Return the clauses that kept the version as it was, where this read shows that they did."""
    if not isinstance(request, ObjectRead | PartOfUpload):
        return ()
    bucket = existing_bucket(world, request.bucket)
    if bucket is None or not bucket.suspects:
        return ()
    if isinstance(request, PartOfUpload):
        return suspects_of(bucket, request) if answer.succeeded else ()
    found = world.version(request.bucket, request.object_key, request.version_id)
    if answer.succeeded is not isinstance(found, ObjectVersion):
        return ()
    return suspects_of(bucket, request)


def _belief(worlds: Iterable[World], *, lost: bool = False) -> Belief:
    kept: list[World] = []
    for world in worlds:
        if world not in kept:
            kept.append(world)
        if len(kept) > MAX_WORLDS:
            return Belief((kept[0],), lost=True)
    return Belief(tuple(kept), lost=lost)


def _disagree(predictions: Foreseen, request: Operation, answer: Answer) -> Judgement:
    """Report what no outcome allows, and go on with what may be true all the same."""
    candidates = [
        (mismatches(outcome, answer), outcome, world)
        for world, prediction in predictions
        for outcome in prediction.outcomes
    ]
    candidates.sort(key=lambda c: _distance(c[0], c[1], answer))
    # A server's failure is near to no outcome: it is held against what is likeliest to be true.
    likeliest = predictions[0][0] if _has_failed(answer) else candidates[0][2]
    best, nearest, world = next(c for c in candidates if c[2] is likeliest)
    findings = []
    for mismatch in _foremost(best):
        clauses = tuple(
            dict.fromkeys((*suspects(world, request, mismatch, answer), *blamed(mismatch, answer)))
        )
        if not clauses:
            continue
        findings.append(
            Finding(
                clause=clauses[0],
                clauses=clauses,
                operation=request.operation,
                field=_general(mismatch.field),
                kind=mismatch.kind,
                severity=severity_of(mismatch, world, request, answer),
                expected=(mismatch.expected,),
                observed=mismatch.observed,
                differences=tuple(best),
                beside=_beside(world, request, mismatch, answer),
            )
        )
    broken = (clause_id for f in findings for clause_id in f.clauses[:1])
    return Judgement(
        belief=_belief(resynchronise(candidates, request, answer)),
        findings=tuple(findings),
        fired=tuple(dict.fromkeys((*nearest.fired, *broken))),
        expected=tuple(dict.fromkeys(describe(outcome) for _, outcome, _ in candidates)),
        not_judged="" if findings else "no clause speaks of what differs",
    )


def _beside(
    world: World, request: Operation, mismatch: Mismatch, answer: Answer
) -> tuple[Mismatch, ...]:
    """Return what else is wrong where a request was taken that must be refused.

    A server that never looked at the customer key took it for that: what it shows says so.
    """
    if mismatch.kind is not Kind.ACCEPTED:
        return ()
    found = [mismatches(outcome, answer) for outcome in if_taken(world, request)]
    nearest = min(found, key=len, default=[])
    return tuple(
        replace(one, because=blamed(one, answer)) for one in _foremost(nearest) if one.because
    )


def _has_failed(answer: Answer) -> bool:
    return answer.status is not None and answer.status >= _SERVER_ERROR


def _general(field: str) -> str:
    """Return the field's name as a signature takes it: without the names that stand in it."""
    if field.startswith(METADATA_PREFIX):
        return METADATA_PREFIX + "*"
    what, of, _ = field.partition(OF)
    return f"{what}{of}*" if of else field


def _foremost(found: list[Mismatch]) -> list[Mismatch]:
    """Return the mismatches that are findings of their own.

    Where an answer shows another kind of encryption, its other headers and its ETag follow from
    that, another default has another KMS key and flag, and the data of another source has other
    digests: they are no findings beside it. What came of a body that broke off is other data, and
    where more came than was announced, what is wrong with the data tells more. Nor is the type of
    a checksum that is not shown, nor are a listed entry's parts where it is missing; and of several
    entries or metadata that are wrong in one way only one is told.
    """
    if {BODY, BODY_LENGTH} <= {m.field for m in found}:
        cut = any(m.field == BODY_LENGTH and is_broken_off(m.observed) for m in found)
        found = [m for m in found if m.field != (BODY if cut else BODY_LENGTH)]
    if any(m.field == SOURCE_VERSION_ID and m.kind is Kind.DIFFERENT for m in found):
        found = [m for m in found if m.field not in {ETAG, CHECKSUM_TYPE, *BY_HEADER}]
    if any(m.field in BY_HEADER for m in found):
        found = [m for m in found if m.field != CHECKSUM_TYPE]
    missing = {m.field.partition(OF)[2] for m in found if m.field.startswith(ENTRY + OF)}
    alike: dict[str, Mismatch] = {}
    for one in found:
        if one.field.startswith(ENTRY + OF) or one.field.partition(OF)[2] not in missing - {""}:
            alike.setdefault(_general(one.field), one)
    found = list(alike.values())
    if any(m.field == ALGORITHM for m in found):
        found = [m for m in found if m.field not in {KEY_ID, BUCKET_KEY_ENABLED}]
    kinds = [m for m in found if m.field in {SSE, CUSTOMER_ALGORITHM}]
    if not kinds:
        return found
    kinds.sort(key=lambda m: m.kind is Kind.UNEXPECTED)
    return [kinds[0], *(m for m in found if m.field not in {ETAG, *ENCRYPTION_HEADERS})]


def _distance(found: list[Mismatch], outcome: Outcome, answer: Answer) -> tuple[int, int]:
    """Return how far an answer is from an outcome: in the same direction first, then in fields.

    Where a refusal is merely allowed, with an error that AWS does not name for certain, another
    error tells nothing; but a server's failure is no refusal, nor is it one of taste that something
    is not there. Then the success was due.
    """
    if isinstance(outcome, RefusalOutcome) and not outcome.because:
        misses = answer.status == _NOT_FOUND and not any(
            error.has_status(_NOT_FOUND) for error in outcome.errors
        )
        if misses or _has_failed(answer):
            return (2, len(found))
    wrong_way = any(m.field == OUTCOME for m in found)
    return (1 if wrong_way else 0, len(found))


def _status(outcome: SuccessOutcome) -> str:
    return "success" if outcome.status is None else str(outcome.status)


def describe(outcome: Outcome) -> str:
    """Return an outcome as a reader says it."""
    if isinstance(outcome, RefusalOutcome):
        return " or ".join(error.text for error in outcome.errors)
    shown = [
        f"{field}: {matcher.text}"
        for field, matcher, *_ in outcome.requirements
        if not matcher.accepts(None)
    ]
    return _status(outcome) + (f" with {', '.join(shown)}" if shown else "")


def _may_be_as_due(request: Operation, found: list[Mismatch]) -> bool:
    """Tell whether a write may have stored what was due, and what its answer shows be wrong."""
    shown = {m.field for m in found if m.kind is not Kind.MISSING}
    return isinstance(request, ObjectWrite) and bool(shown & {*ENCRYPTION_HEADERS})


def resynchronise(
    candidates: list[tuple[list[Mismatch], Outcome, World]], request: Operation, answer: Answer
) -> list[World]:
    """Return what may be true after an answer that no outcome allows.

    The state is taken to be what the answer shows, and to be unknown where it shows nothing, so
    that one defect is not reported many times. ``candidates`` are ordered, the nearest first.
    """
    nearest = _distance(candidates[0][0], candidates[0][1], answer)
    worlds: list[World] = []
    if _has_failed(answer):
        # A failure tells nothing of the worlds: neither what it did, nor which of them is true.
        return [request.obscured(world) for _, _, world in candidates]
    for found, outcome, world in candidates:
        if _distance(found, outcome, answer) != nearest:
            continue
        if not any(m.field == OUTCOME for m in found):
            if isinstance(outcome, SuccessOutcome):
                shown = as_shown(outcome.world, request, answer, found)
                worlds.append(follow(replace(outcome, world=shown), world, request, answer))
                if _may_be_as_due(request, found):
                    untold = {n: v for n, v in answer.fields.items() if n not in ENCRYPTION_HEADERS}
                    told = replace(answer, fields=untold)
                    worlds.append(follow(outcome, world, request, told))
            else:
                worlds.append(follow(outcome, world, request, answer))
        elif answer.succeeded:
            worlds.append(request.obscured(world))
        else:
            worlds.append(world)
    return worlds
