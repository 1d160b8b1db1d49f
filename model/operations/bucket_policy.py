"""PutBucketPolicy and DeleteBucketPolicy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.bucket_policy import DenyStatement, read_policy
from model.operation import Effect, Operation, existing_bucket
from model.parameter_values import body_from_json, body_to_json
from model.request import BucketRequest
from model.world import Bucket

if TYPE_CHECKING:
    from model.answer import Answer
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.stored import ObjectVersion
    from model.world import World

POLICY = "Policy"


@dataclass(frozen=True, kw_only=True)
class BucketPolicyOperation(BucketRequest, Operation):
    """A request that changes what a bucket's policy denies."""

    sub_resource: ClassVar[str] = "policy"

    def denied(self) -> tuple[DenyStatement, ...] | None:
        """Return what is denied after it, None where that is not known."""
        return ()

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The bucket has another policy, or none."""
        bucket = world.existing(self.bucket)
        return Effect(world.with_bucket(self.bucket, replace(bucket, deny=self.denied())))

    def obscured(self, world: World) -> World:
        """What is denied is unknown."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world
        return world.with_bucket(self.bucket, replace(bucket, deny=None))


@dataclass(frozen=True, kw_only=True)
class DeleteBucketPolicy(BucketPolicyOperation):
    """Take a bucket's policy away."""

    operation: ClassVar[str] = "DeleteBucketPolicy"
    method: ClassVar[str] = "DELETE"
    success_status: ClassVar[int] = 204

    def is_unknown(self, world: World) -> bool:
        """Nothing is said here of a bucket that is not there."""
        return not isinstance(world.bucket(self.bucket), Bucket)


@dataclass(frozen=True, kw_only=True)
class PutBucketPolicy(BucketPolicyOperation):
    """Give a bucket a policy; ``document`` is the body as sent."""

    operation: ClassVar[str] = "PutBucketPolicy"
    method: ClassVar[str] = "PUT"

    document: bytes = b""

    def content(self) -> bytes:
        """The document."""
        return self.document

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The document, as it came."""
        return {"document": http.body}

    def own_parameters(self) -> dict[str, Json]:
        """The document."""
        return {POLICY: body_to_json(self.document)}

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The document."""
        return {"document": body_from_json(left.pop(POLICY, ""))}

    def denied(self) -> tuple[DenyStatement, ...] | None:
        """What the statements deny, where each is of a known form."""
        return read_policy(self.document, self.bucket)

    def is_unknown(self, world: World) -> bool:
        """Nothing is said here of other policies, nor of a bucket that is not there."""
        return not isinstance(world.bucket(self.bucket), Bucket) or self.denied() is None

    def status(self, version: ObjectVersion | None) -> int | None:  # noqa: ARG002
        """200 or 204: pages of AWS's show both."""
        return None

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:  # noqa: ARG002
        """The policy's deletion, before that of the bucket."""
        return (DeleteBucketPolicy(bucket=self.bucket, secure=self.secure),)
