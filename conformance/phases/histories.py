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
from conformance.phase import Setting, Stage, phase
from conformance.universe import OBJECT_KEYS, ODD_KEYS
from model.clause import Capability
from model.operations.create_bucket import CreateBucket
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.histories.history import Kind
    from conformance.histories.plan import Turn
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

_KEYS = (OBJECT_KEYS[0], *ODD_KEYS)


@phase("histories", percent=20)
def plan_histories(setting: Setting) -> Iterator[Stage]:
    """Plan the histories in buckets that keep versions and in such that do not, in turns."""
    scripts: list[tuple[float, Script]] = []
    for versioned in (True, False):
        planned = list(histories(*_kinds(setting, versioned=versioned)))
        places = ((place / len(planned), turns) for place, turns in enumerate(planned))
        scripts += [
            (place, script_of(turns, number, versioned=versioned))
            for number, (place, turns) in enumerate(places)
        ]
    scripts.sort(key=itemgetter(0))
    row = [script for _, script in scripts]
    yield Stage(name="one change behind another", scripts=iter(row), planned=len(row))


def _kinds(setting: Setting, *, versioned: bool) -> tuple[list[Kind], list[Kind]]:
    """Return the changes and the looks; none of versions in a bucket that keeps none."""
    lacks = frozenset() if versioned else frozenset({Capability.VERSIONING})
    known = replace(setting, capabilities=setting.capabilities - lacks)
    if versioned and not setting.has(Capability.VERSIONING):
        return [], []
    return every_change(known), every_look(known)


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
