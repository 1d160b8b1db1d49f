"""A minimal sequence as a bash script of curl commands: each request as it stood."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from reports.scripts.shell import WORK, body_file, comment, head, quote, readers
from reports.scripts.wire import PAYLOAD_HASH, boundary_of

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
_SIGN_FORM = r"""hmac() {  # key, text
  printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "$1" | sed 's/.* //'
}
field() {  # boundary, name, value
  printf -- '--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' "$1" "$2" "$3"
}
sign_form() {  # bucket, boundary, names of the form's own fields
  local bucket=$1 boundary=$2 now day until_ scope name conditions policy key part
  shift 2
  now=$(date -u +%Y%m%dT%H%M%SZ)
  day=${now%%T*}
  until_=$(date -u -d '+15 minutes' +%Y-%m-%dT%H:%M:%SZ 2>/dev/null ||
    date -u -v+15M +%Y-%m-%dT%H:%M:%SZ)
  scope="$day/$AWS_REGION/s3/aws4_request"
  conditions="{\"bucket\":\"$bucket\"}"
  if [ -n "${AWS_SESSION_TOKEN:-}" ]; then set -- x-amz-security-token "$@"; fi
  for name in x-amz-algorithm x-amz-credential x-amz-date "$@"; do
    conditions="$conditions,[\"starts-with\",\"\$$name\",\"\"]"
  done
  policy=$(printf '{"expiration":"%s","conditions":[%s]}' "$until_" "$conditions" |
    openssl base64 -A)
  key="key:AWS4$AWS_SECRET_ACCESS_KEY"
  for part in "$day" "$AWS_REGION" s3 aws4_request; do key="hexkey:$(hmac "$key" "$part")"; done
  field "$boundary" x-amz-algorithm AWS4-HMAC-SHA256
  field "$boundary" x-amz-credential "$AWS_ACCESS_KEY_ID/$scope"
  field "$boundary" x-amz-date "$now"
  if [ -n "${AWS_SESSION_TOKEN:-}" ]; then
    field "$boundary" x-amz-security-token "$AWS_SESSION_TOKEN"
  fi
  field "$boundary" policy "$policy"
  field "$boundary" x-amz-signature "$(hmac "$key" "$policy")"
}
"""
_BREAK = " \\\n  "


def script(calls: Sequence[Call], *, title: str, endpoint: str) -> str:
    """Return the script for these calls. ``endpoint`` is shown as an example, never used."""
    kms = any(call.service == "kms" for call in calls)
    forms = _SIGN_FORM if any(call.form is not None for call in calls) else ""
    parts = [
        head(title, _ABOUT, endpoint=endpoint, kms=kms),
        WORK + _SEND + forms + readers(calls),
    ]
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
    if call.form is not None:
        lines.append(_signed_form(call))
    save = f' | tee "$work/answer-{call.number}"' if call.brings else ""
    lines.append(_BREAK.join(_command(call)) + save)
    lines.append("echo")
    for slot in call.brings:
        source = f'"$work/answer-{slot.step}"'
        lines.append(f"{slot.name.upper()}=$({slot.place} {source} {slot.label})")
    return "\n".join(lines) + "\n"


def _command(call: Call) -> list[str]:
    method = "--head" if call.method == "HEAD" else f"-X {quote((call.method,))}"
    parts = [f"curl --silent --show-error --include --globoff --path-as-is {method}"]
    signed = call.form is None and not call.anonymous
    if signed:
        parts.append(f'--aws-sigv4 "aws:amz:$AWS_REGION:{call.service}"')
        parts.append('--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" "${token[@]}"')
    parts += [f"-H {_header(call, name, value)}" for name, value in call.headers]
    names = {name.lower() for name, _ in call.headers}
    if PAYLOAD_HASH not in names and signed:
        parts.append(f"-H {_payload_hash(call)}")
    if call.body.data and call.method != "HEAD":
        parts += _body(call, typed="content-type" in names)
    elif call.method in {"PUT", "POST"}:
        parts.append("-H 'content-length: 0'")
    parts.append(_url(call))
    return parts


def _signed_form(call: Call) -> str:
    """Put the fields that sign a form in front of it, in the body's own file."""
    names = " ".join(quote((name,)) for name in call.form or ())
    sign = f"sign_form {quote(call.fill(call.bucket))} {quote((boundary_of(call),))} {names}"
    file = f'"$work/body-{call.number}"'
    return f'{{ {sign}; cat {file}; }} > "$work/form" && mv "$work/form" {file}'


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
