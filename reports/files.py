"""Files that are either there and whole, or not there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from reports.errors import ReportError, ReportFault, ReportProblem


def write_atomically(path: Path, text: str) -> Path:
    """Write UTF-8 text to a path in one step, making its folder; return the path.

    A reader sees the old file or the new one, never half of it. Lone surrogates, which no UTF-8
    file can hold, are written as ``?``. Raises ReportError (``unwritable``); then nothing is left.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", errors="replace"))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise ReportError(
            ReportProblem(
                code=ReportFault.UNWRITABLE,
                message=f"cannot write {path}",
                cause=error.strerror or str(error),
                hint="Choose another folder with --out.",
            ),
        ) from error
    return path
