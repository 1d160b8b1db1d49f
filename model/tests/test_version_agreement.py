"""An independent SDK writes and reads versions, listings and attributes as the model does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from model import wire
from model.answer import Answer
from model.clauses.tests.notation import BUCKET, OBJECT, after, answer_to, create, first_success
from model.clauses.tests.notation import delete as deletion
from model.clauses.tests.notation import put as write
from model.clauses.tests.words_versioning import (
    attributes,
    copy_version,
    delete_several,
    delete_version,
    enable,
    get_versioning,
    list_objects,
    list_v2,
    list_versions,
    suspend,
)
from model.delete_document import Named, read_deletion
from model.messages import HttpResponse
from model.operations.delete_objects import DeleteObjects
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.listing import ListingOperation
from model.operations.put_bucket_versioning import PutBucketVersioning
from model.operations.put_object import PutObject
from model.request import header_places
from model.tests.test_wire_agreement import COPIED, SDK
from model.world import World

if TYPE_CHECKING:
    from model.operation import Operation

pytestmark = pytest.mark.agreement

ETAG = '"0123456789abcdef0123456789abcdef"'
NAME = "dir/a b"
TWO = after(create(), enable(), write(), write(body=b"newer"), deletion())


def sent(request: Operation, body: bytes = b"") -> tuple[Any, Any]:
    """Return what the SDK sends and what the model sends for the same parameters."""
    SDK.send(request, HttpResponse(200, (), body))
    return SDK.sent_http(), wire.render(request)


@pytest.mark.parametrize(
    "request_",
    [
        GetObject(bucket=BUCKET, object_key=NAME, version_id="v1", if_match=ETAG),
        HeadObject(bucket=BUCKET, object_key=NAME, version_id="v1", if_none_match=ETAG),
        PutObject(bucket=BUCKET, object_key=NAME, if_match=ETAG, tagging="a=b"),
        copy_version("v1", "dir/c", source_if_match=ETAG, source_if_none_match=ETAG),
        copy_version("v1", tagging_directive="REPLACE", tagging="a=b"),
        delete_version("v1"),
        attributes(version_id="v1", customer_algorithm="AES256"),
        get_versioning(),
        list_versions(prefix="a/"),
    ],
    ids=lambda r: r.operation,
)
def test_an_sdk_writes_a_request_as_the_model_does(request_: Operation) -> None:
    theirs, ours = sent(request_, COPIED if request_.operation == "CopyObject" else b"")
    assert theirs.method == ours.method
    assert theirs.path == f"/{ours.bucket}{'' if ours.path == '/' else ours.path}"
    their_query = [pair for pair in theirs.query if pair[0] != "encoding-type"]
    assert sorted(their_query) == sorted(ours.query)
    headers = dict(theirs.headers)
    for place in header_places(type(request_)):
        assert headers.get(place.name) == dict(ours.headers).get(place.name), place.name


@pytest.mark.parametrize("request_", [list_v2(), list_objects()], ids=lambda r: r.operation)
def test_a_listing_that_an_sdk_asks_for_is_read_as_one(request_: ListingOperation) -> None:
    theirs, _ = sent(request_)
    asked = wire.parse(theirs.__class__("GET", bucket=BUCKET, query=theirs.query))
    assert type(asked) is type(request_)
    assert isinstance(asked, ListingOperation)
    assert asked.is_url_encoded


@pytest.mark.parametrize("request_", [enable(), suspend()])
def test_an_sdk_writes_a_versioning_that_the_model_reads(request_: PutBucketVersioning) -> None:
    theirs, ours = sent(request_)
    assert (theirs.method, theirs.query) == (ours.method, ours.query)
    read = PutBucketVersioning(bucket=BUCKET, document=theirs.body)
    assert read.versioning is request_.versioning


def test_an_sdk_writes_a_deletion_of_several_that_the_model_reads() -> None:
    request = delete_several("a", Named("b & c", "v1"), quiet=True, told=False)
    theirs, ours = sent(request)
    assert (theirs.method, theirs.query) == (ours.method, ours.query)
    assert read_deletion(theirs.body) == read_deletion(request.document)
    read = DeleteObjects(bucket=BUCKET, document=theirs.body)
    assert read.deletion == request.deletion


def answered(request: Operation) -> Any:
    """Return what the SDK makes of the answer that the model predicts."""
    answer = answer_to(first_success(TWO, request))
    return SDK.send(request, wire.write_answer(request, answer, TWO))


def test_an_sdk_reads_a_listing_of_versions() -> None:
    read = answered(list_versions())
    (marker,) = read["DeleteMarkers"]
    newer, older = sorted(read["Versions"], key=lambda v: v["Size"])
    assert (marker["Key"], marker["IsLatest"]) == (OBJECT, True)
    assert (newer["Size"], older["Size"]) == (5, 9)
    assert not newer["IsLatest"]
    stated = list_versions().stated(
        {
            "Versions": [{k: v for k, v in one.items() if k != "LastModified"} for one in (newer,)],
        }
    )
    assert stated[f"Size of version {newer['VersionId']} of {OBJECT}"] == "5"


def test_an_sdk_reads_a_listing() -> None:
    world = after(create(), write())
    for request in (list_v2(), list_objects()):
        answer = answer_to(first_success(world, request))
        read = SDK.send(request, wire.write_answer(request, answer, world))
        assert [(one["Key"], one["Size"]) for one in read["Contents"]] == [(OBJECT, 9)]


def test_an_sdk_reads_attributes_and_the_versioning() -> None:
    world = after(create(), enable(), write())
    answer = answer_to(first_success(world, attributes()))
    read = SDK.send(attributes(), wire.write_answer(attributes(), answer, world))
    assert read["ObjectSize"] == 9
    assert not read["ETag"].startswith('"')
    assert answered(get_versioning())["Status"] == "Enabled"


def test_an_sdk_reads_what_became_of_a_deletion_of_several() -> None:
    request = delete_several(OBJECT, "other", told=False)
    fields = {
        f"Deleted of {OBJECT}": "yes",
        f"DeleteMarker of {OBJECT}": "true",
        f"DeleteMarkerVersionId of {OBJECT}": "m1",
        "Error of other": "AccessDenied",
    }
    answer = Answer(status=200, succeeded=True, fields=fields)
    read = SDK.send(request, wire.write_answer(request, answer, World()))
    assert read["Deleted"] == [{"Key": OBJECT, "DeleteMarker": True, "DeleteMarkerVersionId": "m1"}]
    assert read["Errors"][0]["Code"] == "AccessDenied"
