"""GetBucketEncryption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.bucket_kind import BucketKind
from model.directory_bucket import with_default
from model.encryption_document import RuleText, read_configuration, write_configuration
from model.operation import Effect, Operation
from model.operations.create_bucket import SSE_C_TYPE
from model.operations.put_bucket_encryption import stored_rule
from model.request import BucketConfiguration
from model.stored import Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World

ALGORITHM = "SSEAlgorithm"
KEY_ID = "KMSMasterKeyID"
BUCKET_KEY_ENABLED = "BucketKeyEnabled"
BLOCKED = "BlockedEncryptionTypes"
RULE_COUNT = "Rules"
NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class GetBucketEncryption(BucketConfiguration, Operation):
    """Show a bucket's default encryption."""

    operation: ClassVar[str] = "GetBucketEncryption"
    method: ClassVar[str] = "GET"
    sub_resource: ClassVar[str] = "encryption"

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone."""
        return world.bucket(self.bucket) is Presence.UNKNOWN

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes."""
        return Effect(world)

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the configuration of a bucket of which it was not known."""
        bucket = world.existing(self.bucket)
        changed = bucket
        if bucket.rule is None and answer.text(ALGORITHM) is not None:
            shown = RuleText(
                answer.text(ALGORITHM), answer.text(KEY_ID), answer.text(BUCKET_KEY_ENABLED)
            )
            rule = stored_rule(shown)
            changed = replace(changed, rule=rule)
            if bucket.kind is BucketKind.DIRECTORY:
                changed = with_default(world, changed, rule)
        blocked = answer.value(BLOCKED)
        if bucket.blocked is None and isinstance(blocked, str):
            types = frozenset(blocked.split(",")) & {SSE_C_TYPE}
            changed = replace(changed, blocked=types)
        return world if changed is bucket else world.with_bucket(self.bucket, changed)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """NoSuchBucket says that an unknown bucket is absent."""
        unknown = world.bucket(self.bucket) is Presence.UNKNOWN
        if unknown and answer.status == NOT_FOUND and answer.error_code == "NoSuchBucket":
            return world.with_bucket(self.bucket, Presence.ABSENT)
        return world

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The elements of the first rule, and how many rules there are."""
        read = read_configuration(response.body)
        if read is None or not read.rules:
            return {RULE_COUNT: "0"}
        rule = read.rules[0]
        return {
            RULE_COUNT: str(len(read.rules)),
            ALGORITHM: rule.sse_algorithm,
            KEY_ID: rule.kms_key_id,
            BUCKET_KEY_ENABLED: rule.bucket_key_enabled,
            BLOCKED: None if rule.blocked is None else ",".join(rule.blocked),
        }

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with one rule."""
        blocked = fields.get(BLOCKED)
        return write_configuration(
            [
                RuleText(
                    sse_algorithm=_text(fields, ALGORITHM),
                    kms_key_id=_text(fields, KEY_ID),
                    bucket_key_enabled=_text(fields, BUCKET_KEY_ENABLED),
                    blocked=tuple(blocked.split(",")) if isinstance(blocked, str) else None,
                )
            ]
        )


def _text(fields: Mapping[str, Value], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None
