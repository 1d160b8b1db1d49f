"""An independent SDK writes requests as the model does, and reads its answers."""

from __future__ import annotations

import base64
import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPResponse

from model import wire
from model.answer import Answer
from model.encryption_document import RuleText, read_configuration, write_configuration
from model.messages import HttpRequest, HttpResponse
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.get_bucket_encryption import GetBucketEncryption
from model.operations.get_object import GetObject
from model.operations.head_object import HeadObject
from model.operations.kms import (
    CancelKeyDeletion,
    CreateAlias,
    CreateKey,
    DescribeKey,
    DisableKey,
    EnableKey,
    KmsOperation,
    ScheduleKeyDeletion,
)
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.parameters import to_parameters
from model.request import header_places
from model.sse import md5_base64
from model.tests.properties import REPEATABLE
from model.world import World

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from model.matchers import Value
    from model.operation import Operation

pytestmark = pytest.mark.agreement

EMPTY = HttpResponse(200)
ENDPOINT = "http://localhost:9"
ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DATE = "Mon, 23 Nov 2026 00:00:00 GMT"


class Sdk:
    """boto3 with its socket taken away: it keeps the request and is given the answer."""

    def __init__(self) -> None:
        self.sent: Any = None
        self.answer = HttpResponse(200)
        session = boto3.Session("access", "secret", region_name="us-east-1")
        config = Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"max_attempts": 0},
        )
        self.clients = {
            service: session.client(service, endpoint_url=ENDPOINT, config=config)
            for service in ("s3", "kms")
        }
        for service, client in self.clients.items():
            client.meta.events.register(f"before-send.{service}", self._capture)

    def _capture(self, request: Any, **_: Any) -> AWSResponse:
        self.sent = request
        raw = HTTPResponse(io.BytesIO(self.answer.body), preload_content=False)
        headers = {"date": DATE, **dict(self.answer.headers)}
        return AWSResponse(request.url, self.answer.status, headers, raw)

    def send(self, request: Operation, answer: HttpResponse = EMPTY) -> dict[str, Any]:
        """Send the request's parameters; return what the SDK makes of the answer."""
        self.answer = answer
        client = self.clients["kms" if isinstance(request, KmsOperation) else "s3"]
        called: dict[str, Any] = client._make_api_call(request.operation, boto_parameters(request))
        return called

    def sent_http(self) -> HttpRequest:
        """Return the request that would have gone out."""
        url = urlsplit(self.sent.url)
        headers = tuple((n.lower(), _text(v)) for n, v in self.sent.headers.items())
        body = self.sent.body or b""
        data = body if isinstance(body, bytes) else body.read()
        query = tuple(parse_qsl(url.query, keep_blank_values=True))
        return HttpRequest(self.sent.method, "", "", url.path, query, headers, data)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def boto_parameters(request: Operation) -> dict[str, Any]:
    """Return our parameters in boto3's types: flags are flags, and it escapes a copy source."""
    given: dict[str, Any] = dict(to_parameters(request))
    if "BucketKeyEnabled" in given:
        given["BucketKeyEnabled"] = given["BucketKeyEnabled"] == "true"
    if "CopySource" in given:
        given["CopySource"] = unquote(given["CopySource"])
    if "PartNumber" in given:
        given["PartNumber"] = int(given["PartNumber"])
    if isinstance(given.get("Body"), dict):
        given["Body"] = request.content()
    return given


SDK = Sdk()

buckets = st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}[a-z0-9]", fullmatch=True)
object_keys = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
plain_keys = object_keys.filter(lambda k: not k.startswith("/") and ".." not in k and k != ".")
customer_keys = st.binary(min_size=32, max_size=32)
metadata = st.dictionaries(
    st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True),
    st.from_regex(r"[!-~]([ -~]{0,6}[!-~])?", fullmatch=True),
    max_size=2,
).map(lambda d: tuple(d.items()))


def _customer(key: bytes, prefix: str = "") -> dict[str, Any]:
    return {
        f"{prefix}customer_algorithm": "AES256",
        f"{prefix}customer_key": base64.b64encode(key).decode(),
        f"{prefix}customer_key_md5": md5_base64(key),
    }


kms_headers = st.fixed_dictionaries(
    {"sse": st.sampled_from(["aws:kms", "aws:kms:dsse"])},
    optional={
        "kms_key_id": st.just(ARN),
        "bucket_key_enabled": st.sampled_from(["true", "false"]),
        "encryption_context": st.just("eyJhIjoiYiJ9"),
    },
)
write_headers: SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}), st.just({"sse": "AES256"}), kms_headers, customer_keys.map(_customer)
)
read_headers: SearchStrategy[dict[str, Any]] = st.one_of(st.just({}), customer_keys.map(_customer))


@st.composite
def s3_requests(draw: st.DrawFn) -> Operation:
    """Draw a valid request to S3."""
    bucket, key = draw(buckets), draw(plain_keys)
    kind = draw(st.sampled_from(["put", "copy", "get", "head", "other"]))
    if kind == "put":
        given = draw(write_headers) | draw(st.just({}) | st.just({"storage_class": "STANDARD_IA"}))
        return PutObject(
            bucket=bucket,
            object_key=key,
            body=draw(st.binary(max_size=20)),
            metadata=draw(metadata),
            **given,
        )
    if kind == "copy":
        source = draw(customer_keys.map(lambda k: _customer(k, "source_")) | st.just({}))
        http = HttpRequest("GET", path=f"{bucket}/{draw(plain_keys)}")
        return CopyObject(
            bucket=bucket,
            object_key=key,
            copy_source=http.path,
            metadata_directive="REPLACE",
            metadata=draw(metadata),
            **draw(write_headers),
            **source,
        )
    if kind == "get":
        wanted = draw(st.none() | st.just("bytes=0-3"))
        return GetObject(bucket=bucket, object_key=key, range=wanted, **draw(read_headers))
    if kind == "head":
        return HeadObject(bucket=bucket, object_key=key, **draw(read_headers))
    others: list[Operation] = [
        CreateBucket(bucket=bucket),
        CreateBucket(bucket=bucket, location="eu-west-1"),
        DeleteBucket(bucket=bucket),
        DeleteObject(bucket=bucket, object_key=key),
        GetBucketEncryption(bucket=bucket),
        DeleteBucketEncryption(bucket=bucket),
    ]
    return draw(st.sampled_from(others))


COPIED = b"<CopyObjectResult><ETag>e</ETag></CopyObjectResult>"


@REPEATABLE
@given(request=s3_requests())
def test_an_sdk_writes_a_request_to_s3_as_the_model_does(request: Operation) -> None:
    SDK.send(request, HttpResponse(200, (), COPIED if isinstance(request, CopyObject) else b""))
    theirs, ours = SDK.sent_http(), wire.render(request)
    assert theirs.method == ours.method
    assert theirs.path == f"/{ours.bucket}{'' if ours.path == '/' else ours.path}"
    assert theirs.query == ours.query
    sent, written = dict(theirs.headers), dict(ours.headers)
    for place in header_places(type(request)):
        their_value, our_value = sent.get(place.name), written.get(place.name)
        if place.name == "x-amz-copy-source":
            their_value, our_value = unquote(their_value or ""), unquote(our_value or "")
        assert their_value == our_value, place.name
    prefix = "x-amz-meta-"
    assert {n: v for n, v in sent.items() if n.startswith(prefix)} == {
        n: v for n, v in written.items() if n.startswith(prefix)
    }
    if isinstance(request, CreateBucket):
        again = wire.parse(HttpRequest("PUT", bucket=request.bucket, body=theirs.body))
        assert again == request
    else:
        assert theirs.body == ours.body


rules = st.builds(
    RuleText,
    sse_algorithm=st.sampled_from(["AES256", "aws:kms", "aws:kms:dsse"]),
    kms_key_id=st.none() | st.just(ARN),
    bucket_key_enabled=st.none() | st.sampled_from(["true", "false"]),
    blocked=st.none() | st.sampled_from([("SSE-C",), ("NONE",)]),
    has_default=st.just(value=True),
)


@REPEATABLE
@given(rule=rules)
def test_an_sdk_writes_a_configuration_that_the_model_reads(rule: RuleText) -> None:
    SDK.send(PutBucketEncryption(bucket="bucket", document=write_configuration([rule])))
    theirs = SDK.sent_http()
    assert (theirs.method, theirs.path, theirs.query) == (
        "PUT",
        "/bucket",
        (("encryption", ""),),
    )
    read = read_configuration(theirs.body)
    assert read is not None
    assert read.rules == (rule,)
    assert not read.strange


@pytest.mark.parametrize(
    "request_",
    [
        CreateKey(),
        CreateKey(key_spec="HMAC_256"),
        CreateKey(key_spec="RSA_2048"),
        DescribeKey(key_id=ARN),
        EnableKey(key_id=ARN),
        DisableKey(key_id="k"),
        CancelKeyDeletion(key_id="k"),
        ScheduleKeyDeletion(key_id="k", days=9),
        CreateAlias(key_id="k", alias="alias/a"),
    ],
    ids=lambda r: r.operation,
)
def test_an_sdk_writes_a_request_to_kms_as_the_model_does(request_: Operation) -> None:
    SDK.send(request_, HttpResponse(200, (), b"{}"))
    theirs, ours = SDK.sent_http(), wire.render(request_)
    assert (theirs.method, theirs.path) == (ours.method, ours.path)
    assert json.loads(theirs.body) == json.loads(ours.body)
    sent, written = dict(theirs.headers), dict(ours.headers)
    assert {name: sent[name] for name in written} == written


# Answers.

SHOWN = {
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "x-amz-server-side-encryption-customer-key-md5": "SSECustomerKeyMD5",
}
FIELDS = {
    "etag": "0123456789abcdef0123456789abcdef",
    "x-amz-server-side-encryption-bucket-key-enabled": "true",
    **{header: f"value of {name}" for header, name in SHOWN.items()},
}
READ = GetObject(bucket="bucket", object_key="k")
OBJECT_REQUESTS = (
    PutObject(bucket="bucket", object_key="k"),
    CopyObject(bucket="bucket", object_key="k", copy_source="bucket/s"),
    READ,
    HeadObject(bucket="bucket", object_key="k"),
)


@pytest.mark.parametrize("request_", OBJECT_REQUESTS, ids=lambda r: r.operation)
def test_an_sdk_reads_the_etag_and_the_encryption_of_an_answer(request_: Operation) -> None:
    fields: dict[str, Value] = {**FIELDS}
    if request_ is READ:
        fields["body"] = b"data"
    answer = Answer(status=200, succeeded=True, fields=fields)
    read = SDK.send(request_, wire.write_answer(request_, answer, World()))
    etag = read.get("CopyObjectResult", read)["ETag"]
    assert etag == f'"{FIELDS["etag"]}"'
    assert all(read[name] == f"value of {name}" for name in SHOWN.values())
    assert read["BucketKeyEnabled"] is True
    if request_ is READ:
        assert read["Body"].read() == b"data"


@pytest.mark.parametrize("request_", OBJECT_REQUESTS, ids=lambda r: r.operation)
def test_an_sdk_reads_the_code_of_a_refusal(request_: Operation) -> None:
    answer = Answer(
        status=400, succeeded=False, error_code="InvalidArgument", error_message="a message"
    )
    with pytest.raises(ClientError) as caught:
        SDK.send(request_, wire.write_answer(request_, answer, World()))
    read: Any = caught.value.response
    assert read["ResponseMetadata"]["HTTPStatusCode"] == 400
    if isinstance(request_, HeadObject):
        assert read["Error"]["Code"] == "400"
    else:
        assert read["Error"]["Code"] == "InvalidArgument"
        assert read["Error"]["Message"] == "a message"


def test_an_sdk_reads_a_configuration() -> None:
    asked = GetBucketEncryption(bucket="bucket")
    fields = {
        "Rules": "1",
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": ARN,
        "BucketKeyEnabled": "true",
        "BlockedEncryptionTypes": "SSE-C",
    }
    answer = Answer(status=200, succeeded=True, fields=fields)
    read = SDK.send(asked, wire.write_answer(asked, answer, World()))
    assert read["ServerSideEncryptionConfiguration"] == {
        "Rules": [
            {
                "ApplyServerSideEncryptionByDefault": {
                    "SSEAlgorithm": "aws:kms",
                    "KMSMasterKeyID": ARN,
                },
                "BucketKeyEnabled": True,
                "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
            }
        ]
    }


@pytest.mark.parametrize("request_", [CreateKey(), DescribeKey(key_id=ARN)])
def test_an_sdk_reads_what_kms_says_of_a_key(request_: Operation) -> None:
    fields = {"KeyId": ARN.rpartition("/")[2], "Arn": ARN, "KeyState": "Enabled"}
    answer = Answer(status=200, succeeded=True, fields=fields)
    read = SDK.send(request_, wire.write_answer(request_, answer, World()))
    assert read["KeyMetadata"] == fields


def test_an_sdk_reads_the_code_of_a_refusal_by_kms() -> None:
    answer = Answer(status=400, succeeded=False, error_code="NotFoundException", error_message="m")
    with pytest.raises(ClientError) as caught:
        SDK.send(DescribeKey(key_id="k"), wire.write_answer(CreateKey(), answer, World()))
    read: Any = caught.value.response
    assert (read["Error"]["Code"], read["Error"]["Message"]) == ("NotFoundException", "m")
