"""What happens to the object: writes of every kind, deletions, and what must not change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.deleting import deletion_of
from conformance.faults import UNKNOWN_ALGORITHMS
from conformance.histories.history import History, Kind, Make
from conformance.looking import another_key, copy_source
from conformance.paths.intents import AES, DSSE, KMS, Default, Wish
from conformance.paths.ways import Task, begin, finish
from conformance.universe import CONTEXTS
from model.checksums import BY_NAME, checksum_of
from model.clause import Capability
from model.delete_document import Named
from model.operations.copy_object import CopyObject
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_object import DeleteObject
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.operations.put_object import PutObject
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.phase import Setting
    from model.operation import Operation

_WISHES = {
    "plain": Wish(),
    "AES256": Wish(algorithm=AES),
    "K1": Wish(algorithm=KMS, key=0),
    "K2, context": Wish(algorithm=KMS, key=1, context=CONTEXTS[0]),
    "K2, another context": Wish(algorithm=KMS, key=1, context=CONTEXTS[1], flag="true"),
    "DSSE": Wish(algorithm=DSSE, key=0),
    "C1": Wish(customer_key=0),
    "C2": Wish(customer_key=1),
}
_UPLOADED = ("plain", "K1", "C1")
_COPIED = ("plain", "AES256", "K2, context", "C2")
_TOPICS = {
    "put": "put",
    "upload": "upload",
    "copy": "copy",
    "restore": "copy",
    "delete the newest": "delete a version",
    "delete the oldest": "delete a version",
    "delete the bucket": "refused",
    "delete": "delete",
    "write": "write on a condition",
    "refused": "refused",
    "default": "bucket",
    "versioning": "bucket",
}
"""What changes are alike, by how their names begin: the first that fits."""
OTHER = "another"
"""The name of the object that is copied over the one in question."""


def put(wish: Wish, *, checksum: bool = False) -> Make:
    """Write it at once."""

    def make(history: History) -> Iterator[Operation]:
        body = history.body
        extra: Fields = (
            {"checksum_sha256": checksum_of(body, BY_NAME["SHA256"])} if checksum else {}
        )
        yield PutObject(
            body=body,
            metadata=history.metadata,
            secure=history.secure,
            **history.named,
            **wish.headers(history.build.universe),
            **extra,
        )

    return make


def upload(wish: Wish) -> Make:
    """Upload it in parts, of which there is one."""

    def make(history: History) -> Iterator[Operation]:
        task = Task(
            body=history.body,
            headers=wish.headers(history.build.universe),
            source=(history.bucket, OTHER),
            **history.named,
        )
        yield from begin(history.build, task)
        yield from finish(history.build, task)

    return make


def _copy_over(wish: Wish) -> Make:
    def make(history: History) -> Iterator[Operation]:
        yield from history.put_beside(OTHER, b"what is copied over it")
        yield CopyObject(
            copy_source=copy_source(history.bucket, OTHER),
            secure=history.secure,
            **history.named,
            **wish.headers(history.build.universe),
        )

    return make


def _copy_in_place(wish: Wish, *, checksum: bool = False) -> Make:
    def make(history: History) -> Iterator[Operation]:
        if history.current is None:
            return
        yield CopyObject(
            metadata_directive="REPLACE",
            metadata=history.metadata,
            checksum_algorithm="SHA256" if checksum else None,
            secure=history.secure,
            **history.named,
            **history.source(),
            **wish.headers(history.build.universe),
        )

    return make


def _restore(history: History) -> Iterator[Operation]:
    """Copy an older version over the object."""
    older = history.older()
    if older is not None:
        yield CopyObject(secure=history.secure, **history.named, **history.source(older))


def delete(history: History) -> Iterator[Operation]:
    """Delete it."""
    yield DeleteObject(secure=history.secure, **history.named)


def _delete_version(place: int) -> Make:
    """Delete a version, or a delete marker, by its id: the newest or the oldest."""

    def make(history: History) -> Iterator[Operation]:
        row = history.row()
        if row:
            version_id = row[place].version_id
            yield DeleteObject(version_id=version_id, secure=history.secure, **history.named)

    return make


def _delete_several(*, by_id: bool) -> Make:
    def make(history: History) -> Iterator[Operation]:
        row = history.row()
        if by_id and not row:
            return
        version_id = row[0].version_id if by_id else None
        named = (Named(history.object_key, version_id),)
        yield deletion_of(history.bucket, named, secure=history.secure)

    return make


def _refused_write(history: History) -> Iterator[Operation]:
    yield PutObject(
        body=b"to be refused",
        sse=UNKNOWN_ALGORITHMS[0],
        secure=history.secure,
        **history.named,
    )


def _write_where_none_is(history: History) -> Iterator[Operation]:
    """Write on the condition that there is no object."""
    yield PutObject(body=history.body, if_none_match="*", secure=history.secure, **history.named)


def _write_over_known(place: int) -> Make:
    """Write on the condition that the object has an ETag that it has, or had."""

    def make(history: History) -> Iterator[Operation]:
        if len(history.etags) > 1:
            etag = f'"{history.etags[place]}"'
            yield PutObject(
                body=history.body, if_match=etag, secure=history.secure, **history.named
            )

    return make


def _copy_with_another_key(history: History) -> Iterator[Operation]:
    """Copy it in place with a source key that is not its own, to that same key."""
    if history.current is not None:
        wrong = another_key(history.current, source=True) | another_key(history.current)
        yield CopyObject(
            secure=history.secure, **history.named, **history.source(bare=True), **wrong
        )


def _delete_bucket(history: History) -> Iterator[Operation]:
    """Ask for the deletion of the bucket, which is not empty."""
    yield DeleteBucket(bucket=history.bucket, secure=history.secure)


def _default(default: Default) -> Make:
    return lambda history: default.put(history.build, history.bucket)


def _versioning(wanted: Versioning) -> Make:
    def make(history: History) -> Iterator[Operation]:
        document = versioning_document(wanted.value)
        yield PutBucketVersioning(bucket=history.bucket, document=document, secure=history.secure)

    return make


def _kind(name: str, make: Make, *needs: Capability) -> Kind:
    return Kind(name, make, frozenset(needs), _topic(name))


def _topic(name: str) -> str:
    return next(topic for start, topic in _TOPICS.items() if name.startswith(start))


def _writes() -> Iterator[Kind]:
    copy, parts = Capability.COPY, Capability.MULTIPART
    for name, wish in _WISHES.items():
        yield _kind(f"put {name}", put(wish), *wish.needs)
    yield _kind("put with a checksum", put(Wish(), checksum=True), Capability.CHECKSUMS)
    for name in _UPLOADED:
        wish = _WISHES[name]
        yield _kind(f"upload {name}", upload(wish), parts, *wish.needs)
    for name in _COPIED:
        wish = _WISHES[name]
        yield _kind(f"copy over it {name}", _copy_over(wish), copy, *wish.needs)
        yield _kind(f"copy in place {name}", _copy_in_place(wish), copy, *wish.needs)
    sums = (copy, Capability.CHECKSUMS, Capability.SSE_C)
    new_sum = _copy_in_place(_WISHES["C1"], checksum=True)
    yield _kind("copy in place C1 with another checksum", new_sum, *sums)
    yield _kind("restore", _restore, copy, Capability.VERSIONING)


def _deletions() -> Iterator[Kind]:
    versions, several = Capability.VERSIONING, Capability.MULTI_DELETE
    yield _kind("delete", delete)
    yield _kind("delete the newest", _delete_version(0), versions)
    yield _kind("delete the oldest", _delete_version(-1), versions)
    yield _kind("delete among several", _delete_several(by_id=False), several)
    yield _kind("delete the newest among several", _delete_several(by_id=True), several, versions)


def _others() -> Iterator[Kind]:
    yield _kind("refused write", _refused_write)
    yield _kind("write where none is", _write_where_none_is)
    yield _kind("write over what it is", _write_over_known(-1))
    yield _kind("write over what it was", _write_over_known(0))
    wrong = (Capability.COPY, Capability.SSE_C)
    yield _kind("refused copy in place", _copy_with_another_key, *wrong)
    yield _kind("delete the bucket", _delete_bucket)
    for default in (Default(algorithm=KMS, key=0), Default(algorithm=AES)):
        yield _kind(f"default {default.algorithm}", _default(default), *default.needs)


def _bucket_states() -> Iterator[Kind]:
    for wanted in (Versioning.ENABLED, Versioning.SUSPENDED):
        yield _kind(f"versioning {wanted.value}", _versioning(wanted), Capability.VERSIONING)


def every_change(setting: Setting) -> list[Kind]:
    """Return the changes that the target can be asked for."""
    kinds = (*_writes(), *_deletions(), *_others(), *_bucket_states())
    keys = len(setting.kms_keys)
    named = ("K1", "K2", "DSSE", KMS)
    return [
        one
        for one in kinds
        if one.needs <= setting.capabilities
        and (keys > 1 or not any(text in one.name for text in named))
    ]
