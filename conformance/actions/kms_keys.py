"""KMS keys that a sequence makes for itself, so that it may disable them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.action import action, look, opening
from conformance.universe import BODIES
from model.clause import Capability
from model.operations.kms import (
    KEY_ID,
    SYMMETRIC,
    CancelKeyDeletion,
    CreateAlias,
    CreateKey,
    DescribeKey,
    DisableKey,
    EnableKey,
    ScheduleKeyDeletion,
)
from model.operations.kms_aliases import DeleteAlias, UpdateAlias
from model.operations.put_object import PutObject
from model.sse import DsseKms, SseAlgorithm, SseKms
from model.world import MANAGED_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.requests import Requests
    from conformance.session import Step
    from model.operation import Operation


@opening(45, needs=Capability.KMS_API)
def make_own_key(build: Requests) -> Iterator[Operation]:
    """Make a KMS key, give it an alias now and then, and write something under it."""
    choose = build.choose
    spec = choose.pick(("RSA_2048", "HMAC_256")) if choose.chance(18) else SYMMETRIC
    yield CreateKey(
        key_spec=spec,
        multi_region=spec == SYMMETRIC and choose.chance(15),
        secure=build.secure,
    )
    answer = build.steps[-1].answer
    made = None if answer is None or not answer.succeeded else answer.text(KEY_ID)
    if made is None or made not in build.world.keys:
        return
    build.own_keys = [made]
    if choose.chance(40):
        yield CreateAlias(alias=build.universe.alias, key_id=made, secure=build.secure)
    if choose.chance(60):
        yield _put_under_own_key(build)


def _put_under_own_key(build: Requests) -> Operation:
    return PutObject(
        bucket=build.universe.buckets[0],
        object_key=build.choose.pick(build.universe.object_keys),
        body=build.choose.pick(BODIES),
        sse=SseAlgorithm.AWS_KMS.value,
        kms_key_id=build.own_keys[0],
        secure=build.secure,
    )


@action(9, left_out=20, needs=Capability.KMS_API)
def change_key(build: Requests) -> Operation | None:
    """Return a request that makes the sequence's own key unusable, or usable again."""
    world = build.world
    if not build.own_keys or build.own_keys[0] not in world.keys:
        managed = world.keys.get(MANAGED_KEY)
        if managed is None or managed.arn is None:
            return None
        return DescribeKey(key_id=managed.arn, secure=build.secure)
    key_id = build.own_keys[0]
    state = world.keys[key_id].state.value
    kinds = {
        "Enabled": (DisableKey, ScheduleKeyDeletion),
        "Disabled": (EnableKey, EnableKey, ScheduleKeyDeletion),
        "PendingDeletion": (CancelKeyDeletion,),
    }[state]
    managed = world.keys.get(MANAGED_KEY)
    if managed is not None and managed.arn is not None and build.choose.chance(20):
        return DescribeKey(key_id=managed.arn, secure=build.secure)
    return build.choose.pick(kinds)(key_id=key_id, secure=build.secure)


@action(6, left_out=40, needs=Capability.KMS_API)
def change_alias(build: Requests) -> Operation | None:
    """Return a request after which the sequence's alias names another key, or none, or one again.

    KMS wants the new key to be of the old one's kind.
    """
    choose, world, alias = build.choose, build.world, build.universe.alias
    own = [key_id for key_id in build.own_keys if key_id in world.keys]
    if not own or not world.keys[own[0]].symmetric:
        return None
    keys = [key.key_id for key in build.universe.kms_keys] + own
    named = world.aliases.get(alias)
    if named is None:
        key_id = choose.pick(keys)
        arn = world.keys[key_id].arn if key_id in world.keys and choose.chance(40) else None
        return CreateAlias(alias=alias, key_id=arn or key_id, secure=build.secure)
    if choose.chance(20):
        return DeleteAlias(alias=alias, secure=build.secure)
    others = [key_id for key_id in keys if key_id != named]
    return UpdateAlias(alias=alias, key_id=choose.pick(others), secure=build.secure)


@look(100, needs=Capability.KMS_API)
def look_under_a_changed_key(build: Requests, step: Step) -> Operation | None:
    """Read what is encrypted under a key that can be used no more, or again."""
    request = step.request
    if not isinstance(request, EnableKey | DisableKey | ScheduleKeyDeletion | CancelKeyDeletion):
        return None
    under = [
        (bucket, object_key)
        for bucket, object_key, version in build.objects()
        if isinstance(version.encryption, SseKms | DsseKms)
        and version.encryption.kms_key_id == request.key_id
    ]
    if not under:
        return None
    return build.read(*build.choose.pick(under), sound=True, data_percent=80)


@look(100, needs=Capability.KMS_API)
def look_under_a_changed_alias(build: Requests, step: Step) -> Operation | None:
    """Read what is encrypted under KMS, when an alias names another key or none."""
    if not isinstance(step.request, UpdateAlias | DeleteAlias):
        return None
    under = [(o[0], o[1]) for o in build.objects() if isinstance(o[2].encryption, SseKms)]
    return build.read(*build.choose.pick(under), sound=True) if under else None
