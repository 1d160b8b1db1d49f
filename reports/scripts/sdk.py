"""A minimal sequence as a Python script of boto3 calls, each sent as it stood on the wire.

boto3 repairs and refuses requests: it adds a missing MD5, encodes keys, checks parameters. Every
call therefore runs inside ``step(...)``, whose hook puts method, address, headers and body in the
place of what boto3 made, just before the request is signed.
"""

from __future__ import annotations

import base64
import binascii
import keyword
from typing import TYPE_CHECKING

from model.messages import Auth
from reports.scripts.names import snake
from reports.scripts.shell import comment
from reports.scripts.wire import Slot, boundary_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pydantic import JsonValue

    from reports.scripts.wire import Call, Text

_HEAD = '''\
import base64
import contextlib
import hashlib
import os
import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

S3_ENDPOINT = os.environ.get("S3_ENDPOINT", "").rstrip("/")
KMS_ENDPOINT = os.environ.get("KMS_ENDPOINT", S3_ENDPOINT).rstrip("/")
REGION = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
if not S3_ENDPOINT:
    sys.exit(ENDPOINT_MISSING)

session = boto3.Session(region_name=REGION)
CONFIG = Config(
    retries={"total_max_attempts": 1},
    parameter_validation=False,
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path", "payload_signing_enabled": True},
)
s3 = session.client("s3", endpoint_url=S3_ENDPOINT, config=CONFIG)
kms = session.client("kms", endpoint_url=KMS_ENDPOINT, config=CONFIG)
wire = {}  # the request of the current step, as it stood
seen = {}  # values that the endpoint chose, by name


class SentOnce(BotoCoreError):
    fmt = "a step is sent once; this would have been a repetition"


def as_it_stood(request, **_):
    """Put the recorded request in the place of the one that boto3 made."""
    if wire["sent"]:
        raise SentOnce
    wire["sent"] = True
    request.method, request.url, request.data = wire["method"], wire["url"], wire["body"]
    for name in set(request.headers.keys()):
        del request.headers[name]
    for name, value in wire["headers"]:
        request.headers[name] = value


def without_extras(request, **_):
    """Take away what boto3 adds after signing."""
    for name in ("amz-sdk-invocation-id", "amz-sdk-request"):
        del request.headers[name]


def show(response_dict, **_):
    """Print an answer, and keep it for the values that later steps need."""
    body = response_dict["body"]
    wire["answer"] = response_dict
    print(response_dict["status_code"])
    for name, value in response_dict["headers"].items():
        print(f"{name}: {value}")
    if isinstance(body, bytes):
        print(body.decode(errors="replace"))


for client in (s3, kms):
    client.meta.events.register_last("before-sign", as_it_stood)
    client.meta.events.register("before-send", without_extras)
    client.meta.events.register_first("before-parse", show)


@contextlib.contextmanager
def step(title, method, url, headers, body=b"", client=s3):
    """Send whatever is called inside as exactly this request."""
    print(f"== {title}")
    wire.clear()
    wire.update(method=method, url=url, headers=headers, body=body, sent=False)
    refused = "it has no such call"
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        refused = error
    except Exception as error:  # boto3 could not make a request of the parameters
        refused = error
    if wire["sent"] and "answer" not in wire:
        print(f"no answer: {refused}")
    if not wire["sent"]:
        print(f"boto3 refuses this call ({refused}); the request is sent all the same")
        with contextlib.suppress(ClientError, BotoCoreError):
            client.list_keys() if client is kms else client.list_buckets()


def host_style(bucket):
    """Return the endpoint with the bucket in its host name."""
    scheme, _, rest = S3_ENDPOINT.partition("://")
    return f"{scheme}://{bucket}.{rest}"


def header(name):
    """Return a header of the last answer, without quotes."""
    headers = wire.get("answer", {}).get("headers", {})
    return next((v for k, v in headers.items() if k.lower() == name), "").strip('"')


def text():
    """Return the body of the last answer."""
    return wire.get("answer", {}).get("body", b"").decode(errors="replace")


def element(name):
    """Return the first XML element of that name in the last answer."""
    match = re.search(f"<{name}>([^<]*)</{name}>", text())
    return match[1].replace("&quot;", "").strip('"') if match else ""


def member(name):
    """Return the first JSON member of that name in the last answer."""
    match = re.search(f'"{name}"\\\\s*:\\\\s*"([^"]*)"', text())
    return match[1] if match else ""
'''
_PRESIGNED = '''

def presigned(title, method, url, signed, unsigned, body=b"", seconds=300):
    """Send a request with a presigned URL: some headers signed, others only sent."""
    from botocore.auth import S3SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session

    print(f"== {title}")
    request = AWSRequest(method=method, url=url, headers=dict(signed))
    S3SigV4QueryAuth(session.get_credentials(), "s3", REGION, expires=seconds).add_auth(request)
    request.data = body
    for name, value in unsigned:
        request.headers[name] = value
    answer = URLLib3Session().send(request.prepare())
    content = answer.content
    wire["answer"] = {"headers": answer.headers, "body": content}
    print(answer.status_code)
    for name, value in answer.headers.items():
        print(f"{name}: {value}")
    print(content.decode(errors="replace"))
'''
_FORM = '''

def form(title, url, bucket, boundary, names, headers, body):
    """Send a form with its policy and signature, made anew, in front of its own fields."""
    import hmac
    import json
    from datetime import datetime, timedelta, timezone

    found = session.get_credentials().get_frozen_credentials()
    now = datetime.now(timezone.utc)
    scope = f"{now:%Y%m%d}/{REGION}/s3/aws4_request"
    fields = {
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{found.access_key}/{scope}",
        "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
    }
    if found.token:
        fields["x-amz-security-token"] = found.token
    conditions = [["starts-with", f"${name}", ""] for name in (*fields, *names)]
    until = now + timedelta(minutes=15)
    document = {
        "expiration": f"{until:%Y-%m-%dT%H:%M:%SZ}",
        "conditions": [{"bucket": bucket}, *conditions],
    }
    key = f"AWS4{found.secret_key}".encode()
    fields["policy"] = base64.b64encode(json.dumps(document).encode()).decode()
    for part in (*scope.split("/"), fields["policy"]):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    fields["x-amz-signature"] = key.hex()
    head = f"--{boundary}\\r\\nContent-Disposition: form-data; name="
    signed = "".join(
        f\'{head}"{name}"\\r\\n\\r\\n{value}\\r\\n\' for name, value in fields.items()
    )
    plain(title, "POST", url, headers, signed.encode() + body)
'''
_PLAIN = '''

def plain(title, method, url, headers, body=b""):
    """Send a request that is not signed in its headers."""
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session

    print(f"== {title}")
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body)
    answer = URLLib3Session().send(request.prepare())
    wire["answer"] = {"headers": answer.headers, "body": answer.content}
    print(answer.status_code)
    for name, value in answer.headers.items():
        print(f"{name}: {value}")
    print(answer.content.decode(errors="replace"))
'''
_SIGNATURE_PARAMETERS = frozenset(
    {
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-signedheaders",
        "x-amz-signature",
        "x-amz-security-token",
    },
)


def script(calls: Sequence[Call], *, title: str, endpoint: str) -> str:
    """Return the script for these calls. ``endpoint`` is shown as an example, never used."""
    example = comment(endpoint) or "http://127.0.0.1:9000"
    missing = f"set S3_ENDPOINT to the URL of the endpoint, for example {example}"
    parts = [
        "#!/usr/bin/env python3",
        f"# {comment(title)}",
        "# Needs boto3. Each call is sent exactly as it was recorded, see as_it_stood().",
        _HEAD.replace("ENDPOINT_MISSING", ascii(missing)),
    ]
    more = _PRESIGNED if any(call.presigned for call in calls) else ""
    forms = any(call.form is not None for call in calls)
    if forms or any(call.anonymous for call in calls):
        more += _PLAIN
    more += _FORM if forms else ""
    return "\n".join(parts) + more + "".join(_step(call) for call in calls)


def _step(call: Call) -> str:
    lines = ["", "", f"# Step {call.number}: {comment(call.operation)}"]
    body = _body(call)
    if call.body.lost:
        lines.append("# The record holds only this body's length: zeros stand in.")
    if body != 'b""':
        lines.append(f"body = {body}")
    title = ascii(f"{call.number} {comment(call.operation)}")
    headers = _headers(call)
    if call.presigned:
        lines += _presigned(call, title)
    elif call.form is not None:
        bucket, names = _expression(call.fill(call.bucket)), list(call.form)
        lines.append(f"form(\n    {title},\n    {_url(call)},\n    {bucket},")
        lines.append(f"    {boundary_of(call)!a},\n    {names!a},")
        lines.append(f"    [{headers}],\n    body,\n)")
    elif call.anonymous:
        lines.append(f"plain(\n    {title},\n    {call.method!a},\n    {_url(call)},")
        lines += [f"    [{headers}],", *(["    body,"] if body != 'b""' else []), ")"]
    else:
        lines.append(f"with step(\n    {title},\n    {call.method!a},\n    {_url(call)},")
        lines.append(f"    [{headers}],")
        lines += ["    body,"] if body != 'b""' else []
        lines += ["    client=kms,"] if call.service == "kms" else []
        lines += ["):", *(f"    {line}" for line in _client_call(call).splitlines())]
    lines += [f"seen[{slot.name!a}] = {slot.place}({slot.label!a})" for slot in call.brings]
    return "\n".join(lines) + "\n"


def _presigned(call: Call, title: str) -> list[str]:
    path, _, query = call.target.partition("?")
    pairs = [part.partition("=")[::2] for part in query.split("&")]
    given = {name.lower(): value for name, value in pairs}
    kept = "&".join(f"{n}={v}" for n, v in pairs if n.lower() not in _SIGNATURE_PARAMETERS)
    names = set(given.get("x-amz-signedheaders", "").lower().replace("%3b", ";").split(";"))
    if "x-amz-signedheaders" not in given and call.auth == Auth.PRESIGNED:
        names = {name.lower() for name, _ in call.headers}
    url = _url(call, f"{path}?{kept}" if kept else path)
    seconds = given.get("x-amz-expires", "")
    lines = [f"presigned(\n    {title},\n    {call.method!a},\n    {url},"]
    lines.append(f"    signed=[{_headers(call, lambda name: name in names)}],")
    lines.append(f"    unsigned=[{_headers(call, lambda name: name not in names)}],")
    lines += ["    body=body,"] if call.body.data else []
    lines += [f"    seconds={int(seconds)},"] if seconds.isdecimal() else []
    return [*lines, ")"]


def _client_call(call: Call) -> str:
    method = snake(call.operation)
    if not method.isidentifier() or keyword.iskeyword(method):
        return "pass  # no boto3 method for it"
    arguments = ""
    named = all(name.isidentifier() and not keyword.iskeyword(name) for name in call.params)
    for name, value in call.params.items():
        shown = "body" if name == "Body" and call.body.data else _argument(call, name, value)
        arguments += f"    {name}={shown},\n" if named else f"    {name!a}: {shown},\n"
    if arguments:
        arguments = f"\n{arguments}" if named else f"\n    **{{\n{arguments}    }}\n"
    line = f"{call.service}.{method}({arguments})"
    return f'print({line}["Body"].read())' if method == "get_object" else line


def _argument(call: Call, name: str, value: JsonValue) -> str:
    if name == "Body":
        return _bytes_value(value)
    if isinstance(value, str):
        return _expression(call.fill(value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!a}: {_argument(call, '', v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_argument(call, "", item) for item in value) + "]"
    return ascii(value)


def _bytes_value(value: JsonValue) -> str:
    if isinstance(value, dict) and isinstance(value.get("base64"), str):
        try:
            return ascii(base64.b64decode(str(value["base64"])))
        except (binascii.Error, ValueError):
            return 'b""'
    return ascii(str(value).encode(errors="replace"))


def _headers(call: Call, keep: Callable[[str], bool] = bool) -> str:
    lines = []
    for name, value in call.headers:
        if not keep(name.lower()):
            continue
        if name.lower() == "content-md5" and call.body_changes and call.md5_is_of_body:
            shown = "base64.b64encode(hashlib.md5(body).digest()).decode()"
        else:
            shown = _expression(call.fill(value))
        lines.append(f"\n        ({name!a}, {shown}),")
    return "".join(lines) + "\n    " if lines else ""


def _body(call: Call) -> str:
    data = call.body.data
    run = call.body.run
    if run is not None:
        return f"{bytes([run])!r} * {len(data)}"
    if call.body_changes:
        return f"({_expression(call.body_text() or ())}).encode()"
    if not data:
        return 'b""'
    return ascii(data)


def _url(call: Call, target: str | None = None) -> str:
    base = "KMS_ENDPOINT" if call.service == "kms" else "S3_ENDPOINT"
    if call.label:
        base = f"host_style({call.label!a})"
    return f"{base} + {_expression(call.fill(call.target if target is None else target))}"


def _expression(text: Text) -> str:
    return " + ".join(
        f"seen[{piece.name!a}]" if isinstance(piece, Slot) else ascii(piece) for piece in text
    )
