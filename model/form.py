"""Form uploads (multipart/form-data): a file and the fields before it as one body, both ways."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from model.messages import Auth
from model.request import SSE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.messages import HttpRequest, Pairs

CONTENT_TYPE = "content-type"
FILE = "file"
FILE_NAME = "file"
POLICY_FIELD = "policy"
SIGNATURE_FIELD = "x-amz-signature"
SIGNING_FIELDS = frozenset(
    {
        POLICY_FIELD,
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-security-token",
        SIGNATURE_FIELD,
        "awsaccesskeyid",
        "signature",
    }
)
"""Fields that say who sends a form, and what that allows; a connection puts them in."""
REDACTED = "REDACTED"

_MULTIPART = re.compile(
    r"multipart/form-data\s*;(?:.*;)?\s*boundary=(\"?)([^\";,]+)\1", re.IGNORECASE
)
_NAME = re.compile(r"(?:^|[;\s])name=\"([^\"]*)\"", re.IGNORECASE)
_LINE = b"\r\n"
_BOUNDARY_DIGITS = 32


class Form(NamedTuple):
    """The fields of a form in their order, with lower-case names, and the file behind them."""

    fields: Pairs
    data: bytes


def write_form(form: Form) -> tuple[str, bytes]:
    """Return the content type and the body of a form; the same form gives the same body.

    The boundary is a digest of the whole content, so that it cannot stand in it.
    """
    content = b"".join(_part(name, value) for name, value in form.fields) + form.data
    boundary = hashlib.sha256(content).hexdigest()[:_BOUNDARY_DIGITS]
    line = f"--{boundary}\r\n".encode()
    fields = b"".join(line + _part(name, value) for name, value in form.fields)
    head = f'Content-Disposition: form-data; name="{FILE}"; filename="{FILE_NAME}"'.encode()
    body = b"".join(
        (fields, line, head, _LINE, _LINE, form.data, _LINE, f"--{boundary}--\r\n".encode())
    )
    return f"multipart/form-data; boundary={boundary}", body


def read_form(content_type: str, body: bytes) -> Form | None:
    """Return the form that a body holds, None where it is none; what is behind the file is lost."""
    found = _MULTIPART.match(content_type)
    if found is None:
        return None
    delimiter = _LINE + b"--" + found[2].encode()
    fields: list[tuple[str, str]] = []
    for part in (_LINE + body).split(delimiter)[1:]:
        head, _, value = part.partition(_LINE + _LINE)
        named = _NAME.search(head.decode("utf-8", "surrogateescape"))
        if named is None:
            return None
        if named[1].lower() == FILE:
            return Form(tuple(fields), value)
        fields.append((named[1].lower(), value.decode("utf-8", "surrogateescape")))
    return None


def form_of(request: HttpRequest) -> Form | None:
    """Return the form that a request uploads, None where it is no form."""
    if request.method != "POST":
        return None
    return read_form(dict(request.headers).get(CONTENT_TYPE, ""), request.body)


def with_form(request: HttpRequest, form: Form) -> HttpRequest:
    """Return the request with another form in the place of its own."""
    content_type, body = write_form(form)
    headers = tuple((n, content_type if n == CONTENT_TYPE else v) for n, v in request.headers)
    return replace(request, headers=headers, body=body)


def redact_form(request: HttpRequest) -> HttpRequest:
    """Return the request without what signs a form; the same where there is none of it."""
    form = form_of(request)
    if form is None or not any(name in SIGNING_FIELDS for name, _ in form.fields):
        return request
    fields = tuple((n, REDACTED if n in SIGNING_FIELDS else v) for n, v in form.fields)
    return with_form(request, Form(fields, form.data))


def names_for_policy(names: Iterable[str], auth: str) -> tuple[str, ...]:
    """Return which of a form's fields the policy names that signs it in that way."""
    if auth != Auth.POLICY_WITHOUT_ENCRYPTION:
        return tuple(names)
    return tuple(name for name in names if not _is_about_encryption(name))


def auth_of(form: Form) -> Auth | None:
    """Return how a form is signed by fields in it, None where it is not.

    Of a policy that cannot be read it is taken that it names every field.
    """
    fields = dict(form.fields)
    if SIGNATURE_FIELD not in fields:
        return None
    named = _named(fields.get(POLICY_FIELD, ""))
    about = [name for name in fields if _is_about_encryption(name)]
    beyond = named is not None and not named.issuperset(about)
    return Auth.POLICY_WITHOUT_ENCRYPTION if beyond else Auth.HEADER


def _is_about_encryption(name: str) -> bool:
    """Tell whether a field is about encryption: SSE-C's names begin as those of the others do."""
    return name.startswith(SSE)


def _named(policy: str) -> frozenset[str] | None:
    """Return the fields that a policy's conditions name, None where it cannot be read."""
    try:
        read = json.loads(base64.b64decode(policy, validate=True))
        conditions = read["conditions"]
        exact = [name for one in conditions if isinstance(one, dict) for name in one]
        others = [str(one[1]).removeprefix("$") for one in conditions if isinstance(one, list)]
    except (ValueError, RecursionError, KeyError, IndexError, TypeError):
        return None
    return frozenset(name.lower() for name in (*exact, *others))


def _part(name: str, value: str) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"\r\n\r\n'
    return (head + value + "\r\n").encode("utf-8", "surrogateescape")
