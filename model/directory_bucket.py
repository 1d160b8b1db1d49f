"""What is particular about directory buckets: one KMS key for life, sessions, one context."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from model.bucket_kind import BucketKind, bucket_kind
from model.kms import look_up_key, unlisted_key
from model.matchers import read_context
from model.operation import UNKNOWN_KEY, existing_bucket
from model.request import ObjectRequest, WithCopySource
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import Presence
from model.world import ALIAS_ARN, Bucket, KmsKey, SessionMode

if TYPE_CHECKING:
    from model.request import Request
    from model.sse import ObjectEncryption
    from model.world import ServerSideEncryptionRule, Session, World

ALGORITHMS = frozenset({SseAlgorithm.AES256.value, SseAlgorithm.AWS_KMS.value})
"""The algorithms that directory buckets know (DB-001)."""

OWN_PAIRS = ("aws:s3express:arn", "aws:s3:arn")
"""How the one pair of the default context may be called: the pages disagree (DB-083)."""

_BUCKET_ARN = re.compile(
    r"(arn:aws[a-z-]*:s3:::)?arn:aws[a-z-]*:s3express:(?P<region>[a-z0-9-]+):(?P<account>\d+)"
    r":bucket/(?P<bucket>.+)"
)


def is_alias(text: str) -> bool:
    """Tell whether a text names a KMS key by an alias, which directory buckets do not take."""
    return text.startswith("alias/") or ALIAS_ARN.fullmatch(text) is not None


def key_of_text(world: World, bucket: Bucket, text: str) -> KmsKey:
    """Return the key that a text names; a bare stand-in where the world does not know it."""
    found = look_up_key(world, bucket.region, text)
    return found if isinstance(found, KmsKey) else unlisted_key(text)


def names_pinned_key(world: World, bucket: Bucket, text: str) -> bool | None:
    """Tell whether a text names the bucket's one key; None where that key is not known."""
    if bucket.pinned_key is Presence.UNKNOWN:
        return None
    return key_of_text(world, bucket, text).key_id == bucket.pinned_key


def pinned_key(world: World, bucket: Bucket) -> KmsKey | None:
    """Return the bucket's one key, where it has one and it is known."""
    if isinstance(bucket.pinned_key, Presence):
        return None
    return world.keys.get(bucket.pinned_key) or KmsKey(key_id=bucket.pinned_key)


def was_never_kms(bucket: Bucket) -> bool:
    """Tell whether the bucket's default surely never was SSE-KMS."""
    return bucket.pinned_key is Presence.ABSENT


def with_default(world: World, bucket: Bucket, rule: ServerSideEncryptionRule | None) -> Bucket:
    """Return the directory bucket with that default; a KMS key is pinned by being put (DB-01G)."""
    if rule is None:
        return replace(bucket, rule=None, pinned_key=Presence.UNKNOWN)
    if rule.sse_algorithm is SseAlgorithm.AES256:
        return replace(bucket, rule=replace(rule, bucket_key_enabled=False))
    pinned: str | Presence = Presence.UNKNOWN
    if rule.kms_key_id:
        pinned = key_of_text(world, bucket, rule.kms_key_id).key_id
    return replace(bucket, rule=replace(rule, bucket_key_enabled=True), pinned_key=pinned)


def default_encryption(bucket: Bucket) -> ObjectEncryption | None:
    """Return what the bucket's default encrypts with, None where that is not known."""
    if bucket.rule is None:
        return None
    if bucket.rule.sse_algorithm is SseAlgorithm.AES256:
        return SseS3()
    if isinstance(bucket.pinned_key, Presence):
        return None
    return SseKms(bucket.pinned_key, bucket_key_enabled=True)


def reads_from_directory(request: WithCopySource) -> bool:
    """Tell whether a copy's source lies in a directory bucket."""
    source = request.source
    return source is not None and bucket_kind(source.bucket) is BucketKind.DIRECTORY


def session_of(world: World, request: ObjectRequest) -> Session | None:
    """Return the session within which a request is sent, also one of another bucket."""
    return world.sessions.get(request.session_token) if request.session_token else None


def writing_session(world: World, request: ObjectRequest) -> Session | None:
    """Return the session of the request's own bucket that lets it write, if there is one."""
    session = session_of(world, request)
    if session is None or session.bucket != request.bucket or isinstance(request, WithCopySource):
        return None
    return session if session.mode is SessionMode.READ_WRITE else None


def carried(world: World, session: Session) -> tuple[ObjectEncryption, ...]:
    """Return what writes within a session may get, nothing where that is not known.

    Where the bucket's default has changed since, it is the session's or the new one (DB-029).
    """
    bucket = existing_bucket(world, session.bucket)
    if session.encryption in {None, SseKms(UNKNOWN_KEY, bucket_key_enabled=True)}:
        return ()
    if session.encryption is None or bucket is None:
        return ()
    if bucket.rule == session.rule:
        return (session.encryption,)
    now = default_encryption(bucket)
    return () if now is None else tuple(dict.fromkeys((session.encryption, now)))


def lacks_session(world: World, request: Request) -> bool:
    """Tell whether nothing is said of a request since its session, or its bucket, is not known.

    What a directory bucket answers without a session is documented for none of the requests that
    clients send within one. Copies go without, and what they get with one is not documented.
    """
    if request.bucket_kind is not BucketKind.DIRECTORY or not isinstance(request, ObjectRequest):
        return False
    if isinstance(request, WithCopySource):
        return request.session_token is not None
    session = session_of(world, request)
    if session is None or session.mode is None or existing_bucket(world, request.bucket) is None:
        return True
    return (
        session.bucket == request.bucket
        and request.decides_encryption
        and not carried(world, session)
    )


def is_default_context(world: World, bucket: str, text: str) -> bool:
    """Tell whether a context header may be the bucket's default context: its ARN alone (DB-082)."""
    pairs = read_context(text)
    if pairs is None or len(pairs) != 1:
        return False
    ((name, value),) = pairs.items()
    arn = _BUCKET_ARN.fullmatch(value)
    if name not in OWN_PAIRS or arn is None or arn["bucket"] != bucket:
        return False
    found = existing_bucket(world, bucket)
    region = "" if found is None else found.region
    return region in {"", arn["region"]} and world.account in {None, arn["account"]}
