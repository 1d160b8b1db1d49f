"""The AWS CLI in use: ``aws s3`` with files and folders, and what it says when it is refused."""

from __future__ import annotations

import importlib.util
import os
import re
from typing import TYPE_CHECKING

import pytest
import requests

from targets.tests.sdk.collection import served
from targets.tests.sdk.stage import CUSTOMER_KEY, DATA, CommandLine, Stage, served_reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from targets.tests.sdk.stage import Reference

pytestmark = pytest.mark.server

LARGE = bytes(range(256)) * 4096 * 9
SIZES = [len(DATA)] + [len(LARGE)] * ("CreateMultipartUpload" in served())
"""The CLI sends what is larger than 8 MiB in parts."""


@pytest.fixture(scope="module", params=["http", "https"])
def reference(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reference]:
    folder = tmp_path_factory.mktemp("certificate")
    with served_reference(folder, secure=request.param == "https") as served_one:
        yield served_one


http = pytest.mark.parametrize("reference", ["http"], indirect=True)


@pytest.fixture
def stage(reference: Reference, tmp_path: Path) -> Stage:
    found = Stage(reference, tmp_path)
    found.prepare("bucket")
    return found


@pytest.fixture
def bucket(stage: Stage) -> str:
    name: str = stage.values["bucket"]
    return name


@pytest.fixture
def aws(reference: Reference, tmp_path: Path) -> CommandLine:
    return CommandLine(reference, tmp_path)


def keys_in(stage: Stage, bucket: str) -> list[str]:
    listed = stage.client().list_objects_v2(Bucket=bucket)
    return [one["Key"] for one in listed.get("Contents", ())]


def test_a_bucket_is_made_listed_and_removed(aws: CommandLine, bucket: str) -> None:
    name = f"{bucket}-made"
    assert f"make_bucket: {name}" in aws.out("s3", "mb", f"s3://{name}")
    line = rf"^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d {name}$"
    assert re.search(line, aws.out("s3", "ls"), re.MULTILINE)
    assert f"remove_bucket: {name}" in aws.out("s3", "rb", f"s3://{name}")
    assert name not in aws.out("s3", "ls")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "options",
    [
        "",
        "--sse aws:kms --sse-kms-key-id $key",
        "--sse-c AES256 --sse-c-key fileb://$customer_key",
    ],
    ids=["default", "SSE-KMS", "SSE-C"],
)
def test_a_file_is_copied_there_and_back(
    aws: CommandLine, stage: Stage, tmp_path: Path, options: str, size: int
) -> None:
    stage.prepare("KMS key")
    bucket = stage.values["bucket"]
    words = options.replace("$customer_key", stage.values["customer_key"])
    given = words.replace("$key", stage.values["key_id"]).split()
    customer = given if "--sse-c" in given else []
    (tmp_path / "there.txt").write_bytes(LARGE[:size])
    quiet = ("s3", "cp", "--no-progress")
    there = f"s3://{bucket}/there.txt"
    assert aws.out(*quiet, "there.txt", there, *given) == f"upload: ./there.txt to {there}\n"
    aws.out(*quiet, there, "back.txt", *customer)
    assert (tmp_path / "back.txt").read_bytes() == LARGE[:size]
    key = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": CUSTOMER_KEY} if customer else {}
    head = stage.client().head_object(Bucket=bucket, Key="there.txt", **key)
    assert (head["ContentLength"], head["ContentType"]) == (size, "text/plain")
    assert head.get("SSEKMSKeyId", stage.values["key_arn"]) == stage.values["key_arn"]


@http
@pytest.mark.parametrize("size", SIZES)
def test_an_object_is_copied_and_moved_to_another_bucket(
    aws: CommandLine, stage: Stage, bucket: str, size: int
) -> None:
    other = stage.values["other"]
    stage.client().create_bucket(Bucket=other)
    stage.client().put_object(Bucket=bucket, Key="a.txt", Body=LARGE[:size])
    aws.out("s3", "cp", "--no-progress", f"s3://{bucket}/a.txt", f"s3://{other}/copy.txt")
    aws.out("s3", "mv", "--no-progress", f"s3://{bucket}/a.txt", f"s3://{other}/moved.txt")
    assert (keys_in(stage, bucket), keys_in(stage, other)) == ([], ["copy.txt", "moved.txt"])
    for name in keys_in(stage, other):
        got = stage.client().get_object(Bucket=other, Key=name)
        assert got["Body"].read() == LARGE[:size]


@http
def test_streams_go_through_the_command(aws: CommandLine, stage: Stage, bucket: str) -> None:
    stage.put()
    assert aws.out("s3", "cp", f"s3://{bucket}/hello.txt", "-") == DATA.decode()


def test_a_folder_is_synchronised_once(
    aws: CommandLine, stage: Stage, bucket: str, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    for name in ("a.txt", "b c.txt", "deep/er.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(DATA)
        # Dates on the wire have whole seconds: what is as new as its copy would be sent again.
        os.utime(folder / name, (2_000_000_000 - 10**9,) * 2)
    command = ("s3", "sync", "--no-progress", "folder", f"s3://{bucket}/f")
    assert len(aws.out(*command).splitlines()) == 3
    assert keys_in(stage, bucket) == ["f/a.txt", "f/b c.txt", "f/deep/er.txt"]
    assert aws.out(*command) == ""
    (folder / "a.txt").unlink()
    (folder / "b c.txt").write_bytes(DATA * 2)
    done = aws.out(*command, "--delete")
    assert sorted(line.partition(":")[0] for line in done.splitlines()) == ["delete", "upload"]
    aws.out("s3", "sync", "--no-progress", f"s3://{bucket}/f", "back")
    back = {p.relative_to(tmp_path / "back").as_posix() for p in (tmp_path / "back").rglob("*.txt")}
    assert back == {"b c.txt", "deep/er.txt"}
    assert (tmp_path / "back" / "b c.txt").read_bytes() == DATA * 2


@http
def test_objects_are_listed_and_removed(aws: CommandLine, stage: Stage, bucket: str) -> None:
    for name in ("a.txt", "dir/b.txt", "dir/c.txt"):
        stage.client().put_object(Bucket=bucket, Key=name, Body=DATA)
    listed = aws.out("s3", "ls", f"s3://{bucket}").splitlines()
    assert listed[0].split() == ["PRE", "dir/"]
    assert listed[1].split()[2:] == [str(len(DATA)), "a.txt"]
    pages = ("--page-size", "1", "--summarize")
    whole = aws.out("s3", "ls", "--recursive", *pages, f"s3://{bucket}")
    assert "Total Objects: 3" in whole
    assert f"Total Size: {3 * len(DATA)}" in whole
    aws.out("s3", "rm", f"s3://{bucket}/a.txt")
    assert keys_in(stage, bucket) == ["dir/b.txt", "dir/c.txt"]
    aws.out("s3", "rm", "--recursive", f"s3://{bucket}/dir/")
    assert keys_in(stage, bucket) == []


@http
def test_a_bucket_that_holds_something_goes_only_by_force(
    aws: CommandLine, stage: Stage, bucket: str
) -> None:
    stage.put()
    refused = aws.run("s3", "rb", f"s3://{bucket}")
    assert refused.returncode == 1
    assert "BucketNotEmpty" in refused.stderr
    aws.out("s3", "rb", "--force", f"s3://{bucket}")
    assert bucket not in aws.out("s3", "ls")


@http
def test_a_presigned_url_of_the_command_opens_the_object(
    aws: CommandLine, stage: Stage, bucket: str
) -> None:
    stage.put()
    url = aws.out("s3", "presign", f"s3://{bucket}/hello.txt").strip()
    assert requests.get(url, timeout=30).content == DATA


@http
def test_a_refusal_is_told_with_the_clause_that_decided(aws: CommandLine, bucket: str) -> None:
    command = ("s3api", "put-object", "--bucket", bucket, "--key", "k", "--body", "file")
    refused = aws.run(*command, "--ssekms-key-id", "alias/some-key")
    assert refused.returncode != 0
    assert re.search(r"\(InvalidArgument\).*\([a-z-]+/[a-z-]+\)", refused.stderr), refused.stderr
    assert "(404)" in aws.run("s3api", "head-bucket", "--bucket", f"{bucket}-none").stderr
    unserved = aws.run("s3api", "get-bucket-acl", "--bucket", bucket).stderr
    assert "(NotImplemented)" in unserved


@http
def test_a_missing_command_is_a_failure_with_a_hint(
    aws: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(pytest.fail.Exception, match="make setup"):
        aws.run("s3", "ls")
