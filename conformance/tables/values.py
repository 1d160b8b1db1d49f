"""Values that several tables share: encryptions that are asked for, and states of a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conformance import faults
from conformance.tables.scene import ALIAS_LABELS, OWN_KEYS, customer_key
from conformance.universe import CONTEXTS
from model.clause import Capability
from model.encryption_document import RuleText
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.world import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.faults import Fields
    from conformance.tables.arrays import Row
    from conformance.tables.scene import Scene
    from model.operation import Operation

NOTHING, S3, KMS, DSSE, CUSTOMER = "nothing", "AES256", "aws:kms", "aws:kms:dsse", "SSE-C"
ABSENT = "absent"
ASKED = (NOTHING, S3, KMS, DSSE, CUSTOMER)
FLAGS = (ABSENT, "true", "false")
CONTEXT_TEXTS = {ABSENT: None, "one pair": CONTEXTS[0], "two pairs": CONTEXTS[1]}
VERSIONING = tuple(one.value for one in Versioning)
SUSPENDED, NEVER = Versioning.SUSPENDED.value, Versioning.NEVER.value


class Encryption(NamedTuple):
    """An encryption as a request asks for it; ``key`` and ``flag`` are labels."""

    asked: str
    key: str = ABSENT
    flag: str = ABSENT
    context: str = ABSENT
    blocked: tuple[str, ...] | None = None

    def put(self, scene: Scene, fields: Fields, customer: int = 0) -> None:
        """Put the headers that ask for it into the fields."""
        if self.asked == CUSTOMER:
            faults.put_customer_key(fields, customer_key(customer))
        elif self.asked != NOTHING:
            fields["sse"] = self.asked
        fields["kms_key_id"] = scene.key_text(self.key)
        fields["bucket_key_enabled"] = None if self.flag == ABSENT else self.flag
        fields["encryption_context"] = CONTEXT_TEXTS[self.context]

    def rule(self, scene: Scene) -> RuleText:
        """Return the rule that makes it a bucket's default."""
        return RuleText(
            sse_algorithm=self.asked,
            kms_key_id=scene.key_text(self.key),
            bucket_key_enabled=None if self.flag == ABSENT else self.flag,
            blocked=self.blocked,
        )

    @property
    def needs(self) -> frozenset[Capability]:
        """What a target must be able to do."""
        found = set()
        if self.asked == S3:
            found.add(Capability.SSE_S3)
        if self.asked in {KMS, DSSE}:
            found.add(Capability.SSE_KMS)
        if self.asked == DSSE:
            found.add(Capability.DSSE_KMS)
        if self.asked == CUSTOMER:
            found.add(Capability.SSE_C)
        if self.flag != ABSENT:
            found.add(Capability.BUCKET_KEY)
        if self.key in ALIAS_LABELS | OWN_KEYS:
            found.add(Capability.KMS_API)
        if self.blocked is not None:
            found.add(Capability.BLOCKED_TYPES)
        return frozenset(found)


BLOCKED = "SSE-C blocked"
DEFAULTS: dict[str, tuple[Encryption | None, ...]] = {
    "never put": (),
    "AES256": (Encryption(S3),),
    "KMS": (Encryption(KMS),),
    "KMS, id": (Encryption(KMS, "id"),),
    "KMS, ARN, Bucket Key": (Encryption(KMS, "other ARN", "true"),),
    "KMS, id, no Bucket Key": (Encryption(KMS, "other id", "false"),),
    "KMS, alias, Bucket Key": (Encryption(KMS, "alias", "true"),),
    "KMS, alias ARN": (Encryption(KMS, "alias ARN"),),
    "KMS, Bucket Key": (Encryption(KMS, ABSENT, "true"),),
    "DSSE": (Encryption(DSSE),),
    "DSSE, id": (Encryption(DSSE, "id"),),
    "deleted": (Encryption(KMS, "other ARN", "true"), None),
    "KMS, then AES256": (Encryption(KMS, "other ARN", "true"), Encryption(S3)),
    "DSSE, then KMS": (Encryption(DSSE, "other id"), Encryption(KMS, "ARN", "true")),
    "KMS, then another": (Encryption(KMS, "other id", "true"), Encryption(KMS, "id")),
    BLOCKED: (Encryption(KMS, "id", "true", blocked=("SSE-C",)),),
    "SSE-C blocked no more": (
        Encryption(S3, blocked=("SSE-C",)),
        Encryption(KMS, "other id", blocked=("NONE",)),
    ),
}
"""States of a bucket's default: what is put one after the other; None is its deletion."""

MADE = {
    "SSE-S3": Encryption(S3),
    "SSE-KMS": Encryption(KMS, "id"),
    "Bucket Key": Encryption(KMS, "other ARN", "true"),
    "DSSE": Encryption(DSSE, "id"),
    "SSE-C": Encryption(CUSTOMER),
    "in parts": Encryption(KMS, "other id"),
    "in parts, SSE-C": Encryption(CUSTOMER),
}
"""Ways in which the objects were made that a row finds."""


def default_needs(label: str) -> frozenset[Capability]:
    """Return what a target must be able to do for that state of a bucket's default."""
    found = {Capability.BUCKET_ENCRYPTION} if DEFAULTS[label] else set()
    for one in DEFAULTS[label]:
        found |= one.needs if one is not None else set()
    return frozenset(found)


def made_needs(label: str) -> frozenset[Capability]:
    """Return what a target must be able to do for an object made in that way."""
    more = {Capability.MULTIPART} if label.startswith("in parts") else set()
    return MADE[label].needs | more if label in MADE else frozenset()


def put_default(scene: Scene, bucket: str, label: str) -> Iterator[Operation]:
    """Bring a bucket's default into that state; SSE-C is then blocked where the state says so."""
    states = DEFAULTS[label]
    unblock = scene.blocks_sse_c(bucket) and scene.universe.has(Capability.BLOCKED_TYPES)
    for state in states:
        if state is None:
            yield DeleteBucketEncryption(bucket=bucket, secure=scene.secure)
            continue
        yield from scene.keys_for([state.key])
        rule = state.rule(scene)
        if unblock and rule.blocked is None:
            rule = rule._replace(blocked=("NONE",))
        yield scene.rule(bucket, rule)


def asked_in(row: Row) -> Encryption:
    """Return the encryption that a row asks for."""
    return Encryption(row["asked"], row["key"], row["flag"], row["context"])
