"""A second client: requests that boto3 makes and signs, in place of our own.

Our raw client sends a request exactly as it was drawn. An SDK writes headers, documents and
signatures its own way, adds checksums, and repairs. So what boto3 really sent is kept, and that is
what is judged. Its answer is taken as it came on the wire: boto3 does not read it, nor does it
retry or follow a redirect because of it. The bytes themselves go through the raw client's HTTP
layer, so that limits, time-outs and what counts as no answer are the same for both clients.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import botocore.session
from boto3 import __version__ as BOTO3_VERSION  # noqa: N812 - a constant, spelt otherwise there
from boto3.session import Session
from botocore import xform_name
from botocore.config import Config
from botocore.credentials import Credentials as SdkCredentials
from botocore.exceptions import BotoCoreError
from botocore.handlers import (
    BUILTIN_HANDLERS,
    copy_source_sse_md5,
    handle_copy_source_param,
    set_list_objects_encoding_type_url,
    sse_md5,
)

from model import wire
from model.addressing import Addressing, is_aws_endpoint
from model.messages import Auth, HttpRequest
from model.parameters import to_parameters
from model.signed_query import SESSION_TOKEN
from model.sse import md5_base64
from targets.endpoint import host_header
from targets.exact_http import ExactRequest
from targets.header_text import decode_value
from targets.request_parsing import unwrap
from targets.target import NoAnswer, NotSent

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from model.messages import HttpResponse, Pairs
    from targets.credentials import Credentials
    from targets.endpoint import HttpConnection
    from targets.target import Endpoint

CLIENT = f"boto3 {BOTO3_VERSION}"
#: What boto3 repairs in parameters: they say already what the wire is to carry.
_REPAIRS = (
    sse_md5,
    copy_source_sse_md5,
    handle_copy_source_param,
    set_list_objects_encoding_type_url,
)
#: What only says who sends, and that another time of the same request differs.
_OF_THE_SDK = frozenset({"amz-sdk-invocation-id", "amz-sdk-request", "user-agent"})
#: What boto3 raises where it cannot make a request of parameters that nobody validated.
_CANNOT = (BotoCoreError, TypeError, ValueError, AttributeError, LookupError)
_BODY = "Body"
_MD5 = "ContentMD5"


class Boto3Connection:
    """One thread's way to an endpoint through boto3's clients for S3 and KMS.

    What boto3 cannot say (an operation, a header or a document that it does not know; a request
    that is presigned or anonymous) goes through ``raw``, the raw client: ``sent_raw`` counts that.
    ``last_sent`` is the request that boto3 sent last, None where the raw client sent it.
    """

    def __init__(
        self, raw: HttpConnection, credentials: Credentials | Callable[[], Credentials]
    ) -> None:
        self._raw = raw
        self._credentials = credentials if callable(credentials) else lambda: credentials
        endpoint = raw.endpoint
        self._addressing = Addressing(endpoint.url, endpoint.kms_url or "", endpoint.addressing)
        self._clients = {"s3": self._client("s3", endpoint.url)}
        if endpoint.kms_url is not None:
            self._clients["kms"] = self._client("kms", endpoint.kms_url)
        self._given = HttpRequest("GET")
        self.last_sent: HttpRequest | None = None
        self.sent_raw = 0

    @property
    def endpoint(self) -> Endpoint:
        """What the connection leads to."""
        return self._raw.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        """Have boto3 make, sign and send one request, once. Every HTTP answer is returned.

        Raises NotSent and NoAnswer, as the raw client does.
        """
        self.last_sent = None
        self._given = request
        call = self._call(request)
        if call is not None:
            method, parameters = call
            try:
                method(**parameters)
            except _Answered as answered:
                self._raw.sessions.learn(request, answered.answer)
                return answered.answer
            except _CANNOT as error:
                if self.last_sent is not None:
                    raise NoAnswer(f"boto3 failed after it sent: {error}") from error
        self.sent_raw += 1
        return self._raw.send(request)

    def close(self) -> None:
        """Close every connection; a later ``send`` opens new ones."""
        self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _client(self, service: str, url: str) -> Any:
        """Make a client that takes nothing from the environment or the user's configuration."""
        nothing = (None, None, os.devnull, None)
        core = botocore.session.Session(
            session_vars={
                "profile": (None, None, None, None),
                "config_file": nothing,
                "credentials_file": nothing,
            }
        )
        current = self._credentials()
        endpoint = self._raw.endpoint
        client = Session(
            aws_access_key_id=current.access_key,
            aws_secret_access_key=current.secret_key,
            aws_session_token=current.token,
            region_name=endpoint.region,
            botocore_session=core,
        ).client(
            service,
            # AWS has hosts of their own for directory buckets, which a URL would hide.
            endpoint_url=None if is_aws_endpoint(url) else url,
            config=Config(
                parameter_validation=False,
                retries={"total_max_attempts": 1, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                ignore_configured_endpoint_urls=True,
                s3={
                    "addressing_style": endpoint.addressing,
                    "disable_s3_express_session_auth": True,
                    "us_east_1_regional_endpoint": "regional",
                },
            ),
        )
        events = client.meta.events
        for event, handler, *_ in BUILTIN_HANDLERS:
            if handler in _REPAIRS:
                events.unregister(event, handler)
        events.register_last(f"before-sign.{service}", self._before_sign)
        events.register(f"before-send.{service}", self._before_send)
        return client

    def _call(self, request: HttpRequest) -> tuple[Callable[..., object], dict[str, object]] | None:
        """Return the client's method and its parameters, None where boto3 cannot say the request.

        It can where the typed request holds all of it, but for a session's token: that is put in
        before the signature.
        """
        client = self._clients.get(request.service)
        token = tuple(pair for pair in request.headers if pair[0] == SESSION_TOKEN)
        bare = request
        if token:
            kept = tuple(pair for pair in request.headers if pair[0] != SESSION_TOKEN)
            bare = replace(request, headers=kept)
        typed = wire.parse(bare)
        if client is None or request.auth is not Auth.HEADER or wire.render(typed) != bare:
            return None
        model = client.meta.service_model
        if typed.operation not in model.operation_names:
            return None
        parameters: dict[str, object] = {**to_parameters(typed)}
        known = model.operation_model(typed.operation).input_shape.members
        if any(name not in known for name in parameters):
            return None
        if _BODY in parameters:
            parameters[_BODY] = typed.content()
        elif parameters.get(_MD5) == md5_base64(request.body):
            del parameters[_MD5]  # of our document: boto3 writes its own, with a checksum of it
        return getattr(client, xform_name(typed.operation)), parameters

    def _before_sign(self, request: Any, **_: object) -> None:
        """Have the request signed with the credentials of the moment, or with its session's."""
        current = self._raw.sessions.of(self._given)
        for name, value in self._given.headers:
            if name == SESSION_TOKEN:
                request.headers[name] = value
        if current is None:
            current = self._credentials()
            made = SdkCredentials(current.access_key, current.secret_key, current.token)
        else:
            made = SdkCredentials(current.access_key, current.secret_key)
        request.context.setdefault("signing", {})["request_credentials"] = made

    def _before_send(self, request: Any, **_: object) -> None:
        """Send what boto3 made, and leave boto3 with the answer (an exception: it reads none)."""
        body = _body_of(request)
        headers = tuple((name, _text(value)) for name, value in request.headers.items())
        self.last_sent = self._as_given(request, headers, body)
        parts = urlsplit(request.url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        whole = (("Host", host_header(parts)), ("Accept-Encoding", "identity"), *headers)
        try:
            exact = ExactRequest(request.method, target, whole)
        except ValueError as error:
            raise NotSent(f"HTTP cannot carry this request: {error}") from error
        raise _Answered(self._raw.exchange(self._raw.origin_of(request.url), exact, body))

    def _as_given(self, request: Any, headers: Pairs, body: bytes) -> HttpRequest:
        """Return what boto3 made in the form in which requests are given to a connection."""
        lower = tuple((name.lower(), value) for name, value in headers)
        place = self._addressing.locate(request.url, dict(lower).get("x-amz-target", ""))
        if place is None:
            raise NotSent(f"boto3 made no URL of the request: {request.url}")
        kept, payload = unwrap(lower, body)
        return HttpRequest(
            method=request.method,
            service=place.service,
            bucket=place.bucket,
            path=place.path,
            query=place.query or (),
            headers=tuple(pair for pair in kept if pair[0] not in _OF_THE_SDK),
            body=payload,
        )


class _Answered(Exception):  # noqa: N818 - it is no error
    """An answer came, which ends boto3's work."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__("answered")
        self.answer = answer


def _text(value: str | bytes) -> str:
    return decode_value(value) if isinstance(value, bytes) else value


def _body_of(request: Any) -> bytes:
    """Return the whole body of a request; a stream is read, since it is sent from here."""
    body = request.body
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")
