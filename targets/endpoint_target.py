"""Any S3-compatible endpoint that runs already, named by its URL."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from targets.credentials import chain_credentials, chain_region
from targets.endpoint import HttpConnection
from targets.errors import TargetMisconfigured
from targets.probing import check_kms, check_s3
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from targets.credentials import Credentials
    from targets.options import TargetOptions

DEFAULT_REGION = "us-east-1"


@contextmanager
def checked_connection(
    endpoint: Endpoint, credentials: Callable[[], Credentials], options: TargetOptions
) -> Iterator[HttpConnection]:
    """Connect to an endpoint that runs already, once it is known to be S3 (and KMS).

    What the server calls itself is put into the endpoint's ``server``. Raises TargetUnavailable
    and TargetMisconfigured, as ``check_s3`` does.
    """

    def connect() -> HttpConnection:
        return HttpConnection(
            endpoint,
            credentials,
            ca_bundle=options.ca_bundle,
            verify=not options.insecure,
            timeout=options.timeout,
        )

    with connect() as connection:
        answer = check_s3(connection)
        if endpoint.kms_url is not None:
            check_kms(connection)
    endpoint = replace(endpoint, server=endpoint.server or answer.header("server") or "")
    with connect() as connection:
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
    def connect(self) -> Iterator[HttpConnection]:
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
