"""The phase ``sequences``: random conversations, drawn by Hypothesis while they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from conformance.chooser import Chooser
from conformance.clearing import remove_what_was_made
from conformance.requests import Requests
from conformance.session import BudgetSpentError
from conformance.universe import KeyText, Universe
from model.clause import Capability, Stage
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.kms import (
    KEY_ID,
    CancelKeyDeletion,
    CreateAlias,
    CreateKey,
    DescribeKey,
    DisableKey,
    EnableKey,
    ScheduleKeyDeletion,
)
from model.predict import collect, speaking
from model.request import ObjectWrite
from model.sse import DsseKms, SseKms
from model.world import MANAGED_KEY, Bucket, ObjectVersion, Presence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.session import Session, Step
    from model.operation import Operation
    from model.world import World

EXAMPLES_A_ROUND = 60
"""Hypothesis remembers the examples of a round; short rounds keep its memory small."""

SHORTEST, LONGEST = 12, 34
_LOOK_PERCENT = 62
NEW = 4
"""A clause that was met so seldom is new."""
CANDIDATES = 3
NEVER = 1_000_000_000


class Explorer:
    """Draws and runs sequences against one session until its budget is spent.

    ``on_finding`` is called with the steps so far and the step that has findings, while the
    sequence goes on; ``between`` is called between sequences.
    """

    def __init__(
        self,
        session: Session,
        *,
        prefix: str,
        kms_keys: tuple[KeyText, ...],
        capabilities: frozenset[Capability],
        on_finding: Callable[[list[Step], Step], None],
        between: Callable[[], None],
    ) -> None:
        self.session = session
        self.prefix = prefix
        self.kms_keys = kms_keys
        self.capabilities = capabilities
        self.on_finding = on_finding
        self.between = between
        self._count = 0
        self._stopped: Exception | None = None

    def universe(self) -> Universe:
        """Return the names of the next sequence."""
        self._count += 1
        name = f"{self.prefix}{self._count}"
        return Universe(
            buckets=(f"{name}-a", f"{name}-b"),
            missing_bucket=f"{name}-none",
            secure=self.session.secure,
            region=self.session.world.context.region or "us-east-1",
            account=self.session.world.account,
            kms_keys=self.kms_keys,
            capabilities=self.capabilities,
            alias=f"alias/{name}",
        )

    def explore(self, first_seed: int) -> None:
        """Run sequences until the budget is spent."""
        for round_seed in range(first_seed, first_seed + 1_000_000):
            if self.session.budget.is_spent:
                return
            self._round(round_seed)

    def _round(self, round_seed: int) -> None:
        @seed(round_seed)
        @settings(
            max_examples=EXAMPLES_A_ROUND,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(_ENTROPY)
        def converse(entropy: bytes) -> None:
            if self._stopped is not None or self.session.budget.is_spent:
                return
            try:
                self.run(Chooser(entropy))
                self.between()
            except Exception as error:  # noqa: BLE001 - it is raised again below
                # Through Hypothesis it must not pass: that would try the example again, on a
                # target that is lost, or in a state that is not that of the first time.
                self._stopped = error

        converse()
        if self._stopped is not None:
            raise self._stopped

    def run(self, choose: Chooser) -> None:
        """Have one conversation, and remove afterwards what it made."""
        universe = self.universe()
        self.session.begin(f"s-{self._count}")
        try:
            for request in Conversation(self.session, choose, universe).requests():
                step = self.session.send(request)
                if step.findings:
                    self.on_finding(list(self.session.steps), step)
        except BudgetSpentError:
            pass
        finally:
            remove_what_was_made(self.session)


_ENTROPY = st.binary(min_size=384, max_size=384)
"""What one conversation chooses by. It is drawn whole, before the first request is sent: what is
drawn may then not depend on what a target answers, which Hypothesis rightly does not allow."""


class Conversation:
    """The requests of one sequence; each is drawn when the answer to the one before is known."""

    def __init__(self, session: Session, choose: Chooser, universe: Universe) -> None:
        self.session = session
        self.choose = choose
        self.universe = universe
        self.build = Requests(choose, universe)
        self.changes_keys = universe.has(Capability.KMS_API) and choose.chance(45)
        self.actions = self._actions()

    def _actions(self) -> list[tuple[Callable[[], Operation | None], int]]:
        """Return the actions of this sequence: some are left out, so that others come in rows."""
        build, choose = self.build, self.choose

        def world() -> World:
            """Return the likeliest world at the time of the call."""
            return self.session.belief.world

        found: list[tuple[Callable[[], Operation | None], int]] = [
            (lambda: build.put_object(world()), 30),
            (lambda: build.read_object(world()), 18),
        ]
        if self.universe.has(Capability.COPY) and not choose.chance(25):
            found.append((lambda: build.copy_object(world()), 26))
        if self.universe.has(Capability.BUCKET_ENCRYPTION) and not choose.chance(25):
            found += [
                (lambda: build.put_bucket_encryption(world()), 13),
                (lambda: build.get_bucket_encryption(world()), 6),
                (lambda: build.delete_bucket_encryption(world()), 4),
            ]
        if not choose.chance(50):
            found.append((lambda: build.delete_object(world()), 4))
        if self.changes_keys:
            found.append((self._change_key, 9))
        if choose.chance(12):
            found.append((self._recreate_bucket, 3))
        return found

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        choose, session = self.choose, self.session
        secure = self.universe.secure
        count = 1 + choose.chance(45)
        for bucket in self.universe.buckets[:count]:
            yield CreateBucket(bucket=bucket, secure=secure)
        if self.changes_keys:
            spec = "RSA_2048" if choose.chance(18) else "SYMMETRIC_DEFAULT"
            yield CreateKey(key_spec=spec, secure=secure)
            self._adopt_key()
            if self.build.own_keys and choose.chance(40):
                key_id = self.build.own_keys[0]
                yield CreateAlias(alias=self.universe.alias, key_id=key_id, secure=secure)
            if self.build.own_keys and choose.chance(60):
                yield self.build.put_under_own_key()
        for _ in range(SHORTEST + choose.below(LONGEST - SHORTEST)):
            request = self._rarest()
            if request is None:
                continue
            yield request
            if isinstance(request, CreateBucket | DeleteBucket):
                continue
            look = self._look(request, session.steps[-1])
            if look is not None:
                yield look

    def _rarest(self) -> Operation | None:
        """Draw a request; draw others of its kind where it tells nothing new: take the rarest."""
        action = self.choose.weighted(self.actions)
        best = action()
        if best is None:
            return None
        rarity = self._rarity(best)
        for _ in range(CANDIDATES - 1):
            if rarity <= NEW or rarity == NEVER:
                break
            other = action()
            if other is not None and (met := self._rarity(other)) < rarity:
                best, rarity = other, met
        return best

    def _rarity(self, request: Operation) -> int:
        """Return how often the rarest of the clauses that speak of a request was met so far."""
        met = self.session.counts.fired
        fired = speaking(collect(self.session.belief.world, request, Stage.REQUEST))
        counts = [met.get(f.clause.id, 0) for f in fired if f.clause.binding]
        return min(counts, default=NEVER)

    def _adopt_key(self) -> None:
        answer = self.session.steps[-1].answer
        made = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
        known = made is not None and made in self.session.belief.world.keys
        self.build.own_keys = [made] if made is not None and known else []

    def _look(self, request: Operation, step: Step) -> Operation | None:
        """Return a read of what a request wrote, or must have left alone."""
        world = self.session.belief.world
        if isinstance(request, EnableKey | DisableKey | ScheduleKeyDeletion | CancelKeyDeletion):
            under = [
                (bucket, object_key)
                for bucket, object_key, version in self.build.objects(world)
                if isinstance(version.encryption, SseKms | DsseKms)
                and version.encryption.kms_key_id == request.key_id
            ]
            if not under:
                return None
            return self.build.read(world, *self.choose.pick(under), sound=True, data_percent=80)
        if not isinstance(request, ObjectWrite) or not self.choose.chance(_LOOK_PERCENT):
            return None
        refused = step.answer is not None and not step.answer.succeeded
        exists = isinstance(world.object(request.bucket, request.object_key), ObjectVersion)
        if refused and not exists and self.choose.chance(60):
            return None
        if isinstance(request, CopyObject) and request.source and self.choose.chance(30):
            return self.build.read(world, *request.source, sound=True)
        return self.build.read(
            world, request.bucket, request.object_key, sound=self.choose.chance(85)
        )

    def _change_key(self) -> Operation | None:
        """Return a request that makes the sequence's own key unusable, or usable again."""
        world = self.session.belief.world
        if not self.build.own_keys or self.build.own_keys[0] not in world.keys:
            managed = world.keys.get(MANAGED_KEY)
            if managed is None or managed.arn is None:
                return None
            return DescribeKey(key_id=managed.arn, secure=self.universe.secure)
        key_id = self.build.own_keys[0]
        state = world.keys[key_id].state.value
        kinds = {
            "Enabled": (DisableKey, ScheduleKeyDeletion),
            "Disabled": (EnableKey, EnableKey, ScheduleKeyDeletion),
            "PendingDeletion": (CancelKeyDeletion,),
        }[state]
        managed = world.keys.get(MANAGED_KEY)
        if managed is not None and managed.arn is not None and self.choose.chance(20):
            return DescribeKey(key_id=managed.arn, secure=self.universe.secure)
        return self.choose.pick(kinds)(key_id=key_id, secure=self.universe.secure)

    def _recreate_bucket(self) -> Operation | None:
        """Return the deletion of an empty bucket, or the making of one that was deleted."""
        world, secure = self.session.belief.world, self.universe.secure
        for name in self.universe.buckets:
            found = world.buckets.get(name)
            if found is Presence.ABSENT:
                return CreateBucket(bucket=name, secure=secure)
            if isinstance(found, Bucket) and found.complete and len(self.session.steps) > SHORTEST:
                held = [k for k, v in found.objects.items() if v is not Presence.ABSENT]
                if not held:
                    return DeleteBucket(bucket=name, secure=secure)
                return DeleteObject(bucket=name, object_key=held[0], secure=secure)
        return None
