"""What answers tell of an object's encryption, and what the world adopts of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.answer import BODY, ETAG, Answer
from model.clauses.tests.notation import (
    BUCKET,
    DATA,
    EMPTY,
    KEY,
    KEY_ARN,
    KEY_ID,
    NO_KEY_ID,
    OBJECT,
    UNKNOWN,
    after,
    create,
    head,
    put,
)
from model.operation import UNKNOWN_KEY, encryption_shown, key_of_arn, learn_version
from model.request import (
    BUCKET_KEY,
    CUSTOMER_ALGORITHM,
    CUSTOMER_KEY_MD5,
    KMS_KEY_ID,
    SSE,
)
from model.sse import DsseKms, ObjectEncryption, SseC, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import MANAGED_KEY, KmsKey, World

pytestmark = pytest.mark.example

NEW_ARN = KEY_ARN.replace(KEY_ID, NO_KEY_ID)
NEW_KEY = KmsKey(key_id=NO_KEY_ID, arn=NEW_ARN, only_seen=True)


def shows(status: int = 200, **fields: str | bytes) -> Answer:
    names = {
        "sse": SSE,
        "key": KMS_KEY_ID,
        "flag": BUCKET_KEY,
        "algorithm": CUSTOMER_ALGORITHM,
        "md5": CUSTOMER_KEY_MD5,
        "etag": ETAG,
        "body": BODY,
    }
    named = {names[name]: value for name, value in fields.items()}
    return Answer(status=status, succeeded=True, error_code=None, fields=named)


def holding(version: ObjectVersion, start: World = EMPTY) -> World:
    return start.with_object(BUCKET, OBJECT, version)


def learnt(world: World, answer: Answer) -> tuple[World, ObjectVersion]:
    after_it = learn_version(world, head(), answer)
    version = after_it.object(BUCKET, OBJECT)
    assert isinstance(version, ObjectVersion)
    return after_it, version


@pytest.mark.parametrize(
    ("answer", "encryption", "key"),
    [
        (shows(sse="AES256"), SseS3(), None),
        (shows(algorithm="AES256", md5="m"), SseC("m"), None),
        (shows(algorithm="AES256"), None, None),
        (shows(sse="aws:kms", key=KEY_ARN), SseKms(KEY_ID), KEY),
        (
            shows(sse="aws:kms", key=KEY_ID, flag="true"),
            SseKms(KEY_ID, bucket_key_enabled=True),
            KEY,
        ),
        (shows(sse="aws:kms"), SseKms(UNKNOWN_KEY), None),
        (shows(sse="aws:kms:dsse", key=NEW_ARN), DsseKms(NO_KEY_ID), NEW_KEY),
        (shows(sse="ROT13"), None, None),
        (shows(), None, None),
    ],
)
def test_the_headers_of_an_answer_show_an_encryption(
    answer: Answer, encryption: ObjectEncryption | None, key: KmsKey | None
) -> None:
    assert encryption_shown(answer, EMPTY) == (encryption, key)


def test_the_managed_key_is_known_by_the_arn_that_was_seen() -> None:
    world = after(create(), put(sse="aws:kms"))
    managed = world.keys[MANAGED_KEY]
    assert key_of_arn(world, managed.arn) == managed
    assert key_of_arn(world, MANAGED_KEY) == KmsKey(key_id="s3", arn=None, only_seen=True)
    assert key_of_arn(world, None) is None


def test_a_bare_key_id_in_an_answer_is_not_its_arn() -> None:
    assert key_of_arn(EMPTY, NO_KEY_ID) == replace(NEW_KEY, arn=None)
    assert key_of_arn(EMPTY, NEW_ARN) == NEW_KEY


def test_an_object_of_which_nothing_was_known_is_learnt() -> None:
    answer = shows(sse="aws:kms", key=KEY_ARN, etag="e", body=DATA)
    world, version = learnt(UNKNOWN, answer)
    assert (version.encryption, version.body, version.etag) == (SseKms(KEY_ID), DATA, "e")
    assert version.shown[SSE] == "aws:kms"
    assert world.keys[KEY_ID].arn == KEY_ARN


def test_a_part_of_the_data_is_not_the_data() -> None:
    _, version = learnt(UNKNOWN, shows(206, sse="AES256", body=b"part"))
    assert version.body is None


def test_what_was_known_is_not_learnt_again() -> None:
    known = ObjectVersion(encryption=SseS3(), body=DATA, etag="e")
    world = holding(known)
    answer = shows(sse="aws:kms", key=KEY_ARN, etag="f", body=b"other")
    assert learn_version(world, head(), answer) is world


def test_a_key_that_nobody_knew_is_learnt_from_its_arn() -> None:
    world = holding(ObjectVersion(encryption=SseKms(UNKNOWN_KEY), body=DATA, etag="e"))
    after_it, version = learnt(world, shows(sse="aws:kms", key=NEW_ARN))
    assert version.encryption == SseKms(NO_KEY_ID)
    assert after_it.keys[NO_KEY_ID] == NEW_KEY


def test_a_key_that_nobody_knew_stays_unknown_where_no_arn_is_shown() -> None:
    world = holding(ObjectVersion(encryption=SseKms(UNKNOWN_KEY), body=DATA, etag="e"))
    assert learn_version(world, head(), shows(sse="aws:kms")) is world


def test_the_arn_of_the_managed_key_is_bound_once() -> None:
    world = holding(ObjectVersion(encryption=DsseKms(MANAGED_KEY), body=DATA, etag="e"))
    bound, _ = learnt(world, shows(sse="aws:kms:dsse", key=NEW_ARN))
    assert bound.keys[MANAGED_KEY] == KmsKey(key_id=MANAGED_KEY, arn=NEW_ARN)
    again, _ = learnt(bound, shows(sse="aws:kms:dsse", key=KEY_ARN))
    assert again.keys[MANAGED_KEY].arn == NEW_ARN
