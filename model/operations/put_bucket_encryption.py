"""PutBucketEncryption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from model.bucket_kind import BucketKind
from model.clause import Law
from model.directory_bucket import with_default
from model.encryption_document import (
    Configuration,
    RuleText,
    read_configuration,
    rule_from_json,
    rule_to_json,
    write_configuration,
)
from model.operation import Effect, Operation, existing_bucket
from model.operations.create_bucket import SSE_C_TYPE
from model.operations.object_write import is_plain_known
from model.parameter_values import body_from_json, body_to_json
from model.replacing import replace
from model.request import BucketConfiguration, header
from model.sse import SseAlgorithm
from model.stored import ObjectVersion, Presence, is_in_progress
from model.world import Bucket, ServerSideEncryptionRule

if TYPE_CHECKING:
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

CONFIGURATION = "ServerSideEncryptionConfiguration"
DOCUMENT = "_document"
"""A PutBucketEncryption body that is no configuration of one of the known forms."""


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
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The document, as it came."""
        return {"document": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The configuration, or the body as it is where it is none of the known forms."""
        read = self.configuration
        if read is None or write_configuration(read.rules) != self.document:
            return {DOCUMENT: body_to_json(self.document)}
        return {CONFIGURATION: {"Rules": [rule_to_json(rule) for rule in read.rules]}}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The document."""
        if DOCUMENT in left:
            return {"document": body_from_json(left.pop(DOCUMENT))}
        configuration = left.pop(CONFIGURATION, None)
        rules = configuration.get("Rules") if isinstance(configuration, dict) else None
        listed = rules if isinstance(rules, list) else []
        return {"document": write_configuration(rule_from_json(rule) for rule in listed)}

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

        A rule without a default leaves the old one, or resets it: AWS does not say (GP-AMB-22). Nor
        does it say whether a default that was not put before counts as put then.
        """
        bucket = world.existing(self.bucket)
        rule = self.rule or RuleText()
        if bucket.kind is BucketKind.DIRECTORY:
            put = replace(bucket, explicit=True, blocked_put=rule.blocked is not None)
            put = with_default(world, put, stored_rule(rule) if rule.has_default else None)
            return (Effect(world.with_bucket(self.bucket, put)),)
        if rule.blocked is not None:
            blocked = frozenset(rule.blocked) & {SSE_C_TYPE}
            bucket = replace(bucket, blocked=blocked, blocked_put=True)
        bucket = replace(bucket, explicit=True if rule.has_default or bucket.explicit else None)
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

    def obscured(self, world: World) -> World:
        """The default and the blocked types are unknown."""
        return with_unknown_default(world, self.bucket)

    def suspect(self, world: World, law: Law, clause_id: str) -> World:
        """A new default leaves all objects as they are, and all uploads in progress."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world
        return world.with_bucket(self.bucket, suspect_all(bucket, law, clause_id))


def with_unknown_default(world: World, bucket: str) -> World:
    """Return the world when nothing is known any more of that bucket's encryption rule."""
    found = existing_bucket(world, bucket)
    if found is None:
        return world
    unknown = replace(found, rule=None, blocked=None, explicit=None)
    if isinstance(found.pinned_key, Presence):
        unknown = replace(unknown, pinned_key=Presence.UNKNOWN)
    return world.with_bucket(bucket, unknown)


def suspect_all(bucket: Bucket, law: Law, clause_id: str) -> Bucket:
    """Return the bucket with the clause noted for each version of its objects, or its uploads."""
    names: list[tuple[str, str | None]] = [(name, None) for name in bucket.objects]
    for name, row in bucket.versions.items():
        names += [(name, v.version_id) for v in row[1:] if isinstance(v, ObjectVersion)]
    if law is Law.UPLOADS_ON_NEW_DEFAULT:
        uploads = bucket.uploads.items()
        names = [(u.object_key, upload_id) for upload_id, u in uploads if is_in_progress(u)]
    suspects = {
        name: tuple(dict.fromkeys((clause_id, *bucket.suspects.get(name, ())))) for name in names
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
