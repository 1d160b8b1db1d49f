"""Faults of CopyObject."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.operations.copy_object import CopyObject
from model.request import uses_sse_c
from model.sse import SseAlgorithm, SseKms
from model.stored import ObjectVersion
from model.world import MANAGED_KEY
from targets.faulty.common import copied, current
from targets.faulty.fault import Fault

if TYPE_CHECKING:
    from model.answer import Answer
    from model.operation import Operation
    from model.world import World


class InheritsFromSource(Fault):
    """A copy without encryption headers keeps its source's SSE-KMS, whatever the default is."""

    name = "inherits-from-source"
    category = "copy"
    origin = "getmoto/moto#6264"

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for the source's encryption, as though the client had."""
        if not isinstance(request, CopyObject) or request.sse or request.source is None:
            return request
        source = world.version(*request.source)
        if not isinstance(source, ObjectVersion) or not isinstance(source.encryption, SseKms):
            return request
        if uses_sse_c(request) or request.kms_key_id is not None:
            return request
        kms_key_id = source.encryption.kms_key_id
        named = None if kms_key_id == MANAGED_KEY else kms_key_id
        return replace(request, sse="aws:kms", kms_key_id=named)


class ExplicitAes256Ignored(Fault):
    """A copy that asks for AES256 gets the destination's default all the same."""

    name = "explicit-aes256-ignored"
    category = "copy"
    origin = "seaweedfs/seaweedfs#10049"

    def understand(self, world: World, request: Operation) -> Operation:
        """Honour the header only where it names KMS."""
        del world
        if not isinstance(request, CopyObject) or request.sse != "AES256":
            return request
        return replace(request, sse=None)


class MetadataIsNeverReplaced(Fault):
    """A copy to another object key keeps the source's metadata though REPLACE is asked for."""

    name = "metadata-is-never-replaced"
    category = "copy"
    origin = "sivchari/kumo#688"

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep the source's metadata."""
        if not isinstance(request, CopyObject) or not answer.succeeded or request.in_place:
            return after
        source, made = copied(before, request), current(after, request)
        if source is None or made is None:
            return after
        kept = replace(made, metadata=source.metadata, foreign_metadata=frozenset())
        return after.with_object(request.bucket, request.object_key, kept)


class ReplaceReachesTheSource(Fault):
    """A copy that replaces the metadata replaces that of its source, too: both share one record."""

    name = "replace-reaches-the-source"
    category = "copy"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Give the source the new metadata."""
        if not isinstance(request, CopyObject) or not answer.succeeded or request.in_place:
            return after
        source = copied(before, request)
        if request.metadata_directive != "REPLACE" or request.source is None or source is None:
            return after
        if request.source.version_id is not None:
            return after
        changed = replace(source, metadata=dict(request.metadata))
        return after.with_object(*request.source[:2], changed)


class OldMetadataShinesThrough(Fault):
    """A copy over an object keeps that object's metadata beside the source's."""

    name = "old-metadata-shines-through"
    category = "copy"
    deep = True

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Merge the metadata instead of replacing it."""
        if not isinstance(request, CopyObject) or not answer.succeeded or request.in_place:
            return after
        old, made = current(before, request), current(after, request)
        if old is None or made is None:
            return after
        names = {**(old.metadata or {}), **(made.metadata or {})}
        merged = replace(made, metadata=names, foreign_metadata=frozenset())
        return after.with_object(request.bucket, request.object_key, merged)


class SourceIsNotUnescaped(Fault):
    """A copy looks for its source under the escaped name, which nothing has."""

    name = "source-is-not-unescaped"
    category = "copy"
    origin = "supabase/storage#1377"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Take the header as it came."""
        del world
        if not isinstance(request, CopyObject) or request.copy_source is None:
            return request
        return replace(request, copy_source=request.copy_source.replace("%", "%25"))


class BucketKeyFromTheSource(Fault):
    """A copy within one bucket takes the Bucket Key flag of its source, not of the default."""

    name = "bucket-key-from-the-source"
    category = "copy"
    deep = True

    def understand(self, world: World, request: Operation) -> Operation:
        """Ask for the default, and for the source's flag."""
        if not isinstance(request, CopyObject) or request.names_in_headers:
            return request
        source, bucket = copied(world, request), world.existing(request.bucket)
        if source is None or request.source is None or request.source.bucket != request.bucket:
            return request
        if not isinstance(source.encryption, SseKms) or bucket.rule is None:
            return request
        if bucket.rule.sse_algorithm is not SseAlgorithm.AWS_KMS:
            return request
        return replace(
            request,
            sse="aws:kms",
            kms_key_id=bucket.rule.kms_key_id,
            bucket_key_enabled=str(source.encryption.bucket_key_enabled).lower(),
        )
