"""A certificate for loopback, made on the spot and trusted by nobody who was not told."""

from __future__ import annotations

import importlib.util
import ipaddress
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from targets.errors import TargetUnavailable

if TYPE_CHECKING:
    from pathlib import Path

HOST_NAMES = ("localhost", "*.localhost")
ADDRESSES = ("127.0.0.1", "::1")
_COMMON_NAME = "s3sse loopback"
_LIFETIME = timedelta(days=30)
#: Clocks of two machines, or of a container and its host, may differ.
_CLOCK_SLACK = timedelta(hours=1)


def can_make_certificates() -> bool:
    """Tell whether either of the two ways to make a certificate is at hand."""
    return importlib.util.find_spec("cryptography") is not None or bool(shutil.which("openssl"))


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a self-signed certificate for loopback and its private key; return both files (PEM).

    The certificate is its own authority: give it to a client as CA bundle. Raises
    TargetUnavailable where neither the package cryptography nor the program openssl is at hand.
    """
    certificate, private_key = folder / "public.crt", folder / "private.key"
    if importlib.util.find_spec("cryptography") is not None:
        _with_cryptography(certificate, private_key)
    elif shutil.which("openssl"):
        _with_openssl(certificate, private_key)
    else:
        raise TargetUnavailable(
            code="no-certificate",
            cause="no TLS certificate can be made: neither cryptography nor openssl is here",
            hint="pip install cryptography",
        )
    return certificate, private_key


def _with_cryptography(certificate: Path, private_key: Path) -> None:
    from cryptography import x509  # noqa: PLC0415 - comes with moto, and is slow to import
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    pair = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME)])
    names = [x509.DNSName(host) for host in HOST_NAMES]
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in ADDRESSES]
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(pair.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SLACK)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(pair, hashes.SHA256())
    )
    _write_private(
        private_key,
        pair.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _with_openssl(certificate: Path, private_key: Path) -> None:
    names = [f"DNS:{host}" for host in HOST_NAMES] + [f"IP:{address}" for address in ADDRESSES]
    _write_private(private_key, b"")
    command = [
        str(shutil.which("openssl")),
        *("req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-subj", f"/CN={_COMMON_NAME}", "-days", str(_LIFETIME.days)),
        *("-addext", f"subjectAltName={','.join(names)}"),
        *("-keyout", str(private_key), "-out", str(certificate)),
    ]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fixed words
    if done.returncode:
        lines = done.stderr.decode(errors="replace").split("\n")
        raise TargetUnavailable(
            code="no-certificate", cause=f"openssl made no certificate: {' '.join(lines[-3:])}"
        )


def _write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from the first byte on."""
    file.touch(mode=0o600)
    file.write_bytes(content)
