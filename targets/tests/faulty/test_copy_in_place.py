from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    OBJECT,
    OTHER_CUSTOMER_KEY,
    copy,
    copy_in_place,
    create,
    customer,
    get,
    put,
    source_customer,
)
from model.clauses.tests.words_forms import checksum
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests

OTHER = "other-bucket"


@shows("copy-in-place/without-a-change")
def test_a_copy_to_itself_without_a_change_is_done() -> Requests:
    yield create()
    yield put()
    yield copy_in_place()


@shows("copy-in-place/same-name-elsewhere")
def test_a_copy_to_the_same_name_in_another_bucket_is_refused() -> Requests:
    yield create()
    yield create(OTHER)
    yield put()
    yield copy(object_key=OBJECT, bucket=OTHER)


@shows("copy-in-place/new-key-old-bytes")
def test_an_object_cannot_be_read_after_a_copy_to_another_encryption() -> Requests:
    yield create()
    yield put()
    yield copy_in_place(sse="aws:kms")
    yield get()


@shows("copy-in-place/rotation-keeps-the-checksum")
def test_a_change_of_the_customer_key_keeps_the_checksum() -> Requests:
    yield create()
    yield put(checksum_crc32=checksum("CRC32"), **customer())
    yield copy_in_place(
        checksum_algorithm="SHA256",
        metadata_directive="REPLACE",
        **source_customer(),
        **customer(OTHER_CUSTOMER_KEY),
    )
