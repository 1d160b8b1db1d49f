"""How the text of a KMS key is looked up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.clauses.tests.notation import (
    ACCOUNT,
    ALIAS,
    EMPTY,
    KEY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    REGION,
    UNKNOWN,
    after,
    create,
    put,
)
from model.kms import NoKey, OtherKey, look_up_key, managed_key, unlisted_key
from model.world import MANAGED_KEY, KmsKey

pytestmark = pytest.mark.example

USED = after(create(), put(sse="aws:kms"))
MANAGED = USED.keys[MANAGED_KEY]
MANAGED_ARN = MANAGED.arn or ""


def alias_arn(name: str, *, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:kms:{region}:{account}:{name}"


@pytest.mark.parametrize("text", [KEY_ID, KEY_ARN, ALIAS, alias_arn(ALIAS)])
def test_a_key_is_found_by_id_arn_alias_and_alias_arn(text: str) -> None:
    assert look_up_key(EMPTY, REGION, text) == KEY


@pytest.mark.parametrize("text", ["alias/aws/s3", alias_arn("alias/aws/s3"), MANAGED_ARN])
def test_the_managed_key_is_found_by_its_alias_and_by_the_arn_that_was_seen(text: str) -> None:
    assert look_up_key(USED, REGION, text) == MANAGED


def test_the_managed_key_is_found_by_the_id_of_the_arn_that_was_seen() -> None:
    assert look_up_key(USED, REGION, MANAGED_ARN.rpartition("/")[2]) == MANAGED


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("fake", NoKey.NOT_A_KEY_ID),
        (MANAGED_KEY, NoKey.NOT_A_KEY_ID),
        (NO_KEY_ID, NoKey.NO_SUCH_ID),
        ("mrk-" + "0" * 32, NoKey.NO_SUCH_ID),
        (KEY_ARN.replace(KEY_ID, NO_KEY_ID), NoKey.NO_SUCH_ARN),
        ("alias/none", NoKey.NO_SUCH_ALIAS),
        (alias_arn("alias/none"), NoKey.NO_SUCH_ALIAS),
        (KEY_ARN.replace(REGION, "eu-west-1"), NoKey.OTHER_REGION),
        (alias_arn(ALIAS, region="eu-west-1"), NoKey.OTHER_REGION),
        (KEY_ARN.replace(ACCOUNT, "1" * 12), OtherKey.OTHER_ACCOUNT),
        (alias_arn(ALIAS, account="1" * 12), OtherKey.OTHER_ACCOUNT),
        (KEY_ARN.replace("arn:aws:", "arn:aws-cn:"), OtherKey.OTHER_PARTITION),
        (alias_arn(ALIAS).replace("arn:aws:", "arn:aws-cn:"), OtherKey.OTHER_PARTITION),
    ],
)
def test_what_is_not_found_is_not_found_for_a_reason(text: str, why: NoKey | OtherKey) -> None:
    assert look_up_key(USED, REGION, text) is why


def test_blanks_around_the_text_are_no_part_of_it() -> None:
    assert look_up_key(EMPTY, REGION, f" {KEY_ID}\n") == KEY


def test_a_multi_region_key_is_found_by_its_id() -> None:
    key = KmsKey(key_id="mrk-" + "1" * 32, arn=KEY_ARN.replace(KEY_ID, "mrk-" + "1" * 32))
    world = EMPTY.with_key(key)
    assert look_up_key(world, REGION, key.key_id) == key
    assert look_up_key(world, REGION, key.arn or "") == key


def test_a_bare_id_is_looked_up_in_the_region_of_the_bucket() -> None:
    assert look_up_key(EMPTY, "eu-west-1", KEY_ID) is NoKey.NO_SUCH_ID


def test_an_alias_of_a_key_that_is_gone_names_no_key() -> None:
    world = replace(EMPTY, keys={})
    assert look_up_key(world, REGION, ALIAS) is NoKey.NO_SUCH_ALIAS


@pytest.mark.parametrize("text", [KEY_ID, KEY_ARN, ALIAS, alias_arn(ALIAS), "anything"])
def test_where_nothing_is_known_any_key_may_exist(text: str) -> None:
    assert look_up_key(UNKNOWN, "", text) is OtherKey.UNKNOWN


def test_the_managed_key_is_there_before_it_was_used() -> None:
    assert managed_key(EMPTY) == KmsKey(key_id=MANAGED_KEY)


def test_a_key_that_is_not_listed_is_what_its_text_says() -> None:
    assert unlisted_key(KEY_ARN) == KmsKey(key_id=KEY_ID, arn=KEY_ARN, region=REGION)
    assert unlisted_key(ALIAS) == KmsKey(key_id=ALIAS)
