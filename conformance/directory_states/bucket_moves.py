"""Moves about a directory bucket's default, the bucket itself, and the sessions in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.directory_states.moves import Aim, Other, Pick, add_move
from conformance.small_scope.shared_moves import AES, KMS
from model.clause import Capability
from model.encryption_document import RuleText, write_configuration
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.create_bucket import directory_bucket
from model.operations.create_session import CreateSession
from model.operations.delete_bucket import DeleteBucket
from model.operations.delete_bucket_encryption import DeleteBucketEncryption
from model.operations.delete_object import DeleteObject
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.stored import Presence, is_in_progress
from model.world import Bucket

if TYPE_CHECKING:
    from conformance.directory_states.moves import Make, Stand
    from conformance.faults import Fields
    from model.operation import Operation

DEFAULT = Capability.BUCKET_ENCRYPTION


def put_default(algorithm: str, key_number: int | None = None, *, second: bool = False) -> Make:
    """Return the putting of that default: with the KMS key of that number, or with none."""

    def make(stand: Stand) -> tuple[Operation, ...]:
        named = None if key_number is None else stand.keys[key_number]
        rule = RuleText(sse_algorithm=algorithm, kms_key_id=named)
        bucket = stand.second if second else stand.bucket
        document = write_configuration([rule])
        return (PutBucketEncryption(bucket=bucket, document=document, secure=stand.secure),)

    return make


def _delete_default(stand: Stand) -> tuple[Operation, ...]:
    return (DeleteBucketEncryption(bucket=stand.bucket, secure=stand.secure),)


def _make_anew(stand: Stand) -> tuple[Operation, ...]:
    """Empty the bucket within a sound session, delete it and create it again under its name."""
    bucket, secure, found = stand.bucket, stand.secure, stand.world.buckets.get(stand.bucket)
    if not isinstance(found, Bucket):
        return ()
    within: Fields = {"bucket": bucket, "session_token": stand.token}
    held = [k for k, version in found.objects.items() if version is not Presence.ABSENT]
    begun = [(u, one.object_key) for u, one in found.uploads.items() if is_in_progress(one) and u]
    return (
        *(
            AbortMultipartUpload(upload_id=u, object_key=k, secure=secure, **within)
            for u, k in begun
        ),
        *(DeleteObject(object_key=k, secure=secure, **within) for k in held),
        DeleteBucket(bucket=bucket, secure=secure),
        directory_bucket(bucket, secure=secure),
    )


def _session(
    sse: str | None = None, key_number: int | None = None, mode: str | None = None
) -> Make:
    def make(stand: Stand) -> tuple[Operation, ...]:
        named = None if key_number is None else stand.keys[key_number]
        if stand.is_unclear(sse):
            return ()
        return (
            CreateSession(
                bucket=stand.bucket,
                sse=sse,
                kms_key_id=named,
                session_mode=mode,
                secure=stand.secure,
            ),
        )

    return make


def _add_defaults() -> None:
    kms = (DEFAULT, Capability.SSE_KMS)
    bucket = Aim.BUCKET
    add_move("default K1", bucket, (put_default(KMS, 0),), *kms, keys=1)
    add_move("default AES256", bucket, (put_default(AES),), DEFAULT)
    add_move("no default", bucket, (_delete_default,), DEFAULT)
    add_move("made anew", bucket, (_make_anew,), renews=True)
    add_move("default K2", bucket, (put_default(KMS, 1),), *kms, keys=2)
    add_move("default aws/s3", bucket, (put_default(KMS),), *kms, variant=True)
    second = (put_default(KMS, 1, second=True),)
    others = (Other.SECOND,)
    add_move("second: default K2", bucket, second, *kms, keys=2, others=others, variant=True)


def _add_sessions() -> None:
    kms, session = Capability.SSE_KMS, Aim.SESSION
    add_move("session", session, (_session(),))
    add_move("session AES256", session, (_session(AES),))
    add_move("session KMS", session, (_session(KMS),), kms)
    add_move("session read-only", session, (_session(mode="ReadOnly"),))
    add_move("session oldest", session, (), pick=Pick.OLDEST)
    elsewhere = Pick.ELSEWHERE
    add_move("session elsewhere", session, (), pick=elsewhere, others=(Other.SECOND,))
    add_move("session K1", session, (_session(KMS, 0),), kms, keys=1, variant=True)
    add_move("session K2", session, (_session(KMS, 1),), kms, keys=2, variant=True)
    read_write = (_session(mode="ReadWrite"),)
    add_move("session read-write", session, read_write, variant=True)


_add_defaults()
_add_sessions()
