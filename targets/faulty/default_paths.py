"""Faults of default encryption: some ways to write do not look the default up."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from model.messages import Auth
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject
from model.sse import SseAlgorithm, SseKms, SseS3
from model.stored import ObjectVersion
from model.world import ServerSideEncryptionRule, Versioning
from targets.faulty.wrong_default import BASE, MissedDefault, WrongDefault, key_named

if TYPE_CHECKING:
    from model.operations.object_write import WriteOperation
    from model.world import Bucket, World

STREAMED = 64 * 1024
"""The size from which such a server streams a body."""


class StreamedBody(MissedDefault):
    """PutObject of 64 KiB and more, which is streamed, ignores the bucket's default."""

    name = "streamed-body"
    category = "default resolution"
    deep = True

    def misses(self, world: World, request: WriteOperation) -> bool:
        """A large body misses it."""
        del world
        return isinstance(request, PutObject) and len(request.body) >= STREAMED


class FolderMarker(MissedDefault):
    """An empty object whose key ends with a slash, made as a folder, ignores the default."""

    name = "folder-marker"
    category = "default resolution"
    deep = True

    def misses(self, world: World, request: WriteOperation) -> bool:
        """A folder misses it."""
        del world
        empty = isinstance(request, PutObject) and not request.body
        return empty and request.object_key.endswith("/")


class EscapedKey(MissedDefault):
    """A write to an object key that is escaped in the path ignores the bucket's default."""

    name = "escaped-key"
    category = "default resolution"
    deep = True

    def misses(self, world: World, request: WriteOperation) -> bool:
        """An escaped path misses it."""
        del world
        return quote(request.object_key) != request.object_key


class PresignedWrite(MissedDefault):
    """A write by a presigned URL ignores the bucket's default."""

    name = "presigned-write"
    category = "default resolution"
    deep = True

    def misses(self, world: World, request: WriteOperation) -> bool:
        """A presigned request misses it."""
        del world
        return request.auth in {Auth.PRESIGNED, Auth.PRESIGNED_HEADERS_UNSIGNED}


class FormUpload(MissedDefault):
    """An upload by a browser's form ignores the bucket's default."""

    name = "form-upload"
    category = "default resolution"

    def misses(self, world: World, request: WriteOperation) -> bool:
        """Every form misses it."""
        del world
        return isinstance(request, PostObject)


class SuspendedVersioning(MissedDefault):
    """While versioning is suspended, writes ignore the bucket's default."""

    name = "suspended-versioning"
    category = "default resolution"
    deep = True

    def misses(self, world: World, request: WriteOperation) -> bool:
        """A write of a null version over others misses it."""
        return world.existing(request.bucket).versioning is Versioning.SUSPENDED


class OverwriteKeepsEncryption(WrongDefault):
    """A write over an object takes that object's encryption instead of the bucket's default."""

    name = "overwrite-keeps-encryption"
    category = "default resolution"
    deep = True

    def default(
        self, world: World, request: WriteOperation, bucket: Bucket
    ) -> ServerSideEncryptionRule | None:
        """Return the encryption of the object that is replaced."""
        del bucket
        replaced = world.object(request.bucket, request.object_key)
        found = replaced.encryption if isinstance(replaced, ObjectVersion) else None
        if isinstance(found, SseKms):
            return ServerSideEncryptionRule(
                sse_algorithm=SseAlgorithm.AWS_KMS,
                kms_key_id=key_named(world, found.kms_key_id),
                bucket_key_enabled=found.bucket_key_enabled,
            )
        return BASE if isinstance(found, SseS3) else None
