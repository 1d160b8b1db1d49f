"""The pytest plug-in: options, each worker's share of a run, and the record at the end.

``pytest conformance --s3sse-target moto -n auto`` is a whole run; ``s3sse run`` is a front of it.
Without an ``--s3sse-...`` option the plug-in does nothing, and the phases are not collected.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conformance.settings import RunSettings
    from reports.record import RunRecord

PHASES = Path(__file__).parent / "test_phases.py"
ENVIRONMENT = "S3SSE_RUN"
"""How workers are told what the run is: the options as JSON, with its folder and seed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of a run."""
    group = parser.getgroup("s3sse", "conformance of an S3 endpoint's server-side encryption")
    group.addoption("--s3sse-target", metavar="NAME", help="the target to test (see s3sse targets)")
    group.addoption("--s3sse-endpoint-url", metavar="URL", help="an S3 endpoint to test")
    group.addoption("--s3sse-config", metavar="FILE", help="a TOML file with the run's options")
    group.addoption("--s3sse-budget", metavar="TIME", help="how long to run: 60s, 5m, 1h")
    group.addoption("--s3sse-requests", metavar="N", type=int, help="how many requests to send")
    group.addoption("--s3sse-seed", metavar="N", type=int, help="same seed, same requests")
    group.addoption("--s3sse-out", metavar="DIR", help="the result folder")


def pytest_configure(config: pytest.Config) -> None:
    """Make ready for a run, where one is asked for."""
    if ENVIRONMENT in os.environ:
        config.pluginmanager.register(RunPlugin(json.loads(os.environ[ENVIRONMENT])), "s3sse-run")
        return
    options = _options(config)
    if options or config.getoption("--s3sse-config"):
        from conformance.run import Run, usage_error  # noqa: PLC0415 - only a run needs it
        from conformance.settings import UsageError, make_settings  # noqa: PLC0415

        file = config.getoption("--s3sse-config")
        try:
            settings = make_settings(options, Path(file) if file else None)
            run = Run.prepare(settings, workers=_worker_count(config))
        except UsageError as error:
            raise usage_error(error) from error
        config.stash[_RUN] = run
        os.environ[ENVIRONMENT] = run.to_json()
        config.pluginmanager.register(RunPlugin(json.loads(run.to_json())), "s3sse-run")


_RUN: pytest.StashKey[Any] = pytest.StashKey()


def _options(config: pytest.Config) -> dict[str, Any]:
    names = ("target", "endpoint_url", "budget", "requests", "seed", "out")
    found = {name: config.getoption(f"--s3sse-{name.replace('_', '-')}") for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _worker_count(config: pytest.Config) -> int:
    wanted = getattr(config.option, "numprocesses", None)
    if wanted in ("auto", "logical"):
        return os.cpu_count() or 1
    return int(wanted or 1)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the record of a run that pytest itself was asked for."""
    run = session.config.stash.get(_RUN, None)
    if run is None:
        return
    os.environ.pop(ENVIRONMENT, None)
    record: RunRecord = run.finish()
    session.config.stash[_RECORD] = record
    session.exitstatus = run.exit_status(record)


_RECORD: pytest.StashKey[Any] = pytest.StashKey()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what the run came to, and where its report is."""
    record = config.stash.get(_RECORD, None)
    if record is None:
        return
    folder = config.stash[_RUN].folder
    summary = record.summary
    terminalreporter.section(f"s3sse: {summary.verdict}")
    terminalreporter.line(
        f"{summary.requests} requests, {summary.divergences} divergences, "
        f"{summary.clauses.exercised} of {summary.clauses.total} clauses exercised"
    )
    if summary.reason:
        terminalreporter.line(summary.reason)
    terminalreporter.line(f"report: {folder / 'report.html'}")


class RunPlugin:
    """What a process that takes part in a run knows of it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out the suite's tests of itself: a run collects the phases alone."""
        return True if collection_path == PHASES.parent / "tests" else None

    def pytest_keyboard_interrupt(self) -> None:
        """Tell the workers of pytest-xdist, to whom nobody else says so, to stop soon."""
        from conformance.interrupts import ASKED  # noqa: PLC0415 - only a run needs it

        (Path(self.told["folder"]) / ASKED).touch()

    @pytest.fixture
    def s3sse_run(self) -> dict[str, Any]:
        """The run: settings, folder, seed and the number of workers."""
        return self.told


def run_shares() -> int:
    """Return into how many shares the phases are cut: one a worker."""
    told = os.environ.get(ENVIRONMENT)
    return int(json.loads(told)["workers"]) if told else 0


def settings_of(told: dict[str, Any]) -> RunSettings:
    """Return the settings of a run that was told as JSON."""
    from conformance.settings import RunSettings  # noqa: PLC0415

    return RunSettings.model_validate(told["settings"])
