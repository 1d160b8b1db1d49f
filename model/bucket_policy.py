"""Bucket policies that deny writes by their encryption headers: the forms that AWS documents.

A policy of any other form is not read at all: what it denies is then not known.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from model.request import CUSTOMER_ALGORITHM, KMS_KEY_ID, SSE
from model.world import KEY_ARN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from model.parameter_values import Json

ACTION = "s3:PutObject"
VERSION = "2012-10-17"
CONDITION_KEYS = {f"s3:{name}": name for name in (SSE, KMS_KEY_ID, CUSTOMER_ALGORITHM)}
"""Condition keys, and the headers that they look at."""
_ELEMENTS = frozenset({"Sid", "Effect", "Principal", "Action", "Resource", "Condition"})
_DOCUMENT = frozenset({"Version", "Id", "Statement"})


class Operator(StrEnum):
    """How a condition compares a header with its values."""

    NULL = "Null"
    EQUALS = "StringEquals"
    NOT_EQUALS = "StringNotEquals"
    EQUALS_IF_EXISTS = "StringEqualsIfExists"
    NOT_EQUALS_IF_EXISTS = "StringNotEqualsIfExists"


_NEGATED = frozenset({Operator.NOT_EQUALS, Operator.NOT_EQUALS_IF_EXISTS})
_IF_EXISTS = frozenset({Operator.EQUALS_IF_EXISTS, Operator.NOT_EQUALS_IF_EXISTS})


class Condition(NamedTuple):
    """One condition on one header: it holds when any value fits, or none of a negated one."""

    operator: Operator
    header: str
    values: tuple[str, ...]


class DenyStatement(NamedTuple):
    """A statement that denies every s3:PutObject for which all of its conditions hold."""

    conditions: tuple[Condition, ...]


Headers = dict[str, str | None]
"""The headers of a write that conditions look at; None where one is absent."""


def denies(statements: Iterable[DenyStatement], headers: Mapping[str, str | None]) -> bool | None:
    """Tell whether a write with these headers is denied; None where AWS does not say."""
    found: bool | None = False
    for statement in statements:
        holding = [_holds(condition, headers) for condition in statement.conditions]
        if all(holding):
            return True
        if False not in holding:
            found = None
    return found


def _holds(condition: Condition, headers: Mapping[str, str | None]) -> bool | None:
    value = headers.get(condition.header)
    if value == "":
        return None  # whether an empty header counts as one is not said
    if condition.operator is Operator.NULL:
        return (value is None) is (condition.values == ("true",))
    if value is None:
        return condition.operator in _NEGATED or condition.operator in _IF_EXISTS
    if condition.header == KMS_KEY_ID and KEY_ARN.fullmatch(value) is None:
        return None  # a condition names a key by its ARN; what another form leads to is not said
    return (value in condition.values) is not (condition.operator in _NEGATED)


def read_policy(document: bytes, bucket: str) -> tuple[DenyStatement, ...] | None:
    """Return what a bucket's policy denies, None where it says anything else."""
    try:
        read: Json = json.loads(document)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or not read.keys() <= _DOCUMENT:
        return None
    if read.get("Version", VERSION) != VERSION:
        return None
    statements = read.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    found = [_read_statement(one, bucket) for one in listed]
    known = tuple(one for one in found if one is not None)
    return known if known and len(known) == len(found) else None


def _read_statement(read: Json, bucket: str) -> DenyStatement | None:
    if not isinstance(read, dict) or not read.keys() <= _ELEMENTS:
        return None
    everybody = read.get("Principal") in ("*", {"AWS": "*"})
    resource = _texts(read.get("Resource")) == (resource_of(bucket),)
    if read.get("Effect") != "Deny" or not everybody or not resource:
        return None
    if _texts(read.get("Action")) != (ACTION,):
        return None
    conditions = read_conditions(read.get("Condition"))
    return None if conditions is None else DenyStatement(conditions)


def read_conditions(read: Json) -> tuple[Condition, ...] | None:
    """Return the conditions of a statement, None where one is of no known form."""
    if not isinstance(read, dict) or not read:
        return None
    known = {operator.value for operator in Operator}
    headers = {key.lower(): header for key, header in CONDITION_KEYS.items()}
    found = []
    for operator, compared in read.items():
        if operator not in known or not isinstance(compared, dict) or not compared:
            return None
        for key, value in compared.items():
            header, values = headers.get(key.lower()), _texts(value)
            if header is None or not values or any("${" in one for one in values):
                return None
            if operator == Operator.NULL and values not in {("true",), ("false",)}:
                return None
            found.append(Condition(Operator(operator), header, values))
    return tuple(found)


def _texts(value: Json) -> tuple[str, ...]:
    """Return one text, or several, as a tuple; empty where there are none."""
    if isinstance(value, bool):
        return ("true",) if value else ("false",)
    listed = value if isinstance(value, list) else [value]
    texts = tuple(one for one in listed if isinstance(one, str))
    return texts if len(texts) == len(listed) else ()


def resource_of(bucket: str) -> str:
    """Return the resource of a statement about all objects of a bucket."""
    return f"arn:aws:s3:::{bucket}/*"


def write_policy(bucket: str, statements: Iterable[DenyStatement]) -> bytes:
    """Return the document of a policy with these statements."""
    listed: list[Json] = []
    for statement in statements:
        conditions: dict[str, dict[str, Json]] = {}
        for operator, header, values in statement.conditions:
            compared = conditions.setdefault(operator.value, {})
            compared[f"s3:{header}"] = values[0] if len(values) == 1 else list(values)
        listed.append(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": ACTION,
                "Resource": resource_of(bucket),
                "Condition": dict(conditions),
            }
        )
    document: dict[str, Json] = {"Version": VERSION, "Statement": listed}
    return json.dumps(document).encode()
