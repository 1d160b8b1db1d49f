"""Servers that start, fail to start, and do not want to end."""

from __future__ import annotations

import os
import socket
import sys
import time

import pytest

from targets.errors import TargetUnavailable
from targets.process import accepts_connections, reserved_ports, running_server

pytestmark = pytest.mark.server

SLEEP = 60
LISTEN = "import socket,sys,time; s=socket.create_server(('127.0.0.1',int(sys.argv[1])));"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_server_runs_for_the_block_and_no_longer() -> None:
    with reserved_ports(1) as (port,):
        command = (sys.executable, "-c", f"{LISTEN} time.sleep(60)", str(port))
        with running_server("the server", command) as server:
            server.wait_until(lambda: accepts_connections(port))
            assert is_alive(server.pid)
    assert not is_alive(server.pid)
    assert not accepts_connections(port)


def test_a_server_that_dies_at_its_start_is_quoted() -> None:
    command = (sys.executable, "-c", "print('first'); import os; os.write(2, b'no luck\\n'); 1/0")
    with (
        pytest.raises(TargetUnavailable, match=r"status 1: .*no luck.*ZeroDivisionError") as caught,
        running_server("the server", command) as server,
    ):
        server.wait_until(lambda: False)
    assert caught.value.code == "server-ended"
    assert caught.value.exit_status == 3


def test_a_server_that_is_never_ready_is_given_up() -> None:
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    with (
        pytest.raises(TargetUnavailable, match=r"was not ready after 0\.1 s: no output"),
        running_server("the server", command) as server,
    ):
        server.wait_until(lambda: False, seconds=0.1)
    assert not is_alive(server.pid)


def test_a_server_that_ignores_sigterm_is_killed_with_its_children() -> None:
    code = (
        "import os,signal,sys,time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child=os.fork(); print(child or '', flush=True); time.sleep(60)"
    )
    begun = time.monotonic()
    with running_server("it", (sys.executable, "-c", code), stop_seconds=0.2) as server:
        server.wait_until(lambda: server.last_lines() != "no output")
        child = int(server.last_lines().split()[0])
        assert is_alive(child)
    assert time.monotonic() - begun < SLEEP / 2
    assert not is_alive(server.pid)
    assert has_ended(child)


def test_children_that_outlive_their_server_are_killed() -> None:
    code = (
        "import os,signal,sys,time; child=os.fork();"
        "child or signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child or print(os.getpid(), flush=True); time.sleep(60)"
    )
    with running_server("it", (sys.executable, "-c", code)) as server:
        server.wait_until(lambda: server.last_lines() != "no output")
        child = int(server.last_lines())
    assert not is_alive(server.pid)
    assert has_ended(child)


def has_ended(pid: int) -> bool:
    """Tell whether a process ends within a time that is long on any machine."""
    deadline = time.monotonic() + SLEEP / 2
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


def is_running(pid: int) -> bool:
    """Tell a running process from one that ended and waits for init to notice."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_that_is_missing_is_named() -> None:
    with (
        pytest.raises(TargetUnavailable, match="'/no/such/program'"),
        running_server("the server", ("/no/such/program",)),
    ):
        pass


def test_an_error_in_the_block_ends_the_server_too() -> None:
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    with pytest.raises(KeyboardInterrupt), running_server("the server", command) as server:
        raise KeyboardInterrupt
    assert not is_alive(server.pid)


def test_reserved_ports_come_with_their_partners_and_can_be_listened_on() -> None:
    with reserved_ports(4, offset=10000) as ports:
        assert len(set(ports)) == 4
        for port in (*ports, *(port + 10000 for port in ports)):
            with socket.create_server(("127.0.0.1", port)):
                assert accepts_connections(port)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a port cannot be shared so")
def test_a_reserved_port_is_given_to_nobody_else() -> None:
    with reserved_ports(1) as (port,), socket.socket() as other:
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        assert not accepts_connections(port)
