"""CreateSession, and what the sessions of directory buckets may be used for."""

from __future__ import annotations

from model.clause import (
    DIRECTORY,
    Capability,
    Facet,
    MayRefuse,
    Refuse,
    Require,
    Rulings,
    Source,
    Store,
    Succeed,
    allowance,
    clause,
)
from model.directory_bucket import (
    key_of_text,
    names_pinned_key,
    pinned_key,
    session_of,
    was_never_kms,
)
from model.facts import bucket_of
from model.open_matchers import SomeText
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.create_session import CREDENTIALS, CreateSession
from model.operations.delete_object import DeleteObject
from model.operations.rename_object import RenameObject
from model.request import ObjectRequest, ObjectWrite, PartOfUpload, WithCopySource
from model.s3_errors import ANY_4XX, ANY_400, ANY_403
from model.sse import SseAlgorithm
from model.stored import Presence
from model.world import Bucket, SessionMode, World

PAGE = Source("API/API_CreateSession.html", "Description")
HEADERS = Source("API/API_CreateSession.html", "Request headers")
SPECIFYING = Source("userguide/s3-express-specifying-kms-encryption.html", "CreateSession")
PROFILE = "directory"
NEEDS = Capability.DIRECTORY_BUCKETS
AES256, AWS_KMS = SseAlgorithm.AES256.value, SseAlgorithm.AWS_KMS.value


def _is_bare(request: CreateSession) -> bool:
    """Tell whether the request says nothing of encryption."""
    beside = (request.kms_key_id, request.encryption_context, request.bucket_key_enabled)
    return request.sse is None and beside == (None, None, None)


def _default(world: World, request: CreateSession) -> str | None:
    """Return the algorithm of the bucket's default, None where it is not known."""
    bucket = bucket_of(world, request)
    return None if bucket is None or bucket.rule is None else bucket.rule.sse_algorithm.value


def _bucket_key(algorithm: str) -> tuple[Store, ...]:
    """Sessions of SSE-KMS always use a Bucket Key (DB-026)."""
    return (Store(Facet.BUCKET_KEY, (True,)),) if algorithm == AWS_KMS else ()


@clause(
    "directory-session/gives-credentials",
    rules=("DB-020",),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def gives_credentials(world: World, request: CreateSession) -> Rulings:
    """CreateSession answers with an access key, a secret key and a token."""
    del world, request
    return tuple(Require(name, SomeText()) for name in CREDENTIALS)


@clause(
    "directory-session/default-is-taken",
    rules=("DB-021",),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def default_is_taken(world: World, request: CreateSession) -> Rulings:
    """A session without encryption headers has the bucket's default encryption."""
    default = _default(world, request)
    if default is None or not _is_bare(request):
        return None
    stored = (Store(Facet.ALGORITHM, (default,)), *_bucket_key(default))
    return stored if request.mode is None else (*stored, Succeed())


@clause(
    "directory-session/aes256-is-taken",
    rules=("DB-022",),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def aes256_is_taken(world: World, request: CreateSession) -> Rulings:
    """A session may be one of AES256, also where the bucket's default is aws:kms."""
    if request.sse != AES256 or bucket_of(world, request) is None:
        return None
    stored = Store(Facet.ALGORITHM, (AES256,))
    beside = (request.kms_key_id, request.encryption_context, request.bucket_key_enabled)
    return (stored, Succeed()) if beside == (None, None, None) and request.mode else stored


@clause(
    "directory-session/kms-is-taken-where-it-is-the-default",
    rules=("DB-022", "DB-023"),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def kms_is_taken_where_it_is_the_default(world: World, request: CreateSession) -> Rulings:
    """A session of aws:kms may name the bucket's own key, where that is the bucket's default."""
    bucket, text = bucket_of(world, request), request.kms_key_id
    if bucket is None or not text or request.sse != AWS_KMS or not request.mode:
        return None
    if _default(world, request) != AWS_KMS or not names_pinned_key(world, bucket, text):
        return None
    beside = (request.encryption_context, request.bucket_key_enabled)
    return Succeed() if beside == (None, None) else None


@clause(
    "directory-session/kms-is-what-it-asked-for",
    rules=("DB-022", "DB-028"),
    source=HEADERS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def kms_is_what_it_asked_for(world: World, request: CreateSession) -> Rulings:
    """A session that was asked for with aws:kms is one of SSE-KMS, with a Bucket Key."""
    del world
    if request.sse != AWS_KMS:
        return None
    return (Store(Facet.ALGORITHM, (AWS_KMS,)), *_bucket_key(AWS_KMS))


@clause(
    "directory-session/key-is-the-buckets",
    rules=("DB-021", "DB-023", "DB-027"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def key_is_the_buckets(world: World, request: CreateSession) -> Rulings:
    """A session of SSE-KMS uses the bucket's customer managed key."""
    bucket = bucket_of(world, request)
    key = None if bucket is None else pinned_key(world, bucket)
    by_default = _is_bare(request) and _default(world, request) == AWS_KMS
    if key is None or not (by_default or request.sse == AWS_KMS):
        return None
    return Store(Facet.KMS_KEY, (key,))


@clause(
    "directory-session/kms-needs-a-kms-default",
    rules=("DB-022", "DB-092"),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def kms_needs_a_kms_default(world: World, request: CreateSession) -> Rulings:
    """A session of aws:kms is refused where the bucket's default never was SSE-KMS."""
    bucket = bucket_of(world, request)
    if bucket is None or request.sse != AWS_KMS or not was_never_kms(bucket):
        return None
    return Refuse((ANY_400, ANY_4XX))


@allowance("DB-022", "DB-023", "DB-024", "DB-092", buckets=DIRECTORY)
def kms_session_of_which_pages_differ(world: World, request: CreateSession) -> Rulings:
    """aws:kms without a key, after the default was SSE-KMS, or with a key nobody knows of."""
    bucket = bucket_of(world, request)
    if bucket is None or request.sse != AWS_KMS or was_never_kms(bucket):
        return None
    default_is_kms = _default(world, request) == AWS_KMS
    if request.kms_key_id and default_is_kms and isinstance(bucket.pinned_key, str):
        return None
    return (MayRefuse((ANY_400, ANY_4XX)), *_key_that_is_named(world, bucket, request))


def _key_that_is_named(world: World, bucket: Bucket, request: CreateSession) -> tuple[Store, ...]:
    if bucket.pinned_key is not Presence.UNKNOWN or not request.kms_key_id:
        return ()
    return (Store(Facet.KMS_KEY, (key_of_text(world, bucket, request.kms_key_id),)),)


@clause(
    "directory-session/read-only-does-not-write",
    rules=("DB-02A",),
    source=HEADERS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def read_only_does_not_write(
    world: World,
    request: ObjectWrite | PartOfUpload | AbortMultipartUpload | DeleteObject | RenameObject,
) -> Rulings:
    """Within a session that is read-only nothing is written, aborted, renamed or deleted: 403."""
    session = session_of(world, request)
    if session is None or isinstance(request, WithCopySource):
        return None
    return Refuse((ANY_403,)) if session.mode is SessionMode.READ_ONLY else None


@clause(
    "directory-session/serves-one-bucket",
    rules=("DB-029",),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def serves_one_bucket(world: World, request: ObjectRequest) -> Rulings:
    """The session of another bucket opens nothing."""
    session = session_of(world, request)
    if session is None or isinstance(request, WithCopySource):
        return None
    return Refuse((ANY_403, ANY_4XX)) if session.bucket != request.bucket else None
