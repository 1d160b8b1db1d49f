"""Writes within a session of a directory bucket: the session says how they are encrypted."""

from __future__ import annotations

from model.clause import (
    DIRECTORY,
    Capability,
    Facet,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    Store,
    Succeed,
    allowance,
    clause,
)
from model.directory_bucket import ALGORITHMS, carried, key_of_text, writing_session
from model.facts import bucket_of
from model.operations.copy_object import CopyObject
from model.operations.put_object import PutObject
from model.request import (
    SESSION_TOKEN_HEADER,
    ObjectWrite,
    header_places,
    names_no_encryption,
)
from model.s3_errors import (
    ANY_4XX,
    ANY_400,
    ANY_501,
    ENCRYPTION_TYPE_MISMATCH,
    INVALID_REQUEST,
    TOO_MANY_PARTS,
)
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import KmsKey, World

PUT = Source("API/API_PutObject.html", "Directory buckets")
SESSION = Source("API/API_CreateSession.html", "Description")
ERRORS = Source("API/API_PutObject.html", "EncryptionTypeMismatch")
PROFILE = "directory"
NEEDS = Capability.DIRECTORY_BUCKETS
_AWS_KMS = SseAlgorithm.AWS_KMS.value
_LACKING = ("acl", "content_md5", "tagging", "website_redirect")
_STORAGE_CLASSES = frozenset({"EXPRESS_ONEZONE", "ONEZONE_IA"})
Encryptions = tuple[SseS3 | SseKms, ...]


def _of_session(world: World, request: ObjectWrite) -> Encryptions:
    """Return what the session gives the writes within it; nothing where that is not known."""
    session = writing_session(world, request)
    if session is None:
        return ()
    return tuple(e for e in carried(world, session) if isinstance(e, SseS3 | SseKms))


def _fitting(world: World, request: ObjectWrite) -> Encryptions:
    """Return those of them that the request's own headers do not contradict."""
    bucket, text = bucket_of(world, request), request.kms_key_id
    found = _of_session(world, request)
    if request.sse is not None:
        wanted = SseKms if request.sse == _AWS_KMS else SseS3
        found = tuple(e for e in found if isinstance(e, wanted) and request.sse in ALGORITHMS)
    if text and bucket is not None:
        key_id = key_of_text(world, bucket, text).key_id
        found = tuple(e for e in found if isinstance(e, SseKms) and e.kms_key_id == key_id)
    return found


def _is_alone(request: ObjectWrite) -> bool:
    """Tell whether no other header stands beside algorithm and key."""
    known = {"sse", "kms_key_id"}
    places = header_places(type(request))
    return all(
        p.attribute in known
        or p.name == SESSION_TOKEN_HEADER
        or getattr(request, p.attribute) is None
        for p in places
    )


@clause(
    "directory-writes/session-is-applied",
    rules=("DB-028", "DB-030"),
    source=SESSION,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def session_is_applied(world: World, request: ObjectWrite) -> Rulings:
    """A write within a session is encrypted with the session's algorithm."""
    found = _fitting(world, request)
    if not found:
        return None
    shown = {SseS3: SseAlgorithm.AES256.value, SseKms: _AWS_KMS}
    return Store(Facet.ALGORITHM, tuple(shown[type(e)] for e in found))


@clause(
    "directory-writes/key-is-the-buckets",
    rules=("DB-028", "DB-033"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def key_is_the_buckets(world: World, request: ObjectWrite) -> Rulings:
    """A write of SSE-KMS within a session uses the bucket's key, also where it names none."""
    kms = [e for e in _fitting(world, request) if isinstance(e, SseKms)]
    if not kms:
        return None
    key_id = kms[0].kms_key_id
    return Store(Facet.KMS_KEY, (world.keys.get(key_id) or KmsKey(key_id=key_id),))


@clause(
    "directory-writes/bucket-key-is-on",
    rules=("DB-039",),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def bucket_key_is_on(world: World, request: ObjectWrite) -> Rulings:
    """A write of SSE-KMS within a session uses a Bucket Key, whatever its headers say."""
    kms = any(isinstance(e, SseKms) for e in _fitting(world, request))
    return Store(Facet.BUCKET_KEY, (True,)) if kms else None


@clause(
    "directory-writes/no-header-is-needed",
    rules=("DB-028",),
    source=SESSION,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def no_header_is_needed(world: World, request: ObjectWrite) -> Rulings:
    """A write without encryption headers is accepted within a session of any kind."""
    wanted = names_no_encryption(request) and _is_alone(request)
    return Succeed() if wanted and _of_session(world, request) else None


@clause(
    "directory-writes/equal-headers-are-accepted",
    rules=("DB-030", "DB-032", "DB-033"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def equal_headers_are_accepted(world: World, request: ObjectWrite) -> Rulings:
    """A write whose algorithm and key are those of its session is accepted."""
    if request.sse is None or not _is_alone(request):
        return None
    if request.kms_key_id is not None and request.sse != _AWS_KMS:
        return None
    fitting = _fitting(world, request)
    return Succeed() if fitting and fitting == _of_session(world, request) else None


@clause(
    "directory-writes/other-algorithm-is-refused",
    rules=("DB-031", "DB-032", "DB-098"),
    source=PUT,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def other_algorithm_is_refused(world: World, request: ObjectWrite) -> Rulings:
    """A write that asks for another algorithm than that of its session is refused."""
    if request.sse not in ALGORITHMS:
        return None
    kind = SseKms if request.sse == _AWS_KMS else SseS3
    found = _of_session(world, request)
    if not found or any(isinstance(e, kind) for e in found):
        return None
    return Refuse((ANY_400, ANY_4XX))


@clause(
    "directory-writes/append-keeps-the-kind",
    rules=("DB-03A", "DB-090"),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def append_keeps_the_kind(world: World, request: PutObject) -> Rulings:
    """Data is not appended to an object under another kind of encryption than the session's."""
    version = world.object(request.bucket, request.object_key)
    if request.write_offset is None or not isinstance(version, ObjectVersion):
        return None
    found = _fitting(world, request)
    if not found or not isinstance(version.encryption, SseS3 | SseKms):
        return None
    same = any(type(e) is type(version.encryption) for e in found)
    return None if same else Refuse((ENCRYPTION_TYPE_MISMATCH,))


@allowance("DB-029", buckets=DIRECTORY)
def session_from_before_a_new_default(world: World, request: ObjectWrite) -> Rulings:
    """A session from before the default changed: it, or the new default, is what headers equal."""
    found = _of_session(world, request)
    fitting = _fitting(world, request)
    return MayRefuse((ANY_400, ANY_4XX)) if fitting and fitting != found else None


@allowance("DB-03A", buckets=DIRECTORY)
def append_of_which_little_is_said(world: World, request: PutObject) -> Rulings:
    """An append to no object, to one of unknown length, or at another offset than its end."""
    if request.write_offset is None:
        return None
    version = world.object(request.bucket, request.object_key)
    known = isinstance(version, ObjectVersion) and version.body is not None
    if known and len(_of_session(world, request)) == 1 and not request.is_unknown(world):
        return None
    return MayRefuse((ANY_400, ANY_4XX))


@allowance("DB-03A", buckets=DIRECTORY)
def append_of_what_an_object_may_not_take(world: World, request: PutObject) -> Rulings:
    """An append with metadata, without data or with another checksum, or one part too many.

    AWS names these errors, and not when an object has how many parts.
    """
    version = world.object(request.bucket, request.object_key)
    if request.write_offset is None:
        return None
    kept = version.checksums if isinstance(version, ObjectVersion) else None
    same = bool(request.checksums) and set(request.checksums) <= set(kept or ())
    if request.metadata or not request.body or (request.names_checksum and not same):
        return MayRefuse((INVALID_REQUEST, TOO_MANY_PARTS))
    return MayRefuse((TOO_MANY_PARTS,))


@allowance("DB-030", buckets=DIRECTORY)
def header_that_directory_buckets_lack(world: World, request: ObjectWrite) -> Rulings:
    """An access control list, tags, a redirect, Content-MD5, a storage class of other buckets.

    AWS says that they are not supported. A list beside a Content-MD5 was seen to be refused with
    501 (archiecobbs/s3backer#231).
    """
    del world
    lacking = [name for name in _LACKING if getattr(request, name, None) is not None]
    if isinstance(request, CopyObject) and "tagging" in lacking:
        lacking.remove("tagging")  # that has a clause of its own
    elsewhere = getattr(request, "storage_class", None) not in {None, *_STORAGE_CLASSES}
    return MayRefuse((ANY_4XX, ANY_501)) if lacking or elsewhere else None
