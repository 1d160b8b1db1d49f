"""How the object is looked at between changes: what it is, what it was, and what must stay shut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.histories.history import History, Kind, Make
from conformance.looking import another_key, look
from conformance.paths.writing import attributes
from model.clause import Capability
from model.messages import Auth
from model.operations.copy_object import CopyObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_bucket_versioning import GetBucketVersioning
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.list_object_versions import ListObjectVersions
from model.operations.list_objects import ListObjectsV2
from model.sse import SseC
from model.stored import ObjectVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.faults import Fields
    from conformance.phase import Setting
    from model.operation import Operation


def of_current(*, data: bool = False, **fields: Any) -> Make:
    """Read the object, be it there or not."""

    def make(history: History) -> Iterator[Operation]:
        yield look(
            history.build.world,
            history.bucket,
            history.object_key,
            data=data,
            secure=history.secure,
            **fields,
        )

    return make


def of_version(
    choose: Callable[[History], ObjectVersion | None], *, data: bool = False, **fields: object
) -> Make:
    """Read a version by its id, where there is one."""

    def make(history: History) -> Iterator[Operation]:
        version = choose(history)
        if version is not None:
            yield look(
                history.build.world,
                history.bucket,
                history.object_key,
                version.version_id,
                data=data,
                secure=history.secure,
                **fields,
            )

    return make


def _newest(history: History) -> ObjectVersion | None:
    return next(iter(history.versions()), None)


def _oldest(history: History) -> ObjectVersion | None:
    versions = history.versions()
    return versions[-1] if versions else None


def _behind_the_end(history: History) -> Iterator[Operation]:
    """Read from where the data ends; what was there before may have been longer."""
    body = None if history.current is None else history.current.body
    if body is not None:
        yield from of_current(data=True, range=f"bytes={len(body)}-")(history)


def its_attributes(history: History) -> Iterator[Operation]:
    """Ask for the object's attributes."""
    yield from attributes(history.build, history.bucket, history.object_key)


def _attributes_of_older(history: History) -> Iterator[Operation]:
    older = history.older()
    if older is not None:
        named = (history.bucket, history.object_key, older.version_id)
        yield from attributes(history.build, *named)


def _without_its_key(history: History) -> Iterator[Operation]:
    """Read it without the customer key that it needs, or with one where it needs none."""
    current = history.current
    if current is not None:
        needed = isinstance(current.encryption, SseC)
        yield HeadObject(
            secure=history.secure, **history.named, **({} if needed else another_key(None))
        )


def _with_another_key(*, older: bool) -> Make:
    """Read under SSE-C with a key that opens another version, if any does, or none."""

    def make(history: History) -> Iterator[Operation]:
        version = history.older() if older else history.current
        if version is None or not isinstance(version.encryption, SseC):
            return
        yield GetObject(
            version_id=version.version_id if older else None,
            secure=history.secure,
            **history.named,
            **_former_key(history, version),
        )

    return make


def _former_key(history: History, version: ObjectVersion) -> Fields:
    """Return a customer key that opened the object before: the latest that is another."""
    own = version.encryption
    for step in reversed(history.build.steps):
        fields = {
            name: getattr(step.request, name, None)
            for name in ("customer_algorithm", "customer_key", "customer_key_md5")
        }
        md5 = fields["customer_key_md5"]
        named = getattr(step.request, "object_key", None) == history.object_key
        sound = named and md5 and all(fields.values()) and step.answer is not None
        if sound and isinstance(own, SseC) and md5 != own.customer_key_md5:
            return fields
    return another_key(version)


def _condition(name: str, place: int) -> Make:
    """Read on the condition of an ETag that the object has, or had."""

    def make(history: History) -> Iterator[Operation]:
        if history.etags:
            fields: Fields = {name: f'"{history.etags[place]}"'}
            yield from of_current(**fields)(history)

    return make


def copied(*, bare: bool, older: bool = False, data: bool = True) -> Make:
    """Copy it, or an older version, to another name, and look there."""

    def make(history: History) -> Iterator[Operation]:
        version = history.older() if older else history.current
        if version is None or (bare and not isinstance(version.encryption, SseC)):
            return
        name = f"copy {history.number}"
        source = history.source(version if older else None, bare=bare)
        if bare and history.number % 2:
            source |= another_key(version, source=True)
        yield CopyObject(bucket=history.bucket, object_key=name, secure=history.secure, **source)
        yield look(history.build.world, history.bucket, name, data=data, secure=history.secure)

    return make


def _copy_on_condition(history: History) -> Iterator[Operation]:
    """Copy it on the condition that it has the ETag that it had first."""
    if history.etags and history.current is not None:
        yield CopyObject(
            bucket=history.bucket,
            object_key="copied on a condition",
            source_if_match=f'"{history.etags[0]}"',
            secure=history.secure,
            **history.source(),
        )


def listing(history: History) -> Iterator[Operation]:
    """List the versions in its bucket, or the objects."""
    has_versions = history.build.has(Capability.VERSIONING)
    kind = ListObjectVersions if has_versions else ListObjectsV2
    yield kind(bucket=history.bucket, secure=history.secure)


def _configuration(history: History) -> Iterator[Operation]:
    yield GetBucketEncryption(bucket=history.bucket, secure=history.secure)


def _versioning(history: History) -> Iterator[Operation]:
    yield GetBucketVersioning(bucket=history.bucket, secure=history.secure)


def _neighbour(history: History) -> Iterator[Operation]:
    """Read the copies that were made of it."""
    world = history.build.world
    names = [f"copy {n}" for n in range(history.number)]
    held = [n for n in names if isinstance(world.object(history.bucket, n), ObjectVersion)]
    if held:
        yield look(world, history.bucket, held[-1], data=True, secure=history.secure)


def _kind(name: str, make: Make, *needs: Capability) -> Kind:
    return Kind(name, make, frozenset(needs))


def _reads() -> Iterator[Kind]:
    versions, parts = Capability.VERSIONING, Capability.MULTIPART
    older = History.older
    yield _kind("its data", of_current(data=True))
    yield _kind("its head", of_current())
    yield _kind("an older version", of_version(older, data=True), versions)
    yield _kind("the head of an older version", of_version(older), versions)
    yield _kind("the newest version by its id", of_version(_newest, data=True), versions)
    yield _kind("the oldest version", of_version(_oldest, data=True), versions)
    yield _kind("its first part", of_current(data=True, part_number="1"), parts)
    first = of_version(older, part_number="1")
    yield _kind("the first part of an older version", first, parts, versions)
    yield _kind("its last bytes", of_current(data=True, range="bytes=-3"))
    last = of_version(older, data=True, range="bytes=-3")
    yield _kind("the last bytes of an older version", last, versions)
    yield _kind("behind its end", _behind_the_end)
    yield _kind("its attributes", its_attributes, Capability.ATTRIBUTES)
    told = Capability.ATTRIBUTES
    yield _kind("attributes of an older version", _attributes_of_older, told, versions)
    presigned = of_current(data=True, auth=Auth.PRESIGNED)
    yield _kind("a presigned read", presigned, Capability.PRESIGNED)


def _others() -> Iterator[Kind]:
    copy, versions, sse_c = Capability.COPY, Capability.VERSIONING, Capability.SSE_C
    yield _kind("without its key", _without_its_key, sse_c)
    yield _kind("with another key", _with_another_key(older=False), sse_c)
    yield _kind("an older version with another key", _with_another_key(older=True), sse_c, versions)
    for name in ("if_match", "if_none_match"):
        yield _kind(f"{name} of now", _condition(name, -1))
        yield _kind(f"{name} of before", _condition(name, 0))
    yield _kind("a copy", copied(bare=False), copy)
    yield _kind("a copy without its key", copied(bare=True), copy, sse_c)
    yield _kind("a copy of an older version", copied(bare=False, older=True), copy, versions)
    wrong = copied(bare=True, older=True)
    yield _kind("a copy of an older version without its key", wrong, copy, versions, sse_c)
    yield _kind("a copy on a condition", _copy_on_condition, copy)
    yield _kind("the listing", listing, Capability.LISTS)
    yield _kind("the default", _configuration, Capability.BUCKET_ENCRYPTION)
    yield _kind("the versioning", _versioning, versions)
    yield _kind("a copy made before", _neighbour, copy)


def every_look(setting: Setting) -> list[Kind]:
    """Return the looks that the target can be asked for."""
    kinds = (*_reads(), *_others())
    return [one for one in kinds if one.needs <= setting.capabilities]
