"""One worker's share of a run: connect, probe, explore, minimise, clean up, hand over."""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.evidence import found_of
from conformance.exploring import Explorer
from conformance.interrupts import ASKED, heeded
from conformance.journal import JournalWriter
from conformance.keeper import BucketKeeper
from conformance.minimise import Minimal, Minimiser
from conformance.parts import Part, write_part
from conformance.phase import Depth, Setting, wanted_phases
from conformance.probe import Probed, Prober, Support, make_keys
from conformance.profiles import is_wanted, limited
from conformance.session import Budget, BudgetSpentError, Session, TargetLostError
from conformance.universe import KeyText
from conformance.verdict import is_an_answer, tells_nothing
from model.operations.kms import ScheduleKeyDeletion
from model.transcript_context import ContextKey, TranscriptContext
from model.world import KEY_ARN
from targets.clean import find_leftovers, remove_bucket
from targets.registry import make_target
from targets.target import NoAnswer, NotSent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.parts import Found
    from conformance.session import Step
    from conformance.settings import RunSettings
    from model.clause import Capability
    from model.findings import Finding
    from targets.target import Connection, Endpoint

BUCKET_PREFIX = "s3sse-"
POOL_KEYS = 2
PROGRESS_SECONDS = 0.25
_EXPLORING_SHARES = (0.86, 0.96)
"""How much of the budget may be spent when exploring stops, for what was found to be minimised;
and when it stops once more, where minimising left some."""
SECOND_CHANCES = 3
"""A finding that does not show again is looked into so often, each time from another sequence."""
_MINIMISING_SHARE = 0.4
"""The part of what was spent so far that minimising may have taken, while exploring goes on."""


@dataclass(slots=True, kw_only=True)
class Share:
    """What one worker is to do: it is ``index`` of ``count``, with its part of the budget."""

    worker: str
    index: int
    count: int
    seed: int
    settings: RunSettings
    folder: Path
    requests: int | None
    seconds: float | None


@dataclass(slots=True)
class Spent:
    """What minimising took so far, in seconds and requests."""

    seconds: float = 0.0
    requests: int = 0

    def is_over(self, share: float, session: Session, begun: float) -> bool:
        """Tell whether it took more than that share of the run so far.

        A run that is limited by requests alone goes by them alone: the same seed must give the
        same requests, however fast they are answered.
        """
        if share >= 1.0:
            return False
        many = self.requests > share * session.counts.requests
        if session.budget.deadline is None:
            return many
        return many and self.seconds > share * (time.monotonic() - begun)

    @contextmanager
    def measured(self, session: Session) -> Iterator[None]:
        """Add what happens inside to what was spent."""
        begun, requests = time.monotonic(), session.counts.requests
        try:
            yield
        finally:
            self.seconds += time.monotonic() - begun
            self.requests += session.counts.requests - requests


def run_prefix(seed: int) -> str:
    """Return what the names of a run's buckets start with: the same for the same seed."""
    return f"{BUCKET_PREFIX}{hashlib.sha256(str(seed).encode()).hexdigest()[:8]}-"


def prefix_of(seed: int, index: int) -> str:
    """Return what the names of a worker's buckets start with."""
    return f"{run_prefix(seed)}{index}-"


def run_share(share: Share) -> Part:
    """Do one worker's share, and return what it came to; it is on disk as well.

    Raises TargetMisconfigured and TargetUnavailable when the target cannot be used at all.
    """
    target = make_target(share.settings.target, share.settings.target_options())
    with target.connect() as connection:
        return _Worker(share, connection, target.name).run()


class _Worker:
    def __init__(self, share: Share, connection: Connection, kind: str) -> None:
        self.share = share
        self.connection = BucketKeeper(connection)
        endpoint = connection.endpoint
        self.prefix = prefix_of(share.seed, share.index)
        self.part = Part(
            worker=share.worker,
            endpoint=endpoint.url,
            server=endpoint.server,
            kind=kind,
            notes=list(endpoint.notes),
        )
        self.context = context_of(share.settings, endpoint, run_prefix(share.seed))
        self.pending: list[tuple[list[Step], Finding]] = []
        self.hard: list[tuple[list[Step], Finding]] = []
        """Findings on which the target does not fail as the reference does: these take more."""
        self.tries: dict[str, int] = {}
        self.aliases: dict[str, str] = {}
        self.found: dict[str, Found] = {}
        self.minimising = Spent()
        self.pool: tuple[KeyText, ...] = ()
        self.lacking: frozenset[Capability] = frozenset()
        self.gone = False  # the target answers no more
        self.begun = time.monotonic()
        self.budget = Budget()
        self._shown = 0.0

    def run(self) -> Part:
        share = self.share
        begun = self.begun
        journal = JournalWriter(share.folder / f"part-{share.worker}.jsonl", self.context)
        with journal, heeded(self._stop) as interrupts:
            session = Session(self.connection, journal, self.context.world(), self.budget)
            session.prefix = f"{share.worker}-"
            self.session = session
            try:
                self._explore(session)
            except TargetLostError as error:
                self.part.lost, self.gone = str(error), True
            except KeyboardInterrupt:
                self._stop()
            except Exception as error:
                # An interrupt in the midst of probing ends it so.
                if not (self.part.interrupted and isinstance(error, BudgetSpentError)):
                    # Nothing may be concluded from what was done until then.
                    self.part.lost = f"the suite itself broke off: {type(error).__name__}: {error}"
                    raise
            finally:
                interrupts.ignore()
                self._sweep()
                self._hand_over(session, begun)
        return self.part

    def _stop(self) -> None:
        """Stop exploring before the next request: the run was interrupted."""
        self.part.interrupted = True
        self.budget.stopped = True

    def _explore(self, session: Session) -> None:
        share = self.share
        self._remove_earlier_leftovers()
        session.phase = "setup"
        session.begin("setup")
        keys = self.pool = pool_keys(session, POOL_KEYS)
        probed = Prober(session, self.prefix, keys).probe(
            kms_api=self.connection.endpoint.kms_url is not None
        )
        unsupported = (c for c, p in probed.items() if p.support is Support.UNSUPPORTED)
        self.lacking = frozenset(unsupported)
        for count, step in enumerate(session.steps, 1):
            self._met(session.steps[:count], step)
        session.base = session.belief
        self.part.capabilities = {
            capability.value: {"status": p.support.value, "detail": p.detail}
            for capability, p in probed.items()
        }
        made_here = not self.connection.endpoint.kms_keys
        self.minimiser = Minimiser(session, self.prefix, keys if made_here else ())
        explorer = Explorer(
            session=session,
            prefix=self.prefix,
            setting=Setting(
                capabilities=limited(judged_capabilities(probed), share.settings.profiles),
                kms_keys=keys,
                world=session.world,
                first_seed=(share.seed * 1000 + share.index) * 1_000_000,
                depth=Depth(share.settings.depth),
                secure=session.secure,
                earlier=share.settings.earlier,
            ),
            on_finding=self._met,
            between=self._between,
            index=share.index,
            count=share.count,
            phases=wanted_phases(share.settings.phases),
        )
        for part in _EXPLORING_SHARES:
            self._allow(part)
            with suppress(BudgetSpentError):
                explorer.explore()
            self._allow(1.0)
            self._settle(1.0)
        self.part.reached = [
            {"phase": name, "stage": stage, "done": one.done, "planned": one.planned}
            for (name, stage), one in explorer.reached.items()
        ]

    def _allow(self, part: float) -> None:
        """Let the run spend that part of its whole budget."""
        share, budget = self.share, self.session.budget
        if share.seconds is not None:
            budget.deadline = self.begun + share.seconds * part
        if share.requests is not None:
            budget.requests = int(share.requests * part) - self.session.counts.requests

    def _met(self, steps: list[Step], step: Step) -> None:
        """Note the findings of a step; those that are new are minimised after the sequence."""
        if not step.findings or tells_nothing(step, steps[:-1], self.lacking):
            return
        for finding in step.findings:
            if not is_wanted(finding.clause, self.share.settings.profiles):
                continue
            if is_an_answer(finding, self.lacking, self.session.phase):
                continue
            signature = finding.signature
            if self.part.first_met is None:
                self.part.first_met = self._so_far()
                self.part.first_phase = self.session.phase
            waiting = {f.signature for _, f in (*self.pending, *self.hard)}
            if signature in self.aliases or signature in waiting:
                continue
            self.pending.append((steps, finding))

    def _between(self) -> None:
        """Minimise what is new, as long as exploring gets its part, and show how far the run is."""
        self._settle(_MINIMISING_SHARE)
        now = time.monotonic()
        if now - self._shown >= PROGRESS_SECONDS:
            self._shown = now
            self._progress()
            if (self.share.folder / ASKED).exists():
                self._stop()

    def _settle(self, share: float) -> None:
        """Minimise findings, the worst first, while that takes no more than a part of the whole.

        One that takes many requests waits until no other is left: there may be many that take few.
        """
        session = self.session
        phase, session.phase = session.phase, "minimise"
        for waiting in (self.pending, self.hard):
            waiting.sort(key=lambda one: one[1].severity.rank)
        while (waiting := self.pending or self.hard) and not session.budget.is_spent:
            if self.minimising.is_over(share, session, self.begun):
                break
            steps, finding = waiting.pop(0)
            if finding.signature in self.aliases:
                continue
            with self.minimising.measured(session):
                if waiting is self.hard:
                    minimal = self.minimiser.search(steps, finding, waiting=len(waiting))
                elif (minimal := self.minimiser.rehearse(steps, finding)) is None:
                    self.hard.append((steps, finding))
                    continue
                self._note(steps, finding, minimal)
        session.phase = phase

    def _note(self, steps: list[Step], finding: Finding, minimal: Minimal | None) -> None:
        """Note what minimising a finding came to."""
        if minimal is None and self.session.budget.is_spent:
            return  # not refuted: it is reported from the transcript, unconfirmed
        found = found_of(
            self.session,
            self.context,
            minimal,
            steps=steps,
            finding=finding,
            prefix=self.prefix,
        )
        known = self.found.get(found.id)
        if known is None or found.reproduced > known.reproduced:
            self.found[found.id] = found
        tries = self.tries[finding.signature] = self.tries.get(finding.signature, 0) + 1
        if minimal is not None or tries >= SECOND_CHANCES:
            self.aliases[finding.signature] = found.id
        self._count_confirmed()

    def _count_confirmed(self) -> None:
        """Note when a first divergence was confirmed, and stop where enough were."""
        confirmed = sum(1 for one in self.found.values() if one.reproduced == one.tries)
        if confirmed:
            self.part.first_confirmed = self.part.first_confirmed or self._so_far()
        enough = self.share.settings.stop_after
        if enough is not None and confirmed >= enough:
            self.session.budget.stopped = True

    def _so_far(self) -> tuple[int, float]:
        """Return how many requests were sent, and how many seconds went by."""
        return self.session.counts.requests, time.monotonic() - self.begun

    def _progress(self) -> None:
        counts = self.session.counts
        line = {
            "phase": self.session.phase,
            "requests": counts.requests,
            "sequences": counts.sequences,
            "clauses": sorted(counts.fired),
            "found": sorted(self.found),
            "severities": [f.severity for f in self.found.values()],
        }
        path = self.share.folder / f"progress-{self.share.worker}.json"
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(line), encoding="utf-8")
        temporary.replace(path)

    def _remove_earlier_leftovers(self) -> None:
        """Remove what an earlier run with the same seed left behind."""
        with suppress(NotSent, NoAnswer):
            for name in find_leftovers(self.connection, self.prefix):
                remove_bucket(self.connection, name)

    def _sweep(self) -> None:
        """Remove every bucket of ours that is still there, and list what cannot be removed."""
        self._remove_pool_keys()
        if self.gone:
            self.part.leftovers = [f"buckets {self.prefix}* (the target was lost)"]
            return
        try:
            listed = find_leftovers(self.connection, self.prefix)
            for name in dict.fromkeys((*listed, *self.connection.buckets)):
                problem = remove_bucket(self.connection, name)
                if problem is not None:  # perhaps it was only busy
                    problem = remove_bucket(self.connection, name)
                if problem is not None:
                    self.part.leftovers.append(problem)
        except (NotSent, NoAnswer) as error:
            self.part.leftovers.append(f"buckets {self.prefix}*: {error}")

    def _remove_pool_keys(self) -> None:
        """Have the KMS keys deleted that were made for the whole run."""
        if self.gone or self.connection.endpoint.kms_keys:
            return
        self.session.begin("end")
        with suppress(TargetLostError):
            for key in self.pool:
                self.session.send(
                    ScheduleKeyDeletion(key_id=key.key_id, secure=self.session.secure), free=True
                )

    def _hand_over(self, session: Session, begun: float) -> None:
        part, counts = self.part, session.counts
        for signature, found in self.found.items():
            found.aliases = sorted(s for s, known in self.aliases.items() if known == signature)
        part.found = list(self.found.values())
        part.requests, part.sequences = counts.requests, counts.sequences
        part.unanswered = counts.unanswered
        if counts.unanswered and not part.lost:
            part.notes.append(f"{counts.unanswered} requests got no answer: {counts.last_problem}")
        part.seconds = time.monotonic() - begun
        self._progress()
        write_part(part, self.share.folder / f"part-{self.share.worker}.json")


def judged_capabilities(probed: dict[Capability, Probed]) -> frozenset[Capability]:
    """Return the capabilities that requests may need."""
    return frozenset(capability for capability, p in probed.items() if p.is_judged)


def _key_text(text: str) -> KeyText:
    arn = KEY_ARN.fullmatch(text)
    return KeyText(key_id=text if arn is None else arn["id"], arn=None if arn is None else text)


def pool_keys(session: Session, count: int) -> tuple[KeyText, ...]:
    """Return the KMS keys that a run works with: those that were named, or new ones."""
    endpoint = session.connection.endpoint
    if endpoint.kms_keys:
        return tuple(_key_text(text) for text in endpoint.kms_keys)
    return make_keys(session, count) if endpoint.kms_url is not None else ()


def context_of(settings: RunSettings, endpoint: Endpoint, prefix: str) -> TranscriptContext:
    """Return what is known before the first request of a run against that endpoint."""
    keys = tuple(_key_text(text) for text in endpoint.kms_keys)
    return TranscriptContext(
        addressing=endpoint.addressing,
        endpoint=endpoint.url,
        kms_endpoint=endpoint.kms_url,
        region=endpoint.region,
        new_buckets_block_sse_c=settings.new_buckets_block_sse_c,
        keys=tuple(ContextKey(id=k.key_id, arn=k.arn) for k in keys),
        sse_c_over_http=endpoint.sse_c_over_http or settings.sse_c_over_http,
        bucket_prefix=prefix,
        keys_complete=True,
        as_of=settings.as_of,
        fsx_access_points=() if endpoint.fsx_access_point is None else (endpoint.fsx_access_point,),
    )
