"""Words for examples about UpdateObjectEncryption."""

from __future__ import annotations

from model.clauses.tests.notation import BUCKET, KEY_ARN, OBJECT
from model.operations.update_object_encryption import UpdateObjectEncryption
from model.sse import md5_base64
from model.update_document import SSE_KMS, UpdateText, write_update

OTHER_ACCOUNT_ARN = "arn:aws:kms:us-east-1:123412341234:key/11111111-1111-4111-8111-111111111111"


def update(
    key: str | None = KEY_ARN,
    *,
    flag: str | None = None,
    types: tuple[str, ...] = (SSE_KMS,),
    object_key: str = OBJECT,
    bucket: str = BUCKET,
    version_id: str | None = None,
) -> UpdateObjectEncryption:
    """An update to a KMS key, or to other types."""
    document = write_update(UpdateText(types=types, kms_key_arn=key, bucket_key_enabled=flag))
    return UpdateObjectEncryption(
        bucket=bucket,
        object_key=object_key,
        version_id=version_id,
        document=document,
        content_md5=md5_base64(document),
    )


def update_document(
    document: bytes, *, content_md5: str | None = None, secure: bool = True
) -> UpdateObjectEncryption:
    """An update with any body."""
    return UpdateObjectEncryption(
        bucket=BUCKET, object_key=OBJECT, document=document, content_md5=content_md5, secure=secure
    )
