"""The model behind loopback HTTP: the reference target as a server in a process of its own."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from targets.credentials import LOCAL_CREDENTIALS
from targets.endpoint import HttpConnection
from targets.process import LOOPBACK, accepts_connections, reserved_ports, running_server
from targets.reference import FSX_ACCESS_POINT, make_reference
from targets.serving import serve
from targets.target import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets.options import TargetOptions

DEFAULT_REGION = "us-east-1"


class ReferenceHttpTarget:
    """The reference behind HTTP, started for the run."""

    name = "reference-http"
    summary = "the model itself behind loopback HTTP, as s3sse serve serves it"
    needs = "nothing"

    def __init__(self, options: TargetOptions, *, without: frozenset[str] = frozenset()) -> None:
        self._options = options
        self._without = without

    def available(self) -> str | None:
        """It can always run."""
        return None

    @contextmanager
    def connect(self) -> Iterator[HttpConnection]:
        """Start the server and connect to it; on exit end it. Raises TargetUnavailable."""
        with reserved_ports(1) as (port,):
            command = (sys.executable, "-m", __name__, str(port), *sorted(self._without))
            with running_server("the reference", command, {}) as server:
                server.wait_until(lambda: accepts_connections(port))
                url = f"http://{LOOPBACK}:{port}"
                endpoint = Endpoint(
                    url=url,
                    kms_url=url,
                    region=self._options.region or DEFAULT_REGION,
                    addressing=self._options.addressing,
                    sse_c_over_http=True,
                    server="s3sse reference",
                    fsx_access_point=FSX_ACCESS_POINT,
                )
                with HttpConnection(
                    endpoint, LOCAL_CREDENTIALS, timeout=self._options.timeout
                ) as connection:
                    yield connection


def main(port: int, without: frozenset[str]) -> None:
    """Serve a reference on that port until the process is ended."""
    reference = make_reference(without=without)
    with serve(reference.handle, host=LOOPBACK, port=port):
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), frozenset(sys.argv[2:]))
