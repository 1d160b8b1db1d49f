"""Remove what a sequence made, by what was sent and not by what is believed.

A refused write may have written all the same, so its object is deleted too. Several objects of a
bucket are deleted together where the target was seen to do that. Whatever is left after that is
listed, and removed with nothing but plain deletes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.deleting import deletion_of
from model.bucket_kind import BucketKind
from model.delete_document import Deletion, Named, read_deletion, write_deletion
from model.facts import keeps_versions
from model.operation import existing_bucket
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.create_session import SESSION_TOKEN, CreateSession
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject, leaves_marker
from model.operations.upload_in_progress import upload_named
from model.request import KmsRequest, ObjectRequest
from model.stored import NULL_VERSION, Presence
from model.world import Bucket, Versioning
from targets.clean import remove_bucket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
        for request in _by_version(removals_for(session.steps), worlds[0])
        if not (keep_kms_keys and isinstance(request, KmsRequest))
        and not _is_needless(request, worlds)
    ]
    if session.deletes_several:
        removals = _together(removals)
    for request in _within_sessions(session, sorted(removals, key=_comes_last)):
        answer = session.send(request, free=True).answer
        refused = answer is not None and answer.status == _CONFLICT
        if refused and isinstance(request, DeleteBucket):
            # Something is left in it that no answer told of: the listings will.
            remove_bucket(session.connection, request.bucket)


def _together(removals: Sequence[Operation]) -> list[Operation]:
    """Return the removals, with one DeleteObjects for what is to go from a bucket.

    It comes after the others: only then do a policy and an upload stand in its way no more.
    """
    left: list[Operation] = []
    by_bucket: dict[str, list[DeleteObject]] = {}
    for request in removals:
        if isinstance(request, DeleteObject) and _can_be_named(request):
            by_bucket.setdefault(request.bucket, []).append(request)
        else:
            left.append(request)
    for bucket, own in by_bucket.items():
        named = [Named(one.object_key, one.version_id) for one in own]
        left += own if len(own) == 1 else [deletion_of(bucket, named, secure=own[0].secure)]
    return left


def _can_be_named(request: DeleteObject) -> bool:
    """Tell whether a document can name it: it is not XML's to carry every object key."""
    if request.bucket_kind is not BucketKind.GENERAL_PURPOSE:
        return False
    deletion = Deletion((Named(request.object_key, request.version_id),))
    return read_deletion(write_deletion(deletion)) == deletion


def _comes_last(request: Operation) -> bool:
    return isinstance(request, DeleteBucket)


def _within_sessions(session: Session, removals: Iterable[Operation]) -> Iterator[Operation]:
    """Yield the requests; those for objects of directory buckets within a session made for them."""
    tokens: dict[str, str | None] = {}
    for request in removals:
        in_directory = request.bucket_kind is BucketKind.DIRECTORY
        if not in_directory or not isinstance(request, ObjectRequest):
            yield request
            continue
        if request.bucket not in tokens:
            ask = CreateSession(bucket=request.bucket, secure=request.secure)
            answer = session.send(ask, free=True).answer
            given = None if answer is None else answer.text(SESSION_TOKEN)
            tokens[request.bucket] = given or request.session_token
        yield _within(request, tokens[request.bucket])


def removals_for(steps: Iterable[Step]) -> tuple[Operation, ...]:
    """Return the requests that undo these steps, without those that were sent already."""
    pending: dict[Operation, None] = {}
    for step in steps:
        if step.answer is not None and step.answer.succeeded and not _hides(step):
            pending.pop(_plain(step.request), None)
        pending.update(dict.fromkeys(map(_plain, step.request.undone_by(step.answer))))
    return tuple(pending)


def _hides(step: Step) -> bool:
    """Tell whether the step put a delete marker over what it did not remove."""
    plain = isinstance(step.request, DeleteObject) and step.request.version_id is None
    return plain and step.answer is not None and leaves_marker(step.answer)


def _by_version(requests: Iterable[Operation], world: World) -> tuple[Operation, ...]:
    """Return the requests, those that name no version of what became one naming that version.

    What was written before a bucket kept versions is the null version, which a plain deletion would
    only hide.
    """
    found: dict[Operation, None] = {}
    for request in requests:
        named = request
        if isinstance(request, DeleteObject) and request.version_id is None:
            bucket = existing_bucket(world, request.bucket)
            if keeps_versions(bucket):
                named = replace(request, version_id=NULL_VERSION)
        found[named] = None
    return tuple(found)


def _plain(request: Operation) -> Operation:
    """Return the request without the session that it was, or would be, sent within."""
    if isinstance(request, ObjectRequest) and request.session_token is not None:
        return _within(request, None)
    return request


def _within(request: Operation, token: str | None) -> Operation:
    return replace(request, session_token=token)  # type: ignore[call-arg]


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
