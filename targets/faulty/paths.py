"""Faults of one way to write an object, where another way does right: forms, presigned requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.messages import Auth
from model.operation import existing_bucket
from model.operations.copy_object import CopyObject
from model.operations.create_multipart_upload import CreateMultipartUpload
from model.operations.delete_objects import DeleteObjects
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject
from model.request import ObjectCreation
from model.s3_errors import PRECONDITION_FAILED
from model.world import Versioning
from targets.faulty.common import Refuses, current
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.s3_errors import S3Error
    from model.world import ServerSideEncryptionRule, World


class FormDropsTheKmsKey(Fault):
    """A form upload that names a KMS key is encrypted under the AWS managed key."""

    name = "form-drops-the-kms-key"
    category = "cross-path differences"

    def understand(self, world: World, request: Operation) -> Operation:
        """Overlook the field."""
        del world
        return replace(request, kms_key_id=None) if isinstance(request, PostObject) else request


class FormIsNotHeldToThePolicy(Fault):
    """A bucket policy that denies writes by their encryption is not asked about form uploads."""

    name = "form-is-not-held-to-the-policy"
    category = "cross-path differences"

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Ask no policy."""
        del world
        rules = ("condition-denies-the-write", "missing-header-is-denied", "default-is-no-header")
        named = isinstance(request, PostObject)
        return frozenset(f"bucket-policy/{rule}" for rule in rules) if named else frozenset()


class CopyOfAFormUploadIsBare(Fault):
    """A copy of an object that came by a form has none of its metadata."""

    name = "copy-of-a-form-upload-is-bare"
    category = "cross-path differences"
    deep = True

    def __init__(self) -> None:
        self._posted: set[tuple[str, str]] = set()

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Note what came by a form, and copy nothing but its data."""
        del before
        if not isinstance(request, ObjectCreation) or not answer.succeeded:
            return after
        if isinstance(request, CopyObject) and request.source is not None:
            bare = request.source[:2] in self._posted and request.metadata_directive != "REPLACE"
            made = current(after, request)
            if bare and made is not None:
                made = replace(made, metadata={})
                after = after.with_object(request.bucket, request.object_key, made)
        self._posted.discard((request.bucket, request.object_key))
        if isinstance(request, PostObject):
            self._posted.add((request.bucket, request.object_key))
        return after


class FieldsBeyondThePolicyAreTaken(Fault):
    """A form's fields about encryption are taken though its policy does not name them."""

    name = "fields-beyond-the-policy-are-taken"
    category = "cross-path differences"
    origin = "seaweedfs/seaweedfs#9124"

    def understand(self, world: World, request: Operation) -> Operation:
        """Look for no condition on them."""
        del world
        beyond = request.auth is Auth.POLICY_WITHOUT_ENCRYPTION
        return replace(request, auth=Auth.HEADER) if beyond else request


class PresignedDefaultIsCached(Fault):
    """A presigned PutObject uses the default that the bucket had at the first presigned one."""

    name = "presigned-default-is-cached"
    category = "cross-path differences"
    deep = True

    def __init__(self) -> None:
        self._cached: dict[str, ServerSideEncryptionRule] = {}

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for the default of then."""
        if not isinstance(request, PutObject) or request.auth is not Auth.PRESIGNED:
            return request
        bucket = existing_bucket(world, request.bucket)
        if bucket is None or bucket.rule is None:
            return request
        rule = self._cached.setdefault(request.bucket, bucket.rule)
        if rule == bucket.rule or request.names_in_headers or request.names_in_query:
            return request
        return replace(request, sse=rule.sse_algorithm.value, kms_key_id=rule.kms_key_id)


class CopiesAreNotBlocked(Fault):
    """A bucket that blocks SSE-C still takes copies with a customer's key."""

    name = "copies-are-not-blocked"
    category = "cross-path differences"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Look at what is blocked for uploads alone."""
        del world
        rule = "blocked-encryption-types/sse-c-write-is-refused"
        return frozenset((rule,) if isinstance(request, CopyObject) else ())


class UploadTakesADisabledKey(Fault):
    """An upload in parts can be begun under a disabled KMS key, which PutObject refuses."""

    name = "upload-takes-a-disabled-key"
    category = "cross-path differences"
    deep = True

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Look at the key only when data comes."""
        del world
        rule = "kms-keys/disabled-key-does-not-write"
        return frozenset((rule,) if isinstance(request, CreateMultipartUpload) else ())


class UploadMissesTheBucketKey(Fault):
    """An upload in parts that asks for aws:kms does without the default's Bucket Key."""

    name = "upload-misses-the-bucket-key"
    category = "cross-path differences"

    def understand(self, world: World, request: Operation) -> Operation:
        """Take a flag that is not there for false."""
        del world
        if not isinstance(request, CreateMultipartUpload) or request.sse != "aws:kms":
            return request
        return replace(request, bucket_key_enabled=request.bucket_key_enabled or "false")


class SeveralAreRemovedForGood(Fault):
    """DeleteObjects removes all versions of an object where DeleteObject leaves a delete marker."""

    name = "several-are-removed-for-good"
    category = "cross-path differences"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Remove them."""
        del before
        if not isinstance(request, DeleteObjects) or not answer.succeeded:
            return after
        bucket = existing_bucket(after, request.bucket)
        if bucket is None or bucket.versioning is not Versioning.ENABLED:
            return after
        for object_key, version_id in request.named:
            if version_id is None:
                bucket = bucket.with_row(object_key, ())
        return after.with_bucket(request.bucket, bucket)


class SeveralKeepTheVersion(Fault):
    """DeleteObjects says that it removed the version that it names, and leaves it."""

    name = "several-keep-the-version"
    category = "cross-path differences"
    origin = "ministackorg/ministack#1097"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Leave all as it was."""
        del answer
        if not isinstance(request, DeleteObjects):
            return after
        return before if any(version_id for _, version_id in request.named) else after


class NoUploadMatches(Refuses):
    """PutObject with If-Match never finds the ETag of an object that was uploaded in parts."""

    name = "no-upload-matches"
    category = "cross-path differences"
    deep = True

    def refuses(self, world: World, request: Operation) -> S3Error | None:
        """Take an ETag for an MD5."""
        del world
        if not isinstance(request, PutObject):
            return None
        return PRECONDITION_FAILED if "-" in (request.if_match or "") else None
