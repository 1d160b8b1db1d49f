"""A minimal sequence as a bash script of curl commands: each request as it stood."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reports.scripts.shell import WORK, body_file, comment, head, quote, readers
from reports.scripts.wire import PAYLOAD_HASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.scripts.wire import Call, Text

_ABOUT = (
    "Every header and body stands as it was sent; Host, the date and the signature are made anew.",
    "Query parameters stand in the order that is signed, which curl before 8.3 needs.",
)
_SEND = """\
token=()
if [ -n "${AWS_SESSION_TOKEN:-}" ]; then token=(-H "x-amz-security-token: $AWS_SESSION_TOKEN"); fi
"""
_BREAK = " \\\n  "


def script(calls: Sequence[Call], *, title: str, endpoint: str) -> str:
    """Return the script for these calls. ``endpoint`` is shown as an example, never used."""
    kms = any(call.service == "kms" for call in calls)
    parts = [head(title, _ABOUT, endpoint=endpoint, kms=kms), WORK + _SEND + readers(calls)]
    parts += [_step(call) for call in calls]
    return "\n".join(parts)


def _step(call: Call) -> str:
    lines = [f"# Step {call.number}: {comment(call.operation)}"]
    lines.append(f"echo {quote((f'== {call.number} {comment(call.operation)}',))}")
    if call.presigned:
        lines.append("# It used a presigned URL, which curl cannot sign: see the boto3 script.")
        lines.append("echo 'left out: a presigned URL'")
        return "\n".join(lines) + "\n"
    if call.body.data:
        lines.append(body_file(call))
    save = f' | tee "$work/answer-{call.number}"' if call.brings else ""
    lines.append(_BREAK.join(_command(call)) + save)
    lines.append("echo")
    for slot in call.brings:
        source = f'"$work/answer-{slot.step}"'
        lines.append(f"{slot.name.upper()}=$({slot.place} {source} {slot.label})")
    return "\n".join(lines) + "\n"


def _command(call: Call) -> list[str]:
    method = "--head" if call.method == "HEAD" else f"-X {quote((call.method,))}"
    parts = [
        f"curl --silent --show-error --include --globoff --path-as-is {method}",
        f'--aws-sigv4 "aws:amz:$AWS_REGION:{call.service}"',
        '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" "${token[@]}"',
    ]
    parts += [f"-H {_header(call, name, value)}" for name, value in call.headers]
    names = {name.lower() for name, _ in call.headers}
    if PAYLOAD_HASH not in names:
        parts.append(f"-H {_payload_hash(call)}")
    if call.body.data and call.method != "HEAD":
        parts += _body(call, typed="content-type" in names)
    elif call.method in {"PUT", "POST"}:
        parts.append("-H 'content-length: 0'")
    parts.append(_url(call))
    return parts


def _body(call: Call, *, typed: bool) -> list[str]:
    """Send the body without letting curl add a Content-Type that was not there."""
    file = f'"$work/body-{call.number}"'
    if typed:
        return [f"--data-binary @{file}"]
    if call.target.partition("?")[0].endswith("/"):  # --upload-file would add the file's name
        return ["-H 'content-type:'", f"--data-binary @{file}"]
    return [f"--upload-file {file}"]


def _header(call: Call, name: str, value: str) -> str:
    if name.lower() == "content-md5" and call.body_changes and call.md5_is_of_body:
        digest = f'openssl dgst -md5 -binary "$work/body-{call.number}" | base64'
        return f'"content-md5: $({digest})"'
    if value.strip() == "":
        return quote((f"{name};",))
    return quote((f"{name}: ", *call.fill(value)))


def _payload_hash(call: Call) -> str:
    if call.body_changes:
        digest = f"openssl dgst -sha256 -r \"$work/body-{call.number}\" | cut -d' ' -f1"
        return f'"{PAYLOAD_HASH}: $({digest})"'
    return quote((f"{PAYLOAD_HASH}: {hashlib.sha256(call.body.data).hexdigest()}",))


def _url(call: Call) -> str:
    base = '"$KMS_ENDPOINT"' if call.service == "kms" else '"$S3_ENDPOINT"'
    if call.label:
        label = quote((f"{call.label}.",))
        base = f'"${{S3_ENDPOINT%%://*}}://"{label}"${{S3_ENDPOINT#*://}}"'
    return base + quote(_signed_order(call))


def _signed_order(call: Call) -> Text:
    """Give every parameter its ``=`` and sort them, as the signature does."""
    path, _, query = call.target.partition("?")
    if not query:
        return call.fill(path)
    pairs = sorted(part.partition("=")[::2] for part in query.split("&"))
    return call.fill(path + "?" + "&".join(f"{name}={value}" for name, value in pairs))
