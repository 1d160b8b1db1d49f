"""The phase ``histories``: what an object was must not show in what it is, nor the other way.

An object is written, overwritten, deleted and restored a few times in a row. Between the changes it
is read in ways that differ from time to time: by version, in part, on conditions, with the customer
key of another day. Each kind of change follows each two others, with versioning and without.
"""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from conformance.histories.changes import every_change
from conformance.histories.history import History
from conformance.histories.looks import every_look
from conformance.histories.plan import histories
from conformance.histories.uploads import every_look_at_parts, every_upload
from conformance.phase import Setting, Stage, phase
from conformance.universe import OBJECT_KEYS, ODD_KEYS
from model.clause import Capability
from model.operations.create_bucket import CreateBucket
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.histories.history import Kind
    from conformance.histories.plan import Turn
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

    Kinds = Callable[[Setting], list[Kind]]

_KEYS = (OBJECT_KEYS[0], *ODD_KEYS)


@phase("histories", percent=20)
def plan_histories(setting: Setting) -> Iterator[Stage]:
    """Plan the histories: of all changes with versions and without, in turns; and of uploads."""
    scripts: list[tuple[float, Script]] = []
    for versioned in (True, False):
        planned = _planned(setting, every_change, every_look, versioned=versioned)
        scripts += [(number / len(planned), script) for number, script in enumerate(planned)]
    row = [script for _, script in sorted(scripts, key=itemgetter(0))]
    yield Stage(name="one change behind another", scripts=iter(row), planned=len(row))
    # For these much is sent: they are in buckets that keep versions, or where there are none.
    versioned = setting.has(Capability.VERSIONING)
    row = _planned(setting, every_upload, every_look_at_parts, row=2, versioned=versioned)
    yield Stage(name="one upload behind another", scripts=iter(row), planned=len(row))


def _planned(
    setting: Setting, changes: Kinds, looks: Kinds, *, versioned: bool, row: int = 3
) -> list[Script]:
    """Return histories in buckets that keep versions, or in such that do not.

    None of the former where the target has no versions. Topics follow each other in rows so long.
    """
    if versioned and not setting.has(Capability.VERSIONING):
        return []
    lacks = frozenset() if versioned else frozenset({Capability.VERSIONING})
    known = replace(setting, capabilities=setting.capabilities - lacks)
    planned = histories(changes(known), looks(known), row=row)
    return [script_of(turns, number, versioned=versioned) for number, turns in enumerate(planned)]


def script_of(turns: Sequence[Turn], number: int, *, versioned: bool) -> Script:
    """Return the script that plays a history."""
    return lambda build: _play(build, turns, number, versioned=versioned)


def _play(
    build: Requests, turns: Sequence[Turn], number: int, *, versioned: bool
) -> Iterator[Operation]:
    bucket = build.universe.buckets[0]
    history = History(build=build, bucket=bucket, object_key=_KEYS[number % len(_KEYS)])
    yield CreateBucket(bucket=bucket, secure=build.secure)
    if versioned:
        document = versioning_document(Versioning.ENABLED.value)
        yield PutBucketVersioning(bucket=bucket, document=document, secure=build.secure)
    for turn in turns:
        history.number += 1
        yield from turn.change.make(history)
        history.note()
        for look in turn.looks:
            yield from look.make(history)
