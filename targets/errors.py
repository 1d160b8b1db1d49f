"""What can go wrong before or around a run, in the order of a target's life.

First the options are read and a target is chosen (TargetMisconfigured: nothing was sent, exit
status 2), then it is started or reached, used and stopped (TargetUnavailable: there can be no valid
verdict, exit status 3). What an endpoint answers is never an error here, and what happens to a
single request is NotSent or NoAnswer, in ``target.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(eq=False, kw_only=True)
class TargetError(Exception):
    """An error as data: a short code for scripts, what was found, and what to do about it.

    ``exit_status`` is what the process ends with. ``str()`` is one line for people. Treat it as
    frozen; it is not declared so because ``contextlib`` sets an exception's traceback on the way.
    """

    code: str
    cause: str
    hint: str = ""
    exit_status: ClassVar[int] = 3

    def __str__(self) -> str:
        line = " ".join(self.cause.split())
        return f"{line} ({self.hint})" if self.hint else line


@dataclass(eq=False, kw_only=True)
class TargetMisconfigured(TargetError):  # noqa: N818 - the name says what is wrong
    """The options or the credentials do not fit the target; nothing was sent."""

    exit_status: ClassVar[int] = 2


@dataclass(eq=False, kw_only=True)
class TargetUnavailable(TargetError):  # noqa: N818
    """The target could not be started or reached, or what answers there is no S3."""

    exit_status: ClassVar[int] = 3
