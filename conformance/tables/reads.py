"""Reads of objects however they were written, with headers that are right, wrong or needless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.tables.arrays import Row, Rule, Table, when
from conformance.tables.making import COPY, PATH_NEEDS, POST, make, name_source, write
from conformance.tables.scene import Scene
from conformance.tables.values import (
    CUSTOMER,
    KMS,
    MADE,
    NEVER,
    VERSIONING,
    Encryption,
    made_needs,
)
from conformance.tables.wrong import customer_texts, sets
from conformance.universe import CONTEXTS, CUSTOMER_KEYS, LARGE_BODY, LARGE_PART
from model.answer import VERSION_ID
from model.clause import Capability
from model.operations.delete_object import DeleteObject
from model.operations.get_object import GetObject
from model.operations.get_object_attributes import GetObjectAttributes
from model.operations.head_object import HeadObject
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.phase import Script
    from conformance.requests import Requests
    from conformance.tables.wrong import Spoil
    from model.operation import Operation

GET, HEAD, ATTRIBUTES = "GetObject", "HeadObject", "GetObjectAttributes"
CURRENT, BY_ID, OLDER = "current", "current, by id", "older, by id"
WHOLE = "whole"
RIGHT = "as it should be"
EMPTY, LARGE, FORM, COPIED, TWO_PARTS = (
    "SSE-C, empty",
    "SSE-C, large",
    "Bucket Key, by a form",
    "SSE-C, copied",
    "SSE-C, in two parts",
)
WRITTEN = (*MADE, EMPTY, LARGE, FORM, COPIED, TWO_PARTS)
SSE_C_WRITTEN = tuple(one for one in WRITTEN if "SSE-C" in one)
OTHERWISE = tuple(one for one in WRITTEN if one not in SSE_C_WRITTEN)
_PLACES: dict[str, Fields] = {
    WHOLE: {},
    "first bytes": {"range": "bytes=0-4"},
    "middle": {"range": "bytes=3-8"},
    "last bytes": {"range": "bytes=-3"},
    "beyond 64 KiB": {"range": "bytes=65540-65555"},
    "behind the end": {"range": "bytes=900000000-"},
    "part 1": {"part_number": "1"},
    "part 2": {"part_number": "2"},
}
RANGES = tuple(label for label, fields in _PLACES.items() if "range" in fields)
PARTS = tuple(label for label, fields in _PLACES.items() if "part_number" in fields)


def _customer_headers() -> Iterator[tuple[str, Spoil]]:
    yield from customer_texts("customer_")
    whole = ("customer_algorithm", "customer_key", "customer_key_md5")
    yield "no key", sets(**dict.fromkeys(whole))
    other = CUSTOMER_KEYS[2]
    texts = dict(zip(whole, (other.algorithm, other.key, other.key_md5), strict=True))
    yield "another key", sets(**texts)


_OF_CUSTOMER = dict(_customer_headers())
_NEEDLESS: dict[str, Spoil] = {
    "algorithm AES256": sets(sse="AES256"),
    "algorithm aws:kms": sets(sse="aws:kms"),
    "key id": lambda scene, fields: fields.update(kms_key_id=scene.key_text("id")),
    "flag": sets(bucket_key_enabled="true"),
    "context": sets(encryption_context=CONTEXTS[0]),
}
_NEEDLESS_KEY = "needless key"
_HEADERS: dict[str, Spoil] = {
    RIGHT: sets(),
    _NEEDLESS_KEY: _OF_CUSTOMER["another key"],
    **_NEEDLESS,
    **_OF_CUSTOMER,
}


def _needs(factor: str, value: str) -> frozenset[Capability]:
    if factor == "operation" and value == ATTRIBUTES:
        return frozenset({Capability.ATTRIBUTES})
    if factor == "written":
        return _written_needs(value)
    if factor == "versioning" and value != NEVER:
        return frozenset({Capability.VERSIONING})
    if factor == "headers" and (value in _OF_CUSTOMER or value == _NEEDLESS_KEY):
        return frozenset({Capability.SSE_C})
    if factor == "headers" and value in _NEEDLESS and value != "algorithm AES256":
        return frozenset({Capability.SSE_KMS})
    return frozenset()


def _written_needs(value: str) -> frozenset[Capability]:
    if value in MADE:
        return made_needs(value)
    found = {Capability.SSE_C} if "SSE-C" in value else set(MADE["Bucket Key"].needs)
    if value == FORM:
        found |= PATH_NEEDS[POST]
    if value == COPIED:
        found |= PATH_NEEDS[COPY]
    if value == TWO_PARTS:
        found.add(Capability.MULTIPART)
    return frozenset(found)


READS = Table(
    name="reads",
    factors={
        "headers": tuple(_HEADERS),
        "written": WRITTEN,
        "operation": (GET, HEAD, ATTRIBUTES),
        "version": (CURRENT, BY_ID, OLDER),
        "versioning": VERSIONING,
        "place": tuple(_PLACES),
    },
    rules=(
        when("headers", _OF_CUSTOMER, "written", SSE_C_WRITTEN),
        when("headers", (_NEEDLESS_KEY,), "written", OTHERWISE),
        when("place", RANGES, "operation", (GET, HEAD)),
        when("place", PARTS, "operation", (GET, HEAD)),
        when("version", (BY_ID, OLDER), "versioning", VERSIONING[1:]),
        # Two parts are large: they are made for few rows.
        when("written", (TWO_PARTS,), "versioning", VERSIONING[:1]),
        Rule(("version", "versioning"), lambda one, of: one != OLDER or of != NEVER),
    ),
    needs=_needs,
)


class Reads:
    """Some rows about one object: written, read, written over, and read and deleted by its id."""

    object_key = "read/it"

    def __init__(self, rows: Sequence[Row], build: Requests) -> None:
        self.rows = sorted(rows, key=lambda row: row["version"] == OLDER)
        self.scene = Scene(build)
        self.versioning = Versioning(rows[0]["versioning"])

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        scene, written = self.scene, self.rows[0]["written"]
        yield from scene.open_bucket(scene.bucket, self.versioning)
        yield from scene.allow_sse_c(scene.bucket)
        if self.versioning is not Versioning.NEVER:
            yield from make(
                scene, scene.bucket, self.object_key, "SSE-S3", b"the oldest", customer=2
            )
        yield from self._write(written)
        answer = scene.answer
        version_id = None if answer is None else answer.text(VERSION_ID)
        if self.versioning is Versioning.SUSPENDED:
            yield scene.versioning(scene.bucket, Versioning.SUSPENDED)
        over = False
        for row in self.rows:
            if row["version"] == OLDER and not over:
                over = True
                yield from make(
                    scene, scene.bucket, self.object_key, "DSSE", b"over it", customer=2
                )
            yield self._read(row, None if row["version"] == CURRENT else version_id)
        if over and version_id is not None:
            yield DeleteObject(
                bucket=scene.bucket,
                object_key=self.object_key,
                version_id=version_id,
                secure=scene.secure,
            )

    def _write(self, written: str) -> Iterator[Operation]:
        """Write the object in the way that rows ask for."""
        scene = self.scene
        fields: Fields = {"bucket": scene.bucket, "object_key": self.object_key}
        if written in MADE:
            yield from make(
                scene, scene.bucket, self.object_key, written, b"hello, world", customer=0
            )
            return
        asked = Encryption(KMS, "other ARN", "true") if written == FORM else Encryption(CUSTOMER)
        asked.put(scene, fields)
        bodies = {EMPTY: [b""], LARGE: [LARGE_BODY], TWO_PARTS: [LARGE_PART, b"the rest of it"]}
        path = {FORM: POST, COPIED: COPY, TWO_PARTS: "UploadPart"}.get(written, "PutObject")
        if written == COPIED:
            yield from make(
                scene, scene.bucket, "copied from", "SSE-C", b"hello, world", customer=1
            )
            name_source(scene, fields, scene.bucket, "copied from")
        yield from write(scene, path, fields, bodies.get(written, [b"hello, world"]))

    def _read(self, row: Row, version_id: str | None) -> Operation:
        scene = self.scene
        fields: Fields = {"bucket": scene.bucket, "object_key": self.object_key}
        fields |= {"version_id": version_id, **_PLACES[row["place"]]}
        if row["written"] in SSE_C_WRITTEN:
            Encryption(CUSTOMER).put(scene, fields)
        _HEADERS[row["headers"]](scene, fields)
        if row["operation"] == ATTRIBUTES:
            asked = "ETag,ObjectSize"
            return GetObjectAttributes(object_attributes=asked, secure=scene.secure, **fields)
        kind = GetObject if row["operation"] == GET else HeadObject
        return kind(secure=scene.secure, **fields)


def states(row: Row) -> tuple[str, ...]:
    """Return what rows of one script share."""
    return row["written"], row["versioning"]


def reads(rows: Sequence[Row]) -> Script:
    """Return the script of these rows."""
    return lambda build: Reads(rows, build).requests()
