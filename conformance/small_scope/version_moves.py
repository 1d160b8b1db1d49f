"""Moves about older versions and several objects, and writes that depend on what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.deleting import deletion_of
from conformance.looking import another_key, copy_source, key_fields, versions_with_ids
from conformance.small_scope.moves import Aim, Tier, add_move
from conformance.small_scope.object_moves import put
from model.clause import Capability
from model.delete_document import Named
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.delete_object import DeleteObject
from model.operations.put_object import PutObject
from model.sse import SseC
from model.stored import DeleteMarker, ObjectVersion

if TYPE_CHECKING:
    from conformance.faults import Fields
    from conformance.small_scope.moves import Make, Stand
    from model.operation import Operation


def _row(stand: Stand) -> tuple[tuple[str, ObjectVersion | DeleteMarker], ...]:
    """Return the versions of the object whose ids are known, the newest first."""
    return versions_with_ids(stand.world, stand.bucket, stand.one)


def _older(stand: Stand) -> tuple[str, ObjectVersion] | None:
    """Return the newest of the versions that are not current, behind its id."""
    for version_id, one in _row(stand)[1:]:
        if isinstance(one, ObjectVersion):
            return version_id, one
    return None


def _delete(place: int) -> Make:
    """Delete the version, or the delete marker, at a place of the object's row by its id."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        row = _row(stand)
        if len(row) <= place:
            return ()
        named: Fields = {"bucket": stand.bucket, "object_key": stand.one}
        return (DeleteObject(version_id=row[place][0], secure=stand.secure, **named),)

    return make


def _delete_several(*, by_id: bool) -> Make:
    """Delete both objects in one request: the first of them by the id of its newest version."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        row = _row(stand)
        found = existing_bucket(stand.world, stand.bucket)
        if found is None or not found.row(stand.one) or (by_id and not row):
            return ()
        named = (Named(stand.one, row[0][0] if by_id else None), Named(stand.other, None))
        quiet = stand.number % 4 == 0
        return (deletion_of(stand.bucket, named, secure=stand.secure, quiet=quiet),)

    return make


def _copy_older(*, wrongly: bool) -> Make:
    """Copy the older version to the other object; wrongly: without the key that opens it alone."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        found = _older(stand)
        if found is None:
            return ()
        version_id, version = found
        if wrongly and not isinstance(version.encryption, SseC):
            return ()
        fields = (another_key if wrongly else key_fields)(version, source=True)
        return (
            CopyObject(
                bucket=stand.bucket,
                object_key=stand.other,
                copy_source=copy_source(stand.bucket, stand.one, version_id),
                secure=stand.secure,
                **fields,
            ),
        )

    return make


def _put_over_older(stand: Stand) -> tuple[Operation, ...]:
    """Put over the version before the current one, which is refused."""
    found = _older(stand)
    if found is None or found[1].etag is None:
        return ()
    etag = f'"{found[1].etag}"'
    return put(lambda _: {"if_match": etag})(stand)


def _put_folder(stand: Stand) -> tuple[Operation, ...]:
    """Put an object of no data that looks like a folder."""
    name = f"{stand.one}/"
    return (PutObject(bucket=stand.bucket, object_key=name, body=b"", secure=stand.secure),)


def _add(
    name: str,
    make: Make,
    *needs: Capability,
    opens: bool = False,
    kept: bool = False,
    tier: Tier = Tier.CORE,
) -> None:
    add_move(name, Aim.OBJECTS, (make,), *needs, opens=opens, kept=kept, tier=tier)


def _add_all() -> None:
    versions, copy, several = Capability.VERSIONING, Capability.COPY, Capability.MULTI_DELETE
    variant = Tier.VARIANT
    _add("delete newest", _delete(0), versions, kept=True, tier=Tier.INNER)
    _add("delete older", _delete(1), versions, kept=True)
    _add("delete several", _delete_several(by_id=False), several, kept=True)
    _add("delete several by id", _delete_several(by_id=True), several, versions, kept=True)
    _add("copy older", _copy_older(wrongly=False), versions, copy)
    wrongly = _copy_older(wrongly=True)
    _add("copy older wrongly", wrongly, versions, copy, Capability.SSE_C, tier=variant)
    if_absent = put(lambda _: {"if_none_match": "*"})
    _add("put if absent", if_absent, opens=True, kept=True, tier=variant)
    _add("put if older", _put_over_older, versions, kept=True, tier=variant)
    _add("put folder", _put_folder, opens=True, tier=variant)


_add_all()
