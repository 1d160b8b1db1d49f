"""The live view of a run: phase, requests, clauses, findings; plain lines without a terminal."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Self

from rich.live import Live
from rich.table import Table
from rich.text import Text

from model.clause import every_clause

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from rich.console import Console

_INTERVAL = 0.25
_PLAIN_INTERVAL = 5.0
_STYLES = {"critical": "bold red", "major": "red", "minor": "yellow", "cosmetic": "cyan"}


class LiveView:
    """Shows how far a run is, from what its workers write into the result folder.

    On a terminal one block is drawn again and again; elsewhere a line comes every five seconds.
    """

    def __init__(self, console: Console, folder: Path, *, target: str, budget: str) -> None:
        self.console = console
        self.folder = folder
        self.target = target
        self.budget = budget
        self.total = len(every_clause())
        self._begun = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        if self.console.is_terminal:
            with Live(
                self._block(), console=self.console, refresh_per_second=4, transient=True
            ) as live:
                while not self._stop.wait(_INTERVAL):
                    live.update(self._block())
            return
        while not self._stop.wait(_PLAIN_INTERVAL):
            told = self.read()
            self.console.print(
                f"{told['elapsed']:.0f} s: {told['phase']}: {told['requests']} requests "
                f"({told['rate']:.0f}/s), {told['clauses']} of {self.total} clauses, "
                f"{told['findings']} findings",
                highlight=False,
            )

    def read(self) -> dict[str, float | int | str | dict[str, int]]:
        """Return the sums over all workers."""
        requests = 0
        clauses: set[str] = set()
        found: dict[str, str] = {}
        phase = "setup"
        for path in self.folder.glob("progress-*.json"):
            try:
                told = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue  # it is being replaced: the next look will see it
            requests += told["requests"]
            clauses |= set(told["clauses"])
            found |= dict(zip(told["found"], told["severities"], strict=False))
            phase = told["phase"]
        elapsed = time.monotonic() - self._begun
        by_severity: dict[str, int] = {}
        for severity in found.values():
            by_severity[severity] = by_severity.get(severity, 0) + 1
        return {
            "elapsed": elapsed,
            "phase": phase,
            "requests": requests,
            "rate": requests / elapsed if elapsed > 0 else 0.0,
            "clauses": len(clauses),
            "findings": len(found),
            "by_severity": by_severity,
        }

    def _block(self) -> Table:
        told = self.read()
        table = Table.grid(padding=(0, 2))
        elapsed = f"{told['elapsed']:.0f} s of {self.budget}" if self.budget else ""
        table.add_row("target", Text(self.target, style="bold"))
        table.add_row("phase", f"{told['phase']}  {elapsed}")
        table.add_row("requests", f"{told['requests']}  ({told['rate']:.0f}/s)")
        table.add_row("clauses", f"{told['clauses']} of {self.total} exercised")
        findings = Text(str(told["findings"]))
        by_severity = told["by_severity"]
        if isinstance(by_severity, dict):
            for name, style in _STYLES.items():
                if by_severity.get(name):
                    findings.append(f"  {by_severity[name]} {name}", style=style)
        table.add_row("findings", findings)
        return table
