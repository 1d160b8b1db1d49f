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
_BUCKET_HOST = re.compile(r"(?P<bucket>.+)\.s3(?:[.-].*)?", re.IGNORECASE)
_AWS_HOST = re.compile(r"(?:.+\.)?s3[.-].*amazonaws\.com(?:\.cn)?")
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
        if self._is_virtual and dot and not _ADDRESS.fullmatch(name) and first != "s3":
            return first
        return ""


def _read_query(text: str) -> Pairs:
    pairs = (piece.partition("=") for piece in text.split("&") if piece)
    return tuple((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs)
