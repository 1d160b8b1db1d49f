"""CopyObject: its source, and copies of an object to itself."""

from __future__ import annotations

from urllib.parse import unquote

from model.clause import (
    EVERY_BUCKET,
    Basis,
    Capability,
    MayRefuse,
    Refuse,
    Rulings,
    Source,
    Succeed,
    allowance,
    clause,
)
from model.facts import bucket_of, is_same_key, source_version
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import SSE_C_TYPE
from model.request import WithCopySource, uses_sse_c
from model.s3_errors import (
    ANY_400,
    INVALID_ARGUMENT,
    INVALID_REQUEST,
    NO_SUCH_BUCKET,
    NO_SUCH_KEY,
)
from model.sse import DsseKms, SseAlgorithm, SseC, SseKms, SseS3
from model.stored import NULL_VERSION, ObjectVersion, Presence
from model.world import Bucket, Versioning, World

PAGE = Source("API/API_CopyObject.html", "Description")
ERRORS = Source("API/ErrorResponses.html", "List of error codes")
RECORDED = Source("recorded answers of Amazon S3, February 2026", "copy in place")
REPORTED = Source("answers of Amazon S3 told of in minio/minio#6581 and #6754", "copy in place")
PROFILE = "copy"
NEEDS = Capability.COPY


@clause(
    "copy/malformed-source-is-refused",
    rules=("GP-SRC-14",),
    source=ERRORS,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def malformed_source_is_refused(world: World, request: WithCopySource) -> Rulings:
    """A copy source that does not name a bucket and an object, with a slash between, is refused."""
    del world
    return None if "/" in unquote(request.copy_source or "") else Refuse((INVALID_ARGUMENT,))


@allowance("GP-SRC-14")
def half_a_source(world: World, request: WithCopySource) -> Rulings:
    """A copy source with a slash and without a bucket or an object: some refusal."""
    del world
    if request.source is not None or "/" not in unquote(request.copy_source or ""):
        return None
    return MayRefuse((ANY_400, NO_SUCH_BUCKET, NO_SUCH_KEY))


@clause(
    "copy/missing-source-is-refused",
    rules=("GP-SRC-06",),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=EVERY_BUCKET,
)
def missing_source_is_refused(world: World, request: WithCopySource) -> Rulings:
    """A copy of an object that does not exist gets NoSuchKey."""
    source = request.source
    if source is None or not isinstance(world.bucket(source.bucket), Bucket):
        return None
    if source.version_id is not None or source_version(world, request) is not Presence.ABSENT:
        return None
    return Refuse((NO_SUCH_KEY,))


@clause(
    "copy/missing-source-bucket-is-refused",
    rules=("GP-SRC-07",),
    source=ERRORS,
    profile=PROFILE,
    needs=NEEDS,
    buckets=EVERY_BUCKET,
)
def missing_source_bucket_is_refused(world: World, request: WithCopySource) -> Rulings:
    """A copy from a bucket that does not exist gets NoSuchBucket."""
    source = request.source
    if source is None or world.bucket(source.bucket) is not Presence.ABSENT:
        return None
    return Refuse((NO_SUCH_BUCKET,))


def copied_in_place(world: World, request: CopyObject) -> ObjectVersion | None:
    """Return the object that a copy to itself names, None where it names a version of it."""
    source = request.source
    if not request.in_place or source is None or source.version_id is not None:
        return None
    version = world.object(request.bucket, request.object_key)
    return version if isinstance(version, ObjectVersion) else None


def names_a_change(request: CopyObject) -> bool:
    """Tell whether a header is recorded as a change in S3's eyes, even to what is already so."""
    return (
        request.metadata_directive == "REPLACE"
        or request.storage_class is not None
        or request.website_redirect is not None
        or request.sse is not None
    )


def changes_something(request: CopyObject) -> bool:
    """Tell whether the request may count as a change: a customer key is one of the open ones."""
    return names_a_change(request) or uses_sse_c(request)


def _is_silent(request: CopyObject) -> bool:
    """Tell whether AWS says nothing of what else the request carries (GP-SELF-13, GP-SELF-19)."""
    return (
        request.bucket_key_enabled is not None
        or request.encryption_context is not None
        or request.kms_key_id is not None
        or request.tagging_directive is not None
        or request.checksum_algorithm is not None
    )


def blocks_by_itself(bucket: Bucket) -> bool:
    """Tell whether a bucket that nobody configured blocks SSE-C: whether that counts is not said.

    All that was recorded of copies in place is of buckets that did not.
    """
    return bucket.explicit is False and SSE_C_TYPE in (bucket.blocked or ())


@clause(
    "copy/in-place-without-a-change-is-refused",
    rules=("GP-SELF-01", "GP-SELF-02", "GP-SELF-03", "GP-SELF-06", "GP-SELF-17"),
    source=PAGE,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def in_place_without_a_change_is_refused(world: World, request: CopyObject) -> Rulings:
    """A copy of an SSE-S3 object to itself that changes nothing is refused.

    That is so in a bucket whose default was never put; GP-SELF-10 is about the others. With
    versioning enabled it makes no version of what has a version id.
    """
    version, bucket = copied_in_place(world, request), bucket_of(world, request)
    if version is None or bucket is None or bucket.explicit is not False:
        return None
    if blocks_by_itself(bucket):
        return None
    if not isinstance(version.encryption, SseS3) or makes_another_version(bucket, version):
        return None
    if changes_something(request) or _is_silent(request):
        return None
    return Refuse((INVALID_REQUEST,))


@clause(
    "copy/in-place-with-new-metadata-succeeds",
    rules=("GP-SELF-04", "GP-SELF-12"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def in_place_with_new_metadata_succeeds(world: World, request: CopyObject) -> Rulings:
    """A copy in place that replaces the metadata or names a website redirect succeeds."""
    version = copied_in_place(world, request)
    if version is None or isinstance(version.encryption, SseC):
        return None
    replaced = request.metadata_directive == "REPLACE" or request.website_redirect is not None
    return Succeed() if replaced else None


@clause(
    "copy/in-place-with-a-storage-class-succeeds",
    rules=("GP-SELF-05",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def in_place_with_a_storage_class_succeeds(world: World, request: CopyObject) -> Rulings:
    """A copy in place that names a storage class succeeds, even the class that the object has."""
    version = copied_in_place(world, request)
    if version is None or isinstance(version.encryption, SseC):
        return None
    return None if request.storage_class is None else Succeed()


@clause(
    "copy/in-place-with-encryption-succeeds",
    rules=("GP-SELF-07", "GP-SELF-08"),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=NEEDS,
)
def in_place_with_encryption_succeeds(world: World, request: CopyObject) -> Rulings:
    """A copy in place that names an encryption succeeds, even the one that the object has."""
    version = copied_in_place(world, request)
    if version is None or isinstance(version.encryption, SseC):
        return None
    return Succeed() if request.sse in set(SseAlgorithm) else None


@clause(
    "copy/in-place-back-to-the-default-succeeds",
    rules=("GP-SELF-09",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_KMS,
)
def in_place_back_to_the_default_succeeds(world: World, request: CopyObject) -> Rulings:
    """A copy in place without headers succeeds where it takes a KMS object back to SSE-S3."""
    version, bucket = copied_in_place(world, request), bucket_of(world, request)
    if version is None or bucket is None or bucket.rule is None:
        return None
    kms = isinstance(version.encryption, SseKms | DsseKms)
    base = bucket.rule.sse_algorithm is SseAlgorithm.AES256
    return Succeed() if kms and base and not uses_sse_c(request) else None


@clause(
    "copy/in-place-under-a-put-default-succeeds",
    rules=("GP-SELF-10",),
    source=RECORDED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.BUCKET_ENCRYPTION,
)
def in_place_under_a_put_default_succeeds(world: World, request: CopyObject) -> Rulings:
    """A copy in place without headers succeeds in a bucket whose default was put, even AES256."""
    version, bucket = copied_in_place(world, request), bucket_of(world, request)
    if version is None or bucket is None or bucket.explicit is not True or uses_sse_c(request):
        return None
    return Succeed() if isinstance(version.encryption, SseS3) else None


def _comes_under_another_customer_key(version: ObjectVersion, request: CopyObject) -> bool:
    """Tell whether the copy names a customer key that an object under SSE-S3 or SSE-C has not."""
    if isinstance(version.encryption, SseC) and uses_sse_c(request):
        return not is_same_key(request.own_key, version.encryption.customer_key_md5)
    return isinstance(version.encryption, SseS3) and uses_sse_c(request)


@clause(
    "copy/in-place-under-another-customer-key-succeeds",
    rules=("GP-SELF-15",),
    source=REPORTED,
    profile=PROFILE,
    basis=Basis.OBSERVED,
    needs=Capability.SSE_C,
)
def in_place_under_another_customer_key_succeeds(world: World, request: CopyObject) -> Rulings:
    """A copy in place of an SSE-S3 or SSE-C object under another customer key is a change."""
    version = copied_in_place(world, request)
    if version is None or request.sse is not None:
        return None
    # The error of a copy without a change names encryption attributes among what may change.
    return Succeed() if _comes_under_another_customer_key(version, request) else None


def makes_another_version(bucket: Bucket, version: ObjectVersion) -> bool:
    """Tell whether a copy in place may leave the copied version beside the new one (GP-SELF-18)."""
    if bucket.versioning is Versioning.ENABLED:
        return version.version_id == NULL_VERSION
    return bucket.versioning is not Versioning.NEVER


@allowance(
    "GP-SELF-11", "GP-SELF-13", "GP-SELF-14", "GP-SELF-15", "GP-SELF-19", "GP-AMB-12", "GP-AMB-13"
)
def in_place_of_which_nothing_is_said(world: World, request: CopyObject) -> Rulings:
    """Copies in place whose answer is not recorded: done, or refused as changing nothing."""
    version, bucket = copied_in_place(world, request), bucket_of(world, request)
    if version is None or bucket is None or request.sse is not None:
        return None
    if _comes_under_another_customer_key(version, request):
        return None
    refused = MayRefuse((INVALID_REQUEST,))
    if isinstance(version.encryption, SseC):
        return refused
    if names_a_change(request):
        return None
    if uses_sse_c(request):
        return refused
    plain = isinstance(version.encryption, SseS3)
    if plain and bucket.explicit is True:
        return None
    kms = isinstance(version.encryption, SseKms | DsseKms)
    if bucket.explicit is None or _is_silent(request) or (plain and blocks_by_itself(bucket)):
        return refused
    return refused if kms and bucket.rule and bucket.rule.sse_algorithm != "AES256" else None
