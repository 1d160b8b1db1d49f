"""The suite as tests start it: as a command, in this process, and without pytest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from conformance import worker
from conformance.cli import app
from conformance.run import Run, report_broken
from conformance.settings import make_settings
from conformance.worker import Share, run_share
from reports.record import load
from targets.errors import TargetError
from targets.faulty.fault import Fault, every_fault
from targets.faulty.server import with_fault
from targets.reference import ReferenceTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from model.answer import Answer
    from model.messages import HttpRequest, HttpResponse
    from model.operation import Operation
    from model.world import World
    from reports.record import RunRecord
    from targets.reference import Reference
    from targets.target import Connection, Endpoint

COMMAND = (sys.executable, "-c", "from conformance.cli import app; app()")
REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "reports" / "schema" / "result-1.json"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


def invoke(*arguments: object) -> Done:
    """Run the command in this process."""
    result = CliRunner().invoke(app, [str(one) for one in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def command(*arguments: object, **environment: str) -> Done:
    """Run the command in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *(str(one) for one in arguments)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, **environment},
    )
    return Done(done.returncode, done.stdout, done.stderr)


def _heed_interrupts() -> None:
    """Undo what a shell does to its background jobs: they and their children ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def started(*arguments: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command in a process group of its own; what is left of it is ended at the end."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, *(str(one) for one in arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 - it only sets a signal back
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for_requests(folder: Path, count: int) -> None:
    """Wait until the workers of a run in that folder have written down so many exchanges."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        lines = 0
        for part in folder.glob("part-*.jsonl"):
            lines += part.read_bytes().count(b"\n")
        if lines >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"no {count} exchanges in {folder} after {PATIENCE:g} s")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that ended: its exit status, its record and its result folder."""

    status: int
    record: RunRecord
    folder: Path

    @property
    def ids(self) -> set[str]:
        """The ids of the divergences."""
        return {one.id for one in self.record.divergences}

    @property
    def clauses(self) -> set[str]:
        """The clauses that were found broken."""
        return {one.clause for one in self.record.divergences}

    def status_of(self, clause_id: str) -> str:
        """Return what became of a clause."""
        (found,) = [one for one in self.record.clauses if one.id == clause_id]
        return found.status


def run_here(folder: Path, **options: Any) -> Outcome:
    """Run the suite in this process, by one worker, as the command does but without pytest."""
    settings = make_settings({"out": folder, **options})
    run = Run.prepare(settings)
    share = Share(
        worker="w0",
        index=0,
        count=1,
        seed=run.seed,
        settings=run.settings,
        folder=run.folder,
        requests=run.settings.requests,
        seconds=run.settings.budget,
    )
    try:
        run_share(share)
    except TargetError as error:
        report_broken(run.folder, error)
    status = run.exit_status(run.finish())
    return Outcome(status, load(folder), folder)


def use(monkeypatch: pytest.MonkeyPatch, target: object) -> None:
    """Let every run in this process meet that target, whatever it asks for."""
    monkeypatch.setattr(worker, "make_target", lambda *_: target)


def run_ablated(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *clauses: str, **options: Any
) -> Outcome:
    """Run the suite against a reference without these clauses."""
    use(monkeypatch, ReferenceTarget(without=frozenset(clauses)))
    return run_here(folder, target="reference", **{"requests": 600, "seed": 7, **options})


class SeveralFaults(Fault):
    """Faults that one server has at once."""

    def __init__(self, *faults: Fault) -> None:
        self._faults = faults

    def understand(self, world: World, request: Operation) -> Operation:
        """Take it as each of them does."""
        for fault in self._faults:
            request = fault.understand(world, request)
        return request

    def ignores(self, world: World, request: Operation) -> frozenset[str]:
        """Know of nothing that one of them does not know of."""
        return frozenset().union(*(fault.ignores(world, request) for fault in self._faults))

    def corrupt(self, before: World, after: World, request: Operation, answer: Answer) -> World:
        """Keep it as wrongly as all of them."""
        for fault in self._faults:
            after = fault.corrupt(before, after, request, answer)
        return after

    def tell(self, before: World, after: World, request: Operation, answer: Answer) -> Answer:
        """Say it as wrongly as all of them."""
        for fault in self._faults:
            answer = fault.tell(before, after, request, answer)
        return answer


class SeveralFaultsTarget(ReferenceTarget):
    """The reference with several faults of the bank at once."""

    def __init__(self, *faults: str) -> None:
        super().__init__()
        self._faults = faults

    def make(self) -> Reference:
        """Return a fresh reference that has them."""
        known = every_fault()
        return with_fault(super().make(), SeveralFaults(*(known[name]() for name in self._faults)))


class ChangedTarget:
    """The reference in this process, with a function between it and the suite.

    ``change`` gets the number of the request (from 1), the request and the reference's answer; what
    it returns is what the suite sees. What it raises goes through.
    """

    name = "changed"

    def __init__(self, change: Any, **context: Any) -> None:
        self.change = change
        self.reference = ReferenceTarget(**context)
        self.answers = 0

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection to a fresh reference, with the function between."""
        with self.reference.connect() as connection:
            yield _Changed(connection, self.change)


@dataclass(slots=True)
class _Changed:
    connection: Connection
    change: Any
    count: int = 0

    @property
    def endpoint(self) -> Endpoint:
        return self.connection.endpoint

    def send(self, request: HttpRequest) -> HttpResponse:
        self.count += 1
        answer: HttpResponse = self.change(self.count, request, self.connection.send(request))
        return answer


def entries(folder: Path) -> list[dict[str, Any]]:
    """Return the exchanges of a run's transcript, as they stand there."""
    lines = (folder / "transcript.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]
