"""One client's conversation with a target: send, write down, judge, and keep what may be true."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Protocol

from model import wire
from model.exchange import Exchange
from model.judge import Belief, Judgement, foresee, judge, without_answer
from model.operations.bucket_policy import BucketPolicyOperation
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_bucket_versioning import PutBucketVersioning
from model.request import KmsRequest
from targets.target import NoAnswer, NotSent, last_sent, while_waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.answer import Answer
    from model.findings import Finding
    from model.judge import Foreseen
    from model.messages import HttpRequest, HttpResponse
    from model.operation import Operation
    from model.world import World
    from targets.target import Connection

_SETTLES = (
    CreateBucket,
    PutBucketEncryption,
    DeleteBucketEncryption,
    BucketPolicyOperation,
    PutBucketVersioning,
    KmsRequest,
)
"""Requests after which AWS gives no time by which everybody sees the change (GP-AMB-19)."""
READS = frozenset({"GET", "HEAD"})
"""The methods of requests that change nothing."""
MAX_SILENCE = 3
"""So many requests in a row without an answer, and the target counts as lost."""


class TargetLostError(Exception):
    """The target answers no more."""


class BudgetSpentError(Exception):
    """The run's requests or its time are used up."""


class Journal(Protocol):
    """Where exchanges are written down."""

    def write(self, exchange: Exchange) -> None:
        """Write one exchange."""
        ...


@dataclass(slots=True)
class Budget:
    """What a run may still spend: requests, and time until ``deadline`` (of ``clock``)."""

    requests: int | None = None
    deadline: float | None = None
    clock: Callable[[], float] = time.monotonic
    stopped: bool = False

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left, or nothing more is wanted."""
        if self.stopped:
            return True
        if self.requests is not None and self.requests <= 0:
            return True
        return self.deadline is not None and self.clock() >= self.deadline

    def spend(self) -> None:
        """Take one request from the budget."""
        if self.requests is not None:
            self.requests -= 1


@dataclass(slots=True)
class Counts:
    """What happened so far; read by the live view."""

    requests: int = 0
    sequences: int = 0
    unanswered: int = 0
    silence: int = 0
    last_problem: str = ""
    fired: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a clause spoke right after a change of which the other spoke, in one sequence."""

    def note(self, changed: tuple[str, ...], fired: tuple[str, ...]) -> None:
        """Count the clauses that spoke, and their pairs with those of the last change."""
        self.fired.update(fired)
        self.pairs.update(product(changed, fired))


@dataclass(slots=True)
class Step:
    """One request of a sequence, with its answer and what the judge said."""

    request: Operation
    exchange: Exchange
    answer: Answer | None
    judgement: Judgement

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The disagreements of this step."""
        return self.judgement.findings

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that spoke of this step, without what is merely allowed."""
        return tuple(c for c in self.judgement.fired if not c.startswith("allowance/"))


class Session:
    """Sends requests through a connection, one sequence after the other.

    ``base`` is what may be true before each sequence; ``secure`` is whether the connection uses
    TLS.
    Raises TargetLostError when the target stops answering, BudgetSpentError when the budget is.
    """

    def __init__(
        self, connection: Connection, journal: Journal, world: World, budget: Budget
    ) -> None:
        self.connection = connection
        self.journal = journal
        self.base = Belief((world,))
        self.budget = budget
        self.secure = connection.endpoint.url.startswith("https")
        self._settle = connection.endpoint.settle_seconds
        self.counts = Counts()
        self.belief = self.base
        self.steps: list[Step] = []
        self.changed: tuple[str, ...] = ()
        """The clauses that spoke of the last request that changed something."""
        self.phase = ""
        self.prefix = ""
        self.deletes_several = False
        """Whether the target was seen to do what DeleteObjects asks for."""
        self._sequence = ""
        self._foreseen: Foreseen | None = None
        self._catch_up: Callable[[], None] | None = getattr(journal, "catch_up", None)

    @property
    def world(self) -> World:
        """The likeliest world before each sequence."""
        return self.base.world

    def begin(self, sequence: str) -> None:
        """Start a sequence: nothing of the one before it is known any more."""
        self.belief = self.base
        self.steps = []
        self.changed = ()
        self._sequence = self.prefix + sequence
        self.counts.sequences += 1

    def send(self, request: Operation, *, free: bool = False) -> Step:
        """Send one request and judge its answer; ``free`` requests are not held to the budget.

        A client that makes its requests itself may have sent another one: that is written down and
        judged. The step keeps the one that was given: sent again, it goes the same way.
        """
        if not free and self.budget.is_spent:
            raise BudgetSpentError
        self.budget.spend()
        counts = self.counts
        counts.requests += 1
        http = wire.render(request)
        started = datetime.now(UTC)
        begun = time.perf_counter()
        try:
            http, answer, response, judgement = self._exchange(request, http)
        except BaseException:
            # Nobody knows whether it was done: what comes after, cleaning up, is judged by that.
            broken_off = self._write(http, None, started, begun)
            judgement = without_answer(self.belief, request)
            self.belief = judgement.belief
            self.steps.append(Step(request, broken_off, None, judgement))
            raise
        exchange = self._write(http, response, started, begun)
        self.belief = judgement.belief
        step = Step(request, exchange, answer, judgement)
        self.steps.append(step)
        counts.note(self.changed, judgement.fired)
        if http.method not in READS:
            self.changed = judgement.fired
        if counts.silence >= MAX_SILENCE:
            raise TargetLostError(counts.last_problem)
        if self._settle and isinstance(request, _SETTLES):
            time.sleep(self._settle)
        return step

    def _exchange(
        self, request: Operation, http: HttpRequest
    ) -> tuple[HttpRequest, Answer | None, HttpResponse | None, Judgement]:
        """Send a request; return what was sent, the answer, as it came too, and the judgement."""
        self._foreseen = None
        while_waiting(self.connection, partial(self._work_ahead, request))
        response: HttpResponse | None = None
        not_sent = False
        try:
            response = self.connection.send(http)
        except (NotSent, NoAnswer) as error:
            not_sent = isinstance(error, NotSent)
            self._silent(str(error) or type(error).__name__)
        judged, foreseen = request, self._foreseen
        sent = last_sent(self.connection)
        if sent is not None and sent != http:
            http, judged, foreseen = sent, wire.parse(sent, secure=self.secure), None
        if response is not None:
            answer = wire.read_answer(judged, response)
            judgement = judge(self.belief, judged, answer, foreseen)
            if judgement.unanswered:
                self._silent(judgement.not_judged)
            else:
                self.counts.silence = 0
            return http, answer, response, judgement
        if not_sent:
            unsent = Judgement(belief=self.belief, not_judged="the request was not sent")
            return http, None, None, unsent
        return http, None, None, without_answer(self.belief, judged)

    def _write(
        self, http: HttpRequest, response: HttpResponse | None, started: datetime, begun: float
    ) -> Exchange:
        """Write a request down, with its answer."""
        exchange = Exchange(
            request=http,
            response=response,
            secure=self.secure,
            started=started.isoformat(timespec="milliseconds"),
            elapsed=(time.perf_counter() - begun) * 1000,
            sequence=self._sequence,
            step=len(self.steps),
            phase=self.phase,
        )
        self.journal.write(exchange)
        return exchange

    def _work_ahead(self, request: Operation) -> None:
        """Write down the exchanges before, and foresee the answer to a request under way.

        What fails here is done once more afterwards, and fails there.
        """
        with suppress(Exception):
            if self._catch_up is not None:
                self._catch_up()
            self._foreseen = foresee(self.belief, request)

    def _silent(self, problem: str) -> None:
        self.counts.unanswered += 1
        self.counts.silence += 1
        self.counts.last_problem = " ".join(problem.split())
