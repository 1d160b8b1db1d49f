"""The fault bank as targets: the reference with one fault, in this process or behind HTTP."""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from targets.errors import TargetMisconfigured
from targets.faulty.fault import every_fault
from targets.faulty.server import make_faulty
from targets.reference import ReferenceTarget
from targets.reference_http import ReferenceHttpTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targets.options import TargetOptions
    from targets.reference import Reference
    from targets.target import Connection

_NEEDS = "a fault's id behind a colon: see s3sse targets --faults"


class FaultyTarget(ReferenceTarget):
    """The reference with a fault, answering in this process."""

    name = "faulty"
    summary = "the model itself with a defect, answering in this process"
    needs = _NEEDS
    takes_address = True

    def make(self) -> Reference:
        """Return a fresh reference that has the fault. Raises TargetMisconfigured."""
        return make_faulty(super().make(), _known(self.options.address))


class FaultyHttpTarget:
    """The reference with a fault, behind loopback HTTP."""

    name = "faulty-http"
    summary = "the same behind loopback HTTP"
    needs = _NEEDS
    takes_address = True

    def __init__(self, options: TargetOptions) -> None:
        self._options = options

    def available(self) -> str | None:
        """It can always run."""
        return None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Start the server and connect to it; on exit end it.

        Raises TargetMisconfigured for a fault that there is not, and TargetUnavailable.
        """
        fault = _known(self._options.address)
        with ReferenceHttpTarget(self._options, fault=fault).connect() as connection:
            yield connection


def _known(fault_id: str) -> str:
    """Return the id of a fault. Raises TargetMisconfigured where there is no such fault."""
    found = every_fault()
    if fault_id in found:
        return fault_id
    near = difflib.get_close_matches(fault_id, found, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    raise TargetMisconfigured(
        code="unknown-fault",
        cause=f"there is no fault {fault_id!r}",
        hint=f"{guess}s3sse targets --faults lists them",
    )
