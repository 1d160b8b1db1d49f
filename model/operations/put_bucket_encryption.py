"""PutBucketEncryption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.encryption_document import Configuration, RuleText, read_configuration
from model.operation import Effect, Operation, existing_bucket
from model.operations.create_bucket import SSE_C_TYPE
from model.operations.put_object import is_plain_known
from model.request import BucketConfiguration, header
from model.sse import SseAlgorithm
from model.world import Bucket, ServerSideEncryptionRule, unknown_bucket

if TYPE_CHECKING:
    from model.clause import Law
    from model.messages import HttpRequest
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class PutBucketEncryption(BucketConfiguration, Operation):
    """Set a bucket's default encryption; ``document`` is the body as sent."""

    operation: ClassVar[str] = "PutBucketEncryption"
    method: ClassVar[str] = "PUT"
    sub_resource: ClassVar[str] = "encryption"

    document: bytes = b""
    content_md5: str | None = header("content-md5", "ContentMD5")

    def content(self) -> bytes:
        """The document."""
        return self.document

    @classmethod
    def parse(
        cls, http: HttpRequest, fields: dict[str, str | None], *, secure: bool
    ) -> PutBucketEncryption:
        """Read the typed request from its HTTP form."""
        return cls(bucket=http.bucket, document=http.body, secure=secure, **fields)

    @property
    def configuration(self) -> Configuration | None:
        """What the document says, or None when it is no such document."""
        return read_configuration(self.document)

    @property
    def rule(self) -> RuleText | None:
        """The one rule of the document, or None when there is not exactly one."""
        read = self.configuration
        return read.rules[0] if read is not None and len(read.rules) == 1 else None

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone."""
        return not is_plain_known(world, self.bucket)

    def effects(
        self,
        world: World,
        encryption: ObjectEncryption | None,  # noqa: ARG002
    ) -> tuple[Effect, ...]:
        """The rule replaces the one before; types to block are kept unless the rule names some.

        A rule without a default leaves the old one, or resets it: AWS does not say (GP-AMB-22).
        """
        bucket = existing_bucket(world, self.bucket) or unknown_bucket(world)
        rule = self.rule or RuleText()
        if rule.blocked is not None:
            blocked = frozenset(rule.blocked) & {SSE_C_TYPE}
            bucket = replace(bucket, blocked=blocked, blocked_put=True)
        bucket = replace(bucket, explicit=True)
        stored = stored_rule(rule)
        defaults: dict[ServerSideEncryptionRule | None, None] = {stored: None}
        if not rule.has_default and bucket.rule is None:
            defaults = {None: None}
        elif not rule.has_default and bucket.rule is not None and stored is not None:
            flag = stored.bucket_key_enabled
            defaults = {replace(bucket.rule, bucket_key_enabled=flag): None, stored: None}
            if rule.bucket_key_enabled is None:
                defaults = {bucket.rule: None, **defaults}
        return tuple(
            Effect(world.with_bucket(self.bucket, replace(bucket, rule=default)))
            for default in defaults
        )

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """A new default leaves all objects as they are."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world
        return world.with_bucket(self.bucket, suspect_all(bucket, clause_id))


def suspect_all(bucket: Bucket, clause_id: str) -> Bucket:
    """Return the bucket with the clause noted for each of its objects."""
    suspects = {
        object_key: (clause_id, *(c for c in bucket.suspects.get(object_key, ()) if c != clause_id))
        for object_key in bucket.objects
    }
    return replace(bucket, suspects={**bucket.suspects, **suspects})


def stored_rule(rule: RuleText) -> ServerSideEncryptionRule | None:
    """Return the default that a rule sets; None when its algorithm is none that S3 knows."""
    algorithm = SseAlgorithm.AES256.value if not rule.has_default else rule.sse_algorithm
    if algorithm not in set(SseAlgorithm):
        return None
    return ServerSideEncryptionRule(
        sse_algorithm=SseAlgorithm(algorithm or ""),
        kms_key_id=rule.kms_key_id,
        bucket_key_enabled=(rule.bucket_key_enabled or "").strip().lower() == "true",
    )
