"""Ctrl-C while a worker does its share: it stops at the next request, and cleans up undisturbed."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
ASKED = "interrupted"
"""The file in the result folder by which a run tells workers in other processes to stop."""


class Interrupts:
    """What interrupts do. The first calls ``stop``, any other raises KeyboardInterrupt.

    The request under way is answered before the worker stops: what a server does after its client
    went away cannot be cleaned up. Who does not want to wait for that interrupts twice. After
    ``ignore`` interrupts do nothing: what is left to do is to remove what was made.
    """

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        self._asked = False
        self._ignored = False

    def ignore(self) -> None:
        """Let no interrupt disturb what follows."""
        self._ignored = True

    def __call__(self, *_: object) -> None:
        """Handle a signal."""
        if self._ignored:
            return
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        self._stop()


@contextmanager
def termination_interrupts() -> Iterator[None]:
    """Have SIGTERM, which ends the jobs of schedulers, do what Ctrl-C does.

    Not where it is ignored or handled already, nor in another thread than the main one.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def heeded(stop: Callable[[], None]) -> Iterator[Interrupts]:
    """Have interrupts call ``stop`` first, as long as this lasts.

    Where interrupts would not raise KeyboardInterrupt (a background job ignores them), or in
    another thread than the main one, nothing is changed.
    """
    interrupts = Interrupts(stop)
    heard: list[signal.Signals] = []
    if threading.current_thread() is threading.main_thread():
        heard = [one for one in _SIGNALS if signal.getsignal(one) is signal.default_int_handler]
    for one in heard:
        signal.signal(one, interrupts)
    try:
        yield interrupts
    finally:
        for one in heard:
            signal.signal(one, signal.default_int_handler)
