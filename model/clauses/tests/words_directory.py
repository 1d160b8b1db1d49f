"""Words for examples about directory buckets: the bucket, its sessions, and what is asked of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from model.clauses.tests.notation import (
    ACCOUNT,
    DATA,
    KEY_ID,
    OBJECT,
    REGION,
    base64_of,
    copy,
    get,
    given,
    head,
    put,
    put_default,
)
from model.open_matchers import SomeText
from model.operations.create_bucket import CreateBucket, directory_bucket
from model.operations.create_session import CreateSession
from model.operations.rename_object import RenameObject

if TYPE_CHECKING:
    from model.clauses.tests.notation import Given
    from model.operation import Operation
    from model.operations.copy_object import CopyObject
    from model.operations.get_object import GetObject
    from model.operations.head_object import HeadObject
    from model.operations.put_bucket_encryption import PutBucketEncryption
    from model.operations.put_object import PutObject

DIRECTORY = "base--use1-az4--x-s3"
OTHER_DIRECTORY = "other--use1-az4--x-s3"
ARN = f"arn:aws:s3express:{REGION}:{ACCOUNT}:bucket/{DIRECTORY}"


def context(**pairs: str) -> str:
    """Return a context header of these pairs, underscores of names being colons."""
    named = {name.replace("_", ":"): value for name, value in pairs.items()}
    return base64_of(json.dumps(named).encode())


DEFAULT_CONTEXT = context(aws_s3express_arn=ARN)


def create_directory(bucket: str = DIRECTORY) -> CreateBucket:
    return directory_bucket(bucket)


def session(bucket: str = DIRECTORY, **headers: Any) -> CreateSession:
    return CreateSession(bucket=bucket, secure=True, **headers)


def read_only(bucket: str = DIRECTORY) -> CreateSession:
    return CreateSession(bucket=bucket, session_mode="ReadOnly")


def default_kms(key: str | None = KEY_ID, *, flag: str | None = None) -> PutBucketEncryption:
    return put_default("aws:kms", key, flag=flag, bucket=DIRECTORY)


def default_aes256() -> PutBucketEncryption:
    return put_default(bucket=DIRECTORY)


def token(step: int) -> str:
    """Return the token that the session has which step number ``step`` (from 0) created."""
    return str(SomeText().answer(f"answer {step}"))


def write(step: int, *, body: bytes = DATA, **headers: Any) -> PutObject:
    """A PutObject into the directory bucket, within the session of that step."""
    return put(
        OBJECT,
        bucket=DIRECTORY,
        body=body,
        metadata=(),
        secure=True,
        session_token=token(step),
        **headers,
    )


def look(step: int, **headers: Any) -> HeadObject:
    return head(OBJECT, bucket=DIRECTORY, secure=True, session_token=token(step), **headers)


def fetch(step: int, **headers: Any) -> GetObject:
    return get(OBJECT, bucket=DIRECTORY, secure=True, session_token=token(step), **headers)


def copy_in(
    source: str = f"bucket/{OBJECT}", *, object_key: str = "copy", **headers: Any
) -> CopyObject:
    return copy(source, object_key, bucket=DIRECTORY, metadata=(), secure=True, **headers)


def copy_out(**headers: Any) -> CopyObject:
    source = f"{DIRECTORY}/{OBJECT}"
    return copy(source, "copy", bucket="bucket", metadata=(), secure=True, **headers)


def rename(step: int, to: str = "new name", source: str = OBJECT) -> RenameObject:
    return RenameObject(
        bucket=DIRECTORY, object_key=to, rename_source=source, session_token=token(step)
    )


def in_directory(*steps: Operation) -> Given:
    """What happened in a new directory bucket; the first of the steps is number 1."""
    return given(create_directory(), *steps)


def in_kms_directory(*steps: Operation) -> Given:
    """The same, in one whose default was set to aws:kms; the first of the steps is number 2."""
    return given(create_directory(), default_kms(), *steps)
