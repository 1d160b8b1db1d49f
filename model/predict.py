"""Where clauses meet, and nowhere else: which answers a request may have in a world."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from model.answer import ETAG
from model.clause import (
    SSE_C_ALGORITHM,
    Clause,
    Facet,
    Keep,
    Law,
    MayRefuse,
    Order,
    Refusal,
    Refuse,
    Require,
    Ruling,
    Stage,
    Store,
    Succeed,
    breadth_of,
    clauses_for,
)
from model.directory_bucket import lacks_session
from model.matchers import AlsoAccepts
from model.operation import UNKNOWN_KEY, Operation
from model.replacing import replace
from model.request import (
    BUCKET_KEY,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    KMS_KEY_ID,
    SSE,
    WithCopySource,
    WithEncryptionHeaders,
)
from model.s3_errors import ANY_CODE, S3Error
from model.sse import (
    FSX_ALGORITHM,
    DsseKms,
    NotEncrypted,
    SseAlgorithm,
    SseC,
    SseFsx,
    SseKms,
    SseS3,
    decode_customer_key,
    md5_base64,
)
from model.world import KmsKey, World

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.matchers import Matcher
    from model.operation import Effect
    from model.sse import ObjectEncryption
    from model.stored import ObjectVersion

ANY_ERROR = S3Error(ANY_CODE, 0)
"""Any refusal at all: allowed where the world lacks the facts to tell."""

_REFUSAL = Refusal()

_FACETS = {
    SSE: Facet.ALGORITHM.value,
    CUSTOMER_ALGORITHM: Facet.ALGORITHM.value,
    CUSTOMER_KEY_MD5: Facet.ALGORITHM.value,
    ETAG: Facet.ALGORITHM.value,
    KMS_KEY_ID: Facet.KMS_KEY.value,
    BUCKET_KEY: Facet.BUCKET_KEY.value,
}
"""What a field of an answer tells of."""


class ModelDefectError(Exception):
    """Two clauses demand what no answer can give: the model is wrong, never the target."""


class Fired(NamedTuple):
    """A ruling and the clause that gave it."""

    clause: Clause
    ruling: Ruling


class Requirement(NamedTuple):
    """One demand on one field of an answer, with the clauses behind it, the foremost first.

    ``status``: only answers with that status must meet it.
    """

    field: str
    matcher: Matcher
    because: tuple[str, ...]
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessOutcome:
    """The request succeeds, the answer shows what is required, and the world becomes that."""

    status: int | None
    world: World
    version: ObjectVersion | None
    requirements: tuple[Requirement, ...]
    because: tuple[str, ...]
    fired: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalOutcome:
    """The request is refused with one of the errors, and the world stays as it is."""

    errors: tuple[S3Error, ...]
    world: World
    requirements: tuple[Requirement, ...]
    because: tuple[str, ...]
    fired: tuple[str, ...]


Outcome = SuccessOutcome | RefusalOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """The acceptable set. ``unknown``: the world lacked facts, so that any refusal is in it."""

    outcomes: tuple[Outcome, ...]
    unknown: bool = False


def collect(world: World, request: Operation, stage: Stage, *about: object) -> list[Fired]:
    """Ask every clause of that stage, and return the rulings that were given."""
    fired: list[Fired] = []
    for clause in clauses_for(type(request), stage, request.bucket_kind, world.context.as_of):
        rulings = clause.rule(world, request, *about)
        if rulings is None:
            continue
        if isinstance(rulings, tuple):
            fired.extend(Fired(clause, ruling) for ruling in rulings)
        else:
            fired.append(Fired(clause, rulings))
    return fired


def is_unknown(world: World, request: Operation) -> bool:
    """Tell whether the world lacks the facts that decide whether the request succeeds."""
    return request.is_unknown(world) or lacks_session(world, request)


def predict(world: World, request: Operation) -> Prediction:
    """Return the answers that the model allows to the request in this world."""
    read = [_predict(world, reading) for reading in request.readings()]
    outcomes = tuple(outcome for one in read for outcome in one.outcomes)
    return Prediction(outcomes=outcomes, unknown=any(one.unknown for one in read))


def _predict(world: World, request: Operation) -> Prediction:
    fired = collect(world, request, Stage.REQUEST)
    unknown = is_unknown(world, request)
    if isinstance(request, WithCopySource) and lacks_session(world, request):
        # What the clauses ask of copies is asked of those that go without a session.
        fired = [one for one in fired if isinstance(one.ruling, MayRefuse)]
    refusals = standing_refusals(fired)
    allowed = [f for f in fired if isinstance(f.ruling, MayRefuse)]
    outcomes: list[Outcome] = []
    if not refusals:
        outcomes.extend(successes(world, request, fired))
    if refusals or allowed or unknown:
        outcomes.append(_refusal(world, request, fired, refusals, allowed, unknown=unknown))
    return Prediction(outcomes=tuple(outcomes), unknown=unknown)


def if_taken(world: World, request: Operation) -> list[SuccessOutcome]:
    """Return the successes that the request may have where no clause refuses it.

    There is none where the clauses leave no answer to a request that must be refused.
    """
    fired = collect(world, request, Stage.REQUEST)
    try:
        return successes(world, request, fired)
    except ModelDefectError:
        return []


def standing_refusals(fired: Iterable[Fired]) -> list[Fired]:
    """Return the refusals, without those that an earlier check of a recorded order silences."""
    refusals = []
    orders = []
    for one in fired:
        if isinstance(one.ruling, Refuse):
            refusals.append(one)
        elif isinstance(one.ruling, Order):
            orders.append(one.ruling)
    if len(refusals) < 2 or not orders:  # noqa: PLR2004
        return refusals
    steps = {f.ruling.step for f in refusals if isinstance(f.ruling, Refuse)}
    silenced: set[str] = set()
    for order in orders:
        for step in steps:
            silenced |= order.before.get(step, frozenset()) & steps
    return [f for f in refusals if not (isinstance(f.ruling, Refuse) and f.ruling.step in silenced)]


def _refusal(
    world: World,
    request: Operation,
    fired: list[Fired],
    refusals: list[Fired],
    allowed: list[Fired],
    *,
    unknown: bool,
) -> RefusalOutcome:
    errors: dict[S3Error, None] = {
        error: None
        for one in (*refusals, *allowed)
        if isinstance(one.ruling, Refuse | MayRefuse)
        for error in one.ruling.errors
    }
    if unknown:
        errors[ANY_ERROR] = None
    about = collect(world, request, Stage.REFUSAL, _REFUSAL)
    because = tuple(dict.fromkeys(f.clause.id for f in refusals))
    ordering = [
        f.clause.id for f in fired if isinstance(f.ruling, Order) and _speaks(f.ruling, fired)
    ]
    return RefusalOutcome(
        errors=tuple(errors),
        world=_suspecting(world, request, about),
        requirements=_requirements(about),
        because=because,
        fired=(*because, *ordering, *_ids(about)) if because else (),
    )


def speaking(fired: list[Fired]) -> list[Fired]:
    """Return the rulings without the orders of checks that decide nothing here."""
    return [f for f in fired if not isinstance(f.ruling, Order) or _speaks(f.ruling, fired)]


def _speaks(order: Order, fired: list[Fired]) -> bool:
    steps = {f.ruling.step for f in fired if isinstance(f.ruling, Refuse)}
    return any(order.before.get(step, frozenset()) & steps for step in steps)


def successes(world: World, request: Operation, fired: list[Fired]) -> list[SuccessOutcome]:
    """Return one outcome for each encryption that a success may store (one where none is)."""
    encryptions: list[tuple[ObjectEncryption | None, tuple[KmsKey, ...]]] = [(None, ())]
    stored = [f for f in fired if isinstance(f.ruling, Store)]
    if stored or request.decides_encryption:
        known = not is_unknown(world, request)
        encryptions = list(stored_encryptions(request, stored, known=known))
    outcomes: list[SuccessOutcome] = []
    decided = tuple(
        (f.ruling.facet.value, f.clause.id)
        for f in stored
        if isinstance(f.ruling, Store) and f.clause.binding
    )
    keep = [f for f in fired if isinstance(f.ruling, Keep)]
    for encryption, keys in encryptions:
        before = world
        for key in keys:
            if key.key_id not in before.keys:
                before = before.with_key(key)
        outcomes.extend(
            _success(request, effect, fired, keep=keep, decided=decided)
            for effect in request.effects(before, encryption)
        )
    return outcomes


def _success(
    request: Operation,
    effect: Effect,
    fired: list[Fired],
    *,
    keep: list[Fired],
    decided: tuple[tuple[str, str], ...],
) -> SuccessOutcome:
    version = effect.version
    after = effect.world
    if version is not None and decided:
        version = replace(version, decided_by=decided)
        after = request.with_subject(after, version)
    after = _suspecting(after, request, keep)
    about: list[Fired] = []
    if version is not None:
        about = collect(after, request, Stage.VERSION, version)
    requirements = (*_requirements(fired), *_requirements(about, version))
    provenance = tuple(dict.fromkeys(clause_id for _, clause_id in decided))
    done = [f for f in fired if isinstance(f.ruling, Succeed)]
    succeed = _ids(sorted(done, key=lambda one: breadth_of(one.clause.id)))
    return SuccessOutcome(
        status=request.status(version),
        world=after,
        version=version,
        requirements=requirements,
        because=(*succeed, *provenance),
        fired=tuple(dict.fromkeys((*succeed, *provenance, *(r.because[0] for r in requirements)))),
    )


def stored_encryptions(
    request: Operation, stored: list[Fired], *, known: bool
) -> Iterable[tuple[ObjectEncryption | None, tuple[KmsKey, ...]]]:
    """Yield each encryption that the rulings leave possible, and the KMS key it would use.

    Raises ModelDefectError when two clauses contradict each other.
    """
    algorithms = options(stored, Facet.ALGORITHM)
    if algorithms is None:
        yield (None if known is False else NotEncrypted()), ()
        return
    keys = options(stored, Facet.KMS_KEY)
    bucket_keys = options(stored, Facet.BUCKET_KEY)
    for algorithm in algorithms:
        if algorithm == SSE_C_ALGORITHM:
            own = request.own_key.key if isinstance(request, WithEncryptionHeaders) else None
            yield SseC(md5_base64(decode_customer_key(own or ""))), ()
        elif algorithm == FSX_ALGORITHM:
            yield SseFsx(), ()
        elif algorithm == SseAlgorithm.AES256:
            yield SseS3(), ()
        elif algorithm in {SseAlgorithm.AWS_KMS, SseAlgorithm.AWS_KMS_DSSE}:
            flags = bucket_keys or (False, True)
            for key, flag in product(
                keys if keys is not None else (KmsKey(key_id=UNKNOWN_KEY),),
                flags[:1] if algorithm == SseAlgorithm.AWS_KMS_DSSE else flags,
            ):
                if not isinstance(key, KmsKey):
                    raise ModelDefectError(f"{key!r} is no KMS key")
                one = () if key.key_id == UNKNOWN_KEY else (key,)
                if algorithm == SseAlgorithm.AWS_KMS_DSSE:
                    yield DsseKms(key.key_id), one
                else:
                    yield SseKms(key.key_id, bool(flag)), one
        else:
            yield NotEncrypted(), ()


def options(stored: Iterable[Fired], facet: Facet) -> tuple[object, ...] | None:
    """Return what all rulings on the facet allow, or None where there is none.

    Raises ModelDefectError when nothing is left.
    """
    left: tuple[object, ...] | None = None
    for one in stored:
        if isinstance(one.ruling, Store) and one.ruling.facet is facet:
            allowed = one.ruling.options
            left = allowed if left is None else tuple(o for o in left if o in allowed)
    if left == ():
        raise ModelDefectError(f"clauses contradict each other on the {facet} of {_ids(stored)}")
    return left


def _requirements(
    fired: Iterable[Fired], version: ObjectVersion | None = None
) -> tuple[Requirement, ...]:
    """Return the demands on the answer, each with the clauses that decided what it must show."""
    decided = () if version is None else version.decided_by
    shown = {} if version is None else version.shown
    found = []
    for one in fired:
        if not isinstance(one.ruling, Require):
            continue
        field, matcher = one.ruling.field, one.ruling.matcher
        facet = _FACETS.get(field)
        behind = tuple(clause_id for about, clause_id in decided if about == facet)
        if field in shown:
            matcher = AlsoAccepts(matcher, shown[field])
        because = (one.clause.id, *behind)
        found.append(Requirement(field, matcher, because, one.ruling.status))
    return tuple(found)


def _ids(fired: Iterable[Fired]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.clause.id for f in fired if f.clause.binding))


def _suspecting(world: World, request: Operation, fired: Iterable[Fired]) -> World:
    """Note which clauses say that an object stays as it is, for the next read of it to check."""
    for one in fired:
        if isinstance(one.ruling, Keep):
            world = request.suspect(world, one.ruling.law, one.clause.id)
    return world


__all__ = ["ANY_ERROR", "Law", "ModelDefectError", "Outcome", "Prediction", "predict"]
