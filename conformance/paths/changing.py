"""Scripts in which the same is done again by every path, once something has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.looking import key_fields, look
from conformance.paths.intents import Wish, make_alias
from conformance.paths.ways import copied_from, create, finish, two_ways, upload_of
from conformance.paths.writing import BODY, Writing, attributes, glances, listing, some_ways
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.delete_object import DeleteObject
from model.operations.kms_aliases import UpdateAlias
from model.operations.list_parts import ListParts
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.paths.intents import Default
    from conformance.paths.ways import Task
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

OTHER_BODY = b"other data, and more of it, by the same path"


def alias_moved(algorithm: str, *, by_default: bool, over: bool) -> Script:
    """Return the script in which each path writes before and after an alias names another key.

    ``by_default``: the writes do not name the alias, the bucket's default does. ``over``: the later
    writes replace the earlier ones.
    """
    wish = Wish() if by_default else Wish(algorithm=algorithm, key=0, key_form="alias")
    writing = Writing(wish=wish)

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writing.set_up(build)
        universe, bucket = build.universe, build.universe.buckets[0]
        if by_default:
            yield from make_alias(build)
            document = write_configuration([RuleText(algorithm, universe.alias)])
            yield PutBucketEncryption(bucket=bucket, document=document, secure=build.secure)
        ways = some_ways(build, over=over)
        yield from writing.by_each(build, ways)
        yield UpdateAlias(
            alias=universe.alias, key_id=universe.kms_keys[1].key_id, secure=build.secure
        )
        yield from writing.by_each(build, ways, again=not over)
        yield from glances(build, bucket)

    return requests


def read_again(number: int, wish: Wish, default: Default) -> Script:
    """Return the script that reads in the same ways what was written, rewritten and deleted.

    ``number`` says by which two of the ways it is written.
    """
    writings = [Writing(default=default, wish=wish, body=body) for body in (BODY, OTHER_BODY)]

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writings[0].set_up(build)
        for writing in writings:
            if writing is writings[1] and build.has(Capability.COPY):
                yield from writing.put_source(build)
            for way in two_ways(build, number):
                task = writing.task(build, way.name)
                yield from way.write(build, task)
                yield from _reads(build, task)
        for way in two_ways(build, number):
            task = writings[1].task(build, way.name)
            yield DeleteObject(secure=build.secure, **task.named)
            yield look(build.world, *task.named.values(), data=True, secure=build.secure)
            yield from listing(build)
            yield from way.write(build, task)
            yield from _reads(build, task)

    return requests


def _reads(build: Requests, task: Task) -> Iterator[Operation]:
    """Yield reads of an object, each of which a server may answer from memory."""
    bucket, object_key = task.bucket, task.object_key
    for fields in ({}, {"range": "bytes=1-4"}, {"part_number": "1"}):
        yield look(build.world, bucket, object_key, data=True, secure=build.secure, **fields)
    yield look(build.world, bucket, object_key, secure=build.secure)
    yield from attributes(build, bucket, object_key)
    yield from listing(build)


def replaced_parts(wish: Wish, default: Default) -> Script:
    """Return the script in which each way to make a part replaces what another made of it.

    The parts are listed each time.
    """
    writing = Writing(default=default, wish=wish)

    def requests(build: Requests) -> Iterator[Operation]:
        yield from writing.set_up(build)
        task = writing.task(build, "replaced")
        yield from create(build, task)
        found = upload_of(build, task)
        if found is None:
            return
        upload_id, begun = found
        named: Fields = task.named | {"upload_id": upload_id, "secure": build.secure}
        own = named | key_fields(begun.version) | {"part_number": "1"}
        for body, wanted in _PARTS:
            if body is not None:
                yield UploadPart(body=body, **own)
            elif build.has(Capability.COPY):
                yield UploadPartCopy(
                    copy_source_range=wanted, **own, **copied_from(build, *task.source)
                )
            yield ListParts(**named)
        yield from finish(build, task)
        yield from _reads(build, replace(task, headers={}))

    return requests


_PARTS: tuple[tuple[bytes | None, str | None], ...] = (
    (OTHER_BODY, None),
    (None, None),
    (None, "bytes=2-6"),
    (b"x", None),
    (None, "bytes=0-9"),
)
"""What part 1 is made of in turn: of data, or of its copy's source, whole or a range of it."""
