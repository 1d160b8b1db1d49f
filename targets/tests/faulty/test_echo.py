from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import NO_KEY_ID, copy, create, delete, put
from model.operations.kms import CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

KMS = "aws:kms"


@shows("echo/put-omits-kms")
def test_a_put_does_not_show_its_kms_key() -> Requests:
    yield create()
    yield put(sse=KMS)


@shows("echo/key-of-the-server-for-aes256")
def test_an_aes256_object_shows_a_key() -> Requests:
    yield create()
    yield put()


@shows("echo/key-is-shown-as-it-was-named")
def test_a_key_is_shown_by_its_id() -> Requests:
    made = yield CreateKey()
    yield create()
    yield put(sse=KMS, kms_key_id=made.text("KeyId"))


@shows("echo/refused-write-shows-it")
def test_a_refused_write_shows_an_encryption() -> Requests:
    yield create()
    yield put(sse=KMS, kms_key_id=NO_KEY_ID)


@shows("echo/deletion-shows-it")
def test_a_deletion_shows_an_encryption() -> Requests:
    yield create()
    yield put()
    yield delete()


@shows("echo/copy-shows-the-overwritten")
def test_a_copy_shows_the_encryption_of_what_it_replaced() -> Requests:
    yield create()
    yield put("copy", sse=KMS)
    yield put()
    yield copy()
