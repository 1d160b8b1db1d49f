"""Configurations of a bucket's default: what is shown of them, and what a write then gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.tables.arrays import Row, Rule, Table, one_at_a_time
from conformance.tables.making import COPIES, PATH_NEEDS, PATHS, make, name_source, write
from conformance.tables.scene import DISABLED, PENDING, Scene, customer_key
from conformance.tables.values import (
    ABSENT,
    BLOCKED,
    DSSE,
    KMS,
    S3,
    Encryption,
    default_needs,
    put_default,
)
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.sse import md5_base64
from model.stored import ObjectVersion
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.faults import Fields
    from conformance.phase import Script
    from conformance.requests import Requests
    from model.operation import Operation

NEVER_PUT = "never put"
NO_DEFAULT = "no default"
SOUND = (S3, KMS, DSSE, NO_DEFAULT)
_UNKNOWN = ("aes256", "SSE-C", "SSE-KMS", "aws:fsx", "empty")
_FLAGS = {ABSENT: None, "true": "true", "false": "false", "True": "True", "odd": "yes"}
_TYPES = {ABSENT: None, "SSE-C": ("SSE-C",), "NONE": ("NONE",)}
_KEYS = (
    *(ABSENT, "id", "other ARN", "alias", "alias ARN", "managed alias"),
    *("unknown id", "unknown ARN", "unknown alias", "no key's name", "other region"),
    *("other account", DISABLED, PENDING),
)
WHOLE = "one rule"
_SHAPES = (WHOLE, "two rules", "no rule", "cut off", "nothing", "digest wrong", "digest malformed")


def _needs(factor: str, value: str) -> frozenset[Capability]:
    if factor == "shape":
        return frozenset({Capability.BUCKET_ENCRYPTION})
    if factor == "algorithm" and value in {KMS, DSSE, S3}:
        return Encryption(value).needs
    if factor == "key":
        needs = Encryption(S3, value).needs
        return needs if value == ABSENT else needs | {Capability.SSE_KMS}
    if factor == "flag" and value != ABSENT:
        return frozenset({Capability.BUCKET_KEY})
    if factor == "blocked" and value != ABSENT:
        return frozenset({Capability.BLOCKED_TYPES})
    if factor == "algorithm" and value == NO_DEFAULT:
        return frozenset({Capability.BLOCKED_TYPES})
    if factor == "before":
        return default_needs(value)
    return PATH_NEEDS[value] if factor == "path" else frozenset()


CONFIGURATION = Table(
    name="bucket configuration",
    factors={
        "algorithm": (*SOUND, *_UNKNOWN),
        "key": _KEYS,
        "flag": tuple(_FLAGS),
        "blocked": tuple(_TYPES),
        "shape": _SHAPES,
        "before": (
            *(NEVER_PUT, "AES256", "KMS, ARN, Bucket Key", "KMS, id, no Bucket Key"),
            *("DSSE, id", "deleted", BLOCKED),
        ),
        "path": PATHS,
    },
    rules=(
        *one_at_a_time({"algorithm": _UNKNOWN, "flag": ("True", "odd"), "shape": _SHAPES[1:]}),
        # A key beside AES256 is wrong, too.
        Rule(
            ("algorithm", "key", "flag"),
            lambda algorithm, key, flag: (
                algorithm != S3 or key == ABSENT or flag not in {"True", "odd"}
            ),
        ),
        Rule(
            ("algorithm", "key", "shape"),
            lambda algorithm, key, shape: algorithm != S3 or key == ABSENT or shape == WHOLE,
        ),
        Rule(("algorithm", "key"), lambda algorithm, key: algorithm != NO_DEFAULT or key == ABSENT),
        Rule(
            ("algorithm", "blocked"),
            lambda algorithm, blocked: algorithm != NO_DEFAULT or blocked != ABSENT,
        ),
        Rule(("algorithm", "key"), lambda algorithm, key: algorithm in SOUND or key == ABSENT),
    ),
    needs=_needs,
)


class Configuring:
    """Some rows in one bucket; of those only the first finds a default that was never put."""

    def __init__(self, rows: Sequence[Row], build: Requests) -> None:
        self.rows = rows
        self.scene = Scene(build)

    def requests(self) -> Iterator[Operation]:
        """Yield the requests."""
        scene, bucket = self.scene, self.scene.bucket
        yield from scene.open_bucket(bucket, Versioning.NEVER)
        for number, row in enumerate(self.rows):
            yield from put_default(scene, bucket, row["before"])
            yield from self._row(row)
            yield from scene.look_at_default(bucket)
            yield from self._write(number, row)

    def _row(self, row: Row) -> Iterator[Operation]:
        """Put the configuration."""
        scene = self.scene
        yield from scene.keys_for([row["key"]])
        fields: Fields = {}
        if row["shape"].startswith("digest"):
            malformed = row["shape"] == "digest malformed"
            other = md5_base64(b"another configuration")
            fields["content_md5"] = "bm90IGFuIE1ENQ==" if malformed else other
        document = self._document(row)
        yield PutBucketEncryption(
            bucket=scene.bucket, document=document, secure=scene.secure, **fields
        )

    def _document(self, row: Row) -> bytes:
        algorithm = row["algorithm"]
        rule = RuleText(
            sse_algorithm="" if algorithm == "empty" else algorithm,
            kms_key_id=self.scene.key_text(row["key"]),
            bucket_key_enabled=_FLAGS[row["flag"]],
            blocked=_TYPES[row["blocked"]],
            has_default=algorithm != NO_DEFAULT,
        )
        if row["shape"] == "cut off":
            whole = write_configuration([rule])
            return whole[: len(whole) * 2 // 3]
        if row["shape"] == "nothing":
            return b""
        rules = {"two rules": [rule, RuleText(sse_algorithm=S3)], "no rule": []}
        return write_configuration(rules.get(row["shape"], [rule]))

    def _write(self, number: int, row: Row) -> Iterator[Operation]:
        """Write without headers, and with a customer key where that may be blocked."""
        scene, path = self.scene, row["path"]
        fields: Fields = {"bucket": scene.bucket, "object_key": path}
        if path in COPIES:
            source = scene.held(scene.bucket, "from")
            if not isinstance(source, ObjectVersion):
                yield from make(scene, scene.bucket, "from", "SSE-S3", b"data to copy", customer=1)
            name_source(scene, fields, scene.bucket, "from")
        yield from write(scene, path, fields, [b"by the default"])
        yield scene.look(scene.bucket, path, data=number % 2 == 0)
        speaks = row["blocked"] != ABSENT or row["before"] == BLOCKED
        if speaks and scene.universe.has(Capability.SSE_C):
            own: Fields = {"bucket": scene.bucket, "object_key": "customer's", "body": b"own"}
            faults.put_customer_key(own, customer_key(0))
            yield PutObject(secure=scene.secure, **own)


def cut(rows: Sequence[Row], size: int) -> list[tuple[Row, ...]]:
    """Return the rows in batches of at most that size, a row that finds nothing put in front."""
    first = [row for row in rows if row["before"] == NEVER_PUT]
    others = [row for row in rows if row["before"] != NEVER_PUT]
    found: list[tuple[Row, ...]] = []
    while first or others:
        leading = [first.pop(0)] if first else []
        room = size - len(leading)
        found.append((*leading, *others[:room]))
        others = others[room:]
    return found


def configuring(rows: Sequence[Row]) -> Script:
    """Return the script of these rows."""
    return lambda build: Configuring(rows, build).requests()
