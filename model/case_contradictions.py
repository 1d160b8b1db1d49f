"""What a case may state of an answer, and what cannot be together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.case_symbols import OutsideError, is_open
from model.encryption_document import rule_from_json
from model.error_statuses import STATUS_OF
from model.operations.complete_multipart_upload import CompleteMultipartUpload
from model.operations.copy_object import CopyObject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.operation import Operation
    from model.parameter_values import Json

_SHOWN_BY_SUCCESS = ("etag_is_md5", "etag_suffix", "body_text", "body")
_OK, _MULTIPLE_CHOICES, _SERVER_ERROR = 200, 300, 500


class ContradictionError(Exception):
    """What a step states of an answer cannot be together, so no answer was like that."""


def check(request: Operation, expect: Mapping[str, Json]) -> None:
    """Raise ContradictionError where parts of the answer cannot be together.

    Raises OutsideError where a part is not what it must be.
    """
    status, code, success = (expect.get(n) for n in ("status", "error_code", "success"))
    if not (status is None or (isinstance(status, int) and not isinstance(status, bool))):
        raise OutsideError(f"{request.operation}: the status {status!r} is no number")
    if not (code is None or isinstance(code, str)):
        raise OutsideError(f"{request.operation}: the error code {code!r} is no text")
    if not (success is None or isinstance(success, bool)):
        raise OutsideError(f"{request.operation}: success is {success!r}")
    for problem in _contradictions(request, expect, status, code, success):
        raise ContradictionError(problem)


def _contradictions(
    request: Operation,
    expect: Mapping[str, Json],
    status: int | None,
    code: str | None,
    success: bool | None,
) -> list[str]:
    found = []
    ok = None if status is None else _OK <= status < _MULTIPLE_CHOICES
    # Only what takes its time fails within a 200 (GP-COPY-12): no header is at fault then.
    late = STATUS_OF.get(code or "", _SERVER_ERROR) >= _SERVER_ERROR
    slow = isinstance(request, CopyObject | CompleteMultipartUpload)
    in_a_200 = slow and status == _OK and late
    if success is True and code is not None:
        found.append(f"a success has no error code, and {code} is stated")
    if success is not None and ok is not None and success is not ok and not in_a_200:
        found.append(f"status {status} and success {success} contradict each other")
    if code is not None and ok is not None and not in_a_200:
        usual = STATUS_OF.get(code)
        if ok:
            found.append(f"status {status} has no error code, and {code} is stated")
        elif usual is not None and usual != status:
            found.append(f"{code} comes with status {usual}, and {status} is stated")
    refused = success is False or code is not None or ok is False
    no_body = request.method == "HEAD" or expect.get("body_empty") is True
    if refused and code is None and "error_code" in expect and not no_body:
        found.append("an error has an error code, and it is stated that there was none")
    if refused:
        shown = [name for name in _SHOWN_BY_SUCCESS if expect.get(name) is not None]
        found.extend(f"an error answer shows no {name}" for name in shown)
    headers = {name.lower() for name in mapping(expect, "headers")}
    both = headers & {str(name).lower() for name in listed(expect, "absent")}
    found.extend(f"{name} is stated to be present and absent" for name in sorted(both))
    found.extend(_impossible_rules(expect))
    text, length = expect.get("body_text"), mapping(expect, "extra").get("ContentLength")
    if isinstance(text, str) and not text.startswith("$") and isinstance(length, int):
        size = len(text.encode("utf-8", "replace"))
        if size != length:
            found.append(f"a body of {size} bytes has no length of {length}")
    return found


def _impossible_rules(expect: Mapping[str, Json]) -> list[str]:
    """Return why no bucket has the stated configuration."""
    body = closed(expect.get("body"))
    whole = body.get("ServerSideEncryptionConfiguration") if isinstance(body, dict) else None
    rules = whole.get("Rules") if isinstance(whole, dict) else None
    if not isinstance(rules, list):
        return []
    if len(rules) != 1:
        return [f"a bucket has one encryption rule, and {len(rules)} are stated"]
    rule = rule_from_json(rules[0]) if isinstance(rules[0], dict) else None
    if rule is not None and rule.sse_algorithm == "AES256" and rule.kms_key_id is not None:
        return ["a default of AES256 has no KMS key, and one is stated"]
    return []


def mapping(expect: Mapping[str, Json], name: str) -> dict[str, Json]:
    """Return the object of that name, empty where there is none. Raises OutsideError."""
    value = expect.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise OutsideError(f"expect: {name} must be an object")
    return value


def listed(expect: Mapping[str, Json], name: str) -> list[Json]:
    """Return the list of that name, empty where there is none. Raises OutsideError."""
    value = expect.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise OutsideError(f"expect: {name} must be a list")
    return value


def closed(value: Json) -> Json:
    """Return the value without the members that say no more than that something is there."""
    if isinstance(value, dict):
        return {name: closed(v) for name, v in value.items() if not is_open(v)}
    if isinstance(value, list):
        return [closed(v) for v in value]
    return value
