"""ListMultipartUploads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, unquote_plus
from xml.etree import ElementTree as ET

from model import xml_text
from model.listing import OF, field_of, is_truncated
from model.operation import Effect, Operation, existing_bucket
from model.operations.listing import LEAST_WHOLE, URL_ENCODING
from model.request import BucketRequest, query
from model.stored import LOST_UPLOAD, NEW_UPLOAD, MultipartUpload, Presence, is_in_progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.answer import Answer
    from model.matchers import Value
    from model.messages import HttpResponse
    from model.sse import ObjectEncryption
    from model.world import Bucket, World

UPLOADS = "Uploads"
KEY = "Key"
NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class ListMultipartUploads(BucketRequest, Operation):
    """Show the uploads of a bucket that are in progress."""

    operation: ClassVar[str] = "ListMultipartUploads"
    method: ClassVar[str] = "GET"
    sub_resource: ClassVar[str] = "uploads"

    prefix: str | None = query("prefix", "Prefix")
    delimiter: str | None = query("delimiter", "Delimiter")
    max_uploads: str | None = query("max-uploads", "MaxUploads")
    key_marker: str | None = query("key-marker", "KeyMarker")
    upload_id_marker: str | None = query("upload-id-marker", "UploadIdMarker")
    encoding_type: str | None = query("encoding-type", "EncodingType")

    @property
    def is_whole(self) -> bool:
        """Whether the list, where it does not say otherwise, leaves out only what has no prefix."""
        most = self.max_uploads or ""
        many = self.max_uploads is None or (most.isdecimal() and int(most) >= LEAST_WHOLE)
        begun = self.key_marker or self.upload_id_marker or self.delimiter
        return many and not begun and self.encoding_type in {None, URL_ENCODING}

    def known(self, bucket: Bucket) -> dict[str, MultipartUpload]:
        """Return the uploads that the list must show, by their ids."""
        return {
            upload_id: upload
            for upload_id, upload in bucket.uploads.items()
            if upload_id not in {NEW_UPLOAD, LOST_UPLOAD}
            and is_in_progress(upload)
            and upload.object_key.startswith(self.prefix or "")
        }

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

    def tells_all(self, response: HttpResponse) -> bool:
        """A list that is cut short tells nothing of what it leaves out."""
        return not is_truncated(response.body)

    def read_answer(self, response: HttpResponse) -> dict[str, Value]:
        """The ids of the uploads, as one text with commas between, and the object key of each."""
        try:
            root = xml_text.read(response.body)
        except xml_text.UnreadableXmlError:
            return {}
        fields: dict[str, Value] = {}
        for element in root.iter("Upload"):
            key = element.findtext("Key", "")
            name = field_of(KEY, element.findtext("UploadId", ""))
            fields[name] = unquote_plus(key) if self.encoding_type == URL_ENCODING else key
        return {**fields, UPLOADS: ",".join(name.partition(OF)[2] for name in fields)}

    def write_answer(self, fields: Mapping[str, Value], world: World) -> bytes:
        """The document with the uploads."""
        root = ET.Element("ListMultipartUploadsResult", {"xmlns": xml_text.NAMESPACE})
        ET.SubElement(root, "Bucket").text = self.bucket
        ET.SubElement(root, "IsTruncated").text = "false"
        bucket = existing_bucket(world, self.bucket)
        shown = fields.get(UPLOADS)
        for upload_id in shown.split(",") if isinstance(shown, str) and shown else ():
            upload = None if bucket is None else bucket.uploads.get(upload_id)
            object_key = upload.object_key if isinstance(upload, MultipartUpload) else "unknown"
            told = fields.get(field_of(KEY, upload_id), object_key)
            if isinstance(told, str) and told.startswith(self.prefix or ""):
                element = ET.SubElement(root, "Upload")
                coded = quote(told) if self.encoding_type == URL_ENCODING else told
                ET.SubElement(element, "Key").text = coded
                ET.SubElement(element, "UploadId").text = upload_id
        return xml_text.to_bytes(root)
