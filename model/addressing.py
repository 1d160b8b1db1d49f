"""Where a request goes: bucket and path joined to a URL, and taken out of one again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, unquote_plus

from model.operations.kms import TARGET_PREFIX

if TYPE_CHECKING:
    from model.messages import HttpRequest, Pairs

VIRTUAL = "virtual"
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>[^/?#]*)(?P<rest>[^#]*)")
_HOST_LABELS = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_BUCKET_HOST = re.compile(r"(?P<bucket>.+)\.s3(?:express)?(?:[.-].*)?", re.IGNORECASE)
_AWS_HOST = re.compile(r"(?:.+\.)?s3(?:express)?[.-].*amazonaws\.com(?:\.cn)?")
_AWS_ENDPOINT = re.compile(
    r"s3(?:[.-](?:dualstack\.)?(?P<region>[a-z0-9-]+))?\.(?P<suffix>amazonaws\.com(?:\.cn)?)"
)
_US_EAST_1 = "us-east-1"
_DIRECTORY_SUFFIX = "--x-s3"
_DIRECTORY_BUCKET = re.compile(
    r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?--(?P<zone>[a-z0-9]+(?:-[a-z0-9]+)*)--x-s3"
)
_ZONAL = frozenset({"abac", "delete", "list-type", "object-lock", "session", "uploads", "versions"})
"""What is asked of a directory bucket itself in its zone. All else is asked of the control API."""
_LISTING = frozenset({"delimiter", "encoding-type", "marker", "max-keys", "prefix", "x-id"})
_API_LABELS = frozenset({"s3", "s3express-control"})
_ADDRESS = re.compile(r"[\d.]+|\[.*\]|localhost")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


class Location(NamedTuple):
    """Where a URL leads. ``query`` is None where the URL has none.

    ``by_guess``: the endpoint is not known, so any host may be meant.
    """

    service: str
    bucket: str
    path: str
    query: Pairs | None
    secure: bool
    foreign: bool = False
    by_guess: bool = False


class AwsHost(NamedTuple):
    """The host to which a request about a directory bucket goes on AWS.

    ``names_bucket``: the bucket stands in it, and not in the path.
    """

    name: str
    names_bucket: bool


def is_directory_bucket(name: str) -> bool:
    """Tell whether a bucket is a directory bucket, as SDKs do: by its name."""
    return name.endswith(_DIRECTORY_SUFFIX)


def is_aws_endpoint(url: str) -> bool:
    """Tell whether a URL is that of S3 in a region of AWS."""
    return _AWS_ENDPOINT.fullmatch(_base(url).host) is not None


def directory_host(endpoint_host: str, request: HttpRequest) -> AwsHost | None:
    """Return where AWS wants a request about a directory bucket.

    ``endpoint_host`` is that of S3 in a region. None where it is not AWS's, or where the bucket is
    no directory bucket (its name ends with ``--ZONE--x-s3``): then it is addressed like any other.
    """
    if not is_directory_bucket(request.bucket):
        return None
    aws = _AWS_ENDPOINT.fullmatch(endpoint_host)
    bucket = _DIRECTORY_BUCKET.fullmatch(request.bucket)
    if aws is None or bucket is None:
        return None
    place = f"{aws['region'] or _US_EAST_1}.{aws['suffix']}"
    if _is_zonal(request):
        return AwsHost(f"{request.bucket}.s3express-{bucket['zone']}.{place}", names_bucket=True)
    return AwsHost(f"s3express-control.{place}", names_bucket=False)


def _is_zonal(request: HttpRequest) -> bool:
    """Tell whether a directory bucket's zone answers, and not the control API of the region."""
    if request.path not in {"", "/"} or request.method == "HEAD":
        return True
    names = {name for name, _ in request.query}
    return bool(names & _ZONAL) or (request.method == "GET" and names <= _LISTING)


class _Base(NamedTuple):
    scheme: str
    host: str
    path: str


def _base(url: str) -> _Base:
    found = _URL.match(url)
    if found is None:
        return _Base("", "", "")
    scheme = found["scheme"].lower()
    return _Base(scheme, _plain_host(scheme, found["host"]).lower(), found["rest"].rstrip("/"))


def _plain_host(scheme: str, host: str) -> str:
    """Return the host without user and usual port; a bucket's name in it keeps its case."""
    return host.rpartition("@")[2].removesuffix(_DEFAULT_PORT.get(scheme, ":"))


class Addressing:
    """How requests to one endpoint are addressed; what is empty is not known."""

    def __init__(self, endpoint: str, kms_endpoint: str, style: str) -> None:
        self._s3 = _base(endpoint)
        self._kms = _base(kms_endpoint)
        self._is_virtual = style == VIRTUAL
        self._endpoint = endpoint.rstrip("/")
        self._kms_endpoint = kms_endpoint.rstrip("/") or self._endpoint
        self._scheme, _, self._behind_scheme = self._endpoint.partition("://")
        self._secure = self._scheme.lower() == "https"
        self._kms_secure = self._kms_endpoint.lower().startswith("https:")

    def url_of(self, request: HttpRequest) -> tuple[bool, str]:
        """Return whether the endpoint is one with TLS, and the URL without its query."""
        bucket = request.bucket
        if request.service == "kms":
            return self._kms_secure, self._kms_endpoint + request.path
        if not bucket:
            return self._secure, self._endpoint + request.path
        aws = directory_host(self._s3.host, request)
        if aws is not None:
            name = "" if aws.names_bucket else f"/{bucket}"
            rest = "" if name and request.path == "/" else request.path
            return self._secure, f"{self._scheme}://{aws.name}{name}{rest}"
        if self._is_virtual and _HOST_LABELS.fullmatch(bucket):
            return self._secure, f"{self._scheme}://{bucket}.{self._behind_scheme}{request.path}"
        path = "" if request.path == "/" else request.path
        name = quote(bucket, safe="-_.~", errors="surrogatepass")
        return self._secure, f"{self._endpoint}/{name}{path}"

    def locate(self, url: str, target: str) -> Location | None:
        """Return where an absolute URL leads, None where it is none.

        ``target`` is the header ``x-amz-target``, by which KMS requests are known.
        """
        found = _URL.match(url)
        if found is None or not found["host"]:
            return None
        scheme = found["scheme"].lower()
        host = _plain_host(scheme, found["host"])
        path, mark, text = found["rest"].partition("?")
        query = _read_query(text) if mark else None
        secure = scheme == "https"
        if target.startswith(TARGET_PREFIX):
            known = {self._s3.host, self._kms.host} - {""}
            foreign = bool(known) and host.lower() not in known and not host.startswith("kms.")
            path = path.removeprefix(self._kms.path or self._s3.path)
            return Location("kms", "", path or "/", query, secure, foreign)
        bucket = self._bucket_of(host)
        if bucket is None:
            return Location("s3", "", path or "/", query, secure, foreign=True)
        if self._s3.path and path.startswith(self._s3.path):
            path = path[len(self._s3.path) :]
        if not bucket:
            name, _, rest = path.removeprefix("/").partition("/")
            bucket, path = unquote(name), "/" + rest
        return Location("s3", bucket, path or "/", query, secure, by_guess=not self._s3.host)

    def _bucket_of(self, host: str) -> str | None:
        """Return the bucket that the host names, empty for the path's, None for a foreign host."""
        own, folded = self._s3.host, host.lower()
        if own and folded == own:
            return ""
        if own and folded.endswith("." + own):
            return host[: -len(own) - 1]
        if own and not (_AWS_HOST.fullmatch(own) and _AWS_HOST.fullmatch(folded)):
            return None
        named = _BUCKET_HOST.fullmatch(host)
        if named is not None:
            return named["bucket"]
        name = host.partition(":")[0]
        first, dot, _ = name.partition(".")
        if self._is_virtual and dot and not _ADDRESS.fullmatch(name) and first not in _API_LABELS:
            return first
        return ""


def _read_query(text: str) -> Pairs:
    pairs = (piece.partition("=") for piece in text.split("&") if piece)
    return tuple((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs)
