"""Questions that a target asks its endpoint before the run begins."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from model.messages import HttpRequest, HttpResponse
from targets.errors import TargetMisconfigured, TargetUnavailable
from targets.target import NoAnswer, NotSent

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from targets.target import Connection

_WRONG_CREDENTIALS = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"}
)
_WRONG_REGION = frozenset({"AuthorizationHeaderMalformed", "PermanentRedirect"})
_WRONG_CLOCK = "RequestTimeTooSkewed"
_EXCERPT = 60
#: A server may listen before it can store anything; these buckets are only for finding out.
_PROBE = "s3sse-probe-"


def parse_xml(body: bytes) -> Element | None:
    """Parse an answer's body; None where it is no (harmless) XML."""
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        return None
    return root


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def child_text(element: Element, name: str) -> str | None:
    """Return the text of the first child of that name, whatever its namespace."""
    for child in element:
        if local_name(child) == name:
            return child.text or ""
    return None


def error_code(answer: HttpResponse) -> str | None:
    """Return the S3 error code of an answer, or None where its body carries none."""
    root = parse_xml(answer.body)
    if root is None or local_name(root) != "Error":
        return None
    return child_text(root, "Code")


def check_s3(connection: Connection) -> HttpResponse:
    """Make sure that what answers is S3 and accepts the credentials; return its answer.

    Asks ListBuckets and, where that gives nothing S3-like, for a bucket that nobody has.
    Being denied the list is no reason to stop. Raises TargetUnavailable (no answer, or no S3) and
    TargetMisconfigured (credentials, region).
    """
    url = connection.endpoint.url
    unlikely = HttpRequest("GET", bucket=_PROBE + uuid.uuid4().hex[:12])
    for request in (HttpRequest("GET"), unlikely):
        answer = _ask(connection, request, f"endpoint {url}")
        root = parse_xml(answer.body)
        code = error_code(answer)
        if code is not None:
            _check_error_code(code, connection)
        if code is not None or (root is not None and local_name(root) == "ListAllMyBucketsResult"):
            return answer
    raise TargetUnavailable(
        code="no-s3",
        cause=f"endpoint {url} is no S3: to GET / it answers {_summary(answer)}",
        hint="give the URL of the S3 API itself; a web console often has another port",
    )


def check_kms(connection: Connection) -> None:
    """Make sure that something like KMS answers at the endpoint's KMS URL.

    Raises TargetUnavailable.
    """
    request = HttpRequest(
        "POST",
        service="kms",
        headers=(
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "TrentService.ListKeys"),
        ),
        body=b"{}",
    )
    what = f"KMS endpoint {connection.endpoint.kms_url}"
    answer = _ask(connection, request, what)
    try:
        value = json.loads(answer.body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise TargetUnavailable(
            code="no-kms",
            cause=f"{what} is no KMS: to ListKeys it answers {_summary(answer)}",
            hint="leave the option out where there is no KMS API, and name existing keys instead",
        )


def is_writable(connection: Connection) -> bool:
    """Tell whether a bucket and an object can be made and removed again at this moment."""
    bucket = _PROBE + uuid.uuid4().hex[:12]
    steps = (
        HttpRequest("PUT", bucket=bucket),
        HttpRequest("PUT", bucket=bucket, path="/probe", body=b"probe"),
        HttpRequest("DELETE", bucket=bucket, path="/probe"),
        HttpRequest("DELETE", bucket=bucket),
    )
    try:
        return all(connection.send(step).status in (200, 204) for step in steps)
    except (NotSent, NoAnswer):
        return False


def _ask(connection: Connection, request: HttpRequest, what: str) -> HttpResponse:
    try:
        return connection.send(request)
    except (NotSent, NoAnswer) as error:
        raise TargetUnavailable(
            code="unreachable",
            cause=f"{what} gives no answer: {error}",
            hint="check the URL, and that the server runs and may be reached from here",
        ) from error


def _check_error_code(code: str, connection: Connection) -> None:
    url = connection.endpoint.url
    if code in _WRONG_CREDENTIALS:
        raise TargetMisconfigured(
            code="credentials",
            cause=f"endpoint {url} does not accept the credentials: {code}",
            hint="check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        )
    if code in _WRONG_REGION:
        raise TargetMisconfigured(
            code="region",
            cause=f"endpoint {url} is not of region {connection.endpoint.region!r}: {code}",
            hint="name the endpoint's region in AWS_REGION or AWS_DEFAULT_REGION",
        )
    if code == _WRONG_CLOCK:
        raise TargetUnavailable(
            code="clock",
            cause=f"endpoint {url} finds that this machine's clock is wrong: {code}",
            hint="set the clock",
        )


def _summary(answer: HttpResponse) -> str:
    kind = answer.header("content-type") or "no content type"
    text = " ".join(answer.body.decode("utf-8", "replace").split())
    return f"{answer.status}, {kind}, {text[:_EXCERPT]!r}"
