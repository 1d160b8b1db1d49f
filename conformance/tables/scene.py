"""The buckets, KMS keys and objects of one script, made when a row wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.universe import CUSTOMER_KEYS, KEYS_BY_MD5, UNKNOWN_KEY_ID
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.kms import MANAGED_ALIAS
from model.operations.create_bucket import CreateBucket
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.kms import (
    KEY_ID,
    SYMMETRIC,
    CreateAlias,
    CreateKey,
    DisableKey,
    ScheduleKeyDeletion,
)
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_bucket_versioning import PutBucketVersioning, versioning_document
from model.sse import SseC
from model.stored import ObjectVersion
from model.world import Bucket, Versioning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.requests import Requests
    from conformance.universe import CustomerKeyText
    from model.answer import Answer
    from model.operation import Operation

ALIAS_LABELS = frozenset({"alias", "alias ARN"})
DISABLED, PENDING, ASYMMETRIC = "disabled", "pending deletion", "asymmetric"
OWN_KEYS = frozenset({DISABLED, PENDING, ASYMMETRIC})
"""States of KMS keys that a script makes for itself."""


class Scene:
    """What one script works on."""

    def __init__(self, build: Requests) -> None:
        self.build = build
        self.universe = build.universe
        self.bucket, self.other = build.universe.buckets[:2]
        self.secure = build.secure
        self.own: dict[str, str] = {}
        """Ids of the KMS keys that were made, by their states."""
        self._aliased = False

    @property
    def answer(self) -> Answer | None:
        """The answer to the request before."""
        return self.build.steps[-1].answer

    def held(self, bucket: str, object_key: str, version_id: str | None = None) -> object:
        """Return what the world holds there."""
        return self.build.world.version(bucket, object_key, version_id)

    def open_bucket(self, bucket: str, versioning: Versioning) -> Iterator[Operation]:
        """Make a bucket, and enable versioning where it is to be enabled, or suspended later."""
        yield CreateBucket(bucket=bucket, secure=self.secure)
        if versioning is not Versioning.NEVER:
            yield self.versioning(bucket, Versioning.ENABLED)

    def versioning(self, bucket: str, versioning: Versioning) -> Operation:
        """Return the request that enables versioning, or suspends it."""
        document = versioning_document(versioning.value)
        return PutBucketVersioning(bucket=bucket, document=document, secure=self.secure)

    def rule(self, bucket: str, rule: RuleText) -> Operation:
        """Return the request that puts that default."""
        document = write_configuration([rule])
        return PutBucketEncryption(bucket=bucket, document=document, secure=self.secure)

    def blocks_sse_c(self, bucket: str) -> bool:
        """Tell whether a bucket refuses SSE-C, or may."""
        found = self.build.world.buckets.get(bucket)
        return isinstance(found, Bucket) and found.blocked != frozenset()

    def allow_sse_c(self, bucket: str) -> Iterator[Operation]:
        """Let a bucket take SSE-C, where new ones do not."""
        needs = {Capability.BUCKET_ENCRYPTION, Capability.BLOCKED_TYPES, Capability.SSE_C}
        if needs <= self.universe.capabilities and self.blocks_sse_c(bucket):
            yield self.rule(bucket, RuleText(sse_algorithm="AES256", blocked=("NONE",)))

    def keys_for(self, labels: Iterable[str]) -> Iterator[Operation]:
        """Make the alias and the KMS keys that these labels want."""
        for label in labels:
            if label in ALIAS_LABELS and not self._aliased:
                self._aliased = True
                yield CreateAlias(
                    alias=self.universe.alias, key_id=self._pool(1)[0], secure=self.secure
                )
            if label in OWN_KEYS and label not in self.own:
                yield from self._own_key(label)

    def _own_key(self, label: str) -> Iterator[Operation]:
        spec = "RSA_2048" if label == ASYMMETRIC else SYMMETRIC
        yield CreateKey(key_spec=spec, secure=self.secure)
        answer = self.answer
        made = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
        self.own[label] = made or UNKNOWN_KEY_ID
        if made is not None and label == DISABLED:
            yield DisableKey(key_id=made, secure=self.secure)
        if made is not None and label == PENDING:
            yield ScheduleKeyDeletion(key_id=made, secure=self.secure)

    def _pool(self, number: int) -> tuple[str, str]:
        """Return id and ARN of a KMS key that stays usable; the id again where it has no ARN."""
        keys = self.universe.kms_keys
        if not keys:
            return MANAGED_ALIAS, MANAGED_ALIAS
        key = keys[number % len(keys)]
        return key.key_id, key.arn or key.key_id

    def key_text(self, label: str) -> str | None:
        """Return the text that names a KMS key in that way."""
        first, second = self._pool(0), self._pool(1)
        stem = second[1].partition(":key/")[0]
        alias = self.universe.alias
        texts: dict[str, str | None] = {
            "absent": None,
            "id": first[0],
            "ARN": first[1],
            "other id": second[0],
            "other ARN": second[1],
            "alias": alias,
            "alias ARN": f"{stem}:{alias}" if ":" in stem else alias,
            "managed alias": MANAGED_ALIAS,
            "unknown id": UNKNOWN_KEY_ID,
            "unknown ARN": self.universe.unknown_arn,
            "unknown alias": "alias/no-such-alias",
            "no key's name": "no-such-key",
            "other region": self.universe.foreign_arn,
            "other account": self.universe.other_account_arn,
            "empty": "",
        }
        return texts[label] if label in texts else self.own[label]

    def key_arn(self, label: str) -> str | None:
        """Return the ARN of the KMS key that is named in that way; other texts as they are."""
        text = self.key_text(label)
        known = self.build.world.keys.get(text or "")
        return text if known is None or known.arn is None else known.arn

    def customer_key_of(self, held: object) -> CustomerKeyText | None:
        """Return the customer key under which something is stored, None where there is none."""
        if not isinstance(held, ObjectVersion) or not isinstance(held.encryption, SseC):
            return None
        return KEYS_BY_MD5.get(held.encryption.customer_key_md5)

    def look(
        self, bucket: str, object_key: str, version_id: str | None = None, *, data: bool = False
    ) -> Operation:
        """Return a read of a version with its customer key: of its data, or of the rest."""
        fields: faults.Fields = {
            "bucket": bucket,
            "object_key": object_key,
            "version_id": version_id,
            "session_token": self.build.session_token(bucket),
        }
        texts = self.customer_key_of(self.held(bucket, object_key, version_id))
        faults.put_customer_key(fields, texts)
        return (GetObject if data else HeadObject)(secure=self.secure, **fields)

    def look_at_default(self, bucket: str) -> Iterator[Operation]:
        """Read the bucket's default, where the target has one."""
        if self.universe.has(Capability.BUCKET_ENCRYPTION):
            yield GetBucketEncryption(bucket=bucket, secure=self.secure)


def customer_key(number: int) -> CustomerKeyText:
    """Return one of the customer keys: 0 for what is written, 1 for sources, 2 for what is there.

    So a key that is taken for another's never happens to be the right one.
    """
    return CUSTOMER_KEYS[number]
