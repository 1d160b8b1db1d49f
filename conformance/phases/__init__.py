"""The phases of a run, one file each; they are found by themselves."""

from __future__ import annotations
