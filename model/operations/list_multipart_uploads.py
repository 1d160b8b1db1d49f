"""ListMultipartUploads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree as ET

from model import xml_text
from model.operation import Effect, Operation, existing_bucket
from model.request import BucketRequest
from model.world import MultipartUpload, Presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import World

UPLOADS = "Uploads"
NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class ListMultipartUploads(BucketRequest, Operation):
    """Show the uploads of a bucket that are in progress."""

    operation: ClassVar[str] = "ListMultipartUploads"
    method: ClassVar[str] = "GET"
    sub_resource: ClassVar[str] = "uploads"
    ignored_query: ClassVar[frozenset[str]] = frozenset(
        {"prefix", "delimiter", "encoding-type", "max-uploads", "key-marker", "upload-id-marker"}
    )

    def is_unknown(self, world: World) -> bool:
        """The answer depends on the bucket alone."""
        return world.bucket(self.bucket) is Presence.UNKNOWN

    def effect(self, world: World, encryption: ObjectEncryption | None) -> Effect:  # noqa: ARG002
        """Nothing changes."""
        return Effect(world)

    def learn_refusal(self, world: World, answer: Answer) -> World:
        """NoSuchBucket says that an unknown bucket is absent."""
        unknown = world.bucket(self.bucket) is Presence.UNKNOWN
        if unknown and answer.status == NOT_FOUND and answer.error_code == "NoSuchBucket":
            return world.with_bucket(self.bucket, Presence.ABSENT)
        return world

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ids of the uploads, as one text with commas between."""
        try:
            root = xml_text.read(response.body)
        except xml_text.UnreadableXmlError:
            return {}
        return {UPLOADS: ",".join(e.findtext("UploadId", "") for e in root if e.tag == "Upload")}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:
        """The document with the uploads."""
        root = ET.Element("ListMultipartUploadsResult", {"xmlns": xml_text.NAMESPACE})
        ET.SubElement(root, "Bucket").text = self.bucket
        ET.SubElement(root, "IsTruncated").text = "false"
        bucket = existing_bucket(world, self.bucket)
        shown = fields.get(UPLOADS)
        for upload_id in shown.split(",") if isinstance(shown, str) and shown else ():
            upload = None if bucket is None else bucket.uploads.get(upload_id)
            element = ET.SubElement(root, "Upload")
            object_key = upload.object_key if isinstance(upload, MultipartUpload) else "unknown"
            ET.SubElement(element, "Key").text = object_key
            ET.SubElement(element, "UploadId").text = upload_id
        return xml_text.to_bytes(root)
