"""Directory buckets: their defaults, the sessions in them, and what is written within those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.looking import copy_source
from conformance.tables.arrays import Row, Rule, Table, one_at_a_time, when
from conformance.tables.making import COPIES, PATH_NEEDS, PUT, make, write
from conformance.tables.making import COPY as _COPY
from conformance.tables.making import UPLOAD as _UPLOAD
from conformance.tables.scene import Scene, customer_key
from conformance.tables.values import (
    ABSENT,
    CUSTOMER,
    DSSE,
    KMS,
    NOTHING,
    S3,
    Encryption,
    asked_in,
    default_needs,
    made_needs,
    put_default,
)
from model.clause import Capability
from model.operations.create_bucket import directory_bucket
from model.operations.create_session import SESSION_TOKEN, CreateSession
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

_SESSIONS: dict[str, Encryption] = {
    "by the default": Encryption(NOTHING),
    "AES256": Encryption(S3),
    "KMS": Encryption(KMS),
    "KMS, id": Encryption(KMS, "id"),
    "KMS, other id": Encryption(KMS, "other id"),
    "KMS, alias": Encryption(KMS, "managed alias"),
    "KMS, context": Encryption(KMS, ABSENT, ABSENT, "one pair"),
    "KMS, no Bucket Key": Encryption(KMS, ABSENT, "false"),
    "DSSE": Encryption(DSSE),
    "read-only": Encryption(NOTHING),
}
_SOURCES = ("no source", "SSE-S3", "SSE-KMS", "SSE-C", "in the directory bucket")


def _needs(factor: str, value: str) -> frozenset[Capability]:
    here = frozenset({Capability.DIRECTORY_BUCKETS})
    if factor == "default":
        return here | default_needs(value)
    if factor == "session":
        return _SESSIONS[value].needs
    if factor == "path":
        return PATH_NEEDS[value]
    if factor == "asked":
        return Encryption(value).needs
    if factor == "source":
        return made_needs(value)
    if factor == "flag" and value != ABSENT:
        return frozenset({Capability.BUCKET_KEY})
    return frozenset()


DIRECTORIES = Table(
    name="directory buckets",
    factors={
        "session": tuple(_SESSIONS),
        "default": ("never put", "AES256", "KMS, id", "KMS, then AES256", "deleted"),
        "path": (PUT, _COPY, _UPLOAD),
        "asked": (NOTHING, S3, KMS, DSSE, CUSTOMER),
        "key": (ABSENT, "id", "other ARN", "managed alias", "unknown id"),
        "flag": (ABSENT, "true", "false"),
        "context": (ABSENT, "one pair"),
        "source": _SOURCES,
    },
    rules=(
        when("asked", (NOTHING, S3, DSSE, CUSTOMER), "key", (ABSENT,)),
        when("asked", (NOTHING, S3, DSSE, CUSTOMER), "flag", (ABSENT,)),
        when("asked", (NOTHING, S3, DSSE, CUSTOMER), "context", (ABSENT,)),
        Rule(("path", "source"), lambda path, source: (path in COPIES) is (source != _SOURCES[0])),
        *one_at_a_time(
            {
                "session": ("KMS, other id", "KMS, alias", "KMS, context", "DSSE", "read-only"),
                "asked": (DSSE, CUSTOMER),
                "key": ("managed alias", "unknown id"),
                "context": ("one pair",),
            }
        ),
    ),
    needs=_needs,
)

_KMS_DEFAULT = ("KMS, id",)


def _fits_session(session: str, default: str, path: str, asked: str) -> bool:
    """Tell whether what is asked for is that of the session; of a copy, whether it can be had."""
    by_default = KMS if default in _KMS_DEFAULT else S3
    if path in COPIES:
        return asked != KMS or by_default == KMS
    within = by_default if _SESSIONS[session].asked == NOTHING else _SESSIONS[session].asked
    return asked in {NOTHING, within}


SOUND_DIRECTORIES = Table(
    name="sound directory buckets",
    factors={
        "session": ("by the default", "AES256", "KMS", "KMS, id"),
        "default": ("KMS, id", "never put", "AES256", "KMS, then AES256", "deleted"),
        "path": (PUT, _COPY, _UPLOAD),
        "asked": (NOTHING, S3, KMS),
        "key": (ABSENT, "id"),
        "flag": (ABSENT,),
        "context": (ABSENT,),
        "source": _SOURCES,
    },
    rules=(
        when("session", ("KMS", "KMS, id"), "default", _KMS_DEFAULT),
        Rule(("session", "default", "path", "asked"), _fits_session),
        when("asked", (NOTHING, S3), "key", (ABSENT,)),
        Rule(("path", "source"), lambda path, source: (path in COPIES) is (source != _SOURCES[0])),
    ),
    needs=_needs,
)


class Directories:
    """Some rows in a directory bucket of their own; each opens a session and writes within it."""

    def __init__(self, rows: Sequence[Row], build: Requests) -> None:
        self.rows = rows
        self.scene = Scene(build)
        self.bucket = build.universe.directory_buckets[0]

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        scene = self.scene
        sources = dict.fromkeys(row["source"] for row in self.rows if row["path"] in COPIES)
        outside = [one for one in sources if one != _SOURCES[-1]]
        if outside:
            yield from scene.open_bucket(scene.bucket, Versioning.NEVER)
            yield from scene.allow_sse_c(scene.bucket)
            for label in outside:
                yield from make(scene, scene.bucket, label, label, b"data from outside", customer=1)
        yield directory_bucket(self.bucket, secure=scene.secure)
        yield from put_default(scene, self.bucket, self.rows[0]["default"])
        yield from scene.look_at_default(self.bucket)
        yield CreateSession(bucket=self.bucket, secure=scene.secure)
        if _SOURCES[-1] in sources:
            named = {"bucket": self.bucket, "object_key": _SOURCES[-1]}
            within = self._token() or scene.build.session_token(self.bucket)
            yield from write(scene, PUT, {**named, "session_token": within}, [b"data from inside"])
        for number, row in enumerate(self.rows):
            yield from self._row(number, row)

    def _token(self) -> str | None:
        answer = self.scene.answer
        return None if answer is None or not answer.succeeded else answer.text(SESSION_TOKEN)

    def _row(self, number: int, row: Row) -> Iterator[Operation]:
        scene = self.scene
        asked = _SESSIONS[row["session"]]
        headers: Fields = {}
        asked.put(scene, headers)
        if row["session"] == "read-only":
            headers["session_mode"] = "ReadOnly"
        yield CreateSession(bucket=self.bucket, secure=scene.secure, **headers)
        token = self._token()
        if token is None:
            return
        # Two rows write to one object key, so that there is something to be replaced.
        fields: Fields = {"bucket": self.bucket, "object_key": f"d{number // 2}"}
        asked_in(row).put(scene, fields)
        if row["path"] in COPIES:
            self._source(row, fields)
        else:  # what a copy gets within a session is not documented
            fields["session_token"] = token
        yield from write(scene, row["path"], fields, [b"hello, world"])
        for data in (True, False):
            yield scene.look(self.bucket, f"d{number // 2}", data=data)

    def _source(self, row: Row, fields: Fields) -> None:
        inside = row["source"] == _SOURCES[-1]
        bucket = self.bucket if inside else self.scene.bucket
        fields["copy_source"] = copy_source(bucket, row["source"])
        if row["source"] == "SSE-C":
            faults.put_customer_key(fields, customer_key(1), source=True)


def states(row: Row) -> str:
    """Return what rows of one script share."""
    return row["default"]


def directories(rows: Sequence[Row]) -> Script:
    """Return the script of these rows."""
    return lambda build: Directories(rows, build).requests()
