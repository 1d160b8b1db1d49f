from __future__ import annotations

from typing import TYPE_CHECKING

from model.clauses.tests.notation import create, customer, get, head, put, put_default
from model.clauses.tests.words_multipart import begin, complete, part
from model.clauses.tests.words_versioning import attributes, enable
from targets.tests.faulty.demonstration import shows
from targets.tests.faulty.told import etag_of, upload_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from model.answer import Answer
    from model.operation import Operation
    from targets.tests.faulty.demonstration import Requests

LONG = b"x" * (5 * 1024 * 1024)
SHORT = b"the end"


def uploaded(*bodies: bytes) -> Generator[Operation, Answer, Answer]:
    """Upload an object in these parts; return the answer to its completion."""
    upload = upload_of((yield begin()))
    listed = []
    for number, body in enumerate(bodies, 1):
        answer = yield part(str(number), upload=upload, body=body)
        listed.append((number, etag_of(answer)))
    return (yield complete(*listed, upload=upload))


@shows("multipart-reading/ciphertext-is-served")
def test_an_object_in_parts_is_not_decrypted() -> Requests:
    yield create()
    yield put_default("AES256")
    yield from uploaded(SHORT)
    yield get()


@shows("multipart-reading/head-of-a-part-is-whole")
def test_head_of_a_part_tells_of_the_whole() -> Requests:
    yield create()
    yield from uploaded(LONG, SHORT)
    yield head(part_number="2")


@shows("multipart-reading/no-part-with-checksums")
def test_there_is_no_part_where_checksums_are_asked_for() -> Requests:
    yield create()
    yield from uploaded(SHORT)
    yield head(part_number="1", checksum_mode="ENABLED")


@shows("multipart-reading/empty-object-has-no-part")
def test_an_empty_object_is_not_read_by_its_part() -> Requests:
    yield create()
    yield put(body=b"")
    yield head(part_number="1")


@shows("multipart-reading/range-across-parts-fails")
def test_a_range_across_two_parts_is_not_read() -> Requests:
    yield create()
    yield from uploaded(LONG, SHORT)
    yield get(range=f"bytes={len(LONG) - 2}-{len(LONG) + 1}")


@shows("multipart-reading/parts-of-the-newest")
def test_the_part_of_an_older_version_has_the_length_of_another() -> Requests:
    yield create()
    yield from uploaded(SHORT)
    yield enable()
    yield from uploaded(SHORT + SHORT)
    yield head(version_id="null", part_number="1")


@shows("multipart-reading/attributes-of-what-is-stored")
def test_a_part_has_the_size_of_what_is_stored() -> Requests:
    yield create()
    upload = upload_of((yield begin(**customer())))
    etag = etag_of((yield part(upload=upload, **customer())))
    yield complete((1, etag), upload=upload, **customer())
    yield attributes("ObjectParts", **customer())


@shows("multipart-reading/counts-uploaded-parts")
def test_parts_that_are_not_listed_are_counted() -> Requests:
    yield create()
    upload = upload_of((yield begin()))
    etag = etag_of((yield part(upload=upload)))
    yield part("2", upload=upload)
    yield complete((1, etag), upload=upload)
    yield head(part_number="1")


@shows("multipart-reading/part-is-cached")
def test_the_part_of_a_new_object_is_that_of_the_old() -> Requests:
    yield create()
    yield from uploaded(SHORT)
    yield get(part_number="1")
    yield from uploaded(SHORT + SHORT)
    yield get(part_number="1")
