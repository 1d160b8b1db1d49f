"""``s3sse serve`` as a command: what it prints is enough to use it, and Ctrl-C ends it quietly."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from targets.tests.sdk.stage import DATA, CommandLine, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.server

COMMAND = (sys.executable, "-c", "from conformance.cli import app; app()", "serve")
PATIENCE = 60.0


def _heed_interrupts() -> None:
    """Undo what a shell does to its background jobs: they ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Start the command; give the process, and what it prints by the first words of the lines."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - it only sets a signal back
        env={**os.environ, "TMPDIR": str(folder)},
    )
    try:
        printed: dict[str, str] = {}
        assert process.stdout is not None
        while "KMS" not in printed:
            line = process.stdout.readline()
            assert line, process.communicate()
            name, _, rest = line.strip().partition("  ")
            printed[name] = rest.strip()
        yield process, printed
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("options", [(), ("--tls",)], ids=["http", "https"])
def test_it_ends_quietly_with_status_0_and_leaves_nothing(
    tmp_path: Path, options: tuple[str, ...], ending: signal.Signals
) -> None:
    with serving(tmp_path, *options) as (process, _):
        process.send_signal(ending)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [(), ("--tls",)], ids=["http", "https"])
def test_what_it_prints_can_be_run(
    tmp_path: Path, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    with serving(tmp_path, *options) as (_, printed):
        assert printed["region"] == "us-east-1"
        assert printed["credentials"].startswith("any")
        assert ("certificate" in printed) == bool(options)
        # Nothing but what a user would paste.
        s3: Any = eval(printed["boto3"], {"boto3": boto3})  # noqa: S307
        s3.create_bucket(Bucket="pasted")
        s3.put_object(Bucket="pasted", Key="k", Body=DATA)
        command = shlex.split(printed["AWS CLI"])
        assert command[0] == "aws"
        aws = CommandLine(Reference("http://nowhere.invalid", None), tmp_path)
        assert "pasted" in aws.out(*command[1:])
        assert "KeyMetadata" in aws.out(*shlex.split(printed["KMS"])[1:])


def test_the_certificate_is_left_where_it_is_wanted(tmp_path: Path) -> None:
    wanted = tmp_path / "my certificate.pem"
    with serving(tmp_path, "--tls", "--certificate", str(wanted)) as (_, printed):
        assert printed["certificate"] == str(wanted)
        url = shlex.split(printed["AWS CLI"])[2]
        assert Reference(url, wanted).client().list_buckets()["Buckets"] == []
        assert "PRIVATE" not in wanted.read_text(encoding="ascii")


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("--certificate", "file.pem"), 2, "only with --tls"),
        (("--tls", "--certificate", "none/file.pem"), 2, "none/file.pem: No such file"),
        (("--without", "etag/none"), 2, "there is no such clause"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    tmp_path: Path, options: tuple[str, ...], status: int, said: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, "--port", "0", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stdout) == (status, "")
    (line,) = done.stderr.splitlines()
    assert said in line


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            cwd=tmp_path,
        )
    assert done.returncode == 3
    assert f"--port {port}: cannot listen on 127.0.0.1" in done.stderr
