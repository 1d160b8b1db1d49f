"""An independent SDK writes the requests of uploads in parts as the model does, and reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import wire
from model.answer import Answer
from model.clauses.tests.notation import after, create, customer
from model.clauses.tests.words_multipart import UPLOAD, begin, list_parts, list_uploads, part
from model.completion_document import ListedPart, read_completion, write_completion
from model.messages import HttpResponse
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.list_multipart_uploads import ListMultipartUploads
from model.operations.list_parts import ListParts
from model.operations.upload_part import UploadPart
from model.operations.upload_part_copy import UploadPartCopy
from model.parameters import to_parameters
from model.request import header_places
from model.tests.properties import REPEATABLE
from model.tests.test_wire_agreement import (
    SDK,
    SHOWN,
    boto_parameters,
    buckets,
    customer_keys,
    metadata,
    plain_keys,
    read_headers,
    write_headers,
)
from model.world import World

if TYPE_CHECKING:
    from model.matchers import Value
    from model.operation import Operation

pytestmark = pytest.mark.agreement

COPIED = b"<CopyPartResult><ETag>e</ETag></CopyPartResult>"
MADE = b"<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
DONE = b"<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
BODIES = {UploadPartCopy: COPIED, CreateMultipartUpload: MADE, CompleteMultipartUpload: DONE}
upload_ids = st.text("abcdefXYZ0189-_.", min_size=1, max_size=12)
numbers = st.integers(1, 10_000).map(str)
listed_checksums = st.sampled_from(
    [(), (("ChecksumCRC32", "AAAAAA=="),), (("ChecksumSHA1", "a&b"), ("ChecksumSHA256", "c"))]
)
parts = st.lists(
    st.builds(
        ListedPart,
        st.integers(1, 10_000),
        st.sampled_from(['"e1"', "e2", '"é&<"']),
        listed_checksums,
    ),
    min_size=1,
    max_size=3,
)
upload_checksums: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"checksum_algorithm": "SHA256"},
        {"checksum_algorithm": "CRC32", "checksum_type": "FULL_OBJECT"},
    ]
)
part_checksums: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"checksum_crc32": "AAAAAA=="}, {"checksum_sha256": "x", "checksum_crc64nvme": "y"}]
)


def _headers_of(key: bytes) -> dict[str, Any]:
    return dict(customer(key))


source_headers: st.SearchStrategy[dict[str, Any]] = st.just({}) | customer_keys.map(
    lambda key: {f"source_{name}": value for name, value in _headers_of(key).items()}
)


@st.composite
def upload_requests(draw: st.DrawFn) -> Operation:
    """Draw a valid request of an upload in parts, or a read of a part."""
    named: dict[str, Any] = {"bucket": draw(buckets), "object_key": draw(plain_keys)}
    upload = {**named, "upload_id": draw(upload_ids)}
    one = {**upload, "part_number": draw(numbers)}
    kind = draw(st.sampled_from([*BODIES, UploadPart, "other"]))
    if kind is CreateMultipartUpload:
        return CreateMultipartUpload(
            **named,
            metadata=draw(metadata),
            **draw(write_headers),
            **draw(upload_checksums),
        )
    if kind is UploadPart:
        return UploadPart(
            **one,
            body=draw(st.binary(max_size=20)),
            **draw(read_headers),
            **draw(part_checksums),
        )
    if kind is UploadPartCopy:
        return UploadPartCopy(
            **one,
            copy_source=f"bucket/{draw(plain_keys)}",
            copy_source_range=draw(st.none() | st.just("bytes=0-3")),
            **draw(read_headers),
            **draw(source_headers),
        )
    if kind is CompleteMultipartUpload:
        document = write_completion(draw(parts))
        return CompleteMultipartUpload(**upload, document=document, **draw(read_headers))
    others: list[Operation] = [
        AbortMultipartUpload(**upload),
        ListParts(**upload),
        ListParts(**upload, **_headers_of(b"k" * 32)),
        ListMultipartUploads(bucket=named["bucket"]),
        GetObject(**named, part_number=one["part_number"]),
        HeadObject(**named, part_number=one["part_number"]),
    ]
    return draw(st.sampled_from(others))


@REPEATABLE
@given(request=upload_requests())
def test_an_sdk_writes_a_request_of_an_upload_as_the_model_does(request: Operation) -> None:
    SDK.send(request, HttpResponse(200, (), BODIES.get(type(request), b"")))
    theirs, ours = SDK.sent_http(), wire.render(request)
    assert theirs.method == ours.method
    assert theirs.path == f"/{ours.bucket}{'' if ours.path == '/' else ours.path}"
    assert sorted(theirs.query) == sorted(ours.query)
    sent, written = dict(theirs.headers), dict(ours.headers)
    for place in header_places(type(request)):
        their_value, our_value = sent.get(place.name), written.get(place.name)
        if place.name == "x-amz-copy-source":
            their_value, our_value = unquote(their_value or ""), unquote(our_value or "")
        assert their_value == our_value, place.name
    if isinstance(request, CompleteMultipartUpload):
        assert read_completion(theirs.body) == request.parts
    else:
        assert theirs.body == ours.body


def test_the_parameters_of_a_completion_are_those_of_the_sdk() -> None:
    request = CompleteMultipartUpload(
        bucket="b", object_key="k", document=write_completion([ListedPart(2, '"e"')])
    )
    listed = {"Parts": [{"ETag": '"e"', "PartNumber": 2}]}
    assert to_parameters(request) == {"Bucket": "b", "Key": "k", "MultipartUpload": listed}
    assert boto_parameters(request)["MultipartUpload"] == listed


# Answers.

ETAG = "0123456789abcdef0123456789abcdef"
FIELDS: dict[str, Value] = {
    "etag": ETAG,
    **{header: f"value of {name}" for header, name in SHOWN.items()},
}
NAMED: dict[str, Any] = {"bucket": "bucket", "object_key": "k", "upload_id": "u"}


@pytest.mark.parametrize(
    "request_",
    [
        UploadPart(part_number="1", **NAMED),
        UploadPartCopy(part_number="1", copy_source="bucket/s", **NAMED),
        CompleteMultipartUpload(document=write_completion([]), **NAMED),
    ],
    ids=lambda r: r.operation,
)
def test_an_sdk_reads_the_etag_and_the_encryption_of_an_answer(request_: Operation) -> None:
    answer = Answer(status=200, succeeded=True, fields=FIELDS)
    response = wire.write_answer(request_, answer, World())
    read = SDK.send(request_, response)
    assert read.get("CopyPartResult", read)["ETag"] == f'"{ETAG}"'
    assert read["ServerSideEncryption"] == "value of ServerSideEncryption"
    assert wire.read_answer(request_, response).text("etag") == ETAG


def test_an_sdk_reads_the_id_of_an_upload() -> None:
    answer = Answer(status=200, succeeded=True, fields={"UploadId": "the-id"})
    request = CreateMultipartUpload(bucket="bucket", object_key="k")
    response = wire.write_answer(request, answer, World())
    read = SDK.send(request, response)
    assert (read["Bucket"], read["Key"], read["UploadId"]) == ("bucket", "k", "the-id")
    assert wire.read_answer(request, response).text("UploadId") == "the-id"


def test_an_sdk_reads_the_lists() -> None:
    world = after(create(), begin(), part("2"))
    answer = Answer(status=200, succeeded=True, fields={"Uploads": UPLOAD})
    shown = SDK.send(list_parts(), wire.write_answer(list_parts(), answer, world))["Parts"]
    assert [(p["PartNumber"], p["Size"]) for p in shown] == [(2, 9)]
    uploads = SDK.send(list_uploads(), wire.write_answer(list_uploads(), answer, world))["Uploads"]
    assert [(u["Key"], u["UploadId"]) for u in uploads] == [("object", UPLOAD)]


def test_an_sdk_reads_how_many_parts_there_are() -> None:
    fields: dict[str, Value] = {"x-amz-mp-parts-count": "2", "content-length": "5"}
    answer = Answer(status=206, succeeded=True, fields=fields)
    request = HeadObject(bucket="bucket", object_key="k", part_number="1")
    read = SDK.send(request, wire.write_answer(request, answer, World()))
    assert (read["PartsCount"], read["ContentLength"]) == (2, 5)
