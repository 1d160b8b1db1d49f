"""Profiles: the parts of the specification that a target may claim, and a run may be limited to."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from conformance.settings import UsageError
from model.clause import Capability, every_clause, find_clause

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALWAYS = frozenset({Capability.SSE_S3, Capability.COPY})

_ENCRYPTION = frozenset(
    {
        Capability.BUCKET_ENCRYPTION,
        Capability.SSE_KMS,
        Capability.DSSE_KMS,
        Capability.SSE_C,
        Capability.BLOCKED_TYPES,
    }
)
_NEEDED = {
    "post": _ENCRYPTION | {Capability.POST_FORM},
    "presigned": _ENCRYPTION | {Capability.PRESIGNED},
    "policy": _ENCRYPTION | {Capability.BUCKET_POLICY},
    "checksums": _ENCRYPTION | {Capability.CHECKSUMS},
    "sse-s3": frozenset({Capability.BUCKET_ENCRYPTION}),
    "bucket-default": frozenset(Capability),
    "sse-kms": frozenset({Capability.SSE_KMS, Capability.KMS_API, Capability.BUCKET_ENCRYPTION}),
    "bucket-keys": frozenset(
        {Capability.SSE_KMS, Capability.BUCKET_KEY, Capability.BUCKET_ENCRYPTION}
    ),
    "dsse-kms": frozenset({Capability.DSSE_KMS, Capability.BUCKET_ENCRYPTION}),
    "sse-c": frozenset({Capability.SSE_C, Capability.BLOCKED_TYPES, Capability.BUCKET_ENCRYPTION}),
    "copy": frozenset(Capability),
    "archive": frozenset({Capability.ARCHIVE, Capability.SSE_KMS, Capability.SSE_C}),
    "update-encryption": frozenset(
        {
            Capability.UPDATE_ENCRYPTION,
            Capability.SSE_KMS,
            Capability.BUCKET_KEY,
            Capability.DSSE_KMS,
            Capability.SSE_C,
            Capability.KMS_API,
            Capability.VERSIONING,
        }
    ),
    "directory": _ENCRYPTION
    | {Capability.DIRECTORY_BUCKETS, Capability.KMS_API, Capability.MULTIPART},
    "fsx": frozenset({Capability.FSX_ACCESS_POINT}),
}


def known_profiles() -> tuple[str, ...]:
    """Return the names of all profiles."""
    return tuple(sorted({clause.profile for clause in every_clause()}))


def check_profiles(names: Iterable[str]) -> None:
    """Raise UsageError for a name that is no profile."""
    known = known_profiles()
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            guess = f"did you mean {near[0]}? " if near else ""
            raise UsageError(
                f"--profile {name}: there is no such profile; {guess}they are {', '.join(known)}"
            )


def is_wanted(clause_id: str, profiles: tuple[str, ...]) -> bool:
    """Tell whether a clause belongs to the profiles of a run (to any, where none are named)."""
    return not profiles or find_clause(clause_id).profile in profiles


def limited(
    capabilities: frozenset[Capability], profiles: tuple[str, ...]
) -> frozenset[Capability]:
    """Return the capabilities that requests for these profiles use."""
    if not profiles:
        return capabilities
    used = _ALWAYS.union(*(_NEEDED.get(name, frozenset(Capability)) for name in profiles))
    used |= {c.needs for c in every_clause() if c.profile in profiles and c.needs is not None}
    return capabilities & used
