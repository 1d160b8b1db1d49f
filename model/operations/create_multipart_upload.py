"""CreateMultipartUpload."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from model import xml_text
from model.operation import Effect, Operation, existing_bucket, learn_version
from model.operations.abort_multipart_upload import AbortMultipartUpload
from model.operations.object_write import WriteOperation
from model.request import header
from model.stored import LOST_UPLOAD, NEW_UPLOAD, MultipartUpload, ObjectVersion, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import Bucket, World

UPLOAD_ID = "UploadId"


@dataclass(frozen=True, kw_only=True)
class CreateMultipartUpload(WriteOperation):
    """Begin an upload in parts: this decides how the finished object is encrypted."""

    operation: ClassVar[str] = "CreateMultipartUpload"
    method: ClassVar[str] = "POST"
    sub_resource: ClassVar[str] = "uploads"

    checksum_algorithm: str | None = header("x-amz-checksum-algorithm", "ChecksumAlgorithm")
    checksum_type: str | None = header("x-amz-checksum-type", "ChecksumType")

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:
        """There is an upload more; its id is known when the answer shows it."""
        version = ObjectVersion(
            encryption=encryption,
            body=None,
            storage_class=self.storage_class or "STANDARD",
            metadata=dict(self.metadata),
            encryption_context=self.encryption_context,
        )
        bucket = world.existing(self.bucket)
        if NEW_UPLOAD in bucket.uploads:
            bucket = bucket.with_upload(LOST_UPLOAD, Presence.UNKNOWN)
        after = world.with_bucket(self.bucket, self._with_upload(bucket, version))
        return Effect(after, version)

    def _with_upload(self, bucket: Bucket, version: ObjectVersion) -> Bucket:
        """Return the bucket with the new upload, of which nobody knows the id yet."""
        upload = MultipartUpload(
            object_key=self.object_key,
            version=version,
            versioning=bucket.versioning,
            checksum_algorithm=self.checksum_algorithm,
            checksum_type=self.checksum_type,
        )
        return bucket.with_upload(NEW_UPLOAD, upload)

    def subject(self, world: World) -> ObjectVersion | Presence:
        """The object that the new upload will be."""
        bucket = existing_bucket(world, self.bucket)
        upload = None if bucket is None else bucket.uploads.get(NEW_UPLOAD)
        return upload.version if isinstance(upload, MultipartUpload) else Presence.UNKNOWN

    def with_subject(self, world: World, version: ObjectVersion) -> World:
        """Other facts about the object that the new upload will be."""
        bucket = world.existing(self.bucket)
        return world.with_bucket(self.bucket, self._with_upload(bucket, version))

    def learn(self, world: World, answer: Answer) -> World:
        """Adopt the upload's id, and the ARN of the KMS key."""
        world = learn_version(world, self, answer)
        bucket = existing_bucket(world, self.bucket)
        upload_id = answer.text(UPLOAD_ID)
        if bucket is None or not upload_id:
            return world
        uploads = {k: v for k, v in bucket.uploads.items() if k != NEW_UPLOAD}
        uploads[upload_id] = bucket.uploads[NEW_UPLOAD]
        return world.with_bucket(self.bucket, replace(bucket, uploads=uploads))

    def obscured(self, world: World) -> World:
        """There may be an upload of which nobody knows the id."""
        bucket = existing_bucket(world, self.bucket)
        if bucket is None:
            return world.with_bucket(self.bucket, Presence.UNKNOWN)
        return world.with_bucket(self.bucket, bucket.with_upload(LOST_UPLOAD, Presence.UNKNOWN))

    def chosen(self, answer: Answer) -> tuple[str, ...]:
        """The upload's id."""
        return (answer.text(UPLOAD_ID) or "",)

    def undone_by(self, answer: Answer | None) -> tuple[Operation, ...]:
        """The abort of the upload."""
        upload_id = None if answer is None or not answer.succeeded else answer.text(UPLOAD_ID)
        if not upload_id:
            return ()
        return (
            AbortMultipartUpload(
                bucket=self.bucket,
                object_key=self.object_key,
                upload_id=upload_id,
                secure=self.secure,
            ),
        )

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The upload's id, which stands in the document."""
        return {UPLOAD_ID: xml_text.read_fields(response.body).get(UPLOAD_ID) or None}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:  # noqa: ARG002
        """The document with the upload's id."""
        shown = {"Bucket": self.bucket, "Key": self.object_key}
        upload_id = fields.get(UPLOAD_ID)
        if isinstance(upload_id, str):
            shown[UPLOAD_ID] = upload_id
        return xml_text.document("InitiateMultipartUploadResult", shown)
