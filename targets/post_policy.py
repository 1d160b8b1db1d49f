"""The signature of a form upload: a policy document, signed, in fields of the form itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from model.form import POLICY_FIELD, SIGNATURE_FIELD, Form, form_of, names_for_policy, with_form
from model.messages import Auth

if TYPE_CHECKING:
    from datetime import datetime

    from model.messages import HttpRequest
    from targets.credentials import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
VALID_FOR = timedelta(minutes=15)
_SIGNED = frozenset({Auth.HEADER, Auth.POLICY_WITHOUT_ENCRYPTION})


def sign_form(
    request: HttpRequest, credentials: Credentials, region: str, now: datetime
) -> HttpRequest:
    """Return a form with its policy and signature in front; any other request as it is.

    The policy demands no value of any field, so that a wrong form arrives as wrong as it was made.
    Fields about encryption it does not name where the request's ``auth`` says so.
    What is returned is not to be signed in its headers, too: its ``auth`` is anonymous.
    """
    form = form_of(request) if request.auth in _SIGNED else None
    if form is None or request.bucket == "":
        return request
    day = now.strftime("%Y%m%d")
    scope = f"{day}/{region}/s3/aws4_request"
    signing = {
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{credentials.access_key}/{scope}",
        "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"),
    }
    if credentials.token:
        signing["x-amz-security-token"] = credentials.token
    own = names_for_policy((name for name, _ in form.fields), request.auth)
    names = dict.fromkeys((*signing, *own))
    conditions = [{"bucket": request.bucket}, *(["starts-with", f"${n}", ""] for n in names)]
    document = {
        "expiration": (now + VALID_FOR).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "conditions": conditions,
    }
    policy = base64.b64encode(json.dumps(document).encode()).decode()
    signature = _hmac(_signing_key(credentials.secret_key, day, region), policy).hex()
    fields = (*signing.items(), (POLICY_FIELD, policy), (SIGNATURE_FIELD, signature))
    signed = with_form(request, Form((*fields, *form.fields), form.data))
    return replace(signed, auth=Auth.ANONYMOUS)


def _signing_key(secret_key: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret_key}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
