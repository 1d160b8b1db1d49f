"""Starting, watching and ending the server processes that a target brings with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from targets.errors import TargetUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

LOOPBACK = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 3.0
KILL_SECONDS = 10.0
_POLL_SECONDS = 0.02
_LOG_LINES = 8


class ServerProcess:
    """One running server, in a process group of its own, with its output in a file."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def is_running(self) -> bool:
        """Tell whether the process has not ended."""
        if self._process.returncode is not None:
            return False
        if not hasattr(os, "waitid"):
            return self._process.poll() is None
        # It is not waited for yet, so that its number, and its group's, stay its own.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def last_lines(self) -> str:
        """Return the end of the server's output, on one line, for a message."""
        try:
            text = self._log.read_text(errors="replace")
        except OSError:
            return "no output"
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return " | ".join(lines[-_LOG_LINES:]) or "no output"

    def wait_until(self, is_ready: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Ask ``is_ready`` until it says yes.

        Raises TargetUnavailable, quoting the server's last output, where the process ends first
        or is not ready after so many seconds.
        """
        deadline = time.monotonic() + seconds
        while not is_ready() or not self.is_running():
            if not self.is_running():
                raise TargetUnavailable(
                    code="server-ended",
                    cause=f"{self.name} ended during its start with status "
                    f"{self._ended_with()}: {self.last_lines()}",
                )
            if time.monotonic() > deadline:
                raise TargetUnavailable(
                    code="server-not-ready",
                    cause=f"{self.name} was not ready after {seconds:g} s: {self.last_lines()}",
                )
            time.sleep(_POLL_SECONDS)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the process and its group: SIGTERM, after so many seconds SIGKILL.

        What the server started and left behind is killed with it. Never hangs.
        """
        if self._process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        self._signal(signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(KILL_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole group; nobody else can have its number before the process is reaped."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def _ended_with(self) -> int:
        """Kill what an ended process left behind, reap it, and return its status."""
        self._signal(signal.SIGKILL)
        return self._process.wait(KILL_SECONDS)


@contextmanager
def running_server(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    stop_seconds: float = STOP_SECONDS,
) -> Iterator[ServerProcess]:
    """Start a server and end it on exit, whatever happened in between.

    ``environment`` is added to the process's own; ``stop_seconds`` are given it to end by itself.
    Raises TargetUnavailable where the program
    cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="s3sse-server-") as folder:
        log = Path(folder) / "output.txt"
        with log.open("wb") as output:
            try:
                process = subprocess.Popen(  # noqa: S603 - a target's own command
                    list(command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **(environment or {})},
                    cwd=folder,
                    start_new_session=True,
                )
            except OSError as error:
                raise TargetUnavailable(
                    code="server-not-started",
                    cause=f"{name} cannot be started: {command[0]!r}: {error.strerror}",
                    hint="check that the program exists and may be executed",
                ) from error
        server = ServerProcess(name, process, log)
        try:
            yield server
        finally:
            server.stop(stop_seconds)


@contextmanager
def reserved_ports(count: int, *, offset: int = 0) -> Iterator[tuple[int, ...]]:
    """Yield so many different loopback ports for servers that are about to be started.

    With an ``offset``, each port plus the offset is reserved too: some servers take such pairs.
    Until the block ends, no other process gets one of them by chance, neither another run that
    starts its servers at the same moment nor a client in want of a port; but a server that is
    told the port can listen on it. That is so on Linux; elsewhere the ports are merely free at
    the beginning.
    """
    held: list[socket.socket] = []
    ports: list[int] = []
    try:
        while len(ports) < count:
            port = _hold(0, held)
            if port is not None and (not offset or _hold(port + offset, held) is not None):
                ports.append(port)
        for holder in held:
            if sys.platform == "linux":
                # From here on a server may share the address, since servers set this as well.
                holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            else:
                holder.close()
        yield tuple(ports)
    finally:
        for holder in held:
            holder.close()


def accepts_connections(port: int) -> bool:
    """Tell whether something listens on the loopback port."""
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def _hold(port: int, held: list[socket.socket]) -> int | None:
    """Bind the port (0: any) until the socket in ``held`` is closed; None where it is taken."""
    holder = socket.socket()
    held.append(holder)
    try:
        holder.bind((LOOPBACK, port))
    except (OSError, OverflowError):
        return None
    taken: int = holder.getsockname()[1]
    return taken
