"""A certificate can be made in two ways, and neither leaves its key open to others."""

from __future__ import annotations

import importlib.util
import shutil
import ssl
import stat
from typing import TYPE_CHECKING

import pytest

from targets.certificates import can_make_certificates, make_certificate
from targets.errors import TargetUnavailable

if TYPE_CHECKING:
    from pathlib import Path


def without_cryptography(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)


def check(files: tuple[Path, Path]) -> None:
    certificate, private_key = files
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private_key)
    assert ssl.create_default_context(cafile=str(certificate)).get_ca_certs()
    assert stat.S_IMODE(private_key.stat().st_mode) == 0o600


def test_cryptography_makes_one(tmp_path: Path) -> None:
    if importlib.util.find_spec("cryptography") is None:
        pytest.skip("cryptography is not installed")
    check(make_certificate(tmp_path))


def test_openssl_makes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    without_cryptography(monkeypatch)
    check(make_certificate(tmp_path))


def test_without_either_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_cryptography(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not can_make_certificates()
    with pytest.raises(TargetUnavailable, match="neither cryptography nor openssl"):
        make_certificate(tmp_path)
