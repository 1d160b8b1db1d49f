"""MinIO as a target, where its program is at hand: with TLS, because it wants that for SSE-C."""

from __future__ import annotations

import base64
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from targets.certificates import can_make_certificates, make_certificate
from targets.credentials import LOCAL_CREDENTIALS
from targets.endpoint_target import open_started, started_endpoint
from targets.errors import TargetUnavailable
from targets.probing import is_writable
from targets.process import LOOPBACK, accepts_connections, reserved_ports, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets.options import TargetOptions
    from targets.target import Connection, Endpoint

PROGRAM = "minio"
KMS_KEY = "s3sse-test"
_KMS_KEY_BYTES = 32


class MinioTarget:
    """A MinIO server with one built-in KMS key, started for the run."""

    name = "minio"
    summary = "MinIO with TLS and one built-in KMS key, started on loopback"
    needs = "a minio program (PATH or --binary), and cryptography or openssl for its certificate"

    def __init__(self, options: TargetOptions) -> None:
        self._options = options

    def available(self) -> str | None:
        """Return None where it can run here, else why not and what to do."""
        if self._program() is None:
            return (
                "no minio program was found: build it (go install github.com/minio/minio@latest) "
                "or download it, and put it on the PATH or name it with --binary"
            )
        if not can_make_certificates():
            return "neither cryptography nor openssl is here to make a certificate"
        return None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Start MinIO, connect, and end it on exit. Raises TargetUnavailable.

        Ready is when a bucket and an object can be written.
        """
        program = self._program()
        missing = self.available()
        if program is None or missing is not None:
            raise TargetUnavailable(
                code="server-missing", cause=f"MinIO cannot run here: {missing}"
            )
        options = self._options
        with (
            reserved_ports(2) as (port, console),
            tempfile.TemporaryDirectory(prefix="s3sse-minio-", ignore_cleanup_errors=True) as f,
        ):
            folder = Path(f)
            certificates, data = folder / "certificates", folder / "data"
            certificates.mkdir()
            data.mkdir()
            certificate, _ = make_certificate(certificates)
            endpoint = started_endpoint(
                f"https://{LOOPBACK}:{port}", options, kms_keys=(KMS_KEY,), server="MinIO"
            )
            command = (
                *(str(program), "server", "--quiet", "--certs-dir", str(certificates)),
                *("--address", f"{LOOPBACK}:{port}"),
                *("--console-address", f"{LOOPBACK}:{console}"),
                str(data),
            )
            with (
                running_server("MinIO", command, _environment(endpoint)) as server,
                open_started(endpoint, options, ca_bundle=certificate) as connection,
            ):
                server.wait_until(lambda: accepts_connections(port))
                server.wait_until(lambda: is_writable(connection))
                yield connection

    def _program(self) -> Path | None:
        """Find the program: as told, or on the PATH."""
        if self._options.binary is not None:
            return self._options.binary
        found = shutil.which(PROGRAM)
        return Path(found) if found else None


def _environment(endpoint: Endpoint) -> dict[str, str]:
    """Return MinIO's settings; its KMS key is another one at each start."""
    key_material = base64.b64encode(secrets.token_bytes(_KMS_KEY_BYTES)).decode()
    environment = {
        "MINIO_ROOT_USER": LOCAL_CREDENTIALS.access_key,
        "MINIO_ROOT_PASSWORD": LOCAL_CREDENTIALS.secret_key,
        "MINIO_KMS_SECRET_KEY": f"{KMS_KEY}:{key_material}",
        "MINIO_REGION": endpoint.region,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
    if endpoint.addressing == "virtual":
        environment["MINIO_DOMAIN"] = LOOPBACK
    return environment
