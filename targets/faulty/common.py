"""What several faults do to an answer or to what the server keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from model.answer import BODY, Answer
from model.facts import version_read
from model.operation import existing_bucket
from model.operations.get_object import GetObject
from model.request import ObjectRead
from model.stored import ObjectVersion
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from model.matchers import Value
    from model.operation import Operation
    from model.request import ObjectRequest, WithCopySource
    from model.s3_errors import S3Error
    from model.stored import StoredVersion
    from model.world import World

BLOCK = 64 * 1024
"""So many bytes of data are encrypted together."""


class Refuses(Fault):
    """A fault that refuses what it should do, and then does nothing."""

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Return the error that the server answers with, None where it does as it should."""
        raise NotImplementedError

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Do nothing where it is refused."""
        wrong = answer.succeeded and self.refuses(before, request) is not None
        return before if wrong else after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Tell of the error."""
        del after
        error = self.refuses(before, request) if answer.succeeded else None
        return answer if error is None else refusal(error)


def refusal(error: S3Error) -> Answer:
    """Return the answer that says no more than the error."""
    return Answer(
        status=error.status, succeeded=False, error_code=error.code, error_message=error.text
    )


def without(answer: Answer, *names: str) -> Answer:
    """Return the answer without those fields."""
    fields = {name: value for name, value in answer.fields.items() if name not in names}
    return replace(answer, fields=fields)


def scrambled(body: bytes | None) -> bytes:
    """Return as many bytes that are not those: what one gets who decrypts with a wrong key."""
    return bytes(byte ^ 0xA5 for byte in body or b"")


def copied(world: World, request: WithCopySource) -> ObjectVersion | None:
    """Return the version that a copy reads, None where there is none."""
    found = None if request.source is None else world.version(*request.source)
    return found if isinstance(found, ObjectVersion) else None


def current(world: World, request: ObjectRequest) -> ObjectVersion | None:
    """Return the current version of the object that a request names, None where there is none."""
    found = world.object(request.bucket, request.object_key)
    return found if isinstance(found, ObjectVersion) else None


def row_of(world: World, request: ObjectRequest) -> tuple[StoredVersion, ...]:
    """Return the versions of the object that a request names, the newest first."""
    bucket = existing_bucket(world, request.bucket)
    return () if bucket is None else bucket.row(request.object_key)


def with_row(world: World, request: ObjectRequest, row: Iterable[StoredVersion]) -> World:
    """Return the world where the object that a request names has these versions."""
    bucket = world.existing(request.bucket).with_row(request.object_key, tuple(row))
    return world.with_bucket(request.bucket, bucket)


def with_data(world: World, request: ObjectRequest, body: bytes) -> World:
    """Return the world where the current version of the request's object holds other data.

    Its ETag stays, as where the server lost what it needs for decrypting.
    """
    found = current(world, request)
    if found is None:
        return world
    return world.with_object(request.bucket, request.object_key, replace(found, body=body))


def read_version(world: World, request: Operation) -> ObjectVersion | None:
    """Return the version that a GET, a HEAD or the like reads, None where it reads none."""
    found = version_read(world, request) if isinstance(request, ObjectRead) else None
    return found if isinstance(found, ObjectVersion) else None


class DataRead(NamedTuple):
    """A GET, the version that it reads, and the data in its answer."""

    request: GetObject
    version: ObjectVersion
    body: bytes


def data_read(world: World, request: Operation, answer: Answer) -> DataRead | None:
    """Return what a GET read, None of another request and where the answer holds no data."""
    found, body = read_version(world, request), answer.fields.get(BODY)
    if not isinstance(request, GetObject) or not isinstance(body, bytes) or found is None:
        return None
    return DataRead(request, found, body)


def showing(answer: Answer, fields: Mapping[str, Value]) -> Answer:
    """Return the answer with those fields as well."""
    return replace(answer, fields={**answer.fields, **fields})
