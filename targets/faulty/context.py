"""Faults of the encryption context of SSE-KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.operations.copy_object import CopyObject
from model.operations.get_object import GetObject
from model.operations.put_object import PutObject
from model.request import CONTEXT, ObjectCreation, ObjectRead
from model.s3_errors import ACCESS_DENIED, INTERNAL_ERROR, S3Error
from model.sse import SseKms
from targets.faulty.common import Refuses, copied, current, read_version, showing
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.stored import ObjectVersion
    from model.world import World


def context_of(version: ObjectVersion | None) -> str | None:
    """Return the context that an SSE-KMS version was written with, None where it has none."""
    if version is None or not isinstance(version.encryption, SseKms):
        return None
    return version.encryption_context


class WithContextUnreadable(Refuses):
    """An SSE-KMS object that was written with an encryption context cannot be read."""

    name = "with-context-unreadable"
    category = "context"
    origin = "minio/minio#13206"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Fail to read the context that was kept."""
        found = read_version(world, request) if isinstance(request, GetObject) else None
        return INTERNAL_ERROR if context_of(found) is not None else None


class WithoutContextCrashes(Refuses):
    """Reading an SSE-KMS object that was written without an encryption context crashes."""

    name = "without-context-crashes"
    category = "context"
    origin = "minio/minio#12250"

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Add the object's name to a context that is not there."""
        found = read_version(world, request) if isinstance(request, GetObject) else None
        if found is None or not isinstance(found.encryption, SseKms):
            return None
        return INTERNAL_ERROR if found.encryption_context is None else None


class AnythingIsAContext(Fault):
    """An encryption context that is no map of texts, or not base64, is taken."""

    name = "anything-is-a-context"
    category = "context"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Keep the context as it came."""
        del world, request
        return frozenset({"request/context-must-be-a-string-map"})


class ReadersSeeTheContext(Fault):
    """GET and HEAD show the encryption context of the object."""

    name = "readers-see-the-context"
    category = "context"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show all that is kept of the encryption."""
        del before
        shown = context_of(read_version(after, request))
        if shown is None or not isinstance(request, ObjectRead) or not answer.succeeded:
            return answer
        return showing(answer, {CONTEXT: shown})


class LeftOverFromTheOverwritten(Fault):
    """An object written without a context over one with a context is answered with the old one."""

    name = "left-over-from-the-overwritten"
    category = "context"
    deep = True

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Merge the old object's record into the new one's."""
        if not isinstance(request, PutObject) or not answer.succeeded:
            return answer
        old, new = context_of(current(before, request)), current(after, request)
        kms = new is not None and isinstance(new.encryption, SseKms)
        if old is None or not kms or request.encryption_context is not None:
            return answer
        return showing(answer, {CONTEXT: old})


class CopyAnswersWithSourceContext(Fault):
    """The answer to an SSE-KMS copy shows the encryption context of its source."""

    name = "copy-answers-with-source-context"
    category = "context"

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Show what the source was written with."""
        if not isinstance(request, CopyObject) or not answer.succeeded:
            return answer
        made, shown = current(after, request), context_of(copied(before, request))
        kms = made is not None and isinstance(made.encryption, SseKms)
        return showing(answer, {CONTEXT: shown}) if shown is not None and kms else answer


class CopyIsBoundToTheOldName(Refuses):
    """A copy under the same KMS key in its bucket cannot be read: its context names the source."""

    name = "copy-is-bound-to-the-old-name"
    category = "context"
    deep = True

    def __init__(self) -> None:
        self._bound: set[tuple[str, str]] = set()

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Decrypt with a context that names the copy."""
        del world
        if not isinstance(request, GetObject) or request.version_id is not None:
            return None
        bound = (request.bucket, request.object_key) in self._bound
        return ACCESS_DENIED if bound else None

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Take the encrypted data key of the source over as it is."""
        if isinstance(request, ObjectCreation) and answer.succeeded:
            name = (request.bucket, request.object_key)
            self._bound.discard(name)
            if isinstance(request, CopyObject) and _takes_the_data_key(before, after, request):
                self._bound.add(name)
        return Refuses.corrupt(self, before, after, request, answer)


def _takes_the_data_key(before: World, after: World, request: CopyObject) -> bool:
    """Tell whether a copy need not be encrypted anew: another name, all else the same."""
    source, made = copied(before, request), current(after, request)
    if source is None or made is None or request.source is None or request.in_place:
        return False
    same = request.source.bucket == request.bucket and source.encryption == made.encryption
    return same and isinstance(made.encryption, SseKms)


class OlderVersionByNewestContext(Refuses):
    """An older SSE-KMS version cannot be read once a newer one has another encryption context."""

    name = "older-version-by-newest-context"
    category = "context"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Decrypt with the context of the current version."""
        if not isinstance(request, GetObject) or request.version_id is None:
            return None
        newest, found = current(world, request), read_version(world, request)
        if newest is None or found is None:
            return None
        if not isinstance(newest.encryption, SseKms) or not isinstance(found.encryption, SseKms):
            return None
        differs = newest.encryption_context != found.encryption_context
        return ACCESS_DENIED if differs else None
