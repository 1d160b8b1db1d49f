"""The model behind loopback HTTP: the reference target as a server in a process of its own."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from targets.endpoint_target import open_started, started_endpoint
from targets.faulty.server import make_faulty
from targets.process import LOOPBACK, accepts_connections, reserved_ports, running_server
from targets.reference import FSX_ACCESS_POINT, make_reference
from targets.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets.options import TargetOptions
    from targets.target import Connection


class ReferenceHttpTarget:
    """The reference behind HTTP, started for the run."""

    name = "reference-http"
    summary = "the model itself behind loopback HTTP, as s3sse serve serves it"
    needs = "nothing"

    def __init__(
        self, options: TargetOptions, *, without: frozenset[str] = frozenset(), fault: str = ""
    ) -> None:
        self._options = options
        self._without = without
        self._fault = fault

    def available(self) -> str | None:
        """It can always run."""
        return None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Start the server and connect to it; on exit end it. Raises TargetUnavailable."""
        with reserved_ports(1) as (port,):
            day = self._options.as_of.isoformat() if self._options.as_of else ""
            blocks = "blocks" if self._options.new_buckets_block_sse_c else ""
            told = (str(port), day, blocks, self._fault, *sorted(self._without))
            command = (sys.executable, "-m", __name__, *told)
            with running_server("the reference", command, {}) as server:
                server.wait_until(lambda: accepts_connections(port))
                url = f"http://{LOOPBACK}:{port}"
                endpoint = started_endpoint(
                    url,
                    replace(self._options, fsx_access_point=FSX_ACCESS_POINT),
                    kms_url=url,
                    server="s3sse reference",
                )
                with open_started(endpoint, self._options) as connection:
                    yield connection


def main(port: int, day: str, blocks: str, fault: str, without: frozenset[str]) -> None:
    """Serve a reference on that port until the process is ended.

    It answers as of the day, or of today where that is empty; its new buckets block SSE-C unless
    ``blocks`` is empty, and it has that fault, unless that is empty.
    """
    as_of = date.fromisoformat(day) if day else None
    reference = make_reference(without=without, blocks_sse_c=bool(blocks), as_of=as_of)
    if fault:
        reference = make_faulty(reference, fault)
    with serve(reference.handle, host=LOOPBACK, port=port):
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], frozenset(sys.argv[5:]))
