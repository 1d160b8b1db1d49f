"""A minimal sequence as a bash script of AWS CLI commands, as far as the CLI can send it.

The CLI builds the requests itself, so it cannot send everything: what it would repair, refuse or
leave out is named in a comment in that step's place.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from reports.scripts.names import kebab
from reports.scripts.shell import WORK, body_file, comment, head, quote
from reports.scripts.wire import Place, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import JsonValue

    from reports.scripts.wire import Call

_ABOUT = ("Needs the AWS CLI. It builds its own requests: for the exact ones see the curl script.",)
_SETTINGS = """\
export AWS_PAGER="" AWS_MAX_ATTEMPTS=1 AWS_REGION AWS_DEFAULT_REGION="$AWS_REGION"
export AWS_REQUEST_CHECKSUM_CALCULATION=when_required
export AWS_RESPONSE_CHECKSUM_VALIDATION=when_required
"""
_OPERATION = re.compile(r"[A-Z][A-Za-z0-9]+")
_OPTION = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_NOT_OF_THE_CLI = frozenset({"PostObject"})
_NUMBERS = frozenset({"PartNumber", "MaxKeys", "MaxParts", "MaxUploads", "PendingWindowInDays"})
_FLAGS = frozenset({"BucketKeyEnabled", "BypassGovernanceRetention", "Enabled"})
#: Headers that the CLI works out for itself where they are needed.
_WORKED_OUT = re.compile(r"x-amz-(checksum-|sdk-checksum-|content-sha256|target$)")
_KEYS = ("SSECustomerKey", "CopySourceSSECustomerKey")
_BREAK = " \\\n  "


def script(calls: Sequence[Call], *, title: str, endpoint: str) -> str:
    """Return the script for these calls. ``endpoint`` is shown as an example, never used."""
    kms = any(call.service == "kms" for call in calls)
    parts = [head(title, _ABOUT, endpoint=endpoint, kms=kms), WORK + _SETTINGS]
    parts += [_step(call) for call in calls]
    return "\n".join(parts)


def inexpressible(call: Call) -> str | None:
    """Say why the CLI cannot send this call as it stood, or None where it can."""
    if call.presigned:
        return "it used a presigned URL"
    if not _OPERATION.fullmatch(call.operation) or call.operation in _NOT_OF_THE_CLI:
        return "the CLI has no such command"
    return _refused_parameter(call) or _missing_header(call) or _missing_body(call)


def _refused_parameter(call: Call) -> str | None:
    for key in _KEYS:
        if key in call.params and f"{key}MD5" not in call.params:
            return f"the CLI adds {key}MD5, which the request did not have"
    for name, value in call.params.items():
        if not _OPTION.fullmatch(name) or value is None:
            return f"the CLI has no option for {comment(name)}"
        if name == "Body":
            continue
        if value == "" or (isinstance(value, str) and value.startswith(("file://", "fileb://"))):
            return f"the CLI does not send this value of {name} as it is"
        if isinstance(value, str) and name in _NUMBERS and not value.isdecimal():
            return f"the CLI takes only a number for {name}"
        if isinstance(value, str) and name in _FLAGS and value not in {"true", "false"}:
            return f"the CLI sends only true or false for {name}"
    return None


def _missing_header(call: Call) -> str | None:
    given = set(_scalars(call.params))
    for name, value in call.headers:
        own = name.lower().startswith("x-amz-") and not _WORKED_OUT.match(name.lower())
        if own and (value not in given or not value.isascii()):
            return f"the CLI cannot send this {comment(name)}"
    return None


def _missing_body(call: Call) -> str | None:
    structured = any(isinstance(v, dict | list) for n, v in call.params.items() if n != "Body")
    if call.service == "s3" and call.body.data and "Body" not in call.params and not structured:
        return "the CLI cannot send this body"
    return None


def _scalars(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif value is not None:
        yield str(value)


def _step(call: Call) -> str:
    lines = [f"# Step {call.number}: {comment(call.operation)}"]
    lines.append(f"echo {quote((f'== {call.number} {comment(call.operation)}',))}")
    reason = inexpressible(call)
    if reason is not None:
        other = "boto3" if call.presigned else "curl"
        lines.append(f"# This step cannot be expressed with the AWS CLI ({reason}): use {other}.")
        lines.append(f"echo 'left out: the AWS CLI cannot send it, use {other}'")
        return "\n".join(lines) + "\n"
    if "Body" in call.params and call.body.data:
        lines.append(body_file(call))
    save = f' | tee "$work/answer-{call.number}"' if call.brings else ""
    lines.append(_BREAK.join(_command(call)) + save)
    lines += [_assignment(slot) for slot in call.brings]
    return "\n".join(lines) + "\n"


def _command(call: Call) -> list[str]:
    program = "kms" if call.service == "kms" else "s3api"
    endpoint = '"$KMS_ENDPOINT"' if call.service == "kms" else '"$S3_ENDPOINT"'
    command = kebab(call.operation)
    parts = [f"aws {program} {command} --endpoint-url {endpoint} --output json"]
    if call.anonymous:
        parts.append("--no-sign-request")
    if command.startswith("list-"):
        parts.append("--no-paginate")
    parts += [_option(call, name, value) for name, value in call.params.items()]
    if command == "get-object":
        parts.append(f'"$work/object-{call.number}"')
    return [part for part in parts if part]


def _option(call: Call, name: str, value: JsonValue) -> str:
    option = f"--{kebab(name)}"
    if name == "Body":
        return f'{option} "$work/body-{call.number}"' if call.body.data else ""
    if isinstance(value, bool) or name in _FLAGS:
        return option if value in {True, "true"} else f"--no-{kebab(name)}"
    if isinstance(value, dict | list):
        return f"{option} {quote(call.fill(json.dumps(value)))}"
    text = quote(call.fill(str(value)))
    return f"{option}={text}" if str(value).startswith("-") else f"{option} {text}"


def _assignment(slot: Slot) -> str:
    """Take a value from the answer that the CLI printed as JSON."""
    label = {"x-amz-version-id": "VersionId", "etag": "ETag"}.get(slot.label, slot.label)
    pattern = rf's/.*"{label}": *"\(.*\)".*/\1/p'
    source = f'"$work/answer-{slot.step}"'
    value = f"sed -n '{pattern}' {source} | tr -d '\\\\\"' | head -n 1"
    if slot.place is Place.MEMBER:
        value = f"sed -n '{pattern}' {source} | head -n 1"
    return f"{slot.name.upper()}=$({value})"
