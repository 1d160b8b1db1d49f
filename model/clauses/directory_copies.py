"""CopyObject into a directory bucket, and out of one: without a session, by the destination."""

from __future__ import annotations

from datetime import date

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
from model.clauses.archive import may_be_read
from model.directory_bucket import (
    key_of_text,
    names_pinned_key,
    pinned_key,
    reads_from_directory,
    was_never_kms,
)
from model.facts import bucket_of, default_of, source_version
from model.operations.copy_object import CopyObject
from model.request import header_places, names_no_encryption, uses_sse_c
from model.s3_errors import ANY_4XX, ANY_400, ANY_501
from model.sse import DsseKms, SseAlgorithm, SseC, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import KmsKey, World

PAGE = Source("API/API_CopyObject.html", "Server-side encryption")
SPECIFYING = Source("userguide/s3-express-specifying-kms-encryption.html", "CopyObject")
SOURCE = Source("API/API_CopyObject.html", "CopySourceSSECustomerKey")
PROFILE = "directory"
NEEDS = Capability.DIRECTORY_BUCKETS
AES256, AWS_KMS = SseAlgorithm.AES256.value, SseAlgorithm.AWS_KMS.value
_PLAIN = frozenset({"sse", "kms_key_id", "copy_source"})


def _brings_tags(world: World, request: CopyObject) -> bool | None:
    """Tell whether the copy would have tags, None where that is not known."""
    version = source_version(world, request)
    if reads_from_directory(request) or not isinstance(version, ObjectVersion):
        return request.brings_tags(of_source=False)
    return request.brings_tags(version.tagged)


def _is_sound(world: World, request: CopyObject) -> bool:
    """Tell whether nothing but its encryption can speak against the copy."""
    version = source_version(world, request)
    if request.in_place or not isinstance(version, ObjectVersion) or not may_be_read(version):
        return False
    if _brings_tags(world, request) is not False:
        return False
    if not isinstance(version.encryption, SseS3 | SseKms):
        return False
    places = header_places(CopyObject)
    return all(p.attribute in _PLAIN or getattr(request, p.attribute) is None for p in places)


def _is_kms_by_default(world: World, request: CopyObject) -> bool:
    rule = default_of(world, request)
    return rule is not None and rule.sse_algorithm is SseAlgorithm.AWS_KMS


def _own_key(world: World, request: CopyObject) -> KmsKey | None:
    """Return the bucket's key where the copy names it or none; None where it names another."""
    bucket, text = bucket_of(world, request), request.kms_key_id
    if bucket is None or (text and not names_pinned_key(world, bucket, text)):
        return None
    return pinned_key(world, bucket)


@clause(
    "directory-copies/default-is-taken",
    rules=("DB-040",),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def default_is_taken(world: World, request: CopyObject) -> Rulings:
    """A copy without encryption headers gets the destination's default, whatever its source is."""
    rule = default_of(world, request)
    if rule is None or not names_no_encryption(request):
        return None
    stored = Store(Facet.ALGORITHM, (rule.sse_algorithm.value,))
    return (stored, Succeed()) if _is_sound(world, request) else stored


@clause(
    "directory-copies/aes256-is-taken",
    rules=("DB-041", "DB-045"),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def aes256_is_taken(world: World, request: CopyObject) -> Rulings:
    """A copy that asks for AES256 gets it, also where the destination's default is aws:kms."""
    if request.sse != AES256 or bucket_of(world, request) is None:
        return None
    stored = Store(Facet.ALGORITHM, (AES256,))
    sound = _is_sound(world, request) and request.kms_key_id is None
    return (stored, Succeed()) if sound else stored


@clause(
    "directory-copies/kms-is-taken-where-it-is-the-default",
    rules=("DB-041", "DB-042", "DB-043", "DB-044"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def kms_is_taken_where_it_is_the_default(world: World, request: CopyObject) -> Rulings:
    """A copy may ask for aws:kms where that is the default, with the bucket's key or with none."""
    if request.sse != AWS_KMS or not _is_kms_by_default(world, request):
        return None
    sound = _is_sound(world, request) and request.kms_key_id != ""
    return Succeed() if sound and _own_key(world, request) is not None else None


@clause(
    "directory-copies/kms-is-what-it-asked-for",
    rules=("DB-041", "DB-043"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def kms_is_what_it_asked_for(world: World, request: CopyObject) -> Rulings:
    """A copy that asked for aws:kms, and was done, is under SSE-KMS."""
    if request.sse != AWS_KMS or bucket_of(world, request) is None:
        return None
    return Store(Facet.ALGORITHM, (AWS_KMS,))


@clause(
    "directory-copies/key-is-the-buckets",
    rules=("DB-040", "DB-043", "DB-044"),
    source=PAGE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def key_is_the_buckets(world: World, request: CopyObject) -> Rulings:
    """A copy under SSE-KMS uses the destination's customer managed key."""
    key = _own_key(world, request)
    by_default = names_no_encryption(request) and _is_kms_by_default(world, request)
    if key is None or not (by_default or request.sse == AWS_KMS):
        return None
    return Store(Facet.KMS_KEY, (key,))


@clause(
    "directory-copies/kms-needs-a-kms-default",
    rules=("DB-041", "DB-042"),
    source=SPECIFYING,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def kms_needs_a_kms_default(world: World, request: CopyObject) -> Rulings:
    """A copy that asks for aws:kms is refused where the default never was SSE-KMS."""
    bucket = bucket_of(world, request)
    if bucket is None or request.sse != AWS_KMS or not was_never_kms(bucket):
        return None
    return Refuse((ANY_400,))


@clause(
    "directory-copies/sse-c-source-needs-its-key",
    rules=("DB-051",),
    source=SOURCE,
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def sse_c_source_needs_its_key(world: World, request: CopyObject) -> Rulings:
    """A copy of an object under a customer's key, without that key, is refused."""
    version = source_version(world, request)
    if not isinstance(version, ObjectVersion) or not isinstance(version.encryption, SseC):
        return None
    return None if request.source_key_headers.present else Refuse((ANY_400,))


@clause(
    "directory-copies/tags-are-not-taken",
    rules=("DB-055",),
    source=Source("API/API_CopyObject.html", "x-amz-tagging-directive", date(2026, 12, 1)),
    profile=PROFILE,
    needs=NEEDS,
    buckets=DIRECTORY,
)
def tags_are_not_taken(world: World, request: CopyObject) -> Rulings:
    """A copy that brings tags, its source's or others in their place, is refused with 501."""
    return Refuse((ANY_501,)) if _brings_tags(world, request) else None


@allowance("DB-055", buckets=DIRECTORY)
def tags_that_are_not_known(world: World, request: CopyObject) -> Rulings:
    """A copy of a source that may have tags, or with a tag set that nothing is said of."""
    return MayRefuse((ANY_400, ANY_501)) if _brings_tags(world, request) is None else None


@allowance("DB-041", "DB-042", buckets=DIRECTORY)
def kms_copy_after_a_kms_default(world: World, request: CopyObject) -> Rulings:
    """aws:kms where the default was SSE-KMS and is not now, or with a key nobody knows of."""
    bucket = bucket_of(world, request)
    if bucket is None or request.sse != AWS_KMS or was_never_kms(bucket):
        return None
    if _is_kms_by_default(world, request) and isinstance(bucket.pinned_key, str):
        return None
    refused = MayRefuse((ANY_400, ANY_4XX))
    if isinstance(bucket.pinned_key, str) or not request.kms_key_id:
        return refused
    return (refused, Store(Facet.KMS_KEY, (key_of_text(world, bucket, request.kms_key_id),)))


@allowance("DB-046", buckets=DIRECTORY)
def bucket_key_of_a_copy(world: World, request: CopyObject) -> Rulings:
    """Copies use no Bucket Key, and what their answers show of it is not said."""
    del world, request
    return Store(Facet.BUCKET_KEY, (False,))


@allowance("DB-051", "DB-052", "DB-056", buckets=DIRECTORY)
def odd_source_of_a_copy(world: World, request: CopyObject) -> Rulings:
    """A source under SSE-C or DSSE-KMS, a customer key for another, a copy in place: open."""
    version = source_version(world, request)
    encryption = version.encryption if isinstance(version, ObjectVersion) else None
    odd = isinstance(encryption, SseC | DsseKms) or request.source_key_headers.present
    return MayRefuse((ANY_400, ANY_501)) if odd or request.in_place else None


@allowance("DB-071")
def bucket_key_of_a_copy_out(world: World, request: CopyObject) -> Rulings:
    """A copy out of a directory bucket uses no Bucket Key; what is shown of it is not said."""
    del world
    return Store(Facet.BUCKET_KEY, (False, True)) if reads_from_directory(request) else None


@allowance("DB-072")
def strong_copy_out(world: World, request: CopyObject) -> Rulings:
    """DSSE-KMS or a customer key for a copy out of a directory bucket: done, or refused."""
    if not reads_from_directory(request):
        return None
    rule = default_of(world, request)
    by_default = rule is not None and rule.sse_algorithm is SseAlgorithm.AWS_KMS_DSSE
    strong = uses_sse_c(request) or request.sse == SseAlgorithm.AWS_KMS_DSSE
    chosen = strong or (by_default and request.sse is None)
    return MayRefuse((ANY_400, ANY_501)) if chosen else None
