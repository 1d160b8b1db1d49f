"""Remove what a sequence made, by what was sent and not by what is believed.

Only plain deletes are used, never a feature under test; a refused write may have written all the
same, so its object is deleted too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.kms import KEY_ID, CancelKeyDeletion, CreateKey, ScheduleKeyDeletion
from model.request import ObjectWrite
from model.world import Presence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.session import Session, Step
    from model.operation import Operation
    from model.world import World


@dataclass(slots=True)
class Made:
    """What a sequence made and did not remove itself."""

    buckets: dict[str, None] = field(default_factory=dict)
    objects: dict[tuple[str, str], None] = field(default_factory=dict)
    kms_keys: dict[str, None] = field(default_factory=dict)

    def add(self, step: Step) -> None:
        """Take one step into account."""
        request, answer = step.request, step.answer
        succeeded = answer is not None and bool(answer.succeeded)
        if isinstance(request, CreateBucket):
            self.buckets[request.bucket] = None
        elif isinstance(request, DeleteBucket) and succeeded:
            self.buckets.pop(request.bucket, None)
        elif isinstance(request, ObjectWrite):
            self.objects[request.bucket, request.object_key] = None
        elif isinstance(request, CreateKey) and succeeded and answer is not None:
            self.kms_keys[answer.text(KEY_ID) or ""] = None
        elif isinstance(request, CancelKeyDeletion) and succeeded:
            self.kms_keys[request.key_id] = None
        elif isinstance(request, ScheduleKeyDeletion) and succeeded:
            self.kms_keys.pop(request.key_id, None)


def made_by(steps: Iterable[Step]) -> Made:
    """Return what these steps made and left."""
    made = Made()
    for step in steps:
        made.add(step)
    return made


def remove_what_was_made(session: Session, *, keep_kms_keys: bool = False) -> None:
    """Remove the objects, KMS keys and buckets of the session's sequence.

    ``keep_kms_keys``: the keys are for the whole run, which removes them at its end.
    """
    made = made_by(session.steps)
    if keep_kms_keys:
        made.kms_keys.clear()
    if session.counts.silence:
        return  # the target says nothing any more
    sure = len(session.belief.worlds) == 1
    for request in _removals(made, session.belief.world, sure=sure, secure=session.secure):
        session.send(request, free=True)


def _removals(made: Made, world: World, *, sure: bool, secure: bool) -> Iterator[Operation]:
    for bucket, object_key in made.objects:
        gone = sure and world.object(bucket, object_key) is Presence.ABSENT
        if bucket in made.buckets and not gone:
            yield DeleteObject(bucket=bucket, object_key=object_key, secure=secure)
    for key_id in made.kms_keys:
        yield ScheduleKeyDeletion(key_id=key_id, secure=secure)
    for bucket in made.buckets:
        yield DeleteBucket(bucket=bucket, secure=secure)
