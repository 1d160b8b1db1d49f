"""The reference's KMS beside the model: its listings, and what SDKs expect of a key's description.

KMS is not judged. It is here so that keys can be made, looked at and switched off.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from model.kms import MANAGED_ALIAS
from model.messages import HttpResponse
from model.operations.kms import (
    TARGET_PREFIX,
    CreateKey,
    DescribeKey,
    KmsOperation,
    ScheduleKeyDeletion,
    named_key,
    read_json,
)
from model.world import KEY_ARN, MANAGED_KEY, KeyState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.messages import HttpRequest
    from model.world import KmsKey, World
    from targets.reference_shelf import Shelf

_PAGE = 1000


def _json(status: int, value: dict[str, object]) -> HttpResponse:
    content = (("content-type", "application/x-amz-json-1.1"),)
    return HttpResponse(status, content, json.dumps(value).encode())


def answer_beside_the_model(http: HttpRequest, world: World, shelf: Shelf) -> HttpResponse:
    """Answer ListKeys and ListAliases, and nothing else."""
    name = dict(http.headers).get("x-amz-target", "").removeprefix(TARGET_PREFIX)
    asked = read_json(http.body)
    if name == "ListKeys":
        keys = [{"KeyId": _id_of(k), "KeyArn": k.arn} for k in _known(world)]
        return _page("Keys", keys, asked)
    if name == "ListAliases":
        return _page("Aliases", _aliases(asked, world, shelf), asked)
    message = f"The reference has no KMS operation {name or '(none named)'}."
    return _json(400, {"__type": "UnknownOperationException", "message": message})


def find_key(world: World, text: str) -> KmsKey | None:
    """Return the key of that id, ARN or alias; the AWS managed key exists once it was used."""
    managed = world.keys.get(MANAGED_KEY)
    if managed is not None and text in {MANAGED_ALIAS, _id_of(managed)}:
        return managed
    return named_key(world, text)


def _known(world: World) -> list[KmsKey]:
    return [key for key in world.keys.values() if key.arn is not None]


def _id_of(key: KmsKey) -> str:
    """Return a key's id: that of the AWS managed key stands only in its ARN."""
    arn = KEY_ARN.fullmatch(key.arn or "")
    return key.key_id if arn is None else arn["id"]


def _aliases(asked: dict[str, object], world: World, shelf: Shelf) -> list[dict[str, object]]:
    named = dict(world.aliases)
    if MANAGED_KEY in world.keys:
        named[MANAGED_ALIAS] = MANAGED_KEY
    about = find_key(world, str(asked["KeyId"])) if "KeyId" in asked else None
    found: list[dict[str, object]] = []
    for alias, key_id in sorted(named.items()):
        key = world.keys.get(key_id)
        if key is None or key.arn is None or ("KeyId" in asked and key is not about):
            continue
        found.append(
            {
                "AliasName": alias,
                "AliasArn": f"{key.arn.partition(':key/')[0]}:{alias}",
                "TargetKeyId": _id_of(key),
                "CreationDate": shelf.key_created(key_id).timestamp(),
            }
        )
    return found


def _page(name: str, rows: Sequence[object], asked: dict[str, object]) -> HttpResponse:
    """Return the page of a list that a request asks for by Limit and Marker (a row's number)."""
    limit, marker = asked.get("Limit", _PAGE), str(asked.get("Marker", "0"))
    if not isinstance(limit, int) or not 0 < limit <= _PAGE:
        message = f"Limit is a number from 1 to {_PAGE}."
        return _json(400, {"__type": "ValidationException", "message": message})
    if not marker.isascii() or not marker.isdigit():
        message = "Marker is none that a list gave."
        return _json(400, {"__type": "InvalidMarkerException", "message": message})
    end = int(marker) + limit
    page: dict[str, object] = {name: rows[int(marker) : end], "Truncated": end < len(rows)}
    return _json(200, page | ({"NextMarker": str(end)} if end < len(rows) else {}))


def describe(body: bytes, request: KmsOperation, world: World, shelf: Shelf) -> bytes:
    """Return the answer of the model with all that describes the key."""
    answer = read_json(body)
    shown = answer.get("KeyMetadata")
    key = named_key(world, str(shown.get("KeyId", ""))) if isinstance(shown, dict) else None
    if not isinstance(shown, dict) or key is None:
        return body
    days = request.days if isinstance(request, ScheduleKeyDeletion) else 0
    if days:
        gone = shelf.now() + timedelta(days=days)
        answer |= {"DeletionDate": gone.timestamp(), "PendingWindowInDays": days}
        answer["KeyState"] = key.state.value
    if isinstance(request, CreateKey | DescribeKey):
        answer["KeyMetadata"] = {**_metadata(key, shelf), **shown, "KeyId": _id_of(key)}
    else:
        del answer["KeyMetadata"]
    return json.dumps(answer).encode()


def _metadata(key: KmsKey, shelf: Shelf) -> dict[str, object]:
    arn = KEY_ARN.fullmatch(key.arn or "")
    spec = {"KeySpec": "SYMMETRIC_DEFAULT", "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"]}
    return {
        "AWSAccountId": "" if arn is None else arn["account"],
        "CreationDate": shelf.key_created(key.key_id).timestamp(),
        "Enabled": key.state is KeyState.ENABLED,
        "Description": "",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS",
        "KeyManager": "AWS" if key.key_id == MANAGED_KEY else "CUSTOMER",
        "MultiRegion": False,
        **(spec if key.symmetric else {}),
    }
