"""Judge observations of which only a part is known: recorded cases with named values.

A case is a list of steps ``{op, params, expect}`` that starts in an empty account. It is accepted
when every stated part of every step is within what the model allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.case_contradictions import ContradictionError
from model.case_reading import (
    Reader,
    ReadStep,
    least_lengths,
    told_lengths,
)
from model.case_symbols import OutsideError, Symbols
from model.case_uploads import upload_names
from model.case_worlds import first_worlds, region_of
from model.facts import KMS_ALGORITHMS, asks_for_kms, default_of, falls_back_on_default
from model.judge import Belief, Judgement, judge, mismatches
from model.operations.get_object import GetObject
from model.operations.kms import KEY_STATE, CreateKey, KmsOperation, named_key
from model.operations.part_upload import PartOperation
from model.operations.upload_in_progress import upload_named
from model.parameters import ParameterError
from model.predict import RefusalOutcome, predict
from model.request import ObjectWrite
from model.s3_errors import ACCESS_DENIED
from model.sse import DsseKms, SseKms
from model.stored import MultipartUpload, ObjectVersion
from model.world import KeyState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from model.operation import Operation
    from model.parameter_values import Json
    from model.world import World

_UNAVAILABLE = 503

ACCEPTED = "accepted"
REJECTED = "rejected"
NOT_JUDGED = "not-judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What one case (or transcript) came to; ``step`` counts from 0."""

    id: str
    verdict: str
    step: int | None = None
    clauses: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    observed: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedStep:
    """One step of a case, what was believed before it, and what it came to."""

    read: ReadStep
    before: Belief
    judgement: Judgement


class NoSuchAnswerError(Exception):
    """A step states an answer that the model does not allow, for a reason that is no clause's."""

    def __init__(self, reason: str, observed: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.observed = observed
        self.expected = expected


def judge_case(case: Mapping[str, Json], values: Mapping[str, str]) -> CaseResult:
    """Return the verdict on one case; ``values`` holds the named values that are known."""
    name = str(case.get("id", "?"))
    done = 0
    try:
        for one in judged_steps(case, values):
            if one.judgement.findings:
                return _rejected(name, done, one.judgement)
            done += 1
    except (OutsideError, ParameterError) as error:
        return CaseResult(id=name, verdict=NOT_JUDGED, reason=_one_line(str(error)))
    except RecursionError:
        return CaseResult(id=name, verdict=NOT_JUDGED, reason="the case is nested too deeply")
    except ContradictionError as error:
        return CaseResult(
            id=name,
            verdict=REJECTED,
            step=done,
            observed=_one_line(str(error)),
            reason="the answer contradicts itself",
        )
    except NoSuchAnswerError as error:
        return CaseResult(
            id=name,
            verdict=REJECTED,
            step=done,
            expected=error.expected,
            observed=error.observed,
            reason=error.reason,
        )
    return CaseResult(id=name, verdict=ACCEPTED)


def _rejected(name: str, step: int, judgement: Judgement) -> CaseResult:
    first = judgement.findings[0]
    return CaseResult(
        id=name,
        verdict=REJECTED,
        step=step,
        clauses=tuple(dict.fromkeys(f.clause for f in judgement.findings)),
        expected=judgement.expected or first.expected,
        observed=f"{first.field}: {first.observed}",
        reason=first.title,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def judged_steps(case: Mapping[str, Json], values: Mapping[str, str]) -> Iterator[JudgedStep]:
    """Judge the steps of a case, one after the other, up to the first that is not allowed.

    Raises OutsideError and ParameterError where the model cannot judge the case,
    ContradictionError and NoSuchAnswerError where a step cannot be.
    """
    era = str(case.get("era", "unknown"))
    if era == "pre-2023":
        raise OutsideError("before 2023-01-05 buckets had no default encryption: outside the model")
    steps = case.get("steps")
    if not isinstance(steps, list) or not steps:
        raise OutsideError("the case has no steps")
    symbols = Symbols(values, region_of(steps))
    belief = Belief(first_worlds(era, symbols, steps))
    reader = Reader(
        symbols=symbols,
        lengths=least_lengths(steps),
        told=told_lengths(steps),
        uploads=upload_names(steps),
    )
    for step in steps:
        read = reader.read(step, belief)
        _check_kms(belief.world, read)
        judgement = _judge(belief, read)
        if judgement.not_judged == "no clause speaks of what differs":
            raise NoSuchAnswerError(
                "no outcome of the model is like this", read.answer.summary, judgement.expected
            )
        if judgement.belief.lost or read.answer.status == _UNAVAILABLE:
            reason = judgement.not_judged or "more may be true than can be followed"
            raise OutsideError(f"{read.request.operation}: {reason}")
        yield JudgedStep(read=read, before=belief, judgement=judgement)
        if judgement.findings:
            return
        belief = judgement.belief


def _judge(belief: Belief, read: ReadStep) -> Judgement:
    if not read.denied or not all(_needs(w, read) for w in belief.worlds):
        return judge(belief, read.request, read.answer)
    # GP-KMS-08: without the permission on the KMS key S3 refuses, whatever else is right.
    errors = {ACCESS_DENIED: None}
    for world in belief.worlds:
        for outcome in predict(world, read.request).outcomes:
            if isinstance(outcome, RefusalOutcome):
                errors.update(dict.fromkeys(outcome.errors))
    refusal = RefusalOutcome(
        errors=tuple(errors), world=belief.world, requirements=(), because=(), fired=()
    )
    if mismatches(refusal, read.answer):
        reason = f"without {read.denied} the request is refused"
        raise NoSuchAnswerError(reason, read.answer.summary, (ACCESS_DENIED.text,))
    return Judgement(belief=belief)


def _needs(world: World, read: ReadStep) -> bool:
    """Tell whether the request needs the KMS permission that its caller lacks."""
    request: Operation = read.request
    if read.denied == "kms:GenerateDataKey" and isinstance(request, ObjectWrite):
        if falls_back_on_default(request):
            rule = default_of(world, request)
            return rule is not None and rule.sse_algorithm in KMS_ALGORITHMS
        return asks_for_kms(request)
    if read.denied == "kms:Decrypt" and isinstance(request, GetObject):
        version = world.version(request.bucket, request.object_key, request.version_id)
        encryption = version.encryption if isinstance(version, ObjectVersion) else None
        return isinstance(encryption, SseKms | DsseKms)
    if isinstance(request, PartOperation):  # a part needs both permissions (GP-KEY-09)
        upload = upload_named(world, request)
        encryption = upload.version.encryption if isinstance(upload, MultipartUpload) else None
        return isinstance(encryption, SseKms | DsseKms)
    raise OutsideError(f"{request.operation}: a caller without {read.denied} is outside the model")


def _check_kms(world: World, read: ReadStep) -> None:
    """Raise NoSuchAnswerError where a KMS step that makes or shows a usable key fails.

    KMS itself is not judged; but an observation in which a key is not made is none of S3.
    """
    request, answer = read.request, read.answer
    if not isinstance(request, KmsOperation):
        return
    key = named_key(world, request.key_id)
    usable = key is not None and key.state is KeyState.ENABLED
    if answer.succeeded is False and (usable or isinstance(request, CreateKey)):
        raise NoSuchAnswerError("KMS does this", answer.summary, ("success",))
    shown = answer.text(KEY_STATE)
    if shown is not None and key is not None and shown != key.state:
        raise NoSuchAnswerError("the key is in another state", shown, (key.state,))
