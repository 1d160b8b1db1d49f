"""UpdateObjectEncryption: of objects of every kind, with documents that are sound or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.tables.arrays import Row, Table, one_at_a_time, when
from conformance.tables.making import make
from conformance.tables.scene import DISABLED, PENDING, Scene
from conformance.tables.values import (
    ABSENT,
    MADE,
    NEVER,
    VERSIONING,
    Encryption,
    default_needs,
    made_needs,
    put_default,
)
from model.answer import VERSION_ID
from model.clause import Capability
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.sse import md5_base64
from model.update_document import SSE_KMS, UpdateText, write_update
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

CURRENT, BY_ID, OLDER = "current", "current, by id", "older, by id"
TWICE, NOT_THERE = "updated before", "not there"
TARGETS = ("SSE-S3", "SSE-KMS", "Bucket Key", "in parts", TWICE)
REFUSED_TARGETS = ("DSSE", "SSE-C", NOT_THERE)
_KEYS = ("ARN", "other ARN")
_BAD_KEYS = (
    *(ABSENT, "empty", "id", "alias", "alias ARN", "unknown id", "unknown ARN", "other region"),
    *("other account", DISABLED, PENDING),
)
_FLAGS = (ABSENT, "true", "false")
_TYPES: dict[str, tuple[str, ...]] = {
    "SSE-KMS": (SSE_KMS,),
    "none": (),
    "SSE-S3": ("SSE-S3",),
    "DSSE-KMS": ("DSSE-KMS",),
    "SSE-C": ("SSE-C",),
}


def _needs(factor: str, value: str) -> frozenset[Capability]:
    if factor == "type":
        return frozenset({Capability.UPDATE_ENCRYPTION, Capability.SSE_KMS})
    if factor == "object":
        return made_needs(value)
    if factor == "default":
        return default_needs(value)
    if factor == "key":
        return Encryption("nothing", value).needs
    if factor == "versioning" and value != NEVER:
        return frozenset({Capability.VERSIONING})
    return frozenset()


UPDATES = Table(
    name="updates of encryption",
    factors={
        "object": (*TARGETS, *REFUSED_TARGETS),
        "key": (*_KEYS, *_BAD_KEYS),
        "flag": (*_FLAGS, "odd"),
        "type": tuple(_TYPES),
        "digest": ("right", "wrong", "malformed"),
        "version": (CURRENT, BY_ID, OLDER),
        "versioning": VERSIONING,
        "default": ("never put", "KMS, ARN, Bucket Key"),
    },
    rules=(
        *one_at_a_time(
            {
                "object": REFUSED_TARGETS,
                "key": _BAD_KEYS,
                "flag": ("odd",),
                "type": tuple(_TYPES)[1:],
                "digest": ("wrong", "malformed"),
            }
        ),
        when("version", (BY_ID, OLDER), "versioning", VERSIONING[1:]),
        when("object", (NOT_THERE,), "version", (CURRENT,)),
    ),
    needs=_needs,
)


class Updates:
    """Some rows in a bucket of their own; each has an object of its own."""

    def __init__(self, rows: Sequence[Row], build: Requests) -> None:
        self.rows = rows
        self.scene = Scene(build)
        self.versioning = Versioning(rows[0]["versioning"])

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        scene = self.scene
        yield from scene.open_bucket(scene.bucket, self.versioning)
        yield from put_default(scene, scene.bucket, self.rows[0]["default"])
        yield from scene.allow_sse_c(scene.bucket)
        made: list[str | None] = []
        for number, row in enumerate(self.rows):
            yield from self._object(number, row)
            answer = scene.answer
            made.append(None if answer is None else answer.text(VERSION_ID))
            if row["version"] == OLDER:
                yield from make(scene, scene.bucket, f"u{number}", "SSE-S3", b"over it", customer=2)
        if self.versioning is Versioning.SUSPENDED:
            yield scene.versioning(scene.bucket, Versioning.SUSPENDED)
        for number, (row, version_id) in enumerate(zip(self.rows, made, strict=True)):
            yield from self._row(number, row, version_id)

    def _object(self, number: int, row: Row) -> Iterator[Operation]:
        found = "SSE-S3" if row["object"] == TWICE else row["object"]
        if found in MADE:
            bucket = self.scene.bucket
            yield from make(self.scene, bucket, f"u{number}", found, b"to be updated", customer=1)
            if row["object"] == TWICE:
                yield self._update(number, {}, write_update(self._text("other ARN", "true")))

    def _text(self, key: str, flag: str) -> UpdateText:
        flags = {ABSENT: None, "odd": "yes"}
        text = self.scene.key_text(key)
        if key in {DISABLED, PENDING}:
            text = self.scene.key_arn(key)
        return UpdateText(kms_key_arn=text, bucket_key_enabled=flags.get(flag, flag))

    def _update(self, number: int, fields: Fields, document: bytes) -> Operation:
        named: Fields = {"bucket": self.scene.bucket, "object_key": f"u{number}"}
        named |= {"content_md5": md5_base64(document), **fields}
        return UpdateObjectEncryption(document=document, secure=self.scene.secure, **named)

    def _row(self, number: int, row: Row, version_id: str | None) -> Iterator[Operation]:
        scene = self.scene
        yield from scene.keys_for([row["key"]])
        fields: Fields = {}
        named = None if row["version"] == CURRENT else version_id
        if named is not None:
            fields["version_id"] = named
        if row["digest"] != "right":
            wrong = row["digest"] == "wrong"
            fields["content_md5"] = md5_base64(b"another") if wrong else "bm90IGFuIE1ENQ=="
        text = self._text(row["key"], row["flag"])
        yield self._update(number, fields, write_update(text._replace(types=_TYPES[row["type"]])))
        yield scene.look(scene.bucket, f"u{number}", named, data=number % 2 == 0)
        if row["version"] == OLDER:
            yield scene.look(scene.bucket, f"u{number}", data=number % 2 == 1)


def states(row: Row) -> tuple[str, ...]:
    """Return what rows of one script share."""
    return row["versioning"], row["default"]


def updates(rows: Sequence[Row]) -> Script:
    """Return the script of these rows."""
    return lambda build: Updates(rows, build).requests()
