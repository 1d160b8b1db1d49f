"""The KMS operations that change or show what keys can do. KMS itself is not judged."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model.operation import Effect, Operation
from model.request import KmsRequest
from model.world import KEY_ARN, KeyState, KmsKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpRequest, HttpResponse
    from model.parameter_values import Json
    from model.sse import ObjectEncryption
    from model.world import World

TARGET_PREFIX = "TrentService."
SYMMETRIC = "SYMMETRIC_DEFAULT"
KEY_ID = "KeyId"
KEY_ARN_FIELD = "Arn"
KEY_STATE = "KeyState"
WAITING_DAYS = 30
"""How long KMS waits before it deletes a key, where the request does not say."""


@dataclass(frozen=True, kw_only=True)
class KmsOperation(KmsRequest, Operation):
    """A KMS request; ``key_id`` is the text that names the key, ``region`` where it is sent."""

    method: ClassVar[str] = "POST"
    key_id: str = ""
    region: str = ""

    def arguments(self) -> dict[str, Json]:
        """Return the members of the request's JSON body."""
        return {KEY_ID: self.key_id}

    def content(self) -> bytes:
        """The JSON body."""
        return json.dumps(self.arguments()).encode()

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The key that the JSON body names."""
        return {"key_id": str(read_json(http.body).get(KEY_ID, ""))}

    def own_parameters(self) -> dict[str, Json]:
        """The members of the body."""
        return self.arguments()

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The key, which CreateAlias calls the target."""
        return {"key_id": str(left.pop(KEY_ID, left.pop("TargetKeyId", "")))}

    def is_unknown(self, world: World) -> bool:  # noqa: ARG002
        """KMS is not judged: any refusal is allowed."""
        return True

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Most change the state of the key that they name."""
        return Effect(world)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The members of the answer that are text, those of KeyMetadata among them."""
        read = read_json(response.body)
        inner = read.get("KeyMetadata")
        members = {**read, **inner} if isinstance(inner, dict) else read
        return {name: value for name, value in members.items() if isinstance(value, str)}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The JSON answer."""
        shown = {k: v for k, v in fields.items() if isinstance(v, str) and k[:1].isupper()}
        return json.dumps({"KeyMetadata": shown, KEY_ID: shown.get(KEY_ARN_FIELD, "")}).encode()


def read_json(data: bytes) -> dict[str, object]:
    """Return the members of a JSON object, empty when the data is none."""
    try:
        read = json.loads(data)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def named_key(world: World, text: str) -> KmsKey | None:
    """Return the world's key of that id, ARN or alias."""
    arn = KEY_ARN.fullmatch(text)
    key_id = world.aliases.get(text, text) if arn is None else arn["id"]
    found = world.keys.get(key_id)
    if found is not None:
        return found
    return next((k for k in world.keys.values() if k.arn == text), None)


@dataclass(frozen=True, kw_only=True)
class CreateKey(KmsOperation):
    """Make a customer managed key."""

    operation: ClassVar[str] = "CreateKey"
    key_spec: str = SYMMETRIC
    multi_region: bool = False

    def arguments(self) -> dict[str, Json]:
        """The kind of key, where it is not the usual one."""
        chosen: dict[str, Json] = {"MultiRegion": True} if self.multi_region else {}
        if self.key_spec == SYMMETRIC:
            return chosen
        usage = "GENERATE_VERIFY_MAC" if self.key_spec.startswith("HMAC") else "ENCRYPT_DECRYPT"
        return {**chosen, "KeySpec": self.key_spec, "KeyUsage": usage}

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The kind of key."""
        read = read_json(http.body)
        return {
            "key_spec": str(read.get("KeySpec", SYMMETRIC)),
            "multi_region": read.get("MultiRegion") is True,
        }

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The kind of key."""
        return {
            "key_spec": str(left.pop("KeySpec", SYMMETRIC)),
            "multi_region": left.pop("MultiRegion", False) is True,
        }

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The ARN and the id of the key."""
        return (answer.text(KEY_ARN_FIELD) or "", answer.text(KEY_ID) or "")

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The deletion of the key."""
        made = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
        if made is None:
            return ()
        return (ScheduleKeyDeletion(key_id=made, secure=self.secure),)

    def learn(self, world: World, answer: Answer) -> World:
        """The key exists."""
        key_id, arn = answer.text(KEY_ID), answer.text(KEY_ARN_FIELD)
        match = KEY_ARN.fullmatch(arn or "")
        if key_id is None or match is None:
            return world
        key = KmsKey(
            key_id=match["id"],
            arn=arn,
            region=match["region"],
            symmetric=self.key_spec == SYMMETRIC,
        )
        return world.with_key(key)


@dataclass(frozen=True, kw_only=True)
class DescribeKey(KmsOperation):
    """Show a key."""

    operation: ClassVar[str] = "DescribeKey"

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the key and its state."""
        arn, state = answer.text(KEY_ARN_FIELD), answer.text(KEY_STATE)
        match = KEY_ARN.fullmatch(arn or "")
        if state not in set(KeyState):
            return world
        known = named_key(world, self.key_id)
        if known is None and match is not None and answer.text("KeyManager") != "AWS":
            known = KmsKey(key_id=match["id"], arn=arn, region=match["region"])
        if known is None:
            return world
        return world.with_key(replace(known, state=KeyState(state or "")))


@dataclass(frozen=True, kw_only=True)
class _StateChange(KmsOperation):
    """A request after which the key that it names is in another state."""

    state: ClassVar[KeyState] = KeyState.ENABLED

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The key is in the new state."""
        key = named_key(world, self.key_id)
        if key is None:
            return Effect(world)
        return Effect(world.with_key(replace(key, state=self.state)))


@dataclass(frozen=True, kw_only=True)
class EnableKey(_StateChange):
    """Let a key be used again."""

    operation: ClassVar[str] = "EnableKey"


@dataclass(frozen=True, kw_only=True)
class DisableKey(_StateChange):
    """Let a key be used no more."""

    operation: ClassVar[str] = "DisableKey"
    state: ClassVar[KeyState] = KeyState.DISABLED


@dataclass(frozen=True, kw_only=True)
class CancelKeyDeletion(_StateChange):
    """Keep a key that was to be deleted; it is disabled then."""

    operation: ClassVar[str] = "CancelKeyDeletion"
    state: ClassVar[KeyState] = KeyState.DISABLED

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:  # noqa: ARG002
        """The deletion of the key after all."""
        return (ScheduleKeyDeletion(key_id=self.key_id, secure=self.secure),)


@dataclass(frozen=True, kw_only=True)
class ScheduleKeyDeletion(_StateChange):
    """Delete a key after a waiting time in days; until then it cannot be used."""

    operation: ClassVar[str] = "ScheduleKeyDeletion"
    state: ClassVar[KeyState] = KeyState.PENDING_DELETION
    days: int = 7

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The key and the waiting time."""
        days = read_json(http.body).get("PendingWindowInDays")
        return {
            **super().read_content(http),
            "days": days if isinstance(days, int) else WAITING_DAYS,
        }

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The key and the waiting time."""
        days = int(str(left.pop("PendingWindowInDays", WAITING_DAYS)))
        return {**super().own_fields(left), "days": days}

    def arguments(self) -> dict[str, Json]:
        """The key and the waiting time."""
        return {KEY_ID: self.key_id, "PendingWindowInDays": self.days}


@dataclass(frozen=True, kw_only=True)
class CreateAlias(KmsOperation):
    """Give a key another name."""

    operation: ClassVar[str] = "CreateAlias"
    alias: str = ""

    def arguments(self) -> dict[str, Json]:
        """The alias and the key."""
        return {"AliasName": self.alias, "TargetKeyId": self.key_id}

    @classmethod
    def read_content(cls, http: HttpRequest) -> dict[str, object]:
        """The alias and the key."""
        read = read_json(http.body)
        return {
            "key_id": str(read.get("TargetKeyId", "")),
            "alias": str(read.get("AliasName", "")),
        }

    @classmethod
    def own_fields(cls, left: dict[str, Json]) -> dict[str, object]:
        """The alias and the key."""
        return {**super().own_fields(left), "alias": str(left.pop("AliasName"))}

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """The alias names the key."""
        key = named_key(world, self.key_id)
        if key is None:
            return Effect(world)
        return Effect(replace(world, aliases={**world.aliases, self.alias: key.key_id}))
