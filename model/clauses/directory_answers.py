"""What answers about the objects and sessions of directory buckets show, and what they do not."""

from __future__ import annotations

from datetime import date

from model.answer import ETAG
from model.clause import DIRECTORY, Capability, Keep, Law, Require, Rulings, Source, clause
from model.matchers import Absent, AbsentOr, Equals
from model.open_matchers import KeyByAnyName, OtherThanMd5Of, SomeText
from model.operation import UNKNOWN_KEY
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.create_session import CreateSession
from model.operations.rename_object import RenameObject
from model.request import (
    BUCKET_KEY,
    CONTEXT,
    ENCRYPTION_HEADERS,
    KMS_KEY_ID,
    SSE,
    ObjectCreation,
    ObjectRead,
    ObjectWrite,
    PartOfUpload,
    WithCopySource,
    WithEncryptionHeaders,
)
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import KEY_ARN, KmsKey, World

PUT = Source("API/API_PutObject.html", "Response elements")
GET = Source("API/API_GetObject.html", "Response elements")
SESSION = Source("API/API_CreateSession.html", "Response elements")
SPECIFYING = Source("userguide/s3-express-specifying-kms-encryption.html", "Response headers")
COPYING = Source("userguide/directory-buckets-objects-copy.html", "ETags")
RENAME = Source("API/API_RenameObject.html", "Response elements")
PROFILE = "directory"
NEEDS = Capability.DIRECTORY_BUCKETS
_ANOTHER = {SseS3: SseAlgorithm.AWS_KMS.value, SseKms: SseAlgorithm.AES256.value}


@clause(
    "directory-answers/session-shows-its-algorithm",
    rules=("DB-027", "DB-080"),
    source=SESSION,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def session_shows_its_algorithm(
    world: World, request: CreateSession, version: ObjectVersion
) -> Rulings:
    """CreateSession shows the algorithm of the session, AES256 as well as aws:kms."""
    del world, request
    if not isinstance(version.encryption, SseS3 | SseKms):
        return None
    kms = isinstance(version.encryption, SseKms)
    shown = SseAlgorithm.AWS_KMS if kms else SseAlgorithm.AES256
    return Require(SSE, Equals(shown.value, wrong=_ANOTHER[type(version.encryption)]))


@clause(
    "directory-answers/kms-key-is-shown",
    rules=("DB-027", "DB-054", "DB-081", "DB-05E"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def kms_key_is_shown(
    world: World, request: WithEncryptionHeaders | CreateSession, version: ObjectVersion
) -> Rulings:
    """Answers about SSE-KMS show the bucket's key, by its id or its ARN."""
    del request
    if not isinstance(version.encryption, SseKms):
        return None
    key_id = version.encryption.kms_key_id
    if key_id == UNKNOWN_KEY:
        return Require(KMS_KEY_ID, SomeText())
    arn = (world.keys.get(key_id) or KmsKey(key_id=key_id)).arn or ""
    return Require(KMS_KEY_ID, KeyByAnyName(key_id, arn if KEY_ARN.fullmatch(arn) else None))


def _is_within_a_session(request: ObjectWrite) -> bool:
    return not isinstance(request, WithCopySource)


@clause(
    "directory-answers/bucket-key-is-shown",
    rules=("DB-039",),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def bucket_key_is_shown(world: World, request: ObjectWrite, version: ObjectVersion) -> Rulings:
    """The answer to a write of SSE-KMS within a session shows that there is a Bucket Key."""
    del world
    encryption = version.encryption
    if not isinstance(encryption, SseKms) or not _is_within_a_session(request):
        return None
    return Require(BUCKET_KEY, Equals("true")) if encryption.bucket_key_enabled else None


@clause(
    "directory-answers/bucket-key-is-never-off",
    rules=("DB-026", "DB-039", "DB-05E"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def bucket_key_is_never_off(
    world: World, request: WithEncryptionHeaders | CreateSession, version: ObjectVersion
) -> Rulings:
    """Answers about SSE-KMS never say that there is no Bucket Key, copies aside."""
    del world
    encryption = version.encryption
    if not isinstance(encryption, SseKms) or not encryption.bucket_key_enabled:
        return None
    if isinstance(request, ObjectWrite) and _is_within_a_session(request):
        return None  # that is to show it
    return Require(BUCKET_KEY, AbsentOr("true", wrong="false"))


@clause(
    "directory-answers/no-context-for-readers-and-parts",
    rules=("DB-05E",),
    source=GET,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def no_context_for_readers_and_parts(
    world: World, request: ObjectRead | PartOfUpload, version: ObjectVersion
) -> Rulings:
    """Reads, parts and completions show no encryption context."""
    del world, request, version
    return Require(CONTEXT, Absent("eyJhIjoiYiJ9"))


@clause(
    "directory-answers/etag-is-not-the-md5",
    rules=("DB-03K",),
    source=COPYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def etag_is_not_the_md5(
    world: World, request: ObjectCreation | CompleteMultipartUpload, version: ObjectVersion
) -> Rulings:
    """The ETag of an object is no MD5 of its data, whatever it is encrypted with."""
    del world, request
    return Require(ETAG, OtherThanMd5Of(version.body))


@clause(
    "directory-answers/renaming-shows-no-encryption",
    rules=("DB-03J", "GP-HDR-13"),
    source=RENAME,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def renaming_shows_no_encryption(world: World, request: RenameObject) -> Rulings:
    """The answer to RenameObject shows no encryption header."""
    del world, request
    return tuple(Require(name, Absent("AES256")) for name in ENCRYPTION_HEADERS[:6])


@clause(
    "directory-answers/renaming-keeps-the-object",
    rules=("DB-03J",),
    source=Source(
        "userguide/directory-buckets-objects-rename.html", "Renaming objects", date(2026, 12, 1)
    ),
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def renaming_keeps_the_object(world: World, request: RenameObject) -> Rulings:
    """An object that is renamed keeps its data, its metadata and its encryption."""
    return None if request.is_unknown(world) else Keep(Law.RENAMED_OBJECT)
