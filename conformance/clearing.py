"""Remove what a sequence made, by what was sent and not by what is believed.

Only plain deletes are used, never a feature under test; a refused write may have written all the
same, so its object is deleted too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.upload_in_progress import upload_named
from model.request import KmsRequest
from model.world import Bucket, Presence, Versioning
from targets.clean import remove_bucket

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.session import Session, Step
    from model.operation import Operation
    from model.world import World

_CONFLICT = 409


def remove_what_was_made(session: Session, *, keep_kms_keys: bool = False) -> None:
    """Remove the objects, KMS keys and buckets of the session's sequence.

    ``keep_kms_keys``: the keys are for the whole run, which removes them at its end.
    """
    if session.counts.silence:
        return  # the target says nothing any more
    worlds = session.belief.worlds
    removals = [
        request
        for request in removals_for(session.steps)
        if not (keep_kms_keys and isinstance(request, KmsRequest))
        and not _is_needless(request, worlds)
    ]
    for request in sorted(removals, key=lambda r: isinstance(r, DeleteBucket)):
        answer = session.send(request, free=True).answer
        refused = answer is not None and answer.status == _CONFLICT
        if refused and isinstance(request, DeleteBucket):
            # Something is left in it that no answer told of: the listings will.
            remove_bucket(session.connection, request.bucket)


def removals_for(steps: Iterable[Step]) -> tuple[Operation, ...]:
    """Return the requests that undo these steps, without those that were sent already."""
    pending: dict[Operation, None] = {}
    for step in steps:
        if step.answer is not None and step.answer.succeeded:
            pending.pop(step.request, None)
        pending.update(dict.fromkeys(step.request.undone_by(step.answer)))
    return tuple(pending)


def _is_needless(request: Operation, worlds: tuple[World, ...]) -> bool:
    """Tell whether there is surely nothing that the request would remove."""
    if isinstance(request, AbortMultipartUpload):
        return all(upload_named(world, request) is Presence.ABSENT for world in worlds)
    world, sure = worlds[0], len(worlds) == 1
    if not isinstance(request, DeleteObject):
        return False
    bucket = world.bucket(request.bucket)
    if not isinstance(bucket, Bucket):
        return True
    if request.version_id is None and bucket.versioning is not Versioning.NEVER:
        return True  # it would only add a delete marker
    found = world.version(request.bucket, request.object_key, request.version_id)
    return sure and found is Presence.ABSENT
