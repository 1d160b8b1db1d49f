"""How S3 finds the KMS key that a request or a bucket default names."""

from __future__ import annotations

import re
from enum import Enum

from model.world import ALIAS_ARN, KEY_ARN, MANAGED_KEY, KmsKey, World

MANAGED_ALIAS = "alias/aws/s3"
_KEY_ID = re.compile(r"(mrk-)?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")


class NoKey(Enum):
    """Why a text names no KMS key."""

    NOT_A_KEY_ID = "no key id, ARN or alias"
    NO_SUCH_ID = "no key of that id"
    NO_SUCH_ARN = "no key of that ARN"
    NO_SUCH_ALIAS = "no such alias"
    OTHER_REGION = "a key of another region"


class OtherKey(Enum):
    """Keys that exist, or may exist, beyond what the world knows."""

    OTHER_ACCOUNT = "a key of another account"
    OTHER_PARTITION = "a key of another partition"
    UNKNOWN = "a key that the world knows nothing of"


def managed_key(world: World) -> KmsKey:
    """Return the AWS managed key ``aws/s3`` of the account and region (GP-KEY-01)."""
    return world.keys.get(MANAGED_KEY) or KmsKey(key_id=MANAGED_KEY)


def look_up_key(world: World, region: str, text: str) -> KmsKey | NoKey | OtherKey:
    """Find the key that ``text`` names in a bucket of ``region`` (GP-KEY-03, -04, -05, -08).

    A key id, a key ARN, an alias name or an alias ARN is a name of a key; a bare id is looked up
    in the bucket's region. Blanks around the text are no part of it: whether S3 takes it then is
    another question (GP-KMS-13).
    """
    text = text.strip()
    arn = KEY_ARN.fullmatch(text)
    alias = ALIAS_ARN.fullmatch(text)
    full = arn or alias
    if full is not None:
        if region and full["region"] != region:
            return NoKey.OTHER_REGION
        if world.account is not None and full["account"] != world.account:
            return OtherKey.OTHER_ACCOUNT
        if _is_of_another_partition(world, text):
            return OtherKey.OTHER_PARTITION
    if arn is not None:
        return _by_id(world, region, arn["id"], NoKey.NO_SUCH_ARN)
    if alias is not None:
        text = alias["alias"]
    if text == MANAGED_ALIAS:
        return managed_key(world)
    if text.startswith("alias/"):
        key_id = world.aliases.get(text)
        if key_id is not None:
            return _by_id(world, region, key_id, NoKey.NO_SUCH_ALIAS)
        return NoKey.NO_SUCH_ALIAS if world.context.keys_complete else OtherKey.UNKNOWN
    return _by_id(world, region, text, NoKey.NO_SUCH_ID)


def _is_of_another_partition(world: World, arn: str) -> bool:
    """Tell whether an ARN begins otherwise than those of the keys that the world knows."""
    partition = arn.split(":")[1]
    known = False
    for key in world.keys.values():
        if key.arn is not None and KEY_ARN.fullmatch(key.arn):
            if key.arn.split(":")[1] == partition:
                return False
            known = True
    return known


def _by_id(world: World, region: str, key_id: str, missing: NoKey) -> KmsKey | NoKey | OtherKey:
    key = world.keys.get(key_id)
    if key is not None and key_id != MANAGED_KEY:
        return missing if region and key.region and key.region != region else key
    managed = world.keys.get(MANAGED_KEY)
    if managed is not None and managed.arn is not None and managed.arn.endswith("/" + key_id):
        return managed
    shaped = _KEY_ID.fullmatch(key_id) is not None
    if not world.context.keys_complete:
        return OtherKey.UNKNOWN
    return missing if shaped else NoKey.NOT_A_KEY_ID


def unlisted_key(text: str) -> KmsKey:
    """Return a key of which nothing is known but the text that named it."""
    arn = KEY_ARN.fullmatch(text)
    if arn is not None:
        return KmsKey(key_id=arn["id"], arn=text, region=arn["region"])
    return KmsKey(key_id=text)
