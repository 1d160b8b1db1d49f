"""requests and urllib3 without their repairs: what is given goes out byte for byte, once.

urllib3 normalises a path (upper-case escapes, dot segments), adds headers of its own, and both
libraries fold repeated headers into one. A conformance suite has to be able to send what a careful
client would not. Here everything is written as it was given, and only what HTTP cannot carry (a
line break in a header, a blank in a path) is refused before anything is sent.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import SKIP_HEADER

from targets.answer_parsing import StrictResponse
from targets.header_text import encode_value

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from requests.structures import CaseInsensitiveDict
    from urllib3 import BaseHTTPResponse, HTTPResponse, Timeout

    from model.messages import Pairs

#: With virtual addressing each bucket is a host of its own, so old ones have to make room.
POOLS = 32
_ONE_PACKET = 64 * 1024
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"[!-~]+")
_FORBIDDEN = re.compile(rb"[\r\n\0]").search
_NOTHING_ADDED = {
    "host": SKIP_HEADER,
    "accept-encoding": SKIP_HEADER,
    "user-agent": SKIP_HEADER,
    "Content-Length": "",
}


class ExactRequest:
    """The bytes of one request, and what became of it.

    ``sent`` is true once any byte was handed to a socket, ``answer`` is there once its head came.
    ``meanwhile`` is called when all is sent and nothing is read yet.
    ``where`` is the host and the path, for messages: a query may hold a signature.

    Raises ValueError for what HTTP cannot carry: a method or a header name that is no token, a
    path with blanks or other than ASCII, a line break or a NUL in a header.
    """

    __slots__ = ("answer", "head", "meanwhile", "method", "sent", "where")

    def __init__(self, method: str, target: str, pairs: Pairs) -> None:
        if not _TOKEN.fullmatch(method) or not _TARGET.fullmatch(target):
            raise ValueError(f"{method!r} {target!r} is no request line")
        lines = [f"{method} {target} HTTP/1.1".encode()]
        for name, value in pairs:
            encoded = encode_value(value)
            if not _TOKEN.fullmatch(name) or _FORBIDDEN(encoded):
                raise ValueError(f"{name!r}: {value!r} is no header")
            lines.append(b"%s: %s" % (name.encode(), encoded))
        self.method = method
        host = next((value for name, value in pairs if name.lower() == "host"), "")
        self.where = f"{host}{target.partition('?')[0]}"
        self.head = b"\r\n".join(lines) + b"\r\n\r\n"
        self.sent = False
        self.answer: StrictResponse | None = None
        self.meanwhile: Callable[[], None] | None = None

    @property
    def answer_headers(self) -> Pairs:
        """The headers of the answer."""
        return () if self.answer is None else self.answer.pairs

    @property
    def overran(self) -> bool:
        """Whether more came than the answer's body."""
        return self.answer is not None and self.answer.overran


class _Carrier(dict[str, str]):
    """Takes an ExactRequest through the libraries, in the place of a mapping of headers.

    What it holds as a mapping keeps them from adding headers of their own.
    """

    def __init__(self, exact: ExactRequest) -> None:
        super().__init__(_NOTHING_ADDED)
        self.exact = exact

    def copy(self) -> _Carrier:
        """Return itself: urllib3 copies only in order to add a proxy's headers."""
        return self


class _ExactRequests(HTTPConnection):
    """Writes the bytes of an ExactRequest; mixed into both of urllib3's connections."""

    _held_back = False
    _exact: ExactRequest
    _response: StrictResponse

    def response_class(self, *args: Any, **options: Any) -> StrictResponse:  # type: ignore[override]
        """Make the object that http.client parses an answer with, and keep hold of it."""
        self._response = StrictResponse(*args, **options)
        return self._response

    def request(  # type: ignore[override]
        self, method: str, url: str, *, body: bytes | None, headers: _Carrier, **options: Any
    ) -> None:
        """Send one request, byte for byte.

        http.client goes through its own motions, because its state has to follow, but what it
        would write is dropped.
        """
        self._held_back = True
        try:
            super().request(method, url, headers=headers, **options)
        finally:
            self._held_back = False
        if self.sock is None:
            self.connect()
        exact = self._exact = headers.exact
        exact.sent = True
        if body is None or len(body) <= _ONE_PACKET:
            self.send(exact.head + (body or b""))
        else:
            self.send(exact.head)
            self.send(body)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """Read the head of the answer."""
        if self._exact.meanwhile is not None:
            self._exact.meanwhile()
        response = super().getresponse()
        self._exact.answer = self._response
        return response

    def send(self, data: Any) -> None:
        """Write, unless http.client is only going through its motions."""
        if not self._held_back:
            super().send(data)


class _ExactHttp(_ExactRequests):
    pass


class _ExactHttps(_ExactRequests, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = cast("Any", _ExactHttp)


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = cast("Any", _ExactHttps)

    def _validate_conn(self, conn: Any) -> None:
        """Connect, without urllib3's warning at each request where the user waived the check."""
        if conn.sock is None:
            conn.connect()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where to connect: scheme (``http`` or ``https``), host name or address, port."""

    scheme: str
    host: str
    port: int


class ExactAdapter(HTTPAdapter):
    """requests' adapter with pools that write exactly: no proxies, no redirects, no retries.

    ``tls`` is the context for https origins. Only the origin is taken from a request's URL.
    """

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        super().__init__(pool_connections=1, max_retries=0)
        self._tls = tls
        self._pools: OrderedDict[Origin, HTTPConnectionPool] = OrderedDict()
        self._origin: Origin | None = None

    def exchange(
        self, origin: Origin, exact: ExactRequest, body: bytes, timeout: Timeout
    ) -> BaseHTTPResponse:
        """Send one request, once, and return the answer with its body still to be read.

        Raises what requests and urllib3 raise; ``exact.sent`` then tells if anything went out.
        """
        request = PreparedRequest()
        request.method = exact.method
        request.url = origin.scheme
        request.headers = cast("CaseInsensitiveDict[str]", _Carrier(exact))
        request.body = body or None
        self._origin = origin
        raw: BaseHTTPResponse = self.send(request, stream=True, timeout=cast("Any", timeout)).raw
        return raw

    def get_connection_with_tls_context(
        self, request: PreparedRequest, *_: Any, **__: Any
    ) -> HTTPConnectionPool:
        """Return the pool of the origin that is being sent to."""
        del request
        origin = cast("Origin", self._origin)
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = self._open(origin)
            if len(self._pools) > POOLS:
                self._pools.popitem(last=False)[1].close()
        return pool

    def request_url(self, request: PreparedRequest, *_: Any) -> str:
        """Return what the libraries take for the target; the connection writes the exact one."""
        del request
        return "/"

    def cert_verify(self, *_: Any) -> None:
        """Do nothing: the TLS context holds all that there is to verify."""

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        """Wrap the answer without reading cookies or an encoding out of it."""
        del req
        response = Response()
        response.raw = resp
        return response

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()
        super().close()

    def _open(self, origin: Origin) -> HTTPConnectionPool:
        if origin.scheme == "https":
            return _HttpsPool(origin.host, origin.port, maxsize=1, ssl_context=self._tls)
        return _HttpPool(origin.host, origin.port, maxsize=1)
