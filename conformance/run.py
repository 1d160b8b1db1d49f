"""One run from its options to its record: the folder, the workers, the exit status."""

from __future__ import annotations

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.corpus.earlier import check_earlier
from conformance.finalise import make_record
from conformance.interrupts import ASKED
from conformance.phase import wanted_phases
from conformance.profiles import check_profiles
from conformance.settings import DEFAULT_BUDGET, RunSettings, UsageError
from conformance.waivers import Waivers, read_waivers
from reports.write import write_all

if TYPE_CHECKING:
    from reports.record import RunRecord
    from targets.errors import TargetError

RESULTS = "s3sse-results"
CONFORMS, DIVERGES, USAGE, INVALID = 0, 1, 2, 3
BROKEN = "broken.json"
"""Where a worker says that it could not begin its share: the exit status, and why in one line."""


def _passing(folder: Path) -> list[Path]:
    """Return the files that a folder holds only as long as a run is under way."""
    patterns = ("part-*", "progress-*", BROKEN, ASKED)
    return [path for pattern in patterns for path in folder.glob(pattern)]


def usage_error(error: UsageError) -> pytest.UsageError:
    """Return the error as pytest wants it, in one line."""
    return pytest.UsageError(f"s3sse: {error}")


@dataclass(slots=True)
class Run:
    """A run that is about to begin, or has begun."""

    settings: RunSettings
    folder: Path
    seed: int
    workers: int
    started: datetime
    waivers: Waivers

    @classmethod
    def prepare(cls, settings: RunSettings, *, workers: int = 1) -> Run:
        """Check what can be checked before anything is sent, and make the result folder.

        Raises UsageError.
        """
        waivers = read_waivers(settings.waivers)
        check_profiles(settings.profiles)
        check_earlier(settings.earlier)
        wanted_phases(settings.phases)
        if settings.budget is None and settings.requests is None:
            settings = settings.model_copy(update={"budget": DEFAULT_BUDGET})
        started = datetime.now(UTC)
        name = re.sub(r"[^\w.-]", "-", settings.target)
        folder = settings.out or Path(RESULTS) / f"{name}-{started:%Y%m%d-%H%M%S}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".writable"
            probe.write_text("", encoding="utf-8")
            probe.unlink()
        except OSError as error:
            raise UsageError(f"--out {folder}: cannot be written: {error.strerror}") from error
        for old in _passing(folder):
            old.unlink()
        seed = settings.seed if settings.seed is not None else secrets.randbelow(1_000_000)
        return cls(settings, folder.resolve(), seed, workers, started, waivers)

    def to_json(self) -> str:
        """Return what the workers must know."""
        settings = self.settings.model_dump(mode="json", by_alias=True)
        return json.dumps(
            {
                "settings": settings,
                "folder": str(self.folder),
                "seed": self.seed,
                "workers": self.workers,
            }
        )

    def finish(self) -> RunRecord:
        """Judge the whole transcript and write every report; returns the record."""
        told = self.broken()
        for name in (BROKEN, ASKED):
            (self.folder / name).unlink(missing_ok=True)
        record = make_record(
            self.folder,
            self.settings,
            seed=self.seed,
            started=self.started,
            waivers=self.waivers,
            broken="" if told is None else told[1],
        )
        write_all(record, self.folder)
        return record

    def broken(self) -> tuple[int, str] | None:
        """Return the exit status and the one line of a worker that could not begin its share."""
        path = self.folder / BROKEN
        if not path.exists():
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
        return int(told["status"]), str(told["text"])

    def discard(self) -> None:
        """Remove what a run wrote that sent nothing; the folder too, if that leaves it empty."""
        for path in _passing(self.folder):
            path.unlink()
        with suppress(OSError):
            self.folder.rmdir()
            if self.settings.out is None:
                self.folder.parent.rmdir()

    def exit_status(self, record: RunRecord) -> int:
        """Return what the process ends with."""
        return {"conforms": CONFORMS, "diverges": DIVERGES}.get(record.summary.verdict, INVALID)


def report_broken(folder: Path, error: TargetError) -> None:
    """Leave word that the target cannot be used at all."""
    told = {"status": error.exit_status, "text": str(error)}
    (folder / BROKEN).write_text(json.dumps(told), encoding="utf-8")


def phases() -> Path:
    """Return the folder that pytest collects the phases from."""
    return Path(__file__).parent
