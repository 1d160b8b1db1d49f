"""A running reference with what an example needs: a bucket, an object, a KMS key."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import itertools
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from targets.reference import make_reference
from targets.serving import make_certificate, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

REGION = "us-east-1"
DATA = b"hello, world"
CUSTOMER_KEY = b"an example key of 32 bytes, ok?!"
PATIENCE = 60.0
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference that is served: its URL, and the certificate to trust where it has one."""

    url: str
    certificate: Path | None

    def client(self, service: str = "s3", *, session: bool = True, **options: Any) -> Any:
        """Return a boto3 client of it that sends each request once."""
        s3 = {"addressing_style": "path", "disable_s3_express_session_auth": not session}
        settings = {"retries": {"total_max_attempts": 1}, "s3": s3, **options}
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="any",
            aws_secret_access_key="any",
            verify=str(self.certificate) if self.certificate else None,
            config=Config(**settings),
        )


@contextmanager
def served_reference(folder: Path, *, secure: bool) -> Iterator[Reference]:
    """Serve a reference as ``s3sse serve`` does: it takes SSE-C over http where it has no TLS."""
    tls = make_certificate(folder) if secure else None
    reference = make_reference(sse_c_over_http=not secure, clock=lambda: datetime.now(UTC))
    with serve(reference.handle, tls=tls) as server:
        yield Reference(server.url, tls[0] if tls else None)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The AWS CLI, set up for one reference and for nothing else of this machine."""

    reference: Reference
    folder: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command and return how it ended."""
        if importlib.util.find_spec("awscli") is None:
            pytest.fail("the AWS CLI is missing: make setup installs it (the extra dev)")
        command = [sys.executable, "-m", "awscli", "--endpoint-url", self.reference.url]
        if self.reference.certificate:
            command += ["--ca-bundle", str(self.reference.certificate)]
        kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
        own = {
            "HOME": str(self.folder),
            "AWS_CONFIG_FILE": str(self.folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_PAGER": "",
        }
        return subprocess.run(  # noqa: S603 - the interpreter of these tests
            [*command, *arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            cwd=self.folder,
            env={**kept, **_CREDENTIALS, **own, **environment},
        )

    def out(self, *arguments: str, **environment: str) -> str:
        """Return what a command prints that has to succeed."""
        done = self.run(*arguments, **environment)
        assert (done.returncode, done.stderr) == (0, ""), (arguments, done)
        return done.stdout


@dataclass(slots=True)
class Stage:
    """A bucket's name of its own and what was prepared, by the names that examples use."""

    reference: Reference
    folder: Path
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        number = next(_numbers)
        names = {"file": DATA, "customer_key": CUSTOMER_KEY}
        for name, content in names.items():
            path = self.folder / name
            path.write_bytes(content)
            self.values[name] = str(path)
        context = base64.b64encode(json.dumps({"team": "blue"}).encode()).decode()
        self.values |= {
            "bucket": f"s3sse-sdk-{number}",
            "other": f"s3sse-sdk-{number}-other",
            "directory": f"s3sse-sdk-{number}--use1-az4--x-s3",
            "alias": f"alias/s3sse-sdk-{number}",
            "out": str(self.folder / "out"),
            "context": context,
            "policy": policy(f"s3sse-sdk-{number}"),
            "data_md5": hashlib.md5(DATA).hexdigest(),
            "customer_key_md5": base64.b64encode(hashlib.md5(CUSTOMER_KEY).digest()).decode(),
        }

    def prepare(self, *names: str) -> None:
        """Make all that these names stand for, in their order."""
        for name in names:
            PREPARATIONS[name].make(self)

    def client(self, service: str = "s3") -> Any:
        """Return a boto3 client."""
        return self.reference.client(service)

    def put(self, **more: Any) -> Any:
        """Put the object of the examples."""
        return self.client().put_object(
            Bucket=self.values["bucket"], Key="hello.txt", Body=DATA, **more
        )


@dataclass(frozen=True, slots=True)
class Preparation:
    """How something is made, and the operation for it that may not be there."""

    make: Callable[[Stage], object]
    takes: str | None = None


def _bucket(stage: Stage) -> None:
    stage.client().create_bucket(Bucket=stage.values["bucket"])


def _directory_bucket(stage: Stage) -> None:
    stage.reference.client(session=False).create_bucket(
        Bucket=stage.values["directory"],
        CreateBucketConfiguration={
            "Location": {"Type": "AvailabilityZone", "Name": "use1-az4"},
            "Bucket": {"Type": "Directory", "DataRedundancy": "SingleAvailabilityZone"},
        },
    )


def _object_in_directory(stage: Stage) -> None:
    stage.client().put_object(Bucket=stage.values["directory"], Key="hello.txt", Body=DATA)


def _object(stage: Stage) -> None:
    stage.values["etag"] = stage.put(ContentType="text/plain")["ETag"].strip('"')


def _customer_object(stage: Stage) -> None:
    stage.put(SSECustomerAlgorithm="AES256", SSECustomerKey=CUSTOMER_KEY)


def _archived_object(stage: Stage) -> None:
    stage.put(StorageClass="GLACIER")


def _kms_object(stage: Stage) -> None:
    stage.put(ServerSideEncryption="aws:kms", SSEKMSKeyId=stage.values["key_id"])


def _kms_key(stage: Stage) -> None:
    made = stage.client("kms").create_key()["KeyMetadata"]
    stage.values |= {"key_id": made["KeyId"], "key_arn": made["Arn"]}


def _other_key(stage: Stage) -> None:
    stage.values["other_key_id"] = stage.client("kms").create_key()["KeyMetadata"]["KeyId"]


def _managed(stage: Stage) -> None:
    stage.values["managed_arn"] = stage.put(ServerSideEncryption="aws:kms")["SSEKMSKeyId"]


def _alias(stage: Stage) -> None:
    stage.client("kms").create_alias(
        AliasName=stage.values["alias"], TargetKeyId=stage.values["key_id"]
    )


def _disabled(stage: Stage) -> None:
    stage.client("kms").disable_key(KeyId=stage.values["key_id"])


def _to_be_deleted(stage: Stage) -> None:
    stage.client("kms").schedule_key_deletion(KeyId=stage.values["key_id"], PendingWindowInDays=7)


def _default(stage: Stage) -> None:
    rule = {
        "ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": stage.values["key_arn"],
        },
        "BucketKeyEnabled": True,
    }
    stage.client().put_bucket_encryption(
        Bucket=stage.values["bucket"], ServerSideEncryptionConfiguration={"Rules": [rule]}
    )


def _versioning(stage: Stage) -> None:
    stage.client().put_bucket_versioning(
        Bucket=stage.values["bucket"], VersioningConfiguration={"Status": "Enabled"}
    )


def _version(stage: Stage) -> None:
    stage.values["version_id"] = stage.put()["VersionId"]


def _upload(stage: Stage) -> None:
    made = stage.client().create_multipart_upload(Bucket=stage.values["bucket"], Key="hello.txt")
    stage.values["upload_id"] = made["UploadId"]


def _part(stage: Stage) -> None:
    made = stage.client().upload_part(
        Bucket=stage.values["bucket"],
        Key="hello.txt",
        UploadId=stage.values["upload_id"],
        PartNumber=1,
        Body=DATA,
    )
    stage.values["part_etag"] = made["ETag"].strip('"')


def _policy(stage: Stage) -> None:
    stage.client().put_bucket_policy(
        Bucket=stage.values["bucket"], Policy=policy(stage.values["bucket"])
    )


def policy(bucket: str) -> str:
    """Return a bucket policy that asks for an encryption header."""
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"Null": {"s3:x-amz-server-side-encryption": "true"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


PREPARATIONS: Mapping[str, Preparation] = {
    "bucket": Preparation(_bucket),
    "object": Preparation(_object),
    "object under SSE-C": Preparation(_customer_object),
    "archived object": Preparation(_archived_object),
    "KMS key": Preparation(_kms_key),
    "other KMS key": Preparation(_other_key),
    "object under SSE-KMS": Preparation(_kms_object),
    "managed": Preparation(_managed),
    "alias": Preparation(_alias),
    "disabled": Preparation(_disabled),
    "to be deleted": Preparation(_to_be_deleted),
    "default": Preparation(_default),
    "versioning": Preparation(_versioning, "PutBucketVersioning"),
    "version": Preparation(_version, "PutBucketVersioning"),
    "upload": Preparation(_upload, "CreateMultipartUpload"),
    "part": Preparation(_part, "UploadPart"),
    "policy": Preparation(_policy, "PutBucketPolicy"),
    "directory bucket": Preparation(_directory_bucket, "CreateSession"),
    "object in directory": Preparation(_object_in_directory, "CreateSession"),
}
