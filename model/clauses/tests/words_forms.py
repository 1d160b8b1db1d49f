"""Words for forms, signatures, bucket policies and checksums."""

from __future__ import annotations

import base64
import hashlib

from model.bucket_policy import Condition, DenyStatement, Operator, write_policy
from model.checksums import BY_NAME, checksum_of
from model.clauses.tests.notation import BUCKET, DATA, OBJECT, CustomerHeaders, customer
from model.messages import Auth
from model.operations.bucket_policy import DeleteBucketPolicy, PutBucketPolicy
from model.operations.post_object import PostObject
from model.request import SSE
from model.sse import md5_base64

PRESIGNED = Auth.PRESIGNED
UNSIGNED_HEADERS = Auth.PRESIGNED_HEADERS_UNSIGNED
ANONYMOUS = Auth.ANONYMOUS

URL_SAFE_KEY = hashlib.sha256(b"3").digest()
"""A customer key whose base64, and that of its MD5, differ between the two alphabets."""
PLAIN_MD5_KEY = hashlib.sha256(b"0").digest()
"""A customer key whose base64 does, and that of its MD5 does not."""


def post(
    object_key: str = OBJECT,
    *,
    bucket: str = BUCKET,
    body: bytes = DATA,
    secure: bool = True,
    auth: Auth = Auth.HEADER,
    **fields: str | None,
) -> PostObject:
    return PostObject(
        bucket=bucket,
        object_key=object_key,
        body=body,
        secure=secure,
        auth=auth,
        metadata=(),
        **fields,
    )


def url_safe(key: bytes) -> CustomerHeaders:
    """Return the three fields of a customer key in base64's URL-safe alphabet."""
    md5 = md5_base64(key).replace("+", "-").replace("/", "_")
    text = base64.urlsafe_b64encode(key).decode()
    return customer(key, customer_key=text, customer_key_md5=md5)


def checksum(name: str, data: bytes = DATA) -> str:
    """Return the checksum of data by an algorithm's name."""
    value = checksum_of(data, BY_NAME[name])
    assert value is not None
    return value


def deny(operator: Operator, *values: str, header: str = SSE) -> DenyStatement:
    """A statement that denies writes by one header."""
    return DenyStatement((Condition(operator, header, values),))


def put_policy(*statements: DenyStatement, bucket: str = BUCKET) -> PutBucketPolicy:
    return PutBucketPolicy(bucket=bucket, document=write_policy(bucket, statements))


def put_policy_document(document: bytes) -> PutBucketPolicy:
    return PutBucketPolicy(bucket=BUCKET, document=document)


def delete_policy() -> DeleteBucketPolicy:
    return DeleteBucketPolicy(bucket=BUCKET)


MUST_NAME = deny(Operator.NULL, "true")
"""Deny every write without x-amz-server-side-encryption."""
MUST_BE_KMS = deny(Operator.NOT_EQUALS, "aws:kms")
"""Deny every write that does not name SSE-KMS."""
