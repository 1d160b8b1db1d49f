"""Playing scenarios: their requests, one by one, and a look at what each of them wrote."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.corpus.finishing import begun, finish
from conformance.corpus.names import Names, NoSuchNameError, learnt_name, resolved, with_own_md5
from conformance.corpus.needs import needs_of
from model.bucket_kind import BucketKind
from model.clause import Capability
from model.clauses.archive import is_archived
from model.encryption_document import RuleText, write_configuration
from model.operations.create_bucket import CreateBucket
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.parameters import ParameterError, from_parameters
from model.request import ObjectRead, ObjectRequest, WithCopySource
from model.sse import SseC, md5_base64
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.corpus.written import Written, WrittenStep
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation
    from model.parameter_values import Json

_HEAD_EVERY = 3
"""Every third look is a HeadObject, the others read the data too."""
_KEYS = ("SSECustomerKey", "CopySourceSSECustomerKey")
_ALGORITHM = "AES256"


@dataclass(frozen=True, slots=True)
class Part:
    """A scenario's steps behind what it begins with; ``first`` is the number of the first of them.

    ``number`` tells it from the other parts of the same sequence.
    """

    scenario: Written
    first: int
    steps: tuple[WrittenStep, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Pack:
    """Scenarios that begin alike, and are played one after the other in the same buckets."""

    opening: tuple[WrittenStep, ...]
    parts: tuple[Part, ...]

    @property
    def scenarios(self) -> tuple[Written, ...]:
        """The scenarios of the sequence."""
        return tuple(part.scenario for part in self.parts)


def alone(scenario: Written) -> Pack:
    """Return the sequence of one scenario."""
    return Pack((), (Part(scenario, 0, scenario.steps),))


def script_of(pack: Pack) -> Script:
    """Return the requests of a sequence as a script."""
    return lambda build: _Playing(build, pack).requests()


@dataclass(slots=True)
class _Playing:
    """A sequence under way."""

    build: Requests
    pack: Pack
    looks: int = 0
    customer_keys: dict[str, str] = field(default_factory=dict)
    unseen: dict[tuple[str, str], None] = field(default_factory=dict)
    begun: dict[str, CreateMultipartUpload] = field(default_factory=dict)

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        names = Names.of(self.build.universe)
        yield from self._steps(self.pack.opening, 0, names)
        for part in self.pack.parts:
            known = names.again()
            yield from self._steps(part.steps, part.first, known)
            if self.begun:
                yield from self._unseen()  # before uploads are completed over it
            yield from self._finish()
            yield from self._unseen()
            yield from self._default_after(part.steps[-1], known)

    def _steps(self, steps: Sequence[WrittenStep], first: int, names: Names) -> Iterator[Operation]:
        for number, step in enumerate(steps, first):
            request = self._request(step, names)
            if request is None:
                continue
            yield request
            self._note(step, request, learnt_name(number), names)
            if isinstance(request, CreateBucket):
                yield from self._unblock(request)

    def _finish(self) -> Iterator[Operation]:
        """Complete the uploads that are still in progress."""
        left = dict(self.begun)
        self.begun.clear()
        for upload_id, created in left.items():
            for request in finish(self.build, created, upload_id):
                yield request
                if request.leaves_object:
                    self.unseen[created.bucket, created.object_key] = None

    def _default_after(self, last: WrittenStep, names: Names) -> Iterator[Operation]:
        """Yield a look at the default of a bucket where the last step was to change it."""
        request = self._request(last, names)
        if isinstance(request, PutBucketEncryption | DeleteBucketEncryption):
            yield GetBucketEncryption(bucket=request.bucket, secure=self.build.secure)

    def _request(self, step: WrittenStep, names: Names) -> Operation | None:
        """Return a step as a request, None where no answer told what it names."""
        try:
            given = resolved(step.params, names)
            request = from_parameters(step.op, given, secure=self.build.secure)
        except (NoSuchNameError, ParameterError):
            return None
        self._note_customer_keys(given)
        return with_own_md5(request)

    def _note(self, step: WrittenStep, request: Operation, number: str, names: Names) -> None:
        sent = self.build.steps[-1]
        answer, upload_id = sent.answer, begun(sent)
        if upload_id is not None and isinstance(request, CreateMultipartUpload):
            self.begun[upload_id] = request
        if answer is not None and answer.succeeded:
            names.tell(number, request, answer)
            if step.called:
                names.tell(step.called, request, answer)
        if not isinstance(request, ObjectRequest):
            return
        name = (request.bucket, request.object_key)
        if request.leaves_object:
            self.unseen[name] = None
        elif isinstance(request, ObjectRead) and request.version_id is None:
            self.unseen.pop(name, None)
        if isinstance(request, WithCopySource) and request.source and not self.looks % 2:
            self.unseen[request.source.bucket, request.source.object_key] = None

    def _note_customer_keys(self, given: dict[str, Json]) -> None:
        for text in (given.get(name) for name in _KEYS):
            if isinstance(text, str):
                try:
                    md5 = md5_base64(base64.b64decode(text, validate=True))
                except ValueError:
                    continue
                self.customer_keys[md5] = text

    def _unblock(self, made: CreateBucket) -> Iterator[Operation]:
        """Let a new bucket take SSE-C where scenarios need that and AWS does not."""
        if made.bucket_kind is not BucketKind.GENERAL_PURPOSE:
            return
        if not self.build.has(Capability.BLOCKED_TYPES) or not self._wants_sse_c():
            return
        worlds = self.build.session.belief.worlds
        if all(world.context.new_buckets_block_sse_c is False for world in worlds):
            return
        rule = RuleText(sse_algorithm=_ALGORITHM, blocked=("NONE",))
        yield PutBucketEncryption(
            bucket=made.bucket, document=write_configuration([rule]), secure=self.build.secure
        )

    def _wants_sse_c(self) -> bool:
        scenarios = self.pack.scenarios
        return any(Capability.SSE_C in needs_of(one.steps) for one in scenarios if not one.blocked)

    def _unseen(self) -> Iterable[Operation]:
        """Yield a look at each object that was written and not read since."""
        left = tuple(self.unseen)
        self.unseen.clear()
        for bucket, object_key in left:
            self.looks += 1
            yield self._look(bucket, object_key)

    def _look(self, bucket: str, object_key: str) -> Operation:
        version = self.build.world.version(bucket, object_key, None)
        headers: dict[str, str] = {}
        head = not self.looks % _HEAD_EVERY
        if isinstance(version, ObjectVersion):
            head = head or is_archived(version)
            if isinstance(version.encryption, SseC):
                md5 = version.encryption.customer_key_md5
                if md5 in self.customer_keys:
                    headers = {
                        "customer_algorithm": _ALGORITHM,
                        "customer_key": self.customer_keys[md5],
                        "customer_key_md5": md5,
                    }
        sessions = self.build.sessions(bucket)
        return (HeadObject if head else GetObject)(
            bucket=bucket,
            object_key=object_key,
            session_token=sessions[-1][0] if sessions else None,
            secure=self.build.secure,
            **headers,  # type: ignore[arg-type]
        )
