"""An independent SDK writes policies, checksums and forms as the model does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import boto3
import pytest

from model import wire
from model.checksums import ALGORITHMS, BY_NAME, checksum_of
from model.clauses.tests.notation import BUCKET, copy, head, put
from model.clauses.tests.words_forms import MUST_BE_KMS, delete_policy, post, put_policy
from model.form import form_of, write_form
from model.messages import HttpRequest, HttpResponse
from model.operations.post_object import PostObject
from model.request import header_places
from model.tests.test_wire_agreement import COPIED, SDK

if TYPE_CHECKING:
    from model.operation import Operation

pytestmark = pytest.mark.agreement

SOUND = [
    put_policy(MUST_BE_KMS),
    delete_policy(),
    *(
        put(**{f"checksum_{one.name.lower()}": checksum_of(b"some data", one)})  # type: ignore[arg-type]
        for one in ALGORITHMS
    ),
    head(checksum_mode="ENABLED"),
    copy(checksum_algorithm="SHA256"),
]


@pytest.mark.parametrize("request_", SOUND)
def test_an_sdk_writes_such_a_request_as_the_model_does(request_: Operation) -> None:
    SDK.send(request_, HttpResponse(200, (), COPIED))
    theirs, ours = SDK.sent_http(), wire.render(request_)
    assert theirs.method == ours.method
    assert theirs.query == ours.query
    assert theirs.body == ours.body
    sent, written = dict(theirs.headers), dict(ours.headers)
    for place in header_places(type(request_)):
        if place.name != "x-amz-sdk-checksum-algorithm":
            assert sent.get(place.name) == written.get(place.name), place.name


def test_an_sdk_works_out_the_same_checksum() -> None:
    for name in ("CRC32", "SHA1", "SHA256"):
        SDK.send(put(checksum_algorithm=name))
        sent = wire.parse(replace(SDK.sent_http(), bucket=BUCKET, path="/object"))
        assert getattr(sent, f"checksum_{name.lower()}") == checksum_of(b"some data", BY_NAME[name])


def test_the_fields_that_an_sdk_makes_for_a_form_are_read() -> None:
    """boto3 makes the fields; the form itself is left to whoever uploads it."""
    client = boto3.Session("access", "secret", region_name="us-east-1").client("s3")
    own = {"x-amz-server-side-encryption": "AES256", "x-amz-meta-a": "b"}
    conditions = [{name: value} for name, value in own.items()]
    made = client.generate_presigned_post(BUCKET, "object", dict(own), conditions)
    form = form_of(wire.render(post()))
    assert form is not None
    content_type, body = write_form(form._replace(fields=tuple(made["fields"].items())))
    http = HttpRequest("POST", bucket=BUCKET, headers=(("content-type", content_type),), body=body)
    read = wire.parse(http)
    assert isinstance(read, PostObject)
    assert read == replace(post(sse="AES256"), metadata=(("a", "b"),))
