"""A connection to any S3-compatible HTTP(S) endpoint: sign, send once, return what came."""

from __future__ import annotations

import ipaddress
import re
import ssl
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from requests import RequestException
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from model.addressing import directory_host, is_directory_bucket
from model.messages import Auth, BodyEnd, HttpResponse
from model.signed_query import SESSION_TOKEN
from targets.answer_parsing import PATIENCE
from targets.errors import TargetMisconfigured
from targets.exact_http import ExactAdapter, ExactRequest, Origin
from targets.post_policy import sign_form
from targets.sessions import Sessions
from targets.sigv4 import Signer, render_query, utc_now
from targets.target import NoAnswer, NotSent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self
    from urllib.parse import SplitResult

    from urllib3 import BaseHTTPResponse

    from model.messages import HttpRequest, Pairs
    from targets.credentials import Credentials
    from targets.target import Endpoint

DEFAULT_TIMEOUT = 30.0
DEFAULT_RESPONSE_LIMIT = 64 * 1024 * 1024
ADDRESSINGS = ("path", "virtual")
_READ_SIZE = 1024 * 1024
_WITH_BODY = frozenset({"PUT", "POST"})
_HOST_LABELS = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_POOL_PREFIX = re.compile(r"^\w+\(host=[^)]*\): ")
_PORTS = {"http": 80, "https": 443}
_RESERVED = frozenset(
    {
        "authorization",
        "content-length",
        "host",
        "transfer-encoding",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
    }
)


class HttpConnection:
    """One thread's way to an endpoint, over connections that are kept alive.

    ``credentials`` are fixed, or a function asked for each request. ``ca_bundle`` is a PEM file of
    authorities that are trusted instead of the system's; ``verify`` False trusts any certificate.
    ``timeout`` (seconds) holds for connecting and for each wait for more bytes; an answer whose
    body is longer than ``max_response_bytes`` counts as no answer. Raises TargetMisconfigured
    where the endpoint's URL, its addressing or the bundle cannot be used. ``meanwhile`` is called
    once, while the answer to the next request is awaited.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials | Callable[[], Credentials],
        *,
        ca_bundle: Path | None = None,
        verify: bool = True,
        timeout: float = DEFAULT_TIMEOUT,
        max_response_bytes: int = DEFAULT_RESPONSE_LIMIT,
    ) -> None:
        if endpoint.addressing not in ADDRESSINGS:
            raise TargetMisconfigured(
                code="addressing",
                cause=f"the addressing {endpoint.addressing!r} is unknown",
                hint=f"use {' or '.join(ADDRESSINGS)}",
            )
        self._endpoint = endpoint
        self._services = {"s3": _Service(endpoint.url, "endpoint URL")}
        if endpoint.kms_url is not None:
            self._services["kms"] = _Service(endpoint.kms_url, "KMS endpoint URL")
        current = credentials if callable(credentials) else lambda: credentials
        self._credentials = current
        self._signers = {
            name: Signer(current, name, endpoint.region) for name in ("s3", "s3express", "kms")
        }
        self.sessions = Sessions()
        secure = any(service.origin.scheme == "https" for service in self._services.values())
        self._adapter = ExactAdapter(_tls_context(ca_bundle, verify=verify) if secure else None)
        self._timeout = Timeout(connect=timeout, read=timeout)
        self._slowest = timeout * PATIENCE
        self._limit = max_response_bytes
        self.meanwhile: Callable[[], None] | None = None

    @property
    def endpoint(self) -> Endpoint:
        """What the connection leads to."""
        return self._endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        """Sign and send one request, once. Every HTTP answer, 500 included, is returned.

        Raises NotSent where no byte went out (no connection, or a request that HTTP cannot
        carry), NoAnswer where no head of an answer came back, or a body that never ends. Where
        a body breaks off, what came of it is returned.
        """
        service = self._services.get(request.service)
        if service is None:
            raise NotSent(f"the endpoint has no {request.service.upper()} API")
        if request.method == "POST":
            request = sign_form(request, self._credentials(), self._endpoint.region, utc_now())
        origin, host, path = service.address(request, self._endpoint.addressing)
        given = (("host", host), *_checked(request.headers))
        try:
            exact = self._signed(request, path, given)
        except ValueError as error:
            raise NotSent(f"HTTP cannot carry this request: {error}") from error
        answer = self.exchange(origin, exact, request.body)
        self.sessions.learn(request, answer)
        return answer

    def exchange(self, origin: Origin, exact: ExactRequest, body: bytes) -> HttpResponse:
        """Send a request whose head is made, once, and return the answer.

        Raises NotSent and NoAnswer, as ``send`` does.
        """
        exact.meanwhile, self.meanwhile = self.meanwhile, None
        try:
            raw = self._adapter.exchange(origin, exact, body, self._timeout)
            came, ended = self._body(raw)
        except (RequestException, HTTPError, OSError, ValueError) as error:
            what = f"{exact.method} {origin.scheme}://{exact.where}: {_reason(error)}"
            raise (NoAnswer(what) if exact.sent else NotSent(what)) from error
        if exact.overran and ended is BodyEnd.AS_ANNOUNCED:
            ended = BodyEnd.OVERRUN
        return HttpResponse(raw.status, exact.answer_headers, came, ended)

    def origin_of(self, url: str) -> Origin:
        """Return where to connect for a URL of the endpoint's; raises ValueError for no URL.

        A name below an address, or below localhost, is reached at the endpoint itself.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        origin = Origin(parts.scheme, host, parts.port or _PORTS[parts.scheme])
        own = self._services["s3"]
        return own.origin if own.is_below(host) else origin

    def _signed(self, request: HttpRequest, path: str, given: Pairs) -> ExactRequest:
        """Return the request as it goes out, with the headers that were given and its signature.

        Raises ValueError for what HTTP cannot carry.
        """
        signer = self._signers[request.service]
        if request.service == "s3" and is_directory_bucket(request.bucket):
            signer = self._signers["s3express"]
        session = self.sessions.of(request)
        query = render_query(request.query)
        added: Pairs = ()
        what = (request.method, path, query)
        if request.auth is Auth.HEADER:
            added = signer.signed_headers_for(*what, given, request.body, session=session)
        elif request.auth is not Auth.ANONYMOUS:
            if session is not None:
                # SDKs put it into the query then.
                given = tuple(pair for pair in given if pair[0] != SESSION_TOKEN)
            signed = given if request.auth is Auth.PRESIGNED else given[:1]
            query = signer.presigned_query_for(*what, signed, request.body, session=session)
        target = f"{path}?{query}" if query else path
        return ExactRequest(request.method, target, (*given, *added, *_framing(request)))

    def close(self) -> None:
        """Close every connection; a later ``send`` opens new ones."""
        self._adapter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _body(self, raw: BaseHTTPResponse) -> tuple[bytes, BodyEnd]:
        """Read the body, as far as it comes; raise where it is too long or takes too long."""
        announced = raw.length_remaining or 0
        chunks: list[bytes] = []
        size = 0
        while announced <= self._limit and size <= self._limit:
            try:
                chunk = raw.read1(_READ_SIZE, decode_content=False)
            except (HTTPError, OSError):
                raw.close()
                return b"".join(chunks), BodyEnd.BROKEN_OFF
            if not chunk:
                raw.release_conn()
                return b"".join(chunks), BodyEnd.AS_ANNOUNCED
            chunks.append(chunk)
            size += len(chunk)
            if raw.length_remaining == 0 and size <= self._limit:
                raw.release_conn()
                return b"".join(chunks), BodyEnd.AS_ANNOUNCED
            if len(chunks) == 1:
                deadline = time.monotonic() + self._slowest
            elif time.monotonic() > deadline:
                raw.close()
                raise ValueError(f"the body of the answer took longer than {self._slowest:g} s")
        raw.close()
        raise ValueError(f"the body of the answer is longer than {self._limit} bytes")


class _Service:
    """One API's base URL, taken apart once."""

    def __init__(self, url: str, what: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if (
            parts.scheme not in _PORTS
            or not parts.hostname
            or parts.username is not None
            or parts.query
            or parts.fragment
        ):
            raise TargetMisconfigured(
                code="url",
                cause=f"the {what} {url!r} is no address of a server",
                hint="write it as http://HOST:PORT or https://HOST[:PORT]",
            )
        self.origin = Origin(parts.scheme, parts.hostname, port or _PORTS[parts.scheme])
        self._host = host_header(parts)
        self._base = parts.path.rstrip("/")
        self._fixed_address = _is_address_or_loopback(parts.hostname)

    def address(self, request: HttpRequest, addressing: str) -> tuple[Origin, str, str]:
        """Return where to connect, the Host header, and the path with the bucket joined in.

        A bucket whose name cannot stand in a host name is addressed by path, as SDKs do. On AWS a
        directory bucket has hosts of its own, whatever the addressing.
        """
        bucket, path = request.bucket, request.path
        if not bucket:
            return self.origin, self._host, f"{self._base}{path}"
        rest = "" if path == "/" else path
        aws = directory_host(self.origin.host, request)
        if aws is not None:
            origin = Origin(self.origin.scheme, aws.name, self.origin.port)
            return origin, aws.name, path if aws.names_bucket else f"/{bucket}{rest}"
        if addressing == "virtual" and _HOST_LABELS.fullmatch(bucket):
            origin = self.origin
            if not self._fixed_address:
                origin = Origin(origin.scheme, f"{bucket}.{origin.host}", origin.port)
            return origin, f"{bucket}.{self._host}", f"{self._base}{path}"
        return self.origin, self._host, f"{self._base}/{quote(bucket, safe='-_.~')}{rest}"

    def is_below(self, host: str) -> bool:
        """Tell whether a host is a name below this one that leads to the same address."""
        return self._fixed_address and host.endswith(f".{self.origin.host}")


def host_header(parts: SplitResult) -> str:
    """Return the Host header of a request to that URL: without the scheme's own port."""
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host
    return name if parts.port in {None, _PORTS[parts.scheme]} else f"{name}:{parts.port}"


def _is_address_or_loopback(host: str) -> bool:
    """Tell whether a bucket's virtual host is reached at the endpoint's own address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _tls_context(ca_bundle: Path | None, *, verify: bool) -> ssl.SSLContext:
    """Make the context for https; raise TargetMisconfigured where the bundle cannot be read."""
    try:
        context = ssl.create_default_context(cafile=str(ca_bundle or DEFAULT_CA_BUNDLE_PATH))
    except OSError as error:
        raise TargetMisconfigured(
            code="ca-bundle",
            cause=f"the CA bundle {str(ca_bundle)!r} cannot be used: {error}",
            hint="name a PEM file of certificates",
        ) from error
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _checked(headers: Pairs) -> Pairs:
    """Return the headers, or raise ValueError where one is the connection's own to set."""
    for name, _ in headers:
        if name in _RESERVED:
            raise ValueError(f"the header {name!r} is set by the connection, not by the request")
    return headers


def _framing(request: HttpRequest) -> Pairs:
    """Return what is not signed: the length of a body, and that no coding of the answer is wanted.

    A method that normally has a body states its length even where it is 0.
    """
    identity = (("accept-encoding", "identity"),)
    coding = () if any(name == "accept-encoding" for name, _ in request.headers) else identity
    if request.body or request.method in _WITH_BODY:
        return (*coding, ("content-length", str(len(request.body))))
    return coding


def _reason(error: BaseException) -> str:
    """Dig out what happened from under the libraries' layers of exceptions, on one line."""
    inner: BaseException = error
    while True:
        reason = getattr(inner, "reason", None)
        nested = [arg for arg in (reason, *inner.args[::-1]) if isinstance(arg, BaseException)]
        if not nested:
            break
        inner = nested[0]
    text = " ".join(str(inner).split())
    return _POOL_PREFIX.sub("", text) or type(inner).__name__
