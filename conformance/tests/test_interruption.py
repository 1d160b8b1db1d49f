"""Ctrl-C: the run ends soon, with a valid folder, and nothing of it stays at the endpoint."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from conformance.interrupts import heeded
from conformance.tests.running import started, wait_for_requests
from conformance.tests.test_result_folder import assert_valid_folder
from conformance.worker import run_prefix
from targets.reference import make_reference
from targets.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def interrupts_handled_by(handler: signal.Handlers | None) -> Iterator[None]:
    """Have SIGINT handled so (None: as Python does), whatever runs the tests does with it."""
    chosen = signal.default_int_handler if handler is None else handler
    before = signal.signal(signal.SIGINT, chosen)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.server
@pytest.mark.parametrize(("workers", "whole_group"), [(1, False), (2, False), (2, True)])
def test_an_interrupted_run_ends_with_3_a_valid_folder_and_no_bucket_left(
    workers: int, whole_group: bool, tmp_path: Path
) -> None:
    reference = make_reference()
    folder = tmp_path / "run"
    with serve(reference.handle) as server:
        arguments: list[object] = ["run", "--endpoint-url", server.url, "--budget", "60s"]
        arguments += ["--kms-endpoint-url", server.url, "--sse-c-over-http"]
        with started(*arguments, "-n", workers, "--seed", "4", "--out", folder) as process:
            wait_for_requests(folder, 120)
            begun = time.monotonic()
            if whole_group:
                os.killpg(process.pid, signal.SIGINT)
            else:
                process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
            assert time.monotonic() - begun < 15
    assert process.returncode == 3, (out, err)
    assert "Traceback" not in err
    result = assert_valid_folder(folder)
    assert result["summary"]["verdict"] == "invalid"
    assert "interrupted" in result["summary"]["reason"]
    assert result["divergences"] == []
    assert result["leftovers"] == []
    assert reference._names() == []


@pytest.mark.server
def test_a_worker_that_is_ended_from_outside_makes_the_verdict_invalid(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    arguments = ("run", "--target", "reference", "--requests", "1500", "-n", "2", "--seed", "4")
    with started(*arguments, "--out", folder) as process:
        wait_for_requests(folder, 100)
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        with open(children, encoding="ascii") as file:  # noqa: PTH123 - a file of the kernel's
            worker = int(file.read().split()[0])
        os.kill(worker, signal.SIGKILL)
        process.communicate(timeout=60)
    assert process.returncode == 3
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert result["summary"]["verdict"] == "invalid"
    assert result["summary"]["reason"]
    assert any(run_prefix(4) in text for text in result["leftovers"]), "nobody removed its buckets"


@pytest.mark.server
def test_a_run_that_a_scheduler_terminates_ends_as_an_interrupted_one(tmp_path: Path) -> None:
    reference = make_reference()
    folder = tmp_path / "run"
    with serve(reference.handle) as server:
        arguments: list[object] = ["run", "--endpoint-url", server.url, "--budget", "60s"]
        with started(*arguments, "--seed", "4", "--out", folder) as process:
            wait_for_requests(folder, 50)
            process.terminate()
            out, err = process.communicate(timeout=30)
    assert process.returncode == 3, (out, err)
    assert "interrupted" in assert_valid_folder(folder)["summary"]["reason"]
    assert reference._names() == []


def test_the_first_interrupt_stops_the_second_breaks_off_and_none_disturbs_the_end() -> None:
    stopped: list[str] = []
    with interrupts_handled_by(None):
        with heeded(lambda: stopped.append("asked")) as interrupts:
            signal.raise_signal(signal.SIGINT)
            assert stopped == ["asked"]
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            interrupts.ignore()
            signal.raise_signal(signal.SIGINT)
        assert stopped == ["asked"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_interrupts_that_were_ignored_stay_ignored() -> None:
    with interrupts_handled_by(signal.SIG_IGN):
        with heeded(lambda: pytest.fail("it was ignored")):
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
