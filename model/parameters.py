"""Typed requests as boto3 parameters, both ways: the form of scenarios, reports and observations.

Values are what goes over the wire: ``SSECustomerKey`` is the header's base64 text, not the key.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model import wire
from model.encryption_document import RuleText, read_configuration, write_configuration
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.kms import (
    WAITING_DAYS,
    CreateAlias,
    CreateKey,
    KmsOperation,
    ScheduleKeyDeletion,
)
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.request import BucketRequest, ObjectRequest, header_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.operation import Operation

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

CONFIGURATION = "ServerSideEncryptionConfiguration"
DOCUMENT = "_document"
"""A PutBucketEncryption body that is no configuration of one of the known forms."""

IGNORED = frozenset(
    {
        "ContentType",
        "ACL",
        "ChecksumAlgorithm",
        "ChecksumCRC32",
        "ChecksumCRC32C",
        "ChecksumCRC64NVME",
        "ChecksumSHA1",
        "ChecksumSHA256",
        "Tagging",
        "CacheControl",
        "Description",
        "KeyUsage",
        "Origin",
        "Tags",
    }
)
"""Parameters that change no answer that the model speaks of."""


@dataclass(frozen=True)
class ParameterError(ValueError):
    """A parameter is missing, has another type than it must, or is outside the model."""

    operation: str
    parameter: str
    problem: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.parameter}: {self.problem}"


def to_parameters(request: Operation) -> dict[str, Json]:
    """Return the boto3 parameters of a request; none for one outside the model."""
    shown: dict[str, Json] = {}
    if isinstance(request, KmsOperation):
        return {name: _json(value) for name, value in request.arguments().items()}
    if isinstance(request, BucketRequest):
        shown["Bucket"] = request.bucket
    if isinstance(request, ObjectRequest):
        shown["Key"] = request.object_key
    if isinstance(request, CreateBucket) and request.location is not None:
        shown["CreateBucketConfiguration"] = {"LocationConstraint": request.location}
    if isinstance(request, PutBucketEncryption):
        shown |= _configuration(request)
    if isinstance(request, PutObject):
        shown["Body"] = body_to_json(request.body)
    for place in header_places(type(request)):
        value = getattr(request, place.attribute)
        if value is not None:
            shown[place.parameter] = value
    metadata = getattr(request, "metadata", ())
    if metadata:
        shown["Metadata"] = dict(metadata)
    return shown


def body_to_json(body: bytes) -> Json:
    """Return text as it is, and anything else as base64."""
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
    return text


def body_from_json(value: Json) -> bytes:
    """Return the bytes that ``body_to_json`` was given."""
    if isinstance(value, dict):
        return base64.b64decode(str(value.get("base64", "")), validate=True)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} is no body")
    return (value or "").encode()


def _json(value: object) -> Json:
    return value if isinstance(value, str | int | float | bool) else str(value)


def _configuration(request: PutBucketEncryption) -> dict[str, Json]:
    read = request.configuration
    if read is None or write_configuration(read.rules) != request.document:
        return {DOCUMENT: body_to_json(request.document)}
    return {CONFIGURATION: {"Rules": [_rule_to_json(rule) for rule in read.rules]}}


def _rule_to_json(rule: RuleText) -> Json:
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


def from_parameters(
    operation: str, parameters: Mapping[str, Json], *, secure: bool = True
) -> Operation:
    """Return the request of an operation with these parameters.

    Raises ParameterError for an operation, a parameter or a value that the model does not know.
    """
    kind = wire.operations().get(operation)
    if kind is None:
        raise ParameterError(operation, "operation", "is outside the model")
    left = dict(parameters)
    try:
        return _build(kind, left, secure=secure)
    except ParameterError:
        raise
    except KeyError as error:
        raise ParameterError(operation, str(error.args[0]), "is missing") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ParameterError(operation, "parameters", str(error)) from error


def _build(kind: type[Operation], left: dict[str, Json], *, secure: bool) -> Operation:
    fields: dict[str, object] = {"secure": secure, **_own_fields(kind, left)}
    for place in header_places(kind):
        if place.parameter in left:
            fields[place.attribute] = _text(left.pop(place.parameter))
    if "Metadata" in left and issubclass(kind, PutObject | CopyObject):
        metadata = left.pop("Metadata")
        if not isinstance(metadata, dict):
            raise TypeError("Metadata must be an object")
        fields["metadata"] = tuple((name.lower(), _text(v)) for name, v in metadata.items())
    for name in left:
        if name not in IGNORED:
            raise ParameterError(kind.operation, name, "is outside the model")
    return kind(**fields)  # type: ignore[arg-type]


def _own_fields(kind: type[Operation], left: dict[str, Json]) -> dict[str, object]:
    """Take the parameters that are no headers, by the kinds that the operation is of."""
    if issubclass(kind, KmsOperation):
        return _kms_fields(kind, left)
    fields: dict[str, object] = {"bucket": _name(left, "Bucket")}
    if issubclass(kind, ObjectRequest):
        fields["object_key"] = _name(left, "Key")
    if issubclass(kind, CreateBucket):
        location = left.pop("CreateBucketConfiguration", None)
        if isinstance(location, dict):
            fields["location"] = str(location["LocationConstraint"])
    if issubclass(kind, PutBucketEncryption):
        fields["document"] = _document(left)
    if issubclass(kind, PutObject):
        fields["body"] = body_from_json(left.pop("Body", ""))
    return fields


def _kms_fields(kind: type[KmsOperation], left: dict[str, Json]) -> dict[str, object]:
    fields: dict[str, object] = {}
    fields["key_id"] = str(left.pop("KeyId", left.pop("TargetKeyId", "")))
    if issubclass(kind, CreateKey):
        fields["key_spec"] = str(left.pop("KeySpec", "SYMMETRIC_DEFAULT"))
    if issubclass(kind, ScheduleKeyDeletion):
        fields["days"] = int(str(left.pop("PendingWindowInDays", WAITING_DAYS)))
    if issubclass(kind, CreateAlias):
        fields["alias"] = str(left.pop("AliasName"))
    return fields


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise TypeError(f"{value!r} is no text")
    return str(value)


def _name(left: dict[str, Json], parameter: str) -> str:
    """Take the name of a bucket or an object, which cannot be empty."""
    name = _text(left.pop(parameter))
    if not name:
        raise TypeError(f"{parameter} is empty")
    return name


def _document(left: dict[str, Json]) -> bytes:
    if DOCUMENT in left:
        return body_from_json(left.pop(DOCUMENT))
    configuration = left.pop(CONFIGURATION, None)
    rules = configuration.get("Rules") if isinstance(configuration, dict) else None
    listed = rules if isinstance(rules, list) else []
    return write_configuration(rule_from_json(rule) for rule in listed)


def rule_from_json(rule: Json) -> RuleText:
    """Return the rule of a configuration in boto3's form."""
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
        bucket_key_enabled=None if flag is None else _text(flag),
        blocked=tuple(str(t) for t in types) if isinstance(types, list) else None,
        has_default=isinstance(default, dict),
    )


__all__ = ["Json", "ParameterError", "from_parameters", "read_configuration", "to_parameters"]
