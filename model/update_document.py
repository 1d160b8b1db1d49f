"""The ObjectEncryption document of UpdateObjectEncryption: what an object's encryption becomes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from model import xml_text
from model.parameter_values import text_of

if TYPE_CHECKING:
    from model.parameter_values import Json

ROOT = "ObjectEncryption"
SSE_KMS = "SSE-KMS"
KEY_ARN = "KMSKeyArn"
BUCKET_KEY_ENABLED = "BucketKeyEnabled"
_PARAMETER = "SSEKMS"


class UpdateText(NamedTuple):
    """The document as it stands there; None is an element that is missing.

    ``types`` are the names of the encryption types that it holds: one, in a sound document.
    ``strange`` is whether its SSE-KMS element holds what S3 does not know.
    """

    types: tuple[str, ...] = (SSE_KMS,)
    kms_key_arn: str | None = None
    bucket_key_enabled: str | None = None
    strange: bool = False


@lru_cache(maxsize=512)
def read_update(data: bytes) -> UpdateText | None:
    """Return what the document says, or None when it is not well-formed or has another root."""
    try:
        root = xml_text.read(data)
    except xml_text.UnreadableXmlError:
        return None
    if root.tag != ROOT:
        return None
    types = tuple(element.tag for element in root)
    chosen = root.find(SSE_KMS)
    if chosen is None:
        return UpdateText(types=types)
    return UpdateText(
        types=types,
        kms_key_arn=chosen.findtext(KEY_ARN),
        bucket_key_enabled=chosen.findtext(BUCKET_KEY_ENABLED),
        strange=any(e.tag not in {KEY_ARN, BUCKET_KEY_ENABLED} for e in chosen),
    )


def write_update(update: UpdateText) -> bytes:
    """Return the document; key and flag stand in its SSE-KMS element, where it has one."""
    root = ET.Element(ROOT, {"xmlns": xml_text.NAMESPACE})
    for name in update.types:
        element = ET.SubElement(root, name)
        if name == SSE_KMS:
            _add(element, BUCKET_KEY_ENABLED, update.bucket_key_enabled)
            _add(element, KEY_ARN, update.kms_key_arn)
    return xml_text.to_bytes(root)


def _add(parent: ET.Element, name: str, text: str | None) -> None:
    if text is not None:
        ET.SubElement(parent, name).text = text


def update_to_json(update: UpdateText) -> Json:
    """Return the document in boto3's form: that of a document with SSE-KMS alone."""
    shown: dict[str, Json] = {}
    if update.bucket_key_enabled is not None:
        text = update.bucket_key_enabled
        shown[BUCKET_KEY_ENABLED] = {"true": True, "false": False}.get(text, text)
    if update.kms_key_arn is not None:
        shown[KEY_ARN] = update.kms_key_arn
    return {_PARAMETER: shown}


def update_from_json(value: Json) -> UpdateText:
    """Return the document of boto3's form; raises TypeError."""
    if not isinstance(value, dict):
        raise TypeError("ObjectEncryption must be an object")
    chosen = value.get(_PARAMETER)
    if not isinstance(chosen, dict):
        return UpdateText(types=tuple(value))
    flag = chosen.get(BUCKET_KEY_ENABLED)
    return UpdateText(
        kms_key_arn=None if KEY_ARN not in chosen else str(chosen[KEY_ARN]),
        bucket_key_enabled=None if flag is None else text_of(flag),
    )
