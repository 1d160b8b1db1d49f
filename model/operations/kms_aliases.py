"""The KMS operations that point an alias to another key, or to none. KMS itself is not judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.operation import Effect, suspect_version
from model.operations.kms import KmsOperation, named_key, read_json
from model.sse import DsseKms, SseKms
from model.stored import ObjectVersion
from model.world import Bucket

if TYPE_CHECKING:
    from model.clause import Law
    from model.messages import HttpRequest
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World


@dataclass(frozen=True, kw_only=True)
class _AliasChange(KmsOperation):
    """A request after which an alias no longer names the key that it named."""

    alias: str = ""

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The alias, and the key that it is to name."""
        read = read_json(http.body)
        return {
            "key_id": str(read.get("TargetKeyId", "")),
            "alias": str(read.get("AliasName", "")),
        }

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The alias, and the key that it is to name."""
        return {**super().own_fields(left), "alias": str(left.pop("AliasName"))}

    def suspect(self, world: World, law: Law, clause_id: str) -> World:  # noqa: ARG002
        """Every object under a KMS key stays under it, unless it is the one that is named now."""
        now = named_key(world, self.key_id)
        for name, bucket in world.buckets.items():
            if not isinstance(bucket, Bucket):
                continue
            for object_key, version in bucket.objects.items():
                if _is_under_another(version, None if now is None else now.key_id):
                    world = suspect_version(world, name, object_key, None, clause_id)
        return world


def _is_under_another(version: object, key_id: str | None) -> bool:
    if not isinstance(version, ObjectVersion):
        return False
    encryption = version.encryption
    return isinstance(encryption, SseKms | DsseKms) and encryption.kms_key_id != key_id


@dataclass(frozen=True, kw_only=True)
class UpdateAlias(_AliasChange):
    """Let an alias name another key."""

    operation: ClassVar[str] = "UpdateAlias"

    def arguments(self) -> dict[str, Json]:
        """The alias and the key."""
        return {"AliasName": self.alias, "TargetKeyId": self.key_id}

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The alias names the key; which that is may not be known."""
        key = named_key(world, self.key_id)
        if key is None:
            return Effect(_without(world, self.alias))
        return Effect(replace(world, aliases={**world.aliases, self.alias: key.key_id}))


@dataclass(frozen=True, kw_only=True)
class DeleteAlias(_AliasChange):
    """Let an alias name nothing any more."""

    operation: ClassVar[str] = "DeleteAlias"

    def arguments(self) -> dict[str, Json]:
        """The alias."""
        return {"AliasName": self.alias}

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The alias is gone."""
        return Effect(_without(world, self.alias))


def _without(world: World, alias: str) -> World:
    return replace(world, aliases={k: v for k, v in world.aliases.items() if k != alias})
