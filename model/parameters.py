"""Typed requests as boto3 parameters, both ways: the form of scenarios, reports and observations.

Values are what goes over the wire: ``SSECustomerKey`` is the header's base64 text, not the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model import wire
from model.messages import Auth
from model.parameter_values import Json, text_of
from model.request import BucketRequest, ObjectRequest, text_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.operation import Operation

AUTH = "_auth"
"""How a request is signed; boto3 has no such parameter."""
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
    if isinstance(request, BucketRequest):
        shown["Bucket"] = request.bucket
    if request.auth is not Auth.HEADER:
        shown[AUTH] = request.auth.value
    if request.is_form:
        return shown | request.own_parameters()
    if isinstance(request, ObjectRequest):
        shown["Key"] = request.object_key
    own = request.own_parameters()
    metadata = {"Metadata": own.pop("Metadata")} if "Metadata" in own else {}
    shown |= own
    for place in text_places(type(request)):
        value = getattr(request, place.attribute)
        if value is not None and place.parameter not in own:
            shown[place.parameter] = value
    return shown | metadata


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
    fields: dict[str, object] = {"secure": secure, "auth": Auth(str(left.pop(AUTH, "header")))}
    if issubclass(kind, BucketRequest):
        fields["bucket"] = _name(left, "Bucket")
    if issubclass(kind, ObjectRequest) and not kind.is_form:
        fields["object_key"] = _name(left, "Key")
    fields |= kind.own_fields(left)
    for place in text_places(kind):
        if place.parameter in left:
            fields[place.attribute] = text_of(left.pop(place.parameter))
    for name in left:
        if name not in IGNORED:
            raise ParameterError(kind.operation, name, "is outside the model")
    return kind(**fields)  # type: ignore[arg-type]


def _name(left: dict[str, Json], parameter: str) -> str:
    """Take the name of a bucket or an object, which cannot be empty."""
    name = text_of(left.pop(parameter))
    if not name:
        raise TypeError(f"{parameter} is empty")
    return name


__all__ = ["ParameterError", "from_parameters", "to_parameters"]
