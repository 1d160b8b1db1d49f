"""moto, the AWS mock, as a target: S3 and KMS in one process, on loopback."""

from __future__ import annotations

import importlib.util
import sys
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from targets.endpoint_target import open_started, started_endpoint
from targets.errors import TargetUnavailable
from targets.process import LOOPBACK, accepts_connections, reserved_ports, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets.options import TargetOptions
    from targets.target import Connection

_SERVER_MODULE = "moto.server"
#: moto looks at no policy and no credentials; nor must it look for any of the user's.
_ENVIRONMENT = {
    "INITIAL_NO_AUTH_ACTION_COUNT": "inf",
    "AWS_EC2_METADATA_DISABLED": "true",
    "PYTHONUNBUFFERED": "1",
}


@contextmanager
def moto_server() -> Iterator[str]:
    """Start moto on a free loopback port, yield its URL, and end it."""
    with reserved_ports(1) as (port,):
        command = (sys.executable, "-m", _SERVER_MODULE, "-H", LOOPBACK, "-p", str(port))
        environment = {**_ENVIRONMENT, "MOTO_PORT": str(port)}
        with running_server("moto", command, environment) as server:
            server.wait_until(lambda: accepts_connections(port))
            yield f"http://{LOOPBACK}:{port}"


class MotoTarget:
    """moto's server, started for the run."""

    name = "moto"
    summary = "moto's server with S3 and KMS, started on loopback (the default)"
    needs = "the Python package moto[server,s3], which s3sse brings along"

    def __init__(self, options: TargetOptions) -> None:
        self._options = options

    def available(self) -> str | None:
        """Return None where it can run here, else why not and what to do."""
        for module in ("moto", "flask"):
            if importlib.util.find_spec(module) is None:
                return f"the package {module} is missing: pip install 'moto[server,s3]'"
        return None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Start moto and connect to it; on exit end it. Raises TargetUnavailable."""
        missing = self.available()
        if missing is not None:
            raise TargetUnavailable(code="server-missing", cause=f"moto cannot run here: {missing}")
        with moto_server() as url:
            endpoint = started_endpoint(
                url, self._options, kms_url=url, server=f"moto {version('moto')}"
            )
            with open_started(endpoint, self._options) as connection:
                yield connection
