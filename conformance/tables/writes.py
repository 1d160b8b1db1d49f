"""Sound writes: every path, every encryption asked for, in every state of the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.tables.arrays import Row, Rule, Table, when
from conformance.tables.making import (
    COPIES,
    COPY,
    PART_COPY,
    PATH_NEEDS,
    PATHS,
    make,
    name_source,
    write,
)
from conformance.tables.scene import Scene
from conformance.tables.values import (
    ABSENT,
    ASKED,
    BLOCKED,
    CONTEXT_TEXTS,
    CUSTOMER,
    DEFAULTS,
    DSSE,
    FLAGS,
    MADE,
    NEVER,
    NOTHING,
    S3,
    VERSIONING,
    Encryption,
    asked_in,
    default_needs,
    made_needs,
    put_default,
)
from conformance.universe import LARGE_BODY
from model.answer import VERSION_ID
from model.clause import Capability
from model.stored import ObjectVersion
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

IN_PLACE = "in place"
NO_SOURCE = "no source"
OLDER, CURRENT = "older version", "current"
SAME, OTHER = "same bucket", "other bucket"
OBJECT_KEYS = {"plain": "a", "escaped": "dir/c d+e~&", "beyond ASCII": "d\u00fc/\u65e5"}
SIZES = {"text": b"hello, world", "empty": b"", "byte": b"x", "large": LARGE_BODY}
SSE_C_MADE = tuple(label for label, one in MADE.items() if one.asked == CUSTOMER)
_EXISTING = ("SSE-S3", "Bucket Key", "DSSE", "SSE-C")


def write_needs(factor: str, value: str) -> frozenset[Capability]:
    """Return what a target must be able to do for a value of a table of writes."""
    if factor == "path":
        return PATH_NEEDS[value]
    if factor == "default":
        return default_needs(value)
    if factor == "asked":
        return Encryption(value).needs
    if factor == "key":
        return Encryption(NOTHING, value).needs
    if factor in {"source", "existing"}:
        return made_needs(value)
    if factor == "flag" and value != ABSENT:
        return frozenset({Capability.BUCKET_KEY})
    if factor == "versioning" and value != NEVER:
        return frozenset({Capability.VERSIONING})
    return frozenset()


def _changes_something(existing: str, asked: str, directive: str) -> bool:
    return existing != IN_PLACE or asked != NOTHING or directive == "REPLACE"


WRITES = Table(
    name="writes",
    factors={
        "path": PATHS,
        "default": tuple(DEFAULTS),
        "asked": ASKED,
        "key": (ABSENT, "id", "other ARN", "alias", "alias ARN", "managed alias"),
        "flag": FLAGS,
        "context": tuple(CONTEXT_TEXTS),
        "source": (NO_SOURCE, *MADE),
        "source version": (CURRENT, OLDER),
        "source bucket": (SAME, OTHER),
        "existing": (ABSENT, IN_PLACE, *_EXISTING),
        "directive": (ABSENT, "COPY", "REPLACE"),
        "versioning": VERSIONING,
        "object key": tuple(OBJECT_KEYS),
        "size": tuple(SIZES),
    },
    rules=(
        when("asked", (NOTHING, S3, CUSTOMER), "key", (ABSENT,)),
        when("asked", (NOTHING, S3, DSSE, CUSTOMER), "flag", (ABSENT,)),
        when("asked", (NOTHING, S3, CUSTOMER), "context", (ABSENT,)),
        Rule(("path", "source"), lambda path, source: (path in COPIES) is (source != NO_SOURCE)),
        Rule(("path", "source bucket"), lambda path, where: path in COPIES or where == SAME),
        Rule(("path", "source version"), lambda path, one: path in COPIES or one == CURRENT),
        Rule(("path", "directive"), lambda path, said: path == COPY or said == ABSENT),
        Rule(("path", "existing"), lambda path, found: path == COPY or found != IN_PLACE),
        when("source version", (OLDER,), "source bucket", (SAME,)),
        when("source version", (OLDER,), "versioning", VERSIONING[1:]),
        when("existing", (IN_PLACE,), "source bucket", (SAME,)),
        when("existing", (IN_PLACE,), "source version", (CURRENT,)),
        Rule(("existing", "asked", "directive"), _changes_something),
        when("default", (BLOCKED,), "asked", ASKED[:-1]),
        when("default", (BLOCKED,), "existing", (ABSENT, IN_PLACE, *_EXISTING[:-1])),
        Rule(
            ("default", "source", "source bucket"),
            lambda default, source, where: (
                default != BLOCKED or source not in SSE_C_MADE or where == OTHER
            ),
        ),
        # Nothing can be copied as a part of what is empty.
        when("path", (PART_COPY,), "size", ("text", "byte", "large")),
    ),
    needs=write_needs,
)


class Writes:
    """Some rows of the table in a bucket of their own: they share its default and versioning."""

    def __init__(self, rows: Sequence[Row], build: Requests) -> None:
        self.rows = rows
        self.scene = Scene(build)
        self.versioning = Versioning(rows[0]["versioning"])
        self._sources: dict[tuple[str, ...], str | None] = {}

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        scene, first = self.scene, self.rows[0]
        yield from scene.open_bucket(scene.bucket, self.versioning)
        if any(row["source bucket"] == OTHER for row in self.rows):
            yield from scene.open_bucket(scene.other, Versioning.NEVER)
            yield from scene.allow_sse_c(scene.other)
        yield from put_default(scene, scene.bucket, first["default"])
        if self.versioning is Versioning.SUSPENDED:
            for row in self.rows:
                if row["source version"] == OLDER:
                    yield from self._source(row)
            yield scene.versioning(scene.bucket, Versioning.SUSPENDED)
        for number, row in enumerate(self.rows):
            yield from self._row(number, row)
        yield from scene.look_at_default(scene.bucket)

    def _row(self, number: int, row: Row) -> Iterator[Operation]:
        scene = self.scene
        object_key = f"{OBJECT_KEYS[row['object key']]}{number}"
        encryption = asked_in(row)
        yield from scene.keys_for([encryption.key])
        fields: Fields = {"bucket": scene.bucket, "object_key": object_key}
        older = None
        if row["existing"] in MADE:
            yield from make(scene, scene.bucket, object_key, row["existing"], b"before", customer=2)
            older = scene.held(scene.bucket, object_key)
        if row["existing"] == IN_PLACE:
            yield from make(scene, scene.bucket, object_key, row["source"], _body(row), customer=1)
            name_source(scene, fields, scene.bucket, object_key)
        elif row["source"] != NO_SOURCE:
            yield from self._source(row)
            name_source(scene, fields, *self._place(row), self._sources[_source_of(row)])
        encryption.put(scene, fields)
        if row["directive"] != ABSENT:
            fields["metadata_directive"] = row["directive"]
        if row["directive"] == "REPLACE" or row["path"] != COPY:
            fields["metadata"] = (("row", str(number)),)
        yield from write(scene, row["path"], fields, [_body(row)])
        yield scene.look(scene.bucket, object_key, data=number % 2 == 0)
        yield from self._bystander(number, row, object_key, older)

    def _bystander(
        self, number: int, row: Row, object_key: str, older: object
    ) -> Iterator[Operation]:
        """Look at what the write must have left alone: the older version, or the source."""
        scene = self.scene
        if self.versioning is Versioning.ENABLED and isinstance(older, ObjectVersion):
            yield scene.look(scene.bucket, object_key, older.version_id, data=number % 2 == 1)
        elif row["source"] != NO_SOURCE and row["existing"] != IN_PLACE and number % 2:
            version_id = self._sources[_source_of(row)]
            yield scene.look(*self._place(row), version_id, data=True)

    def _place(self, row: Row) -> tuple[str, str]:
        """Return bucket and object key of a row's source."""
        bucket = self.scene.other if row["source bucket"] == OTHER else self.scene.bucket
        return bucket, f"{row['source']}, {row['source version']}, {row['size']}"

    def _source(self, row: Row) -> Iterator[Operation]:
        """Make the source of a row, if it is not there; one that is to be older is overwritten."""
        scene = self.scene
        if row["source"] == NO_SOURCE or _source_of(row) in self._sources:
            return
        bucket, object_key = self._place(row)
        yield from make(scene, bucket, object_key, row["source"], _body(row), customer=1)
        answer = scene.answer
        version_id = None
        if row["source version"] == OLDER:
            version_id = None if answer is None else answer.text(VERSION_ID)
            yield from make(scene, bucket, object_key, "SSE-S3", b"in its place", customer=1)
        self._sources[_source_of(row)] = version_id


def _source_of(row: Row) -> tuple[str, ...]:
    return row["source"], row["source version"], row["source bucket"], row["size"]


def _body(row: Row) -> bytes:
    return SIZES[row["size"]]


def states(row: Row) -> tuple[str, ...]:
    """Return what rows of one script share."""
    return row["default"], row["versioning"]


def writes(rows: Sequence[Row]) -> Script:
    """Return the script of these rows."""
    return lambda build: Writes(rows, build).requests()
