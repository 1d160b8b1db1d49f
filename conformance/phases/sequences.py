"""The phase ``sequences``: random conversations, drawn by Hypothesis while they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from conformance.action import every_action, every_look, every_opening
from conformance.chooser import Chooser
from conformance.phase import Setting, Stage, phase
from conformance.requests import NEVER, NEW, Requests
from model.operations.create_bucket import CreateBucket
from model.request import ObjectRequest, WithCopySource
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.action import Draw
    from conformance.phase import Script
    from conformance.session import Step
    from model.operation import Operation

EXAMPLES_A_ROUND = 60
"""Hypothesis remembers the examples of a round; short rounds keep its memory small."""

SHORTEST, LONGEST = 12, 34
_LOOK_PERCENT = 62
CANDIDATES = 3
ATTEMPTS = 4
"""An action that has nothing to ask just now gives way to another, so often."""
_ENTROPY = st.binary(min_size=384, max_size=384)
"""What one conversation chooses by. It is drawn whole, before the first request is sent: what is
drawn may then not depend on what a target answers, which Hypothesis rightly does not allow."""


@phase("sequences", percent=26)
def sequences(setting: Setting) -> Iterator[Stage]:
    """Plan conversations without end, each worker its own."""
    yield Stage(name="conversations", scripts=_conversations(setting), shared=False)


def _conversations(setting: Setting) -> Iterator[Script]:
    round_seed = setting.first_seed
    while True:
        for entropy in _drawn(round_seed):
            yield _conversation(entropy)
        round_seed += 1


def _conversation(entropy: bytes) -> Script:
    return lambda build: Conversation(build, Chooser(entropy)).requests()


def _drawn(round_seed: int) -> list[bytes]:
    """Return what Hypothesis draws in one round."""
    drawn: list[bytes] = []

    @seed(round_seed)
    @settings(
        max_examples=EXAMPLES_A_ROUND,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(_ENTROPY)
    def draw(entropy: bytes) -> None:
        drawn.append(entropy)

    draw()
    return drawn


class Conversation:
    """The requests of one sequence; each is drawn when the answer to the one before is known."""

    def __init__(self, build: Requests, choose: Chooser) -> None:
        self.session = build.session
        self.choose = choose
        universe = self.universe = build.universe
        self.build = Requests(choose, universe, build.session)
        self.openings = [
            o
            for o in every_opening()
            if o.needs <= universe.capabilities and choose.chance(o.percent)
        ]
        self.looks = [one for one in every_look() if one.needs <= universe.capabilities]
        self.actions = self._actions()

    def _actions(self) -> list[tuple[Draw, int]]:
        """Return the actions of this sequence: some are left out, so that others come in rows."""
        begun = {opening.open for opening in self.openings}
        focus = max((opening.focus for opening in self.openings), default=1)
        left_out: dict[tuple[str, int], bool] = {}
        found: list[tuple[Draw, int]] = []
        for one in every_action():
            if not one.needs <= self.universe.capabilities:
                continue
            if one.after is not None and one.after not in begun:
                continue
            group = (one.topic, one.left_out)
            if group not in left_out:
                left_out[group] = self.choose.chance(one.left_out)
            if not left_out[group]:
                weight = one.weight if one.after is not None else max(1, one.weight // focus)
                found.append((one.draw, weight))
        return found

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        choose, session = self.choose, self.session
        count = 1 + choose.chance(45)
        for bucket in self.universe.buckets[:count]:
            yield CreateBucket(bucket=bucket, secure=self.universe.secure)
        for opening in self.openings:
            yield from opening.open(self.build)
        for _ in range(SHORTEST + choose.below(LONGEST - SHORTEST)):
            request = self._rarest()
            if request is None:
                continue
            yield request
            look = self._look(request, session.steps[-1])
            if look is not None:
                yield look

    def _rarest(self) -> Operation | None:
        """Draw a request; draw others of its kind where it tells nothing new: take the rarest."""
        for _ in range(ATTEMPTS):
            draw = self.choose.weighted(self.actions)
            best = self.build.expect_owner(draw(self.build))
            if best is not None:
                break
        else:
            return None
        rarity = self.build.rarity(best)
        for _ in range(CANDIDATES - 1):
            if rarity <= NEW or rarity == NEVER:
                break
            other = self.build.expect_owner(draw(self.build))
            if other is not None and (met := self.build.rarity(other)) < rarity:
                best, rarity = other, met
        return best

    def _look(self, request: Operation, step: Step) -> Operation | None:
        """Return a read of what a request wrote, or must have left alone."""
        build, world = self.build, self.build.world
        for one in self.looks:
            if self.choose.chance(one.percent):
                drawn = one.draw(build, step)
                if drawn is not None:
                    return drawn
        if not isinstance(request, ObjectRequest) or not request.leaves_object:
            return None
        if not self.choose.chance(_LOOK_PERCENT):
            return None
        refused = step.answer is not None and not step.answer.succeeded
        exists = isinstance(world.object(request.bucket, request.object_key), ObjectVersion)
        if refused and not exists and self.choose.chance(60):
            return None
        if isinstance(request, WithCopySource) and request.source and self.choose.chance(30):
            source = request.source
            return build.read(
                source.bucket, source.object_key, sound=True, version_id=source.version_id
            )
        return build.read(
            request.bucket,
            request.object_key,
            sound=self.choose.chance(85),
            version_id=getattr(request, "version_id", None),
        )
