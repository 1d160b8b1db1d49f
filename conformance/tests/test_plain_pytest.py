"""The run as plain pytest: pytest's own selection, workers and report."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from conformance.tests.running import REPOSITORY
from conformance.tests.test_determinism import plug_in
from conformance.tests.test_result_folder import assert_valid_folder

if TYPE_CHECKING:
    from pathlib import Path

PHASES = REPOSITORY / "conformance"


def run_pytest(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *(str(a) for a in arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=REPOSITORY,
        env={**os.environ, **environment},
    )


def test_two_workers_and_pytests_own_report(tmp_path: Path) -> None:
    report = tmp_path / "x.xml"
    options = ("--s3sse-target", "reference", "--s3sse-requests", "300", "--s3sse-seed", "5")
    done = run_pytest(
        PHASES, *options, "--s3sse-out", tmp_path / "run", "-n", "2", "--junitxml", report
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert_valid_folder(tmp_path / "run")
    assert "s3sse: conforms" in done.stdout
    cases = ET.parse(report).getroot().findall(".//testcase")  # noqa: S314
    names = sorted(str(case.get("name")) for case in cases)
    assert names == ["test_phases[0]", "test_phases[1]"]


def test_what_diverges_fails_the_test_and_ends_with_1(tmp_path: Path) -> None:
    path = plug_in(tmp_path, "etag/sse-s3-is-the-md5")
    options = ("--s3sse-target", "ablated", "--s3sse-requests", "300", "--s3sse-seed", "5")
    done = run_pytest(PHASES, *options, "--s3sse-out", tmp_path / "run", PYTHONPATH=path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "etag/sse-s3-is-the-md5" in done.stdout
    assert assert_valid_folder(tmp_path / "run")["summary"]["verdict"] == "diverges"


def test_an_unknown_target_is_a_usage_error_in_one_line(tmp_path: Path) -> None:
    done = run_pytest(PHASES, "--s3sse-target", "mono", "--s3sse-out", tmp_path / "run")
    assert done.returncode != 0
    assert "there is no target 'mono'" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("option", ["--s3sse-budget=soon", "--s3sse-requests=0"])
def test_a_bad_option_is_a_usage_error_of_pytest(option: str, tmp_path: Path) -> None:
    done = run_pytest(PHASES, "--s3sse-target", "reference", option, "--s3sse-out", tmp_path / "r")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "s3sse: --" in done.stderr
    assert not (tmp_path / "r").exists()


def test_without_a_target_the_phases_are_skipped(tmp_path: Path) -> None:
    del tmp_path
    done = run_pytest(PHASES / "test_phases.py", "-rs")
    assert "1 skipped" in done.stdout
    assert "passed" not in done.stdout
    assert "give --s3sse-target NAME" in done.stdout
