"""Import the files of a package, so that what they register is there: no lists to keep."""

from __future__ import annotations

import importlib
import pkgutil


def import_files(package: str) -> None:
    """Import every file of a package, in the order of their names."""
    path = importlib.import_module(package).__path__
    for module in sorted(found.name for found in pkgutil.iter_modules(path)):
        importlib.import_module(f"{package}.{module}")
