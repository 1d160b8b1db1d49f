"""What people do with boto3 beyond single calls, done with the reference."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from model import messages
from targets.tests.sdk.collection import served
from targets.tests.sdk.stage import CUSTOMER_KEY, DATA, Reference, Stage, served_reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.server

MEGABYTE = 1024 * 1024
LARGE = bytes(range(256)) * 4096 * 9
SIGNATURES = ["s3"] + ["s3v4"] * hasattr(messages, "Auth")
"""Version 4 in a query is told from the rest of it where requests say how they are signed."""


@pytest.fixture(scope="module", params=["http", "https"])
def reference(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reference]:
    folder = tmp_path_factory.mktemp("certificate")
    with served_reference(folder, secure=request.param == "https") as served_one:
        yield served_one


@pytest.fixture
def stage(reference: Reference, tmp_path: Path) -> Stage:
    """Return a bucket in which nothing is yet."""
    found = Stage(reference, tmp_path)
    found.prepare("bucket")
    return found


@pytest.fixture
def bucket(stage: Stage) -> str:
    name: str = stage.values["bucket"]
    return name


def code_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    answer = error.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def fetch(reference: Reference, method: str, url: str, **more: Any) -> requests.Response:
    verify: Any = str(reference.certificate) if reference.certificate else True
    return requests.request(method, url, verify=verify, timeout=30, **more)


def transfer(threshold: int) -> TransferConfig:
    return TransferConfig(multipart_threshold=threshold, multipart_chunksize=5 * MEGABYTE)


THRESHOLDS = [64 * MEGABYTE] + [5 * MEGABYTE] * ("CreateMultipartUpload" in served())


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize(
    "encryption",
    [
        {},
        {"ServerSideEncryption": "aws:kms"},
        {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": CUSTOMER_KEY},
    ],
    ids=["default", "SSE-KMS", "SSE-C"],
)
def test_a_file_goes_up_and_comes_back(
    stage: Stage, bucket: str, tmp_path: Path, threshold: int, encryption: dict[str, Any]
) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(LARGE)
    s3 = stage.client()
    s3.upload_file(str(there), bucket, "file", ExtraArgs=encryption, Config=transfer(threshold))
    read = {k: v for k, v in encryption.items() if k.startswith("SSECustomer")}
    # The parts of a download are asked for with If-Match.
    s3.download_file(bucket, "file", str(back), ExtraArgs=read, Config=transfer(5 * MEGABYTE))
    assert back.read_bytes() == LARGE
    s3.upload_fileobj(io.BytesIO(LARGE), bucket, "object", encryption, Config=transfer(threshold))
    stream = io.BytesIO()
    s3.download_fileobj(bucket, "object", stream, read)
    assert stream.getvalue() == LARGE


def test_the_data_of_an_object_is_read_in_pieces(stage: Stage, bucket: str) -> None:
    s3 = stage.client()
    s3.put_object(Bucket=bucket, Key="lines", Body=b"one\ntwo\nthree\n")
    body = s3.get_object(Bucket=bucket, Key="lines")["Body"]
    assert list(body.iter_lines(chunk_size=2)) == [b"one", b"two", b"three"]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_presigned_urls_put_and_get(reference: Reference, bucket: str, signature: str) -> None:
    s3 = reference.client(signature_version=signature)
    place = {"Bucket": bucket, "Key": "a b/c.txt"}
    put = s3.generate_presigned_url("put_object", Params={**place, "ContentType": "text/plain"})
    headers = {"Content-Type": "text/plain"}
    assert fetch(reference, "PUT", put, data=DATA, headers=headers).status_code == 200
    got = fetch(reference, "GET", s3.generate_presigned_url("get_object", Params=place))
    assert (got.status_code, got.content) == (200, DATA)
    assert got.headers["Content-Type"] == "text/plain"
    named = {**place, "ResponseContentDisposition": "attachment"}
    got = fetch(reference, "GET", s3.generate_presigned_url("get_object", Params=named))
    assert got.headers["Content-Disposition"] == "attachment"
    head = fetch(reference, "HEAD", s3.generate_presigned_url("head_object", Params=place))
    assert head.headers["ETag"] == s3.head_object(**place)["ETag"]
    gone = fetch(reference, "DELETE", s3.generate_presigned_url("delete_object", Params=place))
    assert gone.status_code == 204
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


if "PostObject" in served():  # else there is nothing to test yet, and nothing to skip

    def test_a_form_is_sent_with_what_boto3_signs(
        stage: Stage, reference: Reference, bucket: str
    ) -> None:
        s3 = stage.client()
        fields = {"x-amz-server-side-encryption": "AES256"}
        post = s3.generate_presigned_post(bucket, "form.txt", fields, [fields])
        files = {"file": ("form.txt", DATA)}
        sent = fetch(reference, "POST", post["url"], data=post["fields"], files=files)
        assert sent.status_code == 204, sent.text
        got = s3.get_object(Bucket=bucket, Key="form.txt")
        assert (got["Body"].read(), got["ServerSideEncryption"]) == (DATA, "AES256")


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_the_checksum_of_an_upload_comes_back_where_it_is_asked_for(
    stage: Stage, bucket: str, algorithm: str
) -> None:
    s3, place = stage.client(), {"Bucket": bucket, "Key": "k"}
    sent = s3.put_object(**place, Body=DATA, ChecksumAlgorithm=algorithm)[f"Checksum{algorithm}"]
    # botocore holds the checksum against the data, and says so.
    got = s3.get_object(**place, ChecksumMode="ENABLED")
    assert (got["Body"].read(), got[f"Checksum{algorithm}"]) == (DATA, sent)
    assert got["ResponseMetadata"]["ChecksumAlgorithm"] == algorithm.lower()
    plain = stage.reference.client(response_checksum_validation="when_required")
    assert f"Checksum{algorithm}" not in plain.head_object(**place)


def test_the_checksum_that_sdks_add_on_their_own_leaves_no_trace_in_the_data(
    stage: Stage, bucket: str
) -> None:
    s3 = stage.client()
    s3.put_object(Bucket=bucket, Key="stream", Body=io.BytesIO(DATA), ContentEncoding="gzip")
    got = s3.get_object(Bucket=bucket, Key="stream")
    assert (got["Body"].read(), got["ContentEncoding"]) == (DATA, "gzip")
    assert got["ChecksumCRC32"]


def test_content_headers_are_kept_copied_and_replaced(stage: Stage, bucket: str) -> None:
    s3 = stage.client()
    kept = {
        "CacheControl": "no-store",
        "ContentDisposition": "inline",
        "ContentEncoding": "br",
        "ContentLanguage": "eo",
        "ContentType": "text/html",
        "WebsiteRedirectLocation": "/there",
    }
    s3.put_object(Bucket=bucket, Key="page", Body=DATA, **kept)
    source = {"Bucket": bucket, "Key": "page"}
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=source)
    replaced = {"ContentType": "text/plain", "MetadataDirective": "REPLACE"}
    s3.copy_object(Bucket=bucket, Key="other", CopySource=source, **replaced)
    for name in ("page", "copy"):
        shown = s3.head_object(Bucket=bucket, Key=name)
        assert kept == {header: shown.get(header) for header in kept}, name
    other = s3.head_object(Bucket=bucket, Key="other")
    assert (other["ContentType"], other.get("CacheControl")) == ("text/plain", None)
    s3.put_object(Bucket=bucket, Key="bare", Body=DATA, StorageClass="STANDARD_IA")
    bare = s3.head_object(Bucket=bucket, Key="bare")
    assert (bare["ContentType"], bare["StorageClass"]) == ("binary/octet-stream", "STANDARD_IA")


def test_a_list_shows_what_head_shows(stage: Stage, bucket: str) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    stage.put(StorageClass="STANDARD_IA")
    head = stage.client().head_object(Bucket=bucket, Key="hello.txt")
    (listed,) = stage.client().list_objects_v2(Bucket=bucket)["Contents"]
    for name in ("ETag", "LastModified", "StorageClass"):
        assert listed[name] == head[name], name
    assert listed["Size"] == head["ContentLength"]
    assert before < head["LastModified"] <= datetime.now(UTC)


OBJECT_KEYS = ["a b+c", "dir/one", "dir/sub/two", "dir2/x", "z~é%41"]


@pytest.fixture
def filled_bucket(stage: Stage, bucket: str) -> str:
    for object_key in OBJECT_KEYS:
        stage.client().put_object(Bucket=bucket, Key=object_key, Body=DATA)
    return bucket


@pytest.mark.parametrize("operation", ["list_objects_v2", "list_objects", "list_object_versions"])
@pytest.mark.parametrize("page", [1, 2, 5])
def test_lists_come_in_pages(stage: Stage, filled_bucket: str, operation: str, page: int) -> None:
    pages = list(
        stage.client()
        .get_paginator(operation)
        .paginate(Bucket=filled_bucket, PaginationConfig={"PageSize": page})
    )
    entries = "Versions" if operation == "list_object_versions" else "Contents"
    assert [one["Key"] for p in pages for one in p[entries]] == OBJECT_KEYS
    assert len(pages) == -(-len(OBJECT_KEYS) // page)


@pytest.mark.parametrize("operation", ["list_objects_v2", "list_objects", "list_object_versions"])
@pytest.mark.parametrize("page", [1, 2, 1000])
def test_folders_are_listed_as_such(
    stage: Stage, filled_bucket: str, operation: str, page: int
) -> None:
    paginator = stage.client().get_paginator(operation)

    def folders(**query: str) -> tuple[list[str], list[str]]:
        pages = list(
            paginator.paginate(Bucket=filled_bucket, PaginationConfig={"PageSize": page}, **query)
        )
        entries = "Versions" if operation == "list_object_versions" else "Contents"
        return (
            [one["Key"] for p in pages for one in p.get(entries, ())],
            [one["Prefix"] for p in pages for one in p.get("CommonPrefixes", ())],
        )

    assert folders(Delimiter="/") == (["a b+c", "z~é%41"], ["dir/", "dir2/"])
    assert folders(Delimiter="/", Prefix="dir/") == (["dir/one"], ["dir/sub/"])
    assert folders(Prefix="dir") == (["dir/one", "dir/sub/two", "dir2/x"], [])


def test_a_list_begins_where_it_is_told_to(stage: Stage, filled_bucket: str) -> None:
    s3 = stage.client()
    found = s3.list_objects_v2(Bucket=filled_bucket, StartAfter="dir/one", FetchOwner=True)
    assert [one["Key"] for one in found["Contents"]] == OBJECT_KEYS[2:]
    assert (found["KeyCount"], found["StartAfter"]) == (3, "dir/one")
    assert all(one["Owner"]["ID"] for one in found["Contents"])
    assert s3.list_objects_v2(Bucket=filled_bucket, MaxKeys=0)["KeyCount"] == 0
    with pytest.raises(ClientError) as refused:
        s3.list_objects_v2(Bucket=filled_bucket, ContinuationToken="%")
    assert code_of(refused) == (400, "InvalidArgument")


def test_buckets_are_listed_in_pages_and_by_region(stage: Stage, bucket: str) -> None:
    s3 = stage.client()
    names = [f"{bucket}-{number}" for number in range(5)]
    for name in names:
        region = {"LocationConstraint": "eu-west-1"} if name.endswith("3") else None
        more = {"CreateBucketConfiguration": region} if region else {}
        s3.create_bucket(Bucket=name, **more)
    pages = list(
        s3.get_paginator("list_buckets").paginate(
            Prefix=f"{bucket}-", PaginationConfig={"PageSize": 2}
        )
    )
    assert [one["Name"] for page in pages for one in page["Buckets"]] == names
    assert [len(page["Buckets"]) for page in pages] == [2, 2, 1]
    (one,) = s3.list_buckets(Prefix=bucket, BucketRegion="eu-west-1")["Buckets"]
    assert (one["Name"], one["BucketRegion"]) == (names[3], "eu-west-1")


def test_kms_keys_are_listed_in_pages(stage: Stage) -> None:
    kms = stage.client("kms")
    made = [kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(3)]
    pages = kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2})
    listed = [one["KeyId"] for page in pages for one in page["Keys"]]
    assert len(set(listed)) == len(listed)
    assert set(made) <= set(listed)
    with pytest.raises(ClientError) as refused:
        kms.list_keys(Marker="nowhere")
    assert code_of(refused) == (400, "InvalidMarkerException")


def test_a_bucket_of_another_region_is_found_there(stage: Stage, reference: Reference) -> None:
    s3, name = reference.client(), f"{stage.values['bucket']}-far"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert s3.head_bucket(Bucket=name)["BucketRegion"] == "eu-west-1"
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-west-1"
    s3.put_object(Bucket=name, Key="k", Body=DATA)
    assert s3.get_object(Bucket=name, Key="k")["Body"].read() == DATA
    with pytest.raises(ClientError) as missing:
        s3.head_bucket(Bucket=f"{name}-none")
    assert code_of(missing) == (404, "404")


def test_conditions_are_honoured(stage: Stage, bucket: str) -> None:
    s3, place = stage.client(), {"Bucket": bucket, "Key": "hello.txt"}
    etag = stage.put()["ETag"]
    modified = s3.head_object(**place)["LastModified"]
    hour, other = timedelta(hours=1), f'"{"0" * 32}"'
    source = {"Bucket": bucket, "Key": "copy", "CopySource": f"{bucket}/hello.txt"}
    assert s3.get_object(**place, IfMatch=etag)["Body"].read() == DATA
    assert s3.get_object(**place, IfUnmodifiedSince=modified)["Body"].read() == DATA
    assert s3.copy_object(**source, CopySourceIfMatch=etag)["CopyObjectResult"]
    assert s3.put_object(**place, Body=DATA, IfMatch=etag)["ETag"] == etag
    refused = {
        ("get_object", "IfMatch"): (other, 412),
        ("get_object", "IfNoneMatch"): (etag, 304),
        ("get_object", "IfModifiedSince"): (modified + hour, 304),
        ("head_object", "IfUnmodifiedSince"): (modified - hour, 412),
        ("put_object", "IfMatch"): (other, 412),
        ("put_object", "IfNoneMatch"): ("*", 412),
    }
    for (operation, condition), (value, status) in refused.items():
        with pytest.raises(ClientError) as error:
            getattr(s3, operation)(**place, **{condition: value})
        assert code_of(error)[0] == status, (operation, condition)
    with pytest.raises(ClientError) as error:
        s3.copy_object(**source, CopySourceIfNoneMatch=etag)
    assert code_of(error) == (412, "PreconditionFailed")
    with pytest.raises(ClientError) as error:
        s3.put_object(Bucket=bucket, Key="none", IfMatch=etag)
    assert code_of(error) == (404, "NoSuchKey")


def test_the_expected_owner_is_the_account_of_the_reference(stage: Stage, bucket: str) -> None:
    s3 = stage.client()
    s3.put_object(Bucket=bucket, Key="k", Body=DATA, ExpectedBucketOwner="000000000000")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="k", Body=b"", ExpectedBucketOwner="111111111111")
    assert code_of(refused) == (403, "AccessDenied")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == DATA


def test_a_refusal_says_which_clause_decided_and_what_was_asked(stage: Stage, bucket: str) -> None:
    with pytest.raises(ClientError) as refused:
        stage.put(ServerSideEncryption="AES256", SSEKMSKeyId="alias/some-key")
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidArgument"
    assert "request/" in error["Message"]
    assert error["Resource"] == f"/{bucket}/hello.txt"
    metadata = refused.value.response["ResponseMetadata"]
    headers = metadata["HTTPHeaders"]
    assert metadata["RequestId"] == headers["x-amz-request-id"]
    assert metadata["HostId"] == headers["x-amz-id-2"]
    assert (headers["server"], headers["content-type"]) == ("s3sse", "application/xml")
    assert headers["date"].endswith(" GMT")


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_bucket_acl", {}),
        ("get_bucket_tagging", {}),
        ("get_object_tagging", {"Key": "hello.txt"}),
        ("put_object_acl", {"Key": "hello.txt", "ACL": "private"}),
        ("delete_bucket_website", {}),
    ],
)
def test_what_is_not_served_is_refused_as_such(
    stage: Stage, bucket: str, operation: str, more: dict[str, str]
) -> None:
    stage.put()
    with pytest.raises(ClientError) as refused:
        getattr(stage.client(), operation)(Bucket=bucket, **more)
    assert code_of(refused) == (501, "NotImplemented")
    with pytest.raises(ClientError) as refused:
        stage.client("kms").list_grants(KeyId="alias/any")
    assert code_of(refused) == (400, "UnknownOperationException")


def test_a_bucket_that_holds_something_stays(stage: Stage, bucket: str) -> None:
    stage.put()
    with pytest.raises(ClientError) as refused:
        stage.client().delete_bucket(Bucket=bucket)
    assert code_of(refused) == (409, "BucketNotEmpty")
    stage.client().delete_object(Bucket=bucket, Key="hello.txt")
    stage.client().delete_bucket(Bucket=bucket)


def test_a_bucket_is_made_twice_only_in_the_first_region(stage: Stage, bucket: str) -> None:
    s3, far = stage.client(), f"{bucket}-far"
    s3.create_bucket(Bucket=bucket)
    there = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    s3.create_bucket(Bucket=far, **there)
    with pytest.raises(ClientError) as refused:
        s3.create_bucket(Bucket=far, **there)
    assert code_of(refused) == (409, "BucketAlreadyOwnedByYou")
