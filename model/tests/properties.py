"""How properties are run: the same examples each time, on machines however slow."""

from __future__ import annotations

from hypothesis import settings

REPEATABLE = settings(deadline=None, derandomize=True)
