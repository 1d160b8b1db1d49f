"""Rows of an object's versions, newest first; Presence.UNKNOWN stands for any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.stored import NULL_VERSION, Presence

if TYPE_CHECKING:
    from model.stored import ObjectVersion, StoredVersion


def id_of(version: StoredVersion) -> str | None:
    """Return the id of a version; None where there is none, or it is not known."""
    return None if isinstance(version, Presence) else version.version_id


def row_of(current: ObjectVersion | Presence) -> tuple[StoredVersion, ...]:
    """Return the versions of an object that has no more than the current one."""
    return () if current is Presence.ABSENT else (current,)


def place_of(row: tuple[StoredVersion, ...], version_id: str | None) -> int | None:
    """Return where the version of that id stands in a row, None where it is not there."""
    if version_id is None:
        return None
    return next((i for i, version in enumerate(row) if id_of(version) == version_id), None)


def unsure_row(row: tuple[StoredVersion, ...]) -> tuple[StoredVersion, ...]:
    """Return a row of which the null version may be gone."""
    return tuple(v if id_of(v) not in {None, NULL_VERSION} else Presence.UNKNOWN for v in row)


def joined(row: tuple[StoredVersion, ...]) -> tuple[StoredVersion, ...]:
    """Return a row with what is not known in one piece: it stands for any number of versions."""
    unknown = Presence.UNKNOWN
    pairs = zip(row, (None, *row), strict=False)
    return tuple(version for version, above in pairs if not (version is above is unknown))
