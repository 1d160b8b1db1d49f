"""Any S3-compatible endpoint that runs already, named by its URL."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from targets.credentials import LOCAL_CREDENTIALS, chain_credentials, chain_region
from targets.endpoint import HttpConnection
from targets.errors import TargetMisconfigured
from targets.probing import check_kms, check_s3
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from targets.boto3_client import Boto3Connection
    from targets.credentials import Credentials
    from targets.options import TargetOptions
    from targets.target import Connection

DEFAULT_REGION = "us-east-1"
BOTO3 = "boto3"
CLIENTS = ("raw", BOTO3)


def open_connection(
    endpoint: Endpoint,
    credentials: Credentials | Callable[[], Credentials],
    options: TargetOptions,
    *,
    ca_bundle: Path | None = None,
) -> HttpConnection | Boto3Connection:
    """Open a connection through the client that the user wants.

    ``ca_bundle`` is that of a server that was started here, and wins over the user's. Raises
    TargetMisconfigured, as HttpConnection does, and where there is no such client.
    """
    if options.client not in CLIENTS:
        raise TargetMisconfigured(
            code="client",
            cause=f"the client {options.client!r} is unknown",
            hint=f"use {' or '.join(CLIENTS)}",
        )
    if options.client == BOTO3:
        from targets.boto3_client import CLIENT  # noqa: PLC0415 - slow, and seldom wanted

        note = f"requests were made and signed by {CLIENT}, but for those that it cannot say"
        endpoint = replace(endpoint, notes=(*endpoint.notes, note))
    raw = HttpConnection(
        endpoint,
        credentials,
        ca_bundle=ca_bundle or options.ca_bundle,
        verify=not options.insecure,
        timeout=options.timeout,
    )
    if options.client != BOTO3:
        return raw
    from targets.boto3_client import Boto3Connection  # noqa: PLC0415

    return Boto3Connection(raw, credentials)


def started_endpoint(
    url: str,
    options: TargetOptions,
    *,
    server: str,
    kms_url: str | None = None,
    kms_keys: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Endpoint:
    """Return the endpoint of a server that was started here, on loopback.

    Where it has no TLS, SSE-C is tested without.
    """
    return Endpoint(
        url=url,
        kms_url=kms_url,
        region=options.region or DEFAULT_REGION,
        addressing=options.addressing,
        kms_keys=kms_keys,
        sse_c_over_http=url.startswith("http:"),
        server=server,
        notes=notes,
        fsx_access_point=options.fsx_access_point,
    )


def open_started(
    endpoint: Endpoint, options: TargetOptions, *, ca_bundle: Path | None = None
) -> HttpConnection | Boto3Connection:
    """Open a connection to a server that was started here, with the credentials made for it."""
    return open_connection(endpoint, LOCAL_CREDENTIALS, options, ca_bundle=ca_bundle)


@contextmanager
def checked_connection(
    endpoint: Endpoint, credentials: Callable[[], Credentials], options: TargetOptions
) -> Iterator[Connection]:
    """Connect to an endpoint that runs already, once it is known to be S3 (and KMS).

    What the server calls itself is put into the endpoint's ``server``. Raises TargetUnavailable
    and TargetMisconfigured, as ``check_s3`` does.
    """
    with open_connection(endpoint, credentials, options) as connection:
        answer = check_s3(connection)
        if endpoint.kms_url is not None:
            check_kms(connection)
    endpoint = replace(endpoint, server=endpoint.server or answer.header("server") or "")
    with open_connection(endpoint, credentials, options) as connection:
        yield connection


class EndpointTarget:
    """The endpoint of ``--endpoint-url``; nothing is started."""

    name = "endpoint"
    summary = "any S3 endpoint that runs already: --endpoint-url URL"
    needs = "--endpoint-url and credentials; --kms-endpoint-url or --kms-key for SSE-KMS"

    def __init__(self, options: TargetOptions) -> None:
        self._options = options

    def available(self) -> str | None:
        """Return None where it can run here, else why not and what to do."""
        return None if self._options.endpoint_url else "no endpoint is named: use --endpoint-url"

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Reach the endpoint. Raises TargetMisconfigured and TargetUnavailable."""
        options = self._options
        if not options.endpoint_url:
            raise TargetMisconfigured(
                code="no-endpoint",
                cause="the target endpoint has no URL",
                hint="use --endpoint-url URL",
            )
        endpoint = Endpoint(
            url=options.endpoint_url,
            kms_url=options.kms_endpoint_url,
            region=options.region or chain_region() or DEFAULT_REGION,
            addressing=options.addressing,
            kms_keys=options.kms_keys,
            sse_c_over_http=options.sse_c_over_http,
            fsx_access_point=options.fsx_access_point,
        )
        with checked_connection(endpoint, chain_credentials(), options) as connection:
            yield connection
