"""The ServerSideEncryptionConfiguration document: read as leniently as judging it needs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from model import xml_text
from model.parameter_values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.parameter_values import Json

ROOT = "ServerSideEncryptionConfiguration"
_KNOWN = frozenset(
    {
        "Rule",
        "ApplyServerSideEncryptionByDefault",
        "SSEAlgorithm",
        "KMSMasterKeyID",
        "BucketKeyEnabled",
        "BlockedEncryptionTypes",
        "EncryptionType",
    }
)


class RuleText(NamedTuple):
    """One rule of the document as it stands there; None is an element that is missing.

    ``has_default`` is whether ``ApplyServerSideEncryptionByDefault`` is there.
    """

    sse_algorithm: str | None = None
    kms_key_id: str | None = None
    bucket_key_enabled: str | None = None
    blocked: tuple[str, ...] | None = None
    has_default: bool = True


class Configuration(NamedTuple):
    """The rules of a document; ``strange`` is whether it holds elements that S3 does not know."""

    rules: tuple[RuleText, ...]
    strange: bool = False


@lru_cache(maxsize=512)
def read_configuration(data: bytes) -> Configuration | None:
    """Return the document's rules, or None when it is not well-formed or has another root."""
    try:
        root = xml_text.read(data)
    except xml_text.UnreadableXmlError:
        return None
    if root.tag != ROOT:
        return None
    strange = any(e.tag not in _KNOWN for e in root.iter() if e is not root)
    return Configuration(tuple(_rule(e) for e in root.findall("Rule")), strange)


def _rule(element: ET.Element) -> RuleText:
    default = element.find("ApplyServerSideEncryptionByDefault")
    blocked = element.find("BlockedEncryptionTypes")
    return RuleText(
        sse_algorithm=None if default is None else _text(default, "SSEAlgorithm"),
        kms_key_id=None if default is None else _text(default, "KMSMasterKeyID"),
        bucket_key_enabled=_text(element, "BucketKeyEnabled"),
        blocked=None
        if blocked is None
        else tuple(e.text or "" for e in blocked.findall("EncryptionType")),
        has_default=default is not None,
    )


def _text(element: ET.Element, name: str) -> str | None:
    child = element.find(name)
    return None if child is None else (child.text or "")


def write_configuration(rules: Iterable[RuleText]) -> bytes:
    """Return the document with these rules."""
    root = ET.Element(ROOT, {"xmlns": xml_text.NAMESPACE})
    for rule in rules:
        element = ET.SubElement(root, "Rule")
        if rule.has_default:
            default = ET.SubElement(element, "ApplyServerSideEncryptionByDefault")
            _add(default, "SSEAlgorithm", rule.sse_algorithm)
            _add(default, "KMSMasterKeyID", rule.kms_key_id)
        _add(element, "BucketKeyEnabled", rule.bucket_key_enabled)
        if rule.blocked is not None:
            blocked = ET.SubElement(element, "BlockedEncryptionTypes")
            for encryption_type in rule.blocked:
                _add(blocked, "EncryptionType", encryption_type)
    return xml_text.to_bytes(root)


def _add(parent: ET.Element, name: str, text: str | None) -> None:
    if text is not None:
        ET.SubElement(parent, name).text = text


def rule_to_json(rule: RuleText) -> Json:
    """Return the rule in boto3's form."""
    shown: dict[str, Json] = {}
    if rule.has_default:
        default: dict[str, Json] = {}
        if rule.sse_algorithm is not None:
            default["SSEAlgorithm"] = rule.sse_algorithm
        if rule.kms_key_id is not None:
            default["KMSMasterKeyID"] = rule.kms_key_id
        shown["ApplyServerSideEncryptionByDefault"] = default
    if rule.bucket_key_enabled is not None:
        text = rule.bucket_key_enabled
        shown["BucketKeyEnabled"] = {"true": True, "false": False}.get(text, text)
    if rule.blocked is not None:
        shown["BlockedEncryptionTypes"] = {"EncryptionType": list(rule.blocked)}
    return shown


def rule_from_json(rule: Json) -> RuleText:
    """Return the rule of a configuration in boto3's form; raises TypeError."""
    if not isinstance(rule, dict):
        raise TypeError("a rule must be an object")
    default = rule.get("ApplyServerSideEncryptionByDefault")
    chosen = default if isinstance(default, dict) else {}
    flag = rule.get("BucketKeyEnabled")
    blocked = rule.get("BlockedEncryptionTypes")
    types = blocked.get("EncryptionType") if isinstance(blocked, dict) else None
    return RuleText(
        sse_algorithm=None if "SSEAlgorithm" not in chosen else str(chosen["SSEAlgorithm"]),
        kms_key_id=None if "KMSMasterKeyID" not in chosen else str(chosen["KMSMasterKeyID"]),
        bucket_key_enabled=None if flag is None else text_of(flag),
        blocked=tuple(str(t) for t in types) if isinstance(types, list) else None,
        has_default=isinstance(default, dict),
    )
