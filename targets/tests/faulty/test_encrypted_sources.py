from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import (
    BUCKET,
    OBJECT,
    copy,
    create,
    customer,
    get,
    put,
    put_default,
    source_customer,
)
from model.clauses.tests.words_multipart import begin, complete, part, part_copy
from model.clauses.tests.words_versioning import enable
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from model.answer import Answer
    from model.operation import Operation
    from targets.tests.faulty.demonstration import Requests

LONG = b"x" * (5 * 1024 * 1024 + 1)
SHORT = b"the end" * 10
SOURCE = "source"
OBJECT_AS_SOURCE = f"{BUCKET}/{OBJECT}"


@shows("encrypted-sources/customer-source-of-parts-fails")
def test_an_object_in_parts_under_a_customer_key_is_not_copied() -> Requests:
    yield create()
    upload = upload_of((yield begin(**customer())))
    etag = etag_of((yield part(upload=upload, **customer())))
    yield complete((1, etag), upload=upload, **customer())
    yield copy(**source_customer())


@shows("encrypted-sources/uneven-parts-lose-their-end")
def test_the_copy_of_uneven_parts_is_shorter() -> Requests:
    yield create()
    yield from uploaded(LONG, SHORT)
    yield copy()
    yield get("copy")


def uploaded(*bodies: bytes) -> Generator[Operation, Answer, Answer]:
    """Upload an object in these parts; return the answer to its completion."""
    upload = upload_of((yield begin()))
    listed = []
    for number, body in enumerate(bodies, 1):
        listed.append((number, etag_of((yield part(str(number), upload=upload, body=body)))))
    return (yield complete(*listed, upload=upload))


@shows("encrypted-sources/sealed-source-of-a-part-fails")
def test_a_part_is_not_copied_from_an_object_under_a_customer_key() -> Requests:
    yield create()
    yield put(SOURCE, **customer())
    upload = upload_of((yield begin()))
    yield part_copy(upload=upload, **source_customer())


@shows("encrypted-sources/source-of-parts-ends-early")
def test_a_part_is_not_copied_from_an_object_in_parts() -> Requests:
    yield create()
    yield from uploaded(SHORT)
    upload = upload_of((yield begin()))
    yield part_copy(OBJECT_AS_SOURCE, upload=upload)


@shows("encrypted-sources/key-of-the-upload-opens-nothing")
def test_a_plain_source_is_not_copied_into_an_upload_under_a_customer_key() -> Requests:
    yield create()
    yield put(SOURCE)
    upload = upload_of((yield begin(**customer())))
    yield part_copy(upload=upload, **customer())


@shows("encrypted-sources/copied-part-needs-no-key")
def test_a_part_is_copied_without_the_key_of_its_upload() -> Requests:
    yield create()
    yield put(SOURCE)
    upload = upload_of((yield begin(**customer())))
    yield part_copy(upload=upload)


@shows("encrypted-sources/source-version-of-a-part-is-not-told")
def test_the_version_that_a_part_was_copied_from_is_not_told() -> Requests:
    yield create()
    yield enable()
    yield put(SOURCE)
    upload = upload_of((yield begin()))
    yield part_copy(upload=upload)


@shows("encrypted-sources/mark-of-the-source-remains")
def test_a_copy_elsewhere_still_needs_the_key() -> Requests:
    yield create()
    yield create("elsewhere")
    yield put(**customer())
    yield copy(bucket="elsewhere", **source_customer())
    yield get("copy", bucket="elsewhere")


@shows("encrypted-sources/customer-key-for-a-source-of-sse-s3")
def test_an_object_is_not_copied_to_a_customer_key() -> Requests:
    yield create()
    yield put()
    yield copy(**customer())


@shows("encrypted-sources/key-id-without-its-algorithm")
def test_an_object_under_sse_kms_is_not_copied_without_headers() -> Requests:
    yield create()
    yield put(sse="aws:kms")
    yield copy()


@shows("encrypted-sources/part-number-zero-is-taken")
def test_part_zero_is_copied() -> Requests:
    yield create()
    yield put(SOURCE)
    upload = upload_of((yield begin()))
    yield part_copy(number="0", upload=upload)


@shows("encrypted-sources/part-with-a-checksum-fails")
def test_a_part_with_a_checksum_breaks_down() -> Requests:
    yield create()
    yield put_default("aws:kms")
    upload = upload_of((yield begin()))
    yield part(upload=upload, checksum_sha256="EweZDmulyhRet16ZGCqb7EZTG8VN32VqL5kPwKrRQ+M=")
